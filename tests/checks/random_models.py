"""Random models without any structure, and block-structured ones with a fault: most of them are not sound."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    EventKind,
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    NodeBase,
    SequenceFlow,
    StandardLoop,
    TaskKind,
    TriggerKind,
)
from tests.execution.drawing import (
    boundary,
    catch,
    draw,
    end,
    exclusive,
    gateway,
    inclusive,
    parallel,
    race,
    receive,
    start,
    sub,
    task,
    throw,
    user,
)
from tests.model.blocks import blocks

Pick = Callable[[int], int]

PLAIN = ("task", "task", "task", "xor", "xor", "and", "and", "and", "or", "or", "end")
RICH = (*PLAIN, "task", "xor", "and", "border", "aside", "sub", "sub", "race", "stop", "runs", "catch", "throw")
JOINS = ("task", "xor", "xor", "and", "or", "or", "or", "border", "stop", "end")
THROWS = (
    *PLAIN,
    "task",
    "and",
    "sub",
    "error",
    "error",
    "guard",
    "guard",
    "guard",
    "alarm",
    "border",
    "throw",
    "catch",
)
WILD = (*RICH, "error", "guard", "signal", "complex", "listener")


@dataclass
class _Maker:
    pick: Pick
    kinds: tuple[str, ...]
    size: int = 7
    nodes: list[NodeBase] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    catches: list[tuple[str, str]] = field(default_factory=list)  # (process, node)
    throws: list[tuple[str, str]] = field(default_factory=list)

    def new(self, make: Callable[..., NodeBase], letter: str, scope: str, *arguments: Any, **more: Any) -> str:
        id = f"{letter}{len(self.nodes)}"
        self.nodes.append(make(id, *arguments, container=scope, **more))
        return id

    def content(self, scope: str, depth: int, process: str, *, begin: bool = True) -> None:
        """Nodes that each but the first have a flow from an earlier one, and some flows more."""
        sources: list[str] = [self.new(start, "s", scope)] if begin else []
        targets: list[str] = []
        for _ in range(2 + self.pick(self.size if scope == process else 4)):
            kind = self.kinds[self.pick(len(self.kinds))]
            if kind in ("sub", "listener", "guard") and not depth:
                kind = "task"
            way_in, ways_out = self.make(kind, scope, depth, process)
            if way_in:
                if sources:
                    self.flow(sources[self.pick(len(sources))], way_in)
                targets.append(way_in)
            sources += ways_out
        if targets and sources:
            for _ in range(self.pick(len(targets) + 2)):
                source = sources[self.pick(len(sources))]
                if not source.startswith("s"):
                    self.flow(source, targets[self.pick(len(targets))])

    def flow(self, source: str, target: str) -> None:
        if source != target:
            self.lines.append(f"{source} > {target}")

    def make(self, kind: str, scope: str, depth: int, process: str) -> tuple[str, list[str]]:
        """The node that flows lead to, if any, and those that flows lead from."""
        match kind:
            case "end" | "stop" | "error":
                return self.end(kind, scope), []
            case "listener":
                self.listener(scope)
                return "", []
            case "border" | "aside":
                inside = depth > 0 and self.pick(2)
                host = self.make("sub" if inside else ("task", "runs")[self.pick(2)], scope, depth, process)[0]
                event = self.new(boundary, "b", scope, host, after="PT1H", cancel_activity=kind == "border")
                return host, [host, event]
            case "guard":
                host = self.activity("runs" if self.pick(3) == 0 else "sub", scope, depth, process, is_sub=True)
                event = self.new(_error, "b", scope, EventKind.BOUNDARY, self.code(), attached_to_ref=host)
                return host, [host, event]
            case "race":
                made = self.new(race, "g", scope)
                arms = [self.arm(scope, process, event=True) for _ in range(2)]
                for arm in arms:
                    self.flow(made, arm)
                return made, arms
            case "sub" | "runs":
                made = self.activity(kind, scope, depth, process)
            case "signal" | "alarm":
                thrown = kind == "alarm" or bool(self.pick(2))
                made = self.new(_signal, "T" if thrown else "C", scope, EventKind.THROW if thrown else EventKind.CATCH)
            case "catch":
                made = self.arm(scope, process)
            case "throw":
                made = self.new(throw, "t", scope, message=True) if self.pick(2) else self.new(_send, "v", scope)
                self.throws.append((process, made))
            case _:
                made = self.plain(kind, scope)
        return made, [made]

    def plain(self, kind: str, scope: str) -> str:
        match kind:
            case "xor":
                return self.new(exclusive, "x", scope)
            case "and":
                return self.new(parallel, "p", scope)
            case "or":
                return self.new(inclusive, "o", scope)
            case "complex":
                return self.new(gateway, "k", scope, GatewayKind.COMPLEX)
            case _:
                return self.new(user, "a", scope)

    def end(self, kind: str, scope: str) -> str:
        match kind:
            case "stop":
                return self.new(end, "z", scope, trigger=TriggerKind.TERMINATE)
            case "error":
                return self.new(_error, "E", scope, EventKind.END, self.code())
            case _:
                return self.new(end, "e", scope)

    def code(self) -> str | None:
        return (None, "one", "two")[self.pick(3)]

    def listener(self, scope: str) -> None:
        made = self.new(sub, "L", scope, triggered_by_event=True)
        first = self.new(_listening, "s", made, is_interrupting=bool(self.pick(2)))
        self.flow(first, self.new(user, "a", made))

    def activity(self, kind: str, scope: str, depth: int, process: str, *, is_sub: bool = False) -> str:
        more: dict[str, Any] = {}
        if kind == "runs":
            loop = MultiInstance(completion_condition="x" * self.pick(2), is_sequential=not self.pick(3))
            more = {"loop": loop if self.pick(2) else StandardLoop(test_before=bool(self.pick(2)))}
            if not is_sub and (not depth or self.pick(2)):
                return self.new(user, "a", scope, **more)
        made = self.new(sub, "S", scope, **more)
        self.content(made, depth - 1, process, begin=bool(self.pick(2)))
        return made

    def arm(self, scope: str, process: str, *, event: bool = False) -> str:
        if self.pick(3) == 0:
            return self.new(catch, "c", scope, after="PT1H")
        made = self.new(catch, "c", scope) if event or self.pick(2) else self.new(receive, "r", scope)
        self.catches.append((process, made))
        return made

    def messages(self) -> str:
        found: list[str] = []
        for process, node in self.catches:
            senders = [sender for other, sender in self.throws if other != process]
            if senders and self.pick(4):
                found.append(f"m{len(found)}:{senders[self.pick(len(senders))]}>{node}")
        return " ".join(found)


def _send(id: str, **more: Any) -> NodeBase:
    return task(id, TaskKind.SEND, **more)


def _signal(id: str, kind: EventKind, **more: Any) -> NodeBase:
    return Event(id=id, kind=kind, definitions=(EventDefinition(kind=TriggerKind.SIGNAL, ref="signal"),), **more)


def _error(id: str, kind: EventKind, code: str | None, **more: Any) -> NodeBase:
    return Event(id=id, kind=kind, definitions=(EventDefinition(kind=TriggerKind.ERROR, ref=code),), **more)


def _listening(id: str, **more: Any) -> NodeBase:
    return Event(id=id, kind=EventKind.START, definitions=(EventDefinition(kind=TriggerKind.MESSAGE),), **more)


def unstructured(pick: Pick, kinds: tuple[str, ...] = RICH, pools: int = 1) -> Model:
    """`pick(n)` chooses a number below n."""
    maker = _Maker(pick, kinds, 7 if pools == 1 else 5)
    for number in range(pools):
        process = f"P{number}"
        maker.content(process, 2 if pools == 1 else 1, process)
        if number and pick(2):  # one that a message begins
            begin = next(node.id for node in maker.nodes if node.container == process and node.id.startswith("s"))
            at = next(i for i, node in enumerate(maker.nodes) if node.id == begin)
            if "alarm" in kinds and pick(2):
                maker.nodes[at] = _signal(begin, EventKind.START, container=process)
            else:
                maker.nodes[at] = start(begin, message=True, container=process)
                maker.catches.append((process, begin))
    return draw(maker.nodes, *maker.lines, messages=maker.messages())


def mutated(pick: Pick, depth: int = 3) -> Model:
    """A block-structured model in which one gateway is of another kind, or one flow leads elsewhere."""
    model = blocks(pick, depth=depth).model
    gateways = [node for node in model.flow_nodes.values() if isinstance(node, Gateway) and node.id[0] in "xpo"]
    for _ in range(pick(3)):
        if gateways and pick(2):
            one = gateways[pick(len(gateways))]
            kind = (GatewayKind.EXCLUSIVE, GatewayKind.PARALLEL, GatewayKind.INCLUSIVE)[pick(3)]
            model = _with_node(model, replace(cast(Gateway, model.flow_nodes[one.id]), kind=kind))
        else:
            flows = [flow for flow in model.sequence_flows.values() if not flow.source_ref.startswith(("g", "s"))]
            if not flows:
                continue
            flow = flows[pick(len(flows))]
            there = [
                node.id
                for node in model.nodes_in(flow.container)
                if node.id[0] not in "sbg" and node.id != flow.source_ref and not _behind_a_race(model, node.id)
            ]
            if there:
                model = _led_to(model, flow, there[pick(len(there))])
    return model


def _behind_a_race(model: Model, node: str) -> bool:
    flows = model.flow_nodes[node].incoming
    return any(model.sequence_flows[flow].source_ref.startswith("g") for flow in flows)


def _with_node(model: Model, node: Any) -> Model:
    return replace(model, flow_nodes={**model.flow_nodes, node.id: node})


def _led_to(model: Model, flow: SequenceFlow, there: str) -> Model:
    before, after = model.flow_nodes[flow.target_ref], model.flow_nodes[there]
    if before.id == there or _behind_a_race(model, before.id):
        return model
    model = _with_node(model, replace(before, incoming=tuple(f for f in before.incoming if f != flow.id)))
    model = _with_node(model, replace(after, incoming=(*after.incoming, flow.id)))
    return replace(model, sequence_flows={**model.sequence_flows, flow.id: replace(flow, target_ref=there)})
