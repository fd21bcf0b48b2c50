"""``complex-gateway``: a complex gateway that joins says when it goes on."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway, GatewayKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if not isinstance(node, Gateway) or node.kind is not GatewayKind.COMPLEX:
            continue
        if len(node.incoming) > 1 and not node.activation_condition.strip():
            message = _(
                "nothing says when the complex gateway %(name)s goes on: give it an activation condition, "
                "or take another kind of gateway"
            )
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="complex-gateway",
    severity=Severity.WARNING,
    why="A complex gateway waits for as many of its flows as its condition says; without one, everybody guesses.",
    whence="BPMN 2.0.2, 10.6.5 and Table 13.5; its schema leaves the condition out where it likes",
    find=find,
)
