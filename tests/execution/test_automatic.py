"""Cases that do themselves, what they cover, and the story that they leave."""

from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.errors import RunError
from bpmn_tool.execution.automatic import automatic
from bpmn_tool.execution.beginnings import beginnings
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.coverage import coverage
from bpmn_tool.execution.recording import recorded
from bpmn_tool.execution.roles import roles_of
from bpmn_tool.execution.stories import play
from bpmn_tool.model.elements import Model
from bpmn_tool.scenario.story import Story
from bpmn_tool.scenario.validate import read_table
from tests.execution.drawing import boundary, catch, draw, end, exclusive, race, start, throw, user

MODEL = draw(
    [
        start("s"),
        user("a"),
        exclusive("x"),
        throw("ask", message=True),
        race("r"),
        catch("answered"),
        catch("late", after="P3D"),
        catch("pause", after="P1D"),
        end("e"),
        end("over"),
        end("done"),
    ],
    "s > a > x",
    "x > ask [urgent]",
    "x > pause [default]",
    "ask > r > answered > e",
    "r > late > over",
    "pause > done",
    boxes="box",
    messages="out:ask>box in:box>answered",
)


def auto(model: Model, **data: Any) -> Case:
    case = Case(model, data=data, ask=True, roles=roles_of(model, None))
    case.start()
    automatic(case)
    return case


def test_work_is_done_black_boxes_answer_and_timers_elapse() -> None:
    assert auto(MODEL, urgent=True).trace().ends == ("e",)
    assert auto(MODEL, urgent=False).trace().ends == ("done",)


def test_what_nobody_decides_takes_the_default_first() -> None:
    assert auto(MODEL).trace().ends == ("done",)


def test_a_choice_in_a_loop_takes_the_other_way_out_in_time() -> None:
    model = draw([start("s"), exclusive("m"), user("a"), exclusive("x"), end("e")], "s > m > a > x", "x > m", "x > e")
    assert auto(model).trace().flows.count("x-m") == 1


def test_a_loop_that_data_keep_going_is_stopped() -> None:
    model = draw(
        [start("s"), exclusive("m"), user("a"), exclusive("x"), end("e")],
        "s > m > a > x",
        "x > m [again]",
        "x > e [default]",
    )
    with pytest.raises(RunError, match="still goes on: a"):
        auto(model, again=True)


def test_a_case_that_can_do_nothing_more_stops_there() -> None:
    inside = draw(
        [start("s"), catch("c"), end("e"), start("t", container="Q"), throw("m", message=True, container="Q")],
        "s > c > e",
        "t > m",
        messages="f:m>c",
    )
    case = Case(inside)
    case.start("s")
    assert (automatic(case).completed, automatic(case).waiting) == (False, ("c",))


def test_a_message_in_the_flow_comes_before_one_at_a_boundary() -> None:
    nodes = [start("s"), catch("c"), user("a"), boundary("stop", "a"), end("e"), end("f")]
    assert auto(draw(nodes, "s > c > a > e", "stop > f")).trace().ends == ("e",)


def test_a_case_comes_in_where_nobody_in_the_model_sends() -> None:
    nodes = [start("t", message=True, container="Q"), end("e", container="Q"), start("s"), throw("m", message=True)]
    assert beginnings(draw(nodes, "t > e", "s > m", messages="f:m>t")) == ("s",)


def test_coverage_counts_what_any_case_went_through() -> None:
    both = coverage(MODEL, [auto(MODEL, urgent=True).trace(), auto(MODEL, urgent=False).trace()])
    assert (both.nodes, both.nodes_covered, both.flows, both.flows_covered) == (11, 9, 10, 8)
    assert both.missed == ("late", "over", "r-late", "late-over")


@pytest.mark.parametrize("data", [{"urgent": True}, {}])
def test_a_recorded_case_plays_again(data: dict[str, Any]) -> None:
    case = auto(MODEL, **data)
    here = Path()
    tables = recorded(case, name="n", start="s", models=(Path("m.bpmn"),), folder=here, data=data)
    story = read_table(Story, {**tables, "model": [tables["model"]]}, path="story.toml")
    result = play(MODEL, None, story)
    assert result.passed, result.message
    assert result.trace is not None
    assert result.trace.steps == case.trace().steps
