"""How exact a quantile is that all replications give together: jackknifed over groups of them (Shao and Tu, The
Jackknife and Bootstrap, 1995, 2.3: leaving out one replication says too little of a quantile, leaving out a part of all
does).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import frexp, fsum, ldexp, sqrt

from bpmn_tool.results.estimates import LEVEL, t_quantile
from bpmn_tool.results.survival import kaplan_meier

#: groups of replications at most
GROUPS = 20
#: cells an octave: what falls in one differs by less than 0.4 %
_CELLS = 256


@dataclass(slots=True)
class Run:
    """The times of one replication, or of several: when cases got there, when they were lost sight of, and how many
    never will.
    """

    reached: Counter[float] = field(default_factory=Counter)
    censored: Counter[float] = field(default_factory=Counter)
    never: int = 0

    @classmethod
    def of(cls, reached: Iterable[float], censored: Iterable[float], never: int) -> "Run":
        return cls(Counter(map(_cell, reached)), Counter(map(_cell, censored)), never)

    def add(self, other: "Run") -> None:
        self.reached.update(other.reached)
        self.censored.update(other.censored)
        self.never += other.never


def _cell(time: float) -> float:
    """The middle of the cell of a log-linear histogram in which a time lies."""
    mantissa, exponent = frexp(time)
    return ldexp((int(mantissa * 2 * _CELLS) + 0.5) / (2 * _CELLS), exponent) if time > 0 else 0.0


def quantile_half_width(runs: Sequence[Run], p: float, level: float = LEVEL) -> float | None:
    """Of the Student t interval of the pooled quantile; None where there are fewer than two replications, or where the
    quantile is not reached without some of them.
    """
    groups = [Run() for _ in range(min(GROUPS, len(runs)))]
    for number, run in enumerate(runs):
        groups[number % len(groups)].add(run)
    if len(groups) < 2:
        return None
    without = [_quantile([g for g in groups if g is not left], p) for left in groups]
    found = [each for each in without if each is not None]
    n = len(groups)
    if len(found) < n:
        return None
    mean = fsum(found) / n
    variance = (n - 1) / n * fsum((each - mean) ** 2 for each in found)
    return t_quantile(level, n - 1) * sqrt(variance)


def _quantile(groups: Iterable[Run], p: float) -> float | None:
    whole = Run()
    for group in groups:
        whole.add(group)
    return kaplan_meier(whole.reached, whole.censored, whole.never).quantile(p)
