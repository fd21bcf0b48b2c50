"""Gateways against what BPMN 2.0.2, chapter 13, says of each."""

import pytest

from bpmn_tool.errors import RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import NodeBase, TaskKind, TriggerKind
from tests.execution.drawing import (
    catch,
    draw,
    end,
    exclusive,
    inclusive,
    parallel,
    race,
    receive,
    script,
    start,
    task,
    user,
)

DECISION = draw(
    [start("s"), exclusive("x"), script("a"), script("b"), script("c"), end("e")],
    "s > x",
    "x > a [n > 10]",
    "x > b [n > 5]",
    "x > c [default]",
    "a > e",
    "b > e",
    "c > e",
)


def scripts(case: Case) -> list[str]:
    return [step.element for step in case.trace().steps if step.kind == "scriptTask"]


def run(model: object, **data: object) -> Case:
    case = Case(model, data=data)  # type: ignore[arg-type]
    case.start()
    return case


@pytest.mark.parametrize(("n", "taken"), [(11, "a"), (6, "b"), (5, "c")])
def test_an_exclusive_gateway_takes_the_first_flow_that_is_true(n: int, taken: str) -> None:
    assert scripts(run(DECISION, n=n)) == [taken]


@pytest.mark.parametrize(("n", "ends"), [(7, ("b",)), (3, ("a",))])
def test_a_default_that_stands_first_in_the_file_is_taken_last(n: int, ends: tuple[str, ...]) -> None:
    model = draw([start("s"), exclusive("x"), end("a"), end("b")], "s > x", "x > a [default]", "x > b [n > 5]")
    assert run(model, n=n).trace().ends == ends


def test_an_exclusive_gateway_with_nothing_true_and_no_default_stops_the_case() -> None:
    model = draw([start("s"), exclusive("x"), end("a"), end("b")], "s > x", "x > a [n > 1]", "x > b [n > 2]")
    with pytest.raises(RunError, match="'x'"):
        run(model, n=0)


def test_a_condition_over_a_name_that_nobody_set_names_flow_and_name() -> None:
    with pytest.raises(RunError, match=r"x-a.*\n?.*n"):
        run(DECISION)


def test_a_gateway_without_conditions_waits_for_a_choice() -> None:
    model = draw([start("s"), exclusive("x"), end("a"), end("b")], "s > x > a", "x > b")
    case = run(model)
    assert [decision.flows for decision in case.decisions()] == [("x-a", "x-b")]
    case.choose("x-b")
    assert case.trace().ends == ("b",)


def test_a_choice_that_nobody_offers_is_refused() -> None:
    with pytest.raises(RunError, match="none waits"):
        run(DECISION, n=1).choose("x-a")


def test_an_exclusive_merge_lets_every_token_through() -> None:
    model = draw([start("s"), parallel("p"), exclusive("m"), script("a"), end("e")], "s > p > m", "p > m", "m > a > e")
    assert scripts(run(model)) == ["a", "a"]


def test_a_parallel_join_waits_for_a_token_on_each_flow() -> None:
    model = draw(
        [start("s"), parallel("p"), user("a"), user("b"), parallel("j"), end("e")], "s > p > a > j > e", "p > b > j"
    )
    case = run(model)
    case.complete("a")
    assert case.trace().waiting == ("b", "j")
    case.complete("b")
    assert case.completed


def test_a_parallel_join_counts_by_flow_and_keeps_a_second_token_of_one_flow() -> None:
    nodes = [start("s"), parallel("p"), exclusive("m"), script("a"), user("b"), parallel("j"), end("e")]
    case = run(draw(nodes, "s > p > m", "p > m", "m > a > j > e", "p > b > j"))
    case.complete("b")
    assert case.trace().ends == ("e",)
    assert (case.completed, case.trace().waiting) == (False, ("j",))


def test_two_flows_between_the_same_gateways_are_two_flows() -> None:
    model = draw([start("s"), parallel("p"), parallel("j"), script("a"), end("e")], "s > p > j", "p > j", "j > a > e")
    assert scripts(run(model)) == ["a"]


def test_a_parallel_gateway_ignores_conditions() -> None:
    model = draw([start("s"), parallel("p"), script("a"), end("e")], "s > p", "p > a [1 > 2]", "a > e")
    assert scripts(run(model)) == ["a"]


INCLUSIVE = draw(
    [start("s"), inclusive("o"), user("a"), user("b"), inclusive("j"), script("after"), end("e")],
    "s > o",
    "o > a [x]",
    "o > b [y]",
    "a > j",
    "b > j",
    "j > after > e",
)


def test_an_inclusive_gateway_takes_all_that_are_true_and_joins_them() -> None:
    case = run(INCLUSIVE, x=True, y=True)
    case.complete("a")
    assert scripts(case) == []
    case.complete("b")
    assert scripts(case) == ["after"]


def test_an_inclusive_join_does_not_wait_for_what_was_not_taken() -> None:
    case = run(INCLUSIVE, x=False, y=True)
    case.complete("b")
    assert case.completed


def test_an_inclusive_gateway_takes_its_default_if_and_only_if_nothing_is_true() -> None:
    model = draw([start("s"), inclusive("o"), end("a"), end("b")], "s > o", "o > a [x]", "o > b [default]")
    assert run(model, x=True).trace().ends == ("a",)
    assert run(model, x=False).trace().ends == ("b",)


def test_an_inclusive_join_waits_for_a_token_that_comes_by_a_nested_branch() -> None:
    nodes = [
        start("s"),
        inclusive("o"),
        user("a"),
        exclusive("x"),
        user("b"),
        user("c"),
        inclusive("j"),
        script("after"),
        end("e"),
    ]
    model = draw(
        nodes,
        "s > o",
        "o > a [p]",
        "o > x [q]",
        "x > b [r]",
        "x > c [default]",
        "a > j",
        "b > j",
        "c > j",
        "j > after > e",
    )
    case = run(model, p=True, q=True, r=True)
    case.complete("a")
    assert scripts(case) == []
    case.complete("b")
    assert scripts(case) == ["after"]


def test_an_inclusive_join_waits_for_a_boundary_event_of_an_activity_that_goes_on() -> None:
    from tests.execution.drawing import boundary

    nodes = [start("s"), parallel("p"), user("a"), user("b"), boundary("late", "b", after="P1D"), end("done")]
    model = draw([*nodes, inclusive("j"), end("e")], "s > p > a > j > e", "p > b > done", "late > j")
    case = run(model)
    case.complete("a")
    assert "j" in case.trace().waiting
    case.complete("b")
    assert case.trace().ends == ("done", "e")


def test_an_inclusive_join_in_a_loop_does_not_wait_for_itself() -> None:
    nodes = [start("s"), inclusive("j"), script("count", "n = n + 1"), exclusive("x"), end("e")]
    model = draw(nodes, "s > j > count > x", "x > j [n < 3]", "x > e [default]")
    assert run(model, n=0).trace().data == {"n": 3}


def test_two_inclusive_joins_that_wait_for_each_other_stay_stuck() -> None:
    nodes = [
        start("s"),
        parallel("p"),
        inclusive("j"),
        inclusive("k"),
        exclusive("x"),
        exclusive("y"),
        end("e"),
        end("f"),
    ]
    model = draw(nodes, "s > p > j > x", "p > k > y", "x > k [a]", "x > e [default]", "y > j [a]", "y > f [default]")
    assert run(model, a=False).trace().waiting == ("j", "k")


def test_the_first_event_behind_an_event_based_gateway_takes_the_token() -> None:
    nodes = [start("s"), race("r"), catch("in_time"), catch("too_late", after="P3D"), end("a"), end("b")]
    model = draw(nodes, "s > r > in_time > a", "r > too_late > b")
    case = run(model)
    case.wait("P1D")
    case.message("in_time")
    case.wait("P9D")
    assert case.trace().ends == ("a",)
    assert case.trace().flows == ("s-r", "r-in_time", "in_time-a")


def test_of_two_timers_behind_an_event_based_gateway_the_earlier_wins() -> None:
    nodes = [start("s"), race("r"), catch("late", after="P3D"), catch("soon", after="P2D"), end("a"), end("b")]
    case = run(draw(nodes, "s > r > late > a", "r > soon > b"))
    case.wait("P9D")
    assert case.trace().ends == ("b",)


def test_a_receive_task_may_stand_behind_an_event_based_gateway() -> None:
    case = run(draw([start("s"), race("r"), receive("t"), end("a")], "s > r > t > a"))
    case.message("t")
    assert [step.element for step in case.trace().steps] == ["s", "r", "t", "a"]


def test_several_flows_out_of_a_task_are_a_parallel_split() -> None:
    model = draw([start("s"), script("a"), script("b"), script("c"), end("e")], "s > a > b > e", "a > c > e")
    assert scripts(run(model)) == ["a", "b", "c"]


def test_several_flows_into_a_task_do_it_several_times() -> None:
    model = draw([start("s"), parallel("p"), script("a"), end("e")], "s > p > a", "p > a", "a > e")
    assert scripts(run(model)) == ["a", "a"]


@pytest.mark.parametrize(("x", "ends"), [(True, ("a", "c")), (False, ("b", "c"))])
def test_out_of_a_task_the_default_is_taken_where_no_condition_is_true(x: bool, ends: tuple[str, ...]) -> None:
    nodes = [start("s"), task("t", TaskKind.SERVICE), end("a"), end("b"), end("c")]
    assert run(draw(nodes, "s > t", "t > a [x]", "t > b [default]", "t > c"), x=x).trace().ends == ends


def test_a_single_condition_out_of_a_task_counts() -> None:
    model = draw([start("s"), task("t", TaskKind.SERVICE), end("a")], "s > t", "t > a [x]")
    with pytest.raises(RunError, match="'t'"):
        run(model, x=False)


def test_twenty_parallel_blocks_in_a_row() -> None:
    nodes: list[NodeBase] = [start("s"), end("e")]
    lines, last = [], "s"
    for i in range(20):
        nodes += [parallel(f"p{i}"), script(f"a{i}"), script(f"b{i}"), parallel(f"j{i}")]
        lines += [f"{last} > p{i} > a{i} > j{i}", f"p{i} > b{i} > j{i}"]
        last = f"j{i}"
    case = run(draw(nodes, *lines, f"{last} > e"))
    assert case.completed
    assert len(scripts(case)) == 40


def test_a_loop_of_a_thousand_rounds() -> None:
    nodes = [start("s"), exclusive("m"), script("count", "n = n + 1"), exclusive("x"), end("e")]
    case = run(draw(nodes, "s > m > count > x", "x > m [n < 1000]", "x > e [default]"), n=0)
    assert case.completed
    assert scripts(case).count("count") == 1000


def test_a_loop_that_never_ends_is_named() -> None:
    nodes = [start("s"), exclusive("m"), script("round"), exclusive("x"), end("e")]
    with pytest.raises(RunError, match="m, round, x"):
        run(draw(nodes, "s > m > round > x", "x > m [1 < 2]", "x > e [default]"))


def test_a_terminate_end_event_takes_all_tokens_away() -> None:
    model = draw(
        [start("s"), parallel("p"), user("a"), user("b"), end("stop", trigger=TriggerKind.TERMINATE), end("e")],
        "s > p > a > stop",
        "p > b > e",
    )
    case = run(model)
    case.complete("a")
    assert (case.completed, case.work(), case.trace().ends) == (True, (), ("stop",))
