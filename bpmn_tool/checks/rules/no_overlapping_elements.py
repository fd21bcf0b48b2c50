"""``no-overlapping-elements``: no shape lies upon another, or sticks out of what it stands in."""

from collections.abc import Iterable, Iterator
from itertools import chain

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.diagram import Diagram, Shape
from bpmn_tool.model.elements import Element, Event, Model, SubProcess
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for diagram in model.diagrams:
        yield from _overlaps(diagram, model.participants.values())
        for container in (*model.processes.values(), *model.flow_nodes.values()):
            inside = [element for element in _standing_in(model, container.id) if element.id in diagram.shapes]
            if inside:
                yield from _overlaps(diagram, inside)
                yield from _outside(model, diagram, container, inside)


def _standing_in(model: Model, container: str) -> Iterator[Element]:
    return chain(model.nodes_in(container), (data for data in model.data.values() if data.container == container))


def _overlaps(diagram: Diagram, elements: Iterable[Element]) -> Iterator[Violation]:
    """From left to right, each with those that begin before it ends; told in the order of the file."""
    elements = [element for element in elements if element.id in diagram.shapes]
    shapes = sorted((diagram.shapes[element.id] for element in elements), key=lambda shape: shape.bounds.x)
    hosts = {event.id: event.attached_to_ref for event in elements if isinstance(event, Event)}
    under: dict[str, str] = {}
    for number, shape in enumerate(shapes):
        for other in shapes[number + 1 :]:
            if other.bounds.x >= shape.bounds.right:
                break
            attached = hosts.get(shape.element) == other.element or hosts.get(other.element) == shape.element
            if not attached and shape.bounds.overlaps(other.bounds):
                under.setdefault(shape.element, other.element)
                under.setdefault(other.element, shape.element)
    by_id = {element.id: element for element in elements}
    for element in elements:
        if (other_id := under.get(element.id)) is not None:
            message = _("%(name)s and %(other)s are drawn upon each other: move one of them")
            values = {"name": quoted(element), "other": quoted(by_id[other_id])}
            yield Violation(element.id, message % values, (other_id,))


def _outside(model: Model, diagram: Diagram, container: Element, inside: Iterable[Element]) -> Iterator[Violation]:
    around = _around(model, diagram, container)
    if around is None:
        return
    for element in inside:
        if getattr(element, "kind", "") == "dataStoreReference":
            continue  # shared by processes, and drawn anywhere
        own, frame = diagram.shapes[element.id].bounds, around.bounds
        if own.x < frame.x or own.y < frame.y or own.right > frame.right or own.bottom > frame.bottom:
            holder = model.get(around.element)
            message = _("%(name)s is drawn outside of %(around)s, to which it belongs: move it, or make that larger")
            values = {"name": quoted(element), "around": quoted(holder or container)}
            yield Violation(element.id, message % values, (around.element,))


def _around(model: Model, diagram: Diagram, container: Element) -> Shape | None:
    """The pool of a process, or an open sub-process, as it is drawn."""
    if isinstance(container, SubProcess):
        shape = diagram.shapes.get(container.id)
        return shape if shape is not None and shape.is_expanded else None
    pool = model.participant_of(container.id)
    return diagram.shapes.get(pool.id) if pool is not None else None


RULE = Rule(
    name="no-overlapping-elements",
    severity=Severity.WARNING,
    why="Of two shapes upon each other one is not seen, and flows seem to lead to the wrong one.",
    whence="bpmnlint, which also names shapes that only touch",
    find=find,
)
