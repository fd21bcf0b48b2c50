"""Parameter values of BPSim: constants, distributions and expressions (BPSim 1.0 and 2.0, the schema's names)."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions import parse
from bpmn_tool.instants.iso8601 import exact_ticks
from bpmn_tool.instants.units import SECOND
from bpmn_tool.interchange.foreign.amounts import UNITS, Amounts
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.xml_reader import Xml

_PROPERTY: Final = re.compile(r"(?:bpsim:)?getProperty\s*\(\s*(['\"])([^'\"]*)\1\s*\)")
#: values that are not drawn
CONSTANT: Final = frozenset({"NumericParameter", "FloatingParameter", "DurationParameter"})
#: drawn from an interval, so that no value comes twice
CONTINUOUS: Final = frozenset(
    {
        "BetaDistribution", "GammaDistribution", "LogNormalDistribution", "NegativeExponentialDistribution",
        "NormalDistribution", "TriangularDistribution", "TruncatedNormalDistribution", "UniformDistribution",
        "WeibullDistribution", "ErlangDistribution",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Units:
    """What a bare number means: seconds in one of the scenario's time units."""

    seconds: float

    def of(self, value: Xml, draft: Draft) -> float:
        named = value.get("timeUnit")
        if named is None:
            return self.seconds
        if named.lower() not in UNITS:
            draft.unclear(f"'{named}' is no unit of time", value.location)
            return self.seconds
        return UNITS[named.lower()]


def values_of(parameter: Xml) -> Iterator[Xml]:
    """The values of a parameter, without the requests for results."""
    yield from (each for each in parameter.all() if each.name != "ResultRequest")


def value_of(parameter: Xml | None, draft: Draft) -> Xml | None:
    """The one value of a parameter. Values for a calendar of their own are left out where there is another."""
    if parameter is None:
        return None
    values = [each for each in values_of(parameter) if each.get("result") is None]
    always = [each for each in values if each.get("validFor") is None and each.get("instance") is None]
    if len(values) > 1:
        draft.unclear(
            f"{parameter.name} has {len(values)} values for different times or instances: one is taken",
            parameter.location,
        )
    return next(iter(always or values), None)


def lasting(value: Xml, draft: Draft, units: Units) -> Any:
    """A length of time, as a scenario writes it; "?" where it cannot be said."""
    return _written(value, draft, Amounts(unit=units.of(value, draft)))


def plain(value: Xml, draft: Draft) -> Any:
    """A number, text or truth value, drawn or not."""
    match value.name:
        case "StringParameter":
            return {"constant": value.needed("value")}
        case "BooleanParameter":
            return {"constant": value.needed("value").lower() in ("true", "1")}
        case _:
            found = _written(value, draft, Amounts())
            return {"constant": found} if isinstance(found, int | float) else found


def constant(value: Xml | None, draft: Draft) -> float | None:
    """A number that is not drawn; None, and unclear, where it is something else."""
    if value is None:
        return None
    if value.name in ("NumericParameter", "FloatingParameter"):
        return value.number("value")
    draft.unclear(f"a plain number is wanted here, not {value.name}", value.location)
    return None


def _written(value: Xml, draft: Draft, amounts: Amounts) -> Any:
    try:
        found = _made(value, amounts)
    except (ValueError, ArithmeticError) as error:
        value.wrong(f"{value.name}: {error}")
        return "?"
    if found is None:
        draft.unclear(f"{value.name} cannot be drawn here", value.location)
        return "?"
    return found


def _made(value: Xml, amounts: Amounts) -> Any:
    make = _MADE.get(value.name)
    return None if make is None else make(value, amounts)


def _user(value: Xml, amounts: Amounts) -> Any:
    """Points with their probabilities: as such where `discrete`, else as the ends of even stretches."""
    points = []
    for point in value.all("UserDistributionDataPoint"):
        inner = next(point.all(), None)
        if inner is None or inner.name not in ("NumericParameter", "FloatingParameter"):
            raise ValueError("the points of a user distribution are numbers here")
        points.append((inner.number("value"), point.number("probability")))
    if value.get("discrete") in ("true", "1"):
        return amounts.empirical([v for v, _ in points], [p for _, p in points])
    if len(points) < 2:
        raise ValueError("a continuous user distribution has two points at least")
    points.sort()
    return amounts.histogram([v for v, _ in points], [p for _, p in points[1:]])


def expression_of(value: Xml) -> str:
    """An expression in the language of scenarios. Raises ExpressionError."""
    text = value.needed("value")
    return str(parse(_PROPERTY.sub(lambda match: match[2], text)))


def read_expression(value: Xml, draft: Draft) -> str | None:
    """The same; None, and unclear, where it cannot be read."""
    if value.name == "BooleanParameter":
        return "true" if value.needed("value").lower() in ("true", "1") else "false"
    if value.name != "ExpressionParameter":
        draft.unclear(f"an expression is wanted here, not {value.name}", value.location)
        return None
    try:
        return expression_of(value)
    except ExpressionError as error:
        draft.unclear(f"the expression {value.needed('value')!r} cannot be read: {error}", value.location)
        return None


def names_in(text: str) -> frozenset[str]:
    """The properties that an expression asks for."""
    return parse(text).names


def _length(value: Xml, _amounts: Amounts) -> Any:
    return Amounts(unit=1.0).constant(exact_ticks(value.needed("value")) / SECOND)


def _truncated_normal(value: Xml, amounts: Amounts) -> Any:
    least, most = value.number("min", 0.0), value.number("max", math.inf)
    return amounts.normal(value.number("mean"), value.number("standardDeviation"), least=least, most=most)


def _gamma(value: Xml, amounts: Amounts) -> Any:
    shape, scale = value.number("shape"), value.number("scale")
    return amounts.gamma(shape * scale, math.sqrt(shape) * scale)


#: value or distribution -> how it is written
_MADE: Final[Mapping[str, Callable[[Xml, Amounts], Any]]] = {
    "NumericParameter": lambda v, a: a.constant(v.number("value")),
    "FloatingParameter": lambda v, a: a.constant(v.number("value")),
    "DurationParameter": _length,
    "UniformDistribution": lambda v, a: a.uniform(v.number("min"), v.number("max")),
    "TriangularDistribution": lambda v, a: a.triangular(v.number("min"), v.number("mode"), v.number("max")),
    "NormalDistribution": lambda v, a: a.normal(v.number("mean"), v.number("standardDeviation")),
    "TruncatedNormalDistribution": _truncated_normal,
    "LogNormalDistribution": lambda v, a: a.lognormal(v.number("mean"), v.number("standardDeviation")),
    "NegativeExponentialDistribution": lambda v, a: a.exponential(v.number("mean")),
    "GammaDistribution": _gamma,
    "WeibullDistribution": lambda v, a: a.weibull(v.number("shape"), v.number("scale")),
    "ErlangDistribution": lambda v, a: a.erlang(v.number("mean"), v.number("k")),
    "PoissonDistribution": lambda v, a: a.poisson(v.number("mean")),
    "BinomialDistribution": lambda v, a: a.binomial(int(v.number("trials")), v.number("probability")),
    "BetaDistribution": lambda v, a: a.beta(0.0, 1.0, v.number("shape"), v.number("scale")),
    "UserDistribution": _user,
}
