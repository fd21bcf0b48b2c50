"""docs/comparing-models.md shows what its commands print."""

import re
import shlex
import shutil

import pytest


@pytest.fixture
def desk(root, tmp_path, monkeypatch):
    """The two drawings of the page, in the working folder."""
    for name in ("permit.bpmn", "permit-new.bpmn"):
        shutil.copy(root / "tests" / "readme" / name, tmp_path)
    monkeypatch.chdir(tmp_path)


def lines(text):
    """Without empty ones, and without the spaces that end the lines of a table."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_each_command_prints_what_the_page_shows(root, cli, desk):
    page = (root / "docs" / "comparing-models.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n\$ bpmn-tool (.*?)\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    for command, output in blocks:
        ended = cli(*shlex.split(command))
        assert ended.code == 0, ended.err
        assert lines(ended.out) == lines(output)
