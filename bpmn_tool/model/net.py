"""The model as token rules see it: what each flow node does with tokens, and what has no token rules here (refused by
name, never passed over).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from bpmn_tool.errors import NotSimulated, Problem
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    LoopCharacteristics,
    Model,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TimerKind,
    TriggerKind,
)


class Behaviour(Enum):
    """What a flow node does with tokens (BPMN 2.0.2, chapter 13)."""

    START = "start"  # puts tokens where its process or sub-process begins
    END = "end"
    TERMINATE = "terminate"
    THROW = "throw"  # passes at once, and sends its messages
    CATCH = "catch"  # waits for its trigger
    BOUNDARY = "boundary"
    WORK = "work"  # a task that somebody or something does
    RECEIVE = "receive"  # a task that waits for its message
    SUB_PROCESS = "sub-process"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"
    EVENT_GATEWAY = "event gateway"


#: behaviours that hold a token until something from outside happens
WAITING = frozenset(
    {Behaviour.CATCH, Behaviour.WORK, Behaviour.RECEIVE, Behaviour.SUB_PROCESS, Behaviour.EVENT_GATEWAY}
)
_HANDLED_TRIGGERS: dict[EventKind, set[TriggerKind | None]] = {
    EventKind.START: {None, TriggerKind.MESSAGE},
    EventKind.END: {None, TriggerKind.MESSAGE, TriggerKind.TERMINATE},
    EventKind.THROW: {None, TriggerKind.MESSAGE},
    EventKind.CATCH: {TriggerKind.MESSAGE, TriggerKind.TIMER},
    EventKind.BOUNDARY: {TriggerKind.MESSAGE, TriggerKind.TIMER},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node for the token rules. Flows stand in the order of their ids, but for those out of an exclusive
    gateway: its conditions are tested in the order of the file.
    """

    id: str
    behaviour: Behaviour
    container: str
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    default: str | None = None
    conditional: tuple[str, ...] = ()  # outgoing flows of an activity that have a condition that counts
    loop: LoopCharacteristics | None = None
    boundary: tuple[str, ...] = ()  # ids of attached events, by id
    host: str | None = None  # of a boundary event
    interrupting: bool = True  # of a boundary event
    recurs: bool = False  # of a boundary event that does not interrupt: may occur again
    trigger: TriggerKind | None = None
    sends: tuple[str, ...] = ()  # message flows that leave here
    receives: tuple[str, ...] = ()  # message flows that end here
    begins: tuple[str, ...] = ()  # of a sub-process: start events inside, else nodes without an incoming flow
    arms: tuple[str, ...] = ()  # of an event gateway: the nodes behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """All processes of a model for the token rules. Flows map to (source, target)."""

    nodes: Mapping[str, Node]
    flows: Mapping[str, tuple[str, str]]
    messages: Mapping[
        str, tuple[str, str]
    ]  # message flow -> sender, receiver (flow nodes, or participants without a process)
    process_of: Mapping[str, str]
    inclusive: tuple[str, ...]  # inclusive gateways with several incoming flows, by id
    begins: Mapping[str, tuple[str, ...]]  # process -> nodes where an instance begins that no start event begins
    #: (inclusive join, incoming flow) -> nodes that lead to it: filled as asked for, a function of the rest
    reach: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)


def build(model: Model) -> Net:
    """The net of a model. Raises :class:`NotSimulated` with every element that has no token rules here, by name, place
    and reason.
    """
    if problems := tuple(refusals(model)):
        raise NotSimulated(problems)
    messages = {flow.id: (flow.source_ref, flow.target_ref) for flow in model.message_flows.values()}
    nodes = {node.id: _node(model, node, messages) for node in model.flow_nodes.values()}
    return Net(
        nodes=nodes,
        flows={flow.id: (flow.source_ref, flow.target_ref) for flow in model.sequence_flows.values()},
        messages=messages,
        process_of={node: model.process_of(node) or "" for node in model.flow_nodes},
        begins={process: _begins(model, process) for process in model.processes if not _starts(model, process)},
        inclusive=tuple(
            sorted(n.id for n in nodes.values() if n.behaviour is Behaviour.INCLUSIVE and len(n.incoming) > 1)
        ),
    )


def refusals(model: Model) -> Iterator[Problem]:
    """Every element without token rules here, with its place and the reason."""
    for node in model.flow_nodes.values():
        for reason in _reasons(model, node):
            yield Problem(message=f"'{node.label}' ({node.id}): {reason}", location=node.location)
    yield from _senders_that_send_nothing(model)
    pools = {p.id for p in model.participants.values() if p.process_ref is not None}
    for flow in model.message_flows.values():
        for end in (flow.source_ref, flow.target_ref):
            if end in pools:
                name = model.participants[end].label
                yield Problem(
                    message=f"message flow '{flow.label}' ({flow.id}) ends at the border of the pool '{name}', "
                    "which has a process: draw it to the step that sends or receives",
                    location=flow.location,
                )


def _senders_that_send_nothing(model: Model) -> Iterator[Problem]:
    for flow in model.message_flows.values():
        node = model.flow_nodes.get(flow.source_ref)
        if isinstance(node, Gateway) or (isinstance(node, Event) and node.kind not in (EventKind.THROW, EventKind.END)):
            yield Problem(
                message=f"message flow '{flow.label}' ({flow.id}) leaves '{node.label}' ({node.id}), "
                "which sends nothing: draw it from a task, or an event that throws or ends",
                location=flow.location,
            )


def _reasons(model: Model, node: FlowNode) -> Iterator[str]:
    match node:
        case Task():
            if node.is_for_compensation:
                yield "compensation is not simulated yet"
            if node.instantiate:
                yield "a receive task that starts a process is not simulated yet; use a message start event"
        case SubProcess():
            if node.kind is not SubProcessKind.EMBEDDED:
                yield f"{node.kind.value} is not simulated yet"
            if node.triggered_by_event:
                yield "event sub-processes are not simulated yet"
            if not model.nodes_in(node.id):
                yield "the sub-process is empty; draw what happens in it, or make it a task"
        case CallActivity():
            yield "call activities are not simulated yet"
        case Gateway():
            if node.kind is GatewayKind.COMPLEX:
                yield "complex gateways are not simulated yet"
            if node.instantiate:
                yield "an event gateway that starts a process is not simulated yet"
            if node.kind is GatewayKind.EVENT_BASED:
                yield from _event_gateway_reasons(model, node)
        case Event():
            yield from _event_reasons(model, node)
        case _:
            assert_never(node)
    if not isinstance(node, Gateway | Event) and (node.start_quantity != 1 or node.completion_quantity != 1):
        yield "start and completion quantities other than 1 are not simulated yet"


def _event_reasons(model: Model, node: Event) -> Iterator[str]:
    if len(node.definitions) > 1:
        yield "events with several triggers are not simulated yet"
    elif node.trigger not in _HANDLED_TRIGGERS[node.kind]:
        trigger = node.trigger.value.removesuffix("EventDefinition") if node.trigger else "none"
        yield f"{trigger} {_EVENT_WORDS[node.kind]} events are not simulated yet"
    if node.kind is EventKind.START and node.container not in model.processes and node.trigger is not None:
        yield "the start event inside a sub-process must have no trigger"
    for flow in node.outgoing:
        if (model.sequence_flows[flow].condition or "").strip():
            yield f"its flow {flow} has a condition, which only flows out of activities and gateways can have (8.4.13)"


_EVENT_WORDS = {
    EventKind.START: "start",
    EventKind.END: "end",
    EventKind.THROW: "throw",
    EventKind.CATCH: "catch",
    EventKind.BOUNDARY: "boundary",
}


def _event_gateway_reasons(model: Model, node: Gateway) -> Iterator[str]:
    if node.event_gateway_type != "Exclusive":
        yield "parallel event gateways are not simulated yet"
    for flow in node.outgoing:
        target = model.flow_nodes[model.sequence_flows[flow].target_ref]
        waits = (isinstance(target, Event) and target.kind is EventKind.CATCH) or (
            isinstance(target, Task) and target.kind is TaskKind.RECEIVE
        )
        if not waits:
            yield (
                f"behind an event gateway stand only catching events and receive tasks, not '{target.label}' "
                "(BPMN 2.0.2, 10.6.6)"
            )
        elif isinstance(target, Task) and (target.loop is not None or model.boundary_events(target.id)):
            yield (
                f"'{target.label}' behind the event gateway has a loop marker or a boundary event, "
                "which it must not have there (10.6.6)"
            )
        elif len(target.incoming) > 1:
            yield (
                f"'{target.label}' behind the event gateway has a second incoming flow, "
                "which the standard forbids (10.6.6)"
            )


def _node(model: Model, node: FlowNode, messages: Mapping[str, tuple[str, str]]) -> Node:
    flows = model.sequence_flows
    event = node if isinstance(node, Event) else None
    activity = None if isinstance(node, Gateway | Event) else node
    begins: tuple[str, ...] = ()
    if isinstance(node, SubProcess):
        begins = _begins(model, node.id)
    behaviour = _behaviour(node)
    outgoing = node.outgoing if behaviour is Behaviour.EXCLUSIVE else _by_id(node.outgoing)
    return Node(
        id=node.id,
        behaviour=behaviour,
        container=node.container,
        incoming=_by_id(node.incoming),
        outgoing=outgoing,
        default=None if isinstance(node, Event) else node.default,
        conditional=_conditional(model, activity) if activity else (),
        loop=activity.loop if activity else None,
        boundary=tuple(sorted(b.id for b in model.boundary_events(node.id))) if activity else (),
        host=event.attached_to_ref if event else None,
        interrupting=event.cancel_activity if event else True,
        recurs=event is not None and not event.cancel_activity and _may_recur(event),
        trigger=event.trigger if event else None,
        sends=tuple(sorted(f for f, (source, _) in messages.items() if source == node.id)),
        receives=tuple(sorted(f for f, (_, target) in messages.items() if target == node.id)),
        begins=begins,
        arms=tuple(flows[f].target_ref for f in outgoing) if behaviour is Behaviour.EVENT_GATEWAY else (),
    )


def _conditional(model: Model, node: Task | SubProcess | CallActivity) -> tuple[str, ...]:
    """A condition of the default flow is ignored (Table 10.3)."""
    texts = {f: model.sequence_flows[f].condition for f in _by_id(node.outgoing) if f != node.default}
    return tuple(f for f, text in texts.items() if text is not None and text.strip())


def _may_recur(event: Event) -> bool:
    return event.trigger is TriggerKind.MESSAGE or any(d.timer is TimerKind.CYCLE for d in event.definitions)


def _by_id(flows: tuple[str, ...]) -> tuple[str, ...]:
    """In the order that no editor can change."""
    return tuple(sorted(flows, key=str.encode))


def _begins(model: Model, container: str) -> tuple[str, ...]:
    if starts := _starts(model, container):
        return starts
    inside = model.nodes_in(container)
    return tuple(
        sorted(n.id for n in inside if not n.incoming and not (isinstance(n, Event) and n.kind is EventKind.BOUNDARY))
    )


def _starts(model: Model, container: str) -> tuple[str, ...]:
    return tuple(sorted(n.id for n in model.nodes_in(container) if isinstance(n, Event) and n.kind is EventKind.START))


def _behaviour(node: FlowNode) -> Behaviour:
    match node:
        case Task():
            return Behaviour.RECEIVE if node.kind is TaskKind.RECEIVE else Behaviour.WORK
        case SubProcess() | CallActivity():
            return Behaviour.SUB_PROCESS
        case Gateway():
            return _GATEWAYS[node.kind]
        case Event():
            if node.kind is EventKind.END and node.trigger is TriggerKind.TERMINATE:
                return Behaviour.TERMINATE
            return _EVENTS[node.kind]
        case _:
            assert_never(node)


_GATEWAYS = {
    GatewayKind.EXCLUSIVE: Behaviour.EXCLUSIVE,
    GatewayKind.INCLUSIVE: Behaviour.INCLUSIVE,
    GatewayKind.PARALLEL: Behaviour.PARALLEL,
    GatewayKind.EVENT_BASED: Behaviour.EVENT_GATEWAY,
    GatewayKind.COMPLEX: Behaviour.INCLUSIVE,
}
_EVENTS = {
    EventKind.START: Behaviour.START,
    EventKind.END: Behaviour.END,
    EventKind.CATCH: Behaviour.CATCH,
    EventKind.THROW: Behaviour.THROW,
    EventKind.BOUNDARY: Behaviour.BOUNDARY,
}
