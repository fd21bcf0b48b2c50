"""Graphs over a model, and the only door to networkx (imported inside the functions: it takes 0.2 s).

Vertices are element ids. Never used by the token game, an engine or the soundness check: those must not share a
library's idea of a graph.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from bpmn_tool.model.elements import MessageFlow, Model, SequenceFlow

if TYPE_CHECKING:
    from networkx import DiGraph

V = TypeVar("V", bound=Hashable)
Edge = tuple[V, V]


def flow_graph(model: Model, process: str) -> "DiGraph[str]":
    """Flow nodes of a process and its sub-processes; edges are sequence flows, or lead from a host to its events.

    A sub-process stands before what it holds: an edge leads to each of its nodes without incoming flow, and one from
    each of its nodes without outgoing flow back, so that what is reachable in the graph is reachable by tokens.
    """
    import networkx as nx

    graph: DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(node for node in model.flow_nodes if model.process_of(node) == process)
    for flow in model.sequence_flows.values():
        if flow.source_ref in graph and flow.target_ref in graph:
            graph.add_edge(flow.source_ref, flow.target_ref)
    for node_id in list(graph):
        for event in model.boundary_events(node_id):
            graph.add_edge(node_id, event.id)
        for inner in model.nodes_in(node_id):
            if not inner.incoming and getattr(inner, "attached_to_ref", None) is None:
                graph.add_edge(node_id, inner.id)
            if not inner.outgoing:
                graph.add_edge(inner.id, node_id)
    return graph


def handoff_graph(model: Model) -> "DiGraph[str]":
    """Who passes work to whom: vertices are lane, participant or process ids, the innermost that is known of a node.

    An edge stands for the sequence flows that leave a lane and the message flows between participants; its attribute
    `flows` has their ids.
    """
    import networkx as nx

    graph: DiGraph[str] = nx.DiGraph()
    flows: list[SequenceFlow | MessageFlow] = [*model.sequence_flows.values(), *model.message_flows.values()]
    for flow in flows:
        source, target = holder(model, flow.source_ref), holder(model, flow.target_ref)
        if source == target:
            continue
        if not graph.has_edge(source, target):
            graph.add_edge(source, target, flows=[])
        graph.edges[source, target]["flows"].append(flow.id)
    return graph


def holder(model: Model, element_id: str) -> str:
    """The lane of a flow node, else its participant, else its process; a participant is its own."""
    if element_id in model.participants:
        return element_id
    lane = model.lane_of(element_id)
    if lane is not None:
        return lane.id
    participant = model.participant_of(element_id)
    return participant.id if participant else (model.process_of(element_id) or element_id)


def reachable(graph: "DiGraph[V]", starts: Iterable[V]) -> set[V]:
    """The starts and all that can be reached from them."""
    import networkx as nx

    found: set[V] = set()
    for start in starts:
        if start not in found:
            found |= {start} | nx.descendants(graph, start)
    return found


def directed(vertices: Iterable[V], edges: Iterable[Edge[V]]) -> "DiGraph[V]":
    """The graph of these vertices and edges."""
    import networkx as nx

    graph: DiGraph[V] = nx.DiGraph()
    graph.add_nodes_from(vertices)
    graph.add_edges_from(edges)
    return graph


def path_around(graph: "DiGraph[V]", starts: Iterable[V], target: V, avoiding: Iterable[V] = ()) -> tuple[V, ...]:
    """A shortest path from one of the starts to the target that no vertex of `avoiding` is on; empty where there is
    none. Of several as short the first in the order of its vertices, so that the same graph gives the same path.
    """
    avoided = set(avoiding)
    before: dict[V, V | None] = {start: None for start in _in_order(starts) if start in graph and start not in avoided}
    queue = list(before)
    for vertex in queue:  # grows while it is read
        if vertex == target:
            break
        for after in _in_order(graph.successors(vertex)):
            if after not in before and after not in avoided:
                before[after] = vertex
                queue.append(after)
    path: list[V] = []
    last: V | None = target if target in before else None
    while last is not None:
        path.append(last)
        last = before[last]
    return tuple(reversed(path))


def dominators(graph: "DiGraph[V]", starts: Iterable[V], target: V) -> tuple[V, ...]:
    """The vertices on every path from the starts to the target, in their order, with the target itself; empty where no
    path leads to it (Cooper, Harvey and Kennedy 2001).
    """
    import networkx as nx

    root = object()
    rooted: DiGraph[Hashable] = nx.DiGraph(graph.edges)
    rooted.add_edges_from((root, start) for start in starts)
    if target not in rooted or not nx.has_path(rooted, root, target):
        return ()
    nearest = nx.immediate_dominators(rooted, root)
    found: list[V] = []
    last: Hashable = target
    while last is not root:
        found.append(cast(V, last))
        last = nearest[last]
    return tuple(reversed(found))


def _in_order(vertices: Iterable[V]) -> list[V]:
    return sorted(vertices)  # type: ignore[type-var]  # ids, or tuples that begin with one


def loops(graph: "DiGraph[V]") -> list[set[V]]:
    """Strongly connected components with more than one vertex, or one with an edge to itself."""
    import networkx as nx

    return [part for part in nx.strongly_connected_components(graph) if len(part) > 1 or _on_itself(graph, part)]


def _on_itself(graph: "DiGraph[V]", part: set[V]) -> bool:
    return any(graph.has_edge(vertex, vertex) for vertex in part)


def without_back_edges(vertices: Sequence[V], edges: Iterable[Edge[V]]) -> list[Edge[V]]:
    """The edges less those that lead back in a depth-first search from the vertices in their order.

    The rest has no cycle.
    """
    following: dict[V, list[V]] = {vertex: [] for vertex in vertices}
    for source, target in edges:
        following[source].append(target)
    kept: list[Edge[V]] = []
    state: dict[V, int] = {}  # 1 on the path from the root, 2 done
    for root in vertices:
        if root in state:
            continue
        state[root] = 1
        path = [(root, iter(following[root]))]
        while path:
            vertex, rest = path[-1]
            for after in rest:
                if state.get(after) != 1:
                    kept.append((vertex, after))
                if after not in state:
                    state[after] = 1
                    path.append((after, iter(following[after])))
                    break
            else:
                state[vertex] = 2
                path.pop()
    return kept


def longest_paths(vertices: Iterable[V], edges: Mapping[Edge[V], int]) -> dict[V, int]:
    """How far right each vertex stands at least.

    The longest sum of weights on a path that ends there. The edges must have no cycle.
    """
    import networkx as nx

    graph = directed(vertices, edges)
    far: dict[V, int] = {}
    for generation in nx.topological_generations(graph):
        for vertex in generation:
            far[vertex] = max((far[before] + edges[before, vertex] for before in graph.predecessors(vertex)), default=0)
    return far


def acyclic_with(vertices: Iterable[V], fixed: Iterable[Edge[V]], wished: Iterable[Edge[V]]) -> list[Edge[V]]:
    """Those of `wished`, in order, that can be added to the acyclic `fixed` without closing a cycle."""
    import networkx as nx

    graph: DiGraph[V] = nx.DiGraph()
    graph.add_nodes_from(vertices)
    graph.add_edges_from(fixed)
    kept: list[Edge[V]] = []
    for source, target in wished:
        if source != target and not nx.has_path(graph, target, source):
            graph.add_edge(source, target)
            kept.append((source, target))
    return kept
