"""Paired comparison of replications (Law, Simulation Modeling and Analysis, 5th ed., 10.2; Holm, Scand. J. Stat. 6)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import copysign, inf, sqrt
from typing import TypeVar

from bpmn_tool.results.estimates import LEVEL, estimate, variance
from bpmn_tool.results.summary import Estimate

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Variant minus baseline, where both were observed; `p_value` is None for less than two such replications."""

    difference: Estimate
    p_value: float | None
    variance_ratio: float | None  # of independent runs / of the paired difference; above 1 pairing helps


def paired(baseline: Sequence[float | None], variant: Sequence[float | None], level: float = LEVEL) -> Paired:
    """Student's paired t, two-sided; replications go together by position. Raises ValueError for different lengths."""
    both = [(b, v) for b, v in zip(baseline, variant, strict=True) if b is not None and v is not None]
    differences = [v - b for b, v in both]
    difference = estimate(differences, level)
    if len(both) < 2:
        return Paired(difference=difference, p_value=None, variance_ratio=None)
    spread = variance(differences)
    apart = variance([b for b, _ in both]) + variance([v for _, v in both])
    return Paired(
        difference=difference,
        p_value=_p_value(difference, spread),
        variance_ratio=apart / spread if spread else None,
    )


def _p_value(difference: Estimate, spread: float) -> float:
    from scipy.special import stdtr

    assert difference.mean is not None
    if not spread:
        t = copysign(inf, difference.mean) if difference.mean else 0.0
    else:
        t = difference.mean / sqrt(spread / difference.n)
    return min(1.0, 2.0 * float(stdtr(difference.n - 1, -abs(t))))


def holm(p_values: Mapping[K, float]) -> dict[K, float]:
    """Adjusted p-values: what each has to be held against the level at, when all of them are tested at once."""
    found: dict[K, float] = {}
    worst = 0.0
    ordered = sorted(p_values.items(), key=lambda pair: pair[1])
    for rank, (key, p) in enumerate(ordered):
        worst = max(worst, min(1.0, p * (len(ordered) - rank)))
        found[key] = worst
    return found
