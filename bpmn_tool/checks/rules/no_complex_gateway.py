"""``no-complex-gateway``: a drawing does without complex gateways."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway, GatewayKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Gateway) and node.kind is GatewayKind.COMPLEX:
            message = _(
                "%(name)s is a complex gateway, which few readers can tell the meaning of: "
                "say the same with exclusive, parallel and event gateways"
            )
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="no-complex-gateway",
    severity=Severity.ERROR,
    why="What a complex gateway waits for stands in an expression that the drawing does not show.",
    whence="bpmnlint",
    find=find,
)
