"""docs/extending.md shows code that works: its examples are run, and so is the command that it adds."""

import doctest
import json
import re
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from bpmn_tool.cli import frame
from bpmn_tool.cli.commands import COMMANDS, Command
from bpmn_tool.messages import N_
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def code(section: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", SECTIONS[section], re.DOTALL)


EXAMPLES = [
    pytest.param(block, id=f"{section} {number}")
    for section in SECTIONS
    for number, block in enumerate(code(section))
    if ">>>" in block
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_an_example_gives_what_the_page_says(block, root, monkeypatch):
    monkeypatch.chdir(root)
    example = doctest.DocTestParser().get_doctest(block, {}, "docs/extending.md", None, 0)
    results = doctest.DocTestRunner().run(example)
    assert results.attempted > 0
    assert results.failed == 0


def test_the_command_of_the_page_runs(cli, root, tmp_path, monkeypatch):
    module, row = code("A command")
    file = tmp_path / "names.py"
    file.write_text(module, encoding="utf-8")
    spec = spec_from_file_location("bpmn_tool.cli.names", file)
    assert spec is not None
    assert spec.loader is not None
    names = module_from_spec(spec)
    spec.loader.exec_module(names)
    added = Command("names", N_("List the names of all steps"))
    assert row == 'Command("names", N_("List the names of all steps"))\n'
    monkeypatch.setattr(frame, "COMMANDS", (*COMMANDS, added))
    monkeypatch.setitem(sys.modules, "bpmn_tool.cli.names", names)
    ended = cli("names", root / "tests" / "readme" / "permit.bpmn", "--json")
    assert ended.code == 0
    assert "Check application" in json.loads(ended.out)["names"]


def test_the_layers_of_the_page_are_those_that_are_held(root):
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    picture = SECTIONS["The layers"].split("```")[1].split("\n\n")[0]
    drawn = [re.findall(r"(\w+)(?:/|\.py)", line) for line in picture.strip().splitlines()]
    assert drawn == [[name.strip() for name in layer.split("|")] for layer in layers]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:bpmn_tool|tests)/[\w/.]+)`", PAGE))))
def test_the_places_that_the_page_names_exist(root, path):
    assert (root / path).exists()
