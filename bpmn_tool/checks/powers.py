"""What not every role may do, by the register."""

from collections.abc import Iterable, Iterator

from bpmn_tool.checks.rule import Checked, Violation
from bpmn_tool.checks.stated import called, label, not_stated, roles
from bpmn_tool.messages import _
from bpmn_tool.register import Power


def without_power(checked: Checked, steps: Iterable[str], power: Power, message: str) -> Iterator[Violation]:
    """The steps of roles that the register does not give this power; the roles of which it says nothing, once.

    `message` has %(role)s and %(step)s.
    """
    model = checked.model
    doing = [(step, role) for step in steps for role in roles(checked, step)]
    found = {role.id: role for _step, role in doing}
    silent = [role.id for role in found.values() if role.may is None]
    fact = _("what roles may do (may, in the register)")
    yield from not_stated(model, fact, list(found), silent, [called(found[each]) for each in silent])
    for step, role in doing:
        if role.may is not None and power not in role.may:
            yield Violation(step, message % {"role": f"'{called(role)}'", "step": label(model, step)})
