"""``no-gateway-join-fork``: a gateway joins or splits, and does not do both."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Gateway) and len(node.incoming) > 1 and len(node.outgoing) > 1:
            message = _("gateway %(name)s joins and splits at once: draw two, the one that joins first")
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="no-gateway-join-fork",
    severity=Severity.ERROR,
    why="Of a gateway that does both, a reader sees one half and asks its question of the wrong flows.",
    whence="bpmnlint; BPMN 2.0.2, 10.6 allows it (gatewayDirection Mixed)",
    find=find,
)
