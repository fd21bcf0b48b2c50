"""docs/check.md: what it shows is read, and does what it says."""

import json
import re
import shutil

import pytest

from bpmn_tool.checks import PROFILES
from bpmn_tool.checks.bpmnlint import ALL


@pytest.fixture
def page(root):
    return (root / "docs" / "check.md").read_text(encoding="utf-8")


def block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_profiles_are_those_that_there_are(page):
    listed = page.split("## Which rules are asked")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", listed, re.MULTILINE) == list(PROFILES)


def test_the_settings_and_the_bpmnlintrc_are_taken(page, cli, root, tmp_path, monkeypatch):
    (tmp_path / "bpmn-tool.toml").write_text(block(page, "toml"), encoding="utf-8")
    (tmp_path / ".bpmnlintrc").write_text(block(page, "json"), encoding="utf-8")
    (tmp_path / "processes").mkdir()
    shutil.copy(root / "processes" / "partners.toml", tmp_path / "processes")
    (tmp_path / "a.bpmn").write_text(block(page, "xml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = json.loads(cli("check", "a.bpmn", "--json").out)
    assert "errors" not in found
    assert "unused-role" not in {each["rule"] for each in found["findings"]}
    assert ("undefined-role", "assess") in {(each["rule"], each["element"]) for each in found["ignored"]}


def test_the_finding_that_is_meant_to_be_so_is_ignored_with_its_reason(page, cli, tmp_path):
    model = tmp_path / "help.bpmn"
    model.write_text(block(page, "xml"), encoding="utf-8")
    found = json.loads(cli("check", model, "--select", "undefined-role", "--json").out)
    assert found["findings"] == []
    assert found["ignored"][0]["because"] == "The council decides in June who does this."
    without = re.sub(r"<tool:ignore.*?/>", "", block(page, "xml"))
    model.write_text(without, encoding="utf-8")
    found = json.loads(cli("check", model, "--select", "undefined-role", "--json").out)
    assert [each["element"] for each in found["findings"]] == ["assess"]


def test_the_comparison_has_a_row_for_each_rule_of_bpmnlint(page):
    table = page.split("### Side by side with bpmnlint")[1].split("\n## ")[0]
    assert re.findall(r"^\| ([a-z-]+) \|", table, re.MULTILINE) == list(ALL)


def test_the_commands_of_the_gates_have_only_options_that_there_are(page, cli):
    for verb in ("check", "test"):
        known = cli(verb, "--help").out
        for line in re.findall(rf"bpmn-tool {verb} ([^\n]*)", page):
            assert all(option in known for option in re.findall(r"--[a-z]+", line))


def test_the_hook_runs_a_command_that_there_is(root):
    hook = (root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "id: bpmn-tool-check\n" in hook
    assert "entry: bpmn-tool check\n" in hook
    files = re.search(r"files: '(.*)'", hook)
    assert files is not None
    assert all(re.search(files[1], name) for name in ("a/b.bpmn", "bpmn-tool.toml", "processes/partners.toml"))
    assert not re.search(files[1], "README.md")
