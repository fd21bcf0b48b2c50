"""What not every role may do, by the register."""

from collections.abc import Iterable, Iterator

from bpmn_tool.checks.rule import Checked, Violation
from bpmn_tool.checks.stated import called, label, roles, roles_not_stated
from bpmn_tool.messages import _
from bpmn_tool.register import Power


def without_power(checked: Checked, steps: Iterable[str], power: Power, message: str) -> Iterator[Violation]:
    """The steps of roles that the register does not give this power.

    `message` has %(role)s and %(step)s. Of a role of which the register says nothing nothing is judged.
    """
    for step in steps:
        for role in roles(checked, step):
            if role.may is not None and power not in role.may:
                yield Violation(step, message % {"role": f"'{called(role)}'", "step": label(checked.model, step)})


def powers_not_stated(checked: Checked, ids: Iterable[str]) -> Iterator[Violation]:
    """Of which of these roles the register does not say what they may."""
    known = [checked.register.roles[each] for each in dict.fromkeys(ids)] if checked.register is not None else []
    fact = _("what roles may do (may, in the register)")
    yield from roles_not_stated(checked.model, fact, known, lambda role: role.may)
