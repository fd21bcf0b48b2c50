import pytest

from bpmn_tool.instants import DAY, HOUR, MONTH, RATE_UNITS, YEAR, per, split_rate


def test_a_year_is_365_days_and_a_month_its_twelfth():
    assert YEAR == 365 * DAY
    assert 12 * MONTH == YEAR


@pytest.mark.parametrize("unit", RATE_UNITS)
def test_one_per_unit_makes_one_event_in_the_unit(unit):
    assert per(f"1 per {unit}") * RATE_UNITS[unit] == pytest.approx(1.0)


def test_reads_rates():
    assert per("120 per year") == 120 / YEAR
    assert per("0.5 per hour") == 0.5 / HOUR


def test_splits_rates_with_expressions():
    assert split_rate(" posts_per_day * 2 per day ") == ("posts_per_day * 2", "day")


@pytest.mark.parametrize(
    "text",
    ["120", "per year", "120 per fortnight", "120 a year", "x per year", "-1 per year", "inf per day", "nan per day"],
)
def test_refuses(text):
    with pytest.raises(ValueError, match=r"rate|number"):
        per(text)
