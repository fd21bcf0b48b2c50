"""What operators do: checked, bounded, strict about kinds. Every fault is an ExpressionError with a sentence.

Numbers are whole (below 2^63 in size) or finite floats; truth values are no numbers; nothing is converted in silence.
"""

import math
import operator
from collections.abc import Callable
from typing import Any, TypeGuard

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.nodes import Value

MAX_INTEGER = 2**63 - 1
MAX_STRING = 10_000  # characters of a text value
MAX_ITEMS = 1_000  # values in a list, those of inner lists counted too
MAX_NESTING = 20  # lists in lists
MAX_EXPONENT = 1_024

_NUMBERS = frozenset({int, float})  # exact types: a bool is no number here


def is_number(value: Value) -> TypeGuard[int | float]:
    """True for int and float, not for bool."""
    return type(value) in _NUMBERS


def kind_of(value: object) -> str:
    """The kind of a value in words, for messages."""
    if value is None:
        return "null"
    names = {bool: "a truth value", int: "a number", float: "a number", str: "a text", tuple: "a list"}
    return names.get(type(value), f"a value of unknown kind ({type(value).__name__})")


def bounded(value: Value) -> Value:
    """`value` itself, where it keeps to the bounds of size."""
    match value:
        case bool() | None:
            return value
        case int():
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                raise ExpressionError("a whole number of 2^63 or more")
        case float():
            if not math.isfinite(value):
                raise ExpressionError("a number too large or undefined")
        case str():
            if len(value) > MAX_STRING:
                raise ExpressionError(f"a text of more than {MAX_STRING} characters")
        case tuple():
            _count(value, 0, 0)
        case _:
            # as_value is the way in for what Python programs hand over
            raise ExpressionError(kind_of(value))
    return value


def _count(items: tuple[Value, ...], counted: int, nesting: int) -> int:
    """Counts the values in nested lists up to the bound: shared inner lists would else cost exponential time."""
    if nesting >= MAX_NESTING:
        raise ExpressionError(f"lists nested more than {MAX_NESTING} deep")
    counted += len(items)
    if counted > MAX_ITEMS:
        raise ExpressionError(f"a list of more than {MAX_ITEMS} values")
    for item in items:
        if isinstance(item, tuple):
            counted = _count(item, counted, nesting + 1)
    return counted


def truth(value: Value) -> bool:
    """`value` as a condition; only true and false are conditions."""
    if value is True or value is False:
        return value
    raise ExpressionError(f"a condition must be true or false, not {kind_of(value)}")


def _refuse(symbol: str, left: Value, right: Value) -> ExpressionError:
    return ExpressionError(f"cannot compute {kind_of(left)} {symbol} {kind_of(right)}")


def add(left: Value, right: Value) -> Value:
    """Sum of numbers; texts and lists are joined."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return bounded(left + right)  # type: ignore[operator]
    if isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return bounded(left + right)
    raise _refuse("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    """Difference of numbers."""
    if is_number(left) and is_number(right):
        return bounded(left - right)
    raise _refuse("-", left, right)


def multiply(left: Value, right: Value) -> Value:
    """Product of numbers; texts and lists are never repeated."""
    if is_number(left) and is_number(right):
        return bounded(left * right)
    raise _refuse("*", left, right)


def _divisible(symbol: str, left: Value, right: Value) -> tuple[int | float, int | float]:
    if not (is_number(left) and is_number(right)):
        raise _refuse(symbol, left, right)
    if right == 0:
        raise ExpressionError("division by zero")
    return left, right


def divide(left: Value, right: Value) -> Value:
    """True division; always a float."""
    dividend, divisor = _divisible("/", left, right)
    try:
        return bounded(dividend / divisor)
    except OverflowError:
        raise ExpressionError("a number too large or undefined") from None


def floor_divide(left: Value, right: Value) -> Value:
    """Division rounded down, as Python's."""
    dividend, divisor = _divisible("//", left, right)
    return bounded(dividend // divisor)


def remainder(left: Value, right: Value) -> Value:
    """Remainder with the sign of the divisor, as Python's."""
    dividend, divisor = _divisible("%", left, right)
    return bounded(dividend % divisor)


def power(left: Value, right: Value) -> Value:
    """Power with a bounded exponent."""
    if not (is_number(left) and is_number(right)):
        raise _refuse("**", left, right)
    if abs(right) > MAX_EXPONENT:
        raise ExpressionError(f"an exponent beyond {MAX_EXPONENT}")
    if type(left) is int and type(right) is int and right > 63 and abs(left) > 1:
        raise ExpressionError("a whole number of 2^63 or more")
    if left == 0 and right < 0:
        raise ExpressionError("division by zero")
    if left < 0 and not float(right).is_integer():
        raise ExpressionError("a broken power of a negative number")
    try:
        return bounded(left**right)
    except OverflowError:
        raise ExpressionError("a number too large or undefined") from None


def negate(operand: Value) -> Value:
    """Minus a number."""
    if is_number(operand):
        return -operand
    raise ExpressionError(f"cannot compute - {kind_of(operand)}")


def equal(left: Value, right: Value) -> bool:
    """Equality; values of different kinds are never equal, and true is not 1."""
    if left is True or left is False or right is True or right is False:
        return left is right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    return left == right


def not_equal(left: Value, right: Value) -> bool:
    """The opposite of `equal`."""
    return not equal(left, right)


def _unordered(left: Value, right: Value) -> ExpressionError:
    return ExpressionError(f"cannot order {kind_of(left)} and {kind_of(right)}")


def _ordering(compare: Callable[[Any, Any], bool]) -> Callable[[Value, Value], bool]:
    def run(left: Value, right: Value) -> bool:
        if (type(left) in _NUMBERS and type(right) in _NUMBERS) or (isinstance(left, str) and isinstance(right, str)):
            return compare(left, right)
        raise _unordered(left, right)

    return run


# of two numbers or two texts; anything else has no order
less = _ordering(operator.lt)
less_or_equal = _ordering(operator.le)
greater = _ordering(operator.gt)
greater_or_equal = _ordering(operator.ge)


def contains(item: Value, container: Value) -> bool:
    """`item in container`: a value in a list, a text in a text."""
    if isinstance(container, tuple):
        return any(equal(item, each) for each in container)
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    raise ExpressionError(f"cannot look for {kind_of(item)} in {kind_of(container)}")


def lacks(item: Value, container: Value) -> bool:
    """The opposite of `contains`."""
    return not contains(item, container)


def as_value(thing: object) -> Value:
    """What a Python program hands over, as a value of the language: lists become tuples, the rest must be one."""
    if isinstance(thing, list | tuple):
        return bounded(tuple(as_value(item) for item in thing))
    if type(thing) in (bool, int, float, str) or thing is None:
        return bounded(thing)  # type: ignore[arg-type]
    raise ExpressionError(kind_of(thing))
