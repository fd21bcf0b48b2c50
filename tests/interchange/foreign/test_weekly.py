"""Hours of a week from periods of other tools."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.instants.hours import parse_hours
from bpmn_tool.interchange.foreign.weekly import DAY_NAMES, Week


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


PERIODS = st.lists(
    st.tuples(
        st.sampled_from(DAY_NAMES), st.sampled_from(DAY_NAMES), st.integers(0, 1439), st.integers(0, 1439)
    ).filter(lambda period: period[2] != period[3]),
    min_size=1,
    max_size=5,
)


@given(PERIODS)
def test_each_minute_is_open_as_the_periods_say(periods: list[tuple[str, str, int, int]]) -> None:
    week = Week()
    opened: set[int] = set()
    for first, last, begin, end in periods:
        week.add(first, last, clock(begin), clock(end))
        a, b = DAY_NAMES.index(first), DAY_NAMES.index(last)
        for day in range(a, (b if b >= a else b + 7) + 1):
            stop = end if end > begin else end + 1440
            opened |= {(day * 1440 + minute) % 10_080 for minute in range(begin, stop)}
    read = parse_hours(week.hours)
    minutes = {
        (day * 1440 + minute) % 10_080
        for day, stretches in enumerate(read.days)
        for begin, end in stretches
        for minute in range(begin // 60_000_000, end // 60_000_000)
    }
    assert minutes == opened
    assert week.open_seconds == 60 * len(opened)


@pytest.mark.parametrize("end", ["23:59:59", "23:59:59.999", "24:00:00"])
def test_the_moment_before_midnight_is_midnight(end: str) -> None:
    week = Week()
    week.add("MONDAY", "SUNDAY", "00:00:00", end)
    assert week.hours == "always"


def test_what_is_no_day_or_time_is_told() -> None:
    with pytest.raises(ValueError, match="'MOONDAY' is no day of the week"):
        Week().add("MOONDAY", "MONDAY", "09:00", "10:00")
    with pytest.raises(ValueError, match="'25:00' is no time of a day"):
        Week().add("MONDAY", "MONDAY", "25:00", "10:00")
