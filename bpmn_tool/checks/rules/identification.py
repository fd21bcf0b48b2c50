"""``identification``: who goes from an account to a person has the power to."""

from collections.abc import Iterator

from bpmn_tool.checks.powers import powers_not_stated, without_power
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import acts_not_stated, roles, says_acts, steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act
from bpmn_tool.register import Power
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    if not says_acts(checked.model):
        yield from acts_not_stated(checked.model)
    message = _(
        "%(role)s identifies a person in %(step)s, and the register gives it no power to: leave that to a role "
        "that has it, or wait until the person says who they are"
    )
    steps = steps_doing(checked.model, Act.IDENTIFY)
    yield from powers_not_stated(checked, (role.id for step in steps for role in roles(checked, step)))
    yield from without_power(checked, steps, Power.IDENTIFY, message)


RULE = Rule(
    name="identification",
    severity=Severity.WARNING,
    why="Whoever wrote without a name is identified by those only whom the law empowers to.",
    whence="this project; in criminal investigation a power of police and prosecutor",
    find=find,
    question=N_("Who may find out who is behind an account, and after whose authorisation?"),
)
