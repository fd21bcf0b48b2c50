"""ISO 8601: durations, instants and repeating intervals. Every fault is a ValueError with a sentence."""

import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from bpmn_tool.instants.units import DAY, HOUR, MAX_TICKS, MINUTE, SECOND

MAX_TEXT: Final = 100
MAX_COUNT: Final = 10_000 * 366 * 24  # of years, months, weeks or days: more is no date

_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = re.compile(
    rf"P(?=[\dT])(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=\d)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})S)?)?",
    re.ASCII,
)
_CALENDAR = ("years", "months", "weeks", "days")
_EXACT = {"weeks": 7 * DAY, "days": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}
_CYCLE = re.compile(r"R(?P<repetitions>\d*)/(?P<first>[^/]+)(?:/(?P<second>[^/]+))?", re.ASCII)

_COLLOQUIAL = re.compile(r"(?P<n>\d+(?:[.,]\d+)?)\s*(?P<unit>[A-Za-z]+)", re.ASCII)
_MEANT: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("PT{}S", "seconds")),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("PT{}M", "minutes")),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("PT{}H", "hours")),
    **dict.fromkeys(("d", "day", "days"), ("P{}D", "days")),
    **dict.fromkeys(("w", "wk", "week", "weeks"), ("P{}W", "weeks")),
    **dict.fromkeys(("mo", "month", "months"), ("P{}M", "months")),
    **dict.fromkeys(("y", "yr", "year", "years"), ("P{}Y", "years")),
}
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time: calendar parts, added on a calendar, and `ticks`, exact: hours and less, and broken days."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    ticks: int = 0

    @property
    def is_calendar(self) -> bool:
        """True where the length depends on when it begins: it has years, months, weeks or days."""
        return bool(self.years or self.months or self.weeks or self.days)

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D"))
        calendar = "".join(f"{count}{letter}" for count, letter in parts if count)
        clock = _clock(self.ticks)
        return f"P{calendar}{clock}" if calendar or clock else "PT0S"


def parse_duration(text: str) -> Duration:
    """`P1Y2M3W4DT5H6M7.5S`, any part left out; only the last part may be broken, and years and months never."""
    match = _DURATION.fullmatch(text.strip()) if len(text) <= MAX_TEXT else None
    if match is None:
        raise ValueError(_not_a_duration(text))
    written = {part: Fraction(number.replace(",", ".")) for part, number in match.groupdict().items() if number}
    *_, last = written
    for part, number in written.items():
        if number.denominator != 1 and (part != last or part in {"years", "months"}):
            raise ValueError(f"{text!r}: only the last part of a duration may be broken, and never years or months")
    whole = {part: int(written[part]) for part in _CALENDAR if part in written and written[part].denominator == 1}
    if any(count > MAX_COUNT for count in whole.values()):
        raise ValueError(f"{text!r} is too long a duration")
    exact = sum((written[part] * _EXACT[part] for part in written if part not in whole), Fraction(0))
    return Duration(**whole, ticks=_below_limit(_rounded(exact), text))


def _rounded(ticks: Fraction) -> int:
    return (2 * ticks.numerator + ticks.denominator) // (2 * ticks.denominator)  # floor(x + 1/2)


def _below_limit(ticks: int, text: str) -> int:
    if ticks >= MAX_TICKS:
        raise ValueError(f"{text!r} is too long a duration")
    return ticks


def _not_a_duration(text: str) -> str:
    shown = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
    sentence = f"{shown!r} is not an ISO 8601 duration"
    if text.strip().startswith(("-", "+")):
        return f"{sentence}; a duration has no sign"
    match = _COLLOQUIAL.fullmatch(text.strip()) if len(text) <= MAX_TEXT else None
    if match is None:
        return f"{sentence}; write P3D for three days or PT1H30M for an hour and a half"
    number, unit = match["n"], match["unit"].lower()
    if unit == "m":
        return f"{sentence}; write {_meant('min', number)} or {_meant('month', number)}"
    return f"{sentence}; write {_meant(unit, number)}" if unit in _MEANT else sentence


def _meant(unit: str, number: str) -> str:
    form, word = _MEANT[unit]
    words = _WORDS[int(number)] if number.isdigit() and int(number) < len(_WORDS) else number
    return f"{form.format(number)} for {words} {word.removesuffix('s') if number == '1' else word}"


def exact_ticks(duration: str | Duration) -> int:
    """A duration as ticks where a day is 24 hours and a week seven of them; years and months have no exact length."""
    parsed = parse_duration(duration) if isinstance(duration, str) else duration
    if parsed.years or parsed.months:
        raise ValueError(
            f"'{duration}' has years or months, which have no exact length; write it in days (P30D, P365D)"
        )
    return _below_limit(parsed.ticks + (parsed.weeks * 7 + parsed.days) * DAY, str(duration))


def parse_instant(text: str) -> datetime:
    """`2026-03-02T22:15:00+01:00`, aware; without an offset naive (local time); without a time midnight."""
    try:
        return datetime.fromisoformat(text.strip()[:MAX_TEXT])
    except ValueError:
        shown = text[:MAX_TEXT]
        raise ValueError(f"{shown!r} is not an ISO 8601 date and time; write one as 2026-03-02T22:15:00") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A repeating interval. `repetitions` is None where it never ends; at most one of `start` and `end` is given."""

    repetitions: int | None
    duration: Duration
    start: datetime | None = None
    end: datetime | None = None


def parse_cycle(text: str) -> Cycle:
    """`R3/PT1H`, `R/P1D`, `R3/2026-01-05T09:00/PT1H` or `R3/PT1H/2026-01-05T09:00`."""
    match = _CYCLE.fullmatch(text.strip()) if len(text) <= MAX_TEXT else None
    if match is None:
        raise ValueError(
            f"{text[:MAX_TEXT]!r} is not an ISO 8601 repeating interval; write R3/PT1H for three times, an hour apart"
        )
    repetitions = int(match["repetitions"]) if match["repetitions"] else None
    if repetitions is not None and repetitions >= 2**31:
        raise ValueError(f"{text!r} repeats too often")
    first, second = match["first"], match["second"]
    if second is None:
        return Cycle(repetitions=repetitions, duration=_period(first))
    if first.startswith("P"):
        return Cycle(repetitions=repetitions, duration=_period(first), end=parse_instant(second))
    return Cycle(repetitions=repetitions, duration=_period(second), start=parse_instant(first))


def _period(text: str) -> Duration:
    duration = parse_duration(text)
    if not (duration.is_calendar or duration.ticks):
        raise ValueError(f"{text!r} is no time at all, and cannot repeat")
    return duration


def format_duration(ticks: int) -> str:
    """Ticks as the shortest exact duration in days of 24 hours and less: `P2DT3H0.5S`; a negative one with a sign."""
    sign, ticks = ("-", -ticks) if ticks < 0 else ("", ticks)
    days, rest = divmod(ticks, DAY)
    text = (f"{days}D" if days else "") + _clock(rest)
    return f"{sign}P{text or 'T0S'}"


def _clock(ticks: int) -> str:
    hours, rest = divmod(ticks, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{format_seconds(rest)}S" if rest else "")
    return "T" + "".join(parts) if any(parts) else ""


def format_seconds(ticks: int) -> str:
    """Ticks as exact decimal seconds, without an exponent or idle zeros: `90`, `0.5`, `-0.000001`."""
    sign, ticks = ("-", -ticks) if ticks < 0 else ("", ticks)
    seconds, rest = divmod(ticks, SECOND)
    return f"{sign}{seconds}" + (f".{rest:06d}".rstrip("0") if rest else "")
