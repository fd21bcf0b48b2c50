"""``bpmn-tool ids``: shows, asks, writes."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from bpmn_tool.cli import ids
from tests.comparison.drawn import BODY, HEAD, edited
from tests.interchange.bpmn_text import definitions


@pytest.fixture
def old(tmp_path):
    return write(tmp_path / "old.bpmn", BODY)


@pytest.fixture
def new(tmp_path):
    return write(tmp_path / "new.bpmn", edited(('"pay"', '"pay2"'), (">pay<", ">pay2<"), ('"f5"', '"f55"')))


def write(path: Path, body: str) -> Path:
    path.write_bytes(definitions(body, HEAD).encode())
    return path


def test_a_pipe_only_shows(cli, old, new):
    before = new.read_bytes()
    ended = cli("ids", new, "--like", old)
    assert ended.code == 0
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "user task Pay pay2 pay" in lines
    assert "sequence flow Pay → Done f55 f5" in lines
    assert "7 of 7 steps of old.bpmn are found in new.bpmn, 6 of them by their id." in lines
    assert f"--like {old} --yes" in ended.out
    assert new.read_bytes() == before


def test_yes_writes_and_no_difference_is_left(cli, old, new):
    ended = cli("ids", new, "--like", old, "--yes")
    assert ended.code == 0
    assert f"Wrote {new}" in ended.out
    assert new.read_bytes() == old.read_bytes()
    assert "No id to take over" in cli("ids", new, "--like", old, "--yes").out


def test_another_file(cli, old, new, tmp_path):
    before = new.read_bytes()
    assert cli("ids", new, "--like", old, "--yes", "-o", tmp_path / "out.bpmn").code == 0
    assert (tmp_path / "out.bpmn").read_bytes() == old.read_bytes()
    assert new.read_bytes() == before


def test_a_pipe_is_not_replaced_by_a_file(cli, old, new, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ended = cli("ids", new, "--like", old, "--yes", "-o", pipe)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"{pipe}: error: is no ordinary file and is not replaced: name a file\n"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_that_there_is_not_is_told_by_the_name_that_was_given(cli, old, new, tmp_path):
    out = tmp_path / "gone" / "out.bpmn"
    ended = cli("ids", new, "--like", old, "--yes", "-o", out)
    assert (ended.code, ended.err) == (2, f"{out}: error: cannot be written: there is no such folder\n")


def test_the_command_that_would_write_names_the_other_file(cli, old, new, tmp_path):
    out = tmp_path / "out.bpmn"
    assert f"--like {old} -o {out} --yes" in cli("ids", new, "--like", old, "-o", out).out


@pytest.mark.parametrize(
    ("answer", "written"), [("y", True), ("Yes ", True), ("", False), ("n", False), (EOFError, False)]
)
def test_a_terminal_asks(cli, old, new, monkeypatch, answer, written):
    before = new.read_bytes()

    def ask(_question):
        if answer is EOFError:
            raise EOFError
        return answer

    monkeypatch.setattr(ids, "input", ask, raising=False)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    assert cli("ids", new, "--like", old).code == 0
    assert (new.read_bytes() != before) is written


def test_json_writes_only_after_yes(cli, old, new):
    found = json.loads(cli("ids", new, "--like", old, "--json").out)
    assert found["pairs"] == [
        {"id": "pay2", "like": "pay", "kind": "userTask", "name": "Pay"},
        {"id": "f55", "like": "f5", "kind": "sequenceFlow", "name": ""},
    ]
    assert found["written"] is None
    assert json.loads(cli("ids", new, "--like", old, "--json", "--yes").out)["written"] == str(new)
    assert new.read_bytes() == old.read_bytes()


def test_an_id_that_is_taken_is_refused_by_name(cli, old, tmp_path):
    new = write(tmp_path / "new.bpmn", edited(('"pay"', '"pay2"'), (">pay<", ">pay2<"), ('id="D3"', 'id="pay"')))
    before = new.read_bytes()
    ended = cli("ids", new, "--like", old, "--yes")
    assert ended.code == 2
    assert "'pay2' cannot become 'pay': that is the id of this BPMNShape" in ended.err
    assert new.read_bytes() == before


def test_files_of_the_project_that_name_an_old_id(cli, old, new, tmp_path):
    (tmp_path / "bpmn-tool.toml").write_text("")
    (tmp_path / "scenario.toml").write_text('[tasks.pay2]\nduration = "PT1H"\n[tasks.pay22]\n')
    found = json.loads(cli("ids", new, "--like", old, "--json").out)
    assert [(Path(each["path"]).name, each["line"], each["id"]) for each in found["mentions"]] == [
        ("scenario.toml", 1, "pay2")
    ]
    assert "scenario.toml:1: pay2" in cli("ids", new, "--like", old).out
