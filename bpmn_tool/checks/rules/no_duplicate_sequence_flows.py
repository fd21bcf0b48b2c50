"""``no-duplicate-sequence-flows``: no two flows lead from the same to the same on the same condition."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    seen: dict[tuple[str, str, str], str] = {}
    for flow in model.sequence_flows.values():
        first = seen.setdefault((flow.source_ref, flow.target_ref, flow.condition or ""), flow.id)
        source, target = model.flow_nodes.get(flow.source_ref), model.flow_nodes.get(flow.target_ref)
        if first == flow.id or source is None or target is None:
            continue
        message = _("a second flow leads from %(source)s to %(target)s: take one out, or the work is done twice")
        yield Violation(flow.id, message % {"source": quoted(source), "target": quoted(target)}, (first,))


RULE = Rule(
    name="no-duplicate-sequence-flows",
    severity=Severity.ERROR,
    why="Each flow carries a token of its own: two flows drawn on top of each other start everything after them twice.",
    whence="bpmnlint; BPMN 2.0.2, 13.3",
    find=find,
)
