"""Signals, escalations and errors: who catches what is thrown, and what it takes away (BPMN 2.0.2, 10.5.5, 13.5)."""

import pytest

from bpmn_tool.model.elements import Model, MultiInstance, NodeBase
from tests.execution.drawing import (
    boundary,
    by_event,
    call,
    catch,
    draw,
    end,
    exclusive,
    parallel,
    race,
    start,
    sub,
    throw,
    user,
)
from tests.execution.playing import begun, on, path, played


def thrown_in(*catchers: NodeBase, on: str, lines: tuple[str, ...] = (), roots: str = "") -> Model:
    """A sub-process S that ends by what is thrown, with what catches it."""
    inside = [user("u", container="S"), end("z", container="S", on=on)]
    return draw([start("s"), sub("S"), *inside, end("e"), *catchers], "s > S > e", "u > z", *lines, roots=roots)


def test_a_signal_reaches_all_that_wait_for_it_and_nobody_else() -> None:
    nodes = [start("s"), parallel("p"), user("u"), throw("t", on="signal:A")]
    nodes += [catch("a", on="signal:A"), catch("b", on="signal:A"), catch("c", on="signal:B")]
    assert played(draw(nodes, "s > p > u > t", "p > a", "p > b", "p > c"), "u") == "s p u t a b …"


def test_a_signal_is_not_kept_for_who_waits_later() -> None:
    model = draw([start("s"), throw("t", on="signal:A"), catch("a", on="signal:A")], "s > t > a")
    assert played(model) == "s t …"


def test_a_signal_without_a_name_reaches_nobody() -> None:
    nodes = [start("s"), parallel("p"), throw("t", on="signal"), catch("a", on="signal")]
    assert played(draw(nodes, "s > p > a", "p > t")) == "s p t …"


def test_a_signal_begins_a_process() -> None:
    nodes = [start("s"), throw("t", on="signal:A"), start("o", on="signal:A", container="Q"), user("u", container="Q")]
    assert played(draw(nodes, "s > t", "o > u"), "u") == "s t o u"


def test_a_signal_from_outside_goes_by_its_id() -> None:
    model = draw([start("s"), catch("a", on="signal:A"), end("e")], "s > a > e", roots="signal:A")
    assert played(model, "A") == "s a e"


def test_a_signal_that_takes_one_catcher_away_does_not_reach_it() -> None:
    nodes = [start("s"), parallel("p"), user("v"), throw("t", on="signal:A"), sub("S"), end("e")]
    nodes += [catch("a", container="S", on="signal:A"), boundary("b", "S", on="signal:A"), user("h")]
    assert played(draw(nodes, "s > p > v > t > e", "p > S", "b > h"), "v") == "s p v t b e …"


def test_the_first_event_of_a_race_may_be_a_signal() -> None:
    nodes = [start("s"), race("g"), catch("a", on="signal:A"), catch("b", after="PT1H"), end("x"), end("y")]
    assert played(draw(nodes, "s > g > a > x", "g > b > y", roots="signal:A"), "A") == "s g a x"


def test_an_error_goes_to_the_border_and_takes_all_else_away() -> None:
    inside = [parallel("p", container="S"), user("u", container="S"), user("v", container="S")]
    nodes = [start("s"), sub("S"), *inside, end("z", container="S", on="error:E"), end("e"), end("f")]
    model = draw([*nodes, boundary("b", "S", on="error:E")], "s > S > e", "p > u > z", "p > v", "b > f")
    assert played(model, "u") == "s p u z b f"


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_who_names_the_code_comes_before_who_takes_any(order: str) -> None:
    catchers = {"a": boundary("a", "S", on="error:E"), "b": boundary("b", "S", on="error")}
    model = thrown_in(*(catchers[each] for each in order), on="error:E")
    assert played(model, "u") == "s u z a"


def test_errors_are_the_same_by_their_code() -> None:
    model = thrown_in(boundary("b", "S", on="error:F"), on="error:E", roots="error:E:404 error:F:404")
    assert played(model, "u") == "s u z b"


def test_an_error_of_another_code_passes_by() -> None:
    case = begun(thrown_in(boundary("b", "S", on="error:F"), on="error:E"))
    assert (on(case, "u"), case.trace().failed) == ("s u z", ("P",))


def test_an_event_sub_process_of_the_scope_comes_before_the_border() -> None:
    inside = (by_event("H", container="S"), start("h", container="H", on="error"), user("v", container="H"))
    model = thrown_in(*inside, boundary("b", "S", on="error:E"), on="error:E", lines=("h > v",))
    assert played(model, "u", "v") == "s u z h v H S e"


def test_an_error_in_an_event_sub_process_is_not_its_own() -> None:
    inside = (
        by_event("H", container="S"),
        start("h", container="H", on="error"),
        end("y", container="H", on="error:E"),
    )
    model = thrown_in(*inside, boundary("b", "S", on="error:E"), on="error:E", lines=("h > y",))
    assert played(model, "u") == "s u z h y b"


def test_an_error_goes_out_through_calls_and_runs() -> None:
    nodes = [start("s"), sub("S", loop=MultiInstance(cardinality="3")), call("c", "Q", container="S"), end("e")]
    called = [start("q", container="Q"), user("u", container="Q"), end("z", container="Q", on="error:E")]
    model = draw([*nodes, *called, boundary("b", "S", on="error:E"), end("f")], "s > S > e", "q > u > z", "b > f")
    case = begun(model)
    assert len(case.work()) == 3
    assert on(case, "u") == "s q q q u z b f"


def test_an_error_that_nobody_catches_ends_its_process_instance_alone() -> None:
    nodes = [start("s"), throw("t", on="signal:A"), parallel("p"), user("u"), end("z", on="error:E"), user("v")]
    nodes += [start("o", container="Q", on="signal:A"), user("w", container="Q")]
    case = begun(draw(nodes, "s > t > p > u > z", "p > v", "o > w"))
    on(case, "u")
    assert [work.activity for work in case.work()] == ["w"]
    assert case.trace().failed == ("P",)


@pytest.mark.parametrize(("interrupting", "then"), [(True, "s u t b h"), (False, "s u t b h v S e")])
def test_an_escalation_interrupts_as_drawn(interrupting: bool, then: str) -> None:
    inside = [user("u", container="S"), throw("t", container="S", on="escalation:X"), user("v", container="S")]
    border = boundary("b", "S", on="escalation:X", cancel_activity=interrupting)
    model = draw([start("s"), sub("S"), *inside, border, user("h"), end("e")], "s > S > e", "u > t > v", "b > h")
    words = ("u", "h") if interrupting else ("u", "h", "v")
    assert played(model, *words) == then


def test_an_escalation_that_nobody_catches_changes_nothing() -> None:
    model = draw([start("s"), throw("t", on="escalation:X"), end("e")], "s > t > e")
    case = begun(model)
    assert (path(case), case.trace().failed) == ("s t e", ())


def test_an_error_or_escalation_of_a_task_comes_from_outside() -> None:
    model = draw([start("s"), user("u"), boundary("b", "u", on="error:E"), end("f")], "s > u", "b > f")
    assert played(model, "b") == "s b f"


def test_several_results_of_one_event_come_one_after_another() -> None:
    nodes = [start("s"), parallel("p"), user("u"), user("v"), end("z", on="signal:A terminate")]
    nodes += [catch("a", on="signal:A"), exclusive("x"), user("w")]
    assert played(draw(nodes, "s > p > u > z", "p > a > x > w", "p > v"), "u") == "s p u z a"


def test_two_cases_side_by_side_do_not_touch_each_other() -> None:
    nodes = [start("s"), parallel("p"), user("u"), throw("t", on="signal:A"), catch("a", on="signal:A"), end("e")]
    model = draw(nodes, "s > p > u > t", "p > a > e")
    one, other = begun(model), begun(model)
    on(one, "u")
    assert (path(one), path(other)) == ("s p u t a e", "s p …")
