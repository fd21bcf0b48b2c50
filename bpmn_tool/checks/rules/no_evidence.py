"""``no-evidence``: what is stated says on what it rests."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import label, not_stated
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import Element
from bpmn_tool.model.statement import Evidence
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    asked = [each for each in model.elements() if _says_something(each)]
    silent = [each.id for each in asked if each.statement.evidence is None]
    yield from not_stated(model, _("on what statements rest (evidence)"), [each.id for each in asked], silent)
    for each in asked:
        if each.statement.evidence is Evidence.SOURCED and not each.statement.source:
            message = _(
                "of %(element)s it is stated that it is sourced, and no source is named: name it, or say assumed"
            )
            yield Violation(each.id, message % {"element": label(model, each.id)})


def _says_something(element: Element) -> bool:
    """Anything but names and where it is from."""
    statement = element.statement
    facts = set(type(statement).__dataclass_fields__) - {"names", "ignored", "evidence", "source"}
    return any(getattr(statement, fact) is not None for fact in facts)


RULE = Rule(
    name="no-evidence",
    severity=Severity.WARNING,
    why="A reader has to see what was looked up, what is general knowledge and what is a guess.",
    whence="this project: provenance of every statement",
    find=find,
    question=N_("On what does this statement rest: which source, or whose assumption?"),
)
