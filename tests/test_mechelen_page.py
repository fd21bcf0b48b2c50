"""docs/mechelen.md counts what check finds in the processes that ship.

The state space is left out here: how far it is looked at depends on the time that it gets.
"""

import re
from collections import Counter

import pytest

from bpmn_tool.checks import check_all
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register

SOUNDNESS = ("not-safe", "cannot-complete", "dead-activity", "soundness-not-decided")
_WORD = {"warning": "warning", "remark": "info"}


@pytest.fixture
def told(root):
    """(rule, severity) -> how many the page counts."""
    page = (root / "docs" / "mechelen.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)`[^|]* \| (\d+) (warning|remark)s? \|", page, re.MULTILINE)
    counts: Counter[tuple[str, str]] = Counter()
    for rule, number, word in rows:
        counts[rule, _WORD[word]] += int(number)
    return counts


def test_the_page_counts_what_check_finds(root, told):
    models = [read_model(path) for path in sorted((root / "processes").rglob("*.bpmn"))]
    findings = check_all(models, read_register(root / "processes" / "partners.toml"), ignore=SOUNDNESS)
    found = Counter((finding.rule, finding.severity.value) for finding in findings)
    assert {key: number for key, number in told.items() if key[0] not in SOUNDNESS} == found


def test_the_sum_is_that_of_the_rows(root, told):
    page = (root / "docs" / "mechelen.md").read_text(encoding="utf-8")
    said = re.search(r"No errors; (\d+) warnings and (\d+) remarks\.", page)
    assert said is not None
    sums = [sum(number for key, number in told.items() if key[1] == severity) for severity in ("warning", "info")]
    assert [int(number) for number in said.groups()] == sums
