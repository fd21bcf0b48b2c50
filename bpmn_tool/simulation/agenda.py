"""What is due when: one queue in the order of docs/semantics.md 4, and one SimPy wake-up a tick."""

import heapq
from collections.abc import Callable
from typing import Any

import simpy

#: (calendar changes 0, all else 1; then case, kind, element's rank, path, visit): unique among what is due in one tick
Order = tuple[Any, ...]


class Happening:
    """Something due; `alive` is False once it was called off.

    `case` is the id of the case it belongs to, empty for none.
    """

    __slots__ = ("alive", "case", "run")

    def __init__(self, run: Callable[[int], None], case: str) -> None:
        self.run = run
        self.case = case
        self.alive = True


class Agenda:
    """Runs happenings tick by tick: all that is due at t in order, then `allocate(t)`, again while that made something
    due at t.
    """

    def __init__(self, allocate: Callable[[int], bool], finished: Callable[[int], bool]) -> None:
        self._environment = simpy.Environment()
        self._due: list[tuple[int, Order, int, Happening]] = []
        self._ticks: set[int] = set()
        self._allocate = allocate
        self._finished = finished
        self._stop = self._environment.event()
        self._serial = 0
        self.now = 0

    def at(
        self, tick: int, order: Order, run: Callable[[int], None], *, case: str = "", change: bool = False
    ) -> Happening:
        """`run(tick)` is due at `tick`, which is not in the past.

        `change`: a change of calendar or gate, before all else.
        """
        happening = Happening(run, case)
        self._serial += 1
        heapq.heappush(self._due, (tick, (0 if change else 1, *order), self._serial, happening))
        self.wake(tick)
        return happening

    def wake(self, tick: int) -> None:
        """Have `allocate` called at `tick`, whether or not anything happens then."""
        if tick in self._ticks:
            return
        self._ticks.add(tick)
        event = simpy.Event(self._environment)
        event._ok, event._value = True, None
        event.callbacks.append(self._tick)
        self._environment.schedule(event, delay=tick - self._environment.now)

    def run(self) -> int:
        """Runs until `finished` says so or nothing is due; returns the tick of the end."""
        if self._ticks:
            self._environment.run(until=self._stop)
        return self.now

    def pending_cases(self) -> set[str]:
        """Cases for which something is still due."""
        return {happening.case for _, _, _, happening in self._due if happening.alive and happening.case}

    def _tick(self, _event: simpy.Event) -> None:
        tick = self.now = int(self._environment.now)
        self._ticks.discard(tick)
        if self._stop.triggered:
            return
        due = self._due
        while True:
            while due and due[0][0] <= tick:
                happening = heapq.heappop(due)[3]
                if happening.alive:
                    happening.alive = False
                    happening.run(tick)
            if not self._allocate(tick):
                break
        if self._finished(tick) or not self._ticks:
            self._stop.succeed()
