"""A plain way between two shapes among others: straight, with one corner or two, or around."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bpmn_tool.model.diagram import Bounds

Point = tuple[float, float]
Way = tuple[Point, ...]

_AROUND: Final = (20.0, 35.0, 50.0, 65.0)
"""Pixels beside what a line goes around."""
_THROUGH, _CROSSING, _ALONG, _BEND = 200.0, 20.0, 60.0, 12.0


class Ways:
    """Knows the shapes and lines that are there, and remembers each way that it finds."""

    def __init__(self, boxes: Mapping[str, Bounds], lines: Sequence[Way]) -> None:
        self.boxes = dict(boxes)
        self.lines = list(lines)

    def find(self, source: Bounds, target: Bounds, own: set[str], *, upright: bool = False, below: bool = False) -> Way:
        """The cheapest way; `upright` prefers the upper and lower sides, `below` leaves at the lower one only."""
        foreign = [box for element, box in self.boxes.items() if element not in own]
        ways = list(_below(source, target) if below else (*_sideways(source, target), *_upright(source, target)))

        def cost(way: Way) -> tuple[float, int]:
            length = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(way))
            found = length / 10 + _BEND * (len(way) - 2)
            found += _THROUGH * sum(_passes(way, box) for box in foreign)
            found += sum(_met(way, line) for line in self.lines)
            return (found + (25.0 if upright and way[0][1] == way[1][1] else 0.0), ways.index(way))

        best = min(ways, key=cost)
        self.lines.append(best)
        return best


def _sideways(s: Bounds, t: Bounds) -> Iterator[Way]:
    (sx, sy), (tx, ty) = s.centre, t.centre
    if t.x >= s.right:
        if abs(sy - ty) < 1:
            yield ((s.right, sy), (t.x, ty))
        else:
            for share in (0.5, 0.25, 0.75):
                x = round(s.right + (t.x - s.right) * share)
                yield ((s.right, sy), (x, sy), (x, ty), (t.x, ty))
    if tx > s.right and (ty > s.bottom or ty < s.y):
        yield ((s.right, sy), (tx, sy), (tx, t.y if ty > sy else t.bottom))
    if t.x > sx:
        yield ((sx, s.bottom if ty > sy else s.y), (sx, ty), (t.x, ty))


def _upright(s: Bounds, t: Bounds) -> Iterator[Way]:
    (sx, sy), (tx, ty) = s.centre, t.centre
    for lower, upper in ((t.y, s.bottom), (t.bottom, s.y)):
        if (ty > sy) == (upper == s.bottom) and (lower >= upper if ty > sy else lower <= upper):
            if abs(sx - tx) < 1:
                yield ((sx, upper), (tx, lower))
            else:
                y = round((lower + upper) / 2)
                yield ((sx, upper), (sx, y), (tx, y), (tx, lower))
    for by in _AROUND:
        over, under = min(s.y, t.y) - by, max(s.bottom, t.bottom) + by
        yield ((sx, s.y), (sx, over), (tx, over), (tx, t.y))
        yield ((sx, s.bottom), (sx, under), (tx, under), (tx, t.bottom))


def _below(s: Bounds, t: Bounds) -> Iterator[Way]:
    """As flows leave boundary events."""
    (sx, _sy), (tx, ty) = s.centre, t.centre
    if ty > s.bottom + 5 and t.x > sx:
        yield ((sx, s.bottom), (sx, ty), (t.x, ty))
    if t.y > s.bottom + 10:
        y = round((s.bottom + t.y) / 2)
        yield ((sx, s.bottom), (sx, y), (tx, y), (tx, t.y))
    for by in _AROUND:
        under = max(s.bottom, t.bottom) + by
        yield ((sx, s.bottom), (sx, under), (tx, under), (tx, t.bottom))


def _passes(way: Way, box: Bounds) -> bool:
    return any(
        min(a[0], b[0]) < box.right - 1
        and max(a[0], b[0]) > box.x + 1
        and min(a[1], b[1]) < box.bottom - 1
        and max(a[1], b[1]) > box.y + 1
        for a, b in pairwise(way)
    )


def _met(way: Way, line: Way) -> float:
    """What crossing a line, or running on it, costs."""
    found = 0.0
    for (ax, ay), (bx, by) in pairwise(way):
        for (cx, cy), (dx, dy) in pairwise(line):
            left, right = max(min(ax, bx), min(cx, dx)), min(max(ax, bx), max(cx, dx))
            top, bottom = max(min(ay, by), min(cy, dy)), min(max(ay, by), max(cy, dy))
            if left > right or top > bottom:
                continue
            along = max(right - left, bottom - top)
            parallel = (ax == bx) == (cx == dx) and (ay == by) == (cy == dy)
            found += _ALONG if parallel and along > 3 else _CROSSING if not parallel else 0.0
    return found
