from dataclasses import replace

from bpmn_tool.results.handoffs import Handoff, HandoffOutcome
from bpmn_tool.results.projections import handoffs
from bpmn_tool.results.trace import RowKind
from tests.results.rows import FACTS, Trace, item_of, whole_case

CASE = "people/0/0"
SENT = f"{CASE}/f1//0"


def handed_over() -> Trace:
    """a is done at 15; what becomes of f1 is to be said."""
    return Trace().arrive(0, CASE).work(CASE, "a", 0, 5, 15, "f1")


def only(trace: Trace, facts: object = FACTS, **more: int) -> Handoff:
    (found,) = handoffs(trace.replication(**more), facts)  # type: ignore[arg-type]
    return found


def test_accepted_when_the_item_that_it_reached_starts() -> None:
    found = only(whole_case(wait=6))
    assert (found.id, found.outcome, found.begun, found.settled) == (SENT, HandoffOutcome.ACCEPTED, 15, 21)


def test_it_goes_from_the_owner_to_the_owner_of_the_item() -> None:
    found = only(whole_case())
    assert (found.source, found.target, found.sender) == ("desk", "board", item_of(CASE, "a"))


def test_open_while_nobody_begins() -> None:
    found = only(handed_over().enable(15, CASE, "b", handoffs=(SENT,)))
    assert (found.outcome, found.settled) == (HandoffOutcome.OPEN, None)


def test_withdrawn_when_the_item_is_taken_away_before_it_starts() -> None:
    trace = (
        handed_over().enable(15, CASE, "b", handoffs=(SENT,)).ready(15, CASE, "b").withdraw(40, CASE, "b", priority=25)
    )
    assert only(trace).outcome is HandoffOutcome.WITHDRAWN


def test_withdrawn_when_its_token_is_taken_away_on_the_way() -> None:
    trace = handed_over().row(20, RowKind.WITHDRAWN, CASE, element="f1", handoffs=(SENT,))
    assert only(trace).outcome is HandoffOutcome.WITHDRAWN


def test_an_item_that_is_interrupted_had_been_accepted() -> None:
    trace = (
        handed_over().enable(15, CASE, "b", handoffs=(SENT,)).ready(15, CASE, "b").start(16, CASE, "b", contention=1)
    )
    trace.row(30, RowKind.INTERRUPTED, CASE, element="b", item=item_of(CASE, "b"))
    assert only(trace).outcome is HandoffOutcome.ACCEPTED


def test_lost() -> None:
    found = only(handed_over().row(15, RowKind.LOST, CASE, element="f1", handoffs=(SENT,)))
    assert (found.outcome, found.settled) == (HandoffOutcome.LOST, 15)


def test_declined() -> None:
    found = only(handed_over().row(15, RowKind.DECLINED, CASE, element="f1", handoffs=(SENT,)))
    assert found.outcome is HandoffOutcome.DECLINED


def test_a_message_to_a_black_box_is_accepted_when_it_gets_there() -> None:
    trace = Trace().arrive(0, CASE).row(3, RowKind.SENT, CASE, element="a", flows=("m",))
    trace.row(8, RowKind.RECEIVED, CASE, element="box", flows=("m",), handoffs=(f"{CASE}/m//0",))
    found = only(trace)
    assert (found.outcome, found.settled, found.target) == (HandoffOutcome.ACCEPTED, 8, "box")


def test_with_accepted_by_only_the_message_back_accepts() -> None:
    facts = replace(FACTS, accepted_by={"m": "back"})
    trace = Trace().arrive(0, CASE).row(3, RowKind.SENT, CASE, element="a", flows=("m",))
    trace.row(8, RowKind.RECEIVED, CASE, element="box", flows=("m",), handoffs=(f"{CASE}/m//0",))
    assert only(trace, facts).outcome is HandoffOutcome.OPEN
    trace.row(20, RowKind.RECEIVED, CASE, element="x", flows=("back",))
    assert only(trace, facts).settled == 20


def test_one_message_back_accepts_the_oldest_that_is_open() -> None:
    facts = replace(FACTS, accepted_by={"m": "back"})
    trace = Trace().arrive(0, CASE)
    for tick in (1, 2):
        trace.row(tick, RowKind.SENT, CASE, element="a", flows=("m",))
    trace.row(9, RowKind.RECEIVED, CASE, element="x", flows=("back",))
    assert [h.settled for h in handoffs(trace.replication(), facts)] == [9, None]


def test_numbers_count_tokens_of_one_flow_under_one_path() -> None:
    trace = Trace().arrive(0, CASE)
    for path in ("", "part[1]@0", ""):
        trace.row(1, RowKind.FIRED, CASE, path=path, element="x", flows=("f1",))
    assert [h.id for h in handoffs(trace.replication(), FACTS)] == [
        f"{CASE}/f1//0",
        f"{CASE}/f1/part[1]@0/0",
        f"{CASE}/f1//1",
    ]


def test_late_where_it_is_accepted_after_the_time_for_it() -> None:
    facts = replace(FACTS, accept_within={"f1": 5})
    assert (only(whole_case(wait=5), facts).late, only(whole_case(wait=6), facts).late) == (False, True)


def test_late_where_nobody_has_begun_by_then() -> None:
    facts = replace(FACTS, accept_within={"f1": 5})
    assert only(handed_over().enable(15, CASE, "b", handoffs=(SENT,)), facts, end=21).late


def test_a_bounce_goes_back_to_where_its_work_came_from() -> None:
    trace = handed_over()
    trace.work(CASE, "b", 15, 15, 20, "r", predecessors=(item_of(CASE, "a"),), handoffs=(SENT,))
    there, back = handoffs(trace.replication(), FACTS)
    assert (there.bounce, back.flow, back.bounce) == (False, "r", True)


def test_what_its_item_waited_is_booked_to_the_handoff_from_the_last_predecessor() -> None:
    trace = handed_over().row(15, RowKind.SENT, CASE, element="a", flows=("m",), predecessors=("other",))
    names = (f"{CASE}/m//0", SENT)
    trace.enable(15, CASE, "b", handoffs=names, predecessors=("other", item_of(CASE, "a"))).ready(15, CASE, "b")
    trace.start(22, CASE, "b", who="B1", contention=7)
    assert {h.flow: h.waiting for h in handoffs(trace.replication(), FACTS)} == {"f1": 7, "m": 0}
