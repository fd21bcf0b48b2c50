"""What has token rules but cannot be simulated: refused before a run, by name, place and reason."""

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
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.model.net_build import build


def simulated_net(model: Model) -> Net:
    """The net of a model. Raises :class:`NotSimulated` with every element that cannot be simulated."""
    if problems := tuple(refusals(model)):
        raise NotSimulated(problems)
    return build(model)


def refusals(model: Model) -> Iterator[Problem]:
    """Every element that cannot be simulated, with its place and the reason."""
    net = build(model)
    for node in model.flow_nodes.values():
        for reason in _reasons(model, net, node):
            yield Problem(message=f"'{node.label}' ({node.id}): {reason}", location=node.location)
    yield from _calls_that_go_round(model)
    yield from _senders_that_send_nothing(model)
    pools = {p.id for p in model.participants.values() if p.process_ref is not None}
    for flow in model.message_flows.values():
        for end in net.messages[flow.id]:
            if end in pools:
                name = model.participants[end].label
                yield Problem(
                    message=f"message flow '{flow.label}' ({flow.id}) ends at the border of the pool '{name}', "
                    "in which not just one step sends or receives a message of this name: draw it to that step",
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


def _calls_that_go_round(model: Model) -> Iterator[Problem]:
    """A process that calls itself, directly or through others, has no end that can be planned for."""
    calls: dict[str, set[str]] = {}
    for node in model.flow_nodes.values():
        if isinstance(node, CallActivity) and node.called_element in model.processes:
            calls.setdefault(model.process_of(node.id) or "", set()).add(node.called_element)
    for node in model.flow_nodes.values():
        if isinstance(node, CallActivity) and (model.process_of(node.id) or "") in _reached(calls, node.called_element):
            yield Problem(
                message=f"'{node.label}' ({node.id}): it calls its own process again, which is not simulated",
                location=node.location,
            )


def _reached(calls: dict[str, set[str]], start: str) -> set[str]:
    found, todo = set[str](), [start]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(calls.get(name, ()))
    return found


def _reasons(model: Model, net: Net, node: FlowNode) -> Iterator[str]:
    match node:
        case SubProcess():
            if not model.nodes_in(node.id):
                yield "the sub-process is empty; draw what happens in it, or make it a task"
        case Task() | CallActivity():
            pass
        case Gateway():
            if node.kind is GatewayKind.EVENT_BASED:
                yield from _event_gateway_reasons(model, node)
        case Event():
            yield from _event_reasons(model, net, node)
        case _:
            assert_never(node)
    if not isinstance(node, Gateway | Event) and (node.start_quantity < 1 or node.completion_quantity < 1):
        yield "a start or completion quantity below 1 means nothing (Table 10.3)"


def _event_reasons(model: Model, net: Net, node: Event) -> Iterator[str]:
    rules = net.nodes[node.id]
    if node.kind is EventKind.CATCH and not node.definitions:
        yield "a catching event says what it waits for; none catch events do not exist"
    if node.has(TriggerKind.LINK) and not (rules.outgoing and (rules.incoming or node.kind is EventKind.THROW)):
        yield "a link needs its partner: a catching link event of the same name in the same process"
    if rules.behaviour is Behaviour.START and node.container not in model.processes and node.definitions:
        yield "the start event inside a sub-process must have no trigger"
    if rules.behaviour is Behaviour.EVENT_START and not node.definitions:
        yield "the start event of an event sub-process says what starts it"
    for flow in node.outgoing:
        if (model.sequence_flows[flow].condition or "").strip():
            yield f"its flow {flow} has a condition, which only flows out of activities and gateways can have (8.4.13)"


def _event_gateway_reasons(model: Model, node: Gateway) -> Iterator[str]:
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
