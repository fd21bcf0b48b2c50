"""One BPMNEdge with its pen: sequence and message flows, associations; and the words along them."""

import math
from itertools import pairwise
from typing import Final

from bpmn_tool.model.diagram import Edge
from bpmn_tool.model.elements import ActivityBase, Artifact, Element, Gateway, MessageFlow, Model, SequenceFlow
from bpmn_tool.reports import symbols
from bpmn_tool.reports.palette import BLACK, GREY, LIGHT, WHITE
from bpmn_tool.reports.pen import Ink, Point
from bpmn_tool.reports.shapes import Scene, beside

_CORNER = 6.0
_CONDITION_LENGTH = 60

_DATA_ASSOCIATIONS: Final = {"dataInputAssociation", "dataOutputAssociation"}


def draw(scene: Scene, edge: Edge, element: Element | None) -> None:
    """Draw a line with its ends."""
    points = _without_repeats(edge.waypoints)
    if len(points) < 2:
        points = [edge.waypoints[0], edge.waypoints[-1]]
    match element:
        case MessageFlow():
            stroke, thick = _of(scene, edge, GREY)
            scene.pen.line(_bent(points), Ink(stroke=stroke, thickness=1.3 + thick, dashes=(7, 4)))
            _head(scene, points, 10.0, 5.0, Ink(stroke=stroke, fill=WHITE, thickness=1.2))
            scene.pen.circle(*points[0], 3.6, Ink(stroke=stroke, fill=WHITE, thickness=1.2))
            if (kind := edge.attributes.get("messageVisibleKind")) is not None:  # BPMN 2.0.2, 12.2.3.4
                symbols.envelope(scene.pen, *_middle(points), 11.0, stroke, None if kind == "initiating" else LIGHT)
        case Artifact():
            scene.pen.line(points, Ink(stroke=GREY, thickness=1.2, dashes=(1.5, 3.5)))
            if element.direction in {"One", "Both"} or element.kind in _DATA_ASSOCIATIONS:
                _chevron(scene, points)
            if element.direction == "Both":
                _chevron(scene, points[::-1])
        case SequenceFlow():
            _sequence(scene, edge, points, element)
        case _:
            scene.pen.line(points, Ink(stroke=GREY, thickness=1.2))


def _of(scene: Scene, edge: Edge, default: str) -> tuple[str, float]:
    """The colour of a line, and how much thicker it is for what is laid over it: colour does not say it alone."""
    tint = scene.marks.tints.get(edge.element)
    return (tint.stroke, 1.0) if tint is not None else (scene.line(edge.attributes, default), 0.0)


def _sequence(scene: Scene, edge: Edge, points: list[Point], flow: SequenceFlow) -> None:
    tint = scene.marks.tints.get(flow.id)
    colour, thick = _of(scene, edge, BLACK)
    line = Ink(stroke=colour, thickness=1.4 + thick, dashes=tint.dashes if tint is not None else None)
    scene.pen.line(_bent(_shortened(points, 6.0)), line)
    _head(scene, points, 9.0, 4.2, Ink(stroke=colour, fill=colour, thickness=1.0))
    source = scene.model.flow_nodes.get(flow.source_ref)
    if isinstance(source, ActivityBase | Gateway) and source.default == flow.id:
        x, y, dx, dy = _along(points, 11.0)
        slant = 5.0
        scene.pen.line(
            [
                (x + slant * (dy - dx * 0.5), y - slant * (dx + dy * 0.5)),
                (x - slant * (dy - dx * 0.5), y + slant * (dx + dy * 0.5)),
            ],
            Ink(thickness=1.4),
        )
    elif flow.condition is not None and isinstance(source, ActivityBase):
        x, y, dx, dy = _along(points, 0.0)
        long, wide = 8.0, 4.5
        scene.pen.polygon(
            [
                (x, y),
                (x + dx * long - dy * wide, y + dy * long + dx * wide),
                (x + 2 * dx * long, y + 2 * dy * long),
                (x + dx * long + dy * wide, y + dy * long - dx * wide),
            ],
            Ink(fill=WHITE, thickness=1.2),
        )


def label(scene: Scene, edge: Edge, element: Element | None) -> bool:
    """The name of a flow, or its condition where it has no name; False where there is nothing to write."""
    said = words_of(element, scene.model)
    if not said:
        return False
    fitted = beside(said, edge.label)
    if edge.label is not None and (edge.label.width > 0 or edge.label.height > 0):
        x, y = edge.label.centre[0], edge.label.y + fitted.height / 2
    else:
        x, y = _middle(list(edge.waypoints))
        y -= fitted.height / 2 + 2
    scene.pen.block(x, y, fitted, colour=BLACK if element is not None and element.name else GREY, halo=True)
    return True


def words_of(element: Element | None, model: Model) -> str:
    """What stands beside a flow: its name, that of its message, or its condition."""
    if element is None:
        return ""
    if element.name.strip():
        return element.name
    if isinstance(element, MessageFlow) and (message := model.get(element.message_ref or "")) is not None:
        return message.name
    if isinstance(element, SequenceFlow) and element.condition:
        said = element.condition.strip().removeprefix("=").removeprefix("${").removesuffix("}").strip()
        return said if len(said) <= _CONDITION_LENGTH else said[: _CONDITION_LENGTH - 1] + "…"
    return ""


def _without_repeats(points: tuple[Point, ...]) -> list[Point]:
    kept = [points[0]]
    kept += [b for a, b in pairwise(points) if math.dist(a, b) > 0.01]
    return kept


def _along(points: list[Point], distance: float) -> tuple[float, float, float, float]:
    """A point at a distance along the first stretch, and its direction."""
    (x1, y1), (x2, y2) = points[0], points[1]
    length = math.dist(points[0], points[1]) or 1.0
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    distance = min(distance, length / 2)
    return (x1 + dx * distance, y1 + dy * distance, dx, dy)


def _shortened(points: list[Point], by: float) -> list[Point]:
    """The line without its last bit, so that it does not show beyond the point of the arrow."""
    (x1, y1), (x2, y2) = points[-2], points[-1]
    length = math.dist(points[-2], points[-1]) or 1.0
    keep = max(length - by, length * 0.1) / length
    return [*points[:-1], (x1 + (x2 - x1) * keep, y1 + (y2 - y1) * keep)]


def _bent(points: list[Point]) -> list[Point]:
    """Corners cut a little, so that lines that cross are told from lines that turn."""
    if len(points) < 3:
        return points
    result = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(_CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        entry, leave = _towards(corner, before, room), _towards(corner, after, room)
        for k in range(5):
            t = k / 4
            result.append(
                (
                    (1 - t) ** 2 * entry[0] + 2 * t * (1 - t) * corner[0] + t**2 * leave[0],
                    (1 - t) ** 2 * entry[1] + 2 * t * (1 - t) * corner[1] + t**2 * leave[1],
                )
            )
    return [*result, points[-1]]


def _towards(start: Point, goal: Point, distance: float) -> Point:
    length = math.dist(start, goal) or 1.0
    return (start[0] + (goal[0] - start[0]) * distance / length, start[1] + (goal[1] - start[1]) * distance / length)


def _barbs(points: list[Point], length: float, half: float) -> tuple[Point, Point, Point]:
    (x1, y1), (x2, y2) = points[-2], points[-1]
    size = math.dist(points[-2], points[-1]) or 1.0
    dx, dy = (x2 - x1) / size, (y2 - y1) / size
    back = (x2 - dx * length, y2 - dy * length)
    return (back[0] - dy * half, back[1] + dx * half), (x2, y2), (back[0] + dy * half, back[1] - dx * half)


def _head(scene: Scene, points: list[Point], length: float, half: float, ink: Ink) -> None:
    scene.pen.polygon(list(_barbs(points, length, half)), ink)


def _chevron(scene: Scene, points: list[Point]) -> None:
    scene.pen.line(list(_barbs(points, 7.0, 4.5)), Ink(stroke=GREY, thickness=1.2))


def _middle(points: list[Point]) -> Point:
    """Half way along the line."""
    lengths = [math.dist(a, b) for a, b in pairwise(points)]
    left = sum(lengths) / 2
    for a, b, length in zip(points, points[1:], lengths, strict=False):
        if left <= length and length > 0:
            return (a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length)
        left -= length
    return points[0]
