"""``one-sided-meeting``: where partners speak about a person, somebody who helps sits at the table."""

from collections.abc import Iterator

from bpmn_tool.checks.consultations import at_table, consultations, not_stated_of_consultations
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import called, label, not_stated, shortened
from bpmn_tool.messages import N_, _
from bpmn_tool.register import Sector
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model, register = checked.model, checked.register
    yield from not_stated_of_consultations(checked)
    if register is None:
        return
    tables = {step: at_table(checked, step) for step in consultations(model)}
    partners = list({role.partner for seated in tables.values() for role in seated})
    silent = sorted(each for each in partners if register.partners[each].sector is None)
    fact = _("what kind of partners sit at a consultation (sector, in the register)")
    yield from not_stated(model, fact, partners, silent, silent)
    for step, seated in tables.items():
        sectors = {register.partners[role.partner].sector for role in seated}
        if model.statement_of(step).participants is None or None in sectors or Sector.HELP in sectors:
            continue
        message = _(
            "at %(step)s sit %(roles)s, and nobody who helps (care, school, welfare, youth work): invite one, or "
            "say in the register what kind of partner they are"
        )
        names = shortened([f"'{called(role)}'" for role in seated])
        yield Violation(step, message % {"step": label(model, step), "roles": names})


RULE = Rule(
    name="one-sided-meeting",
    severity=Severity.WARNING,
    why="A table of authority and police alone sees a risk where a school or a social worker sees a person.",
    whence="this project: social partners are absent from many tables",
    find=find,
    question=N_("Which social partner takes part in this meeting, and under which conditions would it?"),
)
