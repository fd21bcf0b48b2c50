"""``loose-reference``: what an element names is there, and is of the kind that it has to be."""

from collections.abc import Iterator

from bpmn_tool.checks.remarked import remarked
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.model.elements import RemarkKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    """default-flow and boundary-event say it of the other two kinds of reference."""
    yield from remarked(checked.model, RemarkKind.REFERENCE)
    yield from remarked(checked.model, RemarkKind.DRAWING, Severity.INFO)


RULE = Rule(
    name="loose-reference",
    severity=Severity.WARNING,
    why="What an element names and nobody finds is left out, by one tool in silence and by the next with an error.",
    whence="BPMN 2.0.2, its XML schema: most references are QNames, which may lead into a file that is not there",
    find=find,
)
