"""What really happened, held against a simulation whose distribution is known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bpmn_tool.comparison.validation import held_against
from bpmn_tool.results.summary import Estimate, KpiResult, ScenarioResult, Survival, Unit
from bpmn_tool.scenario.scenario import Observed
from tests.reports.made_up import scenario as made_up_scenario

MEAN = 30 * 86400.0
N = 31


def exponential(never: float = 0.0) -> KpiResult:
    """Times of mean thirty days, as a curve of 4,000 steps; a share of `never` never gets there."""
    shares = [(1 - never) * k / 4000 for k in range(1, 4000)]
    times = tuple(-MEAN * math.log(1 - share / (1 - never)) for share in shares)
    waiting = tuple(1 - share for share in shares)
    survival = Survival(
        seconds=times, waiting=waiting, p50=MEAN * math.log(2), p90=None, n=1, reached=1, never=0, censored=0
    )
    return KpiResult(
        id="cycle_time", name={"en": "Cycle time"}, unit=Unit.SECONDS, better="lower",
        estimate=Estimate(mean=MEAN, half_width=1.0, n=9), survival=survival,
    )  # fmt: skip


def result(**kpis: KpiResult) -> ScenarioResult:
    return replace(made_up_scenario("made up", 1.0, 0.0), kpis=kpis)


def judge(kpi: KpiResult, **said: object):
    (found,) = held_against({"k": Observed.model_validate(said)}, result(k=kpi))
    return found


@pytest.mark.parametrize(
    ("statistic", "of"), [("median", lambda x: np.median(x, axis=1)), ("mean", lambda x: x.mean(axis=1))]
)
def test_samples_of_the_same_world_are_reproduced_95_times_in_100(statistic, of):
    """Of 20,000 samples of 31 from the very distribution that was simulated."""
    samples = of(np.random.default_rng(1).exponential(MEAN, (20_000, N)))
    found = judge(exponential(), **{statistic: "P1D", "n": N})
    inside = np.mean((samples >= found.low) & (samples <= found.high))
    assert 0.94 <= inside <= 0.965  # of the mean a little more or less: exponential times are not normal


def test_samples_of_the_90th_percentile_too():
    drawn = np.sort(np.random.default_rng(2).exponential(MEAN, (20_000, N)), axis=1)
    found = judge(exponential(), p90="P1D", n=N)
    ninetieth = drawn[:, math.ceil(0.9 * N) - 1]
    assert 0.945 <= np.mean((ninetieth >= found.low) & (ninetieth <= found.high)) <= 0.955


@pytest.mark.parametrize(("days", "reproduced"), [(21, True), (60, False), (5, False)])
def test_a_world_that_differs_is_told(days, reproduced):
    assert judge(exponential(), median=f"P{days}D", n=N).reproduced is reproduced


def test_more_cases_tell_more():
    few, many = (judge(exponential(), median="P25D", n=n) for n in (10, 1000))
    assert few.reproduced
    assert not many.reproduced


def test_where_many_never_get_there_the_upper_limit_is_never():
    found = judge(exponential(never=0.45), median="P400D", n=N)
    assert math.isinf(found.high)
    assert found.reproduced


def test_a_share_of_few_cases_is_binomial():
    kpi = replace(exponential(), survival=None, unit=Unit.SHARE, estimate=Estimate(mean=0.2, half_width=0.01, n=9))
    assert judge(kpi, share=0.3, n=20).reproduced  # 6 of 20; the interval is 1 to 8
    assert not judge(kpi, share=0.45, n=20).reproduced
    assert not judge(kpi, share=0.3, n=2000).reproduced


def test_a_count_is_one_more_replication():
    kpi = replace(exponential(), survival=None, unit=Unit.PER_WEEK, values=(10.0, 12.0, 11.0, 9.0))
    found = judge(kpi, mean=11.0, n=1)
    spread = np.std([10.0, 12.0, 11.0, 9.0], ddof=1)
    assert found.high - found.low == pytest.approx(2 * 3.1824463 * spread * math.sqrt(1.25))


@pytest.mark.parametrize(
    ("kpis", "said", "reason"),
    [
        ({}, {"median": "P1D", "n": 3}, "not measured"),
        ({"k": exponential()}, {"median": "P1D"}, "n is not given"),
        ({"k": replace(exponential(), survival=None)}, {"mean": 3.0, "n": 3}, "too little was simulated"),
    ],
)
def test_where_nothing_can_be_said_it_says_why(kpis, said, reason):
    (found,) = held_against({"k": Observed.model_validate(said)}, result(**kpis))
    assert found.reproduced is None
    assert found.reason == reason
