"""The simulated clock of a case: integer ticks on a time line of a zone. Nothing sleeps, nothing reads the system's
clock.
"""

from datetime import datetime, timedelta
from typing import Final

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.instants import Cycle, Duration, TimeLine, load_zone

#: where a case begins if nobody says when: any fixed instant would do, and the present one would make no two runs
#: the same
DEFAULT_START: Final = datetime(2026, 1, 5, 9)  # noqa: DTZ001  local time
DEFAULT_ZONE: Final = "UTC"


class Clock:
    """`now` is in ticks since the case's start."""

    def __init__(self, start: datetime | None = None, zone: str | None = None) -> None:
        """`start` may be naive (local time in `zone`) or aware. Without a zone an aware start keeps its offset for
        ever.

        Raises InputError for a zone that does not exist, or an offset that is no whole hour and has no zone.
        """
        begin = start or DEFAULT_START
        try:
            name = zone or (DEFAULT_ZONE if begin.tzinfo is None else _zone_of_offset(begin))
            local = begin if begin.tzinfo is None else begin.astimezone(load_zone(name)).replace(tzinfo=None)
            self.line = TimeLine(local, name)
        except ValueError as error:
            raise InputError(str(error)) from error
        self.now = 0

    @property
    def instant(self) -> datetime:
        """The local time, with its offset."""
        return self.line.to_local(self.now)

    def after(self, duration: Duration) -> int:
        """The tick at which a duration from now on is over."""
        return self.later(self.now, duration)

    def later(self, tick: int, duration: Duration) -> int:
        """The tick at which a duration from `tick` on is over. Raises RunError beyond the calendar."""
        try:
            end = self.line.add(tick, duration)
            self.line.to_local(end)
        except ValueError as error:
            raise RunError(str(error)) from error
        return end

    def first_of(self, cycle: Cycle) -> int:
        """The tick of a cycle's first occurrence: its start, or one period from now on."""
        return self.after(cycle.duration) if cycle.start is None else self.line.to_tick(cycle.start)


def _zone_of_offset(begin: datetime) -> str:
    offset = begin.utcoffset() or timedelta()
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest:
        raise ValueError(f"the clock {begin.isoformat()} has an offset of no whole hours: name its time zone")
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"  # in these names the sign is turned round
