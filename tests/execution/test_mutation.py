"""Faults put into a model, and whether stories notice."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpmn_tool.execution.build import executable
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.mutation import is_found, mutants
from bpmn_tool.model.elements import Event
from bpmn_tool.scenario.story import Story
from bpmn_tool.scenario.validate import read_table
from tests.execution.drawing import boundary, catch, draw, end, exclusive, parallel, start, throw, user

MODEL = draw(
    [
        start("s"),
        user("a"),
        exclusive("x"),
        user("b"),
        boundary("late", "b", after="P1D"),
        throw("tell", message=True),
        end("e"),
        end("f"),
        end("over"),
        start("told", message=True, container="Q"),
        end("heard", container="Q"),
    ],
    "s > a > x",
    "x > b [urgent]",
    "x > tell [default]",
    "tell > f",
    "b > e",
    "late > over",
    "told > heard",
    messages="m:tell>told",
    lanes={"a": "One", "b": "Two"},
)


def story(**more: Any) -> Story:
    tables = {"format": 1, "name": "n", "model": ["m.bpmn"], "start": "s", "clock": datetime(2026, 1, 1, tzinfo=UTC)}
    return read_table(Story, {**tables, **more}, path="story.toml")


def test_each_kind_of_fault_is_tried() -> None:
    assert [(mutant.element, mutant.what) for mutant in mutants(MODEL)] == [
        ("x-b", "the condition is turned round"),
        ("s-a", "the flow leads to e"),
        ("a-x", "the flow leads to e"),
        ("x-b", "the flow leads to e"),
        ("x-tell", "the flow leads to e"),
        ("tell-f", "the flow leads to e"),
        ("b-e", "the flow leads to f"),
        ("late-over", "the flow leads to e"),
        ("a", "the task is left out"),
        ("a", "it stands in the lane 'Two'"),
        ("x", "x-b and x-tell change places"),
        ("b", "it stands in the lane 'One'"),
        ("late", "it no longer interrupts"),
        ("late", "the timer never comes"),
        ("late", "the timer comes after PT12H, not P1D"),
        ("late", "the timer comes after P2D, not P1D"),
        ("m", "the message is not sent"),
    ]


def test_every_fault_leaves_a_model_that_can_be_executed() -> None:
    for mutant in mutants(MODEL):
        executable(mutant.model)


def test_a_task_that_is_left_out_is_passed_by() -> None:
    without = next(mutant.model for mutant in mutants(MODEL) if mutant.what == "the task is left out")
    case = Case(without, data={"urgent": False})
    case.start("s")
    assert [step.element for step in case.trace().steps][:4] == ["s", "x", "tell", "f"]


URGENT = story(
    steps=[{"do": "a", "as": "one", "set": {"urgent": True}}, {"wait": "P1D"}],
    expect={"ends": ["over"], "path": ["a"]},
)
CALM = story(steps=[{"do": "a", "set": {"urgent": False}}], expect={"ends": ["f", "heard"]})


@pytest.mark.parametrize(
    ("stories", "survivors"),
    [
        ([URGENT], ["x-tell", "tell-f", "b-e", "b", "late", "late", "m"]),
        ([URGENT, CALM], ["b-e", "b", "late", "late"]),
        ([CALM], ["x-b", "b-e", "late-over", "a", "b", "late", "late", "late", "late"]),
    ],
)
def test_what_no_story_notices_survives(stories: list[Story], survivors: list[str]) -> None:
    assert [mutant.element for mutant in mutants(MODEL) if not is_found(mutant, stories, None)] == survivors


@pytest.mark.parametrize(
    ("said", "half", "twice"),
    [
        ("P10D", "P5D", "P20D"),
        ("P2W", "P7D", "P4W"),
        ("P3D", "P1DT12H", "P6D"),
        ("P1M", "P15D", "P2M"),
        ("P1Y", "P6M", "P2Y"),
        ("PT3H", "PT1H30M", "PT6H"),
        ("PT0S", "", ""),
    ],
)
def test_a_timer_is_moved_to_half_and_twice_its_duration(said: str, half: str, twice: str) -> None:
    model = draw([start("s"), catch("t", after=said), end("e")], "s > t > e")
    timers = [mutant.model.flow_nodes["t"] for mutant in mutants(model) if mutant.element == "t"]
    texts = {event.definitions[0].text for event in timers if isinstance(event, Event)}
    assert texts - {"P1000Y"} == {half, twice} - {""}


def test_what_leads_to_a_join_is_not_sent_elsewhere() -> None:
    model = draw(
        [start("s"), parallel("p"), user("a"), user("b"), parallel("q"), end("e"), end("f")],
        "s > p",
        "p > a > q",
        "p > b > q",
        "q > e",
    )
    assert "a-q" not in {mutant.element for mutant in mutants(model) if "leads" in mutant.what}
