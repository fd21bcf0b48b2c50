"""THE control flow: what may fire, and what firing does, as pure functions over an immutable marking (BPMN 2.0.2,
chapter 13; docs/semantics.md, 3).

Time, people and chance stay outside: whoever drives a marking chooses flows at decisions, says how many instances there
are, when an event occurs and when a message arrives. A marking is a persistent map; firing costs O(degree), and O(what
it removes from) where a scope is interrupted.

A *scope* is a tuple of frames ``(element id, visit or number, instance)``: the process instance, then each sub-process,
multi-instance or loop around. Instance is -1 but for multi-instances. The *path* of a scope is its multi-instance
frames alone; visits are counted by (path, element).

A token rests on a flow, or, where it enters a node without a flow (a start event), on ``^`` and the node's id. One that
is on its way (a delayed handoff), or got lost there, rests on ``~n~`` and the flow: no node can take it, and joins wait
for it.
"""

from collections.abc import Iterator
from enum import Enum
from itertools import chain, combinations
from typing import Any, NamedTuple, assert_never

from immutables import Map, MapMutation

from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.net import Behaviour, Net, Node

Frame = tuple[str, int, int]
Scope = tuple[Frame, ...]
Path = tuple[tuple[str, int, int], ...]
#: keys: ("t", scope, flow) -> tokens; ("a", scope, node, visit) -> Active; ("o", scope, node, visit) -> Outer;
#: ("v", path, node) -> next visit; ("p", process) -> next number; ("n", scope) -> tokens and activities in it;
#: ("m", message flow) -> messages kept
Marking = Map[tuple[Any, ...], Any]


class Active(NamedTuple):
    """A node that holds a token and waits. `listening`: its boundary events; `belongs_to`: of a boundary event its
    host, of an arm its gateway, which hold the token.
    """

    listening: tuple[tuple[str, int], ...] = ()
    belongs_to: tuple[str, int] | None = None
    arms: tuple[tuple[str, int], ...] = ()


class Outer(NamedTuple):
    """A multi-instance (`total` instances) or a loop (`total` -1) around its bodies."""

    total: int
    created: int
    done: int
    listening: tuple[tuple[str, int], ...]


class StepKind(Enum):
    BEGIN = "begin"  # a process instance begins at the start event `node`
    PASS = "pass"  # noqa: S105  `node` takes the token that lies on `flow`
    COMPLETE = "complete"  # what `node` waits for is done, or occurs
    CLOSE = "close"  # a multi-instance or loop of no instances completes
    DIVERT = "divert"  # the token on `flow` goes on over `flows` instead: a handoff was declined
    KEEP = "keep"  # a message of the flow `flow` finds nobody and is kept


class Step(NamedTuple):
    """One thing that may happen. `flows` are the outgoing flows taken, chosen by the driver."""

    kind: StepKind
    scope: Scope
    node: str
    flow: str = ""
    visit: int = 0
    flows: tuple[str, ...] = ()
    instances: int = 1  # PASS into a multi-instance
    again: bool = False  # COMPLETE of a loop's body: once more
    satisfied: bool = False  # COMPLETE of an instance: the completion condition holds
    kept: str = ""  # COMPLETE by a kept message of this message flow


class EffectKind(Enum):
    FIRED = "fired"
    ENABLED = "enabled"  # a node waits from here on
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"  # a node that waited no longer does
    VANISHED = "vanished"  # `produced` names a flow whose tokens were taken away
    SENT = "sent"  # `produced` names a message flow
    DRAINED = "drained"  # nothing is left in the scope that (`scope`, `node`, `visit`) opened: complete it
    ENDED = "ended"  # a process instance has no token left


class Effect(NamedTuple):
    """What firing did. `consumed` and `produced` are flows; `outer` where a multi-instance or loop as a whole is
    meant.
    """

    kind: EffectKind
    scope: Scope
    node: str
    visit: int = 0
    consumed: tuple[str, ...] = ()
    produced: tuple[str, ...] = ()
    outer: bool = False


EMPTY: Marking = Map()


def path_of(scope: Scope) -> Path:
    """The multi-instance frames of a scope: what addresses and names of work are made of."""
    return tuple(frame for frame in scope if frame[2] >= 0)


def target(net: Net, flow: str) -> str:
    """The node that a token on this flow goes to."""
    return flow[1:] if flow.startswith("^") else net.flows[flow_of(flow)][1]


def on_way(flow: str, number: int) -> str:
    """Where a token rests that has set out on `flow` and not arrived."""
    return f"~{number}~{flow}"


def flow_of(place: str) -> str:
    """The flow of a place where tokens rest."""
    return place.split("~", 2)[2] if place.startswith("~") else place


def may_pass(net: Net, marking: Marking, scope: Scope, flow: str) -> bool:
    """Whether the node behind `flow` can take the token on it now."""
    if marking.get(("t", scope, flow), 0) < 1 or flow.startswith("~"):
        return False
    node = net.nodes[target(net, flow)]
    match node.behaviour:
        case Behaviour.PARALLEL if len(node.incoming) > 1:
            return all(marking.get(("t", scope, f), 0) for f in node.incoming)
        case Behaviour.INCLUSIVE if len(node.incoming) > 1:
            return _inclusive_join_fires(net, marking, scope, node)
        case _:
            return True


def options(net: Net, node: Node) -> Iterator[tuple[str, ...]]:  # noqa: ARG001  as all rules take it
    """Every set of outgoing flows that `node` may take: all of them, but for decisions and conditional flows of
    activities.

    A default flow is taken where no condition holds, and only there (Table 10.3, 10.6.3); that nothing is taken is an
    error of the case, no option.
    """
    match node.behaviour:
        case Behaviour.EXCLUSIVE if node.outgoing:
            yield from ((flow,) for flow in node.outgoing)
        case Behaviour.INCLUSIVE if len(node.outgoing) > 1:
            if node.default is not None:
                yield (node.default,)
            yield from _subsets(tuple(f for f in node.outgoing if f != node.default))
        case _ if node.conditional:
            sure = _sure(node)
            for chosen in chain([()], _subsets(node.conditional)):
                taken = (*sure, *chosen, *(() if chosen or node.default is None else (node.default,)))
                if taken:
                    yield tuple(f for f in node.outgoing if f in taken)
        case _:
            yield node.outgoing


def _sure(node: Node) -> tuple[str, ...]:
    """Flows out of an activity that have no condition to them."""
    return tuple(f for f in node.outgoing if f not in node.conditional and f != node.default)


def _subsets(flows: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(flows) + 1):
        yield from combinations(flows, size)


def steps(net: Net, marking: Marking) -> Iterator[Step]:
    """All that may happen next, in order of (scope, node, visit): tokens that can move and waits that can end.

    Messages, new process instances and declined handoffs are the driver's to bring in, and so is how many instances a
    multi-instance has: one is offered here.
    """
    found: set[tuple[Scope, str, str]] = set()
    waits: list[tuple[Scope, str, int]] = []
    empty: list[tuple[Scope, str, int]] = []
    for key in marking:
        if key[0] == "t" and may_pass(net, marking, key[1], key[2]):
            name = target(net, key[2])
            found.add((key[1], name, "" if _joins(net.nodes[name]) else key[2]))
        elif key[0] == "a" and _may_complete(net, marking, key):
            waits.append((key[1], key[2], key[3]))
        elif key[0] == "o" and not marking[key].created:
            empty.append((key[1], key[2], key[3]))
    for scope, name, by in sorted(found):
        node = net.nodes[name]
        flow = by or next(f for f in node.incoming if marking.get(("t", scope, f), 0))
        for flows in ((),) if node.behaviour in _WAITS else options(net, node):
            for instances in (1, 0) if isinstance(node.loop, StandardLoop) and node.loop.test_before else (1,):
                yield Step(StepKind.PASS, scope, name, flow=flow, flows=flows, instances=instances)
    for scope, name, visit in sorted(waits):
        yield from _ways_to_complete(net, marking, Step(StepKind.COMPLETE, scope, name, visit=visit))
    for scope, name, visit in sorted(empty):
        for flows in options(net, net.nodes[name]):
            yield Step(StepKind.CLOSE, scope, name, visit=visit, flows=flows)


def _ways_to_complete(net: Net, marking: Marking, step: Step) -> Iterator[Step]:
    """Every choice of flows; of a loop's body once more, where it may; of an instance that the completion condition
    holds, where there is one.
    """
    node = net.nodes[step.node]
    ways = [step._replace(flows=flows) for flows in options(net, node)]
    if (frame := _frame(node, step.scope)) is None:
        yield from ways
        return
    outer: Outer = marking[("o", step.scope[:-1], node.id, frame[1])]
    if isinstance(node.loop, StandardLoop):
        yield from ways
        if node.loop.maximum is None or outer.done + 1 < node.loop.maximum:
            yield ways[0]._replace(again=True)
        return
    last = outer.done + 1 == outer.total
    yield from ways if last else ways[:1]
    if isinstance(node.loop, MultiInstance) and node.loop.completion_condition and not last:
        yield from (way._replace(satisfied=True) for way in ways)


_WAITS = (Behaviour.CATCH, Behaviour.WORK, Behaviour.RECEIVE, Behaviour.SUB_PROCESS, Behaviour.EVENT_GATEWAY)


def _joins(node: Node) -> bool:
    """Whether one firing takes tokens from several incoming flows."""
    return len(node.incoming) > 1 and node.behaviour in (Behaviour.PARALLEL, Behaviour.INCLUSIVE)


def _frame(node: Node, scope: Scope) -> Frame | None:
    """The frame of its multi-instance or loop, where the body stands in one."""
    return scope[-1] if node.loop is not None and scope[-1][0] == node.id else None


def _may_complete(net: Net, marking: Marking, key: tuple[Any, ...]) -> bool:
    _, scope, name, visit = key
    match net.nodes[name].behaviour:
        case Behaviour.EVENT_GATEWAY:
            return False
        case Behaviour.SUB_PROCESS:
            return not marking.get(("n", (*scope, (name, visit, -1))), 0)
        case _:
            return True


def fire(net: Net, marking: Marking, step: Step) -> tuple[Marking, list[Effect]]:
    """The marking after `step` and what it did, in order. Raises ValueError where the step is not possible (a fault of
    the driver).
    """
    work = _Firing(net, marking.mutate())
    if not _possible(net, marking, step):
        raise ValueError(f"{step} is not possible")
    match step.kind:
        case StepKind.BEGIN:
            work.begin(step)
        case StepKind.PASS:
            work.take(step)
        case StepKind.COMPLETE:
            work.complete(step)
        case StepKind.CLOSE:
            work.close_outer(step.scope, net.nodes[step.node], step.visit, step.flows)
        case StepKind.DIVERT:
            work.add(("t", step.scope, step.flow), -1)
            work.put(step.scope, step.flows)
            work.hold(step.scope, -1)
        case StepKind.KEEP:
            work.add(("m", step.flow), 1)
    work.settle()
    return work.marking.finish(), work.effects


def _possible(net: Net, marking: Marking, step: Step) -> bool:
    match step.kind:
        case StepKind.BEGIN:
            return bool(_begins_at(net, step.node))
        case StepKind.PASS:
            node = net.nodes[step.node]
            return (
                target(net, step.flow) == step.node
                and (node.behaviour in _WAITS or _may_take(node, step.flows))
                and may_pass(net, marking, step.scope, step.flow)
            )
        case StepKind.COMPLETE:
            key = ("a", step.scope, step.node, step.visit)
            return (
                key in marking
                and _may_complete(net, marking, key)
                and _may_take(net.nodes[step.node], step.flows)
                and (not step.kept or ("m", step.kept) in marking)
            )
        case StepKind.CLOSE:
            outer = marking.get(("o", step.scope, step.node, step.visit))
            return outer is not None and not outer.created and _may_take(net.nodes[step.node], step.flows)
        case StepKind.DIVERT:
            return ("t", step.scope, step.flow) in marking
        case StepKind.KEEP:
            return True
        case _:
            assert_never(step.kind)


def _may_take(node: Node, flows: tuple[str, ...]) -> bool:
    """Whether these are outgoing flows that `node` can take together. A driver that draws flows may draw the default
    with others.
    """
    match node.behaviour:
        case Behaviour.EXCLUSIVE if node.outgoing:
            return len(flows) == 1 and flows[0] in node.outgoing
        case Behaviour.INCLUSIVE if len(node.outgoing) > 1:
            return bool(flows) and len(set(flows)) == len(flows) and set(flows) <= set(node.outgoing)
        case _ if node.conditional:
            return (
                bool(flows) and len(set(flows)) == len(flows) and set(_sure(node)) <= set(flows) <= set(node.outgoing)
            )
        case _:
            return flows == node.outgoing


def _begins_at(net: Net, where: str) -> tuple[str, ...]:
    """Where a process instance gets its tokens: at a start event, or all over the process without one that `where`
    names (13.2).
    """
    return (where,) if where in net.nodes else net.begins.get(where, ())


class _Firing:
    """One firing under way: a mutable copy of the marking, and the effects so far."""

    __slots__ = ("effects", "marking", "net", "touched")

    def __init__(self, net: Net, marking: MapMutation[tuple[Any, ...], Any]) -> None:
        self.net = net
        self.marking = marking
        self.effects: list[Effect] = []
        self.touched: list[Scope] = []

    # -- counting

    def add(self, key: tuple[Any, ...], delta: int) -> None:
        value = self.marking.get(key, 0) + delta
        if value:
            self.marking[key] = value
        else:
            self.marking.pop(key, None)

    def hold(self, scope: Scope, delta: int) -> None:
        """One thing more or less in a process or sub-process instance."""
        self.add(("n", scope), delta)
        if delta < 0:
            self.touched.append(scope)

    def visit(self, scope: Scope, node: str) -> int:
        key = ("v", path_of(scope), node)
        number: int = self.marking.get(key, 0)
        self.marking[key] = number + 1
        return number

    def put(self, scope: Scope, flows: tuple[str, ...]) -> None:
        for flow in flows:
            self.add(("t", scope, flow), 1)
            self.hold(scope, 1)

    def say(self, kind: EffectKind, scope: Scope, node: str, visit: int = 0, **more: Any) -> None:
        self.effects.append(Effect(kind, scope, node, visit, **more))

    # -- steps

    def begin(self, step: Step) -> None:
        process = self.net.process_of.get(step.node, step.node)
        number = self.marking.get(("p", process), 0)
        self.marking[("p", process)] = number + 1
        scope: Scope = ((process, number, -1),)
        flows = tuple("^" + node for node in _begins_at(self.net, step.node))
        self.put(scope, flows)
        self.say(EffectKind.FIRED, scope, "", number, produced=flows)

    def take(self, step: Step) -> None:
        node = self.net.nodes[step.node]
        scope = step.scope
        held = self.marking
        consumed = tuple(f for f in node.incoming if held.get(("t", scope, f), 0)) if _joins(node) else (step.flow,)
        for flow in consumed:
            self.add(("t", scope, flow), -1)
        match node.behaviour:
            case Behaviour.WORK | Behaviour.RECEIVE | Behaviour.SUB_PROCESS:
                self.enter(scope, node, step, consumed)
            case Behaviour.CATCH:
                self.hold(scope, 1)
                self.wait(scope, node, consumed)
            case Behaviour.EVENT_GATEWAY:
                self.hold(scope, 1)
                self.race(scope, node, consumed)
            case Behaviour.TERMINATE:
                self.pass_through(scope, node, (), consumed)
                self.remove_inside(scope)
                return
            case _:
                self.pass_through(scope, node, step.flows, consumed)
        for _ in consumed:
            self.hold(scope, -1)

    def pass_through(self, scope: Scope, node: Node, flows: tuple[str, ...], consumed: tuple[str, ...]) -> None:
        visit = self.visit(scope, node.id)
        self.put(scope, flows)
        self.say(EffectKind.FIRED, scope, node.id, visit, consumed=consumed, produced=flows)
        self.send(scope, node, visit)

    def send(self, scope: Scope, node: Node, visit: int) -> None:
        for flow in node.sends:
            self.say(EffectKind.SENT, scope, node.id, visit, produced=(flow,))

    def wait(
        self,
        scope: Scope,
        node: Node,
        consumed: tuple[str, ...],
        belongs_to: tuple[str, int] | None = None,
    ) -> int:
        visit = self.visit(scope, node.id)
        self.marking[("a", scope, node.id, visit)] = Active(belongs_to=belongs_to)
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed)
        return visit

    def race(self, scope: Scope, node: Node, consumed: tuple[str, ...]) -> None:
        visit = self.visit(scope, node.id)
        self.say(EffectKind.FIRED, scope, node.id, visit, consumed=consumed)
        arms = tuple((arm, self.wait(scope, self.net.nodes[arm], (), (node.id, visit))) for arm in node.arms)
        self.marking[("a", scope, node.id, visit)] = Active(arms=arms)

    # -- activities

    def enter(self, scope: Scope, node: Node, step: Step, consumed: tuple[str, ...]) -> None:
        self.hold(scope, 1)
        match node.loop:
            case None:
                self.body(scope, node, consumed, counted=True)
            case StandardLoop():
                visit = self.marking.get(("v", path_of(scope), node.id), 0)  # that of its first body
                self.open_outer(scope, node, visit, -1, min(step.instances, 1), consumed)
                if step.instances > 0:
                    self.body((*scope, (node.id, visit, -1)), node, ())
                else:
                    self.visit(scope, node.id)
                    self.say(EffectKind.DRAINED, scope, node.id, visit, outer=True)
            case MultiInstance():
                visit = self.visit(scope, node.id)
                first = min(step.instances, 1) if node.loop.is_sequential else step.instances
                self.open_outer(scope, node, visit, step.instances, first, consumed)
                for instance in range(first):
                    self.body((*scope, (node.id, visit, instance)), node, ())
                if not first:
                    self.say(EffectKind.DRAINED, scope, node.id, visit, outer=True)

    def open_outer(
        self, scope: Scope, node: Node, visit: int, total: int, first: int, consumed: tuple[str, ...]
    ) -> None:
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed, outer=True)
        self.marking[("o", scope, node.id, visit)] = Outer(total, first, 0, self.listen(scope, node, visit))

    def listen(self, scope: Scope, node: Node, visit: int) -> tuple[tuple[str, int], ...]:
        return tuple((b, self.wait(scope, self.net.nodes[b], (), (node.id, visit))) for b in node.boundary)

    def body(self, scope: Scope, node: Node, consumed: tuple[str, ...], *, counted: bool = False) -> None:
        visit = self.visit(scope, node.id)
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed)
        listening = self.listen(scope, node, visit) if counted else ()
        self.marking[("a", scope, node.id, visit)] = Active(listening=listening)
        if node.behaviour is Behaviour.SUB_PROCESS:
            inner: Scope = (*scope, (node.id, visit, -1))
            begins = tuple("^" + start for start in node.begins)
            self.put(inner, begins)
            self.touched.append(inner)
            self.say(EffectKind.FIRED, inner, "", visit, produced=begins)

    # -- completion

    def complete(self, step: Step) -> None:
        node, scope = self.net.nodes[step.node], step.scope
        key = ("a", scope, step.node, step.visit)
        if step.kept:
            self.add(("m", step.kept), -1)
        active: Active = self.marking[key]
        if node.behaviour is Behaviour.BOUNDARY:
            self.occur(step, node, active)
            return
        del self.marking[key]
        if active.belongs_to is not None:
            self.end_race(scope, active.belongs_to, step)
        if frame := _frame(node, scope):
            self.say(EffectKind.COMPLETED, scope, node.id, step.visit)
            self.send(scope, node, step.visit)
            self.instance_done(scope[:-1], node, frame, step)
            return
        self.stop_listening(scope, active.listening)
        self.put(scope, step.flows)
        self.say(EffectKind.COMPLETED, scope, node.id, step.visit, produced=step.flows)
        self.send(scope, node, step.visit)
        self.hold(scope, -1)

    def instance_done(self, scope: Scope, node: Node, frame: Frame, step: Step) -> None:
        key = ("o", scope, node.id, frame[1])
        outer: Outer = self.marking[key]
        outer = outer._replace(done=outer.done + 1)
        if isinstance(node.loop, StandardLoop):
            finished = not step.again
            if step.again:
                self.body((*scope, frame), node, ())
        else:
            finished = step.satisfied or outer.done == outer.total
            if not finished and outer.created < outer.total:
                self.body((*scope, (node.id, frame[1], outer.created)), node, ())
                outer = outer._replace(created=outer.created + 1)
        self.marking[key] = outer
        if finished:
            self.close_outer(scope, node, frame[1], step.flows)

    def close_outer(self, scope: Scope, node: Node, visit: int, flows: tuple[str, ...]) -> None:
        outer: Outer = self.marking.pop(("o", scope, node.id, visit))
        self.remove_instances(scope, node.id, visit)
        self.stop_listening(scope, outer.listening)
        self.put(scope, flows)
        self.say(EffectKind.COMPLETED, scope, node.id, visit, produced=flows, outer=True)
        self.hold(scope, -1)

    def end_race(self, scope: Scope, gateway: tuple[str, int], step: Step) -> None:
        race: Active = self.marking.pop(("a", scope, *gateway))
        self.stop_listening(scope, tuple(arm for arm in race.arms if arm != (step.node, step.visit)))

    def stop_listening(self, scope: Scope, events: tuple[tuple[str, int], ...]) -> None:
        for event, visit in events:
            if self.marking.pop(("a", scope, event, visit), None) is not None:
                self.say(EffectKind.WITHDRAWN, scope, event, visit)

    # -- boundary events and interruption

    def occur(self, step: Step, node: Node, active: Active) -> None:
        scope, host = step.scope, active.belongs_to
        assert host is not None
        del self.marking[("a", scope, node.id, step.visit)]
        if node.interrupting:
            self.remove_activity(scope, *host)
        elif node.recurs:
            self.listen_again(scope, node, host)
        self.put(scope, step.flows)
        self.say(EffectKind.FIRED, scope, node.id, step.visit, produced=step.flows)
        if node.interrupting:
            self.hold(scope, -1)

    def listen_again(self, scope: Scope, node: Node, host: tuple[str, int]) -> None:
        """A boundary event that does not interrupt, of a message or of a repeating timer, may occur again (13.5.3)."""
        kind = "a" if ("a", scope, *host) in self.marking else "o"
        held = self.marking[(kind, scope, *host)]
        visit = self.wait(scope, node, (), host)
        kept = tuple(pair for pair in held.listening if pair[0] != node.id)
        self.marking[(kind, scope, *host)] = held._replace(listening=(*kept, (node.id, visit)))

    def remove_activity(self, scope: Scope, node: str, visit: int) -> None:
        outer: Outer | None = self.marking.pop(("o", scope, node, visit), None)
        if outer is not None:
            self.remove_instances(scope, node, visit)
            self.stop_listening(scope, outer.listening)
            self.say(EffectKind.WITHDRAWN, scope, node, visit, outer=True)
            return
        active: Active = self.marking.pop(("a", scope, node, visit))
        self.remove_inside((*scope, (node, visit, -1)))
        self.stop_listening(scope, active.listening)
        self.say(EffectKind.WITHDRAWN, scope, node, visit)

    def keys(self) -> Iterator[tuple[Any, ...]]:
        """All keys as they stand now (a mutation cannot be iterated)."""
        settled = self.marking.finish()
        self.marking = settled.mutate()
        return iter(settled)

    def remove_instances(self, scope: Scope, node: str, visit: int) -> None:
        depth = len(scope)
        frames = {
            key[1][depth]
            for key in self.keys()
            if key[0] in "ta" and len(key[1]) > depth and key[1][:depth] == scope and key[1][depth][:2] == (node, visit)
        }
        for frame in sorted(frames):
            self.remove_inside((*scope, frame))

    def remove_inside(self, scope: Scope) -> None:
        """Take away all tokens and waits of a scope and of the scopes within."""
        depth = len(scope)
        gone = [key for key in self.keys() if key[0] in "taon" and key[1][:depth] == scope]
        for key in sorted(gone, key=_removal_order):
            value = self.marking.pop(key)
            if key[0] == "t":
                for _ in range(value):
                    self.say(EffectKind.VANISHED, key[1], "", produced=(key[2],))
            elif key[0] in "ao":
                self.say(EffectKind.WITHDRAWN, key[1], key[2], key[3], outer=key[0] == "o")
        self.touched.append(scope)

    # -- the end of scopes

    def settle(self) -> None:
        """Say which scopes have nothing left."""
        for scope in dict.fromkeys(self.touched):
            if self.marking.get(("n", scope), 0):
                continue
            if len(scope) == 1:
                self.say(EffectKind.ENDED, scope, scope[0][0], scope[0][1])
            elif ("a", scope[:-1], scope[-1][0], scope[-1][1]) in self.marking:
                self.say(EffectKind.DRAINED, scope[:-1], scope[-1][0], scope[-1][1])


def _removal_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (key[1], key[0], *key[2:])


# -- the inclusive join (docs/semantics.md, 3; BPMN 2.0.2, 13.4.3)


def _inclusive_join_fires(net: Net, marking: Marking, scope: Scope, join: Node) -> bool:
    empty = [f for f in join.incoming if not marking.get(("t", scope, f), 0)]
    if not empty:
        return True
    full = [f for f in join.incoming if marking.get(("t", scope, f), 0)]
    if any(
        key[0] == "t" and key[1] == scope and key[2].startswith("~") and flow_of(key[2]) in empty for key in marking
    ):
        return False
    return not any(
        any(where in _reaches(net, join, f) for f in empty) and not any(where in _reaches(net, join, f) for f in full)
        for where in _held_in(net, marking, scope, join)
    )


def _held_in(net: Net, marking: Marking, scope: Scope, join: Node) -> Iterator[str]:
    """Nodes that hold a token of this scope, or that a token on a flow goes to; tokens that wait at the join itself do
    not count.

    A boundary event that listens is waited for like one that holds a token; what waits behind an event gateway holds
    none of its own, its gateway does (13.4.4).
    """
    for key in marking:
        if key[0] == "t" and key[1] == scope and key[2] not in join.incoming:
            yield target(net, key[2])
        elif key[0] in "ao" and key[1] == scope:
            node = net.nodes[key[2]]
            if node.behaviour is Behaviour.BOUNDARY or key[0] == "o" or marking[key].belongs_to is None:
                yield key[2]


def _reaches(net: Net, join: Node, flow: str) -> frozenset[str]:
    """Nodes from which a path leads to `flow` without visiting `join`; a path may leave an activity by its boundary
    events.
    """
    if (cached := net.reach.get((join.id, flow))) is not None:
        return cached
    found: set[str] = set()
    todo = [net.flows[flow][0]]
    while todo:
        node = net.nodes[todo.pop()]
        if node.id in found or node.id == join.id:
            continue
        found.add(node.id)
        todo.extend(net.flows[f][0] for f in node.incoming)
        if node.host is not None:
            todo.append(node.host)
    return net.reach.setdefault((join.id, flow), frozenset(found))
