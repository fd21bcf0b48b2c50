"""The fragments that a rule's page shows do what the page says of them: *Wrong* is found, *Right* is not."""

from typing import Final

import pytest

from bpmn_tool.checks import RULES, check_all
from bpmn_tool.checks.rules import GAPS
from bpmn_tool.interchange.bpmn_xml import read_bytes
from tests.checks.fragments import fragments, whole

BY_REGISTER: Final = {
    *(rule.name for rule in GAPS),
    "undefined-role",
    "unknown-code",
    "required-before",
    "unknown-id",
    "single-partner",
    "unused-role",
}
"""What these find depends on a register, of which a page shows a line at most: their fixtures have one."""
ASKED: Final = [rule.name for rule in RULES if rule.name not in BY_REGISTER]


def finds(rule: str, fragment: str) -> bool:
    return bool(check_all([read_bytes(whole(fragment), "page.bpmn")], select=[rule]))


@pytest.mark.parametrize("rule", ASKED)
def test_what_is_shown_as_wrong_is_found(rule: str) -> None:
    shown = fragments(rule, "Wrong")
    assert shown
    assert all(finds(rule, each) for each in shown)


@pytest.mark.parametrize("rule", ASKED)
def test_what_is_shown_as_right_is_not_found(rule: str) -> None:
    shown = fragments(rule, "Right")
    assert shown or rule == "silent-partner"  # which is mended in the register
    assert not any(finds(rule, each) for each in shown)
