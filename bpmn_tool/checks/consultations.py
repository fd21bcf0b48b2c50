"""Steps at which several partners speak about a person: who sits at the table."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Violation
from bpmn_tool.checks.stated import acts_not_stated, not_stated, roles, says_acts, steps_doing
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model
from bpmn_tool.model.statement import Act
from bpmn_tool.register import Role


def consultations(model: Model) -> list[str]:
    return steps_doing(model, Act.CONSULT)


def at_table(checked: Checked, step: str) -> list[Role]:
    """Whoever does the step, and the participants that it states."""
    seated = {role.id: role for role in roles(checked, step)}
    for code in checked.model.statement_of(step).participants or ():
        role = checked.register.role(code) if checked.register is not None else None
        if role is not None:
            seated.setdefault(role.id, role)
    return list(seated.values())


def not_stated_of_consultations(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    if not says_acts(model):
        yield from acts_not_stated(model)
        return
    asked = consultations(model)
    silent = [each for each in asked if model.statement_of(each).participants is None]
    yield from not_stated(model, _("who takes part in consultations (participants)"), asked, silent)
