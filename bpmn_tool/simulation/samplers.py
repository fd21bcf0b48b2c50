"""Distributions of a scenario as functions from (u, attributes) to a value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.distributions import (
    Beta,
    By,
    Choice,
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Histogram,
    Lognormal,
    Mixture,
    Normal,
    Pert,
    Probability,
    Triangular,
    Uniform,
    Weibull,
)
from bpmn_tool.simulation import quantile_forms as forms
from bpmn_tool.simulation.dice import chance
from bpmn_tool.simulation.plan import Lasting, Sampler
from bpmn_tool.simulation.quantile_forms import Quantile
from bpmn_tool.simulation.quantiles import BUILDERS, laid, mean_of, truncated

MAX_TICKS = 2**62


def sampler(distribution: Distribution) -> Sampler:
    """What is drawn, as it is: numbers, texts, truth values.

    Raises ValueError for parameters that make no distribution.
    """
    match distribution:
        case Constant():
            value = distribution.value
            return lambda _u, _attributes: value
        case Mixture():
            ends = laid([weight for weight, _ in distribution.parts]).ends
            parts = [sampler(part) for _, part in distribution.parts]
            return lambda u, attributes: _mixed(u, attributes, ends, parts)
        case By():
            condition, yes, no = distribution.condition, sampler(distribution.yes), sampler(distribution.no)
            return lambda u, attributes: (yes if condition.evaluate(attributes) else no)(u, attributes)
        case Choice():
            ends = laid([weight for _, weight in distribution.options]).ends
            values = [value for value, _ in distribution.options]
            return lambda u, _attributes: values[_place(u, ends)]
        case Probability():
            likely = distribution.probability
            return lambda u, attributes: u < chance(likely, attributes)
        case (
            Exponential() | Uniform() | Triangular() | Pert() | Beta() | Normal() | Lognormal() | Gamma() | Erlang()
            | Weibull() | Empirical() | Histogram()
        ):  # fmt: skip
            quantile = truncated(
                BUILDERS[distribution.kind](**distribution.parameters), distribution.minimum, distribution.maximum
            )
            return lambda u, _attributes: quantile(u)
        case _:
            assert_never(distribution)


@dataclass(frozen=True, slots=True)
class Whole:
    """A drawn duration, divided by a speed, in whole ticks: floor(x + 1/2), once. A value that is no tick raises
    ValueError. `quantile` is all there is to `draw`, where it asks nothing of the case.
    """

    draw: Sampler
    quantile: Quantile | None = None

    def __call__(self, u: float, attributes: Mapping[str, Any], speed: float = 1.0, /) -> int:
        value = float(self.draw(u, attributes)) / speed
        if not 0.0 <= value < MAX_TICKS:
            raise ValueError(f"a duration of {value:g} microseconds was drawn")
        return math.floor(value + 0.5)


def ticks(distribution: Distribution) -> Lasting:
    """A drawn duration in whole ticks."""
    match distribution:
        case Constant():
            value = distribution.value
            return Whole(sampler(distribution), None if isinstance(value, str) else forms.Constant(float(value)))
        case Mixture() | By() | Choice() | Probability():
            return Whole(sampler(distribution))
        case _:
            quantile = truncated(
                BUILDERS[distribution.kind](**distribution.parameters), distribution.minimum, distribution.maximum
            )
            return Whole(lambda u, _attributes: quantile(u), quantile)


def how_many(value: Distribution | CaseExpression) -> Sampler:
    """A whole number: drawn, or worked out for the case."""
    if isinstance(value, CaseExpression):
        return lambda _u, attributes: math.floor(float(value.evaluate(attributes)) + 0.5)
    draw = sampler(value)
    return lambda u, attributes: math.floor(float(draw(u, attributes)) + 0.5)


def mean(distribution: Distribution) -> float | None:
    """The expected value where it does not depend on the case, else None."""
    match distribution:
        case Constant():
            return float(distribution.value) if not isinstance(distribution.value, str) else None
        case Mixture():
            parts = [(weight, mean(part)) for weight, part in distribution.parts]
            total = math.fsum(weight for weight, _ in parts)
            known = [weight * value / total for weight, value in parts if value is not None]
            return math.fsum(known) if len(known) == len(parts) else None
        case By() | Choice() | Probability():
            return None
        case _:
            quantile = truncated(
                BUILDERS[distribution.kind](**distribution.parameters), distribution.minimum, distribution.maximum
            )
            return mean_of(quantile)


def _place(u: float, ends: tuple[float, ...]) -> int:
    return next(index for index, end in enumerate(ends) if u < end or end >= 1.0)


def _mixed(u: float, attributes: Mapping[str, Any], ends: tuple[float, ...], parts: list[Sampler]) -> Any:
    index = _place(u, ends)
    begin = ends[index - 1] if index else 0.0
    inner = (u - begin) / (ends[index] - begin)
    return parts[index](min(max(inner, 2.0**-53), 1.0 - 2.0**-53), attributes)
