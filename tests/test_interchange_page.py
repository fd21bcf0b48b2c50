"""docs/interchange.md shows what its commands print."""

import re
import shlex
import shutil


def test_each_command_prints_what_the_page_shows(root, cli, tmp_path, monkeypatch):
    for path in (root / "tests" / "readme").glob("*.bpmn"):
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    page = (root / "docs" / "interchange.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n\$ bpmn-tool (.*?)\n(.*?)```", page, re.DOTALL)
    assert blocks
    for command, output in blocks:
        ended = cli(*shlex.split(command))
        assert (ended.code, ended.out.splitlines()) == (0, output.splitlines())
