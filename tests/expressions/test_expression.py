import pickle

import pytest

from bpmn_tool.expressions import ExpressionError, parse, parse_script


def test_keeps_its_text():
    assert parse(" ${ a } ").text == " ${ a } "


def test_pickles():
    expression = parse("a > 3")
    again = pickle.loads(pickle.dumps(expression))  # noqa: S301 our own bytes
    assert again == expression
    assert again.evaluate({"a": 4}) is True


def test_a_script_sees_what_it_assigned_and_leaves_the_environment_alone():
    environment = {"hits": 6}
    script = parse_script("score = 2 * hits; urgent = score >= 10\nscore = score + 1")
    assert script.execute(environment) == {"score": 13, "urgent": True}
    assert environment == {"hits": 6}


def test_a_script_runs_over_lines_in_brackets_and_has_comments():
    script = parse_script("# first\na = (1 +\n  2)  # sum\n\n;;\nb = [a,\n a]\n")
    assert script.execute({}) == {"a": 3, "b": (3, 3)}


def test_an_empty_script_assigns_nothing():
    assert parse_script(" \n ").execute({"a": 1}) == {}


def test_a_script_knows_the_names_it_needs_and_those_it_assigns():
    script = parse_script("a = b; c = a + d; d = 1")
    assert script.names == {"b", "d"}
    assert script.assigned == {"a", "c", "d"}


def test_each_assignment_keeps_its_own_text():
    assert [each.expression.text for each in parse_script("a = 1 + 1 ; b = 2").assignments] == ["1 + 1", "2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a", "expected '=' at character 2"),
        ("a = 1 b = 2", "expected an operator or the end of the line at character 7"),
        ("a = b = 1", "equality is written =="),
        ("1 = a", "expected a name to assign"),
        ("true = 1", "expected a name to assign"),
        ("a.b = 1", "no attributes"),
        ("a[0] = 1", "expected '='"),
        ("a = 1 +\n2", "found the end of the line"),
        ("import os", "expected '='"),
        ("a ++ 1", "expected '='"),
        ("var = 1 2", "expected an operator"),
        ("var var a = 1", "expected '='"),
    ],
)
def test_says_what_is_wrong_with_a_script(text, sentence):
    with pytest.raises(ExpressionError, match=sentence):
        parse_script(text)
