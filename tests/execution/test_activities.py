"""Tasks, sub-processes, markers and boundary events against what BPMN 2.0.2, chapter 13, says of each."""

from dataclasses import replace
from typing import Any

import pytest

from bpmn_tool.errors import RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import Data, Model, MultiInstance, StandardLoop, TaskKind, TriggerKind
from tests.execution.drawing import boundary, catch, draw, end, parallel, script, start, sub, task, user


def run(model: object, **data: object) -> Case:
    case = Case(model, data=data)  # type: ignore[arg-type]
    case.start()
    return case


def elements(case: Case) -> list[str]:
    return [step.element for step in case.trace().steps]


@pytest.mark.parametrize("kind", [TaskKind.TASK, TaskKind.USER, TaskKind.MANUAL, TaskKind.BUSINESS_RULE])
def test_work_of_people_waits_for_them(kind: TaskKind) -> None:
    case = run(draw([start("s"), task("t", kind), end("e")], "s > t > e"))
    assert [work.activity for work in case.work()] == ["t"]
    case.complete("t")
    assert case.completed


@pytest.mark.parametrize("kind", [TaskKind.SERVICE, TaskKind.SCRIPT, TaskKind.SEND])
def test_other_work_is_done_by_itself(kind: TaskKind) -> None:
    assert run(draw([start("s"), task("t", kind), end("e")], "s > t > e")).completed


def test_a_receive_task_waits_for_its_message() -> None:
    case = run(draw([start("s"), task("t", TaskKind.RECEIVE), end("e")], "s > t > e"))
    assert (case.completed, case.awaited()) == (False, ("t",))
    case.message("t", {"answer": 1})
    assert (case.completed, case.data["answer"]) == (True, 1)


def test_completing_what_is_not_open_says_what_is() -> None:
    case = run(draw([start("s"), user("a"), user("b"), end("e")], "s > a > b > e"))
    with pytest.raises(RunError, match="b is not to be done now; open is a"):
        case.complete("b")


def test_completing_in_the_wrong_role_says_whose_work_it_is() -> None:
    model = draw([start("s"), user("a"), end("e")], "s > a > e", lanes={"a": "officer"})
    case = run(model)
    with pytest.raises(RunError, match="the work of officer, not of police"):
        case.complete("a", role="police")


def test_a_script_sees_what_was_set_and_assigns() -> None:
    case = run(draw([start("s"), user("a"), script("b", "y = 2 * x"), end("e")], "s > a > b > e"))
    case.complete("a", {"x": 21})
    assert case.data["y"] == 42


TIMED = draw(
    [start("s"), user("t"), boundary("late", "t", after="P10D"), end("done"), end("over")],
    "s > t > done",
    "late > over",
)


def test_an_interrupting_timer_takes_the_work_away() -> None:
    case = run(TIMED)
    case.wait("P10D")
    assert (case.work(), case.trace().ends, case.completed) == ((), ("over",), True)


def test_work_done_in_time_stops_its_timer() -> None:
    case = run(TIMED)
    case.wait("P9D")
    case.complete("t")
    case.wait("P9D")
    assert (case.trace().ends, case.next_timer) == (("done",), None)


def test_a_timer_that_does_not_interrupt_fires_once_and_the_work_goes_on() -> None:
    nodes = [
        start("s"),
        user("t"),
        boundary("remind", "t", after="P1D", cancel_activity=False),
        script("mail"),
        end("e"),
    ]
    case = run(draw(nodes, "s > t > e", "remind > mail"))
    case.wait("P5D")
    case.complete("t")
    assert elements(case) == ["s", "remind", "mail", "t", "e"]


def test_a_cycle_that_does_not_interrupt_fires_as_often_as_it_says() -> None:
    nodes = [
        start("s"),
        user("t"),
        boundary("remind", "t", cycle="R3/P1D", cancel_activity=False),
        script("mail"),
        end("e"),
    ]
    case = run(draw(nodes, "s > t > e", "remind > mail"))
    case.wait("PT47H")
    assert elements(case).count("mail") == 1
    case.wait("P9D")
    assert elements(case).count("mail") == 3


def test_a_message_that_does_not_interrupt_is_caught_each_time_it_comes() -> None:
    nodes = [start("s"), user("t"), boundary("news", "t", cancel_activity=False), script("note"), end("e")]
    case = run(draw(nodes, "s > t > e", "news > note"))
    case.message("news")
    case.message("news")
    assert elements(case).count("note") == 2
    assert [work.activity for work in case.work()] == ["t"]


def test_an_interrupting_message_takes_the_work_away() -> None:
    nodes = [start("s"), user("t"), boundary("stop", "t"), end("done"), end("over")]
    case = run(draw(nodes, "s > t > done", "stop > over"))
    case.message("stop")
    assert case.trace().ends == ("over",)


INSIDE = [start("s"), sub("sub"), start("is", container="sub"), user("a", container="sub"), user("b", container="sub")]
SPLIT = ["is > a > ie", "is > b > ie2"]
ENDS = [end("ie", container="sub"), end("ie2", container="sub"), end("e")]


def test_a_sub_process_is_done_when_nothing_in_it_is_left() -> None:
    case = run(draw([*INSIDE, *ENDS], "s > sub > e", *SPLIT))
    case.complete("a")
    assert case.trace().ends == ()
    case.complete("b")
    assert (case.completed, case.trace().ends) == (True, ("e",))


def test_terminate_in_a_sub_process_ends_that_sub_process_alone() -> None:
    ends = [
        end("ie", container="sub", trigger=TriggerKind.TERMINATE),
        end("ie2", container="sub"),
        user("after"),
        end("e"),
    ]
    case = run(draw([*INSIDE, *ends], "s > sub > after > e", *SPLIT))
    case.complete("a")
    assert [work.activity for work in case.work()] == ["after"]


def test_interrupting_a_sub_process_takes_all_in_it_away() -> None:
    nodes = [*INSIDE, *ENDS, boundary("late", "sub", after="P1D"), end("over")]
    case = run(draw(nodes, "s > sub > e", "late > over", *SPLIT))
    case.wait("P1D")
    assert (case.work(), case.trace().ends, case.completed) == ((), ("over",), True)


def test_sub_processes_nest_and_share_the_data_of_the_case() -> None:
    nodes = [
        start("s"),
        sub("o"),
        sub("i", container="o"),
        script("a", "x = x + 1", container="i"),
        script("b", "y = x", container="o"),
    ]
    case = run(draw([*nodes, end("e")], "s > o > e", "i > b"), x=1)
    assert (case.completed, case.data) == (True, {"x": 2, "y": 2})


def test_a_timer_in_a_sub_process_is_the_timer_of_the_case() -> None:
    case = run(draw([start("s"), sub("o"), catch("c", after="P1D", container="o"), end("e")], "s > o > e"))
    case.wait("P1D")
    assert case.completed


def test_a_parallel_multi_instance_is_open_as_often_as_it_says() -> None:
    case = run(draw([start("s"), user("t", loop=MultiInstance(cardinality="n")), end("e")], "s > t > e"), n=3)
    assert [work.instance for work in case.work()] == [0, 1, 2]
    case.complete("t", instance=1)
    case.complete("t", instance=2)
    assert not case.completed
    case.complete("t")
    assert elements(case) == ["s", "t", "t", "t", "e"]


def test_a_sequential_multi_instance_is_open_once_at_a_time() -> None:
    loop = MultiInstance(cardinality="2", is_sequential=True)
    case = run(draw([start("s"), user("t", loop=loop), end("e")], "s > t > e"))
    assert [work.instance for work in case.work()] == [0]
    case.complete("t")
    assert [work.instance for work in case.work()] == [1]
    case.complete("t")
    assert case.completed


def test_a_completion_condition_takes_the_other_instances_away() -> None:
    loop = MultiInstance(cardinality="5", completion_condition="numberOfCompletedInstances >= 2")
    case = run(draw([start("s"), user("t", loop=loop), end("e")], "s > t > e"))
    case.complete("t")
    case.complete("t")
    assert (case.completed, case.work()) == (True, ())


def test_no_instances_at_all_are_done_at_once() -> None:
    case = run(draw([start("s"), user("t", loop=MultiInstance(cardinality="0")), end("e")], "s > t > e"))
    assert elements(case) == ["s", "e"]


def test_instances_that_nobody_counted_are_taken_from_the_data() -> None:
    model = draw([start("s"), user("t", loop=MultiInstance()), end("e")], "s > t > e")
    assert len(run(model, t_instances=2).work()) == 2
    with pytest.raises(RunError, match="t_instances"):
        run(model)


def test_a_multi_instance_sub_process_runs_each_inside_on_its_own() -> None:
    nodes = [start("s"), sub("o", loop=MultiInstance(cardinality="2")), user("a", container="o"), end("e")]
    case = run(draw(nodes, "s > o > e"))
    case.complete("a")
    assert not case.completed
    case.complete("a")
    assert elements(case) == ["s", "a", "o", "a", "o", "e"]


def test_interrupting_a_multi_instance_takes_all_instances_away() -> None:
    nodes = [
        start("s"),
        user("t", loop=MultiInstance(cardinality="3")),
        boundary("late", "t", after="P1D"),
        end("e"),
        end("over"),
    ]
    case = run(draw(nodes, "s > t > e", "late > over"))
    case.complete("t")
    case.wait("P1D")
    assert (case.work(), case.trace().ends) == ((), ("over",))


@pytest.mark.parametrize(
    ("loop", "times"),
    [
        (StandardLoop(condition="n < 3"), 3),
        (StandardLoop(condition="n < 0"), 1),
        (StandardLoop(condition="n < 0", test_before=True), 0),
        (StandardLoop(condition="1 < 2", maximum=4), 4),
        (StandardLoop(maximum=2), 2),
        (StandardLoop(condition="loopCounter < 2"), 2),
    ],
)
def test_a_loop_goes_on_while_its_condition_is_true(loop: StandardLoop, times: int) -> None:
    case = run(draw([start("s"), script("t", "n = n + 1", loop=loop), end("e")], "s > t > e"), n=0)
    assert (case.completed, case.data["n"]) == (True, times)


def test_a_loop_that_nobody_counted_is_taken_from_the_data() -> None:
    model = draw([start("s"), script("t", "n = n + 1", loop=StandardLoop()), end("e")], "s > t > e")
    assert run(model, n=0, t_instances=3).data["n"] == 3
    with pytest.raises(RunError, match="t_instances"):
        run(model, n=0)


def test_parallel_branches_write_the_same_data() -> None:
    nodes = [start("s"), parallel("p"), script("a", "x = 1"), script("b", "y = x + 1"), parallel("j"), end("e")]
    assert run(draw(nodes, "s > p > a > j > e", "p > b > j")).data == {"x": 1, "y": 2}


def test_names_that_spiffworkflow_keeps_for_itself_may_be_ids() -> None:
    assert elements(run(draw([start("Start"), script("P.EndJoin"), end("End")], "Start > P.EndJoin > End"))) == [
        "Start",
        "P.EndJoin",
        "End",
    ]


def over_items(**more: Any) -> Model:
    loop = MultiInstance(data_input_ref="r", data_output_ref="o", input_data_item="x", output_data_item="y", **more)
    model = draw([start("s"), script("z", "xs = [1, 2, 3]"), script("t", "y = x * 2", loop=loop)], "s > z > t")
    data = (Data(id="d", kind="dataObject", name="xs"), Data(id="r", kind="dataObjectReference", ref="d"))
    out = Data(id="o", kind="dataObject", name="ys")
    return replace(model, data={each.id: each for each in (*data, out)})


@pytest.mark.parametrize("sequential", [True, False])
def test_a_multi_instance_over_a_collection_has_an_instance_for_each_item(sequential: bool) -> None:
    case = Case(over_items(is_sequential=sequential))
    case.start()
    assert case.completed
    assert case.data["ys"] == (2, 4, 6)
