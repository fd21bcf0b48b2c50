"""Messages along message flows: each to exactly one receiver."""

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import TaskKind
from tests.execution.drawing import boundary, catch, draw, end, exclusive, parallel, script, start, task, throw, user

HUB_AND_CAW = draw(
    [
        start("signal", container="hub"),
        user("assess", container="hub"),
        task("refer", TaskKind.SEND, container="hub"),
        task("await", TaskKind.RECEIVE, container="hub"),
        boundary("late", "await", after="P10D", container="hub"),
        exclusive("accepted", container="hub"),
        user("take_back", container="hub"),
        end("handed_over", container="hub"),
        end("back", container="hub"),
        start("referral_in", message=True, container="caw"),
        user("weigh", container="caw"),
        throw("answer", message=True, container="caw"),
        end("weighed", container="caw"),
    ],
    "signal > assess > refer > await > accepted",
    "accepted > handed_over [ok]",
    "accepted > take_back [default]",
    "late > take_back > back",
    "referral_in > weigh > answer > weighed",
    messages="m1:refer>referral_in m2:answer>await",
)


def begun() -> Case:
    case = Case(HUB_AND_CAW)
    case.start("signal")
    case.complete("assess")
    return case


def test_a_message_to_a_start_event_begins_an_instance_of_the_same_case() -> None:
    case = begun()
    assert [(work.activity, work.process) for work in case.work()] == [("weigh", "caw")]


@pytest.mark.parametrize(("ok", "open_then"), [(True, []), (False, ["take_back"])])
def test_an_answer_comes_back_to_who_waits(ok: bool, open_then: list[str]) -> None:
    case = begun()
    case.complete("weigh", {"ok": ok})
    assert [work.activity for work in case.work()] == open_then


def test_an_answer_that_comes_too_late_is_kept_and_counted() -> None:
    case = begun()
    case.wait("P11D")
    case.complete("weigh", {"ok": True})
    case.complete("take_back")
    trace = case.trace()
    assert (trace.completed, trace.unreceived, set(trace.ends)) == (True, ("m2",), {"back", "weighed"})


def test_a_message_that_passed_is_a_step() -> None:
    assert ("m1", "messageFlow") in [(step.element, step.kind) for step in begun().trace().steps]


def test_a_message_is_kept_until_somebody_waits() -> None:
    model = draw([start("s"), user("a"), catch("c"), end("e")], "s > a > c > e")
    case = Case(model)
    case.start()
    assert not case.message("c", {"x": 1})
    assert case.trace().unreceived == ("c",)
    case.complete("a")
    assert (case.completed, case.data, case.trace().unreceived) == (True, {"x": 1}, ())


def test_one_message_goes_to_the_catch_that_waits_longest() -> None:
    nodes = [start("s"), parallel("p"), user("a"), exclusive("m"), catch("c"), script("t"), end("e")]
    case = Case(draw(nodes, "s > p > m > c > t > e", "p > a > m"))
    case.start()
    case.complete("a")
    case.message("c")
    assert [step.element for step in case.trace().steps].count("t") == 1
    case.message("c")
    assert case.completed


def test_a_black_box_takes_what_is_sent_and_answers_by_a_message_from_outside() -> None:
    nodes = [start("s"), throw("ask", message=True), catch("c"), end("e")]
    case = Case(draw(nodes, "s > ask > c > e", boxes="platform", messages="out:ask>platform in:platform>c"))
    case.start()
    assert ("out", "messageFlow") in [(step.element, step.kind) for step in case.trace().steps]
    case.message("in")
    assert case.completed


def test_a_user_task_may_send_too() -> None:
    nodes = [start("s"), user("a"), end("e"), start("s2", message=True, container="Q"), script("b", container="Q")]
    case = Case(draw(nodes, "s > a > e", "s2 > b", messages="m:a>s2"))
    case.start("s")
    case.complete("a")
    assert case.completed
    assert [step.element for step in case.trace().steps] == ["s", "a", "e", "m", "s2", "b"]


def test_work_takes_up_a_message_without_waiting_for_it() -> None:
    case = Case(draw([start("s"), user("a"), user("b"), end("e")], "s > a > b > e", boxes="box", messages="m:box>b"))
    case.start()
    assert not case.message("m")
    case.complete("a")
    assert case.trace().unreceived == ()


def test_a_message_for_nobody_is_refused() -> None:
    with pytest.raises(RunError, match="'nonsense'"):
        begun().message("nonsense")


def test_a_flow_to_the_border_of_a_pool_finds_the_event_of_that_name() -> None:
    nodes = [
        start("s"),
        throw("ask", message=True),
        end("e"),
        start("s2", message=True, name="Question", container="Q"),
        script("b", container="Q"),
    ]
    model = draw(nodes, "s > ask > e", "s2 > b", messages="m:ask>pool_Q")
    with pytest.raises(InputError, match="receives this message"):
        Case(model)
    from dataclasses import replace

    named = replace(model.message_flows["m"], name="Question")
    case = Case(replace(model, message_flows={"m": named}))
    case.start("s")
    assert "b" in [step.element for step in case.trace().steps]


def test_two_cases_of_one_model_do_not_touch_each_other() -> None:
    first, second = begun(), begun()
    first.complete("weigh", {"ok": True})
    first.wait("P30D")
    assert (first.completed, second.completed, second.data) == (True, False, {})
    assert [work.activity for work in second.work()] == ["weigh"]
    assert second.trace().steps[-1].at == second.now
