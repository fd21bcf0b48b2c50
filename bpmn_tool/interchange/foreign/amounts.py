"""Times and distributions of other tools as a scenario writes them."""

import math
from collections.abc import Mapping
from typing import Any, Final

from bpmn_tool.instants.iso8601 import format_duration
from bpmn_tool.instants.units import SECOND
from bpmn_tool.scenario.distributions import Distribution
from bpmn_tool.simulation.samplers import sampler

MAX_SECONDS: Final = 2**61 / SECOND
#: quantiles of which moments are taken
_POINTS: Final = 4000
#: seconds in one of a unit, by the names that tools use, in lower case
UNITS: Final[Mapping[str, float]] = {
    "ms": 0.001, "milliseconds": 0.001,
    "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0,
    "min": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0,
    "day": 86_400.0, "days": 86_400.0,
    "week": 604_800.0, "weeks": 604_800.0,
    "year": 31_536_000.0, "years": 31_536_000.0,
}  # fmt: skip


def duration(seconds: float) -> str:
    """Seconds as an ISO 8601 duration, to the microsecond. Raises ValueError: it is no length of time."""
    if not (math.isfinite(seconds) and abs(seconds) < MAX_SECONDS):
        raise ValueError(f"{seconds} seconds is no length of time")
    return format_duration(math.floor(seconds * SECOND + 0.5))


def number(value: float) -> int | float:
    """A number as one writes it: whole where it is."""
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def moments(distribution: Distribution) -> tuple[float, float]:
    """Mean and standard deviation. ValueError where they depend on the case, or it is no number."""
    draw = sampler(distribution)
    try:
        values = [float(draw((n + 0.5) / _POINTS, {})) for n in range(_POINTS)]
    except (TypeError, LookupError) as error:
        raise ValueError("it depends on the case") from error
    mean = math.fsum(values) / _POINTS
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / _POINTS)


class Amounts:
    """Writes distributions in one unit: durations (from seconds times `unit`), or plain numbers."""

    def __init__(self, *, unit: float | None = None) -> None:
        self.unit = unit

    def one(self, value: float) -> Any:
        """One value."""
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number")
        return number(value) if self.unit is None else duration(value * self.unit)

    def constant(self, value: float) -> Any:
        return self.one(value)

    def exponential(self, mean: float, **limits: float | None) -> Any:
        return self._written("exponential", self.one(mean), **limits)

    def uniform(self, low: float, high: float) -> Any:
        return self.constant(low) if low == high else {"uniform": [self.one(low), self.one(high)]}

    def triangular(self, low: float, mode: float, high: float) -> Any:
        if low == high:
            return self.constant(low)
        return {"triangular": [self.one(low), self.one(mode), self.one(high)]}

    def normal(self, mean: float, sd: float, **limits: float | None) -> Any:
        """Truncated at zero, as a scenario has it."""
        if sd == 0:
            return self.constant(mean)
        if (most := limits.get("most")) is not None and most >= mean + 8 * sd:
            limits["most"] = None  # nothing comes there
        return self._written("normal", [self.one(mean), self.one(sd)], **limits)

    def lognormal(self, mean: float, sd: float, **limits: float | None) -> Any:
        """`mean` and `sd` of the variable itself."""
        if sd == 0:
            return self.constant(mean)
        return self._written("lognormal", [self.one(mean), self.one(sd)], **limits)

    def gamma(self, mean: float, sd: float, **limits: float | None) -> Any:
        if sd == 0:
            return self.constant(mean)
        return self._written("gamma", [self.one(mean), self.one(sd)], **limits)

    def erlang(self, mean: float, k: float) -> Any:
        """`mean` of the sum of k phases."""
        return {"erlang": {"mean": self.one(mean), "k": number(k)}}

    def weibull(self, shape: float, scale: float) -> Any:
        return {"weibull": {"mean": self.one(scale * math.gamma(1 + 1 / shape)), "shape": number(shape)}}

    def beta(self, low: float, high: float, a: float, b: float) -> Any:
        return {"beta": {"low": self.one(low), "high": self.one(high), "a": number(a), "b": number(b)}}

    def empirical(self, values: list[float], weights: list[float]) -> Any:
        """Values with weights; what has no weight is left out."""
        kept = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0]
        written = [self.one(value) for value, _ in kept]
        return {"empirical": {"values": written, "weights": [number(weight) for _, weight in kept]}}

    def histogram(self, edges: list[float], weights: list[float]) -> Any:
        return {"histogram": {"edges": [self.one(e) for e in edges], "weights": [number(w) for w in weights]}}

    def binomial(self, trials: int, probability: float) -> Any:
        """As the values that have a chance of one in a million million or more."""
        from scipy.stats import binom

        return self._discrete([float(binom.pmf(n, trials, probability)) for n in range(trials + 1)])

    def poisson(self, mean: float) -> Any:
        """As :meth:`binomial` does."""
        from scipy.stats import poisson

        most = math.ceil(mean + 12 * math.sqrt(mean) + 20)
        return self._discrete([float(poisson.pmf(n, mean)) for n in range(most + 1)])

    def _discrete(self, chances: list[float]) -> Any:
        kept = [(float(n), chance) for n, chance in enumerate(chances) if chance > 1e-12]
        return self.empirical([n for n, _ in kept], [chance for _, chance in kept])

    def _written(self, kind: str, parameters: Any, least: float | None = None, most: float | None = None) -> Any:
        written: dict[str, Any] = {kind: parameters}
        if least is not None and least > 0:
            written["min"] = self.one(least)
        if most is not None and math.isfinite(most):
            written["max"] = self.one(most)
        return written
