"""What the reader remarked of a file, as what a rule finds."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Violation
from bpmn_tool.model.elements import Event, Model, RemarkKind
from bpmn_tool.results.finding import Severity


def remarked(model: Model, kind: RemarkKind, severity: Severity | None = None) -> Iterator[Violation]:
    for remark in model.remarks:
        if remark.kind is kind:
            yield Violation(_known(model, remark.element), remark.message, severity=severity, location=remark.location)


def _known(model: Model, element: str) -> str:
    """The event, where it is the definition of one that has the id."""
    if model.get(element) is None:
        for node in model.flow_nodes.values():
            if isinstance(node, Event) and any(definition.id == element for definition in node.definitions):
                return node.id
    return element
