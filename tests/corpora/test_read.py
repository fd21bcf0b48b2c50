"""The reader over other people's files.

Each read without loss, or refused with a place and a reason; never a traceback.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Event, Model
from tests.interchange.audit import lost, lost_of_drawings

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

pytestmark = pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")

# What is refused, and how often the reason stands in the file: flows that people drew with a loose end. The schema
# requires sourceRef and targetRef of a sequence flow (tSequenceFlow) and of a message flow (tMessageFlow).
REFUSED = {
    "exercises/english-02/3_56a29c753e8648b7aa9c4715e6471363.bpmn": 1,
    "exercises/english-02/Exercise_3_Claim_2b5b6781fb694ec09e825f6d4673fb88.bpmn": 1,
    "exercises/german-01/Aufgabe1_cb5f3852bee94c998b75208aed16e373.bpmn": 3,
    "exercises/german-02/-_Task_3_84c455b8b0db45b388e7e176598502a9.bpmn": 1,
    "exercises/german-02/Aufgabe_3_-_Regressnahme_85ba47b6b06c429da81ed4723f0ebe5e.bpmn": 4,
    "exercises/german-02/Neuer_Prozess_38bdce6c4e9746a8833a6de718f6ca9a.bpmn": 1,
    "exercises/german-03/-_Schufa_9831eb834a924b9f9c4591000c9387ef.bpmn": 2,
}


def ids_by_lxml(path: Path) -> Counter[str]:
    """Every id of an element of BPMN's namespace outside of extensions."""
    found: Counter[str] = Counter()
    waiting = [etree.parse(path).getroot()]
    while waiting:
        element = waiting.pop()
        if element.tag == BPMN + "extensionElements":
            continue
        if str(element.tag).startswith(BPMN) and element.get("id"):
            found[element.get("id", "")] += 1
        waiting += element
    return found


def ids_of(model: Model) -> Counter[str]:
    made = {row.id for row in model.generated}
    found = Counter(element.id for element in model.elements() if element.id not in made)
    for node in model.flow_nodes.values():
        if isinstance(node, Event):
            found.update(d.id for d in node.definitions if d.id and d.id not in model.root_elements)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_each_file_is_read_without_loss_or_refused(path: Path) -> None:
    expected = REFUSED.get(path.relative_to(CORPORA).as_posix(), 0)
    if expected:
        with pytest.raises(InputError) as caught:
            read_model(path)
        assert len(caught.value.problems) == expected
        assert all(problem.location.line for problem in caught.value.problems)
    else:
        model = read_model(path)
        assert ids_of(model) == ids_by_lxml(path)
        root = etree.parse(path).getroot()
        assert lost(root, model) == []
        assert lost_of_drawings(root, model) == []
        assert all(element.location.line for element in model.elements())


def test_the_drawings_are_read() -> None:
    path = CORPORA / "miwg" / "C.8.0.bpmn"
    shapes = len(etree.parse(path).findall(".//{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"))
    assert sum(len(diagram.shapes) for diagram in read_model(path).diagrams) == shapes
