"""Builders of quantile functions: by name, from numbers (ticks where a duration is meant).

A quantile function takes u in (0, 1) to a value, rising in u, in plain float arithmetic: closed forms
(quantile_forms.py) or tables (quantile_tables.py). A builder raises ValueError, with a sentence, for parameters that
make no distribution.

References: Law, *Simulation Modeling and Analysis*, ch. 8 (inverse transform); Vose, *Risk Analysis* (PERT).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Final

from bpmn_tool.simulation.quantile_forms import (
    Constant,
    Empirical,
    Exponential,
    Histogram,
    Laid,
    Mixture,
    Quantile,
    Triangular,
    Truncated,
    Uniform,
    Weibull,
    mean_of,
)
from bpmn_tool.simulation.quantile_tables import (
    beta_table,
    gamma_table,
    lognormal_table,
    positive_normal_table,
    scipy_table,
)
from bpmn_tool.simulation.uniforms import U_MAX, U_MIN

__all__ = [
    "BUILDERS",
    "Laid",
    "Quantile",
    "beta",
    "constant",
    "empirical",
    "erlang",
    "exponential",
    "gamma",
    "histogram",
    "laid",
    "lognormal",
    "mean_of",
    "mixture",
    "normal",
    "pert",
    "scipy_table",
    "triangular",
    "truncated",
    "uniform",
    "weibull",
]

LEAST_MASS: Final = 1e-9  # what truncation has to leave


def constant(value: float) -> Quantile:
    """Always `value`."""
    return Constant(_finite(value, "value"))


def exponential(mean: float) -> Quantile:
    """Exponential with this mean; of mean 0 always 0."""
    return Exponential(_not_negative(mean, "mean"))


def uniform(low: float, high: float) -> Quantile:
    """Evenly between low and high."""
    _ordered(low=low, high=high)
    return Uniform(low, high)


def triangular(low: float, mode: float, high: float) -> Quantile:
    """Triangular with these ends and mode."""
    _ordered(low=low, mode=mode, high=high)
    return Triangular(low, mode, high)


def pert(low: float, mode: float, high: float) -> Quantile:
    """PERT: the beta with shapes 1 + 4 (mode - low) / (high - low) and 1 + 4 (high - mode) / (high - low)."""
    _ordered(low=low, mode=mode, high=high)
    if low == high:
        return Constant(low)
    width = high - low
    return beta_table(low, high, 1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width)


def beta(low: float, high: float, a: float, b: float) -> Quantile:
    """Beta on [low, high] with shapes a and b."""
    _ordered(low=low, high=high)
    _positive(a, "a")
    _positive(b, "b")
    return Constant(low) if low == high else beta_table(low, high, a, b)


def normal(mean: float, sd: float) -> Quantile:
    """Normal truncated at zero; mean and sd are those of the normal before truncation."""
    _not_negative(mean, "mean")
    return Constant(mean) if _not_negative(sd, "sd") == 0.0 else positive_normal_table(mean, sd)


def lognormal(mean: float, sd: float) -> Quantile:
    """Lognormal with this mean and sd, of itself, not of its logarithm."""
    _not_negative(mean, "mean")
    if _not_negative(sd, "sd") == 0.0 or mean == 0.0:
        return _degenerate(mean, sd)
    return lognormal_table(mean, math.sqrt(math.log1p((sd / mean) ** 2)))


def gamma(mean: float, sd: float) -> Quantile:
    """Gamma with this mean and sd."""
    _not_negative(mean, "mean")
    if _not_negative(sd, "sd") == 0.0 or mean == 0.0:
        return _degenerate(mean, sd)
    return gamma_table((mean / sd) ** 2, sd * (sd / mean))


def erlang(mean: float, k: float) -> Quantile:
    """Erlang: the sum of k exponentials of mean / k each."""
    _not_negative(mean, "mean")
    if not (_positive(k, "k") and float(k).is_integer()):
        raise ValueError(f"k is the whole number of stages of an erlang, not {k}")
    return Constant(0.0) if mean == 0.0 else gamma_table(float(k), mean / k)


def weibull(mean: float, shape: float) -> Quantile:
    """Weibull with this mean and shape."""
    _not_negative(mean, "mean")
    _positive(shape, "shape")
    try:
        return Weibull(mean / math.gamma(1.0 + 1.0 / shape), shape, mean)
    except OverflowError:
        raise ValueError(f"the shape {shape} of a weibull is too small") from None


def empirical(values: Sequence[float], weights: Sequence[float] | None = None) -> Quantile:
    """Given values, with weights or all alike."""
    if not values:
        raise ValueError("an empirical distribution needs values")
    shares = [1.0] * len(values) if weights is None else weights
    if len(shares) != len(values):
        raise ValueError(f"there are {len(values)} values and {len(shares)} weights")
    for value in values:
        _finite(value, "a value")
    pairs = sorted(zip(values, shares, strict=True))
    return Empirical(tuple(value for value, _ in pairs), laid([share for _, share in pairs]).ends)


def histogram(edges: Sequence[float], weights: Sequence[float]) -> Quantile:
    """Bins between rising edges, each with its weight, even within."""
    if len(edges) != len(weights) + 1 or not weights:
        raise ValueError(f"{len(weights)} weights of bins need {len(weights) + 1} edges, not {len(edges)}")
    for low, high in pairwise(edges):
        _ordered(edge=low, next=high)
    return Histogram(tuple(edges), laid(weights).ends)


def laid(weights: Sequence[float]) -> Laid:
    """Weights (not negative, not all zero) laid on (0, 1) in their order."""
    for weight in weights:
        _not_negative(weight, "a weight")
    total = math.fsum(weights)
    if not 0.0 < total < math.inf:
        raise ValueError("the weights add up to nothing")
    ends = [end / total for end in accumulate(weights)]
    last = max(i for i, weight in enumerate(weights) if weight > 0.0)
    # exactly 1 from the last weight on, so that every u falls on a weight above zero
    return Laid(tuple(min(end, 1.0) if i < last else 1.0 for i, end in enumerate(ends)))


def mixture(components: Sequence[tuple[float, Quantile]]) -> Quantile:
    """Weighted quantile functions, laid on (0, 1) in their order."""
    return Mixture(laid([weight for weight, _ in components]).ends, tuple(each for _, each in components))


def truncated(parent: Quantile, minimum: float | None = None, maximum: float | None = None) -> Quantile:
    """`parent` under the condition that it lies between the bounds; ValueError where that hardly ever happens."""
    if minimum is None and maximum is None:
        return parent
    least = -math.inf if minimum is None else _finite(minimum, "min")
    most = math.inf if maximum is None else _finite(maximum, "max")
    below = _turn(lambda u: parent(u) >= least)
    above = _turn(lambda u: parent(u) > most)
    if least > most or above - below < LEAST_MASS:
        raise ValueError(f"hardly anything of the distribution lies between min {least:g} and max {most:g}")
    return Truncated(parent, least, most, below, above)


def _turn(holds: Callable[[float], bool]) -> float:
    """Where a condition that is false and then true turns true as u rises: 0 if always true, 1 if never."""
    if holds(U_MIN):
        return 0.0
    if not holds(U_MAX):
        return 1.0
    false, true = U_MIN, U_MAX
    while (middle := 0.5 * (false + true)) not in (false, true):
        if holds(middle):
            true = middle
        else:
            false = middle
    return true


BUILDERS: Final[Mapping[str, Callable[..., Quantile]]] = MappingProxyType(
    {
        "constant": constant,
        "exponential": exponential,
        "uniform": uniform,
        "triangular": triangular,
        "pert": pert,
        "beta": beta,
        "normal": normal,
        "lognormal": lognormal,
        "gamma": gamma,
        "erlang": erlang,
        "weibull": weibull,
        "empirical": empirical,
        "histogram": histogram,
    }
)


# checks of parameters


def _finite(value: float, name: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}; a finite number is needed")
    return value


def _not_negative(value: float, name: str) -> float:
    if _finite(value, name) < 0.0:
        raise ValueError(f"{name} is {value:g}; it cannot be negative")
    return value


def _positive(value: float, name: str) -> float:
    if _finite(value, name) <= 0.0:
        raise ValueError(f"{name} is {value:g}; it has to be above 0")
    return value


def _ordered(**parameters: float) -> None:
    named = list(parameters.items())
    for name, value in named:
        _finite(value, name)
    for (name, value), (next_name, next_value) in pairwise(named):
        if value > next_value:
            raise ValueError(f"{name} ({value:g}) is above {next_name} ({next_value:g})")


def _degenerate(mean: float, sd: float) -> Quantile:
    if sd > 0.0:
        raise ValueError(f"a distribution above zero with mean 0 cannot have sd {sd:g}")
    return Constant(mean)
