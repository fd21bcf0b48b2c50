"""The BPMN DI (BPMN 2.0.2, chapter 12): reading diagrams.

A drawing decides nothing about the process: what is wrong with it is remarked, and what has no place is not drawn.
"""

from collections.abc import Container, Iterable, Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bpmn_tool.errors import Location
from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_canonical import canonical
from bpmn_tool.interchange.bpmn_ids import is_element, own_id
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.messages import _
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape

if TYPE_CHECKING:
    from lxml.etree import _Element

_DIAGRAM: Final = f"{{{names.BPMNDI}}}BPMNDiagram"
_PLANE: Final = f"{{{names.BPMNDI}}}BPMNPlane"
_SHAPE: Final = f"{{{names.BPMNDI}}}BPMNShape"
_EDGE: Final = f"{{{names.BPMNDI}}}BPMNEdge"
_LABEL: Final = f"{{{names.BPMNDI}}}BPMNLabel"
_BOUNDS: Final = f"{{{names.DC}}}Bounds"
_WAYPOINT: Final = f"{{{names.DI}}}waypoint"

FARTHEST: Final = 1e9
"""Nothing is drawn beyond it: no modeller's pixels go so far, and a picture of it would have no size."""


def read_diagrams(references: References) -> tuple[Diagram, ...]:
    """Every ``<BPMNDiagram>`` of the file; what is wrong with one goes to the remarks of `references`."""
    drawing = _Drawing(references)
    return tuple(drawing.diagram(element) for element in references.source.root.iterfind(_DIAGRAM))


class _Drawing:
    def __init__(self, references: References) -> None:
        self.references = references
        self.ids: dict[str, Location] = {}
        self.wrong: set[_Element] = set()  # places that are none, and what is one too many

    def diagram(self, element: "_Element") -> Diagram:
        shapes: dict[str, Shape] = {}
        edges: dict[str, Edge] = {}
        self._once(element)
        plane = element.find(_PLANE)
        if plane is None:
            self.references.remark_drawing(element, _("a BPMNDiagram has no BPMNPlane, so that it draws nothing"))
            return Diagram(id=own_id(element), name=element.get("name") or "", **self._rest(element))
        self._once(plane)
        self.wrong.update(element.findall(_PLANE)[1:])  # the schema knows one
        left = [child for child in plane if is_element(child) and not self._placed(child, shapes, edges)]
        return Diagram(
            id=own_id(element),
            name=element.get("name") or "",
            plane=self._drawn(plane) or "",
            shapes=MappingProxyType(shapes),
            edges=MappingProxyType(edges),
            **self._rest(element, but=(_PLANE,), also=left, wrappers=(plane,)),
        )

    def _placed(self, child: "_Element", shapes: dict[str, Shape], edges: dict[str, Edge]) -> bool:
        """Whether it is drawn: the first shape of an element, or its first edge."""
        if child.tag == _SHAPE and (shape := self._shape(child)) is not None:
            return shapes.setdefault(shape.element, shape) is shape
        if child.tag == _EDGE and (edge := self._edge(child)) is not None:
            return edges.setdefault(edge.element, edge) is edge
        return False

    def _drawn(self, element: "_Element") -> str | None:
        return self.references.resolve(element, "bpmnElement", element.get("bpmnElement"))

    def _once(self, element: "_Element") -> None:
        """Nothing goes by the ids of a drawing, so that one that stands twice does no harm."""
        if identifier := own_id(element):
            place = self.references.source.location(element)
            first = self.ids.setdefault(identifier, place)
            if first is not place:
                words = {"id": identifier, "line": first.line}
                message = _("the id '%(id)s' in the drawing stands already at line %(line)s") % words
                self.references.remark_drawing(element, message, element.get("bpmnElement"))

    def _shape(self, element: "_Element") -> Shape | None:
        self._once(element)
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
            **self._rest(element, but=(_BOUNDS, _LABEL), wrappers=element.findall(_LABEL)),
        )

    def _folds(self, drawn: str) -> bool:
        """A sub-process that does not say that it is expanded is collapsed."""
        kind = self.references.ids.kinds.get(drawn, "")
        return kind in names.SUB_PROCESSES or kind == "callActivity"

    def _edge(self, element: "_Element") -> Edge | None:
        self._once(element)
        drawn = self._drawn(element)
        points = tuple(self._points(element))
        if drawn is None:
            return None
        if len(points) < 2:
            words = {"element": drawn}
            message = _("the BPMNEdge of '%(element)s' has fewer than two waypoints, so that it is not drawn") % words
            self.references.remark_drawing(element, message, drawn)
            return None
        return Edge(
            element=drawn,
            waypoints=points,
            id=own_id(element),
            label=self._label(element),
            **self._rest(element, but=(_WAYPOINT, _LABEL), wrappers=element.findall(_LABEL)),
        )

    def _points(self, element: "_Element") -> Iterator[tuple[float, float]]:
        for point in element.iterfind(_WAYPOINT):
            x, y = self._number(point, "x", element), self._number(point, "y", element)
            if x is not None and y is not None:
                yield (x, y)

    def _label(self, element: "_Element") -> Bounds | None:
        label = element.find(_LABEL)
        place = None if label is None else label.find(_BOUNDS)
        for each in element.findall(_LABEL):  # all but the place of the first stays as it stands
            self.wrong.update(child for child in each if child is not place or not _is_plain(child))
        return None if label is None else self._bounds(label)

    def _bounds(self, element: "_Element") -> Bounds | None:
        bounds = element.find(_BOUNDS)
        if bounds is None:
            return None
        self.wrong.update(element.findall(_BOUNDS)[1:])
        x, y, width, height = (self._number(bounds, name, element) for name in ("x", "y", "width", "height"))
        if x is None or y is None or width is None or height is None:
            return None
        return Bounds(x=x, y=y, width=width, height=height)

    def _number(self, element: "_Element", name: str, around: "_Element") -> float | None:
        value = element.get(name) or ""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if abs(number) < FARTHEST:  # not NaN nor infinity
            return number
        self.wrong.add(element)
        message = _("%(name)s of a place in the drawing must be a number, not '%(value)s'")
        words = {"name": name, "value": value[:20]}
        self.references.remark_drawing(element, message % words, around.get("bpmnElement"))
        return None

    def _rest(
        self,
        element: "_Element",
        but: Container[str] = (),
        also: Iterable["_Element"] = (),
        wrappers: Iterable["_Element"] = (),
    ) -> dict[str, Any]:
        """Attributes and parts that no field holds; of `wrappers` only the start tag, where it says something."""
        found: dict[str, Any] = {}
        if left := {str(k): str(v) for k, v in element.attrib.items() if k not in _TAKEN}:
            found["attributes"] = MappingProxyType(left)
        parts: dict[str, list[str]] = {}
        for child in (*element, *also):
            if is_element(child) and (child.tag not in but or child in self.wrong or not _is_plain(child)):
                parts.setdefault(str(child.tag), []).append(canonical(child))
        for wrapper in wrappers:
            if wrapper.attrib or self.wrong & set(wrapper):
                inside = set(wrapper) - self.wrong
                parts.setdefault(str(wrapper.tag), []).append(canonical(wrapper, inside))
        if parts:
            found["parts"] = MappingProxyType({name: tuple(texts) for name, texts in parts.items()})
        return found


_TAKEN: Final = frozenset({"id", "name", "bpmnElement", "isHorizontal", "isExpanded", "isMarkerVisible"})


def _is_plain(child: "_Element") -> bool:
    """Whether it says nothing but a place; of wrappers, see there."""
    if child.tag in (_PLANE, _LABEL):
        return True
    place = _PLACE if child.tag == _BOUNDS else _POINT
    return not len(child) and not (child.text or "").strip() and all(name in place for name in child.attrib)


_POINT: Final = frozenset({"x", "y", "{http://www.w3.org/2001/XMLSchema-instance}type"})
_PLACE: Final = _POINT | {"width", "height"}


def _flag(element: "_Element", name: str, *, default: bool) -> bool:
    value = (element.get(name) or "").strip().lower()
    return value in ("true", "1") if value else default
