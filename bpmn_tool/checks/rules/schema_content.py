"""``schema-content``: elements, attributes and values are ones that the schema knows, and stand where it lets them."""

from collections.abc import Iterator

from bpmn_tool.checks.remarked import remarked
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.model.elements import RemarkKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    yield from remarked(checked.model, RemarkKind.SCHEMA)
    yield from remarked(checked.model, RemarkKind.FOREIGN, Severity.WARNING)


RULE = Rule(
    name="schema-content",
    severity=Severity.ERROR,
    why="What the schema does not know there, no tool reads: the file says something, and nobody does it.",
    whence="BPMN 2.0.2, 15 (its XML schemas)",
    find=find,
)
