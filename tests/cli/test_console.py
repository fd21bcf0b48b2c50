import json
from dataclasses import dataclass
from enum import Enum
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.markup import render

from bpmn_tool.cli import console

BIDI = "\N{RIGHT-TO-LEFT OVERRIDE}\N{POP DIRECTIONAL ISOLATE}\N{LEFT-TO-RIGHT MARK}"


@pytest.fixture
def _json():
    console.set_json(True)
    yield
    console.set_json(False)


def test_markup_in_a_name_is_shown_and_not_obeyed():
    assert render(console.safe("Assess [/a] [bold]signal[/bold]")).plain == "Assess [/a] [bold]signal[/bold]"


def test_control_and_ansi_characters_are_replaced():
    assert console.plain("a\x1b[31mb\x07\x9b1m") == "a\ufffd[31mb\ufffd\ufffd1m"


def test_bidirectional_characters_are_replaced():
    assert console.plain(f"a{BIDI}b") == "a\ufffd\ufffd\ufffdb"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_breaks_between_words_and_a_pipe_nowhere(terminal, monkeypatch):
    out = StringIO()
    monkeypatch.setattr(console, "console", lambda: Console(file=out, width=24, force_terminal=terminal))
    console.say("some words that wrap at /a/path/that/is/longer/than/a/line")
    broken = "some words that wrap at\n/a/path/that/is/longer/than/a/line\n"
    assert out.getvalue() == (broken if terminal else broken.replace("at\n", "at "))


def test_an_empty_line_stays_on_a_terminal(monkeypatch):
    out = StringIO()
    monkeypatch.setattr(console, "console", lambda: Console(file=out, width=24, force_terminal=True))
    console.say()
    assert out.getvalue() == "\n"


def test_line_breaks_become_spaces():
    assert console.plain("a\r\nb\tc\u2028d") == "a  b c d"


def test_an_undecodable_file_name_can_be_shown():
    console.plain(b"\xff.bpmn".decode("utf-8", "surrogateescape")).encode()


@pytest.mark.parametrize("word", ["naïve", "Мехелен", "مرحبا", "क्षि", "👩‍👧", "co\N{SOFT HYPHEN}op"])
def test_every_script_passes(word):
    assert console.plain(word) == word


@given(st.text())
def test_safe_shows_just_what_plain_says(text):
    assert render(console.safe(text)).plain == console.plain(text)


@given(st.text())
def test_plain_twice_is_plain(text):
    assert console.plain(console.plain(text)) == console.plain(text)


def test_a_table_survives_names_that_look_like_markup(capsys):
    console.table(["[/h]", "n"], [["[/a]", 1], ["[link=x]", 22]], title="[/t]", right=[1])
    shown = capsys.readouterr().out
    assert all(text in shown for text in ("[/h]", "[/a]", "[link=x]", "[/t]"))


def test_a_table_in_a_pipe_cuts_nothing_off(capsys):
    console.table(["name"], [["x" * 500]])
    assert capsys.readouterr().out.count("x") == 500


def test_say_breaks_no_line_in_a_pipe(capsys):
    console.say("word " * 100)
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.usefixtures("_json")
def test_with_json_standard_output_is_for_the_object_alone(capsys):
    console.say("a sentence")
    console.table(["a"], [["b"]])
    assert capsys.readouterr().out == ""


def test_progress_is_silent_in_a_pipe(capsys):
    with console.progress(2, "Simulating") as advance:
        advance()
        advance(1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("as_json", "shown"), [(False, True), (True, False)])
def test_progress_is_shown_on_a_terminal_but_not_with_json(monkeypatch, as_json, shown):
    class Terminal(StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(console, "console", lambda **_: Console(file=terminal, force_terminal=True, width=80))
    console.set_json(as_json)
    try:
        with console.progress(2, "Simulating [/x]") as advance:
            advance()
    finally:
        console.set_json(False)
    assert ("Simulating [/x]" in terminal.getvalue()) is shown


class Kind(Enum):
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Thing:
    kind: Kind
    path: Path


def test_json_has_its_schema_first_and_plain_values(capsys):
    console.emit_json("show", {"thing": Thing(Kind.TASK, Path("a") / "b"), "ids": {"b", "a"}, "pair": (1, None)})
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["schema", "thing", "ids", "pair"]
    assert document == {
        "schema": "bpmn-tool/show/1",
        "thing": {"kind": "task", "path": "a/b"},
        "ids": ["a", "b"],
        "pair": [1, None],
    }


def test_json_cannot_steer_a_terminal(capsys):
    console.emit_json("show", {"name": f"\x1b[31m{BIDI}é"})
    assert capsys.readouterr().out.isascii()


def test_json_has_no_nan():
    with pytest.raises(ValueError, match="JSON"):
        console.emit_json("show", {"mean": float("nan")})


def test_what_has_no_form_in_json_is_a_fault():
    with pytest.raises(TypeError, match="object has no form"):
        console.emit_json("show", {"it": object()})


def test_the_lines_after_the_first_may_hang(monkeypatch):
    out = StringIO()
    monkeypatch.setattr(console, "console", lambda: Console(file=out, width=24, force_terminal=True))
    console.say("a sentence that is told in three lines of a terminal", hang=2)
    assert out.getvalue() == "a sentence that is\n  told in three lines of\n  a terminal\n"
