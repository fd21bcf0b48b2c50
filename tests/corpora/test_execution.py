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


def went(path: Path) -> str:
    """How far a model goes, in a word."""
    try:
        model = read_model(path)
    except InputError:
        pytest.skip("not read: see test_read.py")
    try:
        case = Case(model, ask=True)
    except InputError as refused:
        return "refused" if all(problem.location.line for problem in refused.problems) else "refused somewhere"
    try:
        case.start(beginnings(model)[0])
        trace = automatic(case)
    except RunError as stopped:
        return "stopped" if str(stopped) else "stopped for no reason"
    if trace.completed:
        return "completed"
    return "waits" if trace.waiting else "waits for nothing"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_a_model_is_refused_with_its_places_or_goes_as_far_as_it_can(path: Path) -> None:
    assert went(path) in {"refused", "stopped", "completed", "waits"}
