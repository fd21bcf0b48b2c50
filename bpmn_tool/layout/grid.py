"""Where everything stands in whole numbers.

Columns, rows, frames of sub-processes, bands of lanes and pools. No pixels yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bpmn_tool.layout.columns import Span, host, is_boundary, spans
from bpmn_tool.layout.rows import Item, arrange
from bpmn_tool.model.elements import Event, EventKind, FlowNode, Lane, Model, Participant


@dataclass(slots=True, kw_only=True)
class Frame:
    """An expanded sub-process: a rectangle of cells; `port` is the row at which flows reach it from the sides."""

    id: str
    first: int
    last: int
    top: int
    bottom: int
    port: int
    depth: int
    parent: str = ""


@dataclass(slots=True, kw_only=True)
class Band:
    """The rows of a lane (`depth` 1 and deeper) or of a pool."""

    id: str
    top: int
    bottom: int
    depth: int = 0
    name: str = ""
    is_box: bool = False  # a pool without a process of its own


@dataclass(slots=True)
class Grid:
    columns: int = 1
    rows: int = 0
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)  # row, column of what fills one cell
    frames: dict[str, Frame] = field(default_factory=dict)
    boundary: dict[str, str] = field(default_factory=dict)  # boundary event to host
    boundary_columns: dict[str, int] = field(default_factory=dict)
    pools: list[Band] = field(default_factory=list)
    lanes: list[Band] = field(default_factory=list)
    lane_depth: int = 0
    ties: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # edge id, source, target of what joins data or notes


def build(model: Model) -> Grid:
    """Pools in document order; processes that no participant names come last, without a frame."""
    grid, columns = Grid(), spans(model)
    builder = _Builder(model, grid, columns)
    for participant in model.participants.values():
        builder.pool(participant)
    shown = {participant.process_ref for participant in model.participants.values()}
    for process in model.processes.values():
        if process.id not in shown:
            builder.process(process.id)
    grid.columns = 1 + max((last for _first, last in builder.columns.values()), default=0)
    return grid


class _Builder:
    def __init__(self, model: Model, grid: Grid, columns: dict[str, Span]) -> None:
        self.model, self.grid, self.columns = model, grid, columns
        self.notes = _notes(model)
        self.anchors = _anchors(model, self.notes)
        self.inner_rows: dict[str, dict[str, int]] = {}
        self.pulls = _pulls(model)
        for edge, element, joined, reads in self.notes:
            grid.ties.append((edge, element, joined) if reads else (edge, joined, element))
        for node in model.flow_nodes.values():
            if isinstance(node, Event) and is_boundary(model, node.id):
                grid.boundary[node.id] = node.attached_to_ref or ""
                grid.boundary_columns[node.id] = columns[node.id][0]

    def pool(self, participant: Participant) -> None:
        top = self.grid.rows
        drawn = {band.id for band in self.grid.pools}
        if participant.process_ref is None or participant.process_ref in drawn:
            self.grid.rows += 1
            is_box = True
        else:
            self.process(participant.process_ref)
            is_box = False
        band = Band(id=participant.id, top=top, bottom=self.grid.rows - 1, name=participant.label, is_box=is_box)
        self.grid.pools.append(band)

    def process(self, process: str) -> None:
        lanes = [lane for lane in self.model.lanes.values() if lane.process == process and not self._inside(lane)]
        nodes = [node for node in self.model.nodes_in(process) if not is_boundary(self.model, node.id)]
        where = {node.id: self._lane_id(node, lanes) for node in nodes}
        without = [node for node in nodes if where[node.id] is None]
        if without or not lanes:
            self._band(without)
        for lane in lanes:
            if lane.parent is None:
                self._lane(lane, lanes, nodes, where, 1)

    def _inside(self, lane: Lane) -> bool:
        """A lane of a sub-process has no drawing in bpmn-js, nor here."""
        held = [self.model.flow_nodes[n].container for n in lane.flow_node_refs if n in self.model.flow_nodes]
        return bool(held) and all(container in self.model.flow_nodes for container in held)

    def _lane_id(self, node: FlowNode, lanes: list[Lane]) -> str | None:
        lane = self.model.lane_of(node.id)
        return lane.id if lane is not None and any(lane.id == known.id for known in lanes) else None

    def _lane(
        self, lane: Lane, lanes: list[Lane], nodes: list[FlowNode], where: dict[str, str | None], depth: int
    ) -> None:
        top = self.grid.rows
        children = [child for child in lanes if child.parent == lane.id]
        own = [node for node in nodes if where[node.id] == lane.id]
        band = Band(id=lane.id, top=top, bottom=top, depth=depth, name=lane.label)
        self.grid.lanes.append(band)
        self.grid.lane_depth = max(self.grid.lane_depth, depth)
        if own or not children:
            self._band(own)
        for child in children:
            self._lane(child, lanes, nodes, where, depth + 1)
        band.bottom = self.grid.rows - 1

    def _band(self, nodes: list[FlowNode]) -> None:
        rows, height = self._arrange([node.id for node in nodes])
        for element, row in rows.items():
            self._fix(element, self.grid.rows + row, 1, "")
        self.grid.rows += height

    def _arrange(self, node_ids: list[str]) -> tuple[dict[str, int], int]:
        """Rows of the nodes and of the notes and data beside them; those of sub-processes first, from within."""
        sizes: dict[str, tuple[int, int]] = {}
        for node_id in node_ids:
            inner = [n.id for n in self.model.nodes_in(node_id) if not is_boundary(self.model, n.id)]
            if inner:
                rows, height = self._arrange(inner)
                self.inner_rows[node_id] = rows
                sizes[node_id] = (height, self._port(rows))
        items = self._items(node_ids, sizes)
        return arrange([*items, *self._note_items(node_ids)])

    def _port(self, rows: dict[str, int]) -> int:
        nodes = self.model.flow_nodes
        starts = [n for n in rows if n in nodes and (_is_start(nodes[n]) or not nodes[n].incoming)]
        return min((rows[n] for n in starts), default=0)

    def _items(self, node_ids: list[str], sizes: dict[str, tuple[int, int]]) -> list[Item]:
        before, below = self._before(set(node_ids))
        rank = _ranks(node_ids, before, self.columns)
        return [
            Item(
                id=node_id,
                first=self.columns[node_id][0],
                last=self.columns[node_id][1],
                height=sizes.get(node_id, (1, 0))[0],
                port=sizes.get(node_id, (1, 0))[1],
                before=tuple(before[node_id]),
                below=frozenset(below[node_id]),
                pull=self.pulls.get(node_id, 0),
                rank=rank[node_id],
            )
            for node_id in node_ids
        ]

    def _before(self, here: set[str]) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
        before: dict[str, list[str]] = {node: [] for node in here}
        below: dict[str, set[str]] = {node: set() for node in here}
        for flow in self.model.sequence_flows.values():
            source, target = host(self.model, flow.source_ref), flow.target_ref
            if source in here and target in here and self.columns[source][0] < self.columns[target][0]:
                before[target].append(source)
                if is_boundary(self.model, flow.source_ref):
                    below[target].add(source)
        return before, below

    def _note_items(self, node_ids: list[str]) -> list[Item]:
        """Data and annotations stand by the element that they belong to."""
        items: list[Item] = []
        for element, anchor in self.anchors.items():
            if anchor in node_ids:
                column = self.columns[anchor][0]
                items.append(Item(id=element, first=column, last=column, before=(anchor,), rank=-1))
                self.columns[element] = (column, column)
        return items

    def _fix(self, element: str, row: int, depth: int, parent: str) -> None:
        rows = self.inner_rows.get(element)
        first, last = self.columns[element]
        if rows is None:
            self.grid.cells[element] = (row, first)
            return
        top = row - self._port(rows)
        deepest = max(self._bottom(inner, r) for inner, r in rows.items())
        self.grid.frames[element] = Frame(
            id=element, first=first, last=last, top=top, bottom=top + deepest, port=row, depth=depth, parent=parent
        )
        for inner, inner_row in rows.items():
            self._fix(inner, top + inner_row, depth + 1, element)

    def _bottom(self, element: str, row: int) -> int:
        rows = self.inner_rows.get(element)
        if rows is None:
            return row
        return row - self._port(rows) + max(self._bottom(inner, r) for inner, r in rows.items())


def _pulls(model: Model) -> dict[str, int]:
    """Of each node, flows to bands below its own less those to bands above."""
    pools = [participant.process_ref or participant.id for participant in model.participants.values()]
    pools += [process for process in model.processes if process not in pools]
    lanes = {lane: place for place, lane in enumerate(model.lanes)}

    def level(end: str) -> tuple[int, int]:
        if end not in model.flow_nodes:
            participant = model.participants.get(end)
            key = (participant.process_ref or end) if participant is not None else end
            return (pools.index(key) if key in pools else 0, -1)
        lane, process = model.lane_of(end), model.process_of(end)
        return (pools.index(process) if process in pools else 0, -1 if lane is None else lanes[lane.id])

    found: dict[str, int] = {}
    ends = [(flow.source_ref, flow.target_ref) for flow in model.sequence_flows.values()]
    ends += [(flow.source_ref, flow.target_ref) for flow in model.message_flows.values()]
    for source, target in ends:
        up, down = level(source), level(target)
        if up != down:
            for end, sign in ((source, 1), (target, -1)):
                if end in model.flow_nodes:
                    at = host(model, end)
                    found[at] = found.get(at, 0) + (sign if down > up else -sign)
    return found


def _is_start(node: FlowNode) -> bool:
    return isinstance(node, Event) and node.kind is EventKind.START


def _ranks(nodes: Iterable[str], before: dict[str, list[str]], columns: dict[str, Span]) -> dict[str, int]:
    """How many columns follow within the band on the longest way on."""
    rank = dict.fromkeys(nodes, 0)
    for node in sorted(rank, key=lambda n: -columns[n][0]):
        for source in before[node]:
            rank[source] = max(rank[source], rank[node] + columns[node][1] - columns[node][0] + 1)
    return rank


def _notes(model: Model) -> list[tuple[str, str, str, bool]]:
    """Edge, data or annotation, flow node, and whether the edge leads to the node, for all that joins such a pair."""
    found: list[tuple[str, str, str, bool]] = []
    for tie in model.artifacts.values():
        source, target = tie.source_ref, tie.target_ref
        if source is None or target is None:
            continue
        if target in model.flow_nodes and _is_note(model, source):
            found.append((tie.id, source, target, True))
        elif source in model.flow_nodes and _is_note(model, target):
            found.append((tie.id, target, source, False))
    return found


def _anchors(model: Model, notes: Iterable[tuple[str, str, str, bool]]) -> dict[str, str]:
    """Beside which node each stands.

    The first that it is joined to in its own process or sub-process, else the first.
    """
    found: dict[str, str] = {}
    settled: set[str] = set()
    for _edge, element, node, _reads in notes:
        data = model.data.get(element)
        at_home = data is None or model.flow_nodes[node].container == data.container
        if element not in found or (at_home and element not in settled):
            found[element] = host(model, node)
            if at_home:
                settled.add(element)
    return found


def _is_note(model: Model, element: str) -> bool:
    if (data := model.data.get(element)) is not None:
        return data.kind in ("dataObjectReference", "dataStoreReference", "dataInput", "dataOutput")
    return element in model.artifacts and model.artifacts[element].kind == "textAnnotation"
