"""Hours of a week as people write them: `mon = "09:00-12:30 13:00-17:00", tue-thu = "09:00-17:00"`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from bpmn_tool.instants.units import DAY, HOUR, MINUTE

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUND_THE_CLOCK: Final = "00:00-24:00"

_RANGE = re.compile(r"([0-2]?\d):([0-5]\d)-([0-2]?\d):([0-5]\d)", re.ASCII)

Stretch: TypeAlias = tuple[
    int, int
]  # ticks after local midnight, [from, to); `to` is above 24 h where hours cross midnight


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Stretches of duty for each day of the week, Monday first; sorted and disjoint within their day."""

    days: tuple[tuple[Stretch, ...], ...]

    @property
    def is_always(self) -> bool:
        """True for duty round the clock on all days."""
        return all(day == ((0, DAY),) for day in self.days)


def parse_hours(hours: str | Mapping[str, str]) -> WeeklyHours:
    """`"always"`, or a table from days (`mon`, `tue-thu`, `sat-mon`, `mon,wed`) to ranges; a day left out is free.

    A range ends after its begin, at 24:00 at most, or on the next day (`22:00-06:00`). Raises ValueError.
    """
    if isinstance(hours, str):
        if hours != "always":
            raise ValueError(f'{hours!r}: hours are "always" or a table such as {{ mon-fri = "09:00-17:00" }}')
        return WeeklyHours((_stretches(ROUND_THE_CLOCK),) * 7)
    week: dict[int, tuple[Stretch, ...]] = {}
    for key, ranges in hours.items():
        stretches = _stretches(ranges)
        for day in _days(key):
            if day in week:
                raise ValueError(f"{key!r}: the hours of {DAYS[day]} are given twice")
            week[day] = stretches
    return WeeklyHours(tuple(week.get(day, ()) for day in range(7)))


def parse_range(text: str) -> Stretch:
    """`14:00-16:00` as ticks after local midnight; the end of one that crosses midnight is above 24 hours."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a range of hours; write 09:00-17:00")
    begin_h, begin_m, end_h, end_m = map(int, match.groups())
    begin, end = begin_h * HOUR + begin_m * MINUTE, end_h * HOUR + end_m * MINUTE
    if begin >= DAY or end > DAY:
        raise ValueError(f"{text!r}: a day ends at 24:00")
    if begin == end:
        raise ValueError(f"{text!r} begins where it ends; round the clock is {ROUND_THE_CLOCK}")
    return (begin, end) if begin < end else (begin, end + DAY)


def _stretches(ranges: str) -> tuple[Stretch, ...]:
    if not isinstance(ranges, str):  # a TOML file may say anything
        raise ValueError(f'{ranges!r} is not a range of hours; write "09:00-17:00"')  # noqa: TRY004 all faults are alike
    stretches = sorted(map(parse_range, ranges.split()))
    for (_, end), (begin, _) in pairwise(stretches):
        if begin < end:
            raise ValueError(f"{ranges!r}: the ranges overlap")
    return tuple(stretches)


def _days(key: str) -> list[int]:
    found: list[int] = []
    for part in key.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"{key!r} is not a day or a range of days; the days are {', '.join(DAYS)}")
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        found += [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]
    return found
