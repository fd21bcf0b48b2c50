"""A tree as text that parses to the same tree."""

from typing import assert_never

from bpmn_tool.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Comparison,
    Conditional,
    Items,
    Literal,
    Logical,
    LogicalOperator,
    Name,
    Negative,
    Node,
    Not,
    Quantified,
)
from bpmn_tool.expressions.parser import AND, COMPARISON, CONDITIONAL, NOT, OR, POWER, PRODUCT, SUM, UNARY

_ATOM = POWER + 1
_SUMS = (BinaryOperator.ADD, BinaryOperator.SUBTRACT)


def to_text(node: Node) -> str:
    """The expression in its plain spelling, with only the brackets that it needs."""
    match node:
        case Literal(value):
            return _literal(value)
        case Name(name):
            return name
        case Items(items):
            return "[" + ", ".join(map(to_text, items)) + "]"
        case Not(operand):
            return "not " + _within(operand, NOT)
        case Negative(operand):
            return "-" + _within(operand, UNARY)
        case Binary(operator, left, right):
            tightness = _tightness(node)
            is_power = operator is BinaryOperator.POWER
            left_text = _within(left, _ATOM if is_power else tightness)
            return f"{left_text} {operator.value} {_within(right, UNARY if is_power else tightness + 1)}"
        case Logical(connective, operands):
            return f" {connective.value} ".join(_within(operand, _tightness(node) + 1) for operand in operands)
        case Comparison(first, links):
            return _within(first, SUM) + "".join(f" {link.value} {_within(operand, SUM)}" for link, operand in links)
        case Conditional(condition, then, otherwise):
            return f"{_within(then, OR)} if {_within(condition, OR)} else {to_text(otherwise)}"
        case Call(function, arguments):
            return f"{function}(" + ", ".join(map(to_text, arguments)) + ")"
        case Quantified(quantifier, name, values, condition):
            return f"{quantifier.value} {name} in {to_text(values)} satisfies {to_text(condition)}"
        case _:
            assert_never(node)


def _within(node: Node, tightness: int) -> str:
    text = to_text(node)
    return text if _tightness(node) >= tightness else f"({text})"


def _tightness(node: Node) -> int:
    match node:
        case Conditional() | Quantified():
            return CONDITIONAL
        case Logical(connective, _):
            return OR if connective is LogicalOperator.OR else AND
        case Not():
            return NOT
        case Comparison():
            return COMPARISON
        case Binary(operator, _, _):
            return POWER if operator is BinaryOperator.POWER else SUM if operator in _SUMS else PRODUCT
        case Negative():
            return UNARY
        case Literal() | Name() | Items() | Call():
            return _ATOM
        case _:
            assert_never(node)


def _literal(value: bool | float | str | None) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            for character, letter in (("\n", "n"), ("\t", "t"), ("\r", "r")):
                escaped = escaped.replace(character, "\\" + letter)
            return f"'{escaped}'"
        case _:
            return repr(value)
