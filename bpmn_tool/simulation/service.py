"""Filling seats, and when the resources on duty could fill them (docs/semantics.md, 6 and 8)."""

import bisect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bpmn_tool.instants.working_time import Calendar

if TYPE_CHECKING:
    from bpmn_tool.simulation.plan import Limits, Plan, ResourcePlan

MAX_TICK = 2**62


class Service:
    """When the resources on duty could fill a set of seats, were they all free: cumulative, extended as far as it is
    asked.
    """

    def __init__(self, calendars: Sequence[Calendar], feasible: Callable[[int], bool]) -> None:
        self._calendars = list(dict.fromkeys(calendars))
        self._feasible = feasible
        self._ticks = [0]
        self._before = [0]  # servable ticks before each of `_ticks`
        self._state = feasible(0)
        self._states = [self._state]

    def ticks(self, begin: int, end: int) -> int:
        """Servable ticks in [begin, end)."""
        return self._until(end) - self._until(begin)

    def _until(self, tick: int) -> int:
        while self._ticks[-1] <= tick:
            last = self._ticks[-1]
            changes = [c for calendar in self._calendars if (c := calendar.next_change(last)) is not None]
            following = min(changes, default=MAX_TICK)
            self._before.append(self._before[-1] + (following - last if self._states[-1] else 0))
            self._ticks.append(following)
            self._states.append(following < MAX_TICK and self._feasible(following))
        index = bisect.bisect_right(self._ticks, tick) - 1
        return self._before[index] + (tick - self._ticks[index] if self._states[index] else 0)


def service(plan: "Plan", seats: tuple[str, ...], limits: "Limits") -> Service:
    """When these seats can be filled by those on duty, were they all free."""
    holders = [plan.by_role.get(role, ()) for role in seats]
    calendars = {index: plan.resources[index].calendar for held in holders for index in held}

    def feasible(tick: int) -> bool:
        there = [[i for i in held if calendars[i].on_duty(tick)] for held in holders]
        return fill(limited(plan.resources, seats, limits, there)) is not None

    return Service(list(calendars.values()), feasible)


def limited(
    resources: Sequence["ResourcePlan"], seats: tuple[str, ...], limits: "Limits", candidates: list[list[int]]
) -> list[list[int]]:
    """The candidates of each seat without those who are barred; who is wanted takes the first seat whose role is held,
    and nobody else does.
    """
    if limits.barred:
        candidates = [[i for i in each if i not in limits.barred] for each in candidates]
    if limits.wanted < 0:
        return candidates
    held = resources[limits.wanted].roles
    place = next((n for n, role in enumerate(seats) if role in held), None)
    if place is None:
        return [[]]  # nothing that can be filled
    return [[i for i in each if (i == limits.wanted) == (n == place)] for n, each in enumerate(candidates)]


def fill(candidates: list[list[int]]) -> list[int] | None:
    """A different candidate for each seat, in the order of seats the first that leaves the rest fillable; None where
    there is none.
    """
    if not candidates:
        return []
    if len(candidates) == 1:
        return [candidates[0][0]] if candidates[0] else None
    if not _fillable(candidates, frozenset()):
        return None
    chosen: list[int] = []
    for seat, options in enumerate(candidates):
        for index in options:
            if index not in chosen and _fillable(candidates[seat + 1 :], frozenset((*chosen, index))):
                chosen.append(index)
                break
    return chosen


def _fillable(candidates: list[list[int]], taken: frozenset[int]) -> bool:
    """Whether all these seats can be filled at once, by augmenting paths (Kuhn)."""
    seat_of: dict[int, int] = {}

    def place(seat: int, seen: set[int]) -> bool:
        for index in candidates[seat]:
            if index in taken or index in seen:
                continue
            seen.add(index)
            if index not in seat_of or place(seat_of[index], seen):
                seat_of[index] = seat
                return True
        return False

    return all(place(seat, set()) for seat in range(len(candidates)))
