"""How good a drawing is, as numbers, from its geometry alone: nothing here knows how a layout is made.

After the measures that Purchase (2002) tested with readers: crossings, bends, and what lies on something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import combinations, pairwise

from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape
from bpmn_tool.model.elements import Artifact, Element, Event, EventKind, Lane, Model, Participant, SubProcess

Point = tuple[float, float]
TOUCH = 1.5
"""Pixels by which things may meet and not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Counts, but `length` (of all lines) in pixels and `area` in thousands of square pixels."""

    crossings: int = 0
    shared: int = 0  # pairs of lines that run on each other, of different sources and targets
    through: int = 0  # a line through a node that it does not belong to
    overlaps: int = 0  # pairs of nodes
    bends: int = 0
    labels: int = 0  # on a node, on another label, or on a line that is not its own
    length: int = 0
    area: int = 0

    def __add__(self, other: "Metrics") -> "Metrics":
        return Metrics(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


def measure(model: Model, diagram: Diagram) -> Metrics:
    """Of one diagram."""
    lines = {key: straightened(edge) for key, edge in diagram.edges.items()}
    nodes = {key: shape.bounds for key, shape in diagram.shapes.items() if _is_node(model.get(key))}
    crossings = shared = 0
    for (one, a), (two, b) in combinations(sorted(lines.items()), 2):
        met, along = _meet(a, b, related=bool(_ends(model, one) & _ends(model, two)))
        crossings += met
        shared += along
    return Metrics(
        crossings=crossings,
        shared=shared,
        through=sum(_goes_through(model, key, line, nodes) for key, line in lines.items()),
        overlaps=sum(_overlap(model, a, b, nodes) for a, b in combinations(sorted(nodes), 2)),
        bends=sum(len(line) - 2 for line in lines.values()),
        labels=sum(1 for _pair in _label_troubles(diagram, nodes, lines)),
        length=round(sum(_distance(a, b) for line in lines.values() for a, b in pairwise(line))),
        area=round(_area(diagram) / 1000),
    )


def straightened(edge: Edge) -> list[Point]:
    """Without points that turn nothing."""
    points = [edge.waypoints[0]]
    for before, here, after in zip(edge.waypoints, edge.waypoints[1:], edge.waypoints[2:], strict=False):
        turn = (here[0] - before[0]) * (after[1] - here[1]) - (here[1] - before[1]) * (after[0] - here[0])
        if abs(turn) > TOUCH * _distance(before, after):  # so far is the point from the straight line
            points.append(here)
    return [*points, edge.waypoints[-1]]


def _is_node(element: Element | None) -> bool:
    return not (
        element is None
        or isinstance(element, Participant | Lane)
        or (isinstance(element, Artifact) and element.kind == "group")
    )


def _ends(model: Model, edge: str) -> set[str]:
    element = model.get(edge)
    return {end for name in ("source_ref", "target_ref") if (end := getattr(element, name, None))}


def _meet(a: list[Point], b: list[Point], *, related: bool) -> tuple[int, int]:
    """How often two lines cross; whether they run along each other, which lines with an end in common may."""
    crossings, along = 0, 0.0
    for p, q in pairwise(a):
        for r, s in pairwise(b):
            along += _together(p, q, r, s)
            crossings += _cross(p, q, r, s)
    return crossings, int(not related and along > 4 * TOUCH)


def _cross(p: Point, q: Point, r: Point, s: Point) -> bool:
    """Whether the insides of two stretches meet in one point, away from their ends."""
    d = (q[0] - p[0]) * (s[1] - r[1]) - (q[1] - p[1]) * (s[0] - r[0])
    if abs(d) < 1e-9:
        return False
    t = ((r[0] - p[0]) * (s[1] - r[1]) - (r[1] - p[1]) * (s[0] - r[0])) / d
    u = ((r[0] - p[0]) * (q[1] - p[1]) - (r[1] - p[1]) * (q[0] - p[0])) / d
    near_1 = TOUCH / max(_distance(p, q), TOUCH)
    near_2 = TOUCH / max(_distance(r, s), TOUCH)
    return near_1 < t < 1 - near_1 and near_2 < u < 1 - near_2


def _together(p: Point, q: Point, r: Point, s: Point) -> float:
    """How far two upright or level stretches run on each other."""
    for level in (0, 1):
        line = {round(point[1 - level], 1) for point in (p, q, r, s)}
        if max(line) - min(line) < TOUCH:
            low = max(min(p[level], q[level]), min(r[level], s[level]))
            high = min(max(p[level], q[level]), max(r[level], s[level]))
            return max(0.0, high - low)
    return 0.0


def _goes_through(model: Model, edge: str, line: list[Point], nodes: dict[str, Bounds]) -> int:
    own = _ends(model, edge)
    around = {part for end in own for part in _around(model, end)}
    hosts = {event.attached_to_ref for end in own if isinstance(event := model.get(end), Event)}
    ends = {line[0], line[-1]}
    found = 0
    for node, b in nodes.items():
        if node in own | around | hosts or any(_at(b, end) for end in ends):
            continue
        inner = Bounds(x=b.x + TOUCH, y=b.y + TOUCH, width=b.width - 2 * TOUCH, height=b.height - 2 * TOUCH)
        found += any(_hits(inner, p, q) for p, q in pairwise(line))
    return found


def _at(b: Bounds, point: Point) -> bool:
    """Whether a line ends here: an association may end at a line or a node that the model does not name."""
    return b.x - TOUCH <= point[0] <= b.right + TOUCH and b.y - TOUCH <= point[1] <= b.bottom + TOUCH


def _around(model: Model, node: str) -> Iterator[str]:
    """The sub-processes that a node stands in."""
    element = model.get(node)
    while (container := getattr(element, "container", "")) and isinstance(found := model.get(container), SubProcess):
        yield container
        element = found


def _hits(b: Bounds, p: Point, q: Point) -> bool:
    """Whether a stretch has a part inside a box (Liang and Barsky 1984)."""
    low, high = 0.0, 1.0
    for start, delta, first, last in (
        (p[0], q[0] - p[0], b.x, b.right),
        (p[1], q[1] - p[1], b.y, b.bottom),
    ):
        if abs(delta) < 1e-9:
            if not first < start < last:
                return False
            continue
        one, two = sorted(((first - start) / delta, (last - start) / delta))
        low, high = max(low, one), min(high, two)
    return low < high


def _overlap(model: Model, one: str, two: str, nodes: dict[str, Bounds]) -> bool:
    a, b = nodes[one], nodes[two]
    if min(a.right, b.right) - max(a.x, b.x) <= TOUCH or min(a.bottom, b.bottom) - max(a.y, b.y) <= TOUCH:
        return False
    for inner, outer in ((one, two), (two, one)):
        element = model.get(inner)
        if outer in _around(model, inner) or _in(model, inner, outer):
            return False
        if isinstance(element, Event) and element.kind is EventKind.BOUNDARY:
            host = element.attached_to_ref or ""
            if outer == host or host in _around(model, outer) or outer in _around(model, host):
                return False
    return True


def _in(model: Model, inner: str, outer: str) -> bool:
    """Data and notes may stand in a sub-process, wherever the file has them."""
    return isinstance(model.get(outer), SubProcess) and not hasattr(model.get(inner), "incoming")


def _label_troubles(
    diagram: Diagram, nodes: dict[str, Bounds], lines: dict[str, list[Point]]
) -> Iterator[tuple[str, str]]:
    parts: dict[str, Shape | Edge] = {**diagram.shapes, **diagram.edges}
    labels = {key: part.label for key, part in parts.items() if part.label is not None}
    boxes = {key: _shrunk(label) for key, label in labels.items() if label.width > 0 and label.height > 0}
    for key, box in boxes.items():
        for node, bounds in nodes.items():
            inside = (
                bounds.x <= box.x and box.right <= bounds.right and bounds.y <= box.y and box.bottom <= bounds.bottom
            )
            if box.overlaps(_shrunk(bounds)) and not inside:
                yield key, node
        for line, points in lines.items():
            if line != key and any(_hits(box, p, q) for p, q in pairwise(points)):
                yield key, line
    for one, two in combinations(sorted(boxes), 2):
        if boxes[one].overlaps(boxes[two]):
            yield one, two


def _shrunk(b: Bounds) -> Bounds:
    return Bounds(x=b.x + TOUCH, y=b.y + TOUCH, width=max(b.width - 2 * TOUCH, 0), height=max(b.height - 2 * TOUCH, 0))


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _area(diagram: Diagram) -> float:
    boxes = [shape.bounds for shape in diagram.shapes.values()]
    if not boxes:
        return 0.0
    wide = max(b.right for b in boxes) - min(b.x for b in boxes)
    return wide * (max(b.bottom for b in boxes) - min(b.y for b in boxes))
