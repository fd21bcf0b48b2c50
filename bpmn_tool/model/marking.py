"""A marking as data: where the tokens of a case rest and what waits; and the steps and effects from one to the next
(BPMN 2.0.2, chapter 13; docs/semantics.md, 3).

A *scope* is a tuple of frames ``(element id, visit or number, instance)``: the process instance, then each sub-process,
multi-instance, loop or call around. Instance is -1 but for multi-instances and calls (0). The *path* of a scope is
its multi-instance and call frames alone; visits are counted by (path, element).

A token rests on a flow, or, where it enters a node without a flow (a start event), on ``^`` and the node's id. One that
is on its way (a delayed handoff), or got lost there, rests on ``~n~`` and the flow: no node can take it, and joins wait
for it.
"""

from enum import Enum
from typing import Any, NamedTuple

from immutables import Map

from bpmn_tool.model.net import Net, Node

Frame = tuple[str, int, int]
Scope = tuple[Frame, ...]
Path = tuple[tuple[str, int, int], ...]
#: keys: ("t", scope, flow) -> tokens; ("a", scope, node, visit) -> Active; ("o", scope, node, visit) -> Outer;
#: ("v", path, node) -> next visit; ("p", process) -> next number; ("n", scope) -> tokens and activities in it;
#: ("m", message flow) -> messages kept; ("c", scope) -> Done of what can be compensated, in order of completion;
#: ("g", scope, node) -> flows that a complex gateway which waits for reset took from; ("u",) -> see REUSING
Marking = Map[tuple[Any, ...], Any]


class Active(NamedTuple):
    """A node that holds a token and waits. `listening`: its boundary events; `belongs_to`: of a boundary event its
    host, of an arm its gateway, which hold the token; of the start of an event sub-process that sub-process, visit -1.

    `occurred`: of an event that waits for several triggers, those that came; of an activity that can be compensated,
    its place in the order of completion once an event at its border occurred. `serves`: of a compensation handler, the
    event that called it; `pending`: of that event, what is still to be compensated, None before it has thrown.
    """

    listening: tuple[tuple[str, int], ...] = ()
    belongs_to: tuple[str, int] | None = None
    arms: tuple[tuple[str, int], ...] = ()
    occurred: tuple[int, ...] = ()
    serves: "tuple[Scope, str, int] | None" = None
    pending: "tuple[Done, ...] | None" = None


class Outer(NamedTuple):
    """A multi-instance (`total` instances) or a loop (`total` -1) around its bodies."""

    total: int
    created: int
    done: int
    listening: tuple[tuple[str, int], ...]
    serves: "tuple[Scope, str, int] | None" = None
    occurred: tuple[int, ...] = ()


class Done(NamedTuple):
    """A completed activity that can be compensated: by `handler` in the scope it is to run in, else by what was
    completed inside.
    """

    node: str
    handler: tuple[Scope, str] | None
    inside: "tuple[Done, ...]" = ()


class StepKind(Enum):
    BEGIN = "begin"  # a process instance begins at the start event `node`
    PASS = "pass"  # noqa: S105  `node` takes the token that lies on `flow`
    COMPLETE = "complete"  # what `node` waits for is done, or occurs
    CLOSE = "close"  # a multi-instance or loop of no instances completes
    DIVERT = "divert"  # the token on `flow` goes on over `flows` instead: a handoff was declined
    KEEP = "keep"  # a message of the flow `flow` finds nobody and is kept
    PERFORM = "perform"  # somebody takes up `node` in an ad-hoc sub-process
    RESET = "reset"  # a complex gateway that fired has nothing more to wait for


class Step(NamedTuple):
    """One thing that may happen. `flows` are the outgoing flows taken, chosen by the driver."""

    kind: StepKind
    scope: Scope
    node: str
    flow: str = ""
    visit: int = 0
    flows: tuple[str, ...] = ()
    instances: int = 1  # PASS into a multi-instance
    again: bool = False  # COMPLETE of a loop's body: once more
    satisfied: bool = False  # COMPLETE of an instance: the completion condition holds
    kept: str = ""  # COMPLETE by a kept message of this message flow
    trigger: int = 0  # COMPLETE of an event that waits for several triggers: the one that came


class EffectKind(Enum):
    FIRED = "fired"
    ENABLED = "enabled"  # a node waits from here on
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"  # a node that waited no longer does
    VANISHED = "vanished"  # `produced` names a flow whose tokens were taken away
    SENT = "sent"  # `produced` names a message flow
    DRAINED = "drained"  # nothing is left in the scope that (`scope`, `node`, `visit`) opened: complete it
    FAILED = "failed"  # an error that nobody catches takes all away from a process instance
    ENDED = "ended"  # a process instance has no token left

    __hash__ = object.__hash__  # members are singletons; that of Enum hashes their names each time


class Effect(NamedTuple):
    """What firing did. `consumed` and `produced` are flows; `outer` where a multi-instance or loop as a whole is
    meant.
    """

    kind: EffectKind
    scope: Scope
    node: str
    visit: int = 0
    consumed: tuple[str, ...] = ()
    produced: tuple[str, ...] = ()
    outer: bool = False


EMPTY: Marking = Map()
#: a marking in which visits and instances take the least number that is free instead of a new one each time, so that
#: what looks alike is alike (for whoever explores markings); of what was done twice, only the last is compensated
REUSING: Marking = Map({("u",): True})


def path_of(scope: Scope) -> Path:
    """The multi-instance and call frames of a scope: what addresses and names of work are made of."""
    for frame in scope:
        if frame[2] >= 0:
            return tuple(frame for frame in scope if frame[2] >= 0)
    return ()  # as nearly always


def inside(node: Node, scope: Scope, visit: int) -> Scope:
    """The scope of what stands in a sub-process, or in the process that a call calls."""
    return (*scope, (node.id, visit, -1 if node.inner == node.id else 0))


def container_of(net: Net, scope: Scope) -> str:
    """The process or sub-process whose nodes hold the tokens of a scope."""
    node = net.nodes.get(scope[-1][0])
    return node.inner if node is not None and node.inner else scope[-1][0]


def target(net: Net, flow: str) -> str:
    """The node that a token on this flow goes to."""
    ends = net.flows.get(flow)
    if ends is not None:
        return ends[1]
    return flow[1:] if flow.startswith("^") else net.flows[flow_of(flow)][1]


def on_way(flow: str, number: int) -> str:
    """Where a token rests that has set out on `flow` and not arrived."""
    return f"~{number}~{flow}"


def flow_of(place: str) -> str:
    """The flow of a place where tokens rest."""
    return place.split("~", 2)[2] if place.startswith("~") else place
