# ruff: noqa: DTZ001 local times are what is tested
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.instants import (
    DAY,
    HOUR,
    MAX_TICKS,
    MINUTE,
    SECOND,
    Duration,
    exact_ticks,
    format_duration,
    format_seconds,
    parse_cycle,
    parse_duration,
    parse_instant,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P1Y2M3W4DT5H6M7S", Duration(years=1, months=2, weeks=3, days=4, ticks=5 * HOUR + 6 * MINUTE + 7 * SECOND)),
        ("PT1.5H", Duration(ticks=90 * MINUTE)),
        ("PT0,5S", Duration(ticks=SECOND // 2)),
        ("PT0.0000005S", Duration(ticks=1)),
        ("P0.5D", Duration(ticks=12 * HOUR)),
        ("P1M", Duration(months=1)),
        ("PT1M", Duration(ticks=MINUTE)),
        ("PT36H", Duration(ticks=36 * HOUR)),
        ("P0D", Duration()),
        (" PT1S ", Duration(ticks=SECOND)),
    ],
)
def test_reads_durations(text, duration):
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5m", "'5m' is not an ISO 8601 duration; write PT5M for five minutes or P5M for five months"),
        ("1h", "'1h' is not an ISO 8601 duration; write PT1H for one hour"),
        ("30 days", "'30 days' is not an ISO 8601 duration; write P30D for 30 days"),
        ("-P1D", "'-P1D' is not an ISO 8601 duration; a duration has no sign"),
        ("P", "'P' is not an ISO 8601 duration; write P3D for three days or PT1H30M for an hour and a half"),
        ("P1.5Y", "'P1.5Y': only the last part of a duration may be broken, and never years or months"),
        ("P1.5DT1H", "'P1.5DT1H': only the last part of a duration may be broken, and never years or months"),
        ("P9999999999D", "'P9999999999D' is too long a duration"),
        ("PT9999999999H", "'PT9999999999H' is too long a duration"),
    ],
)
def test_says_what_is_wrong_with_a_duration(text, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        parse_duration(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "text",
    ["", "PT", "P1DT", "T1H", "P1H", "PT1D", "P1D1W", "p1d", "P-1D", "P1", "PT١H", "P1D\n2", "P" + "1" * 500 + "D"],
)
def test_refuses(text):
    with pytest.raises(ValueError, match="is not an ISO 8601 duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "is_calendar"),
    [("P1Y", True), ("P1M", True), ("P1W", True), ("P1D", True), ("PT24H", False), ("P0D", False)],
)
def test_a_duration_in_days_or_more_needs_the_calendar(text, is_calendar):
    assert parse_duration(text).is_calendar is is_calendar


def test_an_exact_day_is_24_hours():
    assert exact_ticks("P1W1DT1H") == 8 * 24 * HOUR + HOUR


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P1Y1D"])
def test_months_and_years_are_not_exact(text):
    with pytest.raises(ValueError, match=f"'{text}' has years or months, which have no exact length; write it in days"):
        exact_ticks(text)


@given(st.integers(0, MAX_TICKS - 1))
def test_a_formatted_duration_reads_back(ticks):
    assert exact_ticks(format_duration(ticks)) == ticks


@given(
    st.builds(
        Duration,
        years=st.integers(0, 99),
        months=st.integers(0, 99),
        weeks=st.integers(0, 99),
        days=st.integers(0, 99),
        ticks=st.integers(0, 10**15),
    )
)
def test_a_printed_duration_reads_back(duration):
    assert parse_duration(str(duration)) == duration


@pytest.mark.parametrize(
    ("ticks", "text"), [(0, "PT0S"), (DAY, "P1D"), (90 * MINUTE, "PT1H30M"), (DAY + 1, "P1DT0.000001S"), (-DAY, "-P1D")]
)
def test_formats_durations(ticks, text):
    assert format_duration(ticks) == text


@pytest.mark.parametrize(
    ("ticks", "text"),
    [(0, "0"), (90 * SECOND, "90"), (1, "0.000001"), (-SECOND // 2, "-0.5"), (2**62, "4611686018427.387904")],
)
def test_formats_seconds(ticks, text):
    assert format_seconds(ticks) == text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T22:15:00", datetime(2026, 3, 2, 22, 15)),
        ("2026-03-02", datetime(2026, 3, 2)),
        ("2026-03-02T22:15:00Z", datetime(2026, 3, 2, 22, 15, tzinfo=UTC)),
    ],
)
def test_reads_instants(text, instant):
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo == instant.tzinfo


def test_keeps_an_offset():
    assert parse_instant("2026-03-02T22:15:00+01:00").utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "02/03/2026", "2026-03-02T25:00", "2" * 1000])
def test_refuses_instants(text):
    with pytest.raises(ValueError, match="is not an ISO 8601 date and time"):
        parse_instant(text)


def test_reads_cycles():
    cycle = parse_cycle("R3/PT1H")
    assert (cycle.repetitions, cycle.duration, cycle.start, cycle.end) == (3, Duration(ticks=HOUR), None, None)
    assert parse_cycle("R/P1D").repetitions is None
    assert parse_cycle("R2/2026-01-05T09:00/PT1H").start == datetime(2026, 1, 5, 9)
    assert parse_cycle("R2/PT1H/2026-01-05T09:00").end == datetime(2026, 1, 5, 9)


@pytest.mark.parametrize(
    "text", ["PT1H", "R3", "R3/", "R-1/PT1H", "R3/PT0S", "R3/PT1H/PT1H", "R99999999999/PT1H", "0 * * * *"]
)
def test_refuses_cycles(text):
    with pytest.raises(ValueError, match=r"\S"):
        parse_cycle(text)
