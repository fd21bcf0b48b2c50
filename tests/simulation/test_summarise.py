import pickle
from dataclasses import replace

import pytest

from bpmn_tool.instants.units import DAY, SECOND
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.summary import ScenarioResult
from bpmn_tool.results.trace import Cause, Replication
from bpmn_tool.simulation.kpis import compile_kpis
from bpmn_tool.simulation.summarise import PlanInfo, combine, reduce, summarise
from tests.results.rows import FACTS, LINE, Trace, near, stuck, whole_case

KPIS = compile_kpis({})


def info(facts: Facts = FACTS) -> PlanInfo:
    return PlanInfo(
        name="today", path="t.toml", engine="simpy", seed=1, facts=facts, time_line=LINE, warm_up=0, follow_up=1000
    )


def summary(*runs: Replication, facts: Facts = FACTS) -> ScenarioResult:
    return summarise(info(facts), runs, KPIS)


def test_counts_are_means_of_the_cohort() -> None:
    counts = summary(stuck(), whole_case().replication(number=1)).counts
    assert (counts.demand, counts.missed, counts.arrived, counts.completed, counts.stuck) == (2, 0.5, 1.5, 1, 0.5)


def test_what_became_of_the_cases_adds_up() -> None:
    counts = summary(stuck()).counts
    assert counts.arrived == counts.completed + counts.open + counts.stuck + counts.failed


def test_an_entry_above_the_first_is_a_duplicate() -> None:
    trace = Trace().arrive(0, "people/0/0").arrive(0, "people/0/1")
    counts = summary(trace.replication()).counts
    assert (counts.demand, counts.arrived, counts.duplicates) == (1, 2, 1)


def test_reduced_and_combined_elsewhere_it_is_the_same() -> None:
    runs = [stuck(), whole_case().replication(number=1)]
    reduced = [pickle.loads(pickle.dumps(reduce(run, FACTS, KPIS, LINE))) for run in runs]  # noqa: S301
    assert combine(reversed(reduced), info(), KPIS) == summary(*runs)


def test_no_replication_is_an_error() -> None:
    with pytest.raises(ValueError, match="no replication"):
        combine((), info(), KPIS)


def test_waiting_of_an_activity_by_cause() -> None:
    found = summary(whole_case().replication()).activities["b"]
    assert (found.count, found.role) == (1, "board")
    assert found.waiting_total_s == near(5 / SECOND)
    assert found.causes_s == {Cause.CONTENTION: near(5 / SECOND)}


def test_items_of_the_warm_up_are_left_out() -> None:
    run = whole_case("door/0/0", 0).replication(warm_up=10)
    assert set(summary(run).activities) == {"b"}


def test_a_role_has_its_queue_and_utilisation() -> None:
    found = summary(whole_case().replication(close=100, end=100)).roles["board"]
    assert (found.name, found.count) == ("Board", 1)
    assert (found.queue.mean, found.utilisation.mean) == (near(0.05), near(0.2))


def test_handoffs_add_up_to_what_was_sent() -> None:
    found = summary(stuck()).handoffs["f1"]
    assert (found.sent, found.accepted, found.open) == (2, 1, 1)


def test_a_handoff_that_never_happened_stands_with_noughts() -> None:
    assert summary(stuck()).handoffs["m"].sent == 0


def test_an_undefined_place_says_who_got_there_and_who_stays() -> None:
    (found,) = summary(stuck(), facts=replace(FACTS, undefined={"b": "board"})).undefined
    assert (found.element, found.role, found.reached, found.stuck) == ("b", "board", 2, 1)


def test_a_black_box_that_never_answers_holds_who_waits_for_it() -> None:
    from bpmn_tool.results.trace import RowKind

    facts = replace(FACTS, undefined={"box": "box"})
    trace = Trace().arrive(0, "people/0/0").row(2, RowKind.RECEIVED, "people/0/0", element="box", flows=("m",))
    (found,) = summary(trace.replication(stuck={"people/0/0": ["x"]}), facts=facts).undefined
    assert (found.reached, found.stuck) == (1, 1)


def test_what_holds_the_stuck_is_named() -> None:
    assert summary(stuck()).stuck_at == {"b": 1}


def test_flows_and_ends_of_the_cohort() -> None:
    found = summary(stuck())
    assert (found.flows["f1"], found.ends) == (2, {"e": 1})


def test_a_series_is_the_median_of_each_day() -> None:
    late = Trace().arrive(DAY + 1, "people/0/0")
    runs = [late.replication(close=2 * DAY, end=2 * DAY, number=n) for n in range(3)]
    found = summary(*runs).series["open_cases"]
    assert (found.days, found.median) == ((0.0, 1.0, 2.0), (0.0, 0.0, 1.0))


def test_a_long_series_has_few_points() -> None:
    run = Trace().replication(close=4000 * DAY, end=4000 * DAY)
    assert len(summary(run).series["open_cases"].days) == 401


def test_persons_are_kept_for_pairing() -> None:
    assert summary(stuck()).persons == ({"people": ((0, 0), (1, 60), (2, 200))},)


def test_work_that_a_deadline_took_from_an_undefined_place_waited_in_vain() -> None:
    facts = replace(FACTS, undefined={"b": "board"})
    trace = Trace().arrive(0, "people/0/0").enable(0, "people/0/0", "b").ready(0, "people/0/0", "b")
    trace.withdraw(9, "people/0/0", "b", undefined=9).end(9, "people/0/0")
    (found,) = summary(trace.replication(), facts=facts).undefined
    assert (found.reached, found.in_vain, found.stuck) == (1, 1, 0)
