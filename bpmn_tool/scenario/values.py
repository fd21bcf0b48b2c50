"""What a single value of a scenario may be, and how it becomes what the simulator uses.

Each alias below is a type with its validator: ``Real`` takes a number or an expression over the parameters and is a
float, ``CaseNumber`` may also
depend on the case, ``Lasting`` is a calendar duration, ``DurationDistribution`` is in ticks. The parameters come in
by pydantic's validation context.
All of them may stand in a file as ``{ value, low, high, status, source, n, date }``; :mod:`bpmn_tool.scenario.unwrap`
takes that off before.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, ValidationInfo

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions import Expression, parse
from bpmn_tool.instants.iso8601 import Duration, exact_ticks, parse_duration
from bpmn_tool.instants.units import RATE_UNITS, split_rate
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.distributions import Constant, Distribution
from bpmn_tool.scenario.places import one_problem

#: of plain numbers: sums of them over many cases stay far from what a float can hold, and to the unit exact
LARGEST = 1e15
#: of one role, each with its own calendar and queue
MOST_SEATS = 100_000


@dataclass(frozen=True, slots=True)
class Context:
    """What values are resolved against: parameters by name, and the names of the attributes that the scenario gives
    to cases.

    A model may assign further ones, so that whether a name is known at all is tested with the ids
    (:mod:`bpmn_tool.scenario.ids`).
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    #: what stands in columns of CSV files that `empirical` names: (path, column) -> cells
    columns: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Marks a field as a value: it may be written as a table with provenance. `distribution`: tables of distributions
    may stand here.
    """

    distribution: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` happenings per `unit` (hour, day, week, month or year) on calendar time: a year is 365 days, a month a
    twelfth of it.
    """

    count: float
    unit: str

    @property
    def per_tick(self) -> float:
        """The mean number in one tick (microsecond)."""
        return self.count / RATE_UNITS[self.unit]


def nearest(name: str, known: Mapping[str, Any] | frozenset[str] | tuple[str, ...]) -> str:
    """``; did you mean 'x'?`` for the known name that is closest, or nothing."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean '{found[0]}'?" if found else ""


def expression(text: str, context: Context) -> CaseExpression:
    """A text as an expression over parameters and attributes. Raises ValueProblems."""
    try:
        parsed = parse(text)
    except ExpressionError as error:
        raise one_problem(f"{text!r} is not an expression: {error}") from None
    attributes = frozenset(parsed.names) - context.parameters.keys()
    used = {name: context.parameters[name] for name in sorted(parsed.names) if name in context.parameters}
    return CaseExpression(text, parsed, attributes, used)


def number(raw: Any, context: Context) -> float | CaseExpression:
    """A number, or an expression: a float where it needs parameters alone. Raises ValueProblems."""
    match raw:
        case bool():
            raise one_problem(f"a number is wanted here, not {str(raw).lower()}")
        case int() | float():
            value = float(raw)
        case CaseExpression():
            return raw
        case str():
            found = expression(raw, context)
            if found.names:
                return found
            value = constant(found)
        case _:
            raise one_problem(f"a number or an expression is wanted here, not {described(raw)}")
    if not math.isfinite(value):
        raise one_problem(f"{raw!r} is not a finite number")
    if abs(value) > LARGEST:
        raise one_problem(f"{raw!r} is too large a number: {LARGEST:g} at most")
    return value


def constant(found: CaseExpression) -> float:
    """The number that an expression over parameters alone comes to."""
    try:
        value = found.evaluate({})
    except ExpressionError as error:
        raise one_problem(f"{found.text!r}: {error}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise one_problem(f"{found.text!r} is {described(value)}, and a number is wanted here")
    return float(value)


def real(raw: Any, context: Context) -> float:
    """A number that is the same for every case."""
    match number(raw, context):
        case float(value):
            return value
        case CaseExpression() as found:
            raise one_problem(_not_constant(found, context))


def _not_constant(found: CaseExpression, context: Context) -> str:
    unknown = sorted(found.names - context.attributes)
    if not unknown:
        names = ", ".join(map(repr, sorted(found.names)))
        return f"{found.text!r} depends on {names} of the case, which is not possible here"
    names = " or ".join(map(repr, unknown))
    return f"{found.text!r}: no parameter is called {names}{nearest(unknown[0], frozenset(context.parameters))}"


def whole(raw: Any, context: Context, *, least: int = 0) -> int:
    value = real(raw, context)
    if value != math.floor(value) or value < least:
        raise one_problem(f"a whole number of at least {least} is wanted here, not {raw!r}")
    return int(value)


def within(value: float | CaseExpression, low: float, high: float) -> None:
    if isinstance(value, float) and not low <= value <= high:
        above = f" and {high:g} at most" if math.isfinite(high) else ""
        raise one_problem(f"{value:g} is out of range: {low:g} at least{above}")


def described(raw: Any) -> str:
    """A value named by its TOML kind."""
    match raw:
        case bool():
            return str(raw).lower()
        case str():
            return repr(raw)
        case Mapping():
            return "a table"
        case list() | tuple():
            return "a list"
        case _:
            return str(raw)


def duration(raw: Any) -> Duration:
    """An ISO 8601 duration. Raises ValueProblems."""
    if isinstance(raw, Duration):
        return raw
    if not isinstance(raw, str):
        raise one_problem(f"{described(raw)} is not an ISO 8601 duration such as 'PT5M' or 'P10D'")
    try:
        return parse_duration(raw)
    except ValueError as error:
        raise one_problem(str(error)) from None


def ticks(raw: Any) -> int:
    """An ISO 8601 duration in exact ticks; a day is 24 hours, months and years are refused. Raises ValueProblems."""
    found = duration(raw)
    try:
        return exact_ticks(found)
    except ValueError as error:
        raise one_problem(str(error)) from None


def _context(info: ValidationInfo) -> Context:
    return info.context if isinstance(info.context, Context) else Context()


def _real(raw: Any, info: ValidationInfo) -> float:
    return real(raw, _context(info))


def _not_negative(raw: Any, info: ValidationInfo) -> float:
    value = real(raw, _context(info))
    within(value, 0, math.inf)
    return value


def _share(raw: Any, info: ValidationInfo) -> float:
    value = real(raw, _context(info))
    within(value, 0, 1)
    return value


def _count(raw: Any, info: ValidationInfo) -> int:
    return whole(raw, _context(info))


def _case_number(raw: Any, info: ValidationInfo) -> float | CaseExpression:
    return number(raw, _context(info))


def case_share(raw: Any, context: Context) -> float | CaseExpression:
    """A probability, which may depend on the case."""
    value = number(raw, context)
    within(value, 0, 1)
    return value


def _case_share(raw: Any, info: ValidationInfo) -> float | CaseExpression:
    return case_share(raw, _context(info))


def _condition(raw: Any, info: ValidationInfo) -> CaseExpression:
    match raw:
        case CaseExpression():
            return raw
        case bool():
            return expression("true" if raw else "false", _context(info))
        case str():
            return expression(raw, _context(info))
        case _:
            raise one_problem(f'a condition is an expression such as "severity > 7", not {described(raw)}')


def _duration(raw: Any) -> Duration:
    return duration(raw)


def _rate(raw: Any, info: ValidationInfo) -> Rate:
    if isinstance(raw, Rate):
        return raw
    if not isinstance(raw, str):
        units = ", ".join(RATE_UNITS)
        raise one_problem(f"{described(raw)} is not a rate; write a number or an expression, 'per', and one of {units}")
    try:
        amount, unit = split_rate(raw)
    except ValueError as error:
        raise one_problem(str(error)) from None
    count = real(amount, _context(info))
    within(count, 0, math.inf)
    return Rate(count, unit)


def _in_ticks(raw: Any, info: ValidationInfo) -> Distribution:
    from bpmn_tool.scenario.distribution_tables import distribution

    return distribution(raw, _context(info), durations=True)


def _plain(raw: Any, info: ValidationInfo) -> Distribution:
    from bpmn_tool.scenario.distribution_tables import distribution

    return distribution(raw, _context(info), durations=False)


def _how_many(raw: Any, info: ValidationInfo) -> Distribution | CaseExpression:
    if isinstance(raw, str):
        found = number(raw, _context(info))
        return found if isinstance(found, CaseExpression) else Constant(value=found)
    return _plain(raw, info)


def _when_or_how_long(raw: Any, info: ValidationInfo) -> Distribution | Duration:
    return duration(raw) if isinstance(raw, str | Duration) else _in_ticks(raw, info)


def _seat_count(raw: Any, info: ValidationInfo) -> int | Literal["unlimited"]:
    if raw == "unlimited":
        return "unlimited"
    count = whole(raw, _context(info), least=1)
    if count > MOST_SEATS:  # each is kept in memory
        raise one_problem(f'{raw!r} are too many: {MOST_SEATS} at most, or "unlimited"')
    return count


def _warm_up(raw: Any) -> Duration | Literal["auto"]:
    return "auto" if raw == "auto" else duration(raw)


def _measure(raw: Any, info: ValidationInfo) -> Duration | float:
    return duration(raw) if isinstance(raw, str | Duration) else real(raw, _context(info))


Real = Annotated[float, PlainValidator(_real), Leaf()]
SeatCount = Annotated[int | Literal["unlimited"], PlainValidator(_seat_count), Leaf()]
WarmUp = Annotated[Duration | Literal["auto"], PlainValidator(_warm_up), Leaf()]
Measure = Annotated[Duration | float, PlainValidator(_measure)]
NotNegative = Annotated[float, PlainValidator(_not_negative), Leaf()]
Share = Annotated[float, PlainValidator(_share), Leaf()]
Count = Annotated[int, PlainValidator(_count), Leaf()]
CaseNumber = Annotated[float | CaseExpression, PlainValidator(_case_number), Leaf()]
CaseShare = Annotated[float | CaseExpression, PlainValidator(_case_share), Leaf()]
Condition = Annotated[CaseExpression, PlainValidator(_condition)]
Lasting = Annotated[Duration, PlainValidator(_duration), Leaf()]
RatePerTime = Annotated[Rate, PlainValidator(_rate), Leaf()]
DurationDistribution = Annotated[Distribution, PlainValidator(_in_ticks), Leaf(distribution=True)]
PlainDistribution = Annotated[Distribution, PlainValidator(_plain), Leaf(distribution=True)]
HowMany = Annotated[Distribution | CaseExpression, PlainValidator(_how_many), Leaf(distribution=True)]
After = Annotated[Distribution | Duration, PlainValidator(_when_or_how_long), Leaf(distribution=True)]

__all__ = [
    "After", "CaseExpression", "CaseNumber", "CaseShare", "Condition", "Context", "Count", "Distribution", "Duration",
    "DurationDistribution",
    "Expression", "HowMany", "Lasting", "Leaf", "Measure", "NotNegative", "PlainDistribution", "Rate", "RatePerTime",
    "Real", "SeatCount", "Share",
    "WarmUp",
]  # fmt: skip
