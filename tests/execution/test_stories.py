"""Stories: what passes, and the first difference where one does not."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.execution.stories import play
from bpmn_tool.model.elements import MultiInstance
from bpmn_tool.results.execution import StoryResult
from bpmn_tool.scenario.story import Story
from bpmn_tool.scenario.validate import read_table
from tests.execution.drawing import catch, draw, end, exclusive, script, start, sub, user

CLOCK = datetime(2026, 3, 2, 22, 15, tzinfo=timezone(timedelta(hours=1)))
MODEL = draw(
    [
        start("s"),
        user("clarify"),
        exclusive("danger"),
        user("inform"),
        script("note", "noted = true"),
        catch("answer"),
        exclusive("triage"),
        end("closed"),
        end("referred"),
        end("urgent_end"),
    ],
    "s > clarify > danger",
    "danger > inform [urgent]",
    "danger > note [default]",
    "inform > urgent_end",
    "note > answer > triage",
    "triage > closed",
    "triage > referred",
    lanes={"clarify": "Officer", "inform": "Police"},
)


def story(**more: Any) -> Story:
    tables = {"format": 1, "name": "n", "model": ["m.bpmn"], "start": "s", "clock": CLOCK} | more
    return read_table(Story, tables, path="story.toml")


def told(**more: Any) -> StoryResult:
    return play(MODEL, None, story(**more))


DO = {"do": "clarify", "as": "officer", "set": {"urgent": True}}
CALM = [
    {"do": "clarify", "set": {"urgent": False}},
    {"message": "answer", "set": {"x": 1}},
    {"choose": "triage-closed"},
]


def test_a_story_passes_where_all_that_it_expects_happened() -> None:
    expect = {
        "path": ["clarify", "inform"],
        "by": {"inform": "police"},
        "ends": ["urgent_end"],
        "never": ["note"],
        "within": "PT0S",
    }
    result = told(steps=[DO], expect={**expect, "data": {"urgent": True}})
    assert (result.passed, result.message) == (True, "")


def test_human_tasks_that_only_the_path_names_happen_by_themselves() -> None:
    assert told(steps=[DO], expect={"path": ["inform"], "ends": ["urgent_end"]}).passed
    assert not told(steps=[DO], expect={"ends": ["urgent_end"]}).passed


def test_messages_choices_and_scripts() -> None:
    assert told(steps=CALM, expect={"ends": ["closed"], "data": {"x": 1, "noted": True}}).passed


@pytest.mark.parametrize(
    ("steps", "expect", "key", "message"),
    [
        ([{"do": "inform"}], {}, "steps[0].do", "open is clarify"),
        ([{"do": "clarify", "as": "police"}], {}, "steps[0].do", "the work of officer, not of police"),
        ([{"do": "clarify"}], {}, "steps[0].do", "'urgent'"),
        ([DO, {"choose": "triage-closed"}], {}, "steps[1].choose", "none waits"),
        ([DO], {"path": ["clarify", "note"]}, "expect.path[1]", "note did not happen after clarify"),
        ([DO], {"path": ["inform", "clarify"]}, "expect.path[1]", "only earlier"),
        ([DO], {"path": ["clarify"], "exact": True}, "", ""),
        ([DO], {"path": ["inform", "clarify"], "exact": True}, "expect.path[0]", "inform should come here"),
        ([DO], {"path": ["clarify", "inform", "note"], "exact": True}, "expect.path[2]", "note did not happen"),
        ([DO], {"by": {"clarify": "mayor"}}, "expect.by.clarify", "done by officer, not by mayor"),
        ([DO], {"ends": ["closed"]}, "expect.ends[0]", "waits at inform"),
        ([DO], {"path": ["inform"], "ends": ["urgent_end", "closed"]}, "expect.ends[1]", "did not end at closed"),
        (CALM, {"never": ["note"]}, "expect.never[0]", "note happened"),
        ([DO], {"data": {"urgent": False}}, "expect.data.urgent", "urgent is True, not False"),
        ([DO], {"data": {"other": 1}}, "expect.data.other", "never set"),
        ([{"wait": "P1D"}, DO], {"path": ["inform"], "within": "PT23H"}, "expect.within", "not within PT23H"),
    ],
)
def test_the_first_difference_has_a_key_and_a_sentence(
    steps: list[dict[str, Any]], expect: dict[str, Any], key: str, message: str
) -> None:
    result = told(steps=steps, expect=expect)
    assert (result.location.key or "", result.passed) == (key, not key)
    assert message in result.message


def test_an_exact_path_leaves_no_activity_out() -> None:
    result = told(steps=CALM, expect={"path": ["clarify"], "exact": True})
    assert (result.location.key, "note" in result.message) == ("expect.path", True)


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"start": "x"}, "start"),
        ({"steps": [{"do": "clarfy"}]}, "steps[0].do"),
        ({"steps": [{"message": "nothing"}]}, "steps[0].message"),
        ({"steps": [{"choose": "nothing"}]}, "steps[0].choose"),
        ({"expect": {"path": ["clarfy"]}}, "expect.path[0]"),
        ({"expect": {"by": {"clarfy": "x"}}}, "expect.by.clarfy"),
        ({"expect": {"never": ["clarfy"]}}, "expect.never[0]"),
    ],
)
def test_an_id_that_the_model_lacks_is_an_error_with_its_key(tables: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError) as error:
        told(**tables)
    assert [problem.location.key for problem in error.value.problems] == [key]


def test_the_nearest_id_is_proposed() -> None:
    with pytest.raises(InputError, match="did you mean 'clarify'"):
        told(steps=[{"do": "clarfy"}])


def test_instances_are_counted_by_the_steps_of_the_story() -> None:
    nodes = [start("s"), sub("o", loop=MultiInstance()), user("a", container="o"), end("e")]
    steps = [{"do": "a", "instance": 1}, {"do": "a", "instance": 0}]
    assert play(draw(nodes, "s > o > e"), None, story(steps=steps, expect={"ends": ["e"]})).passed


def test_a_choice_may_stand_for_data_that_nobody_set() -> None:
    steps = [{"do": "clarify"}, {"choose": "danger-inform"}]
    assert told(steps=steps, expect={"path": ["inform"], "ends": ["urgent_end"]}).passed


def test_a_story_that_goes_round_by_itself_is_stopped() -> None:
    model = draw(
        [start("s"), exclusive("m"), user("a"), exclusive("x"), end("e")],
        "s > m > a > x",
        "x > m [1 < 2]",
        "x > e [default]",
    )
    result = play(model, None, story(expect={"path": ["a"]}))
    assert "round in a loop" in result.message


def test_what_happens_by_itself_during_a_wait_happens_when_it_may() -> None:
    nodes = [start("s"), catch("first", after="PT1H"), user("a"), catch("second", after="PT1H"), end("e")]
    model = draw(nodes, "s > first > a > second > e")
    result = play(model, None, story(steps=[{"wait": "PT2H"}], expect={"path": ["a"], "ends": ["e"], "within": "PT2H"}))
    assert (result.passed, result.message) == (True, "")
