from bpmn_tool.results.projections import work_items
from bpmn_tool.results.trace import Cause
from bpmn_tool.results.work_items import Outcome
from tests.results.rows import FACTS, Trace, item_of, whole_case

CASE = "people/0/0"


def arrived() -> Trace:
    return Trace().arrive(0, CASE)


def test_lag_waiting_and_processing_of_a_completed_item() -> None:
    trace = (
        arrived().enable(0, CASE, "a").ready(3, CASE, "a").start(10, CASE, "a", contention=7).complete(30, CASE, "a")
    )
    (item,) = work_items(trace.replication(), FACTS)
    assert (item.lag, item.waiting, item.processing, item.outcome) == (3, 7, 20, Outcome.COMPLETED)


def test_a_pause_is_not_work() -> None:
    trace = arrived().enable(0, CASE, "a").ready(0, CASE, "a").start(0, CASE, "a")
    trace.pause(10, CASE, "a").resume(25, CASE, "a").complete(30, CASE, "a")
    (item,) = work_items(trace.replication(), FACTS)
    assert (item.processing, item.paused, item.stretches()) == (15, 15, ((0, 10), (25, 30)))


def test_a_pause_that_lasts_counts_to_the_end() -> None:
    trace = arrived().enable(0, CASE, "a").ready(0, CASE, "a").start(0, CASE, "a").pause(10, CASE, "a")
    (item,) = work_items(trace.replication(end=50, close=40, follow_up=10), FACTS)
    assert (item.processing, item.paused) == (10, 40)


def test_a_withdrawn_item_waited_but_never_started() -> None:
    trace = arrived().enable(0, CASE, "a").ready(2, CASE, "a").withdraw(9, CASE, "a", unavailability=7)
    (item,) = work_items(trace.replication(), FACTS)
    assert (item.outcome, item.waiting, item.processing) == (Outcome.WITHDRAWN, 7, 0)


def test_what_still_waits_is_booked_to_nobody_where_nobody_is_named() -> None:
    from dataclasses import replace

    trace = arrived().enable(0, CASE, "b").ready(4, CASE, "b")
    facts = replace(FACTS, undefined={"b": "board"})
    (item,) = work_items(trace.replication(stuck={CASE: ["b"]}, end=100), facts)
    assert (item.outcome, item.causes) == (Outcome.OPEN, {Cause.UNDEFINED: 96})


def test_items_know_their_predecessors() -> None:
    _, second = work_items(whole_case().replication(), FACTS)
    assert second.predecessors == (item_of(CASE, "a"),)
