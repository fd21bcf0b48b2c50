"""What is proved of other people's models, and of ours: the verdicts that are known, and none too late."""

import os
from pathlib import Path

import pytest

from bpmn_tool.checks.soundness import Verdict, soundness
from bpmn_tool.checks.state_space import Limits
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))
ANALYSER = CORPORA / "soundness"

pytestmark = pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")


@pytest.mark.parametrize("name", ["p2", "e020"])
def test_sound(name):
    assert soundness(read_model(ANALYSER / f"{name}.bpmn")).verdict is Verdict.SOUND


def test_stuck_with_dead_activities():
    model = read_model(ANALYSER / "p6_stuck.bpmn")
    found = soundness(model)
    assert not found.unsafe
    assert {each.elements for each in found.stuck} == {("Gateway_1ryxq01",)}
    assert "Dead Task" in {model.flow_nodes[each].name for each in found.dead}


def test_not_safe_where_two_tokens_come():
    model = read_model(ANALYSER / "unsafe.bpmn")
    flows = {each.elements[0] for each in soundness(model).unsafe} & model.sequence_flows.keys()
    assert flows == {"Unsafe1", "Unsafe2"}


def test_stuck_after_one_activity_or_the_other():
    found = soundness(read_model(ANALYSER / "no-option-to-complete-1.bpmn"))
    assert {each.path[-1] for each in found.stuck} == {"Activity_03mx8x5", "Activity_0x2nbu7"}
    assert all(each.shortest for each in found.stuck)


def test_dead_activities_as_named():
    model = read_model(ANALYSER / "dead-activities.bpmn")
    names = {model.flow_nodes[each].name for each in soundness(model).dead}
    assert {"Dead_1", "Dead_2", "Dead_3", "Dead_4"} == names - {""}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_fewer_situations_say_the_same(path):
    try:
        model = read_model(path)
    except InputError:
        pytest.skip("refused by the reader (tests/corpora/test_read.py has which)")
    limits = Limits(states=1_000, seconds=30)
    whole, found = soundness(model, limits, reduced=False), soundness(model, limits)
    if whole.spent or whole.beyond:
        pytest.skip(f"more situations than {limits.states}, or messages that pile up")
    assert (found.verdict, set(found.dead)) == (whole.verdict, set(whole.dead))
    assert bool(found.unsafe) == bool(whole.unsafe)
    assert {each.elements for each in found.stuck} == {each.elements for each in whole.stuck}
