"""Distributions in Prosimos files, in the dialects that are in use.

What the parameters of a distribution mean has changed: first those of SciPy's classes, then those with `min` and `max`
behind them, then mean, spread, min, max (pix-framework, from Prosimos 2 on). Their number tells which it is, but for
`norm`, where both are the same.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bpmn_tool.interchange.foreign.amounts import Amounts
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.json_reader import Json

_ALIASES = {
    "normal": "norm", "exponential": "expon", "triangular": "triang", "log_normal": "lognorm", "lognormal": "lognorm",
    "fixed": "fix", "default": "uniform",
}  # fmt: skip


def distribution(source: Json, draft: Draft, amounts: Amounts) -> Any:
    """What `distribution_name` and `distribution_params` say, as a scenario writes it; "?" where it cannot be said."""
    if "histogram_data" in source:
        return _histogram(source.at("histogram_data"), amounts)
    name = source.at("distribution_name").text().lower()
    name = _ALIASES.get(name, name)
    parameters = [_value(each).number() for each in source.at("distribution_params").items()]
    try:
        found = _made(name, parameters, draft, source, amounts)
    except (ValueError, ArithmeticError) as error:
        source.at("distribution_params").wrong(f"{name} of {', '.join(f'{p:g}' for p in parameters)}: {error}")
        return "?"
    if found is None:
        draft.unclear(f"{name} of {len(parameters)} parameters is not known here", source.location)
        return "?"
    return found


def _value(each: Json) -> Json:
    return each.at("value") if isinstance(each.value, dict) else each


def _made(name: str, given: Sequence[float], draft: Draft, source: Json, amounts: Amounts) -> Any:
    match name, len(given):
        case "fix", n if n >= 1:
            return amounts.constant(given[0])
        case "expon", 3:
            return _exponential(given[0] - given[1], given[1], given[1], given[2], amounts)
        case "expon", 2 | 4:
            draft.mended(
                f"expon of {len(given)} parameters is the older form: {given[0]:g} and an exponential of {given[1]:g}",
                source.location,
            )
            return _exponential(given[1], given[0], *_limits(given[2:], given[0]), amounts)
        case "norm", 2 | 4:
            return amounts.normal(given[0], given[1], **_least_and_most(given[2:], given[0], given[1]))
        case "uniform", 2:
            return amounts.uniform(given[0], given[1])
        case "uniform", 4:  # SciPy's: loc and scale
            draft.mended(
                "uniform of 4 parameters is the older form: from the first, as wide as the second", source.location
            )
            return amounts.uniform(max(given[0], given[2]), min(given[0] + given[1], given[3]))
        case "lognorm", 4:
            sd = math.sqrt(given[1])
            return amounts.lognormal(given[0], sd, **_least_and_most(given[2:], given[0], sd))
        case "lognorm", 3 | 5:
            return _old_lognormal(given, draft, source, amounts)
        case "gamma", 4:
            sd = math.sqrt(given[1])
            return amounts.gamma(given[0], sd, **_least_and_most(given[2:], given[0], sd))
        case "gamma", 3 | 5:
            return _old_gamma(given, draft, source, amounts)
        case "triang", 3:  # the mode, the least, the most
            return amounts.triangular(given[1], given[0], given[2])
        case "triang", 5:  # SciPy's: where the mode lies, loc and scale
            draft.mended("triang of 5 parameters is the older form: place of the mode, from, width", source.location)
            low, width = given[1], given[2]
            return amounts.triangular(low, low + given[0] * width, low + width)
        case "exponnorm", 5:
            draft.unclear("an exponentially modified normal (exponnorm) has no form here", source.location)
            return "?"
        case _:
            return None


def _exponential(scale: float, loc: float, least: float, most: float, amounts: Amounts) -> Any:
    """`loc` and an exponential: without memory, what is above `loc` is an exponential that is at least `loc`."""
    if scale <= 0:
        raise ValueError("the mean is not above the least value")
    if least > most:
        raise ValueError(f"the least value {least:g} is above the most {most:g}")
    return amounts.exponential(scale, least=max(loc, least), most=_reached(most, max(loc, least), scale, 28))


def _limits(rest: Sequence[float], least: float) -> tuple[float, float]:
    return (max(rest[0], least), rest[1]) if len(rest) == 2 else (least, math.inf)


def _reached(most: float, from_: float, scale: float, times: float) -> float:
    """`most`, or infinity where it lies so many times `scale` out that nothing comes there."""
    return math.inf if most - from_ >= times * scale else most


def _least_and_most(rest: Sequence[float], mean: float = 0.0, sd: float = 0.0) -> dict[str, float]:
    if len(rest) != 2:
        return {}
    if rest[0] > rest[1]:
        raise ValueError(f"the least value {rest[0]:g} is above the most {rest[1]:g}")
    return {"least": rest[0], "most": _reached(rest[1], mean, sd, 1000) if sd else rest[1]}


def _old_lognormal(given: Sequence[float], draft: Draft, source: Json, amounts: Amounts) -> Any:
    """SciPy's: sigma, loc, exp(mu)."""
    sigma, loc, scale = given[:3]
    if loc:
        draft.unclear(f"a lognormal shifted by {loc:g} has no form here", source.location)
        return "?"
    draft.mended("lognorm of an odd number of parameters is the older form: sigma, loc, exp(mu)", source.location)
    mean = scale * math.exp(sigma**2 / 2)
    return amounts.lognormal(mean, mean * math.sqrt(math.expm1(sigma**2)), **_least_and_most(given[3:]))


def _old_gamma(given: Sequence[float], draft: Draft, source: Json, amounts: Amounts) -> Any:
    """SciPy's: shape, loc, scale."""
    shape, loc, scale = given[:3]
    if loc:
        draft.unclear(f"a gamma shifted by {loc:g} has no form here", source.location)
        return "?"
    draft.mended("gamma of an odd number of parameters is the older form: shape, loc, scale", source.location)
    return amounts.gamma(shape * scale, math.sqrt(shape) * scale, **_least_and_most(given[3:]))


def _histogram(source: Json, amounts: Amounts) -> Any:
    """One of the midpoints of its bins, as Prosimos draws."""
    shares = [each.number() for each in source.at("cdf").items()]
    values = [each.number() for each in source.at("bin_midpoints").items()]
    if len(shares) != len(values) or not shares:
        source.wrong("cdf and bin_midpoints are lists of the same length")
        return "?"
    weights = [shares[0], *(b - a for a, b in pairwise(shares))]
    try:
        return amounts.empirical(values, weights)
    except ValueError as error:
        source.wrong(str(error))
        return "?"
