"""Which flows there are to route, and at which sides of their ends.

Sequence flows to the right, messages up and down, notes as they lie.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bpmn_tool.layout.grid import Band, Grid
from bpmn_tool.layout.routes import EAST, NORTH, SOUTH, WEST, Door, Lattice, Point, Route, Step, Wish, sides
from bpmn_tool.model.elements import Gateway, Model

_AWAY: Final = {EAST: WEST, WEST: EAST, NORTH: SOUTH, SOUTH: NORTH}

LEAVE: Final = {EAST: 0.0, SOUTH: 9.0, NORTH: 10.0}
LEAVE_GATEWAY: Final = {EAST: 0.0, SOUTH: 1.0, NORTH: 1.5}
ARRIVE: Final = {WEST: 0.0, NORTH: 6.0, SOUTH: 7.0}
ARRIVE_GATEWAY: Final = {WEST: 0.0, NORTH: 1.5, SOUTH: 1.0}
MESSAGE: Final = {NORTH: 0.0, SOUTH: 0.0}
TIE: Final = {NORTH: 0.0, SOUTH: 0.0, EAST: 8.0, WEST: 8.0}
FAR: Final = 4
"""Data and notes further away than so many columns and rows are not joined by a line: a file that every step reads
would cover the drawing. The association stays in the model."""

AGAIN: Final = 2
"""How often each flow looks for its way once more, with all others known. The weights here and in `routes` are those
that gave the fewest crossings, then bends, over public models (tests/layout/quality.py)."""

TAKEN: Final = 4.0
"""What it costs to share a side of a gateway with another flow out of it, or to arrive where others leave."""


def routes(model: Model, grid: Grid) -> dict[str, Route]:
    """A way for every sequence flow, message flow and association whose ends are placed; short ones first."""
    return _Router(model, grid).run()


class _Router:
    def __init__(self, model: Model, grid: Grid) -> None:
        self.model, self.grid = model, grid
        self.lattice = Lattice(grid)
        self.lattice.filled = {(2 * c + 1, 2 * r + 1) for r, c in grid.cells.values()}
        self.lattice.boxes = {2 * band.top + 1 for band in grid.pools if band.is_box}
        self.lattice.borders = {y for band in grid.pools for y in (2 * band.top, 2 * band.bottom + 2)}
        for event, host in grid.boundary.items():
            if host in grid.frames:
                self.lattice.shunned.add((2 * grid.boundary_columns[event] + 1, 2 * grid.frames[host].bottom + 2))
        self.bands = {band.id: band for band in grid.pools}
        self.by_end: dict[str, frozenset[str]] = {}
        self.leaving: Counter[tuple[str, Step]] = Counter()
        self.arriving: Counter[tuple[str, Step]] = Counter()

    def run(self) -> dict[str, Route]:
        found: dict[str, Route] = {}
        pairs = []
        for kind in (self._sequence, self._messages, self._ties):
            pairs += sorted(kind(), key=lambda pair: self._length(pair[1], pair[2]))
        for id_, *ends in pairs:
            for end in ends:
                self.by_end[end] = self.by_end.get(end, frozenset()) | {id_}
        for _turn in range(1 + AGAIN):
            for id_, source, target in pairs:
                if (before := found.get(id_)) is not None:
                    if not self.lattice.meets(before, self._kin(source, target)):
                        continue
                    self.lattice.forget(before)
                    self.leaving[source, before.start.step] -= 1
                    self.arriving[target, _AWAY[before.end.step]] -= 1
                route = self.lattice.route(self._wish(id_, source, target))
                self.leaving[source, route.start.step] += 1
                self.arriving[target, _AWAY[route.end.step]] += 1
                found[id_] = route
        return found

    def _kin(self, source: str, target: str) -> frozenset[str]:
        return self.by_end[source] | self.by_end[target]

    def _sequence(self) -> Iterator[tuple[str, str, str]]:
        return ((f.id, f.source_ref, f.target_ref) for f in self.model.sequence_flows.values())

    def _messages(self) -> Iterator[tuple[str, str, str]]:
        for flow in self.model.message_flows.values():
            if self._is_placed(flow.source_ref) and self._is_placed(flow.target_ref):
                yield flow.id, flow.source_ref, flow.target_ref

    def _ties(self) -> Iterator[tuple[str, str, str]]:
        placed = (tie for tie in self.grid.ties if self._is_placed(tie[1]) and self._is_placed(tie[2]))
        return (tie for tie in placed if self._apart(tie[1], tie[2]) <= FAR)

    def _apart(self, source: str, target: str) -> int:
        """Columns and rows between two places."""
        (top, left, bottom, right), (top_2, left_2, bottom_2, right_2) = self._rect(source), self._rect(target)
        columns = max(0, left_2 - right, left - right_2)
        return columns + max(0, top_2 - bottom, top - bottom_2)

    def _is_placed(self, element: str) -> bool:
        known = (self.grid.cells, self.grid.frames, self.grid.boundary, self.bands)
        return any(element in places for places in known)

    def _length(self, source: str, target: str) -> tuple[int, int, int]:
        (top, left, *_), (low, right, *_) = self._rect(source), self._rect(target)
        return (abs(right - left - 1) + 2 * abs(low - top), left, top)

    def _rect(self, element: str) -> tuple[int, int, int, int]:
        if element in self.grid.cells:
            row, column = self.grid.cells[element]
            return (row, column, row, column)
        if element in self.grid.frames:
            frame = self.grid.frames[element]
            return (frame.top, frame.first, frame.bottom, frame.last)
        if element in self.grid.boundary:
            column = self.grid.boundary_columns[element]
            top, _, bottom, _ = self._rect(self.grid.boundary[element])
            return (top, column, bottom, column)
        band = self.bands[element]
        return (band.top, 0, band.bottom, self.grid.columns - 1)

    def _wish(self, id_: str, source: str, target: str) -> Wish:
        is_message = id_ in self.model.message_flows
        is_tie = id_ not in self.model.sequence_flows and not is_message
        leave, arrive = (MESSAGE, MESSAGE) if is_message else (TIE, TIE) if is_tie else self._usual(source, target)
        starts = [Door(element=source, point=p, step=s, cost=c) for p, s, c in self._doors(source, leave, out=True)]
        ends = [
            Door(element=target, point=p, step=_AWAY[s], cost=c) for p, s, c in self._doors(target, arrive, out=False)
        ]
        return Wish(
            id=id_,
            starts=tuple(starts),
            ends=tuple(ends),
            limits=self._limits(source, target, is_message=is_message),
            open_frames=frozenset((*self._around(source), *self._around(target))),
            is_message=is_message,
            kin=self._kin(source, target) - {id_},
        )

    def _usual(self, source: str, target: str) -> tuple[dict[Step, float], dict[Step, float]]:
        nodes = self.model.flow_nodes
        leave = LEAVE_GATEWAY if isinstance(nodes[source], Gateway) else LEAVE
        arrive = ARRIVE_GATEWAY if isinstance(nodes[target], Gateway) else ARRIVE
        if source in self.grid.boundary:
            leave = {SOUTH: 0.0}
        return leave, arrive

    def _doors(self, element: str, costs: dict[Step, float], *, out: bool) -> Iterator[tuple[Point, Step, float]]:
        if element in self.bands:
            yield from self._pool_doors(self.bands[element])
            return
        rect = self._rect(element)
        frame = self.grid.frames.get(element)
        steps = (SOUTH,) if element in self.grid.boundary else tuple(costs)
        around = sides(rect, frame.port if frame else rect[0])
        against = self.arriving if out else self.leaving
        for step in steps:
            cost = costs.get(step, 0.0) + (TAKEN if against[element, step] else 0.0)
            if out and self.leaving[element, step] and isinstance(self.model.flow_nodes.get(element), Gateway):
                cost += TAKEN
            for point in around[step]:
                yield point, step, cost + (TAKEN if frame and point in self.lattice.shunned else 0.0)

    def _pool_doors(self, band: Band) -> Iterator[tuple[Point, Step, float]]:
        for x in range(1, 2 * self.grid.columns):
            yield (x, 2 * band.top), NORTH, 0.0
            yield (x, 2 * band.bottom + 2), SOUTH, 0.0

    def _around(self, element: str) -> list[str]:
        """The sub-processes that it stands in, and for a boundary event not its host."""
        node = self.model.flow_nodes.get(self.grid.boundary.get(element, element))
        found: list[str] = []
        while node is not None and node.container in self.grid.frames:
            found.append(node.container)
            node = self.model.flow_nodes.get(node.container)
        return found

    def _limits(self, source: str, target: str, *, is_message: bool) -> tuple[int, int, int, int]:
        right, bottom = 2 * self.grid.columns, 2 * self.grid.rows
        if is_message:
            return (0, 0, right, bottom)
        shared = [f for f in self._around(source) if f in self._around(target)]
        if shared:
            frame = self.grid.frames[shared[0]]
            return (2 * frame.first, 2 * frame.top, 2 * frame.last + 2, 2 * frame.bottom + 2)
        rows = [row for rect in (self._rect(source), self._rect(target)) for row in (rect[0], rect[2])]
        inside = [b for b in self.grid.pools if any(b.top <= row <= b.bottom for row in rows)]
        if not inside:
            return (0, 0, right, bottom)
        return (0, 2 * min(b.top for b in inside), right, 2 * max(b.bottom for b in inside) + 2)
