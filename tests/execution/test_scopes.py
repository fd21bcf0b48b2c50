"""Event sub-processes, calls, transactions, ad-hoc sub-processes and compensation (BPMN 2.0.2, 10.3.5, 10.7, 13.3,
13.5.4, 13.5.5).
"""

from dataclasses import replace
from typing import Any

import pytest

from bpmn_tool.errors import RunError
from bpmn_tool.execution.automatic import automatic
from bpmn_tool.model.elements import Event, Model, MultiInstance
from tests.execution.drawing import (
    ad_hoc,
    boundary,
    by_event,
    call,
    catch,
    draw,
    end,
    exclusive,
    parallel,
    script,
    start,
    sub,
    throw,
    transaction,
    undo,
    user,
)
from tests.execution.playing import begun, on, path, played


def with_handler(trigger: str, *, interrupting: bool = True) -> Model:
    handler = [by_event("H", container="S"), start("h", container="H", on=trigger, is_interrupting=interrupting)]
    nodes = [start("s"), sub("S"), user("u", container="S"), *handler, user("v", container="H"), end("e")]
    return draw(nodes, "s > S > e", "h > v", roots="signal:A")


def test_an_event_sub_process_that_interrupts_takes_the_place_of_the_rest() -> None:
    assert played(with_handler("message"), "h", "v") == "s h v H S e"


def test_one_that_does_not_runs_beside_and_again() -> None:
    assert played(with_handler("message", interrupting=False), "h", "h", "v", "u", "v") == "s h h v H u v H S e"


def test_a_timer_that_is_no_cycle_occurs_once() -> None:
    case = begun(with_handler("timer", interrupting=False))
    assert on(case, "P1D", "P1D", "v", "u") == "s h v H u S e"


def test_a_condition_occurs_each_time_that_it_becomes_true() -> None:
    begins = start("h", container="H", on="conditional", is_interrupting=False)
    handler = [by_event("H"), _condition(begins, "x > 1")]
    model = draw([start("s"), user("u"), user("v"), user("w"), *handler, end("e")], "s > u > v > w > e")
    assert played(model, "u!x=2", "v!x=3", "w!x=0") == "s u h H v w e"


def test_a_condition_that_is_true_when_it_is_met_occurs_at_once() -> None:
    event = _condition(catch("c", on="conditional"), "x > 1")
    assert played(draw([start("s"), script("z", "x = 2"), event, end("e")], "s > z > c > e")) == "s z c e"


def test_a_condition_over_what_nobody_has_set_waits() -> None:
    event = _condition(boundary("b", "u", on="conditional"), "x > 1")
    model = draw([start("s"), parallel("p"), user("u"), user("v"), event, end("f")], "s > p > u", "p > v", "b > f")
    assert played(model, "v!x=2") == "s p v b f"


def _condition(event: Event, text: str) -> Event:
    return replace(event, definitions=tuple(replace(each, text=text) for each in event.definitions))


def test_what_listens_goes_with_its_scope() -> None:
    case = begun(with_handler("message"))
    on(case, "u")
    assert (path(case), case.awaited()) == ("s u S e", ())


def test_a_signal_end_event_reaches_an_event_sub_process_of_its_own_scope() -> None:
    handler = [by_event("H"), start("h", container="H", on="signal:A"), user("v", container="H")]
    assert played(draw([start("s"), end("z", on="signal:A"), *handler], "s > z", "h > v"), "v") == "s z h v H"


# calls


def test_a_call_runs_the_process_that_it_calls() -> None:
    called = [start("q", container="Q"), user("u", container="Q"), end("f", container="Q")]
    model = draw([start("s"), call("c", "Q"), call("d", "Q"), end("e"), *called], "s > c > d > e", "q > u > f")
    assert played(model, "u", "u") == "s q u f c q u f d e"


def test_a_call_of_what_is_not_there_is_work() -> None:
    assert played(draw([start("s"), call("c", "elsewhere"), end("e")], "s > c > e"), "c") == "s c e"


def test_a_call_begins_at_the_start_event_without_a_trigger() -> None:
    called = [start("q", container="Q"), start("m", message=True, container="Q"), user("u", container="Q")]
    model = draw([start("s"), call("c", "Q"), *called], "s > c", "q > u", "m > u")
    assert played(model, "u") == "s q u c"


def test_a_process_that_calls_itself_without_end_is_stopped() -> None:
    model = draw([start("s"), call("c", "P")], "s > c")
    with pytest.raises(RunError, match="deep"):
        begun(model)


def test_a_process_may_call_itself_to_a_depth() -> None:
    nodes = [start("s"), script("z", "n = n + 1"), exclusive("x"), call("c", "P"), end("e")]
    model = draw(nodes, "s > z > x", "x > c [n < 50]", "x > e [default]", "c > e")
    assert path(begun(model, n=0)).split().count("c") == 49


def test_terminate_in_a_called_process_ends_it_alone() -> None:
    called = [parallel("p", container="Q"), user("u", container="Q"), user("v", container="Q")]
    nodes = [start("s"), call("c", "Q"), user("w"), *called, end("z", container="Q", on="terminate")]
    assert played(draw(nodes, "s > c > w", "p > u > z", "p > v"), "u", "w") == "s p u z c w"


# compensation


def undoing(throws: str) -> Model:
    nodes = [start("s"), user("a"), user("b"), boundary("ba", "a", on="compensate")]
    nodes += [boundary("bb", "b", on="compensate"), undo("ua"), undo("ub"), throw("t", on=throws), end("e")]
    return draw(nodes, "s > a > b > t > e", joined="ba>ua bb>ub")


def test_what_was_done_last_is_undone_first_one_after_another() -> None:
    case = begun(undoing("compensate"))
    on(case, "a", "b")
    assert [work.activity for work in case.work()] == ["ub"]
    assert on(case, "ub", "ua") == "s a b ub ua t e"


def test_the_activity_that_is_named_alone_is_undone() -> None:
    assert played(undoing("compensate:a"), "a", "b", "ua") == "s a b ua t e"


def test_a_throw_that_does_not_wait_goes_on_at_once() -> None:
    assert played(undoing("compensate:a!"), "a", "b", "ua") == "s a b t e ua"


def test_what_is_not_done_is_not_undone() -> None:
    nodes = [start("s"), parallel("p"), user("a"), boundary("b", "a", on="compensate"), undo("u")]
    model = draw([*nodes, user("v"), throw("t", on="compensate"), end("e")], "s > p > a", "p > v > t > e", joined="b>u")
    assert played(model, "v") == "s p v t e …"


def test_what_was_done_in_a_sub_process_is_undone_by_default() -> None:
    inside = [user("a", container="S"), boundary("b", "a", on="compensate", container="S"), undo("u", container="S")]
    nodes = [start("s"), sub("S"), *inside, throw("t", on="compensate"), end("e")]
    assert played(draw(nodes, "s > S > t > e", joined="b>u"), "a", "u") == "s a S u t e"


def test_a_compensation_event_sub_process_stands_for_what_was_done_in_its_sub_process() -> None:
    inside = [user("a", container="S"), boundary("b", "a", on="compensate", container="S"), undo("u", container="S")]
    inside += [by_event("H", container="S"), start("h", container="H", on="compensate"), user("v", container="H")]
    nodes = [start("s"), sub("S"), *inside, throw("y", on="compensate", container="H"), throw("t", on="compensate")]
    model = draw([*nodes, end("e")], "s > S > t > e", "h > v > y", joined="b>u")
    assert played(model, "a", "v", "u") == "s a S h v u y H t e"


def test_each_instance_is_undone_once_all_are_done() -> None:
    nodes = [start("s"), user("a", loop=MultiInstance(cardinality="2")), boundary("b", "a", on="compensate"), undo("u")]
    model = draw([*nodes, throw("t", on="compensate"), end("e")], "s > a > t > e", joined="b>u")
    assert played(model, "a", "a", "u", "u") == "s a a u u t e"


# transactions


def cancelled(*border: str) -> Model:
    inside = [user("a", container="T"), boundary("b", "a", on="compensate", container="T"), undo("u", container="T")]
    inside += [exclusive("x", container="T"), end("z", container="T", on="cancel"), end("f", container="T")]
    nodes = [start("s"), transaction("T"), *inside, *(boundary(each, "T", on="cancel") for each in border), end("e")]
    return draw(
        [*nodes, user("h")], "s > T > e", "a > x > z", "x > f", *(f"{each} > h" for each in border), joined="b>u"
    )


def test_cancel_undoes_what_was_done_and_leaves_by_the_border() -> None:
    assert played(cancelled("k"), "a", "x-z", "u", "h") == "s a x u z k h"


def test_a_transaction_without_a_cancel_event_completes() -> None:
    nodes = [node for node in cancelled().flow_nodes.values() if node.id != "h"]
    model = draw(nodes, "s > T > e", "a > x > z", "x > f", joined="b>u")
    assert played(model, "a", "x-z", "u") == "s a x u z T e"


def test_a_transaction_that_is_not_cancelled_is_a_sub_process() -> None:
    nodes = list(cancelled("k").flow_nodes.values())
    model = draw(nodes, "s > T > e", "a > x > z", "x > f", "k > h", joined="b>u")
    assert played(model, "a", "x-f") == "s a x f T e"


# ad hoc


def loose(**more: Any) -> Model:
    inside = [user("a", container="D"), user("b", container="D")]
    return draw([start("s"), ad_hoc("D", **more), *inside, end("e")], "s > D > e")


def test_what_is_in_an_ad_hoc_sub_process_is_taken_up_in_any_order_any_number_of_times() -> None:
    assert played(loose(), "b", "a", "b", "D") == "s b a b D e"


def test_by_its_condition_an_ad_hoc_sub_process_is_done() -> None:
    assert played(loose(completion_condition="x > 1"), "a!x=1", "b!x=2") == "s a b D e"


def test_one_at_a_time_means_that_nothing_else_is_taken_up() -> None:
    case = begun(loose(ordering="Sequential"))
    case.perform("a")
    assert [(work.activity, work.free) for work in case.work()] == [("a", False)]


def test_what_is_under_way_is_left_unless_it_must_not() -> None:
    assert played(loose(), "D") == "s D e"
    case = begun(loose(cancel_remaining_instances=False))
    case.perform("a")
    assert "D" not in {work.activity for work in case.work()}


def test_automatically_all_is_taken_up_once() -> None:
    case = begun(loose())
    automatic(case)
    assert path(case) == "s a b D e"


def test_what_a_handler_does_is_not_undone() -> None:
    handler = [sub("U", is_for_compensation=True), user("x", container="U"), undo("ux", container="U")]
    nodes = [start("s"), user("a"), boundary("b", "a", on="compensate"), *handler, end("e")]
    nodes.append(boundary("bx", "x", on="compensate", container="U"))
    model = draw(
        [*nodes, throw("t", on="compensate"), throw("v", on="compensate")], "s > a > t > v > e", joined="b>U bx>ux"
    )
    assert played(model, "a", "x") == "s a x U t v e"
