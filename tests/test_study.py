"""The whole flow on one page: what run_study gives, and what it refuses before it runs anything."""

from contextlib import contextmanager, nullcontext
from multiprocessing import active_children

import pytest

from bpmn_tool.errors import InputError, InterruptedRun
from bpmn_tool.results.summary import Verdict
from bpmn_tool.simulation import replications
from bpmn_tool.study import run_study
from tests.cli import small_study

STUDY = """
format = 1
name = "Small"
question = "Does it work without a specialist?"
baseline = "today.toml"
variants = ["losing.toml"]
kpis = { verdict = ["cycle_time"] }
replications = 3
"""


class Bars:
    """Stands for the progress bar, and counts."""

    def __init__(self):
        self.steps = {}

    @contextmanager
    def __call__(self, total, text):
        self.steps[text] = [total, 0]

        def advance(steps=1):
            self.steps[text][1] += steps

        yield advance


@pytest.fixture
def folder(tmp_path):
    small_study.write(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def study(folder, **more):
    bars = Bars()
    run = run_study(
        folder / "study.toml", progress=bars, texts={"stories": "stories", "simulate": "simulate"}, jobs=1, **more
    )
    return run, bars


def test_a_variant_that_loses_its_slow_half_is_never_better(folder):
    run, _ = study(folder)
    (comparison,) = run.result.comparisons
    assert comparison.kpis["cycle_time"].verdict is not Verdict.BETTER
    assert all(
        row.verdict is not Verdict.BETTER
        for row in comparison.kpis.values()
        if row.kpi in ("cycle_time", "waiting_time")
    )


def test_every_person_is_paired(folder):
    run, _ = study(folder)
    (comparison,) = run.result.comparisons
    assert comparison.cases_paired == comparison.cases > 400


def test_where_nobody_is_named_has_bounds(folder):
    run, _ = study(folder)
    today, losing = run.result.scenarios
    assert today.bounds == {}
    bounds = losing.bounds["cycle_time"]
    assert bounds["absent"].mean > bounds["unlimited"].mean
    assert losing.undefined[0].stuck > 50


def test_the_bar_moves_once_a_replication(folder):
    _, bars = study(folder)
    total, done = bars.steps["simulate"]
    assert done == total == 6


def test_the_same_on_several_processes(folder):
    one, _ = study(folder)
    several = run_study(
        folder / "study.toml", progress=Bars(), texts={"stories": "stories", "simulate": "simulate"}, jobs=2
    )
    assert [s.kpis for s in several.result.scenarios] == [s.kpis for s in one.result.scenarios]


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_in_the_baseline_stops_it_all_and_leaves_no_process_behind(folder, jobs, monkeypatch):
    monkeypatch.setattr(replications, "WORTH_A_PROCESS", 0)

    class Interrupted(Bars):
        def __call__(self, total, text):
            self.steps[text] = [total, 0]
            return nullcontext(self.stop if text == "simulate" else lambda steps=1: None)

        def stop(self, steps=1):
            self.steps["simulate"][1] += steps
            if self.steps["simulate"][1] == 2:
                raise KeyboardInterrupt

    bars = Interrupted()
    with pytest.raises(InterruptedRun) as stopped:
        run_study(
            folder / "study.toml",
            progress=bars,
            texts={"stories": "stories", "simulate": "simulate"},
            jobs=jobs,
            replications=9,
        )
    assert 0 < len(stopped.value.finished) <= 2
    assert bars.steps["simulate"][1] == 2
    assert active_children() == []


@pytest.mark.parametrize(
    "change", ['horizon = "P61D"', "start = 2026-01-06T00:00:00", 'demand.person.rate = "4 per day"']
)
def test_another_world_is_refused(folder, change):
    path = folder / "losing.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("roles.specialist", f"{change}\nroles.specialist", 1), encoding="utf-8"
    )
    with pytest.raises(InputError, match="the same for all"):
        study(folder)


def test_two_scenarios_of_one_name_are_refused(folder):
    path = folder / "losing.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Without a specialist", "Today"), encoding="utf-8")
    with pytest.raises(InputError, match="two scenarios are called 'Today'"):
        study(folder)


def test_a_number_of_replications_without_end_is_refused(folder):
    with pytest.raises(InputError, match=r"today\.toml.*replications: at most 100000"):
        study(folder, replications=10**9)


@pytest.mark.parametrize("key", ["horizon", "follow_up", "warm_up"])
def test_what_lies_beyond_the_calendar_is_refused_by_its_key(folder, key):
    path = folder / "today.toml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{key} ")]
    path.write_text("\n".join([f'{key} = "P9999Y"', *lines]), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        study(folder)
    assert any(problem.location.key == key and "9999" in problem.message for problem in refused.value.problems)


def test_all_problems_of_all_scenarios_at_once(folder):
    for name in ("today.toml", "losing.toml"):
        path = folder / name
        path.write_text(
            path.read_text(encoding="utf-8") + f"\n[tasks.nonsense_{name[:5]}]\ncost = 1\n", encoding="utf-8"
        )
    with pytest.raises(InputError) as caught:
        study(folder)
    said = str(caught.value)
    assert "nonsense_today" in said
    assert "nonsense_losin" in said
