"""Against the remission times of 6-MP (Freireich et al. 1963; Gehan, Biometrika 52 (1965)), as textbooks print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.results.survival import kaplan_meier, restricted_mean

REACHED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
CENSORED = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


@pytest.mark.parametrize(("week", "share"), PRINTED.items())
def test_the_curve_of_the_textbook(week: int, share: float) -> None:
    assert round(kaplan_meier(REACHED, CENSORED).at(week), 3) == share


def test_the_median_of_the_textbook() -> None:
    assert kaplan_meier(REACHED, CENSORED).quantile(0.5) == 23


def test_a_quantile_that_is_not_reached_is_none() -> None:
    assert kaplan_meier(REACHED, CENSORED).quantile(0.9) is None


def test_the_placebo_group_without_censoring_is_the_plain_share() -> None:
    placebo = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
    curve = kaplan_meier(placebo, ())
    assert curve.at(8) == pytest.approx(8 / 21)
    assert curve.quantile(0.5) == 8


def test_who_never_gets_there_stays_at_risk() -> None:
    assert kaplan_meier((1, 2), (), never=2).at(100) == pytest.approx(0.5)


def test_the_restricted_mean_counts_the_limit_for_who_never_gets_there() -> None:
    assert restricted_mean((10, 30), (), 2, 20) == pytest.approx((10 + 20 + 20 + 20) / 4)


def test_nobody_has_no_mean() -> None:
    assert restricted_mean((), (), 0, 20) is None


def test_losing_the_slow_half_never_looks_better() -> None:
    whole = restricted_mean((1, 2, 3, 50, 60, 70), (), 0, 100)
    lost = restricted_mean((1, 2, 3), (), 3, 100)
    assert whole is not None
    assert lost is not None
    assert lost > whole


times = st.lists(st.integers(0, 50), max_size=12)


@given(reached=times, never=st.integers(0, 5), limit=st.integers(1, 60))
def test_without_censoring_the_area_is_the_mean(reached: list[int], never: int, limit: int) -> None:
    if not reached and not never:
        return
    exact = restricted_mean(reached, (), never, limit)
    assert kaplan_meier(reached, (), never).restricted_mean(limit) == pytest.approx(exact)


@given(reached=times, censored=times, never=st.integers(0, 5))
def test_the_curve_falls_from_one_and_stays_above_nought(reached: list[int], censored: list[int], never: int) -> None:
    shares = (1.0, *kaplan_meier(reached, censored, never).share)
    assert list(shares) == sorted(shares, reverse=True)
    assert shares[-1] >= 0.0
