"""``unused-role``: each role of the register has something to do in the models."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.messages import _
from bpmn_tool.model.elements import CallActivity, Model, SubProcess, Task
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    register = checked.register
    if register is None:
        return
    used = {role for model in checked.models for role in _used(model, register)}
    used |= {role.deputy for role in register.roles.values() if role.id in used and role.deputy}
    if not used:
        return  # nothing is drawn by role: undefined-role says it
    for role in register.roles.values():
        if role.id not in used:
            message = _(
                "no lane, pool or performer of the models that were checked is the role '%(name)s': "
                "draw what it does, or take it out of the register"
            )
            name = next(iter(role.name.values()), role.id)
            yield Violation(role.id, message % {"name": name}, location=role.location)


def _used(model: Model, register: Register) -> Iterator[str]:
    """Roles that a lane, a performer or a pool is, and those inside of a partner whose process is not drawn."""
    names = [text for lane in model.lanes.values() for text in (lane.name or lane.id, lane.performer)]
    names += [pool.name or pool.id for pool in model.participants.values()]
    for node in model.flow_nodes.values():
        if isinstance(node, Task | SubProcess | CallActivity):
            names += node.performers
    yield from (role.id for name in names if (role := register.role_of(name)) is not None)
    for pool in model.participants.values():
        partner = register.partner_of(pool.name or pool.id)
        if partner is not None and (pool.process_ref is None or not model.nodes_in(pool.process_ref)):
            yield from (role.id for role in register.roles.values() if role.partner == partner.id)


RULE = Rule(
    name="unused-role",
    severity=Severity.INFO,
    why="A role without any step was forgotten in the drawing, or is a promise on paper.",
    whence="this project: the role of each partner is defined by what it does",
    find=find,
    once=True,
)
