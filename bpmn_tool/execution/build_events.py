"""The specs of events: what they wait for, and what they throw."""

from collections.abc import Iterator
from typing import TypeVar, assert_never

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from bpmn_tool.execution import nodes, throwing
from bpmn_tool.execution.events import RAISED, Trigger, Triggers
from bpmn_tool.execution.texts import parse_timer
from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    EventKind,
    Gateway,
    Model,
    SubProcess,
    TriggerKind,
)

W = TypeVar("W", bound=nodes.Waiting)


def name(element: str) -> str:
    """The name of an element's task spec: keeps clear of SpiffWorkflow's own Start, End and *.EndJoin."""
    return f"n:{element}"


def event(spec: BpmnProcessSpec, model: Model, node: Event, called: str) -> nodes.Node:
    match node.kind:
        case EventKind.START:
            around = model.flow_nodes.get(node.container)
            if isinstance(around, SubProcess) and around.triggered_by_event:
                listens = _waiting(nodes.EventSubProcessStart(spec, called, _awaited(model, node)))
                listens.around, listens.interrupting = name(around.id), node.is_interrupting
                return listens
            return nodes.StartEvent(spec, called, NoneEventDefinition())  # that it has come is why it has a token
        case EventKind.CATCH if node.has(TriggerKind.LINK) or not node.definitions:
            return nodes.IntermediateThrowEvent(spec, called, NoneEventDefinition())
        case EventKind.CATCH:
            return _waiting(nodes.IntermediateCatchEvent(spec, called, _awaited(model, node)))
        case EventKind.BOUNDARY:
            interrupts = node.cancel_activity
            return _waiting(nodes.BoundaryEvent(spec, called, _awaited(model, node), cancel_activity=interrupts))
        case EventKind.THROW | EventKind.END:
            return _throwing(spec, model, node, called)
        case _:
            assert_never(node.kind)


def _throwing(spec: BpmnProcessSpec, model: Model, node: Event, called: str) -> nodes.Node:
    nothing = NoneEventDefinition()
    ends = node.kind is EventKind.END
    if any(each.kind in RAISED for each in node.definitions):
        raising = (throwing.RaisingEndEvent if ends else throwing.RaisingThrowEvent)(spec, called, nothing)
        raising.results = tuple(_triggers(model, node))
        return raising
    if not ends:
        return nodes.IntermediateThrowEvent(spec, called, nothing)
    end = nodes.EndEvent(spec, called, nothing)
    end.terminates = node.has(TriggerKind.TERMINATE)
    return end


def _waiting(made: W) -> W:
    made.has_timer = made.event_definition.has(TriggerKind.TIMER)
    made.has_condition = any(trigger.condition for trigger in made.event_definition.each)
    return made


def _awaited(model: Model, node: Event) -> Triggers:
    return Triggers(node.id, tuple(_triggers(model, node)), every=node.parallel_multiple)


def _triggers(model: Model, node: Event) -> Iterator[Trigger]:
    for number, each in enumerate(node.definitions):
        timer = each.kind is TriggerKind.TIMER and node.container not in model.processes
        timer = timer or (each.kind is TriggerKind.TIMER and node.kind is not EventKind.START)
        conditional = each.kind is TriggerKind.CONDITIONAL and each.text.strip()
        yield Trigger(
            kind=each.kind,
            key=_key(model, each),
            when=parse_timer(each) if timer else None,
            condition=f"{nodes.EVENT}{number}:{node.id}" if conditional else "",
            activity=(each.ref or "") if each.kind is TriggerKind.COMPENSATE else "",
            waits=each.wait_for_completion,
        )


def _key(model: Model, definition: EventDefinition) -> str:
    """Errors and escalations match by their codes (10.5.5), else, as all else, by what they refer to."""
    if definition.kind is TriggerKind.COMPENSATE or definition.ref is None:
        return ""
    root = model.root_elements.get(definition.ref)
    return (root.code if root else "") or definition.ref


def signal_starts(model: Model) -> dict[str, tuple[tuple[str, str], ...]]:
    """What a signal begins: processes, each at the node that catches it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for node in model.flow_nodes.values():
        if isinstance(node, Event) and node.container in model.processes and _begins(model, node):
            for trigger in _triggers(model, node):
                if trigger.kind is TriggerKind.SIGNAL and trigger.key:
                    found.setdefault(trigger.key, []).append((node.container, node.id))
    return {key: tuple(starts) for key, starts in found.items()}


def _begins(model: Model, event: Event) -> bool:
    """Whether an event begins its process: a start event, or an arm of a gateway that does."""
    sources = (model.flow_nodes[model.sequence_flows[flow].source_ref] for flow in event.incoming)
    return event.kind is EventKind.START or any(isinstance(n, Gateway) and n.instantiate for n in sources)
