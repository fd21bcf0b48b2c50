import errno
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pytest
import typer

from bpmn_tool import __version__
from bpmn_tool.cli import frame
from bpmn_tool.cli.commands import COMMANDS, Command
from bpmn_tool.cli.console import emit_json, say, wants_json
from bpmn_tool.errors import InputError, InterruptedRun, Location, Problem, RunError
from bpmn_tool.messages import set_language

BAD = InputError(
    [
        Problem(message="two starts\nhere", location=Location(path="a.bpmn", line=7)),
        Problem(message="not a duration", location=Location(path="s.toml", key="tasks.t.duration")),
        Problem(message="no files"),
    ]
)


@pytest.fixture
def verb(monkeypatch):
    """Stands in for a verb `probe`; the test says what it does."""
    module = ModuleType("bpmn_tool.cli.probe")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(frame, "COMMANDS", (*COMMANDS, Command("probe", "Probe")))

    def does(action):
        def command(path: Annotated[Path, typer.Argument()] = Path()) -> int | None:
            """Probe it."""
            code: int | None = action()
            return code

        module.command = command  # type: ignore[attr-defined]

    return does


def raising(failure):
    def action():
        raise failure

    return action


def test_version(cli):
    assert cli("--version").out == f"bpmn-tool {__version__}\n"


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.verb)
def test_help_names_every_verb(cli, row):
    assert row.verb in cli("--help").out


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.verb)
def test_every_verb_explains_itself_and_takes_the_common_options(cli, row):
    ended = cli(row.verb, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert "--json" in ended.out
    assert "--lang" in ended.out


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_what_a_verb_returns_is_the_exit_code(cli, verb, returned, code):
    verb(lambda: returned)
    assert cli("probe").code == code


def test_an_unknown_verb_exits_2_and_proposes(cli):
    ended = cli("chekc")
    assert ended.code == 2
    assert "check" in ended.err


def test_input_error_says_every_problem_on_a_line_of_its_own(cli, verb):
    verb(raising(BAD))
    ended = cli("probe")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.splitlines() == [
        "a.bpmn:7: error: two starts here",
        "s.toml: error: tasks.t.duration: not a duration",
        "error: no files",
    ]


def test_input_error_with_json_is_one_object_too(cli, verb):
    verb(raising(BAD))
    ended = cli("probe", "--json")
    document = json.loads(ended.out)
    assert ended.code == 2
    assert document["schema"] == "bpmn-tool/probe/1"
    assert document["errors"][0] == {"path": "a.bpmn", "line": 7, "key": None, "message": "two starts\nhere"}


def test_run_error_exits_2(cli, verb):
    verb(raising(RunError("a loop in zero time: a, b")))
    ended = cli("probe")
    assert (ended.code, ended.err) == (2, "error: a loop in zero time: a, b\n")


def test_a_file_that_is_not_there_is_told_by_its_name(cli, verb, tmp_path):
    verb(lambda: (tmp_path / "none.bpmn").read_text(encoding="utf-8"))
    ended = cli("probe")
    assert (ended.code, ended.err) == (2, f"{tmp_path}/none.bpmn: error: No such file or directory\n")


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (KeyboardInterrupt(), "Stopped; nothing was kept."),
        (InterruptedRun(None), "Stopped; nothing was kept."),
        (InterruptedRun([1]), "Stopped; 1 replication was complete, and nothing was written."),
        (InterruptedRun([1, 2]), "Stopped; 2 replications were complete, and nothing was written."),
        (InterruptedRun("12 replications are in out/."), "Stopped. 12 replications are in out/."),
    ],
)
def test_a_stop_says_what_was_kept(cli, verb, failure, sentence):
    verb(raising(failure))
    ended = cli("probe")
    assert (ended.code, ended.err) == (130, sentence + "\n")


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), RuntimeError("Symlink loop from 'a'")])
def test_a_full_disk_and_links_in_a_circle_are_no_bugs(cli, verb, failure):
    verb(raising(failure))
    run = cli("probe")
    assert run.code == 2
    assert run.err.startswith("error: ")
    assert "bug" not in run.err


def test_a_bug_is_called_a_bug_without_a_traceback(cli, verb):
    verb(raising(KeyError("x\x1b[31m")))
    ended = cli("probe")
    assert ended.code == 2
    assert "KeyError" in ended.err
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.err


def test_a_bug_shows_its_traceback_when_asked(cli, verb, monkeypatch):
    monkeypatch.setenv("BPMN_TOOL_DEBUG", "1")
    verb(raising(KeyError("x")))
    assert "Traceback" in cli("probe").err


def test_json_is_for_the_command_it_was_given_to(cli, verb):
    verb(lambda: emit_json("probe", {}) if wants_json() else say("text"))
    assert cli("probe", "--json").out.startswith("{")
    assert cli("probe").out == "text\n"


@pytest.mark.parametrize("words", [("--lang", "nl", "--help"), ("--lang=nl", "--help")])
def test_help_in_dutch(cli, words):
    shown = cli(*words).out
    assert "Simuleer een scenario" in shown
    assert "die van het systeem" in shown


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.verb)
def test_the_help_of_each_verb_in_dutch(cli, row):
    shown = " ".join(cli(row.verb, "--lang", "nl", "--help").out.split())
    set_language("nl")
    assert " ".join(row.help().split()) in shown
    assert row.line not in shown


def test_language_after_the_verb(cli, verb):
    verb(raising(KeyboardInterrupt()))
    assert cli("probe", "--lang", "nl").err == "Gestopt; er is niets bewaard.\n"


def test_a_language_that_we_do_not_have_is_refused(cli, verb):
    verb(lambda: 0)
    ended = cli("probe", "--lang", "xx")
    assert ended.code == 2
    assert "nl" in ended.err
