import pytest

from bpmn_tool.results.estimates import estimate, jackknife


def test_the_half_width_of_a_textbook() -> None:
    """Law, Simulation Modeling and Analysis, 5th ed., example 4.27: 1.34 +- 0.24 at 90 per cent."""
    values = (1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09)
    found = estimate(values, 0.90)
    assert (round(found.mean or 0, 2), round(found.half_width or 0, 2)) == (1.34, 0.24)


def test_what_was_not_observed_is_left_out() -> None:
    assert estimate((None, 3.0, None)).mean == 3.0


def test_one_value_has_no_half_width() -> None:
    assert estimate((3.0,)).half_width is None


def test_nothing_has_no_mean() -> None:
    assert (estimate(()).mean, estimate(()).n) == (None, 0)


def test_pseudo_values_of_equal_denominators_average_to_the_ratio() -> None:
    found = jackknife(((1.0, 2.0), (0.0, 2.0), (2.0, 2.0)))
    assert sum(value or 0.0 for value in found) / 3 == pytest.approx(0.5)


def test_the_jackknife_by_hand() -> None:
    found = jackknife(((1.0, 1.0), (1.0, 3.0), (0.0, 2.0)))
    assert found == pytest.approx((3 * 2 / 6 - 2 * 1 / 5, 3 * 2 / 6 - 2 * 1 / 3, 3 * 2 / 6 - 2 * 2 / 4))


def test_nothing_to_divide_by_is_no_observation() -> None:
    assert jackknife(((0.0, 0.0), (0.0, 0.0))) == (None, None)
