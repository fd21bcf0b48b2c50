"""What people's hours went to, and what a scenario costs, as tables."""

from bpmn_tool.messages import _, format_number
from bpmn_tool.reports import words
from bpmn_tool.reports.blocks import Block, Grid
from bpmn_tool.results.summary import CostResult, StudyResult, Unit


def hours_and_costs(study: StudyResult) -> tuple[Block, ...]:
    """Hours of each role in each scenario; costs where anything has a price."""
    return tuple(grid for grid in (_hours(study), _costs(study)) if grid is not None)


def _hours(study: StudyResult) -> Grid | None:
    rows = []
    for scenario in study.scenarios:
        for role in scenario.roles.values():
            hours = role.hours
            spent = (hours.worked, hours.overtime, hours.blocked, hours.idle, hours.lost)
            if any(spent):
                name = words.role_name(scenario, role.id) or role.id
                rows.append((scenario.name, name, *(format_number(each, 1) for each in spent)))
    if not rows:
        return None
    headers = (
        _("Scenario"),
        _("Role"),
        _("Worked"),
        _("In overtime"),
        _("Blocked"),
        _("Idle"),
        _("Lost"),
    )
    return Grid(
        headers=headers,
        rows=tuple(rows),
        caption=_(
            "Hours a week. Blocked: on duty while the work pauses. Lost: worked for what was broken off later, counted "
            "among the others too. Idle hours of somebody with several roles stand with each of them."
        ),
        numeric=frozenset(range(2, 7)),
        summary=_("What people's hours went to"),
    )


def _costs(study: StudyResult) -> Grid | None:
    if not any(scenario.costs.total for scenario in study.scenarios):
        return None
    largest = max(scenario.costs.total for scenario in study.scenarios)
    on = words.scale(Unit.MONEY, largest, study.currency)

    def parts(costs: CostResult) -> tuple[float, ...]:
        return costs.work, costs.uses, costs.idle, costs.once, costs.total

    rows = tuple(
        (scenario.name, *(words.quantity(each, on) for each in parts(scenario.costs))) for scenario in study.scenarios
    )
    headers = (_("Scenario"), _("Work"), _("Uses of steps"), _("Idle hours"), _("Paid once"), _("Together"))
    return Grid(
        headers=headers,
        rows=rows,
        caption=_("What it costs in the time that is counted (averages)"),
        numeric=frozenset(range(1, 6)),
        summary=_("What it costs"),
    )
