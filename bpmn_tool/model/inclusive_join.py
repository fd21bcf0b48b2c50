"""When an inclusive join fires (docs/semantics.md, 3; BPMN 2.0.2, 13.4.3)."""

from collections.abc import Iterator

from bpmn_tool.model.marking import Marking, Scope, flow_of, target
from bpmn_tool.model.net import Behaviour, Net, Node


def fires(net: Net, marking: Marking, scope: Scope, join: Node) -> bool:
    return nothing_more(net, marking, scope, join, ())


def nothing_more(net: Net, marking: Marking, scope: Scope, join: Node, taken: tuple[str, ...]) -> bool:
    """Whether no token is still to come over an empty flow; `taken` are flows that a complex gateway took from when it
    fired (Table 13.5).
    """
    came = frozenset(taken)
    full: list[str] = []
    empty: list[str] = []
    for flow in join.incoming:
        (full if flow in came or marking.get(("t", scope, flow), 0) else empty).append(flow)
    if not empty:
        return True
    if any(
        key[0] == "t" and key[1] == scope and key[2].startswith("~") and flow_of(key[2]) in empty for key in marking
    ):
        return False
    return not any(
        any(where in reaches(net, join, f) for f in empty) and not any(where in reaches(net, join, f) for f in full)
        for where in _held_in(net, marking, scope, join)
    )


def _held_in(net: Net, marking: Marking, scope: Scope, join: Node) -> Iterator[str]:
    """Nodes that hold a token of this scope, or that a token on a flow goes to; tokens that wait at the join itself do
    not count.

    A boundary event that listens is waited for like one that holds a token; what waits behind an event gateway holds
    none of its own, its gateway does (13.4.4).
    """
    for key in marking:
        if key[0] == "t" and key[1] == scope and key[2] not in join.incoming:
            yield target(net, key[2])
        elif key[0] in "ao" and key[1] == scope:
            node = net.nodes[key[2]]
            if node.behaviour is Behaviour.BOUNDARY or key[0] == "o" or marking[key].belongs_to is None:
                yield key[2]


def reaches(net: Net, join: Node, flow: str) -> frozenset[str]:
    """Nodes from which a path leads to `flow` without visiting `join`; a path may leave an activity by its boundary
    events.
    """
    if (cached := net.reach.get((join.id, flow))) is not None:
        return cached
    found: set[str] = set()
    todo = [net.flows[flow][0]]
    while todo:
        node = net.nodes[todo.pop()]
        if node.id in found or node.id == join.id:
            continue
        found.add(node.id)
        todo.extend(net.flows[f][0] for f in node.incoming)
        if node.host is not None:
            todo.append(node.host)
    return net.reach.setdefault((join.id, flow), frozenset(found))
