from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.expressions import parse, to_text
from bpmn_tool.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Comparison,
    ComparisonOperator,
    Conditional,
    Items,
    Literal,
    Logical,
    LogicalOperator,
    Name,
    Negative,
    Not,
    Quantified,
    Quantifier,
)

LEAVES = st.one_of(
    st.integers(0, 2**63 - 1).map(Literal),
    st.floats(0, 1e300, allow_subnormal=False).map(Literal),
    st.text(max_size=8).map(Literal),
    st.sampled_from([True, False, None]).map(Literal),
    st.sampled_from(["x", "eq", "mod", "min", "é_1", "_"]).map(Name),
)


def _branches(inner):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    links = st.lists(st.tuples(st.sampled_from(ComparisonOperator), inner), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        inner.map(Not),
        inner.map(Negative),
        st.builds(Binary, st.sampled_from(BinaryOperator), inner, inner),
        st.builds(Logical, st.sampled_from(LogicalOperator), several),
        st.builds(Comparison, inner, links),
        st.builds(Conditional, inner, inner, inner),
        st.lists(inner, max_size=3).map(tuple).map(Items),
        several.map(lambda arguments: Call("max", arguments)),
        inner.map(lambda argument: Call("len", (argument,))),
    )


TREES = st.recursive(LEAVES, _branches, max_leaves=15)

QUANTIFIED = st.builds(Quantified, st.sampled_from(Quantifier), st.sampled_from(["x", "some", "in_it"]), TREES, TREES)


@given(TREES | QUANTIFIED | _branches(QUANTIFIED | LEAVES).filter(lambda tree: to_text(tree).count("satisfies") < 2))
def test_printed_and_read_again_the_tree_is_the_same(tree):
    # by repr, since Python's 1 == 1.0 == True
    assert repr(parse(to_text(tree)).tree) == repr(tree)


def test_prints_only_the_brackets_that_are_needed():
    assert str(parse("${((a) + (b * c)) > (1) && !(d)}")) == "a + b * c > 1 and not d"
