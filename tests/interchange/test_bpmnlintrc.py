import json

import pytest

from bpmn_tool.checks.bpmnlint import ALL, CORRECTNESS, RECOMMENDED
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmnlintrc import read_bpmnlintrc
from bpmn_tool.results.finding import Severity


@pytest.fixture
def read(tmp_path):
    def of(document: object):
        path = tmp_path / ".bpmnlintrc"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return read_bpmnlintrc(path)

    return of


@pytest.mark.parametrize(("name", "set_"), [("recommended", RECOMMENDED), ("correctness", CORRECTNESS), ("all", ALL)])
def test_a_set_is_extended(read, name, set_):
    assert read({"extends": f"bpmnlint:{name}"}).severities == set_


def test_of_several_sets_the_last_counts(read):
    found = read({"extends": ["bpmnlint:recommended", "bpmnlint:correctness"]}).severities
    assert found == {**RECOMMENDED, **CORRECTNESS}


@pytest.mark.parametrize(
    ("written", "severity"),
    [
        ("off", None),
        (0, None),
        ("warn", Severity.WARNING),
        (1, Severity.WARNING),
        ("ERROR", Severity.ERROR),
        (2, Severity.ERROR),
        ("info", Severity.INFO),
        (["warn", {}], Severity.WARNING),
    ],
)
def test_a_rule_goes_before_the_set(read, written, severity):
    found = read({"extends": "bpmnlint:recommended", "rules": {"label-required": written}})
    assert found.severities["label-required"] is severity


def test_the_package_may_be_named(read):
    assert read({"rules": {"bpmnlint/label-required": "warn"}}).severities == {"label-required": Severity.WARNING}


def test_options_are_kept(read):
    sizes = {"bpmn:Task": {"width": 120, "height": 80}}
    assert read({"rules": {"standard-size": ["info", sizes]}}).options == {"standard-size": sizes}


def test_rules_of_plug_ins_are_named_unless_they_are_off(read):
    found = read({"extends": ["plugin:foo/recommended"], "rules": {"foo/a": "warn", "foo/b": "off"}})
    assert (found.severities, found.plug_ins) == ({}, ("plugin:foo/recommended", "foo/a"))


@pytest.mark.parametrize(
    ("document", "complaints"),
    [
        ("{", ["is not JSON"]),
        ("[]", ["has to be an object"]),
        ({"extends": "recommended"}, ["there is no set 'recommended'"]),
        ({"extends": 3}, ["name of a set"]),
        ({"rules": ["label-required"]}, ["has to be an object"]),
        ({"rules": {"labels": "warn", "fake-join": "loud"}}, ["is no rule of bpmnlint", 'has to be "off"']),
        ({"rules": {"fake-join": True}}, ['has to be "off"']),
        ({"rules": {"fake-join": ["warn", 3]}}, ['has to be "off"']),
        ("[" * 100_000, ["is no JSON that can be read"]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(read, document, complaints):
    with pytest.raises(InputError) as caught:
        read(document)
    assert len(caught.value.problems) == len(complaints)
    for problem, complaint in zip(caught.value.problems, complaints, strict=True):
        assert complaint in problem.message
        assert problem.location.path.endswith(".bpmnlintrc")
