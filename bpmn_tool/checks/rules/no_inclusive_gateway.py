"""``no-inclusive-gateway``: a drawing does without inclusive gateways."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway, GatewayKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Gateway) and node.kind is GatewayKind.INCLUSIVE:
            message = _(
                "%(name)s is an inclusive gateway: how many ways are taken, and what it waits for, is not seen from "
                "the drawing; where it can be said with exclusive and parallel gateways, do"
            )
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="no-inclusive-gateway",
    severity=Severity.WARNING,
    why="Whether an inclusive gateway goes on depends on tokens anywhere before it, which readers get wrong.",
    whence="bpmnlint",
    find=find,
)
