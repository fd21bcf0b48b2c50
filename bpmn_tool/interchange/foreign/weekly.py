"""Weekly hours of other tools (from day to day, from time to time) as a scenario writes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from bpmn_tool.instants.hours import DAYS

DAY_NAMES: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
#: of iCalendar (RFC 5545)
DAY_CODES: Final = tuple(name[:2] for name in DAY_NAMES)
_MINUTES: Final = 24 * 60
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)


def day_number(name: str) -> int:
    """0 for Monday. Raises ValueError: it is no day of the week."""
    if (upper := name.strip().upper()) not in DAY_NAMES:
        raise ValueError(f"'{name}' is no day of the week")
    return DAY_NAMES.index(upper)


@dataclass(slots=True)
class Week:
    """Open minutes of each day, gathered period by period. `rounded`: texts of times that were no whole minute, or a
    moment before midnight.
    """

    days: list[list[tuple[int, int]]] = field(default_factory=lambda: [[] for _ in DAYS])
    rounded: list[str] = field(default_factory=list)

    def add(self, first: str, last: str, begin: str, end: str) -> None:
        """A period on each day from `first` to `last`; one that ends before it begins goes on into the next day.

        Raises ValueError: a day or time is none.
        """
        from_, to = self._minute(begin), self._minute(end, ends=True)
        if from_ == to:
            raise ValueError(f"a period from {begin} to {end} has no length")
        one, other = day_number(first), day_number(last)
        for number in range(one, (other if other >= one else other + 7) + 1):
            if from_ < to:
                self.days[number % 7].append((from_, to))
            else:
                self.days[number % 7].append((from_, _MINUTES))
                if to:
                    self.days[(number + 1) % 7].append((0, to))

    def _minute(self, text: str, *, ends: bool = False) -> int:
        match = _TIME.fullmatch(text.strip())
        if match is None or int(match[1]) > 24 or int(match[2]) > 59:
            raise ValueError(f"'{text}' is no time of a day")
        hours, minutes, seconds = int(match[1]), int(match[2]), float((match[3] or "0") + (match[4] or ""))
        total = hours * 60 + minutes
        if seconds:
            self.rounded.append(text)
            total += ends or seconds >= 30
        return min(total, _MINUTES)

    @property
    def is_shut(self) -> bool:
        """Never open."""
        return not any(self.days)

    @property
    def is_always(self) -> bool:
        """Open round the clock."""
        return all(self._text(number) == "00:00-24:00" for number in range(7))

    @property
    def hours(self) -> str | dict[str, str]:
        """As `hours` of a calendar; days alike stand together."""
        if self.is_always:
            return "always"
        texts = [self._text(number) for number in range(7)]
        found: dict[str, str] = {}
        first = 0
        for number in range(1, 8):
            if number == 7 or texts[number] != texts[first]:
                if texts[first]:
                    last = number - 1
                    found[DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"] = texts[first]
                first = number
        return found

    def joined(self) -> list[list[tuple[int, int]]]:
        """Open minutes of each day, what touches or overlaps made one."""
        return [list(self._joined(number)) for number in range(7)]

    @property
    def open_seconds(self) -> float:
        """Seconds in a week."""
        return sum((to - from_) * 60.0 for number in range(7) for from_, to in self._joined(number))

    @property
    def openings(self) -> list[float]:
        """Seconds shut before each opening of a week."""
        periods = sorted(
            (number * _MINUTES + from_, number * _MINUTES + to)
            for number in range(7)
            for from_, to in self._joined(number)
        )
        shut = []
        for (_, end), (begin, _) in zip(periods, [*periods[1:], (periods[0][0] + 7 * _MINUTES, 0)], strict=True):
            if begin > end:
                shut.append((begin - end) * 60.0)
        return shut

    @property
    def doubled(self) -> bool:
        """Whether periods overlap."""
        days = [sorted(day) for day in self.days]
        return any(begin < end for day in days for (_, end), (begin, _) in pairwise(day))

    def _text(self, number: int) -> str:
        return " ".join(f"{_clock(from_)}-{_clock(to)}" for from_, to in self._joined(number))

    def _joined(self, number: int) -> Iterable[tuple[int, int]]:
        joined: list[tuple[int, int]] = []
        for from_, to in sorted(self.days[number]):
            if joined and from_ <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(to, joined[-1][1]))
            else:
                joined.append((from_, to))
        return joined


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
