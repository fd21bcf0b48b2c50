"""What one replication adds to the tables of activities, roles, handoffs and undefined places: sums, no means."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn_tool.instants.units import DAY, HOUR
from bpmn_tool.results.cases import Status
from bpmn_tool.results.effort import cost, pay, use
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.levels import Span, course, integral
from bpmn_tool.results.trace import Cause, RowKind
from bpmn_tool.results.work_items import Outcome, WorkItem
from bpmn_tool.simulation.reading import Reading, Stint

#: points of a series at most
POINTS = 400


@dataclass(slots=True)
class WorkTally:
    """Items and ticks."""

    count: int = 0
    waiting: int = 0
    processing: int = 0
    causes: dict[Cause, int] = field(default_factory=dict)
    cost: float = 0.0

    def add(self, item: WorkItem, *, is_step: bool) -> None:
        """Standing work waits for idle hours by its nature: that is no waiting of anybody's."""
        self.count += 1
        self.processing += item.processing
        if not is_step:
            return
        self.waiting += item.waiting
        for cause, ticks in item.causes.items():
            self.causes[cause] = self.causes.get(cause, 0) + ticks


@dataclass(slots=True)
class HoursTally:
    """Ticks, as in :class:`bpmn_tool.results.summary.RoleHours`, and what is paid for them but idleness."""

    worked: int = 0
    overtime: int = 0
    blocked: int = 0
    lost: int = 0
    idle: int = 0
    cost: float = 0.0

    def add(self, stint: Stint, facts: Facts) -> None:
        spent = stint.window
        self.worked += spent.on_duty
        self.overtime += spent.overtime
        self.blocked += spent.blocked
        if stint.item.outcome is Outcome.INTERRUPTED:
            self.lost += spent.worked
        staff = facts.staff.get(stint.resource)
        if staff is not None:
            self.cost += pay(spent, staff, facts.overtime_factor)


@dataclass(slots=True)
class RoleTally:
    """Ticks; `queue` is the time-average number of items that wait."""

    utilisation: float | None = None
    queue: float | None = None
    worked: int = 0
    work: WorkTally = field(default_factory=WorkTally)
    hours: HoursTally = field(default_factory=HoursTally)


@dataclass(slots=True)
class HandoffTally:
    """How many, by what became of them; `waiting` in ticks."""

    source: str
    target: str
    outcomes: Counter[str] = field(default_factory=Counter)
    late: int = 0
    bounces: int = 0
    waiting: int = 0


def roles_of(element: str, facts: Facts) -> tuple[str, ...]:
    """The roles that a piece of work demands, each once; of work at an undefined place the one that it would be."""
    seats = tuple(dict.fromkeys(facts.seats.get(element, ())))
    if seats:
        return seats
    return (facts.undefined[element],) if element in facts.undefined else ()


def activities(reading: Reading) -> dict[str, WorkTally]:
    """Items that were enabled in the measured window, by element."""
    found: dict[str, WorkTally] = defaultdict(WorkTally)
    for item in reading.projection.items:
        if reading.low <= item.enabled < reading.high:
            found[item.element].add(item, is_step=reading.is_step(item))
            found[item.element].cost += cost(item, reading.facts)
    return dict(found)


def roles(reading: Reading) -> dict[str, RoleTally]:
    """Every role that has resources, or that work demands."""
    facts = reading.facts
    found: dict[str, RoleTally] = {role: RoleTally() for role in sorted(facts.role_size)}
    waits: dict[str, list[Span]] = defaultdict(list)
    for item in reading.projection.items:
        for role in roles_of(item.element, facts):
            tally = found.setdefault(role, RoleTally())
            if reading.low <= item.enabled < reading.high:
                tally.work.add(item, is_step=reading.is_step(item))
            if item.ready is not None and reading.is_step(item):
                waits[role].append((item.ready, item.end if item.start is None else item.start))
    for stint in reading.stints:
        if stint.role in found:
            found[stint.role].worked += stint.window.worked
            found[stint.role].hours.add(stint, facts)
    idle = _idle(reading)
    for role, tally in found.items():
        tally.hours.idle = sum(ticks for label, ticks in idle.items() if role in facts.staff[label].roles)
        tally.utilisation = _utilisation(role, reading)
        if reading.window > 0:
            tally.queue = integral(waits[role], reading.low, reading.high) / reading.window
    return found


def _idle(reading: Reading) -> dict[str, int]:
    """Resource -> ticks on duty within the measured window in which it held no work."""
    idle = dict(reading.on_duty)
    for stint in reading.stints:
        if stint.resource in idle:
            idle[stint.resource] -= stint.window.on_duty + stint.window.blocked
    return idle


def costs(reading: Reading) -> dict[str, float]:
    """What the measured window costs: hours of work (`work`) and of idleness (`idle`), and each start (`uses`)."""
    facts = reading.facts
    work = HoursTally()
    for stint in reading.stints:
        work.add(stint, facts)
    begun = [i for i in reading.projection.items if i.start is not None and reading.low <= i.start < reading.high]
    return {
        "work": work.cost,
        "idle": sum(ticks / HOUR * facts.staff[label].cost_per_hour for label, ticks in _idle(reading).items()),
        "uses": sum(use(item, facts) for item in begun),
    }


def _utilisation(role: str, reading: Reading) -> float | None:
    labels = [label for label, staff in reading.facts.staff.items() if role in staff.roles]
    duty = sum(reading.on_duty[label] for label in labels)
    return sum(reading.worked_on_duty.get(label, 0) for label in labels) / duty if duty else None


def handoffs(reading: Reading) -> dict[str, HandoffTally]:
    """Those of cohort cases, by flow; flows over which nothing passed stand with zeros."""
    facts = reading.facts
    found: dict[str, HandoffTally] = {}
    for flow in facts.handoffs:
        source, target = facts.flow_ends.get(flow, ("", ""))
        found[flow] = HandoffTally(facts.owner.get(source, ""), facts.owner.get(target, ""))
    for handoff in reading.projection.handoffs:
        case = reading.projection.case.get(handoff.case)
        if case is None or not case.in_cohort:
            continue
        tally = found[handoff.flow]
        tally.outcomes[handoff.outcome.value] += 1
        tally.late += handoff.late
        tally.bounces += handoff.bounce
        tally.waiting += handoff.waiting
    return found


def flows_and_ends(reading: Reading) -> tuple[Counter[str], Counter[str]]:
    """How often cohort cases took each flow, and came to each end event."""
    cohort = {case.id for case in reading.projection.cohort}
    flows: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for row in reading.projection.replication.rows:
        if row.case not in cohort:
            continue
        if row.flows and row.kind is not RowKind.RECEIVED and row.kind is not RowKind.LOST:
            flows.update(row.flows)
        if row.kind is RowKind.FIRED and reading.facts.kinds.get(row.element) == "endEvent":
            ends[row.element] += 1
    return flows, ends


def stuck_at(reading: Reading) -> Counter[str]:
    """What holds the tokens of cohort cases that can never go on: flow node or flow -> cases."""
    found: Counter[str] = Counter()
    for case in reading.projection.cohort:
        if case.status is Status.STUCK:
            found.update(set(reading.projection.replication.stuck[case.id]))
    return found


@dataclass(slots=True)
class UndefinedTally:
    role: str
    stuck: int = 0
    reached: int = 0
    in_vain: int = 0


def undefined(reading: Reading) -> dict[str, UndefinedTally]:
    """Work and black boxes that nobody holds: cohort cases that got there, and that rest there for ever."""
    facts = reading.facts
    found = {name: UndefinedTally(role) for name, role in facts.undefined.items() if _is_place(name, facts)}
    if not found:
        return {}
    resting = _resting(reading)
    reached: dict[str, set[str]] = defaultdict(set)
    for row in reading.projection.replication.rows:
        if row.element in found and row.kind in (RowKind.ENABLED, RowKind.RECEIVED):
            reached[row.element].add(row.case)
    for case in reading.projection.cohort:
        in_vain = {i.element for i in reading.projection.items_of.get(case.id, ()) if i.outcome is Outcome.WITHDRAWN}
        for name, tally in found.items():
            if case.id in reached[name]:
                tally.reached += 1
                tally.stuck += name in resting.get(case.id, frozenset())
                tally.in_vain += name in in_vain
    return found


def _is_place(name: str, facts: Facts) -> bool:
    """A flow node or a black box, and not a role."""
    return name in facts.kinds or facts.owner.get(name) == name


def _resting(reading: Reading) -> dict[str, frozenset[str]]:
    """Stuck case -> what holds it: flow nodes, and the black boxes from which one of them waits for an answer."""
    asked: dict[str, set[str]] = defaultdict(set)  # node -> where its messages come from
    for source, target in reading.facts.flow_ends.values():
        asked[target].add(source)
    return {
        case: frozenset(held) | frozenset(source for node in held for source in asked[node])
        for case, held in reading.projection.replication.stuck.items()
    }


def series(reading: Reading) -> dict[str, tuple[int, ...]]:
    """How many cases are open, and items wait for each role, at each point of :func:`grid`."""
    ticks = [day * DAY for day in grid(reading.high)]
    open_cases: list[Span] = [(c.arrival, c.end) for c in reading.projection.cases if c.arrival is not None]
    found = {"open_cases": course(open_cases, ticks)}
    waits: dict[str, list[Span]] = {role: [] for role in sorted(reading.facts.role_size)}
    for item in reading.projection.items:
        if item.ready is None or not reading.is_step(item):
            continue
        for role in roles_of(item.element, reading.facts):
            waits.setdefault(role, []).append((item.ready, item.end if item.start is None else item.start))
    for role, spans in waits.items():
        found[f"queue:{role}"] = course(spans, ticks)
    return found


def grid(until: int) -> tuple[int, ...]:
    """Days from the start up to `until` (a tick), every day or, of long runs, every few."""
    days = max(1, until // DAY)
    return tuple(range(0, days + 1, -(-days // POINTS)))


def persons(reading: Reading) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Persons of the cohort: stream -> (number, tick of the demand), by number."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (stream, number), entries in reading.projection.persons.items():
        if entries[0].in_cohort:
            found[stream].append((number, entries[0].demand))
    return {stream: tuple(sorted(each)) for stream, each in sorted(found.items())}
