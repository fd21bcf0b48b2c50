"""``event-based-gateway``: an event gateway waits for two events or more, and nothing else leads to them."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import (
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.results.finding import Severity

OF_ARM: Final = frozenset({TriggerKind.MESSAGE, TriggerKind.SIGNAL, TriggerKind.TIMER, TriggerKind.CONDITIONAL})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if isinstance(node, Gateway) and node.kind is GatewayKind.EVENT_BASED:
            yield from _itself(node)
            yield from _arms(model, node)


def _itself(node: Gateway) -> Iterator[Violation]:
    values = {"name": quoted(node)}
    if len(node.outgoing) < 2:
        message = _("the event gateway %(name)s has fewer than two ways on: draw each event that it waits for")
        yield Violation(node.id, message % values)
    if node.instantiate and node.incoming:
        message = _("the event gateway %(name)s begins the process, and a flow leads to it: choose one of them")
        yield Violation(node.id, message % values, node.incoming)
    if node.event_gateway_type == "Parallel" and not node.instantiate:
        message = _(
            "the event gateway %(name)s is parallel and does not begin the process: "
            "within a process take a parallel gateway with events behind it"
        )
        yield Violation(node.id, message % values)


def _arms(model: Model, node: Gateway) -> Iterator[Violation]:
    targets: dict[str, FlowNode] = {}
    for flow_id in node.outgoing:
        flow = model.sequence_flows[flow_id]
        if (flow.condition or "").strip():
            message = _("this flow of the event gateway %(name)s has a condition: the event decides, take it out")
            yield Violation(flow.id, message % {"name": quoted(node)}, (node.id,))
        if (target := model.flow_nodes.get(flow.target_ref)) is not None:
            targets[target.id] = target
    for target in targets.values():
        yield from _arm(model, node, target)
    messages = tuple(t.id for t in targets.values() if isinstance(t, Event) and t.has(TriggerKind.MESSAGE))
    receivers = tuple(t.id for t in targets.values() if _receives(t))
    if messages and receivers:
        message = _(
            "behind the event gateway %(name)s stand message events and receive tasks: take only the one or the other"
        )
        yield Violation(node.id, message % {"name": quoted(node)}, (*messages, *receivers))


def _arm(model: Model, node: Gateway, target: FlowNode) -> Iterator[Violation]:
    values = {"gateway": quoted(node), "name": quoted(target)}
    if not (_receives(target) or _waits(target)):
        message = _(
            "behind the event gateway %(gateway)s stands %(name)s: it waits only for messages, signals, timers and "
            "conditions (as events that catch them) and for receive tasks"
        )
        yield Violation(target.id, message % values, (node.id,))
        return
    if any(model.sequence_flows[flow].source_ref != node.id for flow in target.incoming):
        message = _("%(name)s stands behind the event gateway %(gateway)s, and another flow leads to it as well")
        yield Violation(target.id, message % values, target.incoming)
    if attached := model.boundary_events(target.id):
        message = _("%(name)s stands behind the event gateway %(gateway)s and may not have events on its border")
        yield Violation(target.id, message % values, tuple(event.id for event in attached))


def _receives(node: FlowNode) -> bool:
    return isinstance(node, Task) and node.kind is TaskKind.RECEIVE


def _waits(node: FlowNode) -> bool:
    if not isinstance(node, Event) or node.kind is not EventKind.CATCH:
        return False
    return bool(node.definitions) and all(definition.kind in OF_ARM for definition in node.definitions)


RULE = Rule(
    name="event-based-gateway",
    severity=Severity.ERROR,
    why="An event gateway decides by what happens first. Behind it stands what can happen, and nothing that is done.",
    whence="bpmnlint, which does not look at what stands behind it; BPMN 2.0.2, 10.6.6",
    find=find,
)
