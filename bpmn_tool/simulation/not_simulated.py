"""What has token rules but cannot be simulated yet: refused before a run, by name, place and reason."""

from collections.abc import Iterator
from typing import assert_never

from bpmn_tool.errors import NotSimulated, Problem
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.model.net import Net
from bpmn_tool.model.net_build import build

_HANDLED_TRIGGERS: dict[EventKind, set[TriggerKind | None]] = {
    EventKind.START: {None, TriggerKind.MESSAGE},
    EventKind.END: {None, TriggerKind.MESSAGE, TriggerKind.TERMINATE},
    EventKind.THROW: {None, TriggerKind.MESSAGE},
    EventKind.CATCH: {TriggerKind.MESSAGE, TriggerKind.TIMER},
    EventKind.BOUNDARY: {TriggerKind.MESSAGE, TriggerKind.TIMER},
}


def simulated_net(model: Model) -> Net:
    """The net of a model. Raises :class:`NotSimulated` with every element that cannot be simulated."""
    if problems := tuple(refusals(model)):
        raise NotSimulated(problems)
    return build(model)


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
