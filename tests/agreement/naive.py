"""What the oracle knows by itself: time, calendars, gates, random numbers and distributions, straight from
docs/semantics.md.

Nothing here calls the package. It is slow, and short enough to be read whole.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

Block = tuple[int, int]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MICROSECOND = timedelta(microseconds=1)
_PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$")


def calendar_part(text: str) -> tuple[int, int, int]:
    """An ISO 8601 duration as (months, days, ticks)."""
    found = _PARTS.match(text)
    assert found is not None, text
    years, months, weeks, days, hours, minutes, seconds = (float(each or 0) for each in found.groups())
    return int(12 * years + months), int(7 * weeks + days), round((3600 * hours + 60 * minutes + seconds) * 1_000_000)


def exact(text: str) -> int:
    """A duration without years and months in ticks; a day is 24 hours."""
    _, days, ticks = calendar_part(text)
    return 86_400_000_000 * days + ticks


class Clock:
    """Local time of a scenario, as ticks since its start."""

    def __init__(self, start: datetime, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.start = start
        self._utc = start.replace(tzinfo=self.zone).astimezone(ZoneInfo("UTC"))

    def tick(self, local: datetime) -> int:
        return (local.replace(tzinfo=self.zone).astimezone(ZoneInfo("UTC")) - self._utc) // MICROSECOND

    def local(self, tick: int) -> datetime:
        return (self._utc + tick * MICROSECOND).astimezone(self.zone).replace(tzinfo=None)

    def add(self, tick: int, text: str) -> int:
        """Years to days on the local calendar, hours and less exact."""
        months, days, ticks = calendar_part(text)
        if months or days:
            here = self.local(tick)
            tick = self.tick(add_months(here, months) + timedelta(days=days))
        return tick + ticks


def add_months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


# -- calendars


class Hours:
    """A calendar of a scenario: its blocks day by day."""

    def __init__(self, said: Mapping[str, Any], clock: Clock) -> None:
        self.clock = clock
        self.always = said.get("hours", "always") == "always"
        self.days: dict[int, list[tuple[timedelta, timedelta]]] = {n: [] for n in range(7)}
        for key, text in ({} if self.always else said["hours"]).items():
            first, _, last = key.partition("-")
            begin, end = DAYS.index(first), DAYS.index(last or first)
            for day in range(begin, end + 1):
                self.days[day] = [_range(part) for part in text.split()]
        self.absences = [(_day(each["from"]), _day(each["to"])) for each in said.get("absences", ())]
        self.holidays = said.get("holidays")

    @cache  # noqa: B019 (one for each calendar of a test)
    def blocks_of(self, day: date) -> tuple[Block, ...]:
        if any(begin <= day < end for begin, end in self.absences) or self._is_holiday(day):
            return ()
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (local)
        if self.always:
            return ((self.clock.tick(midnight), self.clock.tick(midnight + timedelta(days=1))),)
        return tuple(
            (self.clock.tick(midnight + a), self.clock.tick(midnight + b)) for a, b in self.days[day.weekday()]
        )

    @cache  # noqa: B019
    def _is_holiday(self, day: date) -> bool:
        if not self.holidays:
            return False
        from holidays import country_holidays

        region = {"VLG": "Flemish"}.get(self.holidays.get("region", ""))  # as the package `holidays` calls it
        return day in country_holidays(self.holidays["country"], subdiv=region, years=day.year)

    def blocks(self, begin: int, end: int) -> Iterator[Block]:
        """All blocks that touch [begin, end), in order."""
        day = self.clock.local(begin).date() - timedelta(days=2)
        last = self.clock.local(end).date() + timedelta(days=1)
        while day <= last:
            yield from (b for b in self.blocks_of(day) if b[0] < end and b[1] > begin)
            day += timedelta(days=1)


def _range(text: str) -> tuple[timedelta, timedelta]:
    begin, end = (timedelta(hours=int(t[:2]), minutes=int(t[3:5])) for t in text.split("-"))
    return begin, end if end > begin else end + timedelta(days=1)


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


class Duty:
    """One resource's part of a calendar: share `share`, person `k` of `count`."""

    def __init__(self, hours: Hours, share: float, k: int, count: int) -> None:
        self.hours, self.share, self.later = hours, share, (k / count) * (1.0 - share)

    def blocks(self, begin: int, end: int) -> list[Block]:
        found = []
        if self.hours.always and self.share >= 1.0:
            return [(begin, end)] if begin < end else []
        for a, b in self.hours.blocks(begin, end):
            if self.share < 1.0:
                length = b - a
                a += math.floor(self.later * length + 0.5)  # noqa: PLW2901
                b = min(b, a + math.floor(self.share * length + 0.5))  # noqa: PLW2901
            if a < b and a < end and b > begin:
                found.append((max(a, begin), min(b, end)))
        return found

    def on(self, tick: int) -> bool:
        return bool(self.blocks(tick, tick + 1))


def both(one: Sequence[Block], other: Sequence[Block]) -> list[Block]:
    """What lies in both, joined where blocks touch."""
    found: list[Block] = []
    for a, b in sorted((max(p[0], q[0]), min(p[1], q[1])) for p in one for q in other):
        if a >= b:
            continue
        if found and found[-1][1] >= a:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    return found


def length(blocks: Sequence[Block]) -> int:
    return sum(b - a for a, b in blocks)


def can_fill(seats: Sequence[str], held: Mapping[str, Sequence[str]], there: frozenset[str]) -> bool:
    """Whether each seat can get somebody of its own (by trying)."""

    def place(rest: Sequence[str], taken: frozenset[str]) -> bool:
        if not rest:
            return True
        return any(place(rest[1:], taken | {who}) for who in held.get(rest[0], ()) if who in there and who not in taken)

    return place(sorted(seats, key=lambda role: len(held.get(role, ()))), frozenset())


# -- gates


def windows(gate: Mapping[str, Any], clock: Clock, shut: Hours | None, until: int) -> list[Block]:
    """The occasions of a gate up to `until`."""
    months, days, _ = calendar_part(gate["every"])
    day = _day(gate.get("from", clock.start))
    begin, end = _range(gate["at"]) if "at" in gate else (timedelta(0), timedelta(days=1))
    weekday = DAYS.index(gate["on"]) if "on" in gate else None
    found: list[Block] = []
    n = 0
    while True:
        this = day
        if months:
            this = add_months(datetime(day.year, day.month, day.day), months * n).date()  # noqa: DTZ001 (local)
        if weekday is not None:
            this += timedelta(days=(weekday - this.weekday()) % 7)
        this += timedelta(days=days * n)
        n += 1
        while gate.get("on_holiday") == "next" and shut is not None and not shut.blocks_of(this):
            this += timedelta(days=1)
        midnight = datetime(this.year, this.month, this.day)  # noqa: DTZ001 (local)
        window = (clock.tick(midnight + begin), clock.tick(midnight + end))
        if window[0] > until:
            return found
        if (shut is None or shut.blocks_of(this)) and window[1] > 0 and (not found or window[0] >= found[-1][1]):
            found.append(window)


# -- random numbers

_32, _64 = 2**32 - 1, 2**64 - 1


def philox(counter: Sequence[int], key: Sequence[int]) -> list[int]:
    """Philox4x32-10, after the paper (Salmon et al., SC'11)."""
    x, k = list(counter), list(key)
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * x[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * x[2], 2**32)
        x = [high1 ^ x[1] ^ k[0], low1, high0 ^ x[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B9) & _32, (k[1] + 0xBB67AE85) & _32]
    return x


def _blake(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def _splitmix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _64
    return z ^ (z >> 31)


def number(
    run: tuple[int, int],
    case: tuple[str, int, int],
    start_event: str,
    purpose: int,
    element: str,
    visit: int,
    path: str,
) -> float:
    """u for a purpose, at the visit of an element under a path (as a trace writes it)."""
    stream, person, entry = case
    where = _blake(f"{stream}\0{element}")
    around = [(start_event, entry, 0)] if entry else []
    for frame in path.split("/") if path else []:
        found = re.fullmatch(r"(.*)\[(\d+)\]@(\d+)", frame)
        assert found is not None
        around.append((found[1], int(found[2]), int(found[3])))
    for node, instance, at in around:
        where = _splitmix(where ^ ((_blake(node) + 0x9E3779B97F4A7C15 * (1 + instance + 2**32 * at)) & _64))
    x = philox([person, (purpose << 24) | visit, where & _32, where >> 32], run)
    w = x[0] + 2**32 * x[1]
    return ((w >> 12) + 0.5) / 2.0**52


_KINDS = {"constant": 1, "exponential": 1, "uniform": 2, "triangular": 3}


def quantile(said: Any, u: float) -> float | None:
    """The value of a distribution of durations in ticks; None for those that the oracle does not know."""
    if isinstance(said, str):
        said = {"constant": said}
    if not isinstance(said, Mapping) or {"min", "max"} & said.keys():
        return None
    kind = next((each for each in _KINDS if each in said), None)
    if kind is None:
        return None
    values = said[kind]
    if isinstance(values, Mapping):
        values = list(values.values())
    if not isinstance(values, list):
        values = [values]
    if len(values) != _KINDS[kind] or not all(isinstance(v, str) and v.startswith("P") for v in values):
        return None
    match kind, [exact(v) for v in values]:
        case "constant", [value]:
            return value
        case "exponential", [mean]:
            return -mean * math.log(1.0 - u)
        case "uniform", [low, high]:
            return low + u * (high - low)
        case "triangular", [low, mode, high]:
            if high == low:
                return low
            if u < (mode - low) / (high - low):
                return low + math.sqrt(u * (high - low) * (mode - low))
            return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))
    return None


# -- expressions


def truth(text: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression of plain arithmetic, comparisons, `and`, `or` and `not`."""
    return _value(ast.parse(text.strip(), mode="eval").body, names)


def assigned(script: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """What lines `name = expression` give."""
    found: dict[str, Any] = {}
    for line in script.splitlines():
        if line.strip():
            name, _, expression = line.partition("=")
            found[name.strip()] = truth(expression, {**names, **found})
    return found


_TWO: Mapping[type[Any], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return {"true": True, "false": False}.get(name, names.get(name))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, names)
        case ast.BinOp(left=left, op=op, right=right):
            return _TWO[type(op)](_value(left, names), _value(right, names))
        case ast.BoolOp(op=op, values=values):
            found = [_value(each, names) for each in values]
            return all(found) if isinstance(op, ast.And) else any(found)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _TWO[type(op)](_value(left, names), _value(right, names))
    if isinstance(node, ast.IfExp):
        return _value(node.body if _value(node.test, names) else node.orelse, names)
    raise NotImplementedError(ast.dump(node))
