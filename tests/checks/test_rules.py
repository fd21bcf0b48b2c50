"""Every rule on its fixtures: ``rules/<rule>/{valid,invalid}_*.bpmn``, whose second line says what is found.

A ``partners.toml`` beside the fixtures is their register.
"""

import re
from pathlib import Path

import pytest

from bpmn_tool.checks import RULE_CRASHED, RULES, check_all
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register

FOLDER = Path(__file__).parent / "rules"
FIXTURES = sorted(FOLDER.rglob("*.bpmn"))
NAMES = [rule.name for rule in RULES]
PAGES = Path(__file__).parents[2] / "docs" / "rules"


def expected(path: Path) -> list[tuple[str, str]]:
    """(severity, element) pairs of ``<!-- finds: error a, warning b -->``."""
    said = re.search(r"<!-- finds: (.*) -->", path.read_text(encoding="utf-8"))
    assert said is not None
    pairs = [pair.split() for pair in said[1].split(", ")]
    return [] if said[1] == "nothing" else [(severity, element) for severity, element in pairs]


def found(path: Path) -> list[tuple[str, str]]:
    register = path.parent / "partners.toml"
    findings = check_all(
        [read_model(path)], read_register(register) if register.is_file() else None, select=[path.parent.name]
    )
    assert not [finding.message for finding in findings if finding.rule == RULE_CRASHED]
    return [(finding.severity.value, finding.element) for finding in findings]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_rule_finds_what_its_fixture_says_and_nothing_else(path):
    assert sorted(found(path)) == sorted(expected(path))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_fixture_is_called_what_it_is(path):
    assert path.stem.startswith("invalid_" if expected(path) else "valid_")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_no_rule_lacks_either_kind_of_fixture(name, kind):
    assert list((FOLDER / name).glob(f"{kind}_*.bpmn"))


def test_no_fixture_is_left_of_a_rule_that_is_gone():
    assert {path.parent.name for path in FIXTURES} == set(NAMES)


def test_each_rule_stands_in_a_file_of_its_name():
    assert [rule.find.__module__.rpartition(".")[2].rstrip("_").replace("_", "-") for rule in RULES] == NAMES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_page_that_says_what_the_code_says(rule):
    page = (PAGES / f"{rule.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {rule.name}\n")
    assert rule.why in page
    assert rule.whence in page
    assert f"**{rule.severity.value}**" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_wrong_and_right(name):
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings[:2] == ["## Wrong", "## Right"]


def test_no_page_is_left_of_a_rule_that_is_gone():
    assert {page.stem for page in PAGES.glob("*.md")} - {"README"} == set(NAMES)


def test_the_list_of_pages_has_each_rule():
    listed = re.findall(r"\]\(([a-z-]+)\.md\)", (PAGES / "README.md").read_text(encoding="utf-8"))
    assert listed == NAMES
