"""Which column an element stands in: the longest path to it over sequence flows, with message flows as a wish.

Columns are shared by all pools, so that a hand-off reads from left to right. An expanded sub-process spans the columns
of what it holds.
"""

from bpmn_tool.model import graph
from bpmn_tool.model.elements import Event, EventKind, Model

Span = tuple[int, int]
"""First and last column."""

_Vertex = tuple[str, str]  # id, "first" or "last"


def spans(model: Model) -> dict[str, Span]:
    """Of every flow node; a boundary event has the column of its host in which it stands."""
    inner = [node.id for node in model.flow_nodes.values() if not is_boundary(model, node.id)]
    frames = {node for node in inner if model.nodes_in(node)}
    vertices = [(node, end) for node in inner for end in ("first", "last")]
    fixed = _inside(model, inner, frames) | _sequence(model, inner)
    wished = _messages(model, inner)
    kept = graph.acyclic_with(vertices, fixed, wished)
    weights = {**fixed, **dict.fromkeys(kept, 0)}
    far = graph.longest_paths(vertices, weights)
    _pull_starts(model, far, inner, kept)
    found = {node: (far[node, "first"], far[node, "last"]) for node in inner}
    for event in model.flow_nodes.values():
        if isinstance(event, Event) and event.attached_to_ref in found:
            column = boundary_column(model, event, found[event.attached_to_ref])
            found[event.id] = (column, column)
    return found


def is_boundary(model: Model, node_id: str) -> bool:
    node = model.flow_nodes[node_id]
    return isinstance(node, Event) and node.kind is EventKind.BOUNDARY


def host(model: Model, node_id: str) -> str:
    """The activity that a boundary event sits on; any other node itself."""
    node = model.flow_nodes[node_id]
    return (node.attached_to_ref or node_id) if isinstance(node, Event) else node_id


def boundary_column(model: Model, event: Event, span: Span) -> int:
    """Boundary events of a sub-process take its columns one by one."""
    place = [other.id for other in model.boundary_events(event.attached_to_ref or "")].index(event.id)
    return min(span[0] + place, span[1])


def _inside(model: Model, inner: list[str], frames: set[str]) -> dict[tuple[_Vertex, _Vertex], int]:
    found: dict[tuple[_Vertex, _Vertex], int] = {}
    for node in inner:
        found[(node, "first"), (node, "last")] = 0
        container = model.flow_nodes[node].container
        if container in frames:
            found[(container, "first"), (node, "first")] = 0
            found[(node, "last"), (container, "last")] = 0
    return found


def _sequence(model: Model, inner: list[str]) -> dict[tuple[_Vertex, _Vertex], int]:
    """One column further a flow, less the flows that lead back.

    Behind a boundary event, of the first column of its host.
    """
    edges: dict[graph.Edge[str], int] = {}
    pairs: dict[graph.Edge[str], str] = {}
    for flow in model.sequence_flows.values():
        source, target = host(model, flow.source_ref), host(model, flow.target_ref)
        source, target = _same_container(model, source, target)
        if source != target:
            edges.setdefault((source, target), 1)
            pairs[source, target] = "first" if is_boundary(model, flow.source_ref) else "last"
    order = sorted(inner, key=lambda n: _rank_of_root(model, n))
    forward = graph.without_back_edges(order, edges)
    return {((s, pairs[s, t]), (t, "first")): 1 for s, t in forward}


def _rank_of_root(model: Model, node_id: str) -> int:
    """Search from start events first, then from nodes that nothing leads to."""
    node = model.flow_nodes[node_id]
    if isinstance(node, Event) and node.kind is EventKind.START:
        return 0
    return 1 if not node.incoming else 2


def _same_container(model: Model, source: str, target: str) -> tuple[str, str]:
    """The ends of a flow, lifted to what stands in one container (a flow over a border is not BPMN, but is drawn)."""
    chain = _containers(model, source)
    for other in _containers(model, target):
        for one in chain:
            if model.flow_nodes[one].container == model.flow_nodes[other].container:
                return one, other
    return source, target


def _containers(model: Model, node: str) -> list[str]:
    chain = [node]
    while (above := model.flow_nodes[chain[-1]].container) in model.flow_nodes:
        chain.append(above)
    return chain


def _messages(model: Model, inner: list[str]) -> list[tuple[_Vertex, _Vertex]]:
    """A message arrives no further left than it left."""
    known = set(inner)
    found: list[tuple[_Vertex, _Vertex]] = []
    for flow in model.message_flows.values():
        ends = [host(model, end) for end in (flow.source_ref, flow.target_ref) if end in model.flow_nodes]
        if len(ends) == 2 and set(ends) <= known:
            found.append(((ends[0], "first"), (ends[1], "first")))
    return found


def _pull_starts(
    model: Model, far: dict[_Vertex, int], inner: list[str], messages: list[tuple[_Vertex, _Vertex]]
) -> None:
    """A node that nothing leads to stands right before what it leads to."""
    bound = {end for edge in messages for end in edge}
    for node_id in inner:
        node = model.flow_nodes[node_id]
        if node.incoming or model.nodes_in(node_id) or model.boundary_events(node_id):
            continue
        targets = [host(model, model.sequence_flows[flow].target_ref) for flow in node.outgoing]
        nearest = min((far[target, "first"] for target in targets), default=0) - 1
        if nearest > far[node_id, "first"] and (node_id, "first") not in bound:
            far[node_id, "first"] = far[node_id, "last"] = nearest
