"""Which rules `check` asks: profiles, the [check] table, a .bpmnlintrc, the command line; and many models at once."""

import json
import shutil
from pathlib import Path

import pytest

from bpmn_tool.checks.bpmnlint import RECOMMENDED

FIXTURES = Path(__file__).parents[1] / "checks" / "rules"
MODEL = FIXTURES / "superfluous-gateway" / "invalid_one_way.bpmn"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "old").mkdir()
    shutil.copy(MODEL, tmp_path / "a.bpmn")
    shutil.copy(MODEL, tmp_path / "old" / "b.bpmn")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(project, text):
    (project / "bpmn-tool.toml").write_text(f"[check]\n{text}\n", encoding="utf-8")


def severities(cli, *words) -> dict[str, str]:
    found = json.loads(cli("check", *words, "--json").out)["findings"]
    return {each["rule"]: each["severity"] for each in found}


def test_the_recommended_set_has_the_severities_of_bpmnlint(cli, project):
    found = severities(cli, "a.bpmn", "--profile", "recommended")
    assert found == {rule: RECOMMENDED[rule].value for rule in found}
    assert found["superfluous-gateway"] == "warning"
    assert "undefined-role" not in found


@pytest.mark.parametrize("word", ["error", "warning", "info"])
def test_a_severity_of_the_project_counts(cli, project, word):
    settings(project, f'severity = {{ superfluous-gateway = "{word}" }}')
    assert severities(cli, "a.bpmn")["superfluous-gateway"] == word
    assert cli("check", "a.bpmn", "--select", "superfluous-gateway").code == int(word == "error")


def test_a_rule_that_is_off_is_not_asked_unless_it_is_selected(cli, project):
    settings(project, 'severity = { superfluous-gateway = "off" }')
    assert "superfluous-gateway" not in severities(cli, "a.bpmn")
    assert severities(cli, "a.bpmn", "--select", "superfluous-gateway") == {"superfluous-gateway": "info"}


def test_a_severity_turns_a_rule_on_that_the_profile_lacks(cli, project):
    settings(project, 'severity = { label-required = "warning" }')
    assert severities(cli, "a.bpmn")["label-required"] == "warning"


def test_some_files_are_spared(cli, project):
    settings(project, 'ignore_in = { "old/*" = ["superfluous-gateway"] }')
    found = json.loads(cli("check", ".", "--json").out)["findings"]
    assert [each["path"] for each in found if each["rule"] == "superfluous-gateway"] == ["a.bpmn"]
    assert "superfluous-gateway" in severities(cli, "old", "--select", "superfluous-gateway")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('severity = { superflous-gateway = "error" }', "did you mean 'superfluous-gateway'?"),
        ('severity = { superfluous-gateway = "fatal" }', "check.severity.superfluous-gateway"),
        ('ignore_in = { "*" = ["no-such"] }', "there is no rule 'no-such'"),
        ('bpmnlintrc = "none"', "there is no file 'none'"),
        ('bpmnlintrc = "../../etc/passwd"', "leaves the project's folder"),
    ],
)
def test_what_is_wrong_in_the_settings_is_told_with_its_place(cli, project, text, complaint):
    settings(project, text)
    ended = cli("check", "a.bpmn")
    assert ended.code == 2
    assert "bpmn-tool.toml" in ended.err
    assert complaint in ended.err


def test_a_bpmnlintrc_says_which_rules_are_asked(cli, project):
    rules = {"superfluous-gateway": "error", "no-bpmndi": 0, "camunda-compat/element-type": "error"}
    (project / ".bpmnlintrc").write_text(json.dumps({"extends": "bpmnlint:recommended", "rules": rules}), "utf-8")
    ended = cli("check", "a.bpmn", "--bpmnlintrc", ".bpmnlintrc", "--json")
    found = json.loads(ended.out)
    names = {each["rule"]: each["severity"] for each in found["findings"]}
    assert names["superfluous-gateway"] == "error"
    assert not names.keys() & {"no-bpmndi", "undefined-role"}
    assert found["not_asked"] == ["camunda-compat/element-type"]
    assert "Not asked, since they are rules of plug-ins of bpmnlint: camunda-compat/element-type" in (
        cli("check", "a.bpmn", "--bpmnlintrc", ".bpmnlintrc").out
    )


def test_a_bpmnlintrc_comes_on_top_of_a_profile_that_is_named(cli, project):
    (project / ".bpmnlintrc").write_text('{"rules": {"label-required": "warn", "superfluous-gateway": "off"}}', "utf-8")
    settings(project, 'bpmnlintrc = ".bpmnlintrc"\nprofile = "basic"')
    found = severities(cli, "a.bpmn")
    assert found["label-required"] == "warning"
    assert "undefined-role" in found
    assert "superfluous-gateway" not in found


def test_the_order_does_not_depend_on_the_number_of_processes(cli, project, monkeypatch):
    monkeypatch.setattr("bpmn_tool.cli.checking.ALONE_S", -1.0)
    settings(project, 'severity = { label-required = "warning" }\nignore_in = { "old/*" = ["undefined-role"] }')
    together = cli("check", ".", "--json", "--jobs", "2")
    assert together == cli("check", ".", "--json", "--jobs", "1")
    assert '"rule": "label-required"' in together.out
    dutch = cli("check", ".", "--jobs", "2", "--lang", "nl", "--all")
    assert dutch == cli("check", ".", "--jobs", "1", "--lang", "nl", "--all")
