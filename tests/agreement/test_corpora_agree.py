"""The token rules and SpiffWorkflow over other people's models and the small models of single elements: all that can be
executed, as far as a few drawn plays go.

What texts in a model decide (conditions of loops, of ad-hoc sub-processes, of events, of complex gateways) the token
rules leave open: those models are left out, and counted.
"""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.beginnings import beginnings
from bpmn_tool.execution.build import executable
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    Gateway,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    Task,
    TimerKind,
    TriggerKind,
)
from tests.agreement.pair import Pair, Undecided
from tests.agreement.test_tokens_and_spiff import Dice, play_case, play_tokens

SHARED = Path(__file__).parents[3] / "shared"
CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or SHARED / "corpora")
ELEMENTS = Path(os.environ.get("BPMN_TOOL_ELEMENTS") or SHARED / "spiff" / "elements")
FIXTURES = Path(__file__).parents[1]
PLAYS = 4

LARGE = 400
"""Flow nodes beyond which a model is not played here: the token rules look at all of a marking for each step."""


def files() -> list[Path]:
    found = [path for folder in (CORPORA, ELEMENTS, FIXTURES) for path in sorted(folder.rglob("*.bpmn"))]
    return [path for path in found if path.stat().st_size < 500_000]


def is_written(model: Model) -> bool:
    """Whether a text decides something that the token rules leave open."""
    for node in model.flow_nodes.values():
        match node:
            case Task(loop=loop) | SubProcess(loop=loop) | CallActivity(loop=loop):
                if isinstance(loop, StandardLoop) and (loop.condition.strip() or loop.maximum is not None):
                    return True
                if isinstance(loop, MultiInstance) and (
                    loop.completion_condition.strip() or (loop.cardinality.strip() and not loop.cardinality.isdecimal())
                ):
                    return True
                if isinstance(node, SubProcess) and node.completion_condition.strip():
                    return True
            case Event():
                if any(each.kind is TriggerKind.CONDITIONAL and each.text.strip() for each in node.definitions):
                    return True
                if any(each.timer is TimerKind.CYCLE and each.text.strip()[:2] != "R/" for each in node.definitions):
                    return True
            case Gateway():
                if node.activation_condition.strip():
                    return True
    return False


def went(path: Path) -> tuple[str, int]:
    """What became of a model, in a word, and how many steps agreed."""
    try:
        model = read_model(path)
        made = executable(model)
    except InputError:
        return "refused", 0
    if not model.flow_nodes or len(model.flow_nodes) > LARGE:
        return "empty or large", 0
    if is_written(model):
        return "decided by texts", 0
    data = {f"{node}_instances": 1 for node in model.flow_nodes}
    steps, begin = 0, beginnings(made.model)
    for seed in range(PLAYS):
        pair = Pair(model, kept=24, ask=True, data=data, firings=100)
        with suppress(RunError, Undecided):  # data that a condition needs, or a loop in no time
            pair.act("start", begin[seed // 2 % len(begin)])
            (play_case if seed % 2 else play_tokens)(pair, Dice(seed), 15)
        steps += pair.steps
    return "agreed", steps


@pytest.mark.slow
@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")
def test_models_of_others_agree(record_property: Callable[[str, object], None]) -> None:
    became: Counter[str] = Counter()
    steps = 0
    for path in files():
        word, agreed = went(path)
        became[word] += 1
        steps += agreed
    record_property("became", dict(became))
    record_property("steps", steps)
    assert became["agreed"] > 300
    assert steps > 5_000
