"""``no-worker-support``: who works on the internet among those concerned is supported."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import at_work, called, not_stated, roles, steps_doing, work
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
    silent = [role for role, _steps in found.values() if role.online is None]
    fact = _("which roles work on the internet (online, in the register)")
    yield from not_stated(model, fact, list(found), [role.id for role in silent], [called(role) for role in silent])
    supported = _supported(checked)
    for role, steps in found.values():
        if role.online and role.id not in supported:
            message = _(
                "'%(role)s' works on the internet, and no step supports it (act support): draw supervision, "
                "debriefing or a second pair of eyes, with this role in it"
            )
            yield Violation(steps[0], message % {"role": called(role)}, tuple(steps))


def _supported(checked: Checked) -> set[str]:
    """The roles whose step it is, or that take part in it."""
    found: set[str] = set()
    for step in steps_doing(checked.model, Act.SUPPORT):
        found.update(role.id for role in roles(checked, step))
        codes = checked.model.statement_of(step).participants or ()
        known = (checked.register.role(code) for code in codes if checked.register is not None)
        found.update(role.id for role in known if role is not None)
    return found


RULE = Rule(
    name="no-worker-support",
    severity=Severity.WARNING,
    why="Who reads hate and despair all day, under their own name, is hurt by it when nobody looks after them.",
    whence="this project: safety and mental load of online workers",
    find=find,
    question=N_("Who looks after those who do this work, how often, and what happens when they are threatened?"),
)
