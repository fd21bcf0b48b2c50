"""Each violation on its own: a trace in order has none, and one row put wrong has one."""

from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.results.identities import violations
from bpmn_tool.results.trace import Cause, RowKind
from tests.results.rows import FACTS, Trace, item_of, whole_case

CASE = "people/0/0"


def broken(trace: Trace) -> str:
    (sentence,) = violations(trace.replication(), FACTS)
    return sentence


@given(
    starts=st.lists(st.integers(0, 500), min_size=1, max_size=6),
    wait=st.integers(0, 100),
    window=st.tuples(st.integers(0, 300), st.integers(0, 600)),
)
def test_nothing_is_wrong_with_a_trace_in_order(starts: list[int], wait: int, window: tuple[int, int]) -> None:
    trace = Trace()
    for n, at in enumerate(starts):
        trace.rows += whole_case(f"people/{n}/0", at, wait=wait).rows
    trace.rows = [row._replace(resources=()) for row in trace.sorted().rows]  # one person for all would be a violation
    low, length = window
    assert violations(trace.replication(warm_up=low, close=low + length), FACTS) == ()


def test_waiting_without_a_cause() -> None:
    trace = whole_case()
    at = next(i for i, row in enumerate(trace.rows) if row.kind is RowKind.STARTED)
    trace.rows[at] = trace.rows[at]._replace(waits={Cause.CONTENTION: 4})
    assert "waited 5, of which 4" in broken(trace)


def test_a_row_out_of_time() -> None:
    trace = whole_case()
    trace.rows.append(trace.rows[0]._replace(kind=RowKind.SENT, tick=3))
    assert "stands after a row" in broken(trace)


def test_work_after_the_end_of_its_case() -> None:
    trace = whole_case()
    assert "ended at 40" in broken(trace.row(44, RowKind.FIRED, CASE, element="x"))


def test_a_handoff_that_never_began() -> None:
    trace = whole_case()
    at = next(i for i, row in enumerate(trace.rows) if row.handoffs)
    trace.rows[at] = trace.rows[at]._replace(handoffs=(f"{CASE}/f1//7",))
    assert "never began" in broken(trace)


def test_a_predecessor_that_does_not_exist() -> None:
    trace = whole_case()
    at = next(i for i, row in enumerate(trace.rows) if row.kind is RowKind.ENABLED and row.predecessors)
    trace.rows[at] = trace.rows[at]._replace(predecessors=(item_of(CASE, "nothing"),))
    assert any("never enabled before it" in sentence for sentence in violations(trace.replication(), FACTS))


def test_one_person_at_two_things() -> None:
    trace = Trace().arrive(0, CASE).work(CASE, "a", 0, 0, 10).work(CASE, "b", 0, 5, 10, who="D1")
    assert any("at once" in sentence for sentence in violations(trace.sorted().replication(), FACTS))


def test_a_case_that_ends_with_open_work() -> None:
    trace = Trace().arrive(0, CASE).enable(0, CASE, "a").end(9, CASE)
    assert "left open" in broken(trace)


def test_an_item_left_by_a_boundary_event_counts_up_to_it() -> None:
    trace = Trace().arrive(0, CASE).enable(0, CASE, "a").ready(0, CASE, "a").start(0, CASE, "a")
    trace.enable(7, CASE, "b", predecessors=(item_of(CASE, "a"),)).complete(20, CASE, "a")
    assert violations(trace.replication(end=30), FACTS) == ()
