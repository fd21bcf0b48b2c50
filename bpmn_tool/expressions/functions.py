"""The functions that an expression may call: a row each. Adding one is adding a row."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.nodes import Value
from bpmn_tool.expressions.operations import bounded, is_number, kind_of, less


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: from `fewest` to `most` arguments, all values, one value back."""

    run: Callable[..., Value]
    fewest: int
    most: int


def _number(value: Value, function: str) -> int | float:
    if not is_number(value):
        raise ExpressionError(f"{function} takes a number, not {kind_of(value)}")
    return value


def _text(value: Value, function: str) -> str:
    if not isinstance(value, str):
        raise ExpressionError(f"{function} takes a text, not {kind_of(value)}")
    return value


def _extreme(function: str, arguments: tuple[Value, ...], later_wins: Callable[[Value, Value], bool]) -> Value:
    if len(arguments) == 1:
        if not isinstance(arguments[0], tuple):
            raise ExpressionError(f"{function} takes several values or a list, not one {kind_of(arguments[0])}")
        arguments = arguments[0]
    if not arguments:
        raise ExpressionError(f"{function} of an empty list")
    best = arguments[0]
    for value in arguments[1:]:
        if later_wins(value, best):
            best = value
    return best


def _minimum(*arguments: Value) -> Value:
    return _extreme("min", arguments, less)


def _maximum(*arguments: Value) -> Value:
    return _extreme("max", arguments, lambda value, best: less(best, value))


def _absolute(value: Value) -> Value:
    return bounded(abs(_number(value, "abs")))


def _round(value: Value, digits: Value = None) -> Value:
    """As Python: halves go to the even neighbour."""
    number = _number(value, "round")
    if digits is None:
        return bounded(round(number))
    if type(digits) is not int or not -20 <= digits <= 20:
        raise ExpressionError("round takes its digits as a whole number from -20 to 20")
    return bounded(round(number, digits))


def _length(value: Value) -> Value:
    if isinstance(value, str | tuple):
        return len(value)
    raise ExpressionError(f"len takes a text or a list, not {kind_of(value)}")


def _empty(value: Value) -> Value:
    """Null, a text without characters, or a list without values."""
    if value is None:
        return True
    if isinstance(value, str | tuple):
        return len(value) == 0
    raise ExpressionError(f"empty takes a text, a list or null, not {kind_of(value)}")


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "abs": Function(_absolute, 1, 1),
        "ceil": Function(lambda value: bounded(math.ceil(_number(value, "ceil"))), 1, 1),
        "empty": Function(_empty, 1, 1),
        "ends_with": Function(lambda value, end: _text(value, "ends_with").endswith(_text(end, "ends_with")), 2, 2),
        "floor": Function(lambda value: bounded(math.floor(_number(value, "floor"))), 1, 1),
        "len": Function(_length, 1, 1),
        "lower": Function(lambda value: bounded(_text(value, "lower").lower()), 1, 1),
        "max": Function(_maximum, 1, 100),
        "min": Function(_minimum, 1, 100),
        "round": Function(_round, 1, 2),
        "starts_with": Function(
            lambda value, start: _text(value, "starts_with").startswith(_text(start, "starts_with")), 2, 2
        ),
        "upper": Function(lambda value: bounded(_text(value, "upper").upper()), 1, 1),
    }
)

FOREIGN: Mapping[str, str] = MappingProxyType(
    {
        "ceiling": "ceil",
        "count": "len",
        "ends with": "ends_with",
        "is empty": "empty",
        "lower case": "lower",
        "starts with": "starts_with",
        "string length": "len",
        "upper case": "upper",
    }
)
"""What FEEL and XPath call a function that is here under another name."""
