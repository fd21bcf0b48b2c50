"""Ways of flows on the lattice between the cells.

Lattice points are (x, y) with x = 2c for the gap left of column c and 2c + 1 for its middle, y = 2r for the channel
above row r and 2r + 1 for its middle. A flow takes the cheapest way from a side of its source to a side of its target:
steps, bends, crossings and company cost; cells that are filled, and the insides of sub-processes that hold neither end,
are closed. A*, ties broken by the order of pushing: the same model, the same ways.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from bpmn_tool.layout.grid import Frame, Grid

Point = tuple[int, int]
Step = tuple[int, int]
EAST: Final = (1, 0)
WEST: Final = (-1, 0)
NORTH: Final = (0, -1)
SOUTH: Final = (0, 1)

_SIDEWAYS, _UPRIGHT, _BEND, _CROSSING, _COMPANY, _IN_CELL = 8.0, 6.0, 12.0, 20.0, 3.0, 1.0
_NOBODY: Final[frozenset[str]] = frozenset()
_THROUGH_BOX, _THROUGH_EVENT, _MESSAGE_IN_POOL = 40.0, 400.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A side of an element where a flow may leave (`step` points away) or arrive (`step` points inwards)."""

    element: str
    point: Point
    step: Step
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`points` from door to door, both included."""

    id: str
    start: Door
    end: Door
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A flow to be routed. `limits` are the lattice rectangle (left, top, right, bottom) that it must not leave."""

    id: str
    starts: tuple[Door, ...]
    ends: tuple[Door, ...]
    limits: tuple[int, int, int, int]
    open_frames: frozenset[str] = frozenset()
    is_message: bool = False
    #: flows with an end in common: they may run together up to where they part
    kin: frozenset[str] = frozenset()


@dataclass(slots=True)
class Lattice:
    """What is in the way, and what earlier flows use."""

    grid: Grid
    filled: set[Point] = field(default_factory=set)
    boxes: set[int] = field(default_factory=set)  # y of the middle of black boxes
    borders: set[int] = field(default_factory=set)  # y of channels between pools
    across: dict[Point, frozenset[str]] = field(default_factory=dict)  # routes that pass sideways
    upright: dict[Point, frozenset[str]] = field(default_factory=dict)
    shunned: set[Point] = field(default_factory=set)  # where boundary events sit

    def route(self, wish: Wish) -> Route:
        """Find the way and remember it."""
        closed = {id_: frame for id_, frame in self.grid.frames.items() if id_ not in wish.open_frames}
        found = self._search(wish, list(closed.values())) or self._search(wish, [])
        if found is None:  # cannot happen while gaps and channels are free; kept visible, not hidden
            raise AssertionError(f"no way for {wish.id}")
        self._remember(found)
        return found

    def _search(self, wish: Wish, closed: list[Frame]) -> Route | None:
        ends = {(door.point, door.step): door for door in wish.ends}
        left, right = min(door.point[0] for door in wish.ends), max(door.point[0] for door in wish.ends)
        top, bottom = min(door.point[1] for door in wish.ends), max(door.point[1] for door in wish.ends)
        queue: list[tuple[float, int, float, Point, Step]] = []
        origins: list[tuple[int, Point, Door | None]] = []  # parent entry, point, the door at the start
        best: dict[tuple[Point, Step], float] = {}

        def push(cost: float, parent: int, point: Point, step: Step, door: Door | None) -> None:
            if cost < best.get((point, step), float("inf")):
                best[point, step] = cost
                origins.append((parent, point, door))
                # at least so much is still to come (A*; Hart, Nilsson and Raphael 1968)
                ahead = _SIDEWAYS * max(0, left - point[0], point[0] - right)
                ahead += _UPRIGHT * max(0, top - point[1], point[1] - bottom)
                heapq.heappush(queue, (cost + ahead, len(origins) - 1, cost, point, step))

        for door in wish.starts:
            if not _inside_any(door.point, closed):
                push(door.cost, -1, door.point, door.step, door)
        finish: tuple[float, int, Door] | None = None
        while queue:
            bound, entry, cost, point, step = heapq.heappop(queue)
            if finish is not None and bound >= finish[0]:
                break
            if cost > best[point, step]:
                continue
            for turn in (step, (step[1], step[0]), (-step[1], -step[0])):
                goal = ends.get((point, turn))
                if goal is not None:
                    total = cost + goal.cost + (_BEND if turn != step else 0.0)
                    if finish is None or total < finish[0]:
                        finish = (total, entry, goal)
            for towards, price in self._moves(point, step, wish, closed):
                after = (point[0] + towards[0], point[1] + towards[1])
                push(cost + price, entry, after, towards, None)
        return None if finish is None else _read_back(wish.id, origins, finish[1], finish[2])

    def _moves(self, point: Point, step: Step, wish: Wish, closed: list[Frame]) -> Iterator[tuple[Step, float]]:
        for towards in (step, (step[1], step[0]), (-step[1], -step[0])):
            after = (point[0] + towards[0], point[1] + towards[1])
            left, top, right, bottom = wish.limits
            if not (left <= after[0] <= right and top <= after[1] <= bottom) or after in self.filled:
                continue
            if _inside_any(after, closed):
                continue
            price = self._price(point, after, towards, wish)
            if price is not None:
                yield towards, price + (_BEND if towards != step else 0.0) + self._corner(point, step, towards, wish)

    def _price(self, point: Point, after: Point, step: Step, wish: Wish) -> float | None:
        sideways = step[0] != 0
        cell = after[0] % 2 == 1 and after[1] % 2 == 1
        if sideways and after[1] % 2 == 1 and (after[1] in self.boxes or (wish.is_message and cell)):
            return None
        own, other = (self.across, self.upright) if sideways else (self.upright, self.across)
        along, athwart = own.get(after, _NOBODY), other.get(after, _NOBODY)
        here = along - wish.kin
        crossed = (athwart - wish.kin) | ((athwart & wish.kin) - along)  # kin may part here
        if cell and sideways and here:
            return None  # one line through the middle of a row
        price = _SIDEWAYS if sideways else _UPRIGHT
        price += _CROSSING * len(crossed) + (_IN_CELL if cell else 0.0)
        price += _COMPANY * len(here & own.get(point, _NOBODY))
        if not sideways and after[1] in self.boxes:
            price += _THROUGH_BOX
        if not sideways and (after in self.shunned or point in self.shunned):
            price += _THROUGH_EVENT
        if wish.is_message and sideways and after[1] not in self.borders:
            price += _MESSAGE_IN_POOL
        return price

    def _corner(self, point: Point, step: Step, towards: Step, wish: Wish) -> float:
        """Two flows that bend at one point beside a cell are hard to tell apart."""
        if step == towards or point[0] % 2 == point[1] % 2:
            return 0.0
        there = self.across.get(point, _NOBODY) | self.upright.get(point, _NOBODY)
        return 4.0 * len(there - wish.kin)

    def meets(self, route: Route, kin: frozenset[str]) -> bool:
        """Whether it crosses or touches a flow that is no kin."""
        others = kin | {route.id}
        return any(
            not (self.across.get(point, _NOBODY) | self.upright.get(point, _NOBODY)) <= others for point in route.points
        )

    def forget(self, route: Route) -> None:
        """Take a way back, so that another one can be found with all others known."""
        for point in route.points:
            for used in (self.across, self.upright):
                if route.id in used.get(point, _NOBODY):
                    used[point] -= {route.id}

    def _remember(self, route: Route) -> None:
        points = route.points
        steps = [route.start.step]
        steps += [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
        steps.append(route.end.step)
        for point, arrived, leaves in zip(points, steps, steps[1:], strict=False):
            for step in (arrived, leaves):
                used = self.across if step[0] else self.upright
                used[point] = used.get(point, _NOBODY) | {route.id}


def _inside_any(point: Point, closed: Iterable[Frame]) -> bool:
    return any(2 * f.first < point[0] < 2 * f.last + 2 and 2 * f.top < point[1] < 2 * f.bottom + 2 for f in closed)


def _read_back(id_: str, origins: list[tuple[int, Point, Door | None]], entry: int, end: Door) -> Route:
    points: list[Point] = []
    start: Door | None = None
    while entry >= 0:
        entry, point, start = origins[entry]
        points.append(point)
    assert start is not None
    return Route(id=id_, start=start, end=end, points=tuple(reversed(points)))


def sides(rect: tuple[int, int, int, int], port: int) -> Mapping[Step, tuple[Point, ...]]:
    """Lattice points around a rectangle of cells (top, left, bottom, right), by the direction that leads away."""
    top, left, bottom, right = rect
    columns = range(left, right + 1)
    return {
        EAST: ((2 * right + 2, 2 * port + 1),),
        WEST: ((2 * left, 2 * port + 1),),
        NORTH: tuple((2 * c + 1, 2 * top) for c in columns),
        SOUTH: tuple((2 * c + 1, 2 * bottom + 2) for c in columns),
    }
