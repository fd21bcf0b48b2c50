import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bpmn_tool.comparison.intervals import holm, paired

BASELINE = (10.0, 12.0, 9.0, 11.0, 13.0)
VARIANT = (9.0, 11.5, 8.0, 11.0, 11.0)


def test_the_p_value_is_scipys() -> None:
    assert paired(BASELINE, VARIANT).p_value == pytest.approx(stats.ttest_rel(VARIANT, BASELINE).pvalue)


def test_the_interval_is_scipys() -> None:
    found = paired(BASELINE, VARIANT).difference
    low, high = stats.ttest_rel(VARIANT, BASELINE).confidence_interval(0.95)
    ends = [(found.mean or 0) - (found.half_width or 0), (found.mean or 0) + (found.half_width or 0)]
    assert ends == pytest.approx([low, high])


def test_a_replication_that_one_of_them_did_not_observe_is_left_out() -> None:
    assert paired((1.0, None, 3.0), (2.0, 5.0, 4.0)).difference.n == 2


def test_one_pair_has_no_p_value() -> None:
    assert paired((1.0,), (2.0,)).p_value is None


def test_differences_that_never_vary_are_certain() -> None:
    assert (paired((1.0, 2.0), (2.0, 3.0)).p_value, paired((1.0, 2.0), (1.0, 2.0)).p_value) == (0.0, 1.0)


def test_pairing_helps_where_both_meet_the_same_luck() -> None:
    ratio = paired(BASELINE, [value + 0.1 * n for n, value in enumerate(BASELINE)]).variance_ratio
    assert ratio is not None
    assert ratio > 100


def test_different_lengths_are_a_fault() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired((1.0,), (1.0, 2.0))


def test_holm_by_hand() -> None:
    """0.01 x 4, 0.02 x 3, 0.03 x 2, then never below what stands before."""
    assert holm({"a": 0.02, "b": 0.01, "c": 0.03, "d": 0.04}) == pytest.approx(
        {"b": 0.04, "a": 0.06, "c": 0.06, "d": 0.06}
    )


@given(st.dictionaries(st.integers(), st.floats(0, 1), max_size=8))
def test_adjusting_never_makes_smaller(p_values: dict[int, float]) -> None:
    adjusted = holm(p_values)
    assert all(p_values[key] <= adjusted[key] <= 1.0 for key in p_values)
