"""Other people's models taken through a case by itself: refused with a place, run, or stopped with a reason."""

import os
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.automatic import automatic
from bpmn_tool.execution.beginnings import beginnings
from bpmn_tool.execution.case import Case
from bpmn_tool.interchange.bpmn_xml import read_model

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_a_model_is_refused_with_its_places_or_goes_as_far_as_it_can(path: Path) -> None:
    try:
        model = read_model(path)
    except InputError:
        pytest.skip("not read: see test_read.py")
    try:
        case = Case(model, ask=True)
    except InputError as refused:
        assert all(problem.location.line for problem in refused.problems)
        return
    try:
        case.start(beginnings(model)[0])
        trace = automatic(case)
    except RunError as stopped:
        assert str(stopped)
        return
    assert trace.completed or trace.waiting
