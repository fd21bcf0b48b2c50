"""Where tokens begin: start events, nodes that no flow leads to, what a message begins, what listens in a scope."""

from collections.abc import Iterable, Iterator
from typing import assert_never

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


def by_id(ids: Iterable[str]) -> tuple[str, ...]:
    """In the order that no editor can change."""
    return tuple(sorted(ids, key=str.encode))


def start_events(model: Model, container: str) -> tuple[Event, ...]:
    inside = (n for n in model.nodes_in(container) if isinstance(n, Event) and n.kind is EventKind.START)
    return tuple(sorted(inside, key=lambda event: event.id.encode()))


def starts(model: Model, container: str) -> tuple[str, ...]:
    return tuple(event.id for event in start_events(model, container))


def begins(model: Model, container: str) -> tuple[str, ...]:
    return starts(model, container) or implicit_begins(model, container)


def called_begins(model: Model, process: str) -> tuple[str, ...]:
    """A call begins at the start events without a trigger (10.3.6), where there are any."""
    plain = tuple(event.id for event in start_events(model, process) if not event.definitions)
    return plain or begins(model, process)


def implicit_begins(model: Model, container: str) -> tuple[str, ...]:
    """Nodes without an incoming flow, but for those that something else sets going."""
    return by_id(n.id for n in model.nodes_in(container) if not n.incoming and not _set_going(n))


def _set_going(node: FlowNode) -> bool:
    match node:
        case Event():
            return node.kind is EventKind.BOUNDARY or (node.kind is EventKind.CATCH and node.has(TriggerKind.LINK))
        case SubProcess():
            return node.triggered_by_event or node.is_for_compensation
        case Task() | CallActivity():
            return node.is_for_compensation
        case Gateway():
            return False
        case _:
            assert_never(node)


def instantiating(model: Model, process: str) -> Iterator[str]:
    """Start events, receive tasks and the arms of gateways that begin an instance of a process."""
    for node in model.nodes_in(process):
        match node:
            case Event(kind=EventKind.START) | Task(kind=TaskKind.RECEIVE, instantiate=True):
                yield node.id
            case Gateway(kind=GatewayKind.EVENT_BASED, instantiate=True):
                yield from _arms(model, node)
            case _:
                pass


def together(model: Model) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in model.flow_nodes.values():
        if isinstance(node, Gateway) and node.instantiate and node.event_gateway_type == "Parallel":
            arms = _arms(model, node)
            for arm in arms:
                yield arm, tuple(other for other in arms if other != arm)


def _arms(model: Model, gateway: Gateway) -> tuple[str, ...]:
    return by_id(model.sequence_flows[flow].target_ref for flow in gateway.outgoing)


def listeners(model: Model, container: str) -> tuple[str, ...]:
    found = (
        start.id
        for inside in model.nodes_in(container)
        if isinstance(inside, SubProcess) and inside.triggered_by_event
        for start in start_events(model, inside.id)
        if start.definitions and not start.has(TriggerKind.COMPENSATE)
    )
    return by_id(found)
