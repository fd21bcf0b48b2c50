"""Names of flows.

Beside their line, near its beginning, on no shape and no other name, across as few lines as can be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from bpmn_tool.layout import measure
from bpmn_tool.model.diagram import Bounds, Edge, Shape
from bpmn_tool.model.elements import Model

Line = tuple[float, float, float, float]


def place_flow_labels(
    model: Model, shapes: Mapping[str, Shape], edges: Mapping[str, Edge], frames: set[str]
) -> dict[str, Edge]:
    """The edges, those of named flows with a label."""
    solid = [s.bounds for name, s in shapes.items() if _is_solid(model, name, frames)]
    solid += [s.label for s in shapes.values() if s.label is not None]
    solid += [_title(model.flow_nodes[name].name, shapes[name].bounds) for name in frames]
    outlines = [s.bounds for name, s in shapes.items() if not _is_solid(model, name, frames)]
    lines = {name: list(_lines(edge)) for name, edge in edges.items()}
    lines[""] = [line for bounds in outlines for line in _outline(bounds)]
    found: dict[str, Edge] = {}
    for name, edge in edges.items():
        flow = model.sequence_flows.get(name) or model.message_flows.get(name)
        width, height = measure.label_size(flow.name) if flow else (0, 0)
        if not width:
            found[name] = edge
            continue
        near = _near(edge, width + 20, height + 20)
        taken = [box for box in solid if box.overlaps(near)]
        others = [line for other, some in lines.items() for line in some if other != name and _meets(line, near)]
        own = lines[name]
        shared = _shared(name, edges)
        label = min(
            _places(edge, width, height), key=lambda p: _cost(p[0], p[1], taken, others, own) + 20 * (p[0] < shared)
        )[1]
        solid.append(label)
        found[name] = replace(edge, label=label)
    return found


def _is_solid(model: Model, element: str, frames: set[str]) -> bool:
    """Filled, so that a name must not lie on it.

    Everything but pools with a process, lanes and expanded sub-processes.
    """
    if element in model.participants:
        return model.participants[element].process_ref is None
    return element not in model.lanes and element not in frames


def _title(name: str, bounds: Bounds) -> Bounds:
    """Where an expanded sub-process bears its name: in the middle, under its upper border."""
    width = len(name) * measure.CHARACTER * 1.1
    return _box(bounds.centre[0] - width / 2, bounds.y + 4, width, 18)


def _shared(name: str, edges: Mapping[str, Edge]) -> float:
    """How far the flow runs together with another one from the same point; there a name could mean either."""
    mine, longest = edges[name].waypoints, 0.0
    for other, edge in edges.items():
        if other == name or edge.waypoints[0] != mine[0]:
            continue
        together = 0.0
        for a, b, c in zip(mine, mine[1:], edge.waypoints[1:], strict=False):
            if (b[0] - a[0]) * (c[1] - a[1]) != (b[1] - a[1]) * (c[0] - a[0]):
                break  # they part at a corner
            together += min(abs(b[0] - a[0]) + abs(b[1] - a[1]), abs(c[0] - a[0]) + abs(c[1] - a[1]))
            if b != c:
                break
        longest = max(longest, together)
    return longest


def _places(edge: Edge, width: float, height: float) -> Iterator[tuple[float, Bounds]]:
    """(how far along in pixels, where) beside each straight part."""
    far = 0.0
    for x1, y1, x2, y2 in _lines(edge):
        length = abs(x2 - x1) + abs(y2 - y1)
        if y1 == y2:
            for along in _slide(length, width):
                left = x1 + along if x2 > x1 else x1 - along - width
                yield far + along, _box(left, y1 - height - 3, width, height)
                yield far + along + 2, _box(left, y1 + 4, width, height)
        else:
            for along in _slide(length, height):
                top = y1 + along if y2 > y1 else y1 - along - height
                yield far + along, _box(x1 + 5, top, width, height)
                yield far + along + 1, _box(x1 - width - 5, top, width, height)
        far += length


def _slide(length: float, size: float) -> list[float]:
    """Distances from the beginning of a part; a part that is too short is overlapped in its middle."""
    if length < size + 22:  # free of the mark of a default flow at its beginning and of the arrow at its end
        return [(length - size) / 2]
    count = min(12, int((length - size - 20) // 16))
    return [14 + (length - size - 20) * i / max(1, count) for i in range(count + 1)]


def _cost(far: float, box: Bounds, solid: list[Bounds], others: list[Line], own: list[Line]) -> float:
    cost = far / 40
    cost += 1000 * sum(box.overlaps(other) for other in solid)
    cost += 12 * sum(_meets(line, box) for line in others)
    cost += 25 * sum(_meets(line, box) for line in own)
    return cost


def _lines(edge: Edge) -> Iterator[Line]:
    for (x1, y1), (x2, y2) in pairwise(edge.waypoints):
        yield x1, y1, x2, y2


def _outline(b: Bounds) -> Iterator[Line]:
    yield b.x, b.y, b.right, b.y
    yield b.x, b.bottom, b.right, b.bottom
    yield b.x, b.y, b.x, b.bottom
    yield b.right, b.y, b.right, b.bottom


def _meets(line: Line, box: Bounds) -> bool:
    """Whether an upright or level line runs through a box."""
    x1, y1, x2, y2 = line
    return min(x1, x2) < box.right and max(x1, x2) > box.x and min(y1, y2) < box.bottom and max(y1, y2) > box.y


def _near(edge: Edge, width: float, height: float) -> Bounds:
    xs, ys = [x for x, _ in edge.waypoints], [y for _, y in edge.waypoints]
    left, top = min(xs) - width, min(ys) - height
    return Bounds(x=left, y=top, width=max(xs) + width - left, height=max(ys) + height - top)


def _box(x: float, y: float, width: float, height: float) -> Bounds:
    return Bounds(x=round(x), y=round(y), width=width, height=height)
