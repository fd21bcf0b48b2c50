from pathlib import Path

import pytest

from bpmn_tool.results.little import little
from bpmn_tool.simulation.replications import pool
from bpmn_tool.study import prepare, simulate
from tests.reports.made_up import scenario
from tests.simulation.drawn import HEAD, ONE_TASK, write


def test_a_full_desk_holds_as_many_as_come_in_times_how_long_they_stay(tmp_path: Path) -> None:
    """A case every six hours, seven days each: 28 open, 28 a week that stay a week."""
    toml = """
    [arrivals.s]
    every = "PT6H"
    [roles.agent]
    count = "unlimited"
    [tasks.work]
    duration = { constant = "P7D" }
    """
    head = HEAD.replace("P28D", "P84D") + 'warm_up = "P14D"\n'
    with pool(1) as workers:
        found = little(simulate(prepare(write(tmp_path, ONE_TASK, toml, head=head)), workers, replications=2))
    assert found is not None
    assert found.open_cases == pytest.approx(28, rel=0.01)
    assert found.rate_times_time == pytest.approx(28, rel=0.01)


def test_nothing_is_said_where_it_was_not_measured() -> None:
    assert little(scenario("Today", 1.0, 0.0)) is None
