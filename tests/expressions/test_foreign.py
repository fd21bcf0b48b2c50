"""What FEEL, JUEL and XPath write, read where it means the same; and where it may not, a remark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.expressions import ExpressionError, RemarkKind, Value, parse, parse_script

NAMES: dict[str, Value] = {
    "x": 5,
    "y": 2,
    "role": "police",
    "flags": ("red", "green"),
    "none": (),
    "text": "",
    "nothing": None,
    "urgent": True,
    "ns": (1, 2, 3),
    "empty": 3,
    "some": 4,
    "every": 6,
    "between": 7,
    "satisfies": 8,
    "count": 9,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # FEEL: equality, and a leading =
        ("= x = 5", True),
        ("=not(urgent)", False),
        ("not(x = 5) or urgent", True),
        ('= role = "police" and x != 4', True),
        ("x <> 5", False),
        ("if x > 3 then 'much' else 'little'", "much"),
        ("nothing = null", True),
        ("x = null", False),
        # intervals, as FEEL has them
        ("x in [1..5]", True),
        ("x in [1..5)", False),
        ("x in [1..5[", False),
        ("x in (5..9]", False),
        ("x in ]5..9]", False),
        ("x in ]4.5..5.5[", True),
        ("x not in [1..4]", True),
        ("x in [y..y + 3]", True),
        ("x in [1 .. 5] and y in [1..2]", True),
        ("x between 1 and 5", True),
        ("x between y + 4 and 9 or false", False),
        ("x between 5 and 5 and urgent", True),
        # lists, as FEEL has them
        ("x in (1, 5)", True),
        ("x in (1, 2) or x in (5, 6)", True),
        ("role in ('police')", True),
        ("role in ['police', 'city']", True),
        ("x in [1, 2] + [5]", True),
        ("x in []", False),
        ("role in (flags)", False),
        # quantifiers, as FEEL has them
        ("some f in flags satisfies f = 'red'", True),
        ("every f in flags satisfies f = 'red'", False),
        ("every f in none satisfies false", True),
        ("some f in none satisfies true", False),
        ("some f in [1, x] satisfies f = x and urgent", True),
        ("= some x in ns satisfies x > 2", True),
        ("not(some n in ns satisfies n > 3)", True),
        ("(some n in ns satisfies n > 3) or (every n in ns satisfies n > 0)", True),
        # FEEL and XPath: functions
        ("string length(role) > 3", True),
        ("upper case(role) = 'POLICE'", True),
        ("lower case('A')", "a"),
        ("starts with(role, 'po')", True),
        ("ends with(role, 'po')", False),
        ("contains(role, 'lic')", True),
        ("list contains(flags, 'red')", True),
        ("count(flags) = 2", True),
        ("is empty(none)", True),
        ("modulo(x, 3)", 2),
        ("ceiling(1.2)", 2),
        ("true() and not(false())", True),
        ("x div 2", 2.5),
        ("x mod 3", 2),
        # JUEL
        ("${x == 5 && !(role eq 'city')}", True),
        ("#{x ne 5 or urgent}", True),
        ("${x ge 5 and x le 5}", True),
        ("${empty text}", True),
        ("${not empty role}", True),
        ("${!empty none}", False),
        ("${empty nothing && urgent}", True),
        ("${empty(none)}", True),
        ("${urgent ? 'now' : 'later'}", "now"),
        # JavaScript
        ("x === 5 && role !== 'city'", True),
        # these words are names elsewhere
        ("empty + some + every + between + satisfies + count", 37),
        ("empty in [3..3]", True),
        ("empty == 3", True),
        ("some > 3", True),
        ("some in [4]", True),
    ],
)
def test_means_what_it_means_there(text: str, value: object) -> None:
    assert parse(text).evaluate(NAMES) == value


@pytest.mark.parametrize(
    "text",
    [
        "x in [1..5]",
        "x in (1..5)",
        "x not in ]1..5]",
        "x between 1 and y",
        "x in (1, 5)",
        "some f in flags satisfies f = 'red'",
        "every f in (if urgent then flags else none) satisfies f = 'red' or f = 'green'",
        "${empty x or !empty y}",
        "list contains(flags, role)",
        "modulo(x, 3) = 2",
        "starts with(role, 'p')",
    ],
)
def test_what_was_read_is_printed_in_our_own_words_and_read_again(text: str) -> None:
    tree = parse(text).tree
    assert repr(parse(str(parse(text))).tree) == repr(tree)


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(-20, 20))
def test_an_interval_is_two_comparisons(item: int, low: int, high: int) -> None:
    names = {"i": item, "a": low, "b": high}
    assert parse("i in [a..b]").evaluate(names) is (low <= item <= high)
    assert parse("i in (a..b)").evaluate(names) is (low < item < high)
    assert parse("i in ]a..b]").evaluate(names) is (low < item <= high)
    assert parse("i between a and b").evaluate(names) is (low <= item <= high)


@given(st.lists(st.integers(-3, 3), max_size=5))
def test_some_and_every_are_dual(values: list[int]) -> None:
    names = {"v": tuple(values)}
    assert parse("some n in v satisfies n > 0").evaluate(names) is not parse(
        "every n in v satisfies not (n > 0)"
    ).evaluate(names)


def test_a_quantifier_binds_its_name_and_needs_the_others() -> None:
    assert parse("some n in ns satisfies n > low").names == {"ns", "low"}
    assert parse("some n in n satisfies n > 1").names == {"n"}


@pytest.mark.parametrize(
    ("script", "assigned"),
    [
        ("var a = 1; let b = a + 1; const c = b; def d = c", {"a": 1, "b": 2, "c": 2, "d": 2}),
        ("x += 2", {"x": 7}),
        ("x -= 2; x *= 3; x /= 2", {"x": 4.5}),
        ("x *= 1 + 1", {"x": 10}),
        ("// it's a comment\ny = 1; // another\n", {"y": 1}),
        ("let = 3", {"let": 3}),
        ("ok = x in [1..9]\nno = some n in ns satisfies n > 5", {"ok": True, "no": False}),
    ],
)
def test_scripts_as_people_write_them(script: str, assigned: dict[str, object]) -> None:
    assert parse_script(script).execute(NAMES) == assigned


def test_what_is_added_to_has_to_be_there_before() -> None:
    assert parse_script("total += 1").names == {"total"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("${a = b}", [RemarkKind.ASSIGNMENT]),
        ("= a = b", []),
        ("a = b", []),
        ("${a == b}", []),
        ("${1 < a < 3}", [RemarkKind.CHAIN]),
        ("= 1 < a < 3", [RemarkKind.CHAIN]),
        ("1 < a < 3", []),
        ("${a in [1..3]}", []),
        ("${a % 3 == 1}", [RemarkKind.SIGN_OF_REMAINDER]),
        ("a % 3 == 1", []),
    ],
)
def test_what_may_mean_something_else_is_remarked(text: str, kinds: list[RemarkKind]) -> None:
    assert [remark.kind for remark in parse(text).remarks] == kinds


def test_a_remark_says_where() -> None:
    assert parse("${a = b}").remarks[0].position == 4


@pytest.mark.parametrize(("script", "remarked"), [("a = 7 // 2", True), ("a = 7 / 2", False), ("// a\na = 1", False)])
def test_a_comment_behind_an_assignment_would_divide(script: str, remarked: bool) -> None:
    assert bool(parse_script(script).remarks) is remarked


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Vacation Approval = 'Approved'", "a name is one word, such as Vacation_Approval"),
        ("order.amount > 5", "no attributes"),
        ("${execution.getVariable('x')}", "no attributes"),
        ("role.equals('police')", "no attributes"),
        ("for n in ns return n", "no loops"),
        ("x instance of number", "kinds of values"),
        ("flags[1]", "expected an operator"),
        ("flags[item = 'red']", "expected an operator"),
        ("{a: 1}.a", "braces"),
        ("@'2026-01-01'", "means nothing"),
        ("date('2026-01-01')", "no function"),
        ("x in > 3", "expected a value"),
        ("x in (> 3, < 1)", "expected a value"),
        ("x in ]1, 2]", "expected '..'"),
        ("x in [1..2", "expected the end of the interval"),
        ("1 < x in [1..2]", "no chain"),
        ("[1..5]", "expected"),
        ("some n in ns, m in ns satisfies n = m", "expected 'satisfies'"),
        ("some n in ns satisfies some m in ns satisfies n = m", "within 'some' or 'every'"),
        ("some n in (every m in ns satisfies true) satisfies true", "within 'some' or 'every'"),
        ("some true in ns satisfies true", "expected"),
        ("true(", "expected '\\)'"),
        ("modulo(1)", "takes 2 values"),
        ("contains('a', 'b', 'c')", "takes 2 values"),
        ("string length", "expected '\\('"),
        ("x between 1", "expected 'and'"),
    ],
)
def test_what_is_not_clear_is_refused_with_a_hint(text: str, sentence: str) -> None:
    with pytest.raises(ExpressionError, match=sentence):
        parse(text)


@pytest.mark.parametrize("text", ["some n in 3 satisfies true", "some n in ns satisfies n", "empty(3)", "x in (5)"])
def test_what_cannot_be_computed_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text).evaluate(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "x in [" * 3_000,
        "x in (" * 3_000,
        "x between " * 900,
        "some n in " * 900,
        "empty " * 1_600 + "x",
        "x in [1.." * 900 + "2" + "]" * 900,
        "starts with(" * 800,
        "1.." * 3_000,
    ],
)
def test_deep_or_long_foreign_text_is_refused_without_a_crash(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_quantifier_over_the_longest_list_ends_soon() -> None:
    names = {"v": tuple(range(1_000))}
    assert parse("every n in v satisfies " + " and ".join(["n >= 0"] * 700)).evaluate(names) is True


WORDS = (
    "some every in satisfies x ns empty between and or not ( ) [ ] , .. 1 5 'a' = == === ${ } if then else true() "
    "string length contains modulo += var // ;"
)
FORMS = st.lists(
    st.sampled_from(WORDS.split()),
    max_size=14,
).map(" ".join)


@given(FORMS)
def test_any_mixture_of_words_parses_or_is_refused(text: str) -> None:
    for read in (parse, parse_script):
        try:
            read(text)
        except ExpressionError:
            continue


@given(FORMS)
def test_whatever_parses_is_printed_so_that_it_parses_to_the_same(text: str) -> None:
    try:
        made = parse(text)
    except ExpressionError:
        return
    assert repr(parse(str(made)).tree) == repr(made.tree)
