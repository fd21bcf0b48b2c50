"""The cumulative rate of a stream and its inverse: piecewise linear, breaks on whole ticks (docs/semantics.md, 2)."""

import bisect
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from bpmn_tool.instants.units import DAY
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.instants.zones import TimeLine

#: `hours` concentrates the mean of this long from the start into open time
NORMALISED_OVER = 365 * DAY
_LONGEST = 200 * 365 * DAY


class CumulativeRate:
    """Expected number of moments before a tick, and the tick of a number: exact inversion, no thinning.

    `per_tick` is the mean rate while all factors are 1; `months` maps 1 to 12 to a factor; `surges` are (begin, end,
    factor) in ticks.
    """

    def __init__(
        self,
        per_tick: float,
        line: TimeLine,
        *,
        months: Mapping[int, float] | None = None,
        surges: Sequence[tuple[int, int, float]] = (),
        hours: Calendar | None = None,
        until: int | None = None,
    ) -> None:
        self._line, self._months, self._surges, self._hours = line, months or {}, surges, hours
        self._base = per_tick
        if hours is not None:
            self._base *= NORMALISED_OVER / max(1, hours.worked(0, NORMALISED_OVER))
        self._until = _LONGEST if until is None else until
        self._ticks = [0]
        self._before = [0.0]
        self._slopes: list[float] = []
        self._pieces = self._months_from_start()

    def before(self, tick: int) -> float:
        """The expected number of moments before `tick`."""
        while self._ticks[-1] < tick and self._grow():
            pass
        index = min(bisect.bisect_right(self._ticks, tick) - 1, len(self._slopes) - 1)
        return self._before[index] + self._slopes[index] * (tick - self._ticks[index]) if self._slopes else 0.0

    @property
    def until(self) -> int:
        """No moment is at this tick or later."""
        return self._until

    def known(self) -> tuple[Any, Any, Any, int]:
        """Ticks, numbers before them and slopes as arrays, as far as they are known; 1 where there is no more."""
        ended = int(self._ticks[-1] >= self._until)
        return np.array(self._ticks, dtype=np.int64), np.array(self._before), np.array(self._slopes), ended

    def grow(self) -> None:
        """About half as much again becomes known."""
        for _ in range(1 + len(self._slopes) // 2):
            self._grow()

    def inverse(self, number: float) -> int | None:
        """The tick at which `number` moments are expected; None past the end."""
        while self._before[-1] < number:
            if not self._grow():
                return None
        index = bisect.bisect_left(self._before, number) - 1
        while index >= 0 and self._slopes[index] == 0.0:
            index -= 1
        tick = self._ticks[index] + math.floor((number - self._before[index]) / self._slopes[index] + 0.5)
        return tick if tick < self._until else None

    def _grow(self) -> bool:
        """One more month; False past the end."""
        if self._ticks[-1] >= self._until:
            return False
        for begin, end, factor in next(self._pieces):
            self._slopes.append(self._base * factor)
            self._before.append(self._before[-1] + self._slopes[-1] * (end - begin))
            self._ticks.append(end)
        return True

    def _months_from_start(self) -> Iterator[list[tuple[int, int, float]]]:
        start = self._line.start
        year, month, begin = start.year, start.month, 0
        while True:
            factor = self._months.get(month, 1.0)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            end = self._line.midnight(date(year, month, 1))
            yield list(self._split(begin, end, factor))
            begin = end

    def _split(self, begin: int, end: int, factor: float) -> Iterator[tuple[int, int, float]]:
        """A month in pieces of one rate."""
        breaks = {begin, end}
        for a, b, _ in self._surges:
            breaks.update(tick for tick in (a, b) if begin < tick < end)
        if self._hours is not None:
            change = self._hours.next_change(begin)
            while change is not None and change < end:
                breaks.add(change)
                change = self._hours.next_change(change)
        ordered = sorted(breaks)
        for a, b in pairwise(ordered):
            open_now = self._hours is None or self._hours.on_duty(a)
            surge = math.prod(f for since, until, f in self._surges if since <= a < until)
            yield a, b, factor * surge if open_now else 0.0
