"""Pixels: from the grid and the ways to bounds and waypoints."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from bpmn_tool.layout import measure
from bpmn_tool.layout.grid import Band, Frame, Grid
from bpmn_tool.layout.routes import EAST, NORTH, SOUTH, Route, Step
from bpmn_tool.layout.ruler import Part, Ruler, lay
from bpmn_tool.layout.tracks import PLAIN, Segment, Zone, assign, segments, spread
from bpmn_tool.model.diagram import Bounds
from bpmn_tool.model.elements import Event, Gateway, Model

Waypoints = tuple[tuple[float, float], ...]

LEFT = TOP = 80
GAP = 46
BOX_HEIGHT = 60
FRAME_PAD, FRAME_HEAD = 22, 34


class Geometry:
    def __init__(self, model: Model, grid: Grid, routes: Mapping[str, Route]) -> None:
        self.model, self.grid, self.routes = model, grid, routes
        self.sizes = {element: measure.size(model, element) for element in (*grid.cells, *grid.boundary)}
        self.parts = {name: segments(route) for name, route in routes.items()}
        self.used = self._used()
        self.offsets = self._boundary_offsets()
        for name, parts in self.parts.items():
            for part in parts:
                part.zone = self._zone(name, part)
        every = [part for parts in self.parts.values() for part in parts]
        assign(every)
        self.widths = self._widths()
        self._spread([part for part in every if not part.is_across and not part.in_gap])
        self.x = lay(self._content_left(), self._gaps(every), self.widths)
        self.up, self.down = self._heights()
        self.y = self._rows(every)

    # ---- what is used where

    def _used(self) -> set[tuple[str, Step]]:
        found: set[tuple[str, Step]] = set()
        for route in self.routes.values():
            found.add((route.start.element, route.start.step))
            step = route.end.step
            found.add((route.end.element, (-step[0], -step[1])))
        return found

    def _boundary_offsets(self) -> dict[str, float]:
        """From the middle of its column.

        The first sits at the right, the second at the left, so that the middle is free.
        """
        found: dict[str, float] = {}
        hosts: dict[str, list[str]] = {}
        for event, host in self.grid.boundary.items():
            hosts.setdefault(host, []).append(event)
        for host, events in hosts.items():
            frame = self.grid.frames.get(host)
            if frame is not None:  # one a column, the rest beside the last
                columns = frame.last - frame.first + 1
                places = [30.0] * min(columns, len(events)) + [-34.0 - 40.0 * i for i in range(len(events) - columns)]
            elif len(events) < 3:
                edge = self.sizes[host][0] / 2 - 25
                places = [edge, -edge]
            else:
                places = [self.sizes[host][0] / 2 - 22 - 44.0 * i for i in range(len(events))]
            found.update(zip(events, places, strict=False))
        return found

    def _zone(self, name: str, part: Segment) -> Zone:
        if not part.in_gap:
            return PLAIN
        gap = part.line // 2
        for frame in self._shared_frames(part.route):
            first, last = (frame.top, frame.bottom) if part.is_across else (frame.first, frame.last)
            if first == gap:
                return (4, frame.depth)
            if last + 1 == gap:
                return (0, -frame.depth)
            if first < gap <= last:
                return PLAIN
        return self._row_zone(name, part, gap) if part.is_across else PLAIN

    def _row_zone(self, name: str, part: Segment, gap: int) -> Zone:
        pools = self.grid.pools
        if any(gap in (band.top, band.bottom + 1) for band in pools):
            if name in self.model.message_flows:
                return (2, 0)
            source = self._row(part.route.start.element)
            return PLAIN if source < gap else (3, 0)
        if any(gap in (band.top, band.bottom + 1) for band in self.grid.lanes):
            return PLAIN if self._row(part.route.start.element) < gap else (3, 0)
        return PLAIN

    def _row(self, element: str) -> int:
        element = self.grid.boundary.get(element, element)
        if element in self.grid.cells:
            return self.grid.cells[element][0]
        if element in self.grid.frames:
            return self.grid.frames[element].port
        return next(band.top for band in self.grid.pools if band.id == element)

    def _shared_frames(self, route: Route) -> list[Frame]:
        """The sub-processes around both ends, the innermost first."""
        other = {frame.id for frame in self._frames_around(route.end.element)}
        return [frame for frame in self._frames_around(route.start.element) if frame.id in other]

    def _frames_around(self, element: str) -> list[Frame]:
        element = self.grid.boundary.get(element, element)
        if element not in self.model.flow_nodes:  # data and notes stand where the other end stands
            ties = [t for tie in self.grid.ties for t in tie[1:] if element in tie[1:] and t in self.model.flow_nodes]
            element = self.grid.boundary.get(ties[0], ties[0]) if ties else element
        node = self.model.flow_nodes.get(element)
        found = []
        while node is not None and node.container in self.grid.frames:
            found.append(self.grid.frames[node.container])
            node = self.model.flow_nodes.get(node.container)
        return found

    # ---- columns

    def _widths(self) -> list[float]:
        widths = [float(measure.TASK[0])] * self.grid.columns
        for element, (_row, column) in self.grid.cells.items():
            widths[column] = max(widths[column], self.sizes[element][0])
        return widths

    def _spread(self, upright: list[Segment]) -> None:
        columns: dict[int, list[Segment]] = {}
        for part in upright:
            columns.setdefault(part.line, []).append(part)
        events: dict[int, list[tuple[int, float]]] = {}
        for event, host in self.grid.boundary.items():
            bottom = self.grid.frames[host].bottom if host in self.grid.frames else self.grid.cells[host][0]
            events.setdefault(2 * self.grid.boundary_columns[event] + 1, []).append(
                (2 * bottom + 2, self.offsets[event])
            )
        for line, group in columns.items():
            spread(group, self._room, self._fixed, events.get(line, []))

    def _room(self, part: Segment) -> float:
        """How far from the middle of its column the ends of the segment allow it to go."""
        room = self.widths[part.line // 2] / 2 - 6
        if part.before is None:
            room = min(room, self._side_room(part.route.start.element))
        if part.after is None:
            room = min(room, self._side_room(part.route.end.element))
        return room

    def _side_room(self, element: str) -> float:
        node = self.model.flow_nodes.get(element)
        if isinstance(node, Gateway | Event):
            return 8.0
        if element in self.sizes:
            return self.sizes[element][0] / 2 - 8
        return float("inf")  # a pool or a sub-process

    def _fixed(self, part: Segment) -> float | None:
        ends = ((part.before, part.route.start.element), (part.after, part.route.end.element))
        return next((self.offsets[e] for joined, e in ends if joined is None and e in self.offsets), None)

    def _content_left(self) -> float:
        headers = (
            measure.HEADER * (1 + self.grid.lane_depth) if self.grid.pools else measure.HEADER * self.grid.lane_depth
        )
        return LEFT + headers

    def _gaps(self, every: list[Segment]) -> dict[int, list[Part]]:
        tracks = _count(part for part in every if not part.is_across and part.in_gap)
        wanted = self._label_gaps()
        found: dict[int, list[Part]] = {}
        for gap in range(self.grid.columns + 1):
            ends = sorted({f.depth for f in self.grid.frames.values() if f.last + 1 == gap}, reverse=True)
            begins = sorted({f.depth for f in self.grid.frames.values() if f.first == gap})
            least = max(
                16, 30 if gap in (0, self.grid.columns) else wanted.get(gap, GAP) - FRAME_PAD * len(ends + begins)
            )
            parts = [
                Part(zone=(0, -d), tracks=tracks.get((gap, (0, -d)), 0), least=FRAME_PAD, borders=(f"right {gap} {d}",))
                for d in ends
            ]
            parts.append(Part(zone=PLAIN, tracks=tracks.get((gap, PLAIN), 0), least=least))
            for depth in begins:
                parts[-1].borders = (*parts[-1].borders, f"left {gap} {depth}")
                parts.append(Part(zone=(4, depth), tracks=tracks.get((gap, (4, depth)), 0), least=FRAME_PAD))
            found[gap] = parts
        return found

    def _label_gaps(self) -> dict[int, int]:
        """Room for the names of flows that leave to the right."""
        found: dict[int, int] = {}
        for name, route in self.routes.items():
            flow = self.model.sequence_flows.get(name)
            source = route.start.element
            if flow is None or not flow.name or route.start.step != EAST or source not in self.grid.cells:
                continue
            column = self.grid.cells[source][1]
            room = (self.widths[column] - self.sizes[source][0]) / 2
            need = int(measure.label_size(flow.name)[0] + 18 - room)
            found[column + 1] = max(found.get(column + 1, GAP), need)
        return found

    # ---- rows

    def side_of_label(self, element: str) -> str:
        """'below' or 'above' where no flow joins, else 'beside'."""
        node = self.model.flow_nodes.get(element)
        if element in self.grid.boundary:
            return "beside"
        order = ("above", "below") if isinstance(node, Gateway) else ("below", "above")
        for side in order:
            if (element, NORTH if side == "above" else SOUTH) not in self.used:
                return side
        return "beside"

    def has_label(self, element: str) -> bool:
        node = self.model.flow_nodes.get(element)
        named = node if isinstance(node, Event | Gateway) else self.model.data.get(element)
        return named is not None and bool(named.name.strip())

    def _name(self, element: str) -> str:
        found = self.model.get(element)
        return found.name if found else ""

    def _heights(self) -> tuple[list[float], list[float]]:
        up, down = [24.0] * self.grid.rows, [24.0] * self.grid.rows
        for element, (row, _column) in self.grid.cells.items():
            half = self.sizes[element][1] / 2
            label = 4 + measure.label_size(self._name(element))[1] if self.has_label(element) else 0
            side = self.side_of_label(element)
            up[row] = max(up[row], half + (label if side != "below" else 0))
            down[row] = max(down[row], half + (label if side == "below" else 0))
        for event, host in self.grid.boundary.items():
            if host in self.grid.cells:
                row = self.grid.cells[host][0]
                label = measure.label_size(self._name(event))[1]
                down[row] = max(down[row], self.sizes[host][1] / 2 + measure.EVENT / 2 + 4 + label)
        for band in self.grid.pools:
            if band.is_box:
                up[band.top] = down[band.top] = BOX_HEIGHT / 2
        return up, down

    def _rows(self, every: list[Segment]) -> Ruler:
        tracks = _count(part for part in every if part.is_across and part.in_gap)
        gaps = {gap: self._row_parts(gap, tracks) for gap in range(self.grid.rows + 1)}
        ruler = lay(TOP, gaps, [u + d for u, d in zip(self.up, self.down, strict=True)])
        for band in sorted((*self.grid.lanes, *self.grid.pools), key=lambda b: (-b.depth, b.top)):
            if band.is_box:
                continue
            low, high = self._extent(ruler, band)
            lack = measure.header_length(band.name) - (high - low)
            if lack > 0:
                self.up[band.top] += lack / 2
                self.down[band.bottom] += lack / 2
                ruler = lay(TOP, gaps, [u + d for u, d in zip(self.up, self.down, strict=True)])
        return ruler

    def _row_parts(self, gap: int, tracks: Mapping[tuple[int, Zone], int]) -> list[Part]:
        frames = self.grid.frames.values()
        ends = sorted({f.depth for f in frames if f.bottom + 1 == gap}, reverse=True)
        begins = sorted({f.depth for f in frames if f.top == gap})
        parts = [
            Part(zone=(0, -d), tracks=tracks.get((gap, (0, -d)), 0), least=FRAME_PAD, borders=(f"bottom {gap} {d}",))
            for d in ends
        ]
        parts += self._plain_parts(gap, tracks)
        for place, depth in enumerate(ends):
            self._make_room(gap, depth, parts[place], parts[place + 1])
        for depth in begins:
            parts[-1].borders = (*parts[-1].borders, f"top {gap} {depth}")
            parts.append(Part(zone=(4, depth), tracks=tracks.get((gap, (4, depth)), 0), least=FRAME_HEAD))
        return parts

    def _make_room(self, gap: int, depth: int, inside: Part, outside: Part) -> None:
        """For the boundary events on the lower border of sub-processes, and for their names below it."""
        for event, host in self.grid.boundary.items():
            frame = self.grid.frames.get(host)
            if frame is None or (frame.bottom + 1, frame.depth) != (gap, depth):
                continue
            inside.pad, inside.least = max(inside.pad, 26), max(inside.least, 26)
            need = 26 + measure.label_size(self._name(event))[1]
            outside.pad, outside.least = max(outside.pad, need), max(outside.least, need)

    def _plain_parts(self, gap: int, tracks: Mapping[tuple[int, Zone], int]) -> list[Part]:
        above = next((band for band in self.grid.pools if band.bottom + 1 == gap), None)
        below = next((band for band in self.grid.pools if band.top == gap), None)

        def part(zone: Zone, least: int, *borders: str) -> Part:
            return Part(zone=zone, tracks=tracks.get((gap, zone), 0), least=least, borders=borders)

        if above or below:
            inside_above = 0 if above is None or above.is_box else 18
            inside_below = 0 if below is None or below.is_box else 18
            between = 44 if above and below else 0
            return [
                part(PLAIN, inside_above, *([f"end {gap}"] if above else [])),
                part((2, 0), between, *([f"begin {gap}"] if below else [])),
                part((3, 0), inside_below),
            ]
        if any(gap in (lane.top, lane.bottom + 1) for lane in self.grid.lanes):
            return [part(PLAIN, 18, f"end {gap}", f"begin {gap}"), part((3, 0), 18)]
        return [part(PLAIN, 0 if gap in (0, self.grid.rows) else 24)]

    def _extent(self, ruler: Ruler, band: Band) -> tuple[float, float]:
        top = ruler.borders.get(f"begin {band.top}", TOP)
        return top, ruler.borders.get(f"end {band.bottom + 1}", ruler.end)

    # ---- results

    def row_middle(self, row: int) -> float:
        return self.y.cells[row][0] + self.up[row]

    def bounds(self) -> dict[str, Bounds]:
        """Pools, lanes, frames from outside inwards, then what fills cells, then boundary events.

        The order of drawing.
        """
        found: dict[str, Bounds] = {}
        right = self.x.end
        for band in (*self.grid.pools, *self.grid.lanes):
            top, bottom = self._extent(self.y, band)
            left = LEFT + measure.HEADER * (band.depth if self.grid.pools else band.depth - 1)
            found[band.id] = _rounded(left, top, right - left, bottom - top)
        for frame in sorted(self.grid.frames.values(), key=lambda f: f.depth):
            found[frame.id] = self._frame_bounds(frame)
        for element, (row, column) in self.grid.cells.items():
            width, height = self.sizes[element]
            x, y = self.x.middle(column), self.row_middle(row)
            found[element] = _rounded(x - width / 2, y - height / 2, width, height)
        for event, host in self.grid.boundary.items():
            x = self.x.middle(self.grid.boundary_columns[event]) + self.offsets[event]
            half = measure.EVENT / 2
            found[event] = _rounded(x - half, found[host].bottom - half, measure.EVENT, measure.EVENT)
        return found

    def _frame_bounds(self, frame: Frame) -> Bounds:
        left = self.x.borders[f"left {frame.first} {frame.depth}"]
        right = self.x.borders[f"right {frame.last + 1} {frame.depth}"]
        top = self.y.borders[f"top {frame.top} {frame.depth}"]
        bottom = self.y.borders[f"bottom {frame.bottom + 1} {frame.depth}"]
        return _rounded(left, top, right - left, bottom - top)

    def label(self, element: str) -> Bounds | None:
        """Where the name of an event, gateway or data object stands."""
        if not self.has_label(element):
            return None
        box = self.bounds_of[element]
        width, height = measure.label_size(self._name(element))
        x, side = box.centre[0], self.side_of_label(element)
        if element in self.grid.boundary:
            left = x + 8 if self._turn(element) % 2 == 0 else x - 8 - width
            return _rounded(left, box.bottom + 2, width, height)
        if side == "beside":
            return _rounded(x + 8, box.y - height - 2, width, height)
        y = box.y - height - 4 if side == "above" else box.bottom + 4
        return _rounded(x - width / 2, y, width, height)

    def _turn(self, event: str) -> int:
        """0 for the first boundary event of its host."""
        host = self.grid.boundary[event]
        return [other for other, its in self.grid.boundary.items() if its == host].index(event)

    @property
    def bounds_of(self) -> dict[str, Bounds]:
        if not hasattr(self, "_bounds"):
            self._bounds = self.bounds()
        return self._bounds

    def waypoints(self) -> dict[str, Waypoints]:
        return {name: self._waypoints(parts) for name, parts in self.parts.items()}

    def _waypoints(self, parts: list[Segment]) -> Waypoints:
        route = parts[0].route
        found = [self._end(route.start.element, parts[0], route.start.step)]
        for one, two in pairwise(parts):
            x, y = (two, one) if one.is_across else (one, two)
            found.append((self._across(x), self._along(y)))
        step = route.end.step
        found.append(self._end(route.end.element, parts[-1], (-step[0], -step[1])))
        if len(parts) == 1 and not parts[0].is_across:
            found = self._jogged(route, found)
        return tuple((float(round(x)), float(round(y))) for x, y in found)

    def _jogged(self, route: Route, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """A straight way to or from a boundary event may pass beside a narrow shape: then it bends right before it."""
        (x1, y1), (x2, y2) = points
        down = 1 if y2 > y1 else -1
        start, end = self._nearest(route.start.element, x1), self._nearest(route.end.element, x2)
        if end != x2:
            bend = self._outline_y(route.end.element, end, -down)
            return [(x1, y1), (x1, bend - 10 * down), (end, bend - 10 * down), (end, bend)]
        if start != x1:
            bend = self._outline_y(route.start.element, start, down)
            return [(start, bend), (start, bend + 10 * down), (x2, bend + 10 * down), (x2, y2)]
        return points

    def _nearest(self, element: str, x: float) -> float:
        """The place on the upper or lower side of the shape that is nearest to x."""
        box = self.bounds_of[element]
        room = min(self._side_room(element), box.width / 2)
        return min(max(x, box.centre[0] - room), box.centre[0] + room)

    def _across(self, part: Segment) -> float:
        """Gives x of an upright segment."""
        if part.in_gap:
            return self.x.track(part.line // 2, part.zone, part.track)
        return self.x.middle(part.line // 2) + part.offset

    def _along(self, part: Segment) -> float:
        """Gives y of a horizontal segment."""
        if part.in_gap:
            return self.y.track(part.line // 2, part.zone, part.track)
        return self.row_middle(part.line // 2)

    def _end(self, element: str, part: Segment, side: Step) -> tuple[float, float]:
        """Where the segment meets the outline."""
        if part.is_across:
            box = self.bounds_of[element]
            return (box.right if side == EAST else box.x), self._along(part)
        x = self._across(part)
        return x, self._outline_y(element, x, 1 if side == SOUTH else -1)

    def _outline_y(self, element: str, x: float, down: int) -> float:
        """Gives y of the outline at x, on the lower side (`down` 1) or the upper one (-1)."""
        box, node = self.bounds_of[element], self.model.flow_nodes.get(element)
        reach = box.height / 2
        away = abs(x - box.centre[0])
        if isinstance(node, Gateway):
            reach -= min(away, reach)
        elif isinstance(node, Event):
            reach = (reach**2 - min(away, reach) ** 2) ** 0.5
        return box.centre[1] + reach * down


def _count(parts: Iterable[Segment]) -> dict[tuple[int, Zone], int]:
    found: dict[tuple[int, Zone], int] = {}
    for part in parts:
        key = (part.line // 2, part.zone)
        found[key] = max(found.get(key, 0), part.track + 1)
    return found


def _rounded(x: float, y: float, width: float, height: float) -> Bounds:
    left, top = round(x), round(y)
    return Bounds(x=left, y=top, width=round(x + width) - left, height=round(y + height) - top)
