from bpmn_tool.results.cases import Status, observed_until, persons, split_id
from bpmn_tool.results.cases import cases as read
from tests.results.rows import FACTS, Trace, whole_case


def test_a_case_that_ended_is_completed_with_its_tick() -> None:
    (case,) = read(whole_case(at=7).replication(), FACTS)
    assert (case.status, case.arrival, case.end) == (Status.COMPLETED, 7, 47)


def test_a_case_that_can_never_go_on_is_stuck() -> None:
    trace = Trace().arrive(1, "people/0/0")
    (case,) = read(trace.replication(stuck={"people/0/0": ["b"]}), FACTS)
    assert case.status is Status.STUCK


def test_a_case_without_a_way_out_has_failed() -> None:
    from bpmn_tool.results.trace import RowKind

    trace = Trace().arrive(1, "people/0/0").row(3, RowKind.FAILED, "people/0/0", element="x")
    (case,) = read(trace.replication(), FACTS)
    assert (case.status, case.end) == (Status.FAILED, 3)


def test_the_cohort_is_by_demand_and_not_by_arrival() -> None:
    trace = Trace().arrive(1200, "people/0/0", demand=900).arrive(1201, "people/1/0", demand=1000)
    inside, outside = read(trace.replication(close=1000), FACTS)
    assert (inside.in_cohort, outside.in_cohort) == (True, False)


def test_demand_before_the_warm_up_is_no_cohort() -> None:
    (case,) = read(Trace().arrive(9, "people/0/0", demand=9).replication(warm_up=10), FACTS)
    assert not case.in_cohort


def test_what_is_assigned_later_wins_over_what_was_drawn() -> None:
    from bpmn_tool.results.trace import RowKind

    trace = Trace().arrive(0, "people/0/0", urgent=False).row(1, RowKind.ASSIGNED, "people/0/0", data={"urgent": True})
    (case,) = read(trace.replication(), FACTS)
    assert case.attributes == {"urgent": True}


def test_entries_of_one_person_belong_together() -> None:
    trace = Trace().arrive(1, "people/3/0").arrive(2, "people/3/1").arrive(3, "people/4/0")
    found = persons(read(trace.replication(), FACTS))
    assert {person: len(entries) for person, entries in found.items()} == {("people", 3): 2, ("people", 4): 1}


def test_missed_demand_is_named_with_or_without_an_entry() -> None:
    assert split_id("people/3", FACTS.streams) == split_id("people/3/0", FACTS.streams) == ("people", 3, 0)


def test_the_id_of_a_stream_may_hold_a_slash() -> None:
    assert split_id("door/at_start/2/1", FACTS.streams) == ("door/at_start", 2, 1)


def test_an_open_case_was_watched_to_the_end_of_the_follow_up() -> None:
    replication = Trace().arrive(1, "people/0/0").replication(close=10, follow_up=90, end=77)
    assert observed_until(replication, read(replication, FACTS)) == 100


def test_without_open_cases_the_last_event_is_the_end() -> None:
    replication = whole_case().replication(end=77)
    assert observed_until(replication, read(replication, FACTS)) == 77
