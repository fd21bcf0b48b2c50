"""Whether people can do what comes in, before the run: visits by the flow equations, times durations, over capacity.

How often each node is come to solves ``E = A E + b`` (Banks et al., Discrete-Event System Simulation, 5th ed., 6.6: the
traffic equations of an open network): `b` is what arrives at start events, `A` how many times a node is come to for
each time that another one is. Probabilities that the scenario states enter as they are; what depends on a case
(conditions, races, borders, instances) is counted in one replication, from what ended there, so that work which only
waits for people takes nothing from what comes behind it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from bpmn_tool.errors import ExpressionError
from bpmn_tool.instants.units import WEEK
from bpmn_tool.model.net import Behaviour
from bpmn_tool.results.trace import Replication, RowKind
from bpmn_tool.simulation.plan import Plan, WorkPlan

_POINTS: Final = 256
"""Of (0, 1) at which a duration is read for its mean."""
_CASES: Final = 40
"""Cases whose attributes stand for all where a duration depends on them."""
_LEAVES: Final = frozenset({RowKind.COMPLETED, RowKind.INTERRUPTED, RowKind.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLoad:
    """Ticks of work that come in for a role and ticks that its people are on duty, until the cohort closes."""

    role: str
    asked: float
    on_duty: float

    @property
    def load(self) -> float | None:
        """None where nobody is ever on duty."""
        return self.asked / self.on_duty if self.on_duty else None


def load_check(plan: Plan, pilot: Replication) -> tuple[RoleLoad, ...]:
    """Each role that somebody holds, by id; `pilot` is one replication of the plan."""
    counted = _Counted()
    counted.read(pilot)
    until = pilot.close
    visits = _visits(plan, counted)
    asked: dict[str, float] = defaultdict(float)
    for element, work in plan.works.items():
        for role in work.seats:
            asked[role] += visits.get(element, 0.0) * _mean(plan, work, role, counted.cases)
    for background in plan.background:
        weeks = until / WEEK
        many = counted.open_cases(until) if background.per_case else 1.0
        asked[background.role] += background.ticks * weeks * many
    return tuple(
        RoleLoad(
            role=role,
            asked=asked[role],
            on_duty=float(sum(plan.resources[index].calendar.worked(0, until) for index in found)),
        )
        for role, found in sorted(plan.by_role.items())
        if found
    )


@dataclass(slots=True)
class _Counted:
    """Of one replication."""

    entered: Counter[str] = field(default_factory=Counter)  # node: how often it was come to, and it ended
    taken: Counter[str] = field(default_factory=Counter)  # flow
    sent: Counter[str] = field(default_factory=Counter)  # message flow
    received: Counter[tuple[str, str]] = field(default_factory=Counter)  # message flow, node
    arrived: Counter[str] = field(default_factory=Counter)  # start event
    cases: list[Mapping[str, Any]] = field(default_factory=list)
    spans: dict[str, list[float]] = field(default_factory=dict)

    def read(self, pilot: Replication) -> None:
        enabled: Counter[str] = Counter()
        left: Counter[str] = Counter()
        fired: Counter[str] = Counter()
        for row in pilot.rows:
            match row.kind:
                case RowKind.ARRIVED:
                    self.spans[row.case] = [row.tick, math.inf]
                    if row.tick < pilot.close:
                        self.arrived[row.element] += 1
                        if row.data and len(self.cases) < _CASES:
                            self.cases.append(row.data)
                case RowKind.ENDED | RowKind.FAILED if row.case in self.spans:
                    self.spans[row.case][1] = row.tick
                case RowKind.ENABLED:
                    enabled[row.element] += 1
                case RowKind.SENT:
                    self.sent.update(row.flows)
                case RowKind.RECEIVED:
                    self.received.update((flow, row.element) for flow in row.flows)
                case RowKind.FIRED:
                    fired[row.element] += 1
            if row.kind in _LEAVES:
                left[row.element] += 1
            if row.kind in (RowKind.FIRED, RowKind.COMPLETED):
                self.taken.update(row.flows)
        for node in {*enabled, *fired}:
            self.entered[node] = min(enabled[node], left[node] + fired[node]) if node in enabled else fired[node]

    def open_cases(self, until: int) -> float:
        """On average."""
        return sum(max(0.0, min(end, until) - begin) for begin, end in self.spans.values() if begin < until) / until


def _visits(plan: Plan, counted: _Counted) -> dict[str, float]:
    """How often each node is come to until the cohort closes."""
    nodes = sorted(plan.net.nodes)
    place = {node: number for number, node in enumerate(nodes)}
    matrix = np.eye(len(nodes))
    for source, target, share in _shares(plan, counted):
        matrix[place[target], place[source]] -= share
    begins = np.zeros(len(nodes))
    for start, expected in _arrivals(plan, counted).items():
        if start in place:
            begins[place[start]] += expected
    try:
        found = np.linalg.solve(matrix, begins)
    except np.linalg.LinAlgError:
        return {}  # a round without a way out: other rules tell it
    return {node: max(0.0, float(value)) for node, value in zip(nodes, found, strict=True)}


def _arrivals(plan: Plan, counted: _Counted) -> dict[str, float]:
    """Cases at each start event, as expected rather than as they came: by the streams that it takes from."""
    found: dict[str, float] = {start: float(times) for start, times in counted.arrived.items()}
    for stream in plan.streams:
        expected = plan.expected_arrivals.get(stream.id)
        if expected is not None and not stream.is_demand and len(stream.doors) == 1:
            found[stream.doors[0].start_event] = expected
    return found


def _shares(plan: Plan, counted: _Counted) -> Iterator[tuple[str, str, float]]:
    """Source, target, and how often the target is come to for each time that the source is."""
    net = plan.net
    for node in net.nodes.values():
        entered = counted.entered[node.id]
        stated = _stated(plan, node.id)
        for flow in node.outgoing:
            target = net.nodes[net.flows[flow][1]]
            share = stated.get(flow, counted.taken[flow] / entered if entered else 0.0)
            yield node.id, target.id, share * _together(counted, target)
        for flow in node.sends:
            for (received, target_id), times in sorted(counted.received.items()):
                if received == flow and target_id in net.nodes and not net.nodes[target_id].incoming and entered:
                    yield node.id, target_id, times / entered
        for border in node.boundary:
            if entered:
                yield node.id, border, counted.entered[border] / entered
        inner = [n for n in net.nodes.values() if node.inner and n.container == node.inner and not n.incoming]
        for begin in inner:
            if entered and begin.host is None and begin.id not in counted.arrived:
                yield node.id, begin.id, counted.entered[begin.id] / entered


def _stated(plan: Plan, node: str) -> dict[str, float]:
    """The probabilities of an exclusive decision, where they are numbers."""
    decision = plan.decisions.get(node)
    if decision is None or decision.inclusive or not decision.probabilities:
        return {}
    table: tuple[tuple[str, Any], ...] = decision.probabilities
    if not all(value is None or isinstance(value, float) for _flow, value in table):
        return {}
    known = {flow: float(value) for flow, value in table if value is not None}
    rest = [flow for flow, value in table if value is None]
    return {**known, **dict.fromkeys(rest, max(0.0, 1.0 - sum(known.values())))}


def _together(counted: _Counted, node: Any) -> float:
    """How often it is come to for each token: a join takes several."""
    if node.behaviour is Behaviour.PARALLEL and len(node.incoming) > 1:
        return 1.0 / len(node.incoming)
    if node.behaviour in (Behaviour.INCLUSIVE, Behaviour.COMPLEX) or node.loop is not None:
        tokens = sum(counted.taken[flow] for flow in node.incoming)
        return counted.entered[node.id] / tokens if tokens else 1.0
    return 1.0


def _mean(plan: Plan, work: WorkPlan, role: str, cases: list[Mapping[str, Any]]) -> float:
    """Ticks that one of a role is held by a piece of work, on average."""
    if work.duration is None:
        return 0.0
    people = [plan.resources[index] for index in plan.by_role.get(role, ())]
    if not people:
        return 0.0
    found = []
    for attributes in cases or [{}]:
        for person in people[:3]:
            duration = person.durations.get(work.element, work.duration)
            try:
                ticks = [duration((n + 0.5) / _POINTS, attributes, person.speed) for n in range(_POINTS)]
            except (ExpressionError, ValueError):
                continue
            found.append(math.fsum(ticks) / _POINTS)
        if len(found) >= len(people[:3]) and not _depends(work, cases):
            break
    return math.fsum(found) / len(found) if found else 0.0


def _depends(work: WorkPlan, cases: list[Mapping[str, Any]]) -> bool:
    """Whether a duration is another one for another case."""
    if work.duration is None:
        return False
    try:
        return len({work.duration(0.5, attributes) for attributes in cases}) > 1
    except (ExpressionError, ValueError):
        return True
