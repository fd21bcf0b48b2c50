# ruff: noqa: DTZ001 local times are what is tested
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.instants import DAY, HOUR, MINUTE, SECOND, TimeLine, load_zone, parse_duration
from bpmn_tool.instants.zones import zone_names

LINE = TimeLine(datetime(2026, 1, 5), "Europe/Brussels")
ZONES = [
    "Europe/Brussels",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
]  # Lord Howe moves by 30 min


def test_tick_0_is_the_start():
    assert LINE.iso(0) == "2026-01-05T00:00:00+01:00"


def test_a_time_that_does_not_exist_moves_forward_by_the_gap():
    assert LINE.iso(LINE.to_tick(datetime(2026, 3, 29, 2, 30))) == "2026-03-29T03:30:00+02:00"


def test_of_a_time_that_exists_twice_the_first():
    assert LINE.iso(LINE.to_tick(datetime(2026, 10, 25, 2, 30))) == "2026-10-25T02:30:00+02:00"


def test_the_second_of_two_is_reached_by_exact_hours():
    first = LINE.to_tick(datetime(2026, 10, 25, 2, 30))
    assert LINE.iso(LINE.add(first, parse_duration("PT1H"))) == "2026-10-25T02:30:00+01:00"


@pytest.mark.parametrize(
    ("begin", "duration", "end"),
    [
        (datetime(2026, 1, 31, 9), "P1M", "2026-02-28T09:00:00+01:00"),
        (datetime(2028, 1, 31, 9), "P1M", "2028-02-29T09:00:00+01:00"),
        (datetime(2028, 2, 29), "P1Y", "2029-02-28T00:00:00+01:00"),
        (datetime(2026, 1, 31), "P1M1D", "2026-03-01T00:00:00+01:00"),  # months first, then days
        (datetime(2026, 11, 30), "P3M", "2027-02-28T00:00:00+01:00"),
        (datetime(2026, 3, 28, 12), "P1D", "2026-03-29T12:00:00+02:00"),
        (datetime(2026, 3, 28, 12), "PT24H", "2026-03-29T13:00:00+02:00"),
        (datetime(2026, 3, 28, 2, 30), "P1D", "2026-03-29T03:30:00+02:00"),
        (datetime(2026, 3, 28, 12), "P1DT1H", "2026-03-29T13:00:00+02:00"),
        (datetime(2026, 10, 24, 12), "P1W", "2026-10-31T12:00:00+01:00"),
    ],
)
def test_adds_on_the_local_calendar(begin, duration, end):
    assert LINE.iso(LINE.add(LINE.to_tick(begin), parse_duration(duration))) == end


def test_a_day_when_clocks_change_has_23_hours():
    midnight = LINE.to_tick(datetime(2026, 3, 29))
    assert LINE.add(midnight, parse_duration("P1D")) - midnight == 23 * HOUR


def test_a_start_that_does_not_exist_moves_forward():
    assert TimeLine(datetime(2026, 3, 29, 2, 30), "Europe/Brussels").iso(0) == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize("zone", ZONES)
@given(tick=st.integers(0, 3_000 * DAY))
def test_from_tick_to_instant_and_back(zone, tick):
    line = TimeLine(datetime(2026, 1, 5, 7, 30), zone)
    assert line.to_tick(line.to_local(tick)) == tick


@pytest.mark.parametrize("zone", ZONES)
@given(minutes=st.integers(0, 400 * 24 * 60))
def test_local_times_keep_their_order_but_for_repeats(zone, minutes):
    line = TimeLine(datetime(2026, 1, 5), zone)
    local = line.start + timedelta(minutes=minutes)
    step = line.to_tick(local + timedelta(minutes=1)) - line.to_tick(local)
    assert step == MINUTE or step in {MINUTE + HOUR, MINUTE - HOUR, MINUTE + HOUR // 2, MINUTE - HOUR // 2}


def test_takes_instants_as_they_are():
    assert LINE.to_tick(datetime(2026, 1, 4, 23, 0, 1, tzinfo=UTC)) == SECOND


def test_the_data_is_the_package_s():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zoneinfo.TZPATH", (str(Path("/nowhere")),))
        assert load_zone.__wrapped__("Europe/Brussels").utcoffset(datetime(2026, 7, 1)) == timedelta(hours=2)


@pytest.mark.parametrize("name", ["Europe/Brusels", "../../etc/passwd", "", "/etc/passwd", "Europe"])
def test_refuses_what_is_no_zone(name):
    with pytest.raises(ValueError, match="is not a time zone"):
        TimeLine(datetime(2026, 1, 5), name)


def test_names_the_nearest_zone():
    with pytest.raises(ValueError, match="did you mean 'Europe/Brussels'"):
        load_zone("Europe/Brusels")


def test_all_zones_of_the_package_load():
    assert all(load_zone(name).key == name for name in zone_names())


def test_refuses_a_start_with_an_offset():
    with pytest.raises(ValueError, match="has an offset"):
        TimeLine(datetime(2026, 1, 5, tzinfo=UTC), "Europe/Brussels")


@pytest.mark.parametrize("tick", [2**61, -(2**61)])
def test_refuses_ticks_beyond_the_calendar(tick):
    with pytest.raises(ValueError, match="beyond the years 1 to 9999"):
        LINE.to_local(tick)


def test_refuses_dates_beyond_the_calendar():
    with pytest.raises(ValueError, match="beyond the year 9999"):
        LINE.add(0, parse_duration("P9000Y"))


def test_pickles():
    assert pickle.loads(pickle.dumps(LINE)) == LINE  # noqa: S301 our own bytes
