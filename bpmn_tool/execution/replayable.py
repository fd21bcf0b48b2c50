"""A model made ready for the cases of a trace: what chance or people decided in the trace, the trace decides here too.

What the drawing alone settles (forks, joins, scopes, boundary events, races, which work is open, which message reaches
whom) stays SpiffWorkflow's, so that a trace fits only where both mean the same.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
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

_TURNS: Final = frozenset({RowKind.ENABLED, RowKind.COMPLETED, RowKind.INTERRUPTED, RowKind.WITHDRAWN})
_DECIDES: Final = frozenset({GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayable:
    """`decisions`: gateways at which the trace chooses. `timers`: events that occur when the trace says.
    `carried`: message flows that the trace brings; the others SpiffWorkflow's cases send and receive by themselves.
    `races`: event-based gateways, of which the trace says when they were reached, SpiffWorkflow when they were decided.
    `unsaid`: nodes of which no row says which flow they take: those gateways, links, and starts of event sub-processes.
    `counted`: activities with a marker whose number of runs is the trace's.
    `taken`: conditional flow out of an activity -> name of the datum that says whether it is taken.
    """

    model: Model
    executable: Executable
    decisions: frozenset[str]
    timers: frozenset[str]
    races: frozenset[str]
    unsaid: frozenset[str]
    counted: frozenset[str]
    carried: frozenset[str]
    taken: Mapping[str, str]


def replayable(model: Model, cases: Cases) -> Replayable:
    """Raises InputError where the model cannot be executed."""
    carried = _carried(model, cases)
    conditional = [flow.id for flow in model.sequence_flows.values() if _leaves_an_activity(model, flow)]
    taken = {flow: TAKEN.format(number=number) for number, flow in enumerate(conditional)}
    decisions = frozenset(node.id for node in model.flow_nodes.values() if _decides(node))
    timers = frozenset(node.id for node in model.flow_nodes.values() if isinstance(node, Event) and _is_timer(node))
    counted = _counted(model, cases)
    races = frozenset(
        node.id
        for node in model.flow_nodes.values()
        if isinstance(node, Gateway) and node.kind is GatewayKind.EVENT_BASED
    )
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
        races=races,
        unsaid=races | frozenset(node.id for node in model.flow_nodes.values() if _is_unsaid(model, node)),
        counted=counted,
        carried=carried,
        taken=taken,
    )


def _leaves_an_activity(model: Model, flow: SequenceFlow) -> bool:
    return bool(flow.condition and flow.condition.strip()) and isinstance(
        model.flow_nodes[flow.source_ref], Task | SubProcess
    )


def _decides(node: FlowNode) -> bool:
    return isinstance(node, Gateway) and node.kind in _DECIDES and len(node.outgoing) > 1


def _is_unsaid(model: Model, node: FlowNode) -> bool:
    if not isinstance(node, Event):
        return False
    around = model.flow_nodes.get(node.container)
    begins = node.kind is EventKind.START and isinstance(around, SubProcess) and around.triggered_by_event
    return begins or node.has(TriggerKind.LINK)


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
    match node.loop:
        case MultiInstance() if node.id in counted:
            return replace(node.loop, cardinality="")
        case StandardLoop() if node.id in counted:
            return replace(node.loop, condition="", maximum=None)
        case loop:
            return loop


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


def _counted(model: Model, cases: Cases) -> frozenset[str]:
    """Loops, and multi-instances of which the model does not say in figures how many there are, or the scenario says
    another number: how often they run stands in the trace.
    """
    found: set[str] = set()
    for node in model.flow_nodes.values():
        match node:
            case Task(loop=MultiInstance() as loop) | SubProcess(loop=MultiInstance() as loop):
                said = loop.cardinality.strip()
                numbers = {number for rows in cases.values() for _, number in rounds(rows, node).counts}
                if not said.isdecimal() or (not loop.is_sequential and numbers - {int(said)}):
                    found.add(node.id)
            case Task(loop=StandardLoop()) | SubProcess(loop=StandardLoop()):
                found.add(node.id)
            case _:
                pass
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Rounds:
    """Of an activity with a marker: where each of its times began with how many runs, and the places of the rows that
    are about its outside and not about a run.
    """

    counts: Sequence[tuple[int, int]]
    outside: frozenset[int]


def rounds(rows: Sequence[Row], node: Task | SubProcess) -> Rounds:
    """Read off the rows of one case."""
    return _of_loop(rows, node) if isinstance(node.loop, StandardLoop) else _of_instances(rows, node)


def _of_instances(rows: Sequence[Row], node: Task | SubProcess) -> Rounds:
    """A run has its own place in its path."""
    began: dict[tuple[str, int], int] = {}
    runs: Counter[tuple[str, int]] = Counter()
    outside: set[int] = set()
    for place, row in enumerate(rows):
        if row.element != node.id:
            continue
        around, _, own = row.path.rpartition("/")
        if own.startswith(f"{node.id}["):
            runs[around, int(own.rpartition("@")[2])] += row.kind is RowKind.ENABLED
        else:
            outside.add(place)
            if row.kind is RowKind.ENABLED:
                began[row.path, row.visit] = place
    return Rounds([(place, runs[key]) for key, place in began.items()], frozenset(outside))


def _of_loop(rows: Sequence[Row], node: Task | SubProcess) -> Rounds:
    """A run has the path of its outside, and lies between its rows."""
    counts: list[list[int]] = []
    outside: set[int] = set()
    current: dict[str, list[int]] = {}
    is_running: dict[str, bool] = {}
    for place, row in enumerate(rows):
        if row.element != node.id or row.kind not in _TURNS:
            continue
        if row.kind is RowKind.ENABLED:
            if row.path in current:
                current[row.path][1] += 1
                is_running[row.path] = True
            else:
                current[row.path] = [place, 0]
                counts.append(current[row.path])
                outside.add(place)
        elif is_running.get(row.path):
            is_running[row.path] = False
        else:
            current.pop(row.path, None)
            outside.add(place)
    return Rounds([(place, number) for place, number in counts], frozenset(outside))
