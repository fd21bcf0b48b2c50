"""``missing-id``: elements have ids of their own."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.messages import _
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for row in checked.model.generated:
        message = _(
            "this <%(kind)s> has no id and goes by one made from its neighbours, which changes when they do: "
            "give it one in the file"
        )
        yield Violation(row.id, message % {"kind": row.kind}, location=row.location)


RULE = Rule(
    name="missing-id",
    severity=Severity.INFO,
    why="Scenarios, stories, comparisons and reports name elements by id: one that is made up may change with an edit.",
    whence="BPMN 2.0.2, 8.3.1: ids are optional",
    find=find,
)
