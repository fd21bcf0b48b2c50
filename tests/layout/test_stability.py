"""A small edit moves little, and a drawing that is laid out again stays."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.interchange.di_splice import splice
from bpmn_tool.layout.place import layout
from bpmn_tool.model.diagram import Diagram
from bpmn_tool.model.elements import Model, Task

PROCESS = Path(__file__).parents[2] / "processes" / "as_is" / "local_pcve.bpmn"


def test_laid_out_again_it_is_the_same_bytes() -> None:
    once = splice(PROCESS.read_bytes(), layout(_read(PROCESS.read_bytes())))
    assert splice(once, layout(_read(once))) == once


@pytest.mark.parametrize("number", [0, 5, 9])
def test_a_step_more_leaves_the_order_of_the_others(number: int) -> None:
    """Of all pairs in one lane that are apart, at most one in a hundred changes sides."""
    text = PROCESS.read_text(encoding="utf-8")
    model = _read(text.encode())
    task = [node for node in model.flow_nodes.values() if isinstance(node, Task)][number]
    before, after = layout(model), layout(_read(_with_a_step_behind(text, model, task).encode()))
    pairs = swapped = 0
    for one, two in combinations(model.flow_nodes, 2):
        if model.lane_of(one) is not model.lane_of(two):
            continue
        for axis in (0, 1):
            was, now = _apart(before, one, two, axis), _apart(after, one, two, axis)
            pairs += abs(was) > 1
            swapped += (was > 1 and now < -1) or (was < -1 and now > 1)
    assert pairs > 200
    assert swapped <= pairs / 100


def _read(data: bytes) -> Model:
    return read_bytes(data, PROCESS.name)


def _apart(diagram: Diagram, one: str, two: str, axis: int) -> float:
    return diagram.shapes[one].bounds.centre[axis] - diagram.shapes[two].bounds.centre[axis]


def _with_a_step_behind(text: str, model: Model, task: Task) -> str:
    prefix = found.group(1) or "" if (found := re.search(r"<(\w+:)?process", text)) else ""
    flow = f'<{prefix}sequenceFlow id="to_more" sourceRef="{task.id}" targetRef="more"/>'
    more = f'<{prefix}task id="more" name="More"/>{flow}'
    kind = "subProcess" if task.container in model.flow_nodes else "process"
    end = text.index(f"</{prefix}{kind}>", text.index(f'id="{task.id}"'))
    text = text[:end] + more + text[end:]
    if (lane := model.lane_of(task.id)) is None:
        return text
    at = text.index(f"</{prefix}lane>", text.index(f'<{prefix}lane id="{lane.id}"'))
    return text[:at] + f"<{prefix}flowNodeRef>more</{prefix}flowNodeRef>" + text[at:]
