"""Numbers that stand for a while: how many cases are open, how many items wait. Time-averages and their course."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

#: [from, to) in ticks; None: it has not ended
Span = tuple[int, int | None]


def integral(spans: Iterable[Span], low: int, high: int) -> int:
    """The sum of the time that each span lies within [low, high), in ticks; exact."""
    return sum(max(0, (high if to is None else min(to, high)) - max(from_, low)) for from_, to in spans)


def average(spans: Iterable[Span], low: int, high: int) -> float | None:
    """The mean number that stood at once in [low, high); None for an empty window."""
    return integral(spans, low, high) / (high - low) if high > low else None


def course(spans: Iterable[Span], ticks: Sequence[int]) -> tuple[int, ...]:
    """How many stand at each of `ticks`."""
    begins, ends = [], []
    for from_, to in spans:
        begins.append(from_)
        if to is not None:
            ends.append(to)
    begins.sort()
    ends.sort()
    return tuple(bisect_right(begins, tick) - bisect_right(ends, tick) for tick in ticks)


def steps(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The level as a step function: (tick, how many from there on), rising in tick."""
    changes: dict[int, int] = {}
    for from_, to in spans:
        changes[from_] = changes.get(from_, 0) + 1
        if to is not None:
            changes[to] = changes.get(to, 0) - 1
    level = 0
    found = []
    for tick in sorted(changes):
        level += changes[tick]
        found.append((tick, level))
    return found
