"""``report-against-secrecy``: nobody has to report a crime and to keep it secret."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import at_work, called, holds_secrecy, not_stated, roles_not_stated, work
from bpmn_tool.messages import N_, _
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model, register = checked.model, checked.register
    if register is None:
        steps = work(model)
        yield from not_stated(model, _("duty to report of those who do a step (a register)"), steps, steps)
        return
    found = {id_: (register.roles[id_], steps) for id_, steps in at_work(checked).items()}
    fact = _("whether roles have to report crimes (duty_to_report, in the register)")
    yield from roles_not_stated(
        model, fact, [role for role, _steps in found.values()], lambda role: role.duty_to_report
    )
    for role, steps in found.values():
        if role.duty_to_report and holds_secrecy(register, role):
            message = _(
                "'%(role)s' has to report crimes and to keep secret what it hears: settle beforehand which goes first, "
                "and tell those it works with"
            )
            yield Violation(steps[0], message % {"role": called(role)}, tuple(steps))


RULE = Rule(
    name="report-against-secrecy",
    severity=Severity.WARNING,
    why=(
        "Who has both duties breaks one of them with every crime that is told, and those who tell it should know which."
    ),
    whence="this project; in Belgium art. 29 of the Code of Criminal Procedure and art. 458 of the Criminal Code",
    find=find,
    question=N_("Which goes first for this role, the duty to report or secrecy, and how does the person know?"),
)
