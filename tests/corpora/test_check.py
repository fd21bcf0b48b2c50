"""All rules over other people's files: findings or a refusal, never a failure of ours."""

import os
from pathlib import Path

import pytest

from bpmn_tool.checks import RULE_CRASHED, check_all
from bpmn_tool.checks.standard import breaks
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

#: what of all these files the standard forbids, each looked at: (file, rule, element)
FORBIDDEN = {
    ("conformance/errors/ParallelGateway_Conditions.bpmn", "sequence-flow-condition", "SequenceFlow_6"),
    ("conformance/errors/ParallelGateway_Conditions.bpmn", "sequence-flow-condition", "SequenceFlow_8"),
    ("conformance/errors/Token_CompletionQuantity_Zero.bpmn", "quantity", "send"),
    ("conformance/errors/Token_StartQuantity_Zero.bpmn", "quantity", "receive"),
    (
        "exercises/english-04/Exercise_6_ca91688a44e242399e0ecccfe91aa3f7.bpmn",
        "event-trigger",
        "sid-374890C6-DEE3-497C-AF44-AA0456A856DC",
    ),
    (
        "exercises/german-04/8-SB-Restaurant_50db89bd483140b893e94689c43adc28.bpmn",
        "event-trigger",
        "sid-2BCC2F58-5493-4A47-9DAD-7F0909315FFD",
    ),
}


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_what_the_standard_forbids_is_known(path):
    name = path.relative_to(CORPORA).as_posix()
    found = {(name, finding.rule, finding.element) for finding in breaks(readable(path))}
    assert found == {row for row in FORBIDDEN if row[0] == name}


def test_the_reference_models_of_the_interchange_group_keep_to_the_standard():
    models = [path for path in FILES if path.parent.name == "miwg"]
    assert models
    assert [finding for path in models for finding in breaks(read_model(path))] == []


def test_the_command_line_checks_a_folder(cli):
    ended = cli("check", CORPORA / "miwg", CORPORA / "soundness")
    assert ended.code in {0, 1}
    assert ended.err == ""
