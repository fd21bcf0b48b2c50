"""A story that failed, told: expected, happened, and one line of the path marked."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.execution.stories import play
from bpmn_tool.execution.told import Mark, PathLine, Told, shortened, told
from bpmn_tool.scenario.story import Story
from bpmn_tool.scenario.validate import read_table
from tests.execution.drawing import boundary, draw, end, exclusive, start, user

MODEL = draw(
    [
        start("s"),
        user("a", name="Ask"),
        boundary("late", "a", after="P1D"),
        user("b"),
        exclusive("x"),
        user("c"),
        end("yes"),
        end("no"),
        end("over"),
    ],
    "s > a > b > x",
    "late > over",
    "x > c [good]",
    "x > no [default]",
    "c > yes",
    lanes={"a": "One", "b": "Two", "c": "Two"},
)
ACTS: list[dict[str, Any]] = [{"do": "a"}, {"do": "b", "set": {"good": False}}]


def failed(expect: dict[str, Any], steps: list[dict[str, Any]] | None = None) -> Told:
    tables = {
        "format": 1,
        "name": "n",
        "model": ["m.bpmn"],
        "start": "s",
        "clock": datetime(2026, 1, 5, tzinfo=UTC),
        "steps": ACTS if steps is None else steps,
        "expect": expect,
    }
    story = read_table(Story, tables, path="story.toml")
    result = play(MODEL, None, story)
    assert not result.passed
    return told(MODEL, story, result)


def marked(found: Told) -> tuple[int, PathLine]:
    """Where the one difference stands among the lines."""
    ((place, line),) = [(n, line) for n, line in enumerate(found.path) if line.mark in (Mark.DIFFERENT, Mark.MISSING)]
    return place, line


@pytest.mark.parametrize(
    ("expect", "mark", "element", "place", "expected", "happened"),
    [
        ({"path": ["a", "c"]}, Mark.MISSING, "c", 2, "c after 'Ask' (a)", "b by two, on 2026-01-05 00:00"),
        ({"path": ["c"]}, Mark.MISSING, "c", 0, "c", "'Ask' (a) by one, on"),
        ({"path": ["a", "b", "c"]}, Mark.MISSING, "c", 3, "c after b", "The case ended at no"),
        ({"path": ["b", "a"], "exact": True}, Mark.DIFFERENT, "a", 1, "b", "'Ask' (a) by one"),
        ({"path": ["a"], "exact": True}, Mark.DIFFERENT, "b", 2, "nothing more after the path", "b by two"),
        ({"path": ["a", "b", "c"], "exact": True}, Mark.MISSING, "c", 5, "c", "The case ended at no"),
        ({"by": {"b": "one"}}, Mark.DIFFERENT, "b", 2, "b by one", "b by two"),
        ({"by": {"c": "two"}}, Mark.MISSING, "c", 5, "c by two", "The case ended at no"),
        ({"ends": ["yes"]}, Mark.MISSING, "yes", 5, "the case ends at yes", "The case ended at no"),
        ({"never": ["b"]}, Mark.DIFFERENT, "b", 2, "b never happens", "b by two"),
        ({"data": {"good": True}}, Mark.MISSING, "good = True", 5, "good = True", "good = False"),
        ({"data": {"bad": 1}}, Mark.MISSING, "bad = 1", 5, "bad = 1", "bad was never set"),
    ],
)
def test_the_first_difference_is_marked_and_told(
    expect: dict[str, Any], mark: Mark, element: str, place: int, expected: str, happened: str
) -> None:
    found = failed(expect)
    where, line = marked(found)
    assert (line.mark, line.element, where) == (mark, element, place)
    assert found.expected == expected
    assert found.happened.startswith(happened)


def test_an_end_that_nobody_asked_for_is_marked() -> None:
    found = failed({"ends": ["over"]}, [{"wait": "P2D"}, {"do": "b"}])
    assert marked(found)[1].mark is Mark.MISSING


def test_a_step_that_cannot_be_done_is_marked_where_the_case_stands() -> None:
    found = failed({}, [{"do": "a", "as": "two"}])
    assert (marked(found)[1].element, found.expected) == ("a", "two does 'Ask' (a)")
    assert "is the work of" in found.happened


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"do": "c"}, "c is done"),
        ({"choose": "x-no"}, "the way x-no is chosen"),
    ],
)
def test_what_could_not_be_done_is_said(step: dict[str, Any], expected: str) -> None:
    found = failed({}, [step])
    assert found.expected == expected
    assert marked(found)[0] == 1


def test_what_came_too_late_is_marked() -> None:
    found = failed({"ends": ["no"], "within": "PT1H"}, [{"do": "a"}, {"wait": "PT2H"}, ACTS[1]])
    assert (marked(found)[1].element, found.expected) == ("no", "no within PT1H")


def test_what_the_story_names_and_what_happened_is_marked_so() -> None:
    found = failed({"path": ["a", "b"], "ends": ["yes"]})
    assert [line.element for line in found.path if line.mark is Mark.EXPECTED] == ["a", "b"]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 10))
def test_only_what_is_near_the_difference_is_shown_and_nothing_is_counted_twice(
    before: int, behind: int, around: int
) -> None:
    def line(mark: Mark) -> PathLine:
        return PathLine(mark=mark, element="e", name="e", kind="userTask")

    lines = [line(Mark.HAPPENED)] * before + [line(Mark.DIFFERENT)] + [line(Mark.HAPPENED)] * behind
    left, shown, right = shortened(lines, around)
    assert left + len(shown) + right == len(lines)
    assert len(shown) <= around + 1 + around // 2
    assert line(Mark.DIFFERENT) in shown
