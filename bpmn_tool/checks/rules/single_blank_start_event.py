"""``single-blank-start-event``: one start event at most does not say what starts it."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import containers
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for element, nodes in containers(checked.model):
        blank = tuple(
            node.id
            for node in nodes
            if isinstance(node, Event) and node.kind is EventKind.START and not node.definitions
        )
        if len(blank) > 1:
            message = _(
                "%(name)s has %(count)s start events that do not say what starts them: "
                "make them one, or give each its message or timer"
            )
            yield Violation(element.id, message % {"name": quoted(element), "count": len(blank)}, blank)


RULE = Rule(
    name="single-blank-start-event",
    severity=Severity.WARNING,
    why="With two blank start events nobody can tell by which of them a case comes in.",
    whence="bpmnlint",
    find=find,
)
