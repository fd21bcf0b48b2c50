"""What of a model cannot be executed here: refused before the start by name, place and reason, never passed over."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.errors import ExpressionError, Problem
from bpmn_tool.execution.links import unpaired
from bpmn_tool.execution.texts import parse_timer
from bpmn_tool.expressions import parse, parse_script
from bpmn_tool.model.elements import (
    Activity,
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TriggerKind,
)

#: tokens that one activity may put on a flow: a file must not fill the memory
MOST_TOKENS: Final = 1_000
#: triggers and results that the standard has for each kind of event (10.5.2 to 10.5.4)
_OF_PROCESS: Final = frozenset({TriggerKind.MESSAGE, TriggerKind.TIMER, TriggerKind.CONDITIONAL, TriggerKind.SIGNAL})
_OF_EVENT_SUB_PROCESS: Final = _OF_PROCESS | {TriggerKind.ERROR, TriggerKind.ESCALATION, TriggerKind.COMPENSATE}
_TRIGGERS: Final[dict[EventKind, frozenset[TriggerKind]]] = {
    EventKind.END: frozenset(TriggerKind) - {TriggerKind.TIMER, TriggerKind.CONDITIONAL, TriggerKind.LINK},
    EventKind.THROW: frozenset(
        {
            TriggerKind.MESSAGE,
            TriggerKind.SIGNAL,
            TriggerKind.ESCALATION,
            TriggerKind.COMPENSATE,
            TriggerKind.LINK,
        }
    ),
    EventKind.CATCH: _OF_PROCESS | {TriggerKind.LINK},
    EventKind.BOUNDARY: _OF_EVENT_SUB_PROCESS | {TriggerKind.CANCEL},
}


def refusals(model: Model) -> Iterator[Problem]:
    """Every element that this engine has no semantics for, with its place and the reason."""
    for node in model.flow_nodes.values():
        for reason in _reasons(model, node):
            yield Problem(message=f"'{node.label}' ({node.id}): {reason}", location=node.location)
    for flow in model.sequence_flows.values():
        if flow.condition and flow.condition.strip() and (fault := _fault(flow.condition)) is not None:
            yield Problem(
                message=f"the condition of the flow '{flow.label}' ({flow.id}) cannot be read: {fault}",
                location=flow.location,
            )
        source, target = model.flow_nodes.get(flow.source_ref), model.flow_nodes.get(flow.target_ref)
        if source is None or target is None:
            yield Problem(
                message=f"the flow '{flow.label}' ({flow.id}) leads from or to what is no flow node",
                location=flow.location,
            )
        elif source.container != target.container:
            yield Problem(
                message=f"the flow '{flow.label}' ({flow.id}) crosses the border of a sub-process, from "
                f"'{source.label}' to '{target.label}'; end it at the sub-process",
                location=flow.location,
            )


def _reasons(model: Model, node: FlowNode) -> Iterator[str]:
    match node:
        case Task():
            yield from _of_activity(node)
            if node.kind is TaskKind.SCRIPT and (fault := _script_fault(node.script)) is not None:
                yield f"its script cannot be read: {fault}"
            if node.instantiate and node.loop is not None:
                yield "a receive task that begins a process happens once, and has no marker"
        case SubProcess():
            yield from _of_activity(node)
            yield from _of_sub_process(model, node)
        case CallActivity():
            yield from _of_activity(node)
        case Gateway():
            yield from _of_gateway(node)
        case Event():
            yield from _of_event(model, node)
            yield from _of_handlers(model, node)


def _of_activity(node: Activity) -> Iterator[str]:
    if node.start_quantity < 1 or node.completion_quantity < 1:
        yield "a start or completion quantity is one or more (Table 10.3)"
    if node.completion_quantity > MOST_TOKENS:
        yield f"a completion quantity of more than {MOST_TOKENS} is not executed"
    if node.is_for_compensation and (node.incoming or node.outgoing):
        yield "what is there to compensate has no sequence flows (10.7)"
    match node.loop:
        case MultiInstance(cardinality=cardinality, completion_condition=condition):
            for what, text in (("number of instances", cardinality), ("completion condition", condition)):
                if text.strip() and (fault := _fault(text)) is not None:
                    yield f"its {what} cannot be read: {fault}"
            if node.loop.behavior != "All":
                yield "the events that its single instances throw to its border are not executed"
        case StandardLoop(condition=condition, maximum=maximum):
            if condition.strip() and (fault := _fault(condition)) is not None:
                yield f"its loop condition cannot be read: {fault}"
            if maximum is not None and maximum < 0:
                yield f"it loops at most {maximum} times, which is less than never"
        case None:
            pass


def _of_sub_process(model: Model, node: SubProcess) -> Iterator[str]:
    inner = model.nodes_in(node.id)
    starts = [n for n in inner if isinstance(n, Event) and n.kind is EventKind.START]
    if node.triggered_by_event:
        if node.incoming or node.outgoing:
            yield "an event sub-process has no sequence flows (10.3.5)"
        if len(starts) != 1 or not starts[0].definitions:
            yield "an event sub-process has one start event, with a trigger (10.3.5)"
    elif any(start.definitions for start in starts):
        yield "a sub-process begins at a start event without a trigger"
    if node.kind is SubProcessKind.AD_HOC:
        if starts or any(isinstance(n, Event) and n.kind is EventKind.END for n in inner):
            yield "an ad-hoc sub-process has no start or end events (10.3.5)"
        if node.completion_condition.strip() and (fault := _fault(node.completion_condition)) is not None:
            yield f"its completion condition cannot be read: {fault}"


def _of_gateway(node: Gateway) -> Iterator[str]:
    match node.kind:
        case GatewayKind.COMPLEX:
            text = node.activation_condition
            if text.strip() and (fault := _fault(text)) is not None:
                yield f"its activation condition cannot be read: {fault}"
        case GatewayKind.EVENT_BASED:
            if node.instantiate and node.incoming:
                yield "an event-based gateway that begins a process has no incoming flow (10.6.6)"
            if node.event_gateway_type == "Parallel" and not node.instantiate:
                yield "only an event-based gateway that begins a process may be parallel (10.6.6)"
        case GatewayKind.EXCLUSIVE | GatewayKind.INCLUSIVE | GatewayKind.PARALLEL:
            pass


def _of_event(model: Model, node: Event) -> Iterator[str]:
    allowed = _allowed(model, node)
    for definition in node.definitions:
        if definition.kind not in allowed:
            yield f"{node.kind.value} with {definition.kind.value} is none that the standard has (10.5)"
    if not node.definitions and node.kind in (EventKind.CATCH, EventKind.BOUNDARY):
        yield "it waits for nothing: give it a trigger"
    if len(node.definitions) > 1 and node.has(TriggerKind.LINK):
        yield "a link stands for itself"
    if len(node.definitions) > 1 and node.has(TriggerKind.COMPENSATE) and node.kind is EventKind.BOUNDARY:
        yield "a compensation event at the border waits for nothing else (10.7)"
    if node.kind is EventKind.BOUNDARY and node.has(TriggerKind.COMPENSATE) and node.outgoing:
        yield "its handler hangs on an association: no sequence flow leaves a compensation event at the border (10.7)"
    starts_process = node.kind is EventKind.START and node.container in model.processes
    for definition in node.definitions:
        match definition.kind:
            case TriggerKind.TIMER if (
                TriggerKind.TIMER in allowed and not starts_process and (fault := _timer_fault(definition)) is not None
            ):
                yield fault
            case TriggerKind.CONDITIONAL if definition.text.strip():
                if (fault := _fault(definition.text)) is not None:
                    yield f"its condition cannot be read: {fault}"
            case _:
                pass
    if node.kind is EventKind.BOUNDARY and not isinstance(model.flow_nodes.get(node.attached_to_ref or ""), Activity):
        yield "a boundary event stands at an activity"


def _allowed(model: Model, node: Event) -> frozenset[TriggerKind]:
    if node.kind is not EventKind.START:
        return _TRIGGERS[node.kind]
    around = model.flow_nodes.get(node.container)
    by_event = isinstance(around, SubProcess) and around.triggered_by_event
    return _OF_EVENT_SUB_PROCESS if by_event else _OF_PROCESS


def _of_handlers(model: Model, node: Event) -> Iterator[str]:
    """A link has its other end; a cancel event a transaction; compensation, an activity of this model."""
    if node.kind is EventKind.THROW and node in tuple(unpaired(model)):
        yield "no catching link of its name stands in the same process or sub-process (10.5.1)"
    for definition in node.definitions:
        if definition.kind is TriggerKind.COMPENSATE and definition.ref and definition.ref not in model.flow_nodes:
            yield f"it compensates {definition.ref!r}, which is no activity of this model"


def of_event_gateways(model: Model) -> Iterator[Problem]:
    """Event-based gateways lead to events that wait and receive tasks, and to nothing else (10.6.6)."""
    for node in model.flow_nodes.values():
        if not (isinstance(node, Gateway) and node.kind is GatewayKind.EVENT_BASED):
            continue
        for flow in node.outgoing:
            target = model.flow_nodes.get(model.sequence_flows[flow].target_ref)
            if target is None:
                continue  # said of the flow
            catches = isinstance(target, Event) and target.kind is EventKind.CATCH and not target.has(TriggerKind.LINK)
            receives = isinstance(target, Task) and target.kind is TaskKind.RECEIVE and target.loop is None
            if not (catches or receives):
                yield Problem(
                    message=f"the event-based gateway '{node.label}' ({node.id}) leads to '{target.label}' "
                    f"({target.id}), which is neither a waiting event nor a receive task",
                    location=node.location,
                )


def _fault(text: str) -> str | None:
    try:
        parse(text)
    except ExpressionError as error:
        return str(error)
    return None


def _script_fault(text: str) -> str | None:
    try:
        parse_script(text)
    except ExpressionError as error:
        return str(error)
    return None


def _timer_fault(definition: EventDefinition) -> str | None:
    try:
        parse_timer(definition)
    except ValueError as error:
        return str(error)
    return None
