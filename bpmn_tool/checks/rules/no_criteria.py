"""``no-criteria``: a decision has criteria, and does not rest on one person."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import called, decisions, label, listed, not_stated, roles, roles_not_stated
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import Model
from bpmn_tool.model.statement import NONE
from bpmn_tool.register import Role
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    asked = decisions(model)
    criteria = _criteria(model, asked)
    silent = [each for each in asked if not criteria[each]]
    yield from not_stated(model, _("criteria of decisions (criteria)"), asked, silent)
    for each in asked:
        if criteria[each] == NONE:
            message = _("at %(gateway)s it is stated that there are no criteria: write down by what it is decided")
            yield Violation(each, message % {"gateway": label(model, each)})
    if any(model.statement_of(each).criteria for each in asked):
        yield from _alone(checked, asked)


def _criteria(model: Model, asked: list[str]) -> dict[str, str]:
    """By gateway; its documentation counts as long as nobody states criteria in the extension."""
    stated = {each: model.statement_of(each).criteria or "" for each in asked}
    return stated if any(stated.values()) else {each: model.flow_nodes[each].documentation for each in asked}


def _alone(checked: Checked, asked: list[str]) -> Iterator[Violation]:
    found: dict[str, tuple[Role, list[str]]] = {}
    for gateway in asked:
        for role in roles(checked, gateway):
            found.setdefault(role.id, (role, []))[1].append(gateway)
    fact = _("how many people hold a role that decides (capacity, in the register)")
    holders = [role for role, _gateways in found.values()]
    yield from roles_not_stated(checked.model, fact, holders, lambda role: role.capacity)
    for role, gateways in found.values():
        if role.capacity is not None and role.capacity <= 1:
            message = _(
                "%(gateways)s rest on the one person who is '%(role)s': let a second one weigh, or name a deputy and "
                "criteria"
            )
            values = {"gateways": listed(checked.model, gateways), "role": called(role)}
            yield Violation(gateways[0], message % values, tuple(gateways))


RULE = Rule(
    name="no-criteria",
    severity=Severity.WARNING,
    why="Without criteria the same signal ends differently with each person who weighs it, and nobody can check.",
    whence="this project: triage that rests on one or two people",
    find=find,
    question=N_("By which criteria is this decided, who set them, and who decides with whom?"),
)
