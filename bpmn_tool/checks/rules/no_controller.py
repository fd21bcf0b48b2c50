"""``no-controller``: data about persons have a controller, and somebody who answers those concerned."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import holdings, label, listed, not_stated, personal
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import NONE, Statement
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    data = holdings(model)
    silent = [each for each in data if model.statement_of(each).personal_data is None]
    yield from not_stated(model, _("whether data are about persons (personalData)"), data, silent)
    asked = personal(model)
    fact = _("controller, contact point and category of personal data (controller, contactPoint, category)")
    pairs = [(each, name, value) for each in asked for name, value in _facts(model.statement_of(each)).items()]
    names = [f"{label(model, each)} ({name})" for each, name, value in pairs if value is None]
    missing = [f"{each}.{name}" for each, name, value in pairs if value is None]
    yield from not_stated(model, fact, [f"{each}.{name}" for each, name, _value in pairs], missing, names)
    if free := [each for each in asked if model.statement_of(each).controller == ()]:
        message = _("of %(data)s it is stated that nobody is controller: agree who is, or who are together")
        yield Violation(free[0], message % {"data": listed(model, free)}, tuple(free))
    if silent := [each for each in asked if model.statement_of(each).contact_point == NONE]:
        message = _(
            "of %(data)s it is stated that nobody answers the requests of those concerned: name a contact point"
        )
        yield Violation(silent[0], message % {"data": listed(model, silent)}, tuple(silent))


def _facts(statement: Statement) -> dict[str, object]:
    return {
        "controller": statement.controller,
        "contactPoint": statement.contact_point,
        "category": statement.category,
    }


RULE = Rule(
    name="no-controller",
    severity=Severity.WARNING,
    why="Where several partners hold one file, somebody has to answer for it, and a person has to know whom to ask.",
    whence="GDPR art. 4(7), 15 to 22 and 26",
    find=find,
    question=N_("Who is controller of these data, alone or together, and who answers the requests of those concerned?"),
)
