"""The conformance cases of betsy: which tasks run for which input. Each passes, or its model is refused by name."""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.automatic import automatic
from bpmn_tool.execution.case import Case
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Model, Task

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FOLDER = CORPORA / "conformance"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text()) if FOLDER.is_dir() else []

pytestmark = pytest.mark.skipif(not CASES, reason=f"no conformance cases at {FOLDER} (BPMN_TOOL_CORPORA says where)")

#: models that the standard does not allow, and that are refused by name: a quantity below one (Table 10.3), a loop that
#: ends before it begins. The corpus wants an error of them.
REFUSED: Final = {
    "LoopTask_NegativeLoopMaximum": "less than never",
    "Token_StartQuantity_Zero": "quantity",
    "Token_CompletionQuantity_Zero": "quantity",
}
#: what the corpus says of a case that must not run to its end
MUST_FAIL: Final = {"assertRuntimeException", "assertGenericError"}


def marked(model: Model, case: Case) -> list[str]:
    """The labels of the script tasks that ran: what their script sets."""
    ran = [model.flow_nodes[step.element] for step in case.trace().steps if step.kind == "scriptTask"]
    scripts = [node.script for node in ran if isinstance(node, Task)]
    return sorted(script.partition("done_")[2].partition(" ")[0] for script in scripts if "done_" in script)


@pytest.mark.parametrize("given", CASES, ids=lambda given: str(given["name"]))
def test_exactly_the_tasks_that_must_run_do(given: dict[str, Any]) -> None:
    name = given["name"].partition("#")[0]
    if (reason := REFUSED.get(name)) is not None:
        with pytest.raises(InputError, match=reason):
            Case(read_model(FOLDER / given["file"]))
        return
    model = read_model(FOLDER / given["file"])
    case = Case(model, data={} if given["input"] is None else {"test": given["input"]})
    if MUST_FAIL & set(given["other"]):
        with pytest.raises(RunError):
            case.start()
        return
    case.start()
    automatic(case)
    if given["expect"] or not given["other"]:
        assert marked(model, case) == sorted(given["expect"])
    else:
        assert case.completed
