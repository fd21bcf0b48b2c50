"""``no-bpmndi``: everything that is in the model is drawn."""

from collections.abc import Iterator
from itertools import chain

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Element, Model
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    drawn = {element for diagram in model.diagrams for element in (*diagram.shapes, *diagram.edges)}
    asked = list(_visible(model))
    if asked and not drawn:
        message = _("nothing of this model is drawn: `bpmn-tool layout` gives everything a place")
        yield Violation(next(iter(model.processes), asked[0].id), message)
        return
    for element in asked:
        if element.id not in drawn:
            message = _(
                "%(name)s is in the model and not in the drawing: draw it, or `bpmn-tool layout` gives it a place"
            )
            yield Violation(element.id, message % {"name": quoted(element)})


def _visible(model: Model) -> Iterator[Element]:
    """All that has a shape or an edge (BPMN 2.0.2, 12.3). A data object is drawn by the references to it, and not every
    data association is.
    """
    yield from chain(
        model.participants.values(),
        model.lanes.values(),
        model.flow_nodes.values(),
        model.sequence_flows.values(),
        model.message_flows.values(),
        (data for data in model.data.values() if data.kind.endswith("Reference")),
        (artifact for artifact in model.artifacts.values() if not artifact.kind.endswith("Association")),
    )


RULE = Rule(
    name="no-bpmndi",
    severity=Severity.ERROR,
    why="What is not drawn is executed all the same, and nobody who looks at the diagram knows.",
    whence="bpmnlint, which names each element of a file without any drawing; BPMN 2.0.2, 12",
    find=find,
)
