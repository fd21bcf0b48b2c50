"""Places for what a drawing lacks, with all that it has left where it is: ``additions(model) -> Diagram``.

A node stands behind the one that leads to it, else before the one that it leads to, in the first place near it that is
free and inside its lane, pool or sub-process. A line takes, of the plain ways between two shapes, the one that goes
through least, crosses least and bends least. Pools that are not drawn at all come below, as the full layout has them.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Final

from bpmn_tool.layout import measure
from bpmn_tool.layout.columns import is_boundary
from bpmn_tool.layout.place import layout
from bpmn_tool.layout.ways import Ways
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape
from bpmn_tool.model.elements import Event, GatewayKind, Model

GAP: Final = 50.0
APART: Final = 15.0
"""Pixels kept free around what is added."""
_REACH: Final = 12
"""Steps sideways, and up or down, within which a free place is looked for."""


def additions(model: Model) -> Diagram:
    """The shapes and lines that the first drawing of the model lacks; all of them where there is none."""
    if not model.diagrams:
        return layout(model)
    return _Additions(model).diagram()


class _Additions:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.drawn = model.diagrams[0]
        known = [diagram.shapes for diagram in model.diagrams]
        self.elsewhere = {element for shapes in known[1:] for element in shapes}
        self.shapes: dict[str, Shape] = dict(self.drawn.shapes)
        self.new: dict[str, Shape] = {}
        self.edges: dict[str, Edge] = {}

    def diagram(self) -> Diagram:
        self._pools()
        self._nodes()
        self._events_on_borders()
        self._notes()
        self._lines()
        return Diagram(
            id=self.drawn.id,
            plane=self.drawn.plane,
            shapes=MappingProxyType(self.new),
            edges=MappingProxyType(self.edges),
        )

    def _add(self, shape: Shape) -> None:
        self.shapes[shape.element] = self.new[shape.element] = shape

    # -- whole pools

    def _pools(self) -> None:
        """Below all that is drawn, as the layout of the whole model places them."""
        missing = [each for each in self.model.participants.values() if each.id not in self.shapes]
        if not missing:
            return
        below = max((shape.bounds.bottom for shape in self.shapes.values()), default=0.0) + GAP
        left = min((shape.bounds.x for shape in self.shapes.values()), default=0.0)
        for pool in missing:
            if pool.id in self.whole.shapes:
                frame = self.whole.shapes[pool.id].bounds
                inside = {pool.id, *(e for e in self.whole.shapes if self.model.process_of(e) == pool.process_ref)}
                self._block(inside, (left - frame.x, below - frame.y))
                below += frame.height + GAP

    @cached_property
    def whole(self) -> Diagram:
        """The layout of all of it, which blocks that are new as a whole are taken from."""
        return layout(self.model)

    def _block(self, inside: set[str], by: tuple[float, float]) -> None:
        """What stands together in the whole layout, moved to its place here, with the lines within."""
        fresh = {e: shape for e, shape in self.whole.shapes.items() if e in inside and e not in self.shapes}
        for shape in fresh.values():
            self._add(_moved_shape(shape, by))
        for name, edge in self.whole.edges.items():
            ends = _ends(self.model, name)
            if ends and ends <= fresh.keys() and name not in self.drawn.edges:
                self.edges[name] = _moved_edge(edge, by)

    # -- nodes among others

    def _nodes(self) -> None:
        waiting = [n for n in self.model.flow_nodes.values() if not is_boundary(self.model, n.id)]
        waiting = [n for n in waiting if n.id not in self.shapes and self._is_open(n.container)]
        while waiting:
            led = [n for n in waiting if any(s in self.shapes for s in self._before(n.id))]
            leads = [n for n in waiting if any(t in self.shapes for t in self._behind(n.id))]
            node = (led or leads or waiting)[0]
            waiting.remove(node)
            shape = self._node(node.id, bool(led), bool(leads))
            if self.model.nodes_in(node.id):
                at, there = shape.bounds, self.whole.shapes[node.id].bounds
                self._block({node.id, *self._within(node.id)}, (at.x - there.x, at.y - there.y))
                waiting = [other for other in waiting if other.id not in self.shapes]
            else:
                self._add(shape)

    def _within(self, sub_process: str) -> Iterator[str]:
        """All that stands in a sub-process, at any depth, data and notes too."""
        for element in self.whole.shapes:
            around = getattr(self.model.get(element), "container", "")
            while around and around != sub_process:
                around = getattr(self.model.get(around), "container", "")
            if around:
                yield element

    def _is_open(self, container: str) -> bool:
        """Whether what stands in it is seen on this drawing: sub-processes may be closed, or drawn on their own."""
        if container not in self.model.flow_nodes:
            return True
        shape = self.shapes.get(container)
        return shape is not None and shape.is_expanded and container not in self.elsewhere

    def _before(self, node: str) -> list[str]:
        flows = [self.model.sequence_flows[f] for f in self.model.flow_nodes[node].incoming]
        return [flow.source_ref for flow in flows]

    def _behind(self, node: str) -> list[str]:
        return [self.model.sequence_flows[f].target_ref for f in self.model.flow_nodes[node].outgoing]

    def _node(self, node: str, led: bool, leads: bool) -> Shape:
        width, height = self._size(node)
        if led:
            near = next(self.shapes[s].bounds for s in self._before(node) if s in self.shapes)
            start, way = (near.right + GAP, near.centre[1] - height / 2), 1
        elif leads:
            near = next(self.shapes[t].bounds for t in self._behind(node) if t in self.shapes)
            start, way = (near.x - GAP - width, near.centre[1] - height / 2), -1
        else:
            inside = self._around(node)
            start, way = (inside.x + GAP, inside.y + APART) if inside else self._corner(), 1
        bounds = self._free(start, width, height, way, self._around(node))
        gateway = getattr(self.model.flow_nodes[node], "kind", None) is GatewayKind.EXCLUSIVE
        return Shape(element=node, bounds=bounds, is_marker_visible=gateway, label=self._label(node, bounds))

    def _size(self, node: str) -> tuple[float, float]:
        """That of a sub-process is what it needs for what it holds."""
        if self.model.nodes_in(node):
            bounds = self.whole.shapes[node].bounds
            return (bounds.width, bounds.height)
        return measure.size(self.model, node)

    def _corner(self) -> tuple[float, float]:
        """Below all that is drawn."""
        boxes = [shape.bounds for shape in self.shapes.values()]
        return (min((b.x for b in boxes), default=0.0), max((b.bottom for b in boxes), default=0.0) + GAP)

    def _around(self, node: str) -> Bounds | None:
        """The lane, else the sub-process or pool, that it stands in, where that is drawn."""
        lane = self.model.lane_of(node)
        process = self.model.process_of(node)
        pools = [p.id for p in self.model.participants.values() if p.process_ref == process]
        for each in (lane.id if lane is not None else "", self.model.flow_nodes[node].container, *pools):
            if each in self.shapes:
                return self.shapes[each].bounds
        return None

    def _free(self, start: tuple[float, float], width: float, height: float, way: int, inside: Bounds | None) -> Bounds:
        """The nearest free place, sideways rather than up or down; outside of what is drawn around it if it has to."""
        taken = [_grown(b, APART) for b in self._solid()]
        places = sorted(
            product(range(_REACH), range(-_REACH, _REACH + 1)), key=lambda p: (p[0] + 1.5 * abs(p[1]), -p[1])
        )
        outside: Bounds | None = None
        for column, row in places:
            place = Bounds(
                x=start[0] + way * column * (width + GAP) / 2,
                y=start[1] + row * (height + 30) / 2,
                width=width,
                height=height,
            )
            if any(place.overlaps(each) for each in taken):
                continue
            if inside is None or _holds(inside, place):
                return place
            outside = outside or place
        return outside or Bounds(x=start[0], y=self._corner()[1], width=width, height=height)

    def _solid(self) -> Iterator[Bounds]:
        """All that nothing may lie on."""
        for element, shape in self.shapes.items():
            if (
                element not in self.model.participants
                and element not in self.model.lanes
                and not self._holds_others(element)
            ):
                yield shape.bounds
                if shape.label is not None:
                    yield shape.label

    def _holds_others(self, element: str) -> bool:
        return any(node.id in self.shapes for node in self.model.nodes_in(element))

    def _label(self, element: str, b: Bounds) -> Bounds | None:
        """A name below its event or gateway."""
        node = self.model.flow_nodes[element]
        wide, high = measure.label_size(node.name)
        if not wide or b.height > measure.GATEWAY:
            return None
        return Bounds(x=b.centre[0] - wide / 2, y=b.bottom + 4, width=wide, height=high)

    # -- what belongs to a node

    def _events_on_borders(self) -> None:
        for node in self.model.flow_nodes.values():
            host = node.attached_to_ref if isinstance(node, Event) else None
            if node.id in self.shapes or host is None or host not in self.shapes:
                continue
            at = self.shapes[host].bounds
            others = [self.shapes[e.id].bounds for e in self.model.boundary_events(host) if e.id in self.shapes]
            half = measure.EVENT / 2
            places = [at.right - 10 - half - n * (measure.EVENT + 6) for n in range(int(at.width // measure.EVENT))]
            free = [x for x in places if all(abs(x - b.centre[0]) > measure.EVENT for b in others)]
            x = (free or places or [at.centre[0]])[0]
            bounds = Bounds(x=x - half, y=at.bottom - half, width=measure.EVENT, height=measure.EVENT)
            self._add(Shape(element=node.id, bounds=bounds, label=self._label(node.id, bounds)))

    def _notes(self) -> None:
        """Data and annotations above or below the node that they are joined to."""
        for tie in self.model.artifacts.values():
            for note, other in ((tie.source_ref, tie.target_ref), (tie.target_ref, tie.source_ref)):
                if note is None or other not in self.shapes or note in self.shapes or not self._is_note(note):
                    continue
                width, height = measure.size(self.model, note)
                near = self.shapes[other].bounds
                start = (near.centre[0] - width / 2, near.bottom + GAP)
                self._add(Shape(element=note, bounds=self._free(start, width, height, 1, None)))

    def _is_note(self, element: str) -> bool:
        if element in self.model.data:
            return self.model.data[element].kind.endswith("Reference")
        found = self.model.artifacts.get(element)
        return found is not None and found.kind == "textAnnotation"

    # -- lines

    def _lines(self) -> None:
        ways = Ways(
            {e: s.bounds for e, s in self.shapes.items() if e not in self.model.lanes and not self._holds_others(e)},
            [edge.waypoints for edge in (*self.drawn.edges.values(), *self.edges.values())],
        )
        flows = [(f.id, f.source_ref, f.target_ref, False) for f in self.model.sequence_flows.values()]
        flows += [(f.id, f.source_ref, f.target_ref, True) for f in self.model.message_flows.values()]
        ties = [(a.id, a.source_ref or "", a.target_ref or "", False) for a in self.model.artifacts.values()]
        others = {edge for diagram in self.model.diagrams[1:] for edge in diagram.edges}
        ties = [tie for tie in ties if self.new.keys() & {tie[1], tie[2]}]  # lines to far data are left out on purpose
        for id_, source, target, upright in (*flows, *ties):
            if id_ in self.drawn.edges or id_ in self.edges or id_ in others:
                continue
            if source in self.shapes and target in self.shapes and source != target:
                below = source in self.model.flow_nodes and is_boundary(self.model, source)
                ends = (self._door(source, target), self._door(target, source))
                points = ways.find(*ends, {source, target}, upright=upright, below=below)
                self.edges[id_] = Edge(element=id_, waypoints=points)

    def _door(self, end: str, other: str) -> Bounds:
        """Where a line may end: at a pool straight above or below what it leads to."""
        b, far = self.shapes[end].bounds, self.shapes[other].bounds
        if end not in self.model.participants or b.width < far.width:
            return b
        left = min(max(far.centre[0] - GAP, b.x), max(b.x, b.right - 2 * GAP))
        return replace(b, x=left, width=min(2 * GAP, b.width))


def _ends(model: Model, edge: str) -> set[str]:
    element = model.get(edge)
    return {end for name in ("source_ref", "target_ref") if (end := getattr(element, name, None))}


def _grown(b: Bounds, by: float) -> Bounds:
    return Bounds(x=b.x - by, y=b.y - by, width=b.width + 2 * by, height=b.height + 2 * by)


def _holds(outer: Bounds, inner: Bounds) -> bool:
    return (
        outer.x + 5 <= inner.x
        and inner.right <= outer.right - 5
        and outer.y + 5 <= inner.y
        and inner.bottom <= outer.bottom - 5
    )


def _moved_shape(shape: Shape, by: tuple[float, float]) -> Shape:
    label = None if shape.label is None else _moved(shape.label, by)
    return replace(shape, bounds=_moved(shape.bounds, by), label=label)


def _moved_edge(edge: Edge, by: tuple[float, float]) -> Edge:
    label = None if edge.label is None else _moved(edge.label, by)
    return replace(edge, waypoints=tuple((x + by[0], y + by[1]) for x, y in edge.waypoints), label=label)


def _moved(b: Bounds, by: tuple[float, float]) -> Bounds:
    return replace(b, x=b.x + by[0], y=b.y + by[1])
