"""All rules over other people's files: findings or a refusal, never a failure of ours."""

import os
from pathlib import Path

import pytest

from bpmn_tool.checks import RULE_CRASHED, check_all
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Partner, Register, Role

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")

SOMEBODY = Register(
    path="partners.toml",
    partners={"any": Partner(id="any", name={"en": "Any"})},
    roles={"clerk": Role(id="clerk", partner="any", name={"en": "Clerk"})},
)


def readable(path: Path) -> Model:
    try:
        return read_model(path)
    except InputError:
        pytest.skip("refused by the reader (tests/corpora/test_read.py has which)")


@pytest.mark.parametrize("register", [None, SOMEBODY], ids=["without_register", "with_register"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_each_file_is_checked(path, register):
    model = readable(path)
    findings = check_all([model], register)
    assert [finding.message for finding in findings if finding.rule == RULE_CRASHED] == []
    made = {row.id for row in model.generated}
    for finding in findings:
        assert finding.message
        known = finding.element in made or model.get(finding.element) is not None
        assert known or finding.rule == "unused-role"
        assert finding.location.line or finding.rule == "unused-role"
        assert all(model.get(each) is not None for each in finding.witness)


def test_the_command_line_checks_a_folder(cli):
    ended = cli("check", CORPORA / "miwg", CORPORA / "soundness")
    assert ended.code in {0, 1}
    assert ended.err == ""
