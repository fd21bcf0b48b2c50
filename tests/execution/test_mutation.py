"""Faults put into a model, and whether stories notice."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpmn_tool.execution.build import executable
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.mutation import is_found, mutants
from bpmn_tool.scenario.story import Story
from bpmn_tool.scenario.validate import read_table
from tests.execution.drawing import boundary, draw, end, exclusive, start, throw, user

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
        ("a", "the task is left out"),
        ("a", "it stands in the lane 'Two'"),
        ("x", "x-b and x-tell change places"),
        ("b", "it stands in the lane 'One'"),
        ("late", "it no longer interrupts"),
        ("late", "the timer never comes"),
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
        ([URGENT], ["b", "late", "m"]),
        ([URGENT, CALM], ["b", "late"]),
        ([CALM], ["a", "b", "late", "late"]),
    ],
)
def test_what_no_story_notices_survives(stories: list[Story], survivors: list[str]) -> None:
    assert [mutant.element for mutant in mutants(MODEL) if not is_found(mutant, stories, None)] == survivors
