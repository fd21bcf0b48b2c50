"""``no-controller``: data about persons have a controller, and somebody who answers those concerned."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import holdings, label, not_stated, personal
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
    yield from not_stated(model, fact, asked, [each for each in asked if None in _facts(model.statement_of(each))])
    for each in asked:
        statement = model.statement_of(each)
        if statement.controller == ():
            message = _("of %(data)s it is stated that nobody is controller: agree who is, or who are together")
            yield Violation(each, message % {"data": label(model, each)})
        if statement.contact_point == NONE:
            message = _(
                "of %(data)s it is stated that nobody answers the requests of those concerned: name a contact point"
            )
            yield Violation(each, message % {"data": label(model, each)})


def _facts(statement: Statement) -> tuple[object, ...]:
    return (statement.controller, statement.contact_point, statement.category)


RULE = Rule(
    name="no-controller",
    severity=Severity.WARNING,
    why="Where several partners hold one file, somebody has to answer for it, and a person has to know whom to ask.",
    whence="GDPR art. 4(7), 15 to 22 and 26",
    find=find,
    question=N_("Who is controller of these data, alone or together, and who answers the requests of those concerned?"),
)
