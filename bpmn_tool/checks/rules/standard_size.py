"""``standard-size``: shapes have the size that modellers give them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.diagram import Shape
from bpmn_tool.model.elements import CallActivity, Element, Event, Gateway, Participant, SubProcess, Task
from bpmn_tool.results.finding import Severity

NAME: Final = "standard-size"
SIZES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "Task": (100, 80),
        "CallActivity": (100, 80),
        "SubProcess": (100, 80),
        "Gateway": (50, 50),
        "Event": (36, 36),
        "DataObjectReference": (36, 50),
        "DataStoreReference": (50, 50),
        "Participant": (60, 60),
    }
)
"""Width and height in pixels of bpmn-js; of a pool without content only the breadth is asked."""


def find(checked: Checked) -> Iterator[Violation]:
    model, sizes = checked.model, _sizes(checked.options.get(NAME, {}))
    for diagram in model.diagrams:
        for shape in diagram.shapes.values():
            element = model.get(shape.element)
            kind = _kind(element, shape) if element is not None else ""
            if element is None or kind not in sizes:
                continue
            width, height = sizes[kind]
            if kind == "Participant":
                wrong = shape.bounds.height != height if shape.is_horizontal else shape.bounds.width != width
            else:
                wrong = (shape.bounds.width, shape.bounds.height) != (width, height)
            if wrong:
                yield _violation(element, shape, width, height)


def _violation(element: Element, shape: Shape, width: float, height: float) -> Violation:
    values: dict[str, object] = {"name": quoted(element), "width": f"{width:g}", "height": f"{height:g}"}
    values |= {"drawn": f"{shape.bounds.width:g} × {shape.bounds.height:g}"}
    if isinstance(element, Participant) and shape.is_horizontal:
        message = _("the empty pool %(name)s is drawn %(drawn)s, and is to be %(height)s high")
    elif isinstance(element, Participant):
        message = _("the empty pool %(name)s is drawn %(drawn)s, and is to be %(width)s wide")
    else:
        message = _("%(name)s is drawn %(drawn)s, and is to be %(width)s × %(height)s")
    return Violation(element.id, message % values)


def _kind(element: Element, shape: Shape) -> str:
    """The row of the table that it falls under; nothing for what follows its content."""
    match element:
        case Participant():
            return "" if element.process_ref else "Participant"
        case SubProcess():
            return "" if shape.is_expanded else "SubProcess"
        case Task() | CallActivity() | Gateway() | Event():
            return type(element).__name__
        case _:
            kind = str(getattr(element, "kind", ""))
            return kind[:1].upper() + kind[1:]


def _sizes(options: Mapping[str, Any]) -> Mapping[str, tuple[float, float]]:
    """With the sizes that a project sets, as bpmnlint writes them: ``{"bpmn:Task": {"width": 120, "height": 80}}``."""
    own = dict(SIZES)
    for key, size in options.items():
        kind = key.removeprefix("bpmn:")
        if kind in SIZES and isinstance(size, Mapping):
            width, height = SIZES[kind]
            own[kind] = (float(size.get("width", width)), float(size.get("height", height)))
    return own


RULE = Rule(
    name=NAME,
    severity=Severity.INFO,
    why="Steps of one size are read as of one weight; a larger one looks as if it meant more.",
    whence="bpmnlint; the sizes are those of bpmn-js",
    find=find,
)
