"""Why work waited: each tick from ready to start has one cause (docs/semantics.md, 8)."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bpmn_tool.results.trace import Cause
from bpmn_tool.simulation.case import Item
from bpmn_tool.simulation.gates import Gate
from bpmn_tool.simulation.plan import GatePlan, Limits, Plan, WorkPlan
from bpmn_tool.simulation.service import service

NO_LIMITS = Limits()
NO_WAITS = dict.fromkeys(Cause, 0)


@dataclass(slots=True)
class Waiting:
    """Books waiting, and keeps by role those who wait and have not been passed over yet."""

    plan: Plan
    gate: Callable[[GatePlan], Gate]
    _unmarked: dict[str, list[tuple[int, Any, int, Item]]] = field(default_factory=dict)
    _serial: int = 0

    def add(self, item: Item) -> None:
        """From now on whoever comes later may pass this item over."""
        self._serial += 1
        seats = item.work.seats
        for role in seats if len(seats) < 2 else dict.fromkeys(seats):
            heapq.heappush(self._unmarked.setdefault(role, []), (item.ready, item.order, self._serial, item))

    def passed_over(self, roles: tuple[str, ...], by: Item, tick: int) -> None:
        """Somebody with these roles was taken: every item before `by` that still waits for one of them has been passed
        over, unless its gate is shut to it.
        """
        mine = (by.ready, by.order)
        for role in roles:
            heap = self._unmarked.get(role)
            kept = []
            while heap and heap[0][:2] < mine:
                entry = heapq.heappop(heap)
                other = entry[-1]
                if other.done or other.start >= 0 or other.passed_over >= 0:
                    continue
                if self._waits_for(role, other.work, tick):
                    other.passed_over = tick
                else:
                    kept.append(entry)
            for entry in kept:
                heapq.heappush(self._unmarked[role], entry)

    def _waits_for(self, role: str, work: WorkPlan, tick: int) -> bool:
        """Whether an item of this work could use somebody of a role now, its gate being open."""
        if work.gate is None:
            return True
        gate = self.gate(work.gate)
        return gate.open_at(tick) and role in (gate.seats(work, gate.number) or ())

    # -- booking

    def book(self, item: Item, until: int) -> None:
        """Books each tick of [ready, until). Undefined, then batching, unavailability, priority, contention."""
        item.waits = waits = NO_WAITS.copy()
        if until == item.ready:
            return
        if item.work.absent:
            waits[Cause.UNDEFINED] = until - item.ready
            return
        begin = item.ready
        if item.work.batch is not None:
            begin = until if item.released < 0 else item.released
            waits[Cause.BATCHING] += begin - item.ready
        passed = (item.together or item).passed_over
        turn = until if passed < 0 else max(begin, passed)
        for a, b, cause in ((begin, turn, Cause.CONTENTION), (turn, until, Cause.PRIORITY)):
            if a >= b:
                continue
            open_for = servable = 0
            for from_, to, seats in self._open(item.work, a, b):
                open_for += to - from_
                servable += self._servable(item, seats, from_, to)
            waits[Cause.BATCHING] += b - a - open_for
            waits[Cause.UNAVAILABILITY] += open_for - servable
            waits[cause] += servable

    def _open(self, work: WorkPlan, begin: int, end: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """When work could start within [begin, end) as far as its gate goes, and on which seats."""
        if work.gate is None:
            yield begin, end, work.seats
            return
        gate = self.gate(work.gate)
        for a, b, number in gate.available(begin, end):
            if (seats := gate.seats(work, number)) is not None:
                yield a, b, seats

    def _servable(self, item: Item, seats: tuple[str, ...], begin: int, end: int) -> int:
        """Ticks of [begin, end) in which those on duty could fill the seats, were they all free."""
        if not item.limits and not seats:
            return end - begin
        if not item.limits:
            return self._service(seats, NO_LIMITS, begin, end)
        total = 0
        for n, (from_, limits) in enumerate(item.limits):
            to = item.limits[n + 1][0] if n + 1 < len(item.limits) else end
            a, b = max(begin, from_), min(end, to)
            total += self._service(seats, limits, a, b) if a < b else 0
        return total

    def _service(self, seats: tuple[str, ...], limits: Limits, begin: int, end: int) -> int:
        key = (seats, limits)
        if key not in self.plan.services:
            self.plan.services[key] = service(self.plan, seats, limits)
        return self.plan.services[key].ticks(begin, end)
