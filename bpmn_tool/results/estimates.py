"""Means over replications with Student t intervals (Law, Simulation Modeling and Analysis, 5th ed., 4.5)."""

from collections.abc import Iterable, Sequence
from math import fsum, sqrt

from bpmn_tool.results.summary import Estimate

LEVEL = 0.95


def estimate(values: Iterable[float | None], level: float = LEVEL) -> Estimate:
    """The mean of what was observed and its half-width; None is no observation, and does not count as zero."""
    seen = [value for value in values if value is not None]
    n = len(seen)
    if not n:
        return Estimate(mean=None, half_width=None, level=level, n=0)
    mean = fsum(seen) / n
    if n < 2:
        return Estimate(mean=mean, half_width=None, level=level, n=n)
    half_width = t_quantile(level, n - 1) * sqrt(variance(seen) / n)
    return Estimate(mean=mean, half_width=half_width, level=level, n=n)


def variance(values: Sequence[float]) -> float:
    """The sample variance (n - 1); two values at least."""
    mean = fsum(values) / len(values)
    return fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def t_quantile(level: float, degrees: int) -> float:
    """The two-sided quantile: P(|T| <= t) = `level` with `degrees` of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + level / 2))


def jackknife(parts: Sequence[tuple[float, float]]) -> tuple[float | None, ...]:
    """Pseudo-values of the ratio of sums, one a replication: their mean is the jackknifed ratio (Law, 5th ed., 9.5).

    None where leaving that replication out leaves nothing to divide by; all None where there is nothing at all.
    """
    n = len(parts)
    above, below = fsum(a for a, _ in parts), fsum(b for _, b in parts)
    if not below:
        return (None,) * n
    if n == 1:
        return (above / below,)
    without = [(above - a, below - b) for a, b in parts]
    if any(b <= 0 for _, b in without):  # all of it in one replication: no spread can be told
        return tuple(a / b if b else None for a, b in parts)
    whole = n * above / below
    return tuple(whole - (n - 1) * a / b for a, b in without)
