"""From ways on the lattice to straight segments, each on a track of its own where it would lie on another's.

In a gap or channel the tracks are ordered so that no stub runs back over its neighbour, and nested ways do not cross.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bpmn_tool.layout.routes import Route

Zone = tuple[int, int]
"""Order within a gap or channel: (0, -depth) inside a frame that ends there, (1, 0) above or before a border between
lanes or pools, (2, 0) between two pools, (3, 0) below that border, (4, depth) inside a frame that begins there."""

PLAIN: Final[Zone] = (1, 0)


@dataclass(slots=True, kw_only=True)
class Segment:
    """`line` is its lattice coordinate across, `low` to `high` its extent along.

    `track` counts within its zone, `offset` is in pixels.
    """

    route: Route
    is_across: bool  # horizontal
    line: int
    start: int
    end: int
    zone: Zone = PLAIN
    track: int = 0
    offset: float = 0.0
    before: "Segment | None" = None
    after: "Segment | None" = None

    @property
    def low(self) -> int:
        return min(self.start, self.end)

    @property
    def high(self) -> int:
        return max(self.start, self.end)

    @property
    def in_gap(self) -> bool:
        return self.line % 2 == 0

    def stubs(self) -> list[tuple[int, int]]:
        """(place along it, side) of what joins it: side -1 where that lies before its line, 1 behind."""
        found = []
        for at, other in ((self.start, self.before), (self.end, self.after)):
            if other is not None:
                found.append((at, -1 if other.low < self.line else 1))
        return found


def segments(route: Route) -> list[Segment]:
    """The straight parts, from the middle of the source to the middle of the target."""
    points = [
        (route.points[0][0] - route.start.step[0], route.points[0][1] - route.start.step[1]),
        *route.points,
        (route.points[-1][0] + route.end.step[0], route.points[-1][1] + route.end.step[1]),
    ]
    found: list[Segment] = []
    for a, b in pairwise(points):
        across = a[1] == b[1]
        if found and found[-1].is_across == across:
            found[-1].end = b[0] if across else b[1]
        elif across:
            found.append(Segment(route=route, is_across=True, line=a[1], start=a[0], end=b[0]))
        else:
            found.append(Segment(route=route, is_across=False, line=a[0], start=a[1], end=b[1]))
    for one, two in pairwise(found):
        one.after, two.before = two, one
    return found


def share(one: Segment, two: Segment) -> bool:
    """Ways out of one door, or into one, may lie on each other."""
    a, b = one.route, two.route
    same_start = (a.start.element, a.start.step) == (b.start.element, b.start.step)
    same_end = (a.end.element, a.end.step) == (b.end.element, b.end.step)
    return same_start or same_end


def conflict(one: Segment, two: Segment) -> bool:
    return one.low <= two.high and two.low <= one.high and not share(one, two)


def assign(all_segments: Iterable[Segment]) -> None:
    """Give every segment in a gap or channel its track."""
    groups: dict[tuple[bool, int, Zone], list[Segment]] = {}
    for segment in all_segments:
        if segment.in_gap:
            groups.setdefault((segment.is_across, segment.line, segment.zone), []).append(segment)
    for group in groups.values():
        _assign(group)


def _assign(group: Sequence[Segment]) -> None:
    placed: list[Segment] = []
    waiting = sorted(group, key=_preference)
    while waiting:
        free = [s for s in waiting if not any(_must_precede(other, s) for other in waiting if other is not s)]
        segment = (free or waiting)[0]  # a ring of such demands is cut at the most preferred
        waiting.remove(segment)
        behind = [other.track + 1 for other in placed if conflict(other, segment) or _must_precede(other, segment)]
        segment.track = max(behind, default=0)
        placed.append(segment)


def _must_precede(one: Segment, two: Segment) -> bool:
    """Where both are joined at one place from opposite sides, the one joined from before comes first."""
    if share(one, two):
        return False
    mine = {at for at, side in one.stubs() if side < 0}
    return any(side > 0 and at in mine for at, side in two.stubs())


def _preference(segment: Segment) -> tuple[int, int, str]:
    """Ways between the same sides nest instead of crossing."""
    stubs = segment.stubs()
    pull = sum(side for _at, side in stubs)
    length = segment.high - segment.low
    if pull < 0:
        inner = length
    elif pull > 0:
        inner = -length
    else:
        first = next((at for at, side in stubs if side < 0), segment.low)
        inner = -segment.low if first == segment.low else segment.high
    return (pull, inner, segment.route.id)


def spread(
    group: Sequence[Segment],
    room: Callable[[Segment], float],
    fixed: Callable[[Segment], float | None],
    events: Sequence[tuple[int, float]],
) -> None:
    """Offsets from the middle of a column for the segments that run there.

    `room` is how far each may go; those with a `fixed` place stay there; `events` are the boundary events of the
    column, (place along it, offset), which are 36 pixels wide.
    """
    placed: list[Segment] = []
    for segment in sorted(group, key=lambda s: (fixed(s) is None, room(s), s.high - s.low, s.low, s.route.id)):
        given = fixed(segment)
        if given is not None:
            segment.offset = given
        else:
            near = [other for other in placed if conflict(other, segment)]
            choices = [0.0, *(sign * step for step in (14.0, 28.0, 42.0, 6.0) for sign in (1, -1))]
            choices = [c for c in choices if abs(c) <= room(segment)] or [0.0]
            met = [offset for at, offset in events if segment.low <= at <= segment.high]
            segment.offset = _farthest(choices, [other.offset for other in near], met)
        placed.append(segment)


def _farthest(choices: Sequence[float], lines: Sequence[float], events: Sequence[float]) -> float:
    """The first choice that meets no event and keeps twelve pixels from all lines, else the one that keeps most."""
    return max(choices, key=lambda c: (all(abs(c - e) > 18 for e in events), min([12.0, *(abs(c - o) for o in lines)])))
