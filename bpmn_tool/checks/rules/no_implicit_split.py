"""``no-implicit-split``: work that goes on side by side is split by a gateway."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if isinstance(node, Gateway):
            continue
        default = getattr(node, "default", None)
        always = tuple(
            flow for flow in node.outgoing if model.sequence_flows[flow].condition is None and flow != default
        )
        if len(always) > 1:
            message = _(
                "%(count)s flows lead from %(name)s and all of them are taken: draw a parallel gateway behind it, "
                "or an exclusive one if only one is meant"
            )
            yield Violation(node.id, message % {"count": len(always), "name": quoted(node)}, always)


RULE = Rule(
    name="no-implicit-split",
    severity=Severity.ERROR,
    why="Two flows out of a step start two pieces of work at once; many who draw them mean a choice.",
    whence="bpmnlint; BPMN 2.0.2, 13.3.1 allows it",
    find=find,
)
