"""Between ticks and local time, with zones from the `tzdata` package, so that a run is the same on every system."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from bpmn_tool.instants.iso8601 import Duration

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The names that the `tzdata` package knows."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=64)
def load_zone(name: str) -> ZoneInfo:
    """The zone of this name, from the package's data; never the system's."""
    if name not in zone_names():  # this also keeps the name from being a path
        nearest = get_close_matches(name[:100], zone_names(), n=1)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
        raise ValueError(f"{name[:100]!r} is not a time zone{hint}")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


class TimeLine:
    """Ticks from `start`, a naive local time in `zone`; a start that does not exist moves forward by the gap."""

    __slots__ = ("_origin", "_zone", "start", "zone")

    def __init__(self, start: datetime, zone: str) -> None:
        if start.tzinfo is not None:
            raise ValueError(f"the start {start.isoformat()} has an offset; give the local time, the zone is {zone}")
        self.start = start
        self.zone = zone
        self._zone = load_zone(zone)
        self._origin = _microseconds(start.replace(tzinfo=self._zone, fold=0))

    def __repr__(self) -> str:
        return f"TimeLine({self.start.isoformat()!r}, {self.zone!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeLine) and (self.start, self.zone) == (other.start, other.zone)

    def __hash__(self) -> int:
        return hash((self.start, self.zone))

    def __reduce__(self) -> tuple[Callable[[datetime, str], "TimeLine"], tuple[datetime, str]]:
        return TimeLine, (self.start, self.zone)  # zones read from a file do not pickle

    def to_local(self, tick: int) -> datetime:
        """The local time, with its offset, at `tick`."""
        try:
            return (_EPOCH + timedelta(microseconds=self._origin + tick)).astimezone(self._zone)
        except OverflowError:
            raise ValueError(f"tick {tick} lies beyond the years 1 to 9999") from None

    def to_tick(self, local: datetime) -> int:
        """The tick of a local time: of one that exists twice the first, one that does not exist moves by the gap.

        A time with an offset is taken as the instant that it is.
        """
        if local.tzinfo is None:
            # fold 0 is the offset before the change: the first of two, and in a gap forward by its length
            local = local.replace(tzinfo=self._zone, fold=0)
        return _microseconds(local) - self._origin

    def midnight(self, day: date) -> int:
        """The tick at which a local day begins."""
        return self.to_tick(datetime.combine(day, time()))

    def add(self, tick: int, duration: Duration) -> int:
        """`tick` plus years and months, then weeks and days, on the local calendar, then the exact rest.

        31 January plus P1M is the last day of February.
        """
        if not duration.is_calendar:
            return tick + duration.ticks
        local = self.to_local(tick).replace(tzinfo=None)
        try:
            later = add_months(local, 12 * duration.years + duration.months)
            later += timedelta(days=7 * duration.weeks + duration.days)
        except (OverflowError, ValueError):
            raise ValueError(f"{duration} after {local.isoformat()} lies beyond the year 9999") from None
        return self.to_tick(later) + duration.ticks

    def iso(self, tick: int) -> str:
        """The instant of `tick` in ISO 8601, local, with its offset."""
        return self.to_local(tick).isoformat()


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _TICK


def add_months(local: datetime, months: int) -> datetime:
    """`months` later; the day is at most the last of its month."""
    index = local.year * 12 + local.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise ValueError("beyond the year 9999")
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
