"""Models written in lines, for tests: ``draw([start("s"), user("a"), end("e")], "s > a > e")``."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

from bpmn_tool.model.elements import (
    Artifact,
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Lane,
    MessageFlow,
    Model,
    NodeBase,
    Participant,
    Process,
    RootElement,
    SequenceFlow,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TimerKind,
    TriggerKind,
)


def triggers(on: str) -> tuple[EventDefinition, ...]:
    """``error:E timer`` is an error that refers to ``E``, and a timer; a link's word is its name."""
    return tuple(_definition(*word.partition(":")[::2]) for word in on.split())


def _definition(kind: str, ref: str) -> EventDefinition:
    found = TriggerKind(f"{kind}EventDefinition")
    if found is TriggerKind.LINK:
        return EventDefinition(kind=found, name=ref)
    if found is TriggerKind.TIMER:
        return EventDefinition(kind=found, timer=TimerKind.CYCLE if ref else TimerKind.DURATION, text=ref or "PT1H")
    if found is TriggerKind.COMPENSATE:  # compensate:a! does not wait
        return EventDefinition(kind=found, ref=ref.rstrip("!") or None, wait_for_completion=not ref.endswith("!"))
    return EventDefinition(kind=found, ref=ref or None)


def start(id: str, *, message: bool = False, on: str = "", **more: Any) -> Event:
    return Event(id=id, kind=EventKind.START, definitions=_message() if message else triggers(on), **_in(more))


def end(id: str, *, trigger: TriggerKind | None = None, on: str = "", **more: Any) -> Event:
    definitions = (EventDefinition(kind=trigger),) if trigger else triggers(on)
    return Event(id=id, kind=EventKind.END, definitions=definitions, **_in(more))


def catch(id: str, *, after: str = "", on: str = "", **more: Any) -> Event:
    definitions = triggers(on) if on else _timer(after) if after else _message()
    return Event(id=id, kind=EventKind.CATCH, definitions=definitions, **_in(more))


def throw(id: str, *, message: bool = False, on: str = "", **more: Any) -> Event:
    return Event(id=id, kind=EventKind.THROW, definitions=_message() if message else triggers(on), **_in(more))


def boundary(id: str, host: str, *, after: str = "", cycle: str = "", on: str = "", **more: Any) -> Event:
    definitions = _timer(cycle, TimerKind.CYCLE) if cycle else _timer(after) if after else _message()
    definitions = triggers(on) if on else definitions
    return Event(id=id, kind=EventKind.BOUNDARY, attached_to_ref=host, definitions=definitions, **_in(more))


def task(id: str, kind: TaskKind, **more: Any) -> Task:
    return Task(id=id, kind=kind, **_in(more))


def user(id: str, **more: Any) -> Task:
    return task(id, TaskKind.USER, **more)


def script(id: str, text: str = "", **more: Any) -> Task:
    return task(id, TaskKind.SCRIPT, script=text, **more)


def receive(id: str, **more: Any) -> Task:
    return task(id, TaskKind.RECEIVE, **more)


def gateway(id: str, kind: GatewayKind, **more: Any) -> Gateway:
    return Gateway(id=id, kind=kind, **_in(more))


def exclusive(id: str, **more: Any) -> Gateway:
    return gateway(id, GatewayKind.EXCLUSIVE, **more)


def parallel(id: str, **more: Any) -> Gateway:
    return gateway(id, GatewayKind.PARALLEL, **more)


def inclusive(id: str, **more: Any) -> Gateway:
    return gateway(id, GatewayKind.INCLUSIVE, **more)


def race(id: str, **more: Any) -> Gateway:
    return gateway(id, GatewayKind.EVENT_BASED, **more)


def complex_gateway(id: str, **more: Any) -> Gateway:
    return gateway(id, GatewayKind.COMPLEX, **more)


def sub(id: str, **more: Any) -> SubProcess:
    return SubProcess(id=id, **_in(more))


def by_event(id: str, **more: Any) -> SubProcess:
    return sub(id, triggered_by_event=True, **more)


def transaction(id: str, **more: Any) -> SubProcess:
    return sub(id, kind=SubProcessKind.TRANSACTION, **more)


def ad_hoc(id: str, **more: Any) -> SubProcess:
    return sub(id, kind=SubProcessKind.AD_HOC, **more)


def call(id: str, called: str, **more: Any) -> CallActivity:
    return CallActivity(id=id, called_element=called, **_in(more))


def undo(id: str, **more: Any) -> Task:
    """A compensation handler."""
    return user(id, is_for_compensation=True, **more)


def draw(
    nodes: Sequence[NodeBase],
    *lines: str,
    messages: str = "",
    boxes: str = "",
    lanes: dict[str, str] | None = None,
    joined: str = "",
    roots: str = "",
) -> Model:
    """`lines`: ``a > b > c``; ``x > b [condition]`` and ``x > c [default]`` stand alone. A flow is called ``a-b`` (a
    second one ``a-b'``).

    `messages`: ``m: sender > receiver`` by spaces; `boxes`: ids of black boxes; processes are the containers that are
    no node. `joined`: associations ``b>u``; `roots`: what events refer to, ``error:E:404`` with its code.
    """
    found: dict[str, FlowNode] = {node.id: cast(FlowNode, node) for node in nodes}
    flows: dict[str, SequenceFlow] = {}
    for line in lines:
        path, _, note = line.partition("[")
        steps = [step.strip() for step in path.split(">")]
        for source, target in pairwise(steps):
            id = f"{source}-{target}"
            while id in flows:
                id += "'"
            condition = note.rstrip("] ") or None
            if condition == "default":
                found[source] = replace(cast(Task, found[source]), default=id)
                condition = None
            container = found[source].container
            flows[id] = SequenceFlow(
                id=id, source_ref=source, target_ref=target, condition=condition, container=container
            )
    for node in list(found.values()):
        incoming = tuple(f.id for f in flows.values() if f.target_ref == node.id)
        outgoing = tuple(f.id for f in flows.values() if f.source_ref == node.id)
        found[node.id] = replace(node, incoming=incoming, outgoing=outgoing)
    processes = {n.container: Process(id=n.container) for n in found.values() if n.container not in found}
    pools = {f"pool_{p}": Participant(id=f"pool_{p}", process_ref=p) for p in processes}
    pools |= {box: Participant(id=box) for box in boxes.split()}
    owners = {name: tuple(n for n, lane in (lanes or {}).items() if lane == name) for name in (lanes or {}).values()}
    return Model(
        processes=processes,
        participants=pools,
        lanes={n: Lane(id=n, name=n, process=next(iter(processes)), flow_node_refs=refs) for n, refs in owners.items()},
        flow_nodes=found,
        sequence_flows=flows,
        message_flows=dict(_message_flow(word) for word in messages.split()),
        artifacts={word: _association(word) for word in joined.split()},
        root_elements=dict(_root(*word.split(":")) for word in roots.split()),
    )


def _association(word: str) -> Artifact:
    source, _, target = word.partition(">")
    return Artifact(id=word, kind="association", source_ref=source, target_ref=target, direction="One")


def _root(kind: str, id: str, code: str = "") -> tuple[str, RootElement]:
    return id, RootElement(id=id, kind=kind, code=code)


def _message_flow(word: str) -> tuple[str, MessageFlow]:
    id, _, ends = word.partition(":")
    source, _, target = ends.partition(">")
    return id, MessageFlow(id=id, source_ref=source, target_ref=target)


def _in(more: dict[str, Any]) -> dict[str, Any]:
    return {"container": "P"} | more


def _message() -> tuple[EventDefinition, ...]:
    return (EventDefinition(kind=TriggerKind.MESSAGE),)


def _timer(text: str, kind: TimerKind = TimerKind.DURATION) -> tuple[EventDefinition, ...]:
    return (EventDefinition(kind=TriggerKind.TIMER, timer=kind, text=text),)
