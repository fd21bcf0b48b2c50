"""KPIs of traces written by hand; a tick is a microsecond, so that seconds are ticks / 10^6."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpmn_tool.instants.units import HOUR, SECOND, WEEK, YEAR
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.projections import project
from bpmn_tool.results.summary import KpiResult
from bpmn_tool.results.trace import Replication, RowKind
from bpmn_tool.scenario.kpis import KpiFile
from bpmn_tool.scenario.validate import read_table
from bpmn_tool.simulation.kpis import Occasions, compile_kpis, kpi_results, observe
from bpmn_tool.simulation.measures import value
from bpmn_tool.simulation.reading import Reading
from tests.results.rows import FACTS, LINE, Trace, near, stuck, two_people, whole_case


def results(
    kpis: Mapping[str, Any], *runs: Replication, facts: Facts = FACTS, occasions: Occasions | None = None
) -> dict[str, KpiResult]:
    definitions = read_table(KpiFile, {"format": 1, "kpis": dict(kpis)}, path="kpis.toml").kpis
    plans = compile_kpis(definitions, occasions)
    seen = [observe(Reading(project(run, facts), LINE), plans) for run in runs]
    first = runs[0]
    return kpi_results(plans, seen, time_line=LINE, follow_up=first.follow_up, warm_up=first.warm_up)


def one(kpi: Mapping[str, Any], run: Replication, **more: Any) -> KpiResult:
    return results({"k": kpi}, run, **more)["k"]


def mean(kpi: Mapping[str, Any], run: Replication, **more: Any) -> float | None:
    return one(kpi, run, **more).estimate.mean


def standard(name: str, run: Replication, facts: Facts = FACTS) -> float | None:
    return results({}, run, facts=facts)[name].estimate.mean


# time


def test_cycle_time_is_arrival_to_completion() -> None:
    assert standard("cycle_time", whole_case(at=3).replication()) == near(40 / SECOND)


def test_who_is_stuck_stays_at_risk_to_the_limit() -> None:
    assert standard("cycle_time", stuck()) == near((40 + 1000) / 2 / SECOND)


def test_an_open_case_is_censored_and_not_never() -> None:
    found = results({}, two_people().replication())["cycle_time"].survival
    assert found is not None
    assert (found.reached, found.censored, found.never) == (1, 1, 0)


def test_from_demand_it_counts_persons_missed_ones_too() -> None:
    found = one({"time": {"from": "demand", "to": "b"}}, stuck())
    assert found.survival is not None
    assert (found.survival.n, found.survival.reached, found.survival.never) == (3, 1, 2)


def test_a_person_gets_there_by_its_first_entry_to_get_there() -> None:
    trace = Trace().arrive(0, "people/0/0", demand=0).arrive(5, "people/0/1", demand=0)
    trace.work("people/0/1", "b", 6, 6, 30).work("people/0/0", "b", 7, 40, 50).sorted()
    found = one({"time": {"from": "demand", "to": ["b"]}}, trace.replication())
    assert found.values == (near(30 / SECOND),)


def test_from_a_step_to_the_next_end_of_another() -> None:
    trace = Trace().arrive(0, "people/0/0").work("people/0/0", "b", 0, 0, 4)
    trace.work("people/0/0", "a", 4, 4, 10).work("people/0/0", "b", 10, 10, 17, visit=1)
    assert mean({"time": {"from": "a", "to": "b"}}, trace.sorted().replication()) == near(7 / SECOND)


def test_of_several_the_earliest_and_starts_count() -> None:
    run = whole_case(wait=6).replication()
    assert mean({"time": {"from": "a", "to": ["e", "b.start"]}}, run) == near(6 / SECOND)


def test_over_says_who_counts() -> None:
    found = one({"time": {"from": "demand", "to": "b"}, "over": "not in_need"}, stuck())
    assert found.survival is not None
    assert found.survival.n == 1


def test_whoever_lacks_the_attribute_does_not_count() -> None:
    assert mean({"time": {"from": "arrival", "to": "b"}, "over": "nobody_has_it > 1"}, stuck()) is None


def test_the_limit_cuts_what_took_longer() -> None:
    run = whole_case(wait=SECOND * 10).replication(follow_up=100 * SECOND)
    kpi = {"time": {"from": "arrival", "to": "b"}, "limit": "PT2S"}
    found = one(kpi, run)
    assert (found.limit_s, found.estimate.mean) == (2.0, near(2.0))


def test_the_share_within_the_target_is_of_all_who_set_out() -> None:
    kpi = {"time": {"from": "demand", "to": "b"}, "within": "PT1S"}
    found = one(kpi, stuck())
    assert found.within is not None
    assert found.within.mean == near(1 / 3)


def test_the_mean_of_those_that_finished_stands_beside() -> None:
    found = results({}, stuck())["cycle_time"]
    assert found.finished_mean is not None
    assert found.finished_mean.mean == near(40 / SECOND)


def test_pooled_quantiles_are_none_where_not_reached() -> None:
    found = results({}, stuck())["cycle_time"].survival
    assert found is not None
    assert (found.p50, found.p90) == (near(40 / SECOND), None)


def test_pooled_quantiles_have_intervals_where_there_are_several_replications() -> None:
    found = results({}, *(whole_case().replication(number=n) for n in range(3)))["cycle_time"].survival
    assert found is not None
    assert (found.p50_half_width, found.p90_half_width) == (0.0, 0.0)
    one = results({}, whole_case().replication())["cycle_time"].survival
    assert one is not None
    assert one.p50_half_width is None


# shares and counts


def test_a_share_with_a_condition() -> None:
    assert mean({"share": {"of": "a", "where": "not in_need"}}, stuck()) == near(1 / 2)


def test_a_share_that_never_gets_there_counts_the_missed() -> None:
    assert mean({"share": {"of": "demand", "without": "b"}}, stuck()) == near(2 / 3)


def test_a_share_of_nobody_is_absent_and_not_zero() -> None:
    found = one({"share": {"of": "x", "where": "in_need"}}, stuck())
    assert (found.values, found.estimate.n) == ((None,), 0)


def test_a_count_is_a_year() -> None:
    run = two_people().replication(close=YEAR // 2, end=YEAR)
    assert mean({"count": {"of": "a"}}, run) == near(4.0)


def test_by_splits_by_value() -> None:
    found = results({"k": {"share": {"of": "demand", "without": "b"}, "by": "in_need"}}, stuck())
    assert {name: kpi.estimate.mean for name, kpi in found.items() if kpi.id == "k" and kpi.split} == {
        "k[false]": 1.0,
        "k[true]": 0.5,
    }


def test_what_is_rare_is_one_quotient_over_all_replications() -> None:
    one_of_one = whole_case("people/0/0", 0).replication()
    none_of_two = Trace().arrive(0, "people/0/0").arrive(0, "people/1/0").replication(number=1)
    found = results({"k": {"share": {"of": "arrival", "without": "b"}}}, one_of_one, none_of_two)["k"]
    assert list(found.parts) == [(0, 1), (2, 2)]
    assert found.values == (near(2 * 2 / 3 - 1), near(2 * 2 / 3 - 0))


# amounts


def test_waiting_time_counts_who_waits_for_ever_up_to_the_follow_up() -> None:
    waited = (5 + 5) + (1100 - 130)
    assert standard("waiting_time", stuck()) == near(waited / 2 / SECOND)


def test_processing_time_is_hands_on() -> None:
    assert standard("processing_time", whole_case().replication()) == near(30 / SECOND)


def test_cost_is_hours_by_rate_and_each_use() -> None:
    trace = Trace().arrive(0, "people/0/0").work("people/0/0", "a", 0, 0, 2 * HOUR).end(2 * HOUR, "people/0/0")
    facts = replace(FACTS, start_cost={"a": 7.0})
    assert standard("cost", trace.replication(), facts) == near(2 * 60 + 7)


def office() -> Calendar:
    from bpmn_tool.instants.hours import parse_hours

    return Calendar.weekly(parse_hours({"mon": "09:00-12:00"}), LINE)


def with_hours() -> Facts:
    staff = dict(FACTS.staff)
    staff["D1"] = replace(staff["D1"], calendar=office())
    return replace(FACTS, staff=staff, overtime_factor=1.5)


def test_overtime_costs_by_its_factor() -> None:
    trace = Trace().arrive(0, "people/0/0").work("people/0/0", "a", 11 * HOUR, 11 * HOUR, 13 * HOUR)
    assert standard("cost", trace.replication(), with_hours()) == near(60 + 1.5 * 60)


def test_who_is_on_duty_while_the_work_pauses_is_paid() -> None:
    case = "people/0/0"
    trace = Trace().arrive(0, case).enable(9 * HOUR, case, "a").ready(9 * HOUR, case, "a").start(9 * HOUR, case, "a")
    trace.pause(10 * HOUR, case, "a").resume(11 * HOUR, case, "a").complete(12 * HOUR, case, "a")
    assert standard("cost", trace.replication(), with_hours()) == near(3 * 60)


def test_exposure_counts_each_partner_once() -> None:
    facts = replace(FACTS, personal={"a": ("city",), "b": ("city", "police")})
    assert standard("exposure", whole_case().replication(), facts) == 2.0


def test_exposure_counts_only_work_that_began() -> None:
    facts = replace(FACTS, personal={"a": ("city",), "b": ("police",)})
    assert standard("exposure", stuck(), facts) == near((2 + 1) / 2)


def test_amounts_of_a_case_say_how_many_cases_came_to_an_end() -> None:
    found = results({}, stuck())["cost"].reached
    assert found is not None
    assert found.mean == 0.5


# levels and loads


def test_utilisation_is_worked_on_duty_of_on_duty() -> None:
    trace = Trace().arrive(0, "people/0/0").work("people/0/0", "a", 11 * HOUR, 11 * HOUR, 13 * HOUR)
    run = trace.replication(close=WEEK, end=WEEK)
    assert mean({"utilisation": "desk"}, run, facts=with_hours()) == near(1 / 3)


def test_load_is_hours_a_week_of_the_window() -> None:
    trace = Trace().arrive(0, "people/0/0", in_need=True).work("people/0/0", "a", 0, 0, 6 * HOUR)
    run = trace.replication(close=2 * WEEK, end=2 * WEEK)
    assert mean({"load": {"roles": ["desk"], "where": "in_need"}}, run) == near(3.0)
    assert mean({"load": {"roles": ["desk"], "where": "not in_need"}}, run) == 0.0


def test_a_queue_is_the_mean_number_that_waits() -> None:
    assert mean({"queue": "b"}, stuck()) == near((5 + (1000 - 130)) / 1000)


def test_open_cases_are_a_mean_over_time() -> None:
    assert standard("open_cases", stuck()) == near((40 + 900) / 1000)


def test_throughput_is_what_ends_in_the_window() -> None:
    run = whole_case(at=WEEK - 20).replication(close=WEEK, end=2 * WEEK)
    assert standard("throughput", run) == 0.0


def test_handoffs_with_an_outcome() -> None:
    assert mean({"handoffs": {"outcome": ["open", "lost"]}}, stuck()) == near(1 / 2)


def test_overflow_counts_what_is_left_over_an_occasion() -> None:
    facts = replace(FACTS, gates={"b": "table"})
    occasions = {"table": lambda n: (n * 100 + 10, n * 100 + 18) if n < 3 else None}
    assert mean({"overflow": "table"}, stuck(), facts=facts, occasions=occasions) == near((1 + 0 + 1) / 3)


def test_a_ratio_of_two_others() -> None:
    kpis = {"k": {"ratio": ["a_year", "b_year"]}, "a_year": {"count": {"of": "a"}}, "b_year": {"count": {"of": "b"}}}
    assert results(kpis, stuck())["k"].estimate.mean == near(2.0)


def test_coverage_is_no_matter_of_a_run() -> None:
    found = one({"coverage": {"with": ["mandate"]}}, stuck())
    assert (found.estimate.n, found.note) == (0, "a property of the model, not of a run")


def test_an_empty_window_has_nothing_to_observe() -> None:
    run = Trace().replication(close=0, end=0)
    plans = compile_kpis({})
    seen = observe(Reading(project(run, FACTS), LINE), plans)
    assert {value(found) for found in seen.values()} == {None}


def test_a_case_that_failed_never_gets_there() -> None:
    trace = Trace().arrive(0, "people/0/0").row(9, RowKind.FAILED, "people/0/0", element="x")
    found = results({}, trace.replication())["cycle_time"].survival
    assert found is not None
    assert (found.n, found.never) == (1, 1)
