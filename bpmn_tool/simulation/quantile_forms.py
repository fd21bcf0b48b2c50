"""Quantile functions in closed form: frozen values that are called with u in (0, 1), rise in u, and know their `mean`.

They use `math.log`, `exp`, `pow` and `sqrt` alone, which agree to the bit with what a compiler makes of them.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from bpmn_tool.simulation.quantile_tables import Table
from bpmn_tool.simulation.uniforms import U_MAX, U_MIN

Quantile: TypeAlias = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    value: float

    @property
    def mean(self) -> float:
        return self.value

    def __call__(self, u: float) -> float:  # noqa: ARG002 it is a quantile function all the same
        return self.value


@dataclass(frozen=True, slots=True)
class Exponential:
    """-mean log(1 - u)."""

    mean: float

    def __call__(self, u: float) -> float:
        return -self.mean * math.log(1.0 - u)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Evenly between low and high."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        return 0.5 * (self.low + self.high)

    def __call__(self, u: float) -> float:
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between low and high, densest at mode."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3.0

    def __call__(self, u: float) -> float:
        width = self.high - self.low
        rise = self.mode - self.low
        if u * width < rise:
            return self.low + math.sqrt(u * width * rise)
        return self.high - math.sqrt((1.0 - u) * width * (self.high - self.mode))


@dataclass(frozen=True, slots=True)
class Weibull:
    """scale (-log(1 - u))^(1 / shape)."""

    scale: float
    shape: float
    mean: float

    def __call__(self, u: float) -> float:
        return self.scale * math.pow(-math.log(1.0 - u), 1.0 / self.shape)


@dataclass(frozen=True, slots=True)
class Laid:
    """Weights laid side by side on (0, 1): gives the index of the one that u falls on. `ends` rise to 1."""

    ends: tuple[float, ...]

    def __call__(self, u: float) -> int:
        return bisect_right(self.ends, u)


@dataclass(frozen=True, slots=True)
class Empirical:
    """Given values, rising, with the share of each."""

    values: tuple[float, ...]
    ends: tuple[float, ...]

    @property
    def mean(self) -> float:
        return math.fsum(value * share for value, share in zip(self.values, _shares(self.ends), strict=True))

    def __call__(self, u: float) -> float:
        return self.values[bisect_right(self.ends, u)]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Evenly within bins; `edges` is one longer than `ends`, the shares of the bins added up."""

    edges: tuple[float, ...]
    ends: tuple[float, ...]

    @property
    def mean(self) -> float:
        middles = [0.5 * (low + high) for low, high in pairwise(self.edges)]
        return math.fsum(middle * share for middle, share in zip(middles, _shares(self.ends), strict=True))

    def __call__(self, u: float) -> float:
        i = bisect_right(self.ends, u)
        before = self.ends[i - 1] if i else 0.0
        return self.edges[i] + (u - before) / (self.ends[i] - before) * (self.edges[i + 1] - self.edges[i])


@dataclass(frozen=True, slots=True)
class Truncated:
    """`parent` between two bounds: u is rescaled to (below, above), the parent's distribution function at them."""

    parent: Quantile
    minimum: float
    maximum: float
    below: float
    above: float

    @property
    def mean(self) -> float:
        return _integral(self)

    def __call__(self, u: float) -> float:
        x = self.parent(_inside(self.below + u * (self.above - self.below)))
        return min(self.maximum, max(self.minimum, x))


@dataclass(frozen=True, slots=True)
class Mixture:
    """Components laid on (0, 1): u picks one, and its place within that one's stretch is the component's own u."""

    ends: tuple[float, ...]
    components: tuple[Quantile, ...]

    @property
    def mean(self) -> float:
        return math.fsum(mean_of(each) * w for each, w in zip(self.components, _shares(self.ends), strict=True))

    def __call__(self, u: float) -> float:
        i = bisect_right(self.ends, u)
        before = self.ends[i - 1] if i else 0.0
        return self.components[i](_inside((u - before) / (self.ends[i] - before)))


def _inside(u: float) -> float:
    return min(U_MAX, max(U_MIN, u))


def _shares(ends: Sequence[float]) -> list[float]:
    return [end - before for before, end in zip((0.0, *ends), ends, strict=False)]


def mean_of(quantile: Quantile) -> float:
    """The expected value: in closed form where there is one, else by numerical integration (for checks of load)."""
    match quantile:
        case Constant() | Exponential() | Uniform() | Triangular() | Weibull() | Empirical() | Histogram() | Table():
            return quantile.mean
        case Mixture() | Truncated():
            return quantile.mean
        case _:
            return _integral(quantile)


def _integral(quantile: Quantile) -> float:
    """The integral over u by the trapezoidal rule in z = log(u / (1 - u)), which spares no tail."""
    steps = 4000
    width = 72.0 / steps
    total = 0.0
    for i in range(steps + 1):
        z = -36.0 + i * width
        u = 1.0 / (1.0 + math.exp(-z))
        total += quantile(_inside(u)) * u / (1.0 + math.exp(z))
    return total * width
