"""``fake-join``: flows that come together at a step do so at a gateway."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if not isinstance(node, Gateway) and len(node.incoming) > 1:
            message = _(
                "%(count)s flows lead to %(name)s, which begins anew for each: "
                "if it is to wait for all of them, or to say that one is enough, put a gateway before it"
            )
            yield Violation(node.id, message % {"count": len(node.incoming), "name": quoted(node)}, node.incoming)


RULE = Rule(
    name="fake-join",
    severity=Severity.WARNING,
    why="Many read two flows into a step as a join; it is none, and the step is done once for each of them.",
    whence="bpmnlint; BPMN 2.0.2, 13.3.1: each token that arrives begins the activity",
    find=find,
)
