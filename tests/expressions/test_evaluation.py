import math
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.expressions import ExpressionError, Value, as_value, parse, truth

ENVIRONMENT: dict[str, Value] = {
    "severity": 8,
    "is_minor": True,
    "name": "Ann",
    "tags": ("a", "b"),
    "nothing": None,
    "half": 0.5,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("severity > 7 and is_minor", True),
        ("7 < severity < 8", False),
        ("'a' in tags and 'c' not in tags", True),
        ("'nn' in name", True),
        ("name + '!'", "Ann!"),
        ("tags + ['c']", ("a", "b", "c")),
        ("nothing == null", True),
        ("nothing != 0", True),
        ("is_minor == 1", False),
        ("[1, true] == [1, 1]", False),
        ("1 == 1.0", True),
        ("'1' == 1", False),
        ("10 if severity > 7 else 0", 10),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("1 / 4", 0.25),
        ("2 ** -1", 0.5),
        ("2 ** 62", 2**62),
        ("min(3, 1, 2)", 1),
        ("max(tags)", "b"),
        ("abs(-half)", 0.5),
        ("round(2.345, 2)", 2.35),
        ("round(2.5)", 2),
        ("floor(-0.5)", -1),
        ("ceil(0.5)", 1),
        ("len(name) + len(tags)", 5),
        ("upper(lower('AbC'))", "ABC"),
        ("true or missing", True),
        ("false and missing", False),
        ("1 if true else missing", 1),
    ],
)
def test_computes(text, value):
    result = parse(text).evaluate(ENVIRONMENT)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("severety > 7", "nothing is called 'severety' here; did you mean 'severity'"),
        ("1 / 0", "division by zero"),
        ("1 // 0.0", "division by zero"),
        ("1 % 0", "division by zero"),
        ("0 ** -1", "division by zero"),
        ("(-1) ** 0.5", "broken power"),
        ("1e300 * 1e300", "too large"),
        ("9223372036854775807 + 1", "2\\^63"),
        ("1e308 // 1e-308", "too large"),
        ("floor(1e300)", "2\\^63"),
        ("severity and is_minor", "a condition must be true or false, not a number"),
        ("not nothing", "a condition must be true or false, not null"),
        ("1 if name else 2", "not a text"),
        ("name > 3", "cannot order a text and a number"),
        ("is_minor > 0", "cannot order a truth value and a number"),
        ("is_minor + 1", "cannot compute a truth value \\+ a number"),
        ("name * 3", "cannot compute a text \\* a number"),
        ("3 * tags", "cannot compute a number \\* a list"),
        ("name % 3", "cannot compute a text % a number"),
        ("-name", "cannot compute - a text"),
        ("1 in 2", "cannot look for a number in a number"),
        ("1 in 'a'", "cannot look for a number in a text"),
        ("max(1)", "not one a number"),
        ("min([])", "empty list"),
        ("min(1, 'a')", "cannot order"),
        ("len(3)", "len takes a text or a list, not a number"),
        ("abs(true)", "abs takes a number, not a truth value"),
        ("lower(3)", "lower takes a text, not a number"),
        ("round(1, 0.5)", "whole number"),
    ],
)
def test_says_what_is_wrong(text, sentence):
    with pytest.raises(ExpressionError, match=sentence):
        parse(text).evaluate(ENVIRONMENT)


@pytest.mark.parametrize("value", [1, 0, "true", None, (), 1.0])
def test_only_truth_values_are_conditions(value):
    with pytest.raises(ExpressionError, match="must be true or false"):
        truth(value)


def test_lists_of_programs_become_tuples():
    assert as_value([1, [2, "x"]]) == (1, (2, "x"))


@pytest.mark.parametrize("thing", [{}, object(), 2**63, math.nan, b"x"])
def test_other_things_are_no_values(thing):
    with pytest.raises(ExpressionError):
        as_value(thing)


# Python itself as the oracle, on expressions both read alike

NUMBERS = st.integers(0, 50).map(str) | st.sampled_from(["0.5", "2.25", "x", "y"])
ARITHMETIC = st.recursive(
    NUMBERS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner)
        | st.builds("-{}".format, inner)
        | st.builds("{} {} {}".format, inner, st.sampled_from(["+", "-", "*", "//"]), inner)
        | st.builds("min({}, {})".format, inner, inner)
        | st.builds("abs({})".format, inner)
    ),
    max_leaves=12,
)
COMPARISONS = st.builds(
    "{} {} {}".format, ARITHMETIC, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), ARITHMETIC
) | st.sampled_from(["p", "q", "True", "False", "x in [1, 2, 3]", "x not in [y, 7]", "1 < x < y"])
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("not {}".format, inner)
        | st.builds("{} if {} else {}".format, inner, COMPARISONS, inner)
    ),
    max_leaves=10,
)
VALUES: dict[str, Value] = {"x": 3, "y": -7.5, "p": True, "q": False}


@given(ARITHMETIC | CONDITIONS)
def test_agrees_with_python(text):
    try:
        expected = eval(text, {"min": min, "abs": abs}, VALUES)  # noqa: S307 text that this test wrote
    except (ZeroDivisionError, OverflowError):
        expected = ExpressionError
    if expected is ExpressionError or (type(expected) is int and abs(expected) >= 2**63):
        with pytest.raises(ExpressionError):
            parse(text).evaluate(VALUES)
    else:
        result = parse(text).evaluate(VALUES)
        assert (type(result), result) == (type(expected), expected)


@pytest.mark.slow
def test_a_condition_takes_about_a_microsecond():
    evaluate = parse("severity > 7 and is_minor").evaluate
    assert min(timeit.repeat(lambda: evaluate(ENVIRONMENT), number=10_000, repeat=5)) / 10_000 < 2e-6
