"""Ticks and rates. One tick is a microsecond."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MICROSECOND: Final = 1
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
YEAR: Final = 365 * DAY  # of a rate; on the calendar a year is a year
MONTH: Final = YEAR // 12  # of a rate: 30 d 10 h, whole ticks
MAX_TICKS: Final = 2**62  # times and durations stay below it, so that a sum of two fits in 64 bits

RATE_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {"hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
)

_RATE = re.compile(r"(?P<amount>.*\S)\s+per\s+(?P<unit>\w+)\s*\Z", re.DOTALL)


def split_rate(text: str) -> tuple[str, str]:
    """The amount (a number or an expression, as written) and the unit of `120 per year`."""
    match = _RATE.match(text.strip())
    if match is None or match["unit"] not in RATE_UNITS:
        units = ", ".join(RATE_UNITS)
        raise ValueError(f"{text!r} is not a rate; write a number or an expression, 'per', and one of {units}")
    return match["amount"], match["unit"]


def per_tick(amount: float, unit: str) -> float:
    """`amount` per `unit` (a key of RATE_UNITS) as events per tick."""
    return amount / RATE_UNITS[unit]


def per(text: str) -> float:
    """`120 per year` as events per tick."""
    amount, unit = split_rate(text)
    try:
        number = float(amount)
    except ValueError:
        raise ValueError(f"{amount!r} in {text!r} is not a number") from None
    if not 0 <= number < float("inf"):
        raise ValueError(f"{text!r}: a rate is not negative and not infinite")
    return per_tick(number, unit)
