"""Where the blocks of duty of a calendar come from: the hours of a week, a share of other blocks, the whole day."""

from datetime import date, datetime, time, timedelta
from typing import Final, Protocol, TypeAlias

from bpmn_tool.instants.hours import WeeklyHours
from bpmn_tool.instants.public_holidays import public_holidays
from bpmn_tool.instants.units import DAY, MAX_TICKS
from bpmn_tool.instants.zones import TimeLine

Block: TypeAlias = tuple[int, int]  # ticks, [from, to)

CHUNK_DAYS: Final = 366


class Source(Protocol):
    """Where blocks come from, chunk after chunk."""

    def chunk(self, n: int) -> tuple[list[Block], int]:
        """Blocks of chunk n (from 0) by their begin, and the tick before which all duty is known by then."""
        ...


class Days:
    """Blocks of 24 hours from tick 0 on: what `always` shares out."""

    def chunk(self, n: int) -> tuple[list[Block], int]:
        first = n * CHUNK_DAYS
        return [(d * DAY, (d + 1) * DAY) for d in range(first, first + CHUNK_DAYS)], (first + CHUNK_DAYS) * DAY


class Weekly:
    """Hours of a week on the local calendar, from two days before the start on: a block may be under way by then."""

    def __init__(
        self,
        hours: WeeklyHours,
        time_line: TimeLine,
        holidays: tuple[str, str | None] | None,
        absences: tuple[tuple[date, date], ...],
    ) -> None:
        self._hours = hours
        self._line = time_line
        self._holidays = holidays
        self._absences = absences
        self._first = time_line.start.date() - timedelta(days=2)

    def chunk(self, n: int) -> tuple[list[Block], int]:
        try:
            day = self._first + timedelta(days=n * CHUNK_DAYS)
            after = day + timedelta(days=CHUNK_DAYS)
        except OverflowError:  # beyond the year 9999, which no run reaches
            return [], 2 * MAX_TICKS
        blocks: list[Block] = []
        while day < after:
            stretches = self._hours.days[day.weekday()]
            if stretches and not self._is_free(day):
                midnight = datetime.combine(day, time())
                blocks += [(self._tick(midnight, begin), self._tick(midnight, end)) for begin, end in stretches]
            day += timedelta(days=1)
        return blocks, self._line.to_tick(datetime.combine(after, time()))

    def _tick(self, midnight: datetime, ticks: int) -> int:
        return self._line.to_tick(midnight + timedelta(microseconds=ticks))  # by the clock on the wall

    def _is_free(self, day: date) -> bool:
        if any(begin <= day < end for begin, end in self._absences):
            return True
        return self._holidays is not None and day in public_holidays(*self._holidays)


class Share:
    """The part of one person in each block of another source."""

    def __init__(self, source: Source, share: float, k: int, count: int) -> None:
        self._source = source
        self._share = share
        self._later = (k / count) * (1.0 - share)

    def chunk(self, n: int) -> tuple[list[Block], int]:
        blocks, frontier = self._source.chunk(n)
        return [self._part(*block) for block in blocks if block[0] < block[1]], frontier

    def _part(self, begin: int, end: int) -> Block:
        length = end - begin
        first = begin + int(self._later * length + 0.5)
        return first, min(end, first + int(self._share * length + 0.5))
