"""The occasions of a gate: every so often, on a weekday, at a time, not on days that its calendar shuts
(docs/semantics.md, 6).
"""

from datetime import date, datetime, time, timedelta

from bpmn_tool.instants.hours import parse_range
from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.units import DAY
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.instants.zones import TimeLine, add_months

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FARTHEST = 200  # days that an occasion may be moved by


class Occasions:
    """`occasion(n)`: the n-th [open, close) in ticks, made as far as asked.

    `calendar` shuts days on which it has no open time.
    """

    def __init__(
        self,
        line: TimeLine,
        *,
        every: Duration,
        first: date,
        on: str | None,
        at: str | None,
        calendar: Calendar | None,
        moved: bool,
    ) -> None:
        self._line, self._every, self._on, self._calendar, self._moved = line, every, on, calendar, moved
        begin, end = parse_range(at) if at else (0, DAY)
        self._begin, self._end = timedelta(microseconds=begin), timedelta(microseconds=end)
        self._first = first
        self._number = 0
        self._made: list[tuple[int, int]] = []

    def __call__(self, n: int) -> tuple[int, int] | None:
        while len(self._made) <= n:
            if self._number > 100_000:
                return None
            self._make()
        return self._made[n]

    def _make(self) -> None:
        day = self._day(self._number)
        self._number += 1
        for _ in range(_FARTHEST if self._moved else 1):
            if not self._shut(day):
                window = (self._at(day, self._begin), self._at(day, self._end))
                if window[1] > 0 and (not self._made or window[0] >= self._made[-1][1]):
                    self._made.append(window)
                return
            day += timedelta(days=1)

    def _at(self, day: date, clock: timedelta) -> int:
        return self._line.to_tick(datetime.combine(day, time()) + clock)

    def _day(self, n: int) -> date:
        if self._every.years or self._every.months:
            months = (12 * self._every.years + self._every.months) * n
            first = datetime.combine(self._first, time())
            return self._weekday(add_months(first, months).date())
        return self._weekday(self._first) + timedelta(days=(7 * self._every.weeks + self._every.days) * n)

    def _weekday(self, day: date) -> date:
        if self._on is None:
            return day
        return day + timedelta(days=(WEEKDAYS.index(self._on) - day.weekday()) % 7)

    def _shut(self, day: date) -> bool:
        if self._calendar is None:
            return False
        begin, end = self._line.midnight(day), self._line.midnight(day + timedelta(days=1))
        return self._calendar.worked(max(0, begin), max(0, end)) == 0
