"""``no-worker-support``: who works on the internet among those concerned is supported."""

from collections.abc import Iterator

from bpmn_tool.checks.consultations import at_table
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import at_work, called, not_stated, roles_not_stated, steps_doing, work
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model, register = checked.model, checked.register
    if register is None:
        steps = work(model)
        yield from not_stated(model, _("who works on the internet (online, in a register)"), steps, steps)
        return
    found = {id_: (register.roles[id_], steps) for id_, steps in at_work(checked).items()}
    fact = _("which roles work on the internet (online, in the register)")
    yield from roles_not_stated(model, fact, [role for role, _steps in found.values()], lambda role: role.online)
    support = steps_doing(model, Act.SUPPORT)
    supported = {role.id for step in support for role in at_table(checked, step)}
    for role, steps in found.values():
        if role.online and role.id not in supported:
            message = _(
                "'%(role)s' works on the internet, and no step supports it (act support): draw supervision, "
                "debriefing or a second pair of eyes, with this role in it"
            )
            yield Violation(steps[0], message % {"role": called(role)}, tuple(steps))


RULE = Rule(
    name="no-worker-support",
    severity=Severity.WARNING,
    why="Who reads hate and despair all day, under their own name, is hurt by it when nobody looks after them.",
    whence="this project: safety and mental load of online workers",
    find=find,
    question=N_("Who looks after those who do this work, how often, and what happens when they are threatened?"),
)
