"""SpiffWorkflow specs from a Model, never from XML: one reader, one truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from bpmn_tool.errors import InputError
from bpmn_tool.execution import activities, gateways, nodes
from bpmn_tool.execution.beginnings import entries, inside_entries, together
from bpmn_tool.execution.build_events import event as event_spec
from bpmn_tool.execution.build_events import name, signal_starts
from bpmn_tool.execution.build_expressions import expressions
from bpmn_tool.execution.events import Trigger, Triggers
from bpmn_tool.execution.links import linked
from bpmn_tool.execution.outside import Outside, outside
from bpmn_tool.execution.refusals import of_event_gateways, refusals
from bpmn_tool.execution.routes import Routes, routes
from bpmn_tool.expressions import Expression, Script, parse_script
from bpmn_tool.model.elements import (
    Activity,
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
    SubProcessKind,
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
    signals: Mapping[str, tuple[tuple[str, str], ...]]  # signal -> (process, node) that it begins
    routes: Routes
    outside: Outside


def executable(model: Model) -> Executable:
    """Specs for all processes of a model. Raises InputError with every element that cannot be executed, its place and
    the reason.
    """
    routed, unrouted = routes(model)
    if problems := (*refusals(model), *of_event_gateways(model), *unrouted):
        raise InputError(sorted(problems, key=lambda problem: problem.location.line or 0))
    drawn = linked(model)
    containers = [*model.processes, *(n.id for n in model.flow_nodes.values() if isinstance(n, SubProcess))]
    made = {scope: _scope(drawn, scope) for scope in containers}
    for spec in made.values():
        spec.listeners = _listeners(drawn, spec.name, made)
    return Executable(
        model=model,
        processes={process: made[process] for process in model.processes},
        inner=made,
        expressions=expressions(model),
        scripts={
            n.id: parse_script(n.script)
            for n in model.flow_nodes.values()
            if isinstance(n, Task) and n.kind is TaskKind.SCRIPT
        },
        signals=signal_starts(model),
        routes=routed,
        outside=outside(model),
    )


def _scope(model: Model, scope: str) -> BpmnProcessSpec:
    spec = BpmnProcessSpec(name=scope)
    del spec.task_specs["Start"]
    spec.start = nodes.Entry(spec, "Start")
    spec.start.bpmn_id = None
    made = {node.id: _outer(spec, model, node) for node in model.nodes_in(scope)}
    for node in model.nodes_in(scope):
        _wire(model, made, made[node.id], node)
    spec.joins = tuple(
        each
        for each in made.values()
        if isinstance(each, gateways.InclusiveGateway | gateways.ComplexGateway) and len(each.incoming) > 1
    )
    return spec


def _listeners(model: Model, scope: str, made: Mapping[str, BpmnProcessSpec]) -> tuple[nodes.Node, ...]:
    """The start events of event sub-processes, which listen in the scope around them."""
    found = (
        made[inside.id].task_specs[name(start.id)]
        for inside in model.nodes_in(scope)
        if isinstance(inside, SubProcess) and inside.triggered_by_event
        for start in model.nodes_in(inside.id)
        if isinstance(start, Event) and start.kind is EventKind.START and not start.has(TriggerKind.COMPENSATE)
    )
    return tuple(sorted(found, key=lambda spec: spec.element.id.encode()))


def _wire(model: Model, made: Mapping[str, nodes.Node], spec: nodes.Node, node: FlowNode) -> None:
    flows = [model.sequence_flows[flow] for flow in node.outgoing]
    spec.flows = tuple(flows)
    spec.targets = {flow.id: made[flow.target_ref].name for flow in flows}
    spec.default = None if isinstance(node, Event) else node.default
    spec.conditional = frozenset(flow.id for flow in flows if flow.id != spec.default and _has_condition(flow))
    for flow in flows:
        if isinstance(spec, gateways.Decision):
            spec.connect_outgoing_if(nodes.FLOW + flow.id, made[flow.target_ref])
        else:
            spec.connect(made[flow.target_ref])
    match spec:
        case gateways.Decision():
            spec.undecided = len(flows) > 1 and any(f.id != spec.default and not _has_condition(f) for f in flows)
        case gateways.ParallelGateway() | gateways.EventBasedGateway() | nodes.Waiting() | nodes.StartEvent():
            spec.conditional = frozenset()  # conditions mean nothing there (8.3.13)
        case _:
            pass
    if isinstance(spec, gateways.ParallelGateway | gateways.InclusiveGateway | gateways.ComplexGateway):
        spec.incoming = node.incoming
    if isinstance(spec, gateways.InclusiveGateway | gateways.ComplexGateway):
        spec.reach = {flow: _reaches(model, flow, node.id) for flow in node.incoming}
    if isinstance(spec, activities.Activity):
        events = [event for event in model.boundary_events(node.id) if not event.has(TriggerKind.COMPENSATE)]
        spec.boundary = tuple(made[event.id] for event in sorted(events, key=lambda event: event.id.encode()))
    if isinstance(node, Event | Task):
        spec.together = tuple(map(name, together(model, node)))


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
    if not isinstance(node, Task | SubProcess | CallActivity):
        return _node(spec, model, node, name(node.id))
    loop = node.loop
    if loop is None:
        return _handled(_node(spec, model, node, name(node.id)), model, node, quantities=True)
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
    around.body = _handled(_node(spec, model, node, f"{name(node.id)}/run"), model, node, quantities=False)
    return _handled(_named(around, model, node), model, node, quantities=True)


def _handled(made: nodes.Node, model: Model, node: Activity, *, quantities: bool) -> nodes.Node:
    """What compensates an activity, and how many tokens begin it and leave it."""
    assert isinstance(made, activities.Activity)
    if quantities:
        made.needs, made.gives = node.start_quantity, node.completion_quantity
    if (handler := _handler(model, node)) is not None:
        made.handler = name(handler)
    inside = node.called_element if isinstance(node, CallActivity) else node.id
    made.inner_handler = next(
        (
            name(each.id)
            for each in model.nodes_in(inside)
            if isinstance(each, SubProcess) and each.triggered_by_event
            for start in model.nodes_in(each.id)
            if isinstance(start, Event) and start.kind is EventKind.START and start.has(TriggerKind.COMPENSATE)
        ),
        None,
    )
    return made


def _handler(model: Model, node: Activity) -> str | None:
    """The activity that an association leads to from the compensation event at the border (10.7)."""
    events = {event.id for event in model.boundary_events(node.id) if event.has(TriggerKind.COMPENSATE)}
    for artifact in model.artifacts.values() if events else ():
        for event, handler in ((artifact.source_ref, artifact.target_ref), (artifact.target_ref, artifact.source_ref)):
            if event in events and handler in model.flow_nodes:
                return handler
    return None


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
            made = _sub_process(spec, model, node, called)
        case CallActivity() if node.called_element in model.processes:
            made = activities.SubProcess(spec, called, node.called_element)
            made.entries = tuple(map(name, inside_entries(model, node.called_element, called=True)))
        case CallActivity():  # what is called stands in a file that was not read: somebody does it
            made = activities.HumanTask(spec, called)
        case Gateway():
            made = _gateway(spec, node, called)
        case Event():
            made = event_spec(spec, model, node, called)
        case _:
            assert_never(node)
    return _named(made, model, node)


def _sub_process(spec: BpmnProcessSpec, model: Model, node: SubProcess, called: str) -> activities.SubProcess:
    if node.kind is SubProcessKind.AD_HOC:
        ad_hoc = activities.AdHocSubProcess(spec, called, node.id)
        ad_hoc.performs = tuple(map(name, entries(model, node.id)))
        ad_hoc.sequential = node.ordering == "Sequential"
        ad_hoc.cancels_rest = node.cancel_remaining_instances
        ad_hoc.condition = nodes.DONE + node.id if node.completion_condition.strip() else ""
        return ad_hoc
    made = activities.SubProcess(spec, called, node.id)
    made.entries = tuple(map(name, inside_entries(model, node.id)))
    made.transaction = node.kind is SubProcessKind.TRANSACTION
    made.by_event = node.triggered_by_event
    return made


def _task(spec: BpmnProcessSpec, node: Task, called: str) -> nodes.Node:
    match node.kind:
        case TaskKind.TASK | TaskKind.USER | TaskKind.MANUAL | TaskKind.BUSINESS_RULE:
            return activities.HumanTask(spec, called)
        case TaskKind.SERVICE | TaskKind.SCRIPT | TaskKind.SEND:
            return activities.AutomaticTask(spec, called)
        case TaskKind.RECEIVE:
            message = Trigger(kind=TriggerKind.MESSAGE, key=node.message_ref or "")
            return activities.ReceiveTask(spec, called, Triggers(node.id, (message,)))
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
            made = gateways.ComplexGateway(spec, called)
            made.activation = nodes.ACTIVATION + node.id if node.activation_condition.strip() else ""
            return made
        case _:
            assert_never(node.kind)
