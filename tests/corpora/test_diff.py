"""The comparison over other people's files: what bpmn-js-differ's tests expect of its pairs, and pairs of drawings of
one exercise by different people.

Facts of bpmn-js-differ (test/spec/differ.js): in `add` an end event and a flow came, and nothing else changed; in
`change` Task_1 got the name TASK; in `type-change` only the kind of TASK differs; in `lanes` a lane set came, the pool
neither came nor went, nothing moved. What we find beyond that is said here too.
"""

import os
from itertools import product
from pathlib import Path

import pytest

from bpmn_tool.comparison.structure import diff
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Model
from bpmn_tool.results.differences import StructureDiff

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")


def of_pair(name: str) -> StructureDiff:
    before, after = (read_model(CORPORA / "diff" / name.format(side)) for side in ("before", "after"))
    return diff(before, after)


def changed(found: StructureDiff) -> dict[str, dict[str, object]]:
    return {each.id: dict(each.attributes) for each in found.changed}


def test_add() -> None:
    found = of_pair("add/{}.bpmn")
    assert {each.id for each in found.added} == {"EndEvent_1", "SequenceFlow_2"}
    assert (found.removed, found.changed, found.moved, found.renumbered) == ((), (), (), ())


def test_change() -> None:
    found = of_pair("change/{}.bpmn")
    assert changed(found) == {
        "Task_1": {"name": (None, "TASK")},
        # it is passed over there without the vendor's package
        "StartEvent_1": {"{http://activiti.org/bpmn}initiator": (None, "${initiator}")},
    }
    assert (found.added, found.removed, found.moved) == ((), (), ())


def test_type_change() -> None:
    found = of_pair("change/type-change.{}.bpmn")
    assert changed(found) == {"TASK": {"kind": ("task", "serviceTask")}}
    assert (found.added, found.removed, found.moved) == ((), (), ())


def test_lanes() -> None:
    found = of_pair("lanes/create-laneset-{}.bpmn")
    assert {each.id for each in found.added} == {"LaneSet_0ts6yk7", "Lane_0h952pf"}  # there a change of the pool
    assert (found.removed, found.moved) == ((), ())


def read(path: Path) -> Model | None:
    try:
        return read_model(path)
    except InputError:
        return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_a_file_is_no_different_from_itself(path: Path) -> None:
    model = read(path)
    if model is None:
        pytest.skip("refused by the reader")
    assert diff(model, model).is_empty


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for path in FILES if path.parent.parent.name == "exercises"}),
    ids=lambda path: path.name,
)
def test_solutions_and_what_people_drew(folder: Path) -> None:
    """Whatever differs, it differs the other way round too, and everything is told once."""
    models = {path: model for path in sorted(folder.glob("*.bpmn")) if (model := read(path)) is not None}
    solutions = [path for path in models if path.name.startswith("solution")]
    assert solutions
    for one, other in product(solutions, models):
        forth, back = diff(models[one], models[other]), diff(models[other], models[one])
        assert forth.added == back.removed
        assert forth.removed == back.added
        assert set(forth.renumbered) == {(new, old) for old, new in back.renumbered}
        known = {each.id for each in models[one].elements()}
        gone = {each.id for each in forth.removed} | {old for old, _new in forth.renumbered}
        assert gone <= known
        assert len(gone) == len(forth.removed) + len(forth.renumbered)
