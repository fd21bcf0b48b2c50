"""Working time: who is on duty when, compiled to sorted arrays of ticks and answered by bisection.

A calendar never ends: its arrays grow by about a year whenever somebody asks beyond them. Duty is [from, to). A block
is a stretch of duty as written for one day; it belongs to the local day on which it begins, so a holiday or an absence
takes away what begins on that day, and a night shift of the evening before is still finished.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Final

from bpmn_tool.instants.duty import CHUNK_DAYS, Block, Days, Share, Source, Weekly
from bpmn_tool.instants.hours import WeeklyHours
from bpmn_tool.instants.public_holidays import public_holidays
from bpmn_tool.instants.units import DAY, MAX_TICKS
from bpmn_tool.instants.zones import TimeLine

NEVER: Final = MAX_TICKS  # the tick of what does not happen within PATIENCE
PATIENCE: Final = 3653 * DAY  # ten years: how far ahead a calendar is searched


class Calendar:
    """Duty as sorted, disjoint, merged half-open intervals in ticks, known before `_frontier`.

    Methods take ticks from 0 on. What cannot be found within ten years is NEVER (a tick) or None.
    """

    __slots__ = ("_before", "_begins", "_chunks", "_ends", "_frontier", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # duty before each begin
        self._chunks = 0
        self._frontier = -MAX_TICKS

    @staticmethod
    def always() -> "Calendar":
        """Round the clock; its blocks are 24 hours each from tick 0 on."""
        return _Always()

    @staticmethod
    def weekly(
        hours: WeeklyHours,
        time_line: TimeLine,
        *,
        holidays: tuple[str, str | None] | None = None,
        absences: Iterable[tuple[date, date]] = (),
    ) -> "Calendar":
        """Hours of a week, without the public holidays of (country, region) and absences [from, to) in local days.

        Raises ValueError for a country or region that nobody knows.
        """
        gone = tuple(sorted(absences))
        for begin, end in gone:
            if end <= begin:
                raise ValueError(f"an absence from {begin} to {end} is empty; `to` is the first day back")
        if holidays is not None:
            public_holidays(*holidays)  # so that a wrong name is found at once
        if hours.is_always and holidays is None and not gone:
            return _Always()
        return Calendar(Weekly(hours, time_line, holidays, gone))

    @staticmethod
    def intersect(calendars: Iterable["Calendar"]) -> "Calendar":
        """Duty of all of them at once; of none: always."""
        several = tuple(each for each in calendars if not isinstance(each, _Always))
        if not several:
            return _Always()
        return several[0] if len(several) == 1 else Calendar(_Intersection(several))

    def share(self, share: float, k: int, count: int) -> "Calendar":
        """The calendar of person k (from 0) of `count`, who has `share` of each block.

        Their part of [a, b) begins (k / count)(1 - share)(b - a) after a and is share (b - a) long.
        """
        if not 0.0 < share <= 1.0:
            raise ValueError(f"a share is above 0 and at most 1, not {share}")
        if not 0 <= k < count:
            raise ValueError(f"there is no person {k} of {count}")
        return self if share == 1.0 else Calendar(Share(self._source, share, k, count))

    # growth

    def _grow(self) -> None:
        blocks, frontier = self._source.chunk(self._chunks)
        self._chunks += 1
        for begin, end in blocks:
            self._append(begin, end)
        self._frontier = frontier

    def _append(self, begin: int, end: int) -> None:
        if end <= begin:
            return
        if self._ends and begin <= self._ends[-1]:
            self._ends[-1] = max(self._ends[-1], end)
            return
        duty = self._before[-1] + self._ends[-1] - self._begins[-1] if self._ends else 0
        self._begins.append(begin)
        self._ends.append(end)
        self._before.append(duty)

    def _know(self, tick: int) -> None:
        while self._frontier <= tick:
            self._grow()

    # questions

    @property
    def never_open(self) -> bool:
        """True where nobody is on duty in the ten years from tick 0 on."""
        return self.next_open(0) == NEVER

    def on_duty(self, tick: int) -> bool:
        """Whether `tick` is duty."""
        if self._frontier <= tick:
            self._know(tick)
        i = bisect_right(self._begins, tick) - 1
        return i >= 0 and tick < self._ends[i]

    def next_change(self, tick: int) -> int | None:
        """The first tick after `tick` at which duty begins or ends; None where there is none within ten years."""
        limit = tick + PATIENCE
        while True:
            self._know(tick)
            i = bisect_right(self._begins, tick)
            if i > 0 and tick < self._ends[i - 1]:
                if self._ends[i - 1] < self._frontier:  # else the next chunk may carry it on
                    return self._ends[i - 1]
            elif i < len(self._begins):
                return self._begins[i]
            if self._frontier > limit:
                return None
            self._grow()

    def next_open(self, tick: int) -> int:
        """`tick` itself if it is duty, else the next begin of duty; NEVER where there is none within ten years."""
        limit = tick + PATIENCE
        while True:
            self._know(tick)
            i = bisect_right(self._ends, tick)
            if i < len(self._begins):
                return max(tick, self._begins[i])
            if self._frontier > limit:
                return NEVER
            self._grow()

    def worked(self, begin: int, end: int) -> int:
        """Ticks of duty in [begin, end)."""
        if end <= begin:
            return 0
        self._know(end)
        return self._duty_before(end) - self._duty_before(begin)

    total_in = worked

    def _duty_before(self, tick: int) -> int:
        """Duty before `tick`, from the first block on; known already."""
        i = bisect_right(self._begins, tick) - 1
        return 0 if i < 0 else self._before[i] + min(tick, self._ends[i]) - self._begins[i]

    def end_of_work(self, tick: int, work: int) -> int:
        """The first tick at which `work` ticks of duty from `tick` on are done; `tick` itself for no work.

        NEVER where ten years pass without any duty.
        """
        if work <= 0:
            return tick
        self._know(tick)
        target = self._duty_before(tick) + work
        while not self._ends or self._before[-1] + self._ends[-1] - self._begins[-1] < target:
            if self._frontier > max(tick, self._ends[-1] if self._ends else tick) + PATIENCE:
                return NEVER
            self._grow()
        i = bisect_left(self._before, target) - 1
        return self._begins[i] + target - self._before[i]

    def blocks_until(self, tick: int) -> tuple[list[int], list[int]]:
        """Begins and ends of the merged intervals that begin before `tick`; an end may lie beyond it."""
        self._know(tick)
        while self._ends and self._ends[-1] >= self._frontier and self._frontier <= tick + PATIENCE:
            self._grow()
        i = bisect_left(self._begins, tick)
        return self._begins[:i], self._ends[:i]


class _Always(Calendar):
    """Round the clock: the arithmetic without arrays."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Days())

    def on_duty(self, tick: int) -> bool:  # noqa: ARG002
        return True

    def next_change(self, tick: int) -> int | None:  # noqa: ARG002
        return None

    def next_open(self, tick: int) -> int:
        return tick

    def worked(self, begin: int, end: int) -> int:
        return max(0, end - begin)

    total_in = worked

    def end_of_work(self, tick: int, work: int) -> int:
        return tick + max(0, work)

    def blocks_until(self, tick: int) -> tuple[list[int], list[int]]:  # noqa: ARG002
        return [0], [NEVER]


class _Intersection:
    """Duty that several calendars have in common."""

    def __init__(self, calendars: tuple[Calendar, ...]) -> None:
        self._calendars = calendars

    def chunk(self, n: int) -> tuple[list[Block], int]:
        length = CHUNK_DAYS * DAY
        begin, end = (n * length if n else -2 * DAY), (n + 1) * length
        blocks: list[Block] = [(begin, end)]
        for calendar in self._calendars:
            blocks = _common(blocks, zip(*calendar.blocks_until(end), strict=True))
        return blocks, end


def _common(left: list[Block], others: Iterable[Block]) -> list[Block]:
    right = list(others)
    found: list[Block] = []
    i = j = 0
    while i < len(left) and j < len(right):
        begin, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if begin < end:
            found.append((begin, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return found
