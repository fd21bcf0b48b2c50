"""A model made ready for the cases of a trace: what chance or people decided in the trace, the trace decides here too.

What the drawing alone settles (forks, joins, scopes, boundary events, races, which work is open, which message reaches
whom) stays SpiffWorkflow's, so that a trace fits only where both mean the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bpmn_tool.execution.build import Executable, executable
from bpmn_tool.model.elements import (
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    SequenceFlow,
    StandardLoop,
    SubProcess,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.results.trace import Row, RowKind

Cases: TypeAlias = Mapping[str, Sequence[Row]]
"""The rows of each case of a replication, in order."""

TAKEN: Final = "taken_{number}"
"""Data that say whether a conditional flow out of an activity is taken."""

_DECIDES: Final = frozenset({GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayable:
    """`decisions`: gateways at which the trace chooses. `timers`: events that occur when the trace says.
    `carried`: message flows that the trace brings; the others SpiffWorkflow's cases send and receive by themselves.
    `races`: event-based gateways, of which the trace says when they were reached, SpiffWorkflow when they were decided.
    `taken`: conditional flow out of an activity -> name of the datum that says whether it is taken.
    """

    model: Model
    executable: Executable
    decisions: frozenset[str]
    timers: frozenset[str]
    races: frozenset[str]
    carried: frozenset[str]
    taken: Mapping[str, str]


def replayable(model: Model, cases: Cases) -> Replayable:
    """Raises InputError where the model cannot be executed."""
    carried = _carried(model, cases)
    conditional = [flow.id for flow in model.sequence_flows.values() if _leaves_an_activity(model, flow)]
    taken = {flow: TAKEN.format(number=number) for number, flow in enumerate(conditional)}
    decisions = frozenset(node.id for node in model.flow_nodes.values() if _decides(node))
    timers = frozenset(node.id for node in model.flow_nodes.values() if isinstance(node, Event) and _is_timer(node))
    counted = _miscounted(model, cases)
    made = replace(
        model,
        flow_nodes={id: _node(node, counted) for id, node in model.flow_nodes.items()},
        sequence_flows={
            id: replace(flow, condition=taken.get(id) or (None if flow.source_ref in decisions else flow.condition))
            for id, flow in model.sequence_flows.items()
        },
        message_flows={id: flow for id, flow in model.message_flows.items() if id not in carried},
    )
    return Replayable(
        model=model,
        executable=executable(made),
        decisions=decisions,
        timers=timers,
        races=frozenset(
            node.id
            for node in model.flow_nodes.values()
            if isinstance(node, Gateway) and node.kind is GatewayKind.EVENT_BASED
        ),
        carried=carried,
        taken=taken,
    )


def _leaves_an_activity(model: Model, flow: SequenceFlow) -> bool:
    return bool(flow.condition and flow.condition.strip()) and isinstance(
        model.flow_nodes[flow.source_ref], Task | SubProcess
    )


def _decides(node: FlowNode) -> bool:
    return isinstance(node, Gateway) and node.kind in _DECIDES and len(node.outgoing) > 1


def _is_timer(event: Event) -> bool:
    return event.kind in (EventKind.CATCH, EventKind.BOUNDARY) and event.has(TriggerKind.TIMER)


def _node(node: FlowNode, counted: frozenset[str]) -> FlowNode:
    """Work that would do itself waits until the trace does it, a timer until the trace lets it occur."""
    match node:
        case Task():
            kind = node.kind if node.kind is TaskKind.RECEIVE else TaskKind.USER
            return replace(node, kind=kind, loop=_loop(node, counted))
        case SubProcess():
            return replace(node, loop=_loop(node, counted))
        case Event() if _is_timer(node):
            definitions = tuple(
                replace(each, kind=TriggerKind.MESSAGE, ref=None, timer=None, text="")
                if each.kind is TriggerKind.TIMER
                else each
                for each in node.definitions
            )
            return replace(node, definitions=definitions)
        case _:
            return node


def _loop(node: Task | SubProcess, counted: frozenset[str]) -> StandardLoop | MultiInstance | None:
    if isinstance(node.loop, MultiInstance) and node.id in counted:
        return replace(node.loop, cardinality="")
    return node.loop


# what the trace knows better than the model


def _carried(model: Model, cases: Cases) -> frozenset[str]:
    """Message flows that come from a black box, and those whose messages were lost, declined or under way for a
    time: when they arrive, if at all, is nothing that the drawing says.
    """
    outside = {flow.id for flow in model.message_flows.values() if model.process_of(flow.source_ref) is None}
    found: set[str] = set()
    for rows in cases.values():
        sent: dict[str, list[int]] = defaultdict(list)
        waits: set[tuple[int, str]] = set()
        for row in rows:
            match row.kind:
                case RowKind.SENT:
                    sent[row.flows[0]].append(row.tick)
                case RowKind.ENABLED:
                    waits.add((row.tick, row.element))
                case RowKind.LOST | RowKind.DECLINED:
                    found.add(row.element)
                case RowKind.RECEIVED:
                    flow = row.flows[0]
                    before = sent[flow].pop(0) if sent[flow] else None
                    if flow in outside or (before != row.tick and (row.tick, row.element) not in waits):
                        found.add(flow)
                case _:
                    pass
    return frozenset(found & model.message_flows.keys())


def _miscounted(model: Model, cases: Cases) -> frozenset[str]:
    """Multi-instances of which the model does not say how many there are, or the scenario says another number."""
    found: set[str] = set()
    for node in model.flow_nodes.values():
        if isinstance(node, Task | SubProcess) and isinstance(node.loop, MultiInstance):
            said = node.loop.cardinality.strip()
            numbers = {number for rows in cases.values() for _, number in instances(rows, node)}
            if not said or (said.isdecimal() and numbers - {int(said)}):
                found.add(node.id)
    return frozenset(found)


def instances(rows: Iterable[Row], node: Task | SubProcess) -> list[tuple[int, int]]:
    """Of each time that a multi-instance began: the place of its row, and how many instances there were.

    Those that come one after another are left out where they may have been cut short.
    """
    assert isinstance(node.loop, MultiInstance)
    began: dict[tuple[str, int], int] = {}
    runs: Counter[tuple[str, int]] = Counter()
    ended: set[tuple[str, int]] = set()
    for place, row in enumerate(rows):
        if row.element != node.id:
            continue
        if (outside := around(row)) is not None:
            runs[outside] += row.kind is RowKind.ENABLED
        elif row.kind is RowKind.ENABLED:
            began[row.path, row.visit] = place
        elif row.kind is RowKind.COMPLETED:
            ended.add((row.path, row.visit))
    return [(place, runs[key]) for key, place in began.items() if not node.loop.is_sequential or key in ended]


def around(row: Row) -> tuple[str, int] | None:
    """Of a run of a multi-instance the path and visit of its outside; None of any other row."""
    outside, _, own = row.path.rpartition("/")
    if not own.startswith(f"{row.element}["):
        return None
    return outside, int(own.rpartition("@")[2])
