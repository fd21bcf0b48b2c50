"""What of a model cannot be executed here: refused before the start by name, place and reason, never passed over."""

from collections.abc import Iterator

from bpmn_tool.errors import ExpressionError, Problem
from bpmn_tool.execution.texts import parse_timer
from bpmn_tool.expressions import parse, parse_script
from bpmn_tool.model.elements import (
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

_TRIGGERS: dict[EventKind, frozenset[TriggerKind]] = {
    EventKind.START: frozenset({TriggerKind.MESSAGE, TriggerKind.TIMER}),
    EventKind.END: frozenset({TriggerKind.MESSAGE, TriggerKind.TERMINATE}),
    EventKind.THROW: frozenset({TriggerKind.MESSAGE}),
    EventKind.CATCH: frozenset({TriggerKind.MESSAGE, TriggerKind.TIMER}),
    EventKind.BOUNDARY: frozenset({TriggerKind.MESSAGE, TriggerKind.TIMER}),
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


def _reasons(model: Model, node: FlowNode) -> Iterator[str]:
    match node:
        case Task():
            yield from _of_activity(node)
            if node.instantiate:
                yield "a receive task that starts a process is not executed; use a message start event"
            if node.kind is TaskKind.SCRIPT and (fault := _script_fault(node.script)) is not None:
                yield f"its script cannot be read: {fault}"
        case SubProcess():
            yield from _of_activity(node)
            yield from _of_sub_process(model, node)
        case CallActivity():
            yield "call activities are not executed yet; draw the process as a sub-process"
        case Gateway():
            yield from _of_gateway(node)
        case Event():
            yield from _of_event(model, node)


def _of_activity(node: Task | SubProcess) -> Iterator[str]:
    if node.is_for_compensation:
        yield "compensation is not executed yet"
    if node.start_quantity != 1 or node.completion_quantity != 1:
        yield "a start or completion quantity other than 1 is not executed"
    match node.loop:
        case MultiInstance(cardinality=cardinality, completion_condition=condition):
            for what, text in (("number of instances", cardinality), ("completion condition", condition)):
                if text.strip() and (fault := _fault(text)) is not None:
                    yield f"its {what} cannot be read: {fault}"
        case StandardLoop(condition=condition, maximum=maximum):
            if condition.strip() and (fault := _fault(condition)) is not None:
                yield f"its loop condition cannot be read: {fault}"
            if maximum is not None and maximum < 0:
                yield f"it loops at most {maximum} times, which is less than never"
        case None:
            pass


def _of_sub_process(model: Model, node: SubProcess) -> Iterator[str]:
    if node.kind is not SubProcessKind.EMBEDDED:
        yield f"{node.kind.value} is not executed yet"
    elif node.triggered_by_event:
        yield "event sub-processes are not executed yet"
    elif not (inner := model.nodes_in(node.id)):
        yield "the sub-process is empty; draw what happens in it, or make it a task"
    elif any(isinstance(n, Event) and n.kind is EventKind.START and n.definitions for n in inner):
        yield "a sub-process begins at a start event without a trigger"


def _of_gateway(node: Gateway) -> Iterator[str]:
    match node.kind:
        case GatewayKind.COMPLEX:
            yield "complex gateways are not executed yet"
        case GatewayKind.EVENT_BASED:
            if node.instantiate:
                yield "an event-based gateway that starts a process is not executed; use message start events"
            if node.event_gateway_type == "Parallel":
                yield "a parallel event-based gateway is not executed yet"
        case GatewayKind.EXCLUSIVE | GatewayKind.INCLUSIVE | GatewayKind.PARALLEL:
            pass


def _of_event(model: Model, node: Event) -> Iterator[str]:
    if len(node.definitions) > 1:
        yield "an event with several triggers is not executed yet"
    elif node.definitions and node.definitions[0].kind not in _TRIGGERS[node.kind]:
        yield f"{node.kind.value} with {node.definitions[0].kind.value} is not executed yet"
    elif not node.definitions and node.kind in (EventKind.CATCH, EventKind.BOUNDARY):
        yield "it waits for nothing: give it a message or a timer"
    for definition in node.definitions:
        if (
            definition.kind is TriggerKind.TIMER
            and node.kind is not EventKind.START
            and (fault := _timer_fault(definition)) is not None
        ):
            yield fault
    if node.kind is EventKind.BOUNDARY and not isinstance(
        model.flow_nodes.get(node.attached_to_ref or ""), Task | SubProcess
    ):
        yield "a boundary event stands at a task or a sub-process"


def of_event_gateways(model: Model) -> Iterator[Problem]:
    """Event-based gateways lead to events that wait and receive tasks, and to nothing else (10.6.6)."""
    for node in model.flow_nodes.values():
        if not (isinstance(node, Gateway) and node.kind is GatewayKind.EVENT_BASED):
            continue
        for flow in node.outgoing:
            target = model.flow_nodes[model.sequence_flows[flow].target_ref]
            catches = isinstance(target, Event) and target.kind is EventKind.CATCH
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
