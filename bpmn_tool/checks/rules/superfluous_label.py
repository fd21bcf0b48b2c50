"""``superfluous-label``: a flow on which nothing is decided has no name."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import FlowNode, Gateway, GatewayKind, SequenceFlow
from bpmn_tool.results.finding import Severity

DECISIONS: Final = frozenset({GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for flow in model.sequence_flows.values():
        if flow.name.strip() and not _is_an_answer(flow, model.flow_nodes.get(flow.source_ref)):
            message = _("the flow %(name)s is always taken: what its name says belongs to a step, or to a gateway")
            yield Violation(flow.id, message % {"name": quoted(flow)})


def _is_an_answer(flow: SequenceFlow, source: FlowNode | None) -> bool:
    if flow.condition is not None or getattr(source, "default", None) == flow.id:
        return True
    return isinstance(source, Gateway) and source.kind in DECISIONS and len(source.outgoing) > 1


RULE = Rule(
    name="superfluous-label",
    severity=Severity.WARNING,
    why="A name on a flow reads as the answer to a question; where none is asked it misleads.",
    whence="bpmnlint",
    find=find,
)
