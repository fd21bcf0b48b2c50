"""What must hold of every trace, to the tick (docs/semantics.md, 8 and 9): each violation is one sentence."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bpmn_tool.results.cases import Status
from bpmn_tool.results.effort import effort
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.levels import integral, steps
from bpmn_tool.results.projections import Projection, project
from bpmn_tool.results.trace import Replication, Row, RowKind
from bpmn_tool.results.work_items import Outcome, WorkItem

#: rows that a black box may still cause after its case has ended
_LATE = frozenset({RowKind.SENT, RowKind.RECEIVED, RowKind.LOST, RowKind.DECLINED})


def violations(replication: Replication, facts: Facts) -> tuple[str, ...]:
    """All that is wrong with the sums of one replication; empty where everything holds."""
    seen = project(replication, facts)
    checks = (_order, _cases, _items, _causes, _chains, _open_cases, _handoffs, _resources, _hours)
    return tuple(sentence for check in checks for sentence in check(seen))


def _order(seen: Projection) -> Iterator[str]:
    """Rows rise in time, and nothing happens in a case before it arrives or after it ends."""
    tick = 0
    over: dict[str, int] = {}
    known = {""}
    for row in seen.replication.rows:
        if row.tick < tick:
            yield f"{row.kind.value} at {row.tick} stands after a row at {tick}"
        tick = row.tick
        if row.kind in (RowKind.ARRIVED, RowKind.MISSED):
            known.add(row.case)
        elif row.case not in known:
            yield f"{row.kind.value} at {row.tick}: case {row.case} has not arrived"
        if row.case in over and row.kind not in _LATE:
            yield f"{row.kind.value} at {row.tick}: case {row.case} ended at {over[row.case]}"
        if row.kind in (RowKind.ENDED, RowKind.FAILED):
            over[row.case] = row.tick


def _cases(seen: Projection) -> Iterator[str]:
    for case in seen.cases:
        if case.arrival is not None and case.arrival < case.demand:
            yield f"case {case.id} arrived before its demand"
        if case.status is Status.COMPLETED and any(i.outcome is Outcome.OPEN for i in seen.items_of.get(case.id, ())):
            yield f"case {case.id} ended with work left open"


def _items(seen: Projection) -> Iterator[str]:
    """Lag, waiting, processing and pauses are whole parts of enabled to left."""
    for item in seen.items:
        at = [tick for tick in (item.enabled, item.ready, item.start, item.end) if tick is not None]
        if at != sorted(at):
            yield f"{item.id}: enabled, ready, start and end are {at}"
        if item.lag + item.waiting + item.processing + item.paused != item.left - item.enabled:
            yield f"{item.id}: lag, waiting, processing and pauses do not sum to its time"
        if any(part < 0 for part in (item.lag, item.waiting, item.processing, item.paused)):
            yield f"{item.id}: a part of its time is negative"


def _causes(seen: Projection) -> Iterator[str]:
    for item in seen.items:
        booked = sum(item.causes.values())
        if booked != item.waiting or any(ticks < 0 for ticks in item.causes.values()):
            yield f"{item.id}: waited {item.waiting}, of which {booked} have a cause"


def _chains(seen: Projection) -> Iterator[str]:
    """From any item or end back along the predecessors that arrived last, the parts sum to the time since arrival."""
    by_id = {item.id: item for item in seen.items}
    since: dict[str, int] = {}  # item -> what the chain up to its being enabled sums to
    for item in seen.items:
        case = seen.case.get(item.case)
        if case is None or case.arrival is None or item.element not in seen.facts.kinds:
            continue
        found = _chain(item.predecessors, item.enabled, case.arrival, by_id, since)
        if isinstance(found, str):
            yield f"{item.id}: {found}"
            continue
        since[item.id] = found
        if found != item.enabled - case.arrival:
            yield f"{item.id}: its chain sums to {found}, but {item.enabled - case.arrival} have passed since arrival"
    for row in seen.replication.rows:
        if row.kind is RowKind.FIRED and row.predecessors:
            yield from _end(row, seen, by_id, since)


def _end(row: Row, seen: Projection, by_id: dict[str, WorkItem], since: dict[str, int]) -> Iterator[str]:
    arrival = seen.case[row.case].arrived
    found = _chain(row.predecessors, row.tick, arrival, by_id, since)
    if found != row.tick - arrival:
        yield f"{row.element} of {row.case} at {row.tick}: its chain gives {found}, not {row.tick - arrival}"


def _chain(
    predecessors: tuple[str, ...], tick: int, arrival: int, by_id: dict[str, WorkItem], since: dict[str, int]
) -> int | str:
    """The sum up to `tick`, or what is wrong with the last predecessor."""
    if not predecessors:
        return tick - arrival  # events alone
    last = by_id.get(predecessors[-1])
    if last is None or last.id not in since:
        return f"its predecessor {predecessors[-1]} was never enabled before it"
    left = min(last.left, tick)
    events = tick - left
    return since[last.id] + sum(parts_until(last, left)) + events


def parts_until(item: WorkItem, tick: int) -> tuple[int, int, int, int]:
    """Lag, waiting, processing and pauses of an item up to a tick; where a boundary event left it, the event's."""
    ready = tick if item.ready is None else min(item.ready, tick)
    start = tick if item.start is None else min(item.start, tick)
    worked = sum(max(0, min(to, tick) - from_) for from_, to in item.stretches())
    paused = sum(max(0, (tick if to is None else min(to, tick)) - from_) for from_, to in item.pauses)
    return ready - item.enabled, start - ready, worked, paused


def _open_cases(seen: Projection) -> Iterator[str]:
    """The integral of open cases is the sum of the time that each spent there."""
    spans = [(case.arrival, case.end) for case in seen.cases if case.arrival is not None]
    for low, high in ((0, seen.until), (seen.replication.warm_up, seen.replication.close)):
        area, at, level = 0, low, 0
        for tick, new in steps(spans):
            if tick > low:
                area += level * (min(tick, high) - min(at, high))
                at = tick
            level = new
        area += level * max(0, high - max(at, low))
        if area != integral(spans, low, high):
            yield f"open cases in [{low}, {high}) sum to {area}, their times to {integral(spans, low, high)}"


def _handoffs(seen: Projection) -> Iterator[str]:
    """Each handoff that is named was begun, and settles after that."""
    known = {handoff.id: handoff for handoff in seen.handoffs}
    for row in seen.replication.rows:
        for name in row.handoffs:
            if name not in known:
                yield f"{row.kind.value} at {row.tick}: handoff {name} never began"
            elif row.tick < known[name].begun:
                yield f"{row.kind.value} at {row.tick}: handoff {name} begins at {known[name].begun}"
    for handoff in seen.handoffs:
        if handoff.settled is not None and handoff.settled < handoff.begun:
            yield f"handoff {handoff.id} was settled before it began"


def _resources(seen: Projection) -> Iterator[str]:
    """Nobody works on two things at once, but on those of a batch that is done together."""
    busy: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for item in seen.items:
        name = item.together.name if item.together is not None else item.id
        for label in item.resources:
            busy[label].extend((from_, to, name) for from_, to in item.stretches())
    for label, stretches in busy.items():
        stretches.sort()
        for (_, to, first), (from_, _, second) in pairwise(stretches):
            if from_ < to and first != second:
                yield f"{label} works on {first} and {second} at once, at {from_}"


def _hours(seen: Projection) -> Iterator[str]:
    """The hours on duty in which somebody holds work are those that the items have, worked or blocked: none is lost,
    none is counted twice.
    """
    held: dict[str, list[tuple[int, int]]] = defaultdict(list)
    booked: dict[str, int] = defaultdict(int)
    for item in seen.items:
        for label in item.resources:
            staff = seen.facts.staff.get(label)
            if item.start is not None and staff is not None:
                held[label].append((item.start, item.left))
                spent = effort(item, staff)
                booked[label] += spent.on_duty + spent.blocked
                if min(spent.on_duty, spent.blocked, spent.overtime) < 0:
                    yield f"{item.id}: a part of the hours of {label} is negative"
    for label, stretches in held.items():
        calendar = seen.facts.staff[label].calendar
        total = at = 0
        for begin, end in sorted(stretches):
            begin = max(begin, at)  # noqa: PLW2901 (what is held already)
            if begin < end:
                total += end - begin if calendar is None else calendar.worked(begin, end)
                at = end
        if total != booked[label]:
            yield f"{label} holds work for {total} on duty, of which items have {booked[label]}"
