"""Event logs on SpiffWorkflow: which way a decision went and what came from outside is inferred from what was done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.execution.log_replay import Distances, Left, Logged, Step, fits
from bpmn_tool.execution.replayable import replayable
from bpmn_tool.model.elements import Model
from tests.execution.drawing import boundary, catch, draw, end, exclusive, inclusive, parallel, start, user

NODES = [start("s"), exclusive("x"), user("a"), user("b"), exclusive("m"), exclusive("k"), parallel("p"), user("c")]
#: a or b, then c and d in any order, then once more or the end
MODEL = draw(
    [*NODES, user("d"), parallel("q"), exclusive("y"), end("e")],
    "s > m", "m > x", "x > a > k", "x > b > k", "k > p", "p > c > q", "p > d > q", "q > y", "y > m", "y > e",
)  # fmt: skip


def left(model: Model, *done: str, completed: bool = True) -> Left | None:
    made = replayable(model, {})
    steps = tuple(Step(activity=each, meant=(each,) if each in model.flow_nodes else ()) for each in done)
    return fits(made, Logged(name="1", steps=steps, completed=completed), Distances(made.executable.model))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), min_size=1, max_size=6))
def test_each_run_of_the_model_fits(rounds: list[tuple[str, bool]]) -> None:
    done = [each for way, turned in rounds for each in (way, *("dc" if turned else "cd"))]
    assert left(MODEL, *done) is None


@given(st.lists(st.sampled_from("abcd"), max_size=9))
def test_any_other_order_does_not(done: list[str]) -> None:
    """By hand: three at a time, one of a and b before c and d."""
    thirds = [done[n : n + 3] for n in range(0, len(done), 3)]
    right = [
        (whole[0] in "ab" and sorted(whole[1:]) == ["c", "d"][: len(whole) - 1])
        or (len(whole) == 2 and whole[0] in "ab" and whole[1] in "cd")
        for whole in thirds
    ]  # fmt: skip
    found = left(MODEL, *done, completed=False)
    assert (found is None) == all(right)
    if found is not None:
        wrong = right.index(False)
        assert 3 * wrong <= found.number < 3 * wrong + 3


def test_where_it_left_is_said_with_what_was_open() -> None:
    found = left(MODEL, "a", "c", "a")
    assert found is not None
    assert (found.number, found.open, found.decided) == (2, ("d",), True)


def test_what_the_model_does_not_have_is_said() -> None:
    found = left(MODEL, "a", "z")
    assert found is not None
    assert (found.number, found.open) == (1, ())


def test_a_log_that_stops_is_no_fault_and_says_that_the_model_goes_on() -> None:
    assert left(MODEL, "a", "c", completed=False) is None
    found = left(MODEL, "a", "c")
    assert found is not None
    assert (found.step, found.decided) == (None, True)


def test_a_timer_at_a_border_occurs_where_what_comes_next_needs_it() -> None:
    nodes = [start("s"), user("a"), boundary("late", "a", on="timer"), user("b"), catch("c", on="timer"), user("d")]
    model = draw([*nodes, end("e"), end("f")], "s > a > c > d > e", "late > b > f")
    assert left(model, "b") is None
    assert left(model, "a", "d") is None
    found = left(model, "a", "b")
    assert found is not None
    assert found.number == 1


@pytest.mark.parametrize("done", ["a", "ab", "ba", "abc", "cab"])
def test_an_inclusive_gateway_takes_several_ways(done: str) -> None:
    nodes = [start("s"), inclusive("o"), user("a"), user("b"), user("c"), inclusive("j"), end("e")]
    model = draw(nodes, "s > o", "o > a > j", "o > b > j", "o > c > j", "j > e")
    assert left(model, *done) is None
    assert left(model, *done, "a") is not None
