"""``conditional-flows``: a decision says which way on which condition."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, FlowNode, Gateway, GatewayKind
from bpmn_tool.results.finding import Severity

DECISIONS: Final = frozenset({GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE, GatewayKind.COMPLEX})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        is_decision = isinstance(node, Gateway) and node.kind in DECISIONS
        if isinstance(node, Event) or (isinstance(node, Gateway) and not is_decision) or len(node.outgoing) < 2:
            continue
        flows = [model.sequence_flows[flow] for flow in node.outgoing]
        bare = tuple(flow.id for flow in flows if flow.condition is None and flow.id != node.default)
        if not bare:
            continue
        if len(bare) < len(flows):
            yield from _partly(model.sequence_flows.keys() & bare, node, is_decision=is_decision)
        elif is_decision:
            message = _(
                "nothing says which way %(name)s goes: give its flows conditions and one of them the default, "
                "or probabilities in the scenario"
            )
            yield Violation(node.id, message % {"name": quoted(node)}, bare, Severity.WARNING)


def _partly(bare: set[str], node: FlowNode, *, is_decision: bool) -> Iterator[Violation]:
    for flow in node.outgoing:
        if flow not in bare:
            continue
        if is_decision:
            message = _("this flow of %(name)s has no condition while another has: give it one, or make it the default")
            yield Violation(flow, message % {"name": quoted(node)}, (node.id,))
        else:
            message = _(
                "this flow of %(name)s is always taken, while another has a condition: "
                "if that is not meant, make it the default"
            )
            yield Violation(flow, message % {"name": quoted(node)}, (node.id,), Severity.WARNING)


RULE = Rule(
    name="conditional-flows",
    severity=Severity.ERROR,
    why="A decision whose ways have no conditions is made anew by whoever reads the drawing, or runs it.",
    whence="bpmnlint, which says nothing of a decision without any condition; BPMN 2.0.2, 10.6.2",
    find=find,
)
