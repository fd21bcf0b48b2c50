"""Requirements over other people's files: each step before each of some others, without a failure of ours."""

import os
from pathlib import Path

import pytest

from bpmn_tool.checks import RULE_CRASHED, check
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import CallActivity, SubProcess, Task
from bpmn_tool.register import Goal, Register, RequiredBefore

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_requirements_are_asked_of_any_file(path: Path) -> None:
    try:
        model = read_model(path)
    except InputError:
        return
    steps = tuple(node.id for node in model.flow_nodes.values() if isinstance(node, Task | SubProcess | CallActivity))
    register = Register(
        required_before=tuple(RequiredBefore(needs=(step,), before=steps) for step in steps[:3]),
        goals=tuple(Goal(name={"en": step}, to=(step,), start=steps[:1]) for step in steps[-2:]),
    )
    found = check(model, register, select=["required-before", "single-partner"])
    assert RULE_CRASHED not in {finding.rule for finding in found}
    assert all(model.get(id_) is not None for finding in found for id_ in finding.witness)
