"""docs/diagrams.md: its commands run, and its pictures are what they draw."""

import re
import shlex

from tests.test_cli_page import desk  # noqa: F401  a fixture


def test_the_pictures_are_what_the_commands_draw(root, cli, desk, tmp_path):  # noqa: F811
    page = (root / "docs" / "diagrams.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ bpmn-tool (.*)$", page, re.MULTILINE)
    assert len(commands) == 5
    for command in commands:
        ended = cli(*shlex.split(command))
        assert ended.code == 0, ended.err
    shown = re.findall(r"\(images/(.*?\.svg)\)", page)
    assert len(shown) == 4
    for name in shown:
        assert (tmp_path / name).read_bytes() == (root / "docs" / "images" / name).read_bytes(), name
