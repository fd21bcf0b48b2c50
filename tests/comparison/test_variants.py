from dataclasses import replace

import pytest

from bpmn_tool.comparison import variants
from bpmn_tool.comparison.variants import compare
from bpmn_tool.results.summary import Estimate, KpiComparison, ScenarioResult, Verdict
from tests.comparison.made_up import run_of, scenario, with_kpi
from tests.results.rows import FACTS, Trace

SLOW = (100, 200, 300, 4000, 5000, 6000)
QUICK = (80, 160, 250, 3500, 4400, 5200)


def several(durations: tuple[int, ...], name: str, *, lost: tuple[int, ...] = ()) -> ScenarioResult:
    runs = [run_of([d + 7 * n for d in durations], n, lost=lost) for n in range(6)]
    return scenario(name, runs)


BASE = several(SLOW, "today")
K = (5.0, 6.0, 7.0, 5.5, 6.5, 7.5)


def kpi(variant: ScenarioResult, name: str = "cycle_time", baseline: ScenarioResult = BASE) -> KpiComparison:
    (found,) = compare([baseline, variant])
    return found.kpis[name]


def of_k(values: tuple[float | None, ...], better: str | None = "lower", **more: object) -> KpiComparison:
    return kpi(with_kpi(several(SLOW, "other"), values, better, **more), "k", with_kpi(BASE, K, better, **more))


def test_what_is_quicker_for_the_same_people_is_better() -> None:
    assert kpi(several(QUICK, "quick")).verdict is Verdict.BETTER


def test_what_is_slower_is_worse() -> None:
    (found,) = compare([several(QUICK, "quick"), BASE])
    assert found.kpis["cycle_time"].verdict is Verdict.WORSE


def test_the_same_shows_no_difference() -> None:
    assert kpi(several(SLOW, "same")).verdict is Verdict.NO_DIFFERENCE


@pytest.mark.parametrize("name", BASE.kpis)
def test_a_variant_that_loses_its_slowest_half_is_never_better(name: str) -> None:
    """At an undefined role: the three slow ones wait there for ever; the quick ones are as quick as before."""
    facts = replace(
        FACTS, undefined={"b": "nobody"}, start_cost={"a": 5.0}, personal={"a": ("city",), "b": ("police",)}
    )
    runs = [run_of([d + 7 * n for d in SLOW], n) for n in range(6)]
    losing = [run_of([d + 7 * n for d in SLOW], n, lost=(3, 4, 5)) for n in range(6)]
    (found,) = compare([scenario("today", runs, facts), scenario("losing", losing, facts)])
    assert found.kpis[name].verdict is not Verdict.BETTER


def test_such_a_variant_is_worse_in_time() -> None:
    assert kpi(several(SLOW, "losing", lost=(3, 4, 5))).verdict is Verdict.WORSE


def test_though_the_mean_of_those_that_finished_looks_better() -> None:
    losing = several(SLOW, "losing", lost=(3, 4, 5)).kpis["cycle_time"].finished_mean
    before = BASE.kpis["cycle_time"].finished_mean
    assert losing is not None
    assert before is not None
    assert (losing.mean or 0) < (before.mean or 0)


def test_who_looks_better_by_losing_cases_is_not_comparable() -> None:
    half = Estimate(mean=0.5, half_width=None)
    whole = Estimate(mean=1.0, half_width=None)
    baseline = with_kpi(BASE, K, reached=whole)
    variant = with_kpi(several(SLOW, "cheap"), tuple(k - 2 for k in K), reached=half)
    found = kpi(variant, "k", baseline)
    assert (found.verdict, found.reason) == (Verdict.NOT_COMPARABLE, variants.LOSES_CASES)


def test_who_is_better_though_it_ends_more_of_its_cases_is_better() -> None:
    half = Estimate(mean=0.5, half_width=None)
    whole = Estimate(mean=1.0, half_width=None)
    baseline = with_kpi(BASE, K, reached=half)
    variant = with_kpi(several(SLOW, "good"), tuple(k - 2 for k in K), reached=whole)
    assert kpi(variant, "k", baseline).verdict is Verdict.BETTER


def test_higher_is_better_where_it_is() -> None:
    assert of_k(tuple(k + 2 for k in K), "higher").verdict is Verdict.BETTER


def test_without_a_direction_there_is_no_verdict() -> None:
    assert of_k(tuple(k + 2 for k in K), None).reason == variants.NO_DIRECTION


def test_nothing_observed_is_not_comparable() -> None:
    found = of_k((None,) * 6)
    assert (found.verdict, found.reason) == (Verdict.NOT_COMPARABLE, variants.NO_OBSERVATION)


def test_another_seed_is_not_comparable() -> None:
    assert kpi(replace(several(QUICK, "quick"), seed=2)).reason == variants.UNPAIRED


def test_another_number_of_replications_is_not_comparable() -> None:
    fewer = scenario("fewer", [run_of(QUICK, n) for n in range(4)])
    assert kpi(fewer).reason == variants.UNPAIRED


def test_other_demand_is_not_comparable() -> None:
    one_less = scenario("less", [run_of(QUICK[:-1], n) for n in range(6)])
    assert kpi(one_less).reason == variants.OTHER_DEMAND


def test_other_limits_are_not_comparable() -> None:
    short = scenario("short", [run_of(SLOW, n, follow_up=9_000) for n in range(6)])
    assert kpi(short).reason == variants.OTHER_LIMIT


def test_a_door_of_its_own_does_not_make_the_demand_another() -> None:
    runs = []
    for n in range(6):
        run = run_of([d + 7 * n for d in SLOW], n)
        runs.append(replace(run, rows=[*Trace().arrive(0, "door/0/0").end(0, "door/0/0").rows, *run.rows]))
    assert kpi(scenario("one more door", runs)).reason == ""


def test_every_person_pairs_with_itself_though_the_doors_differ() -> None:
    other = []
    for n in range(6):
        run = run_of([d + 7 * n for d in QUICK], n)
        other.append(replace(run, rows=[r._replace(element="t") if r.kind.value == "arrived" else r for r in run.rows]))
    (found,) = compare([BASE, scenario("other door", other)])
    assert (found.cases, found.cases_paired) == (36, 36)


def test_steps_pair_by_id() -> None:
    (found,) = compare([BASE, several(QUICK, "q")], steps=[frozenset("abc"), frozenset("bcd")])
    assert (found.steps, found.paired) == (3, 2)


def test_many_tests_at_once_need_more() -> None:
    """A p of 0.03 is a difference alone, and none among the others that the verdict rests on."""
    edge = with_kpi(several(SLOW, "edge"), tuple(k + d for k, d in zip(K, (-1, -2, -0.1, -1.5, 0.2, -1), strict=True)))
    baseline = with_kpi(BASE, K)
    (alone,) = compare([baseline, edge], ["k"])
    (among,) = compare([baseline, edge], ["k", "cost", "open_cases"])
    p = alone.kpis["k"].p_value
    assert p is not None
    assert 0.05 / 3 < p < 0.05
    assert (alone.kpis["k"].verdict, among.kpis["k"].verdict) == (Verdict.BETTER, Verdict.NO_DIFFERENCE)


def test_the_jackknife_is_of_both_where_one_is_rare() -> None:
    often = tuple((3.0, 6.0) for _ in K)
    rare = tuple((1.0, n + 1.0) for n, _ in enumerate(K))
    baseline = with_kpi(BASE, (0.5,) * 6, parts=often)
    found = kpi(with_kpi(several(SLOW, "rare"), (0.5,) * 6, parts=rare), "k", baseline)
    assert found.variant.mean == pytest.approx(6 / 21, abs=0.05)
