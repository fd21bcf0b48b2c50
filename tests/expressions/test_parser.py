import pytest

from bpmn_tool.expressions import ExpressionError, parse
from bpmn_tool.expressions.nodes import (
    Binary,
    BinaryOperator,
    Comparison,
    ComparisonOperator,
    Conditional,
    Literal,
    Logical,
    LogicalOperator,
    Name,
    Negative,
    Not,
)

X, Y, Z = Name("x"), Name("y"), Name("z")
ONE, TWO = Literal(1), Literal(2)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x", X),
        ("(x)", X),
        ("1", ONE),
        ("1.50", Literal(1.5)),
        (".5", Literal(0.5)),
        ("1e3", Literal(1000.0)),
        ("10_000", Literal(10_000)),
        ("'a\\'b'", Literal("a'b")),
        ('"a\'b"', Literal("a'b")),
        ("true", Literal(True)),
        ("False", Literal(False)),
        ("null", Literal(None)),
        ("None", Literal(None)),
        ("-x ** 2", Negative(Binary(BinaryOperator.POWER, X, TWO))),
        ("x - y - z", Binary(BinaryOperator.SUBTRACT, Binary(BinaryOperator.SUBTRACT, X, Y), Z)),
        ("x + y * z", Binary(BinaryOperator.ADD, X, Binary(BinaryOperator.MULTIPLY, Y, Z))),
        ("x ** y ** z", Binary(BinaryOperator.POWER, X, Binary(BinaryOperator.POWER, Y, Z))),
        ("x mod 2", Binary(BinaryOperator.REMAINDER, X, TWO)),
        ("not x == y", Not(Comparison(X, ((ComparisonOperator.EQUAL, Y),)))),
        ("!x == y", Comparison(Not(X), ((ComparisonOperator.EQUAL, Y),))),
        ("x = 1", Comparison(X, ((ComparisonOperator.EQUAL, ONE),))),
        ("x <> 1", Comparison(X, ((ComparisonOperator.NOT_EQUAL, ONE),))),
        ("x ge 1", Comparison(X, ((ComparisonOperator.GREATER_OR_EQUAL, ONE),))),
        ("x not in y", Comparison(X, ((ComparisonOperator.NOT_IN, Y),))),
        ("1 < x <= 2", Comparison(ONE, ((ComparisonOperator.LESS, X), (ComparisonOperator.LESS_OR_EQUAL, TWO)))),
        ("x or y and z", Logical(LogicalOperator.OR, (X, Logical(LogicalOperator.AND, (Y, Z))))),
        ("x && y && z", Logical(LogicalOperator.AND, (X, Y, Z))),
        ("x || y", Logical(LogicalOperator.OR, (X, Y))),
        ("1 if x else 2", Conditional(X, ONE, TWO)),
        ("if x then 1 else 2", Conditional(X, ONE, TWO)),
        ("x ? 1 : 2", Conditional(X, ONE, TWO)),
        ("1 if x else 2 if y else z", Conditional(X, ONE, Conditional(Y, TWO, Z))),
        ("${x}", X),
        ("#{ x }", X),
        ("= x", X),
        ("=x = 1", Comparison(X, ((ComparisonOperator.EQUAL, ONE),))),
        ("eq eq lt", Comparison(Name("eq"), ((ComparisonOperator.EQUAL, Name("lt")),))),
    ],
)
def test_reads(text, tree):
    assert repr(parse(text).tree) == repr(tree)  # since Python's 1 == 1.0 == True


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("x +", 3),
        ("x y", 2),
        ("(x", 2),
        ("[1, 2", 5),
        ("x.name", 1),
        ("5m", 0),
        ("1__0", 0),
        ("'open", 0),
        ("${x +}", 5),
        ("  = x )", 6),
        ("if x then 1", 11),
        ("then", 0),
        ("x ; y", 2),
        ("x @ y", 2),
        ("shout('a')", 0),
        ("round()", 0),
        ("²", 0),
        ("99999999999999999999", 0),
        ("1e999", 0),
    ],
)
def test_says_where_it_goes_wrong(text, position):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position


def test_names_what_it_found():
    with pytest.raises(ExpressionError, match="expected an operator or the end at character 3, found 'y'"):
        parse("x y")


def test_free_names_leave_functions_out():
    assert parse("max(x, min) + y").names == {"x", "min", "y"}


def test_only_text_is_an_expression():
    with pytest.raises(ExpressionError, match="not int"):
        parse(3)  # type: ignore[arg-type]
