"""``loose-reference``: what an element names is there, and is of the kind that it has to be."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.model.elements import Event, EventKind, Model, Remark
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for remark in model.remarks:
        if not _said_elsewhere(model, remark):
            severity = Severity.INFO if remark.in_drawing else None
            element = _known(model, remark.element)
            yield Violation(element, remark.message, severity=severity, location=remark.location)


def _known(model: Model, element: str) -> str:
    """The event, where it is the definition of one that has the id."""
    if model.get(element) is None:
        for node in model.flow_nodes.values():
            if isinstance(node, Event) and any(definition.id == element for definition in node.definitions):
                return node.id
    return element


def _said_elsewhere(model: Model, remark: Remark) -> bool:
    """default-flow and boundary-event say it of these two, whose names no language changes."""
    node = model.flow_nodes.get(remark.element)
    if node is None:
        return False
    if isinstance(node, Event) and node.kind is EventKind.BOUNDARY and "attachedToRef" in remark.message:
        return True
    return "default" in node.attributes and "default" in remark.message


RULE = Rule(
    name="loose-reference",
    severity=Severity.WARNING,
    why="What an element names and nobody finds is left out, by one tool in silence and by the next with an error.",
    whence="BPMN 2.0.2, its XML schema: most references are QNames, which may lead into a file that is not there",
    find=find,
)
