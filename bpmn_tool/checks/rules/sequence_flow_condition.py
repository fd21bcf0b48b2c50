"""``sequence-flow-condition``: a condition stands only where there is something to choose."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_event
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, FlowNode, Gateway, GatewayKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for flow in model.sequence_flows.values():
        source = model.flow_nodes.get(flow.source_ref)
        if source is None or not (flow.condition or "").strip():
            continue
        if sentence := _why_not(source):
            yield Violation(flow.id, sentence % {"name": quoted(source)}, (source.id,))
        elif isinstance(source, Event):
            message = _(
                "this flow of the event %(name)s has a condition, which not every tool heeds: decide at a gateway"
            )
            yield Violation(flow.id, message % {"name": quoted(source)}, (source.id,), Severity.WARNING)


def _why_not(source: FlowNode) -> str | None:
    if isinstance(source, Gateway):
        if source.kind is GatewayKind.PARALLEL:
            return _("this flow of the parallel gateway %(name)s has a condition: all its flows are taken, take it out")
        return None  # event-based-gateway says it of the others
    if is_event(source, EventKind.START):
        return _("this flow of the start event %(name)s has a condition: take it out, or decide at a gateway behind it")
    if not isinstance(source, Event) and len(source.outgoing) == 1:
        return _(
            "the only flow of %(name)s has a condition: draw the way for when it is false, or take the condition out"
        )
    return None


RULE = Rule(
    name="sequence-flow-condition",
    severity=Severity.ERROR,
    why="A condition where nothing is chosen is either without effect, or leaves the case where it is.",
    whence="BPMN 2.0.2, 8.4.13 (sequence flow) and 10.5.2",
    find=find,
)
