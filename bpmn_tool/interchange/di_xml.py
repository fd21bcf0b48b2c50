"""The BPMN DI (BPMN 2.0.2, chapter 12): reading diagrams."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import own_id
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_diagrams(references: References) -> tuple[Diagram, ...]:
    """Every ``<BPMNDiagram>`` of the file; problems go to `references`."""
    found = references.source.root.iterfind(f"{{{names.BPMNDI}}}BPMNDiagram")
    return tuple(_Drawing(references).diagram(element) for element in found)


class _Drawing:
    def __init__(self, references: References) -> None:
        self.references = references

    def diagram(self, element: "_Element") -> Diagram:
        shapes: dict[str, Shape] = {}
        edges: dict[str, Edge] = {}
        plane = element.find(f"{{{names.BPMNDI}}}BPMNPlane")
        if plane is None:
            self.references.problem(element, "the BPMNDiagram has no BPMNPlane")
            return Diagram(id=own_id(element), name=element.get("name") or "")
        for shape in plane.iterfind(f"{{{names.BPMNDI}}}BPMNShape"):
            if (read := self._shape(shape)) is not None:
                shapes.setdefault(read.element, read)
        for edge in plane.iterfind(f"{{{names.BPMNDI}}}BPMNEdge"):
            if (line := self._edge(edge)) is not None:
                edges.setdefault(line.element, line)
        return Diagram(
            id=own_id(element),
            name=element.get("name") or "",
            plane=self._drawn(plane) or "",
            shapes=MappingProxyType(shapes),
            edges=MappingProxyType(edges),
        )

    def _drawn(self, element: "_Element") -> str | None:
        return self.references.resolve(element, "bpmnElement", element.get("bpmnElement"))

    def _shape(self, element: "_Element") -> Shape | None:
        drawn, bounds = self._drawn(element), self._bounds(element)
        if drawn is None or bounds is None:
            return None
        return Shape(
            element=drawn,
            bounds=bounds,
            id=own_id(element),
            label=self._label(element),
            is_horizontal=_flag(element, "isHorizontal", default=True),
            is_expanded=_flag(element, "isExpanded", default=not self._folds(drawn)),
            is_marker_visible=_flag(element, "isMarkerVisible", default=False),
        )

    def _folds(self, drawn: str) -> bool:
        """A sub-process that does not say that it is expanded is collapsed."""
        return self.references.ids.kinds.get(drawn) in names.SUB_PROCESSES | {"callActivity"}

    def _edge(self, element: "_Element") -> Edge | None:
        drawn = self._drawn(element)
        points = tuple(self._points(element))
        if drawn is None:
            return None
        if len(points) < 2:
            self.references.problem(element, f"the BPMNEdge of '{drawn}' has fewer than two waypoints")
        return Edge(element=drawn, waypoints=points, id=own_id(element), label=self._label(element))

    def _points(self, element: "_Element") -> Iterator[tuple[float, float]]:
        for point in element.iterfind(f"{{{names.DI}}}waypoint"):
            yield (self._number(point, "x"), self._number(point, "y"))

    def _label(self, element: "_Element") -> Bounds | None:
        label = element.find(f"{{{names.BPMNDI}}}BPMNLabel")
        return None if label is None else self._bounds(label)

    def _bounds(self, element: "_Element") -> Bounds | None:
        bounds = element.find(f"{{{names.DC}}}Bounds")
        if bounds is None:
            return None
        x, y, width, height = (self._number(bounds, name) for name in ("x", "y", "width", "height"))
        return Bounds(x=x, y=y, width=width, height=height)

    def _number(self, element: "_Element", name: str) -> float:
        value = element.get(name) or ""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not abs(number) < 1e9:  # NaN and infinity too
            self.references.problem(element, f"{name} of a place in the diagram must be a number, not '{value[:20]}'")
            return 0.0
        return number


def _flag(element: "_Element", name: str, *, default: bool) -> bool:
    value = (element.get(name) or "").strip().lower()
    return value in ("true", "1") if value else default
