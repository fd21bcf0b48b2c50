import pytest

from bpmn_tool.instants import DAY, HOUR, MINUTE, parse_hours, parse_range


def test_reads_days_and_ranges_of_days():
    hours = parse_hours({"mon": "09:00-12:30 13:00-17:00", "tue-thu": "09:00-17:00", "sat,sun": "10:00-12:00"})
    assert hours.days[0] == ((9 * HOUR, 12 * HOUR + 30 * MINUTE), (13 * HOUR, 17 * HOUR))
    assert hours.days[1] == hours.days[2] == hours.days[3] == ((9 * HOUR, 17 * HOUR),)
    assert hours.days[4] == ()
    assert hours.days[5] == hours.days[6] == ((10 * HOUR, 12 * HOUR),)


def test_a_range_of_days_may_go_over_the_weekend():
    hours = parse_hours({"sat-mon": "10:00-12:00"})
    assert [bool(day) for day in hours.days] == [True, False, False, False, False, True, True]


def test_always_is_round_the_clock():
    assert parse_hours("always").is_always
    assert parse_hours({"mon-sun": "00:00-24:00"}).is_always


def test_hours_may_cross_midnight():
    assert parse_range("22:00-06:00") == (22 * HOUR, DAY + 6 * HOUR)


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ("never", "always"),
        ({"monday": "09:00-17:00"}, "'monday' is not a day"),
        ({"mon-day": "09:00-17:00"}, "'mon-day' is not a day"),
        ({"mon": "9-17"}, "'9-17' is not a range of hours"),
        ({"mon": "09:00-25:00"}, "a day ends at 24:00"),
        ({"mon": "24:00-06:00"}, "a day ends at 24:00"),
        ({"mon": "09:00-24:30"}, "a day ends at 24:00"),
        ({"mon": "09:00-09:00"}, "begins where it ends"),
        ({"mon": "09:00-12:00 11:00-13:00"}, "overlap"),
        ({"mon": "09:00-12:00", "mon-fri": "13:00-14:00"}, "the hours of mon are given twice"),
        ({"mon": 9}, "is not a range of hours"),
    ],
)
def test_says_what_is_wrong(hours, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_hours(hours)
