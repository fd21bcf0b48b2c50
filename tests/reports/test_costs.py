from dataclasses import replace

from bpmn_tool.reports.blocks import Grid
from bpmn_tool.reports.costs import hours_and_costs
from bpmn_tool.results.summary import CostResult, RoleHours
from tests.reports.made_up import scenario, study


def test_hours_of_each_role_and_what_it_costs() -> None:
    one = scenario("Today", 1.0, 0.0)
    (id, role), *_ = one.roles.items()
    hours = RoleHours(worked=12, overtime=1.5, blocked=0.5, idle=20, lost=2)
    one = replace(
        one, roles={id: replace(role, hours=hours)}, costs=CostResult(work=1000, idle=500, uses=20, once=12_000)
    )
    found = hours_and_costs(replace(study(), scenarios=(one,), comparisons=()))
    grids = [block for block in found if isinstance(block, Grid)]
    assert [row[2:] for row in grids[0].rows] == [("12.0", "1.5", "0.5", "20.0", "2.0")]
    assert grids[1].rows[0][0] == "Today"
    assert "13,520" in str(grids[1].rows[0][-1])


def test_nothing_is_shown_of_what_costs_nothing() -> None:
    assert hours_and_costs(replace(study(), scenarios=(scenario("Today", 1.0, 0.0),), comparisons=())) == ()
