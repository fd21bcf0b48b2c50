"""``bpmn-tool run``."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.cli.run import assignment
from bpmn_tool.cli.walk import walk
from bpmn_tool.errors import InputError
from bpmn_tool.execution.case import Case
from bpmn_tool.interchange.bpmn_xml import read_model
from tests.conftest import Ended
from tests.interchange.bpmn_text import definitions

Cli = Callable[..., Ended]

BODY = """<process id="P" name="Asking">
  <startEvent id="s"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <userTask id="a" name="Ask [/b]"/>
  <sequenceFlow id="f2" sourceRef="a" targetRef="x"/>
  <exclusiveGateway id="x" default="no"/>
  <sequenceFlow id="yes" name="yes" sourceRef="x" targetRef="w">
    <conditionExpression>wanted</conditionExpression>
  </sequenceFlow>
  <sequenceFlow id="no" name="no" sourceRef="x" targetRef="e"/>
  <intermediateCatchEvent
  id="w"><timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <sequenceFlow id="f3" sourceRef="w" targetRef="late"/>
  <endEvent id="e"/>
  <endEvent id="late"/>
</process>"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "m.bpmn"
    file.write_text(definitions(BODY), encoding="utf-8")
    return file


def test_auto_shows_every_step(cli: Cli, model: Path) -> None:
    ended = cli("run", model, "--auto")
    assert (ended.code, ended.err) == (0, "")
    assert "Ask [/b]" in ended.out
    assert "ended at e" in ended.out


def test_json_has_what_was_promised(cli: Cli, model: Path) -> None:
    ended = cli("run", model, "--auto", "--data", "wanted=true", "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["schema"], told["completed"], told["ends"]) == (0, "bpmn-tool/run/1", True, ["late"])
    assert told["data"] == {"wanted": True}
    assert told["steps"][-1] == {
        "element": "late",
        "kind": "endEvent",
        "name": "late",
        "role": None,
        "process": "P",
        "at": "2026-01-07T09:00:00+00:00",
    }


def test_what_was_recorded_plays_again(cli: Cli, model: Path, tmp_path: Path) -> None:
    story = tmp_path / "told.toml"
    assert cli("run", model, "--auto", "--data", "wanted=true", "--record", story).code == 0
    assert tomllib.loads(story.read_text())["steps"] == [{"do": "a"}, {"wait": "P2D"}]
    assert cli("run", model, "--story", story).code == 0
    assert cli("test", story, "--allow-outside").code == 0


def test_a_story_that_came_out_otherwise_exits_1_and_says_why(cli: Cli, model: Path, tmp_path: Path) -> None:
    story = tmp_path / "told.toml"
    cli("run", model, "--auto", "--record", story)
    story.write_text(story.read_text().replace('ends = ["e"]', 'ends = ["late"]'))
    ended = cli("run", model, "--story", story)
    assert (ended.code, "expect.ends[0]" in ended.out) == (1, True)


def test_the_trace_is_a_json_line_a_step(cli: Cli, model: Path, tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    cli("run", model, "--auto", "--trace", file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0]["schema"] == "bpmn-tool/execution-trace/1"
    assert [line["element"] for line in lines[1:]] == ["s", "a", "x", "e"]


def test_without_a_terminal_it_says_what_to_give(cli: Cli, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    ended = cli("run", model)
    assert (ended.code, "--auto" in ended.err) == (2, True)


@pytest.mark.parametrize(
    "words", [["--process", "nothing", "--auto"], ["--data", "x", "--auto"], ["--story", "s", "--auto"]]
)
def test_what_cannot_be_done_exits_2(cli: Cli, model: Path, words: list[str]) -> None:
    assert cli("run", model, *words).code == 2


def test_an_element_that_is_not_executed_is_refused_with_its_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "m.bpmn"
    text = definitions('<process id="P">\n<startEvent id="s"/>\n<userTask id="x" startQuantity="0"/>\n</process>')
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("<userTask")].count("\n") + 1
    ended = cli("run", file, "--auto")
    assert (ended.code, f"m.bpmn:{line}:" in ended.err) == (2, True)


def answers(*lines: str) -> Callable[[str], str]:
    waiting: Iterator[str] = iter(lines)
    return lambda _prompt: next(waiting)


def walked(model: Path, *lines: str) -> Case:
    case = Case(read_model(model), ask=True)
    case.start()
    walk(case, answers(*lines))
    return case


def test_one_walks_by_numbers(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = walked(model, "1", "1", "1")
    assert case.trace().ends == ("late",)
    assert "yes → w" in capsys.readouterr().out


def test_data_stand_behind_the_number(model: Path) -> None:
    assert walked(model, "1 wanted=false").trace().ends == ("e",)


def test_a_wrong_answer_is_asked_again(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert walked(model, "7", "x", "1 nonsense", "1 wanted=false").completed
    assert "Give a number from 1 to 1." in capsys.readouterr().out


def test_a_walk_may_end_before_the_case(model: Path) -> None:
    assert not walked(model, "q").completed


def test_enter_by_mistake_ends_nothing(model: Path) -> None:
    assert walked(model, "", "1 wanted=false").completed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=true", True),
        ("a=3", 3),
        ("a=2.5", 2.5),
        ("a=school", "school"),
        ('a="3"', "3"),
        ("a=b=c", "b=c"),
        ("a=[1]", "[1]"),
    ],
)
def test_values_on_the_command_line(text: str, value: Any) -> None:
    assert assignment(text) == ("a", value)


@pytest.mark.parametrize("text", ["a", "=1", "a b=1"])
def test_what_assigns_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        assignment(text)
