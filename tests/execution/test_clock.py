"""Timers on the calendar of the case's zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.case import Case
from tests.execution.drawing import boundary, catch, draw, end, parallel, start, user


def ended(after: str, clock: datetime, zone: str | None = None) -> str:
    case = Case(draw([start("s"), catch("c", after=after), end("e")], "s > c > e"), clock=clock, zone=zone)
    case.start()
    case.wait_for_timer()
    return case.trace().steps[-1].at.isoformat()


def test_days_are_days_of_the_calendar_and_hours_are_exact() -> None:
    eve = datetime(2026, 3, 28, 12)  # noqa: DTZ001  the clock goes forward in the night
    assert ended("P1D", eve, "Europe/Brussels") == "2026-03-29T12:00:00+02:00"
    assert ended("PT24H", eve, "Europe/Brussels") == "2026-03-29T13:00:00+02:00"


def test_a_month_after_the_31st_is_the_last_day_of_february() -> None:
    assert ended("P1M", datetime(2026, 1, 31, 9, tzinfo=UTC), "UTC") == "2026-02-28T09:00:00+00:00"


def test_an_aware_clock_without_a_zone_keeps_its_offset() -> None:
    clock = datetime(2026, 3, 2, 22, 15, tzinfo=timezone(timedelta(hours=1)))
    assert ended("P1M", clock) == "2026-04-02T22:15:00+01:00"


def test_an_offset_of_no_whole_hours_needs_a_zone() -> None:
    clock = datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with pytest.raises(InputError, match="time zone"):
        ended("P1D", clock)
    assert ended("P1D", clock, "Asia/Kolkata") == "2026-03-03T00:00:00+05:30"


def test_timers_on_the_way_fire_in_order_and_those_of_one_tick_by_id() -> None:
    nodes = [
        start("s"),
        parallel("p"),
        catch("b", after="P2D"),
        catch("a", after="P2D"),
        catch("c", after="P1D"),
        end("e"),
    ]
    case = Case(draw(nodes, "s > p > b > e", "p > a > e", "p > c > e"), clock=datetime(2026, 1, 1, tzinfo=UTC))
    case.start()
    case.wait("P5D")
    assert [step.element for step in case.trace().steps if step.element in "abc"] == ["c", "a", "b"]
    assert case.now == datetime(2026, 1, 6, tzinfo=UTC)


def test_waiting_beyond_the_calendar_is_an_error_and_no_traceback() -> None:
    case = Case(draw([start("s"), catch("c", after="P9000Y"), end("e")], "s > c > e"))
    with pytest.raises(RunError, match="9999"):
        case.start()
    with pytest.raises(RunError, match="9999"):
        case.wait("P9000Y")


def test_a_timer_that_fires_without_end_is_stopped() -> None:
    nodes = [start("s"), user("a"), boundary("tick", "a", cycle="R/PT0.001S", cancel_activity=False), end("e")]
    case = Case(draw(nodes, "s > a > e"), firings=100)
    case.start()
    with pytest.raises(RunError, match="tick"):
        case.wait("P1D")
