"""What several rules ask of a model: whose work a step is, where things begin, what stands in what."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.model.elements import (
    CallActivity,
    Element,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    Model,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TriggerKind,
)

HUMAN: Final = frozenset({TaskKind.TASK, TaskKind.USER, TaskKind.MANUAL, TaskKind.BUSINESS_RULE})
"""Tasks that somebody does (docs/semantics.md, 6); the others run by themselves or wait."""


def human_work(model: Model) -> Iterator[Task | SubProcess]:
    """The steps that somebody has to do; a sub-process with nothing drawn in it is one."""
    for node in model.flow_nodes.values():
        match node:
            case Task() if node.kind in HUMAN:
                yield node
            case SubProcess() if not model.nodes_in(node.id):
                yield node
            case _:
                pass


def containers(model: Model) -> Iterator[tuple[Element, tuple[FlowNode, ...]]]:
    """Processes and sub-processes in which something is drawn, less ad-hoc ones: those need no flow."""
    for element in (*model.processes.values(), *model.flow_nodes.values()):
        nodes = model.nodes_in(element.id)
        if nodes and not is_ad_hoc(element):
            yield element, nodes


def is_ad_hoc(element: Element | None) -> bool:
    return isinstance(element, SubProcess) and element.kind is SubProcessKind.AD_HOC


def is_event(node: FlowNode, kind: EventKind) -> bool:
    return isinstance(node, Event) and node.kind is kind


def is_loose_by_nature(model: Model, node: FlowNode) -> bool:
    """No sequence flow leads to or from it, and none should: compensation, event and ad-hoc sub-processes."""
    match node:
        case Task() | SubProcess() | CallActivity() if node.is_for_compensation:
            return True
        case SubProcess() if node.triggered_by_event:
            return True
        case _:
            return is_ad_hoc(model.flow_nodes.get(node.container))


def begins_by_itself(node: FlowNode) -> bool:
    """A node that needs no incoming flow: a start, an attached event, the far end of a link, what a message starts."""
    match node:
        case Event():
            linked = node.kind is EventKind.CATCH and _is_link(node)
            return linked or node.kind in {EventKind.START, EventKind.BOUNDARY}
        case Task() | Gateway():
            return node.instantiate
        case _:
            return False


def ends_by_itself(node: FlowNode) -> bool:
    """A node that needs no outgoing flow: an end, the near end of a link, a compensation event with its handler."""
    match node:
        case Event(kind=EventKind.END):
            return True
        case Event(kind=EventKind.THROW):
            return _is_link(node)
        case Event(kind=EventKind.BOUNDARY):
            return node.has(TriggerKind.COMPENSATE)
        case _:
            return False


def _is_link(event: Event) -> bool:
    return event.trigger is TriggerKind.LINK
