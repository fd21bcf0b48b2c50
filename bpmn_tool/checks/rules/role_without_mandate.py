"""``role-without-mandate``: a role that does something has a mandate, a ground, and a word on secrecy and seat."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import at_work, called, not_stated, shortened, work
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import NONE
from bpmn_tool.register import Role
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    if checked.register is None:
        steps = work(model)
        yield from not_stated(model, _("mandate and secrecy of those who do a step (a register)"), steps, steps)
        return
    known = at_work(checked)
    found = [(checked.register.roles[id_], steps) for id_, steps in known.items()]
    asked = [f"{role.id}.{fact}" for role, _steps in found for fact in _facts(role)]
    open_ = [(role, fact) for role, _steps in found for fact, value in _facts(role).items() if value is None]
    fact = _("mandate, ground, secrecy and seat of roles (in the register)")
    names = [f"{called(role)} ({_(_WORDS[each])})" for role, each in open_]
    yield from not_stated(model, fact, asked, [f"{role.id}.{each}" for role, each in open_], names)
    for role, steps in found:
        none = [each for each, value in _facts(role).items() if value in (NONE, ())]
        if not {"mandate", "legal_bases"}.isdisjoint(none):
            message = _(
                "the role '%(role)s' does %(steps)s, and the register says that it has no %(facts)s: settle it "
                "with the partner before anybody does this work"
            )
            values = {
                "role": called(role),
                "steps": shortened([f"'{model.flow_nodes[step].label}'" for step in steps]),
                "facts": ", ".join(_(_WORDS[each]) for each in none),
            }
            yield Violation(steps[0], message % values, tuple(steps))


_WORDS = {"mandate": N_("mandate"), "legal_bases": N_("ground"), "secrecy": N_("secrecy"), "seat": N_("seat")}


def _facts(role: Role) -> dict[str, object]:
    return {fact: getattr(role, fact) for fact in _WORDS}


RULE = Rule(
    name="role-without-mandate",
    severity=Severity.WARNING,
    why="Who works without a mandate acts as a private person, and nobody knows what they may hear, say or keep.",
    whence="this project: the role of each partner online, defined as clearly as it is offline",
    find=find,
    question=N_("Who may give this role a mandate, on which ground, and does it hold professional secrecy?"),
)
