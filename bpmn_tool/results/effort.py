"""Hours that resources spend on work items, and what they cost (docs/semantics.md, 6 and 8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from bpmn_tool.instants.units import HOUR
from bpmn_tool.results.facts import Facts, Staff
from bpmn_tool.results.work_items import WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Ticks of one resource on one item: worked on duty, worked off duty, and on duty while the work paused."""

    on_duty: int
    overtime: int
    blocked: int

    @property
    def worked(self) -> int:
        return self.on_duty + self.overtime


def effort(item: WorkItem, staff: Staff | None, from_: int | None = None, to: int | None = None) -> Effort:
    """Of one resource within [from_, to), the whole item unless given; without a calendar it is always on duty. Of work
    done together each item has an even share, tick by tick.
    """
    if item.start is None:
        return Effort(on_duty=0, overtime=0, blocked=0)
    low = item.start if from_ is None else max(from_, item.start)
    high = item.left if to is None else min(to, item.left)
    if item.together is None:
        return _effort(item, staff, low, high)
    place, left = item.together.place, item.together.left
    at = low
    parts = []
    for until in sorted({each for each in left if low < each < high} | {high}):
        there = [n for n, each in enumerate(left) if each >= until]
        whole = _effort(item, staff, at, until)
        rank, n = there.index(place), len(there)
        parts.append([ticks * (rank + 1) // n - ticks * rank // n for ticks in _ticks(whole)])
        at = until
    on_duty, overtime, blocked = (sum(each) for each in zip(*parts, strict=True))
    return Effort(on_duty=on_duty, overtime=overtime, blocked=blocked)


def _ticks(effort: Effort) -> tuple[int, int, int]:
    return effort.on_duty, effort.overtime, effort.blocked


def _effort(item: WorkItem, staff: Staff | None, low: int, high: int) -> Effort:
    if low >= high:
        return Effort(on_duty=0, overtime=0, blocked=0)
    calendar = staff.calendar if staff is not None else None

    def duty(begin: int, end: int) -> int:
        return end - begin if calendar is None else calendar.worked(begin, end)

    worked = on_duty = 0
    for a, b in item.stretches():
        begin, end = max(a, low), min(b, high)
        if begin < end:
            worked += end - begin
            on_duty += duty(begin, end)
    present = duty(low, high)
    if item.away and staff is not None:
        present -= sum(
            duty(max(a, low), min(b, high)) for a, b in item.away.get(staff.label, ()) if max(a, low) < min(b, high)
        )
    return Effort(on_duty=on_duty, overtime=worked - on_duty, blocked=present - on_duty)


def seats(item: WorkItem, facts: Facts) -> Iterator[tuple[str, str]]:
    """(role, resource) of each seat that somebody came to; "" where nobody took it, or the role has no resource
    of its own.
    """
    roles: Iterable[str] = facts.seats.get(item.element, ())
    if item.vacant:
        roles = [role for seat, role in enumerate(roles) if seat not in item.vacant]
    for role, label in zip_longest(roles, item.resources, fillvalue=""):
        if not role and label in facts.staff:
            yield facts.staff[label].roles[0], label
        else:
            yield role, label


def cost(item: WorkItem, facts: Facts) -> float:
    """What the item costs its case, in the scenario's currency: paid hours, overtime by its factor, and its use."""
    if item.start is None:
        return 0.0
    total = use(item, facts)
    for label in item.resources:
        staff = facts.staff.get(label)
        if staff is None or not staff.cost_per_hour:
            continue
        total += pay(effort(item, staff), staff, facts.overtime_factor)
    return total


def use(item: WorkItem, facts: Facts) -> float:
    """The cost of a start; of work done together each item has an even share."""
    whole = facts.start_cost.get(item.element, 0.0)
    return whole if item.together is None else whole / len(item.together.left)


def pay(spent: Effort, staff: Staff, overtime_factor: float) -> float:
    """What these hours cost: those on duty, worked or blocked, and those after by their factor."""
    return (spent.on_duty + spent.blocked + overtime_factor * spent.overtime) / HOUR * staff.cost_per_hour
