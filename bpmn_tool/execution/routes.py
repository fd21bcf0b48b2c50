"""Where messages go: along message flows, from the element that sends to the one that waits, or to and from black
boxes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn_tool.errors import Problem
from bpmn_tool.model.elements import Event, EventKind, FlowNode, MessageFlow, Model, Task, TaskKind, TriggerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A message flow with its ends resolved. Without `senders` it comes from a black box; without `receivers` it goes
    to one.
    """

    flow: MessageFlow
    senders: tuple[str, ...]
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """All message flows of a model, by id, and those that leave an element."""

    by_flow: Mapping[str, Route]
    from_element: Mapping[str, tuple[Route, ...]]


def routes(model: Model) -> tuple[Routes, tuple[Problem, ...]]:
    """The routes, and the flows that cannot be one."""
    found: dict[str, Route] = {}
    leaving: dict[str, list[Route]] = {}
    problems: list[Problem] = []
    for flow in model.message_flows.values():
        senders, receivers = tuple(_senders(model, flow)), tuple(_receivers(model, flow))
        for end, elements, verb in ((flow.source_ref, senders, "sends"), (flow.target_ref, receivers, "receives")):
            if not elements and not _is_black_box(model, end):
                problems.append(
                    Problem(
                        message=f"the message flow '{flow.label}' ({flow.id}): nothing at its end "
                        f"'{_label(model, end)}' {verb} this message; "
                        "draw it to the step that does",
                        location=flow.location,
                    )
                )
        found[flow.id] = Route(flow=flow, senders=senders, receivers=receivers)
        for sender in senders:
            leaving.setdefault(sender, []).append(found[flow.id])
    return Routes(by_flow=found, from_element={k: tuple(v) for k, v in leaving.items()}), tuple(problems)


def _senders(model: Model, flow: MessageFlow) -> Iterator[str]:
    source = model.flow_nodes.get(flow.source_ref)
    if source is not None:
        yield source.id
    elif not _is_black_box(model, flow.source_ref):
        yield from (n.id for n in _of_pool(model, flow.source_ref) if _throws(n) and _is_about(model, n, flow))


def _receivers(model: Model, flow: MessageFlow) -> Iterator[str]:
    target = model.flow_nodes.get(flow.target_ref)
    if target is not None:
        if receives(target):
            yield target.id
    elif not _is_black_box(model, flow.target_ref):
        yield from (n.id for n in _of_pool(model, flow.target_ref) if catches(n) and _is_about(model, n, flow))


def catches(node: FlowNode) -> bool:
    """Whether a node waits for, or is started by, a message."""
    match node:
        case Task(kind=TaskKind.RECEIVE):
            return True
        case Event(kind=EventKind.START | EventKind.CATCH | EventKind.BOUNDARY):
            return node.has(TriggerKind.MESSAGE)
        case _:
            return False


def receives(node: FlowNode) -> bool:
    """Whether a message flow may end here: a node that catches, a start event, or work that takes it up without
    waiting for it.
    """
    return catches(node) or not isinstance(node, Event) or (node.kind is EventKind.START and not node.definitions)


def _throws(node: FlowNode) -> bool:
    match node:
        case Task(kind=TaskKind.SEND):
            return True
        case Event(kind=EventKind.THROW | EventKind.END):
            return node.has(TriggerKind.MESSAGE)
        case _:
            return False


def _is_about(model: Model, node: FlowNode, flow: MessageFlow) -> bool:
    """The same message by reference, or the same name."""
    ref = (
        node.message_ref
        if isinstance(node, Task)
        else next((d.ref for d in node.definitions), None)
        if isinstance(node, Event)
        else None
    )
    if ref is not None and flow.message_ref is not None:
        return ref == flow.message_ref
    names = {_label(model, ref) if ref else "", node.name} - {""}
    meant = {flow.name, _label(model, flow.message_ref) if flow.message_ref else ""} - {""}
    return bool(names & meant)


def _is_black_box(model: Model, end: str) -> bool:
    participant = model.participants.get(end)
    return participant is not None and (participant.process_ref is None or not model.nodes_in(participant.process_ref))


def _of_pool(model: Model, end: str) -> Iterator[FlowNode]:
    participant = model.participants.get(end)
    if participant is None or participant.process_ref is None:
        return
    yield from (node for node in model.flow_nodes.values() if model.process_of(node.id) == participant.process_ref)


def _label(model: Model, element: str | None) -> str:
    found = model.get(element) if element else None
    return found.label if found is not None else str(element)
