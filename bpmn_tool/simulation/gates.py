"""Gates: which occasion is next or on, who stays away from it, and how much of it is left (docs/semantics.md, 6)."""

from bisect import bisect_right
from collections.abc import Iterator

from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.plan import GatePlan, WorkPlan


class Gate:
    """One gate in one replication. `number` is that of the occasion which is on or comes next, among those that take
    place.
    """

    def __init__(self, plan: GatePlan, dice: Dice, rows: list[Row]) -> None:
        self.plan, self.dice, self.rows = plan, dice, rows
        self.number = 0
        self.used = 0
        self.spent_at: int | None = None
        self._ends: list[int] = []  # of past occasions, spent or not
        self._windows: list[tuple[int, int]] = []  # when work could start, of past occasions
        self._said = -1  # the last occasion whose no-shows stand in the trace
        self._showing: dict[tuple[str, int], tuple[str, ...] | None] = {}

    # -- occasions

    def current(self, tick: int) -> tuple[int, int] | None:
        """The occasion that is on at `tick` or comes next."""
        while (occasion := self.plan.occasion(self.number)) is not None and occasion[1] <= tick:
            self._windows.append((occasion[0], self.spent_at if self.spent_at is not None else occasion[1]))
            self._ends.append(occasion[1])
            self.number, self.used, self.spent_at = self.number + 1, 0, None
        return occasion

    def open_at(self, tick: int) -> bool:
        occasion = self.current(tick)
        return occasion is not None and occasion[0] <= tick and self.spent_at is None

    def take(self, tick: int) -> None:
        """One place of this occasion's capacity."""
        self.used += 1
        if self.plan.capacity is not None and self.used >= self.plan.capacity:
            self.spent_at = tick

    def next_open(self, tick: int) -> int | None:
        """The first tick after `tick` at which it opens."""
        occasion = self.current(tick)
        if occasion is not None and occasion[0] <= tick:
            occasion = self.plan.occasion(self.number + 1)
        return None if occasion is None else occasion[0]

    def available(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The parts of [begin, end) in which it was open and not spent, each with the number of its occasion; `end` is
        not after now.
        """
        occasion = self.current(end)
        for number in range(bisect_right(self._ends, begin), len(self._windows)):
            a, b = self._windows[number]
            if max(a, begin) < min(b, end):
                yield max(a, begin), min(b, end), number
        if occasion is not None and occasion[0] < end:
            a, b = max(occasion[0], begin), end if self.spent_at is None else min(self.spent_at, end)
            if a < b:
                yield a, b, self.number

    # -- who comes

    def seats(self, work: WorkPlan, occasion: int) -> tuple[str, ...] | None:
        """The seats of some work that somebody has to take at an occasion: all but the no-shows. None where fewer come
        than the quorum.
        """
        if not self.plan.no_show:
            return work.seats
        key = (work.element, occasion)
        if key not in self._showing:
            gone = self.vacant(work, occasion)
            wanted = len(work.invited) if self.plan.quorum is None else self.plan.quorum
            here = [each for seat, each in enumerate(work.invited) if seat not in gone]
            self._showing[key] = tuple(role for role, taken in here if taken) if len(here) >= wanted else None
        return self._showing[key]

    def vacant(self, work: WorkPlan, occasion: int) -> tuple[int, ...]:
        """The seats of some work, counted from 0, to which nobody comes at an occasion."""
        if not self.plan.no_show:
            return ()
        before: dict[str, int] = {}
        gone = []
        for seat, (role, _) in enumerate(work.invited):
            place = before[role] = before.get(role, -1) + 1
            if self._stays_away(role, place, occasion):
                gone.append(seat)
        return tuple(gone)

    def say_who_is_missing(self, tick: int) -> None:
        """The no-shows of the occasion that is on, once: a row a seat."""
        if not self.plan.no_show or self._said == self.number:
            return
        self._said = self.number
        for role in sorted(self.plan.no_show, key=str.encode):
            for place in range(self.plan.places.get(role, 0)):
                if self._stays_away(role, place, self.number):
                    data = {"role": role, "seat": place, "occasion": self.number}
                    self.rows.append(Row(tick, RowKind.NO_SHOW, element=self.plan.id, data=data))

    def _stays_away(self, role: str, place: int, occasion: int) -> bool:
        likely = self.plan.no_show.get(role, 0.0)
        return likely > 0.0 and self.dice.seat(self.plan.id, role, place, occasion) < likely
