"""``bpmn-tool run``."""

import json
import os
import re
import subprocess
import sys
import termios
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.cli.people import People
from bpmn_tool.cli.run import assignment
from bpmn_tool.cli.walk import repeat, walk
from bpmn_tool.errors import InputError
from bpmn_tool.execution.case import Case
from bpmn_tool.interchange.bpmn_xml import read_model
from tests.conftest import Ended
from tests.execution.drawing import catch, draw, end, exclusive, start, user
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

WALKED = draw(
    [start("s"), user("a"), exclusive("x"), catch("w", after="P2D"), end("e"), end("late")],
    "s > a > x",
    "x > w [wanted]",
    "x > e [default]",
    "w > late",
)


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
    assert "  !  late: does not happen" in ended.out.splitlines()


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
    """Answers one after another, then the end of the input."""
    waiting: Iterator[str] = iter(lines)

    def ask(_prompt: str) -> str:
        for line in waiting:
            return line
        raise EOFError

    return ask


def walked(model: Path, *lines: str) -> Case:
    def begin() -> Case:
        case = Case(read_model(model), ask=True)
        case.start()
        return case

    return walk(begin, People(), answers(*lines))


def test_one_walks_by_numbers(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = walked(model, "1", "1", "1")
    assert case.trace().ends == ("late",)
    assert "yes → w" in capsys.readouterr().out


def test_a_walk_shows_where_the_case_is_what_may_happen_and_what_came_of_it(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walked(model, "1", "1", "1")
    told = capsys.readouterr().out.splitlines()
    for line in (
        "How it begins",
        "Where the case is",
        "   *  Ask [/b], held by nobody who is named – new",
        "What may happen next",
        "  Somebody does something",
        "   1  nobody who is named does Ask [/b] (a)",
        "What came of it",
        "   -  Ask [/b] is done",
        "  It is decided",
        "   1  x yes → w (if wanted)",
        "   -  x yes → w",
        "   *  w waits",
        "  Time passes",
        "   1  until January 7, 2026, 09:00: w",
        "The case ended at late",
        "It took 2 days and 3 steps.",
    ):
        assert line in told


def test_data_stand_behind_the_number(model: Path) -> None:
    assert walked(model, "1 wanted=false").trace().ends == ("e",)


def test_a_wrong_answer_is_asked_again(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert walked(model, "7", "x", "1 nonsense", "1 wanted=false").completed
    assert "Give a number from 1 to 1." in capsys.readouterr().out


def test_a_walk_may_end_before_the_case(model: Path) -> None:
    assert not walked(model, "q").completed


def test_enter_by_mistake_ends_nothing(model: Path) -> None:
    assert walked(model, "", "1 wanted=false").completed


def test_one_goes_back_a_step_and_another_way(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = walked(model, "1", "1", "b", "2")
    assert case.trace().ends == ("e",)
    assert [act.verb for act in case.acts] == ["do", "choose"]
    assert "One step back: x yes has not happened." in capsys.readouterr().out


def test_one_goes_back_after_the_end_and_to_the_beginning(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = walked(model, "1 wanted=false", "b", "b", "1 wanted=true", "1")
    assert case.trace().ends == ("late",)
    assert "This is where the case begins." in capsys.readouterr().out


def test_a_step_back_takes_data_and_time_back(model: Path) -> None:
    case = walked(model, "1 wanted=true", "1", "b", "b")
    assert (case.data, case.acts, case.now) == ({}, [], case.began)


def test_what_fails_leaves_the_case_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    model = draw(
        [start("s"), user("a"), exclusive("x"), end("e"), end("f")], "s > a > x", "x > e [n > 2]", "x > f [n < 2]"
    )

    def begin() -> Case:
        case = Case(model, ask=True)
        case.start()
        return case

    case = walk(begin, People(), answers("1 n=2"))
    assert ([work.activity for work in case.work()], case.data, case.acts) == (["a"], {}, [])
    assert "The case is as it was before." in capsys.readouterr().out
    assert walk(begin, People(), answers("1 n=2", "1 n=3")).trace().ends == ("e",)


def test_data_and_history_are_shown_when_asked_for(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walked(model, "d", "h", "?", "1 wanted=true", "d", "h", "q")
    told = capsys.readouterr().out
    assert "Nothing is known of the case yet." in told
    assert "  wanted = true" in told
    assert "   1  Ask [/b] (wanted = true)" in told
    assert "one step back" in told


@given(st.lists(st.sampled_from(["1", "2", "b", "1 wanted=true", "1 wanted=false", "d", ""]), max_size=12))
def test_whatever_is_walked_is_what_its_acts_say(lines: list[str]) -> None:
    """The case after steps back is the one that its acts alone lead to."""
    drawn = Case(WALKED, ask=True)
    drawn.start()

    def begin() -> Case:
        case = Case(WALKED, ask=True)
        case.start()
        return case

    case = walk(begin, People(), answers(*lines))
    for act in case.acts:
        repeat(drawn, act)
    assert (drawn.trace(), drawn.now) == (case.trace(), case.now)


TWO_DOORS = """<process id="P"><startEvent id="one" name="By phone"/>
<sequenceFlow id="f" sourceRef="one" targetRef="e"/><startEvent id="two"/>
<sequenceFlow id="g" sourceRef="two" targetRef="e"/><endEvent id="e"/></process>"""


def test_of_several_beginnings_one_is_asked_for(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "m.bpmn"
    file.write_text(definitions(TWO_DOORS), encoding="utf-8")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answers("3", "2"))
    trace = tmp_path / "t.jsonl"
    ended = cli("run", file, "--trace", trace)
    assert (ended.code, "   1  By phone (one)" in ended.out) == (0, True)
    assert '"two"' in trace.read_text()


def test_a_walk_is_recorded_as_it_was_walked(
    cli: Cli, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answers("1", "1", "b", "2"))
    story = tmp_path / "told.toml"
    assert cli("run", model, "--record", story).code == 0
    assert tomllib.loads(story.read_text())["steps"] == [{"do": "a"}, {"choose": "no"}]
    assert cli("test", story, "--allow-outside").code == 0


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_line_of_a_walk_is_wider_than_the_terminal(root: Path, columns: int, language: str) -> None:
    told = on_a_terminal(
        columns,
        "run",
        root / "processes" / "to_be" / "integrated_hub.bpmn",
        "--lang",
        language,
        typed="2\n1\n1\nd\nq\n",
    )
    # what was typed stands before all of it, so that no prompt ends its line
    told = re.sub(r"(?m)((?:Number|Nummer)[^:\n]*:) ", "\\1\n", told)
    lines = [line for line in told.splitlines() if line.strip()]
    assert len(lines) > 20
    assert max(map(len, lines)) <= columns


def on_a_terminal(columns: int, *words: object, typed: str) -> str:
    """What a command shows on a terminal of so many columns."""
    import pty

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, columns))
    environment = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, "-m", "bpmn_tool", *map(str, words)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        told = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not part:
                break
            told += part
        process.wait()
    os.close(ours)
    return told.decode().replace("\r", "")


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
