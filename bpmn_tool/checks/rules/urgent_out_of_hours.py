"""``urgent-out-of-hours``: what cannot wait finds somebody who is there."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import called, deciding, decisions_not_stated, label, not_stated, roles, roles_not_stated
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import MessageFlow, Model, SequenceFlow
from bpmn_tool.model.statement import NONE, Topic
from bpmn_tool.register import Register, Role
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    yield from decisions_not_stated(model)
    asked = deciding(model, Topic.DANGER)
    silent = [each for each in asked if not any(model.statement_of(f).urgent is not None for f in _ways(model, each))]
    yield from not_stated(model, _("which way out of a danger check is urgent (urgent)"), asked, silent)
    steps = [*asked, *_urgent_steps(model)]
    found = {role.id: (role, step) for step in reversed(steps) for role in roles(checked, step)}
    fact = _("hours of roles on urgent paths (hours, in the register)")
    yield from roles_not_stated(model, fact, [role for role, _step in found.values()], lambda role: role.hours)
    for role, step in found.values():
        if checked.register is not None and not _is_there(checked.register, role):
            message = _(
                "%(step)s is urgent, and '%(role)s' cannot be reached at all hours, nor can a deputy: name one who "
                "can, or lead the path at night another way"
            )
            yield Violation(step, message % {"step": label(model, step), "role": called(role)})


def _ways(model: Model, gateway: str) -> tuple[str, ...]:
    return model.flow_nodes[gateway].outgoing


def _urgent_steps(model: Model) -> Iterator[str]:
    """Steps that are urgent, what an urgent flow or message leads to, and to whom that sends a message."""
    flows: list[SequenceFlow | MessageFlow] = [*model.sequence_flows.values(), *model.message_flows.values()]
    here = [flow.target_ref for flow in flows if flow.statement.urgent]
    here += [node.id for node in model.flow_nodes.values() if node.statement.urgent]
    yield from here
    yield from (flow.target_ref for flow in model.message_flows.values() if flow.source_ref in here)


def _is_there(register: Register, role: Role) -> bool:
    """Round the clock, itself or its deputy; of whom no hours are stated nothing is known."""
    if role.hours is None or role.hours.is_always:
        return True
    deputy = register.role(role.deputy) if role.deputy is not None and role.deputy != NONE else None
    return deputy is not None and (deputy.hours is None or deputy.hours.is_always)


RULE = Rule(
    name="urgent-out-of-hours",
    severity=Severity.WARNING,
    why="Danger keeps no office hours: a threat that is seen at night must not wait for the morning.",
    whence="this project: the urgent path outside office hours",
    find=find,
    question=N_("Whom does one reach at night and at weekends, and what may be decided without the others?"),
)
