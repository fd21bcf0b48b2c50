"""``superfluous-gateway``: a gateway splits or joins."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Gateway) and len(node.incoming) == len(node.outgoing) == 1:
            message = _("gateway %(name)s neither splits nor joins: take it out, or draw the way that is missing")
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="superfluous-gateway",
    severity=Severity.INFO,
    why="A gateway with one way in and one way out decides nothing; often a branch was forgotten.",
    whence="bpmnlint; BPMN 2.0.2, 10.6: a gateway must merge or split the flow",
    find=find,
)
