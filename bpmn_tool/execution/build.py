"""SpiffWorkflow specs from a Model, never from XML: one reader, one truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from bpmn_tool.errors import InputError
from bpmn_tool.execution import activities, gateways, nodes
from bpmn_tool.execution.events import Message, Terminate, Timer
from bpmn_tool.execution.refusals import of_event_gateways, refusals
from bpmn_tool.execution.routes import Routes, routes
from bpmn_tool.execution.texts import parse_timer
from bpmn_tool.expressions import Expression, Script, parse, parse_script
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    SequenceFlow,
    StandardLoop,
    SubProcess,
    Task,
    TaskKind,
    TriggerKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable:
    """A model made ready for any number of cases. `expressions` are by kind and element id (``flow:f1``), `scripts`
    by task.
    """

    model: Model
    processes: Mapping[str, BpmnProcessSpec]
    inner: Mapping[str, BpmnProcessSpec]
    expressions: Mapping[str, Expression]
    scripts: Mapping[str, Script]
    routes: Routes


def executable(model: Model) -> Executable:
    """Specs for all processes of a model. Raises InputError with every element that cannot be executed, its place and
    the reason.
    """
    routed, unrouted = routes(model)
    if problems := (*refusals(model), *of_event_gateways(model), *unrouted):
        raise InputError(sorted(problems, key=lambda problem: problem.location.line or 0))
    inner = [node.id for node in model.flow_nodes.values() if isinstance(node, SubProcess)]
    return Executable(
        model=model,
        processes={process: _scope(model, process) for process in model.processes},
        inner={scope: _scope(model, scope) for scope in inner},
        expressions=_expressions(model),
        scripts={
            n.id: parse_script(n.script)
            for n in model.flow_nodes.values()
            if isinstance(n, Task) and n.kind is TaskKind.SCRIPT
        },
        routes=routed,
    )


def name(element: str) -> str:
    """The name of an element's task spec: keeps clear of SpiffWorkflow's own Start, End and *.EndJoin."""
    return f"n:{element}"


def entries(model: Model, scope: str) -> tuple[str, ...]:
    """Where a scope begins that nobody starts at a named event: its start events without a trigger, else all without
    an incoming flow.
    """
    inside = model.nodes_in(scope)
    starts = tuple(n.id for n in inside if isinstance(n, Event) and n.kind is EventKind.START and not n.definitions)
    return starts or tuple(
        n.id
        for n in inside
        if not n.incoming and not (isinstance(n, Event) and n.kind in (EventKind.BOUNDARY, EventKind.START))
    )


def _expressions(model: Model) -> dict[str, Expression]:
    texts = {nodes.FLOW + flow.id: flow.condition for flow in model.sequence_flows.values()}
    for node in model.flow_nodes.values():
        match node:
            case Task(loop=MultiInstance() as loop) | SubProcess(loop=MultiInstance() as loop):
                texts[nodes.COUNT + node.id] = loop.cardinality
                texts[nodes.COMPLETION + node.id] = loop.completion_condition
            case Task(loop=StandardLoop() as loop) | SubProcess(loop=StandardLoop() as loop):
                texts[nodes.LOOP + node.id] = loop.condition
            case _:
                pass
    return {key: parse(text) for key, text in texts.items() if text and text.strip()}


def _scope(model: Model, scope: str) -> BpmnProcessSpec:
    spec = BpmnProcessSpec(name=scope)
    del spec.task_specs["Start"]
    spec.start = nodes.Entry(spec, "Start")
    spec.start.bpmn_id = None
    made = {node.id: _outer(spec, model, node) for node in model.nodes_in(scope)}
    for node in model.nodes_in(scope):
        _wire(model, made, made[node.id], node)
    return spec


def _wire(model: Model, made: Mapping[str, nodes.Node], spec: nodes.Node, node: FlowNode) -> None:
    flows = [model.sequence_flows[flow] for flow in node.outgoing]
    spec.flows = tuple(flows)
    spec.targets = {flow.id: made[flow.target_ref].name for flow in flows}
    spec.default = None if isinstance(node, Event) else node.default
    spec.conditional = frozenset(flow.id for flow in flows if flow.id != spec.default and _has_condition(flow))
    for flow in flows:
        if isinstance(spec, gateways.ExclusiveGateway | gateways.InclusiveGateway):
            spec.connect_outgoing_if(nodes.FLOW + flow.id, made[flow.target_ref])
        else:
            spec.connect(made[flow.target_ref])
    if isinstance(spec, gateways.ExclusiveGateway | gateways.InclusiveGateway):
        spec.undecided = len(flows) > 1 and any(f.id != spec.default and not _has_condition(f) for f in flows)
    if isinstance(spec, gateways.ParallelGateway | gateways.InclusiveGateway):
        spec.incoming = node.incoming
    if isinstance(spec, gateways.InclusiveGateway):
        spec.reach = {flow: _reaches(model, flow, node.id) for flow in node.incoming}
    if isinstance(spec, gateways.ParallelGateway | gateways.EventBasedGateway):
        spec.conditional = frozenset()  # conditions mean nothing there (8.3.13)
    if isinstance(spec, activities.Activity):
        spec.boundary = tuple(made[event.id] for event in model.boundary_events(node.id))


def _has_condition(flow: SequenceFlow) -> bool:
    return bool(flow.condition and flow.condition.strip())


def _reaches(model: Model, flow: str, join: str) -> frozenset[str]:
    """Elements from which a token can come to `flow` without a visit to `join`: by sequence flows, and by boundary
    events of an activity.
    """
    found: set[str] = set()
    frontier = [model.sequence_flows[flow].source_ref]
    while frontier:
        element = frontier.pop()
        if element == join or element in found:
            continue
        found.add(element)
        node = model.flow_nodes[element]
        frontier += [model.sequence_flows[incoming].source_ref for incoming in node.incoming]
        if isinstance(node, Event) and node.attached_to_ref is not None:
            frontier.append(node.attached_to_ref)
    return frozenset(found)


def _outer(spec: BpmnProcessSpec, model: Model, node: FlowNode) -> nodes.Node:
    loop = node.loop if isinstance(node, Task | SubProcess) else None
    if loop is None:
        return _node(spec, model, node, name(node.id))
    around: activities.MultiInstanceActivity | activities.LoopActivity
    match loop:
        case MultiInstance():
            around = activities.MultiInstanceActivity(spec, name(node.id))
            around.loop = loop
        case StandardLoop():
            around = activities.LoopActivity(spec, name(node.id))
            around.loop = loop
        case _:
            assert_never(loop)
    around.body = _node(spec, model, node, f"{name(node.id)}/run")
    return _named(around, model, node)


def _named(made: nodes.Node, model: Model, node: FlowNode) -> nodes.Node:
    made.element = node
    made.bpmn_id = node.id
    made.bpmn_name = node.name
    lane = model.lane_of(node.id)
    made.lane = None if lane is None else lane.label
    return made


def _node(spec: BpmnProcessSpec, model: Model, node: FlowNode, called: str) -> nodes.Node:
    match node:
        case Task():
            made = _task(spec, node, called)
        case SubProcess():
            made = activities.SubProcess(spec, called, node.id)
            made.entries = tuple(map(name, entries(model, node.id)))
        case Gateway():
            made = _gateway(spec, node, called)
        case Event():
            made = _event(spec, node, called)
        case CallActivity():
            raise AssertionError("refused before")
        case _:
            assert_never(node)
    return _named(made, model, node)


def _task(spec: BpmnProcessSpec, node: Task, called: str) -> nodes.Node:
    match node.kind:
        case TaskKind.TASK | TaskKind.USER | TaskKind.MANUAL | TaskKind.BUSINESS_RULE:
            return activities.HumanTask(spec, called)
        case TaskKind.SERVICE | TaskKind.SCRIPT | TaskKind.SEND:
            return activities.AutomaticTask(spec, called)
        case TaskKind.RECEIVE:
            return activities.ReceiveTask(spec, called, Message(node.id))
        case _:
            assert_never(node.kind)


def _gateway(spec: BpmnProcessSpec, node: Gateway, called: str) -> nodes.Node:
    match node.kind:
        case GatewayKind.EXCLUSIVE:
            return gateways.ExclusiveGateway(spec, called)
        case GatewayKind.PARALLEL:
            return gateways.ParallelGateway(spec, called)
        case GatewayKind.INCLUSIVE:
            return gateways.InclusiveGateway(spec, called)
        case GatewayKind.EVENT_BASED:
            return gateways.EventBasedGateway(spec, called, NoneEventDefinition())
        case GatewayKind.COMPLEX:
            raise AssertionError("refused before")
        case _:
            assert_never(node.kind)


_EVENTS: dict[EventKind, Callable[..., nodes.Node]] = {
    EventKind.START: nodes.StartEvent,
    EventKind.END: nodes.EndEvent,
    EventKind.CATCH: nodes.IntermediateCatchEvent,
    EventKind.THROW: nodes.IntermediateThrowEvent,
    EventKind.BOUNDARY: nodes.BoundaryEvent,
}


def _event(spec: BpmnProcessSpec, node: Event, called: str) -> nodes.Node:
    definition = NoneEventDefinition()
    if node.kind is not EventKind.START:  # that its trigger has come is why it has a token
        match node.trigger:
            case TriggerKind.MESSAGE:
                definition = Message(node.id)
            case TriggerKind.TIMER:
                definition = Timer(node.id, parse_timer(node.definitions[0]))
            case TriggerKind.TERMINATE:
                definition = Terminate(node.id)
            case _:
                pass
    more = {"cancel_activity": node.cancel_activity} if node.kind is EventKind.BOUNDARY else {}
    return _EVENTS[node.kind](spec, called, definition, **more)
