"""How many replications, and how long a warm-up: found by running."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.instants.units import DAY
from bpmn_tool.results.levels import integral
from bpmn_tool.simulation.replications import pool
from bpmn_tool.simulation.stopping import stages
from bpmn_tool.simulation.warm_up import daily_open_cases, mser5
from bpmn_tool.study import prepare, run_study, settled, simulate, simulate_all
from tests.simulation.drawn import HEAD, ONE_TASK, run_file, write

SHORT = HEAD.replace("P28D", "P7D")
QUEUE = """
[arrivals.s]
interval = { exponential = "PT2H" }
[roles.agent]
count = 1
[tasks.work]
duration = { exponential = "PT1H" }
"""


def _asked(folder: Path, precision: str, *, more: str = "") -> Path:
    return write(folder, ONE_TASK, QUEUE + more, head=SHORT + f"precision = {precision}\n")


def test_it_is_looked_after_10_20_40_and_the_most():
    assert list(stages(500)) == [10, 20, 40, 80, 160, 320, 500]
    assert list(stages(7)) == [7]


def test_it_runs_on_until_the_half_width_is_small_enough(tmp_path: Path):
    path = _asked(tmp_path, '{ kpi = "cycle_time", relative = 0.1, max = 200 }')
    with pool(1) as workers:
        result = simulate(prepare(path), workers)
        before = simulate(prepare(path), workers, replications=result.replications // 2)
    estimate = result.kpis["cycle_time"].estimate
    earlier = before.kpis["cycle_time"].estimate
    assert result.replications in (20, 40, 80, 160)
    assert estimate.half_width is not None
    assert estimate.mean is not None
    assert estimate.half_width <= 0.1 * estimate.mean
    assert earlier.half_width is not None
    assert earlier.mean is not None
    assert earlier.half_width > 0.1 * earlier.mean
    assert not any("precision" in warning for warning in result.warnings)


def test_it_says_when_it_was_not(tmp_path: Path):
    path = _asked(tmp_path, '{ kpi = "cycle_time", relative = 0.001, max = 15 }')
    with pool(1) as workers:
        result = simulate(prepare(path), workers)
    assert result.replications == 15
    assert any("the precision is not reached: after 15" in warning for warning in result.warnings)


def test_all_scenarios_run_as_often_as_the_worst_needs(tmp_path: Path):
    """One is constant, and would stop at once."""
    noisy = _asked(tmp_path / "noisy", '{ kpi = "cycle_time", relative = 0.1, max = 40 }')
    still = write(
        tmp_path / "still", ONE_TASK,
        QUEUE.replace("exponential", "constant"), head=SHORT + 'precision = { kpi = "cycle_time", relative = 0.1 }\n',
    )  # fmt: skip
    with pool(1) as workers:
        results = simulate_all([prepare(noisy), prepare(still)], workers)
        alone = simulate(prepare(still), workers)
    assert [result.replications for result in results] in ([20, 20], [40, 40])
    assert alone.replications == 10


def test_a_number_of_replications_beats_a_precision(tmp_path: Path):
    path = _asked(tmp_path, '{ kpi = "cycle_time", relative = 0.05 }')
    with pool(1) as workers:
        assert simulate(prepare(path), workers, replications=3).replications == 3


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ('{ kpi = "nothing", relative = 0.05 }', "no KPI is called"),
        ('{ kpi = "cycle_time", relative = 0 }', "above zero"),
        ('{ kpi = "cycle_time", relative = 0.1, max = 1 }', "at least 2"),
    ],
)
def test_a_precision_of_what_there_is_not_is_refused(tmp_path: Path, precision: str, said: str):
    with pytest.raises(InputError, match=said), pool(1) as workers:
        simulate(prepare(_asked(tmp_path, precision)), workers)


# -- warm-up


def test_mser_5_leaves_out_what_leads_up():
    """Twenty that rise to a level, and a hundred that stand around it."""
    series = [n / 20 * 10 for n in range(20)] + [10 + (-1) ** n * 0.5 for n in range(100)]
    assert mser5(series) == 20


def test_mser_5_leaves_nothing_out_of_what_stands():
    assert mser5([10 + (-1) ** n * 0.5 for n in range(100)]) == 0


def test_mser_5_refuses_what_never_settles():
    assert mser5([float(n) for n in range(100)]) is None
    assert mser5([1.0] * 30) is None  # too short to tell


def test_open_cases_of_a_day_are_their_mean(tmp_path: Path):
    """Against the exact integral, day by day."""
    ran = run_file(write(tmp_path, ONE_TASK, QUEUE.replace("PT1H", "PT110M")))
    days = daily_open_cases(ran.replication, ran.plan.facts)
    ends = {row.case: row.tick for row in ran.rows if row.kind.value == "ended"}
    spans = [(row.tick, ends.get(row.case)) for row in ran.rows if row.kind.value == "arrived"]
    assert days == [pytest.approx(integral(spans, n * DAY, (n + 1) * DAY) / DAY) for n in range(28)]


FILLING = """
[arrivals.s]
every = "PT6H"
[roles.agent]
count = "unlimited"
[tasks.work]
duration = { constant = "P7D" }
"""  # reaches its 28 open cases after a week


def _auto(folder: Path, toml: str = FILLING, horizon: str = "P120D") -> Path:
    return write(folder, ONE_TASK, toml, head=HEAD.replace("P28D", horizon) + 'warm_up = "auto"\n')


def test_auto_finds_when_a_run_has_filled(tmp_path: Path):
    with pool(1) as workers:
        (found,) = settled([prepare(_auto(tmp_path))], workers, [1])
        result = simulate(prepare(_auto(tmp_path)), workers, replications=2)
    assert found.simulation.plan.warm_up == 10 * DAY
    assert any("the first 10 days" in warning for warning in result.warnings)
    assert result.kpis["open_cases"].estimate.mean == pytest.approx(28)
    assert result.filling is not None
    assert (result.filling.warm_up, result.filling.own, len(result.filling.open_cases)) == (
        10,
        10,
        119,
    )  # whole days of 24 hours
    assert result.filling.open_cases[0] == pytest.approx((18 + 12 + 6) / 24)  # the first three of that day
    assert result.filling.open_cases[60] == pytest.approx(28)


def test_the_longest_of_several_is_for_all(tmp_path: Path):
    slow = _auto(tmp_path / "slow", FILLING.replace("P7D", "P21D"))
    with pool(1) as workers:
        quick, other = settled([prepare(_auto(tmp_path / "quick")), prepare(slow)], workers, [1, 1])
    assert quick.simulation.plan.warm_up == other.simulation.plan.warm_up
    assert other.simulation.plan.warm_up == 25 * DAY


def test_what_does_not_settle_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="does not settle"), pool(1) as workers:
        simulate(prepare(_auto(tmp_path, FILLING.replace("P7D", "P300D"))), workers, replications=2)


def test_a_study_has_one_warm_up_and_one_number_of_replications(tmp_path: Path):
    for name, days in (("one", 7), ("two", 14)):
        head = HEAD.replace("worked example", name).replace("P28D", "P120D") + 'warm_up = "auto"\n'
        write(tmp_path, ONE_TASK, FILLING.replace("P7D", f"P{days}D"), head=head, name=f"{name}.toml")
    (tmp_path / "study.toml").write_text(
        'format = 1\nname = "s"\nbaseline = "one.toml"\nvariants = ["two.toml"]\n'
        'precision = { kpi = "cycle_time", relative = 0.1, max = 40 }\n'
    )
    texts = {"stories": "", "simulate": ""}
    run = run_study(tmp_path / "study.toml", progress=lambda *_: nullcontext(lambda: None), texts=texts, jobs=1)
    for scenario in run.result.scenarios:
        assert scenario.replications == 10
        assert scenario.warnings == ("the first 15 days are warm-up and not counted (MSER-5)",)
