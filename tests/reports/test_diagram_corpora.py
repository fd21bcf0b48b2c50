"""Other people's files are drawn without loss and without a crash; skipped, aloud, where they are not at hand."""

import os
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.reports.diagram import diagram_svg, gids

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no models of other people at {CORPORA}")


@pytest.mark.parametrize("folder", sorted({path.relative_to(CORPORA).parts[0] for path in FILES}))
def test_all_that_is_laid_out_is_drawn(folder: str) -> None:
    drawn = 0
    for path in (CORPORA / folder).rglob("*.bpmn"):
        try:
            model = read_model(path)
        except InputError:
            continue  # refused with a place and a reason: the reader's own tests
        laid_out = {element for diagram in model.diagrams for element in (*diagram.shapes, *diagram.edges)}
        marked = frozenset(list(model.flow_nodes)[::3])
        svg = diagram_svg(model, heat=dict.fromkeys(list(model.flow_nodes)[1::3], 1.0), undefined=marked)
        assert laid_out <= set(gids(svg)), path
        drawn += 1
    assert drawn
