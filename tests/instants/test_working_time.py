# ruff: noqa: DTZ001 local times are what is tested
import pickle
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn_tool.instants import DAY, HOUR, MINUTE, NEVER, WEEK, Calendar, TimeLine, parse_hours
from bpmn_tool.instants.hours import DAYS

LINE = TimeLine(datetime(2026, 1, 5, 8), "Europe/Brussels")  # a Monday
OFFICE = {"mon": "09:00-12:30 13:00-17:00", "tue-thu": "09:00-17:00", "fri": "09:00-16:00"}


def at(month, day, hour=0, minute=0, year=2026):
    return LINE.to_tick(datetime(year, month, day, hour, minute))


@pytest.fixture
def office():
    return Calendar.weekly(
        parse_hours(OFFICE), LINE, holidays=("BE", "VLG"), absences=[(date(2026, 7, 20), date(2026, 8, 3))]
    )


def test_duty_is_half_open(office):
    assert not office.on_duty(at(1, 5, 9) - 1)
    assert office.on_duty(at(1, 5, 9))
    assert office.on_duty(at(1, 5, 12, 30) - 1)
    assert not office.on_duty(at(1, 5, 12, 30))


def test_next_change(office):
    assert office.next_change(0) == at(1, 5, 9)
    assert office.next_change(at(1, 5, 9)) == at(1, 5, 12, 30)
    assert office.next_change(at(1, 9, 16)) == at(1, 12, 9)


def test_next_open(office):
    assert office.next_open(0) == at(1, 5, 9)
    assert office.next_open(at(1, 5, 10)) == at(1, 5, 10)
    assert office.next_open(at(1, 5, 12, 30)) == at(1, 5, 13)


def test_worked(office):
    assert office.worked(at(1, 5), at(1, 12)) == 7 * HOUR + 30 * MINUTE + 24 * HOUR + 7 * HOUR
    assert office.worked(at(1, 5, 10), at(1, 5, 11)) == HOUR
    assert office.worked(at(1, 6), at(1, 5)) == 0


def test_end_of_work(office):
    assert office.end_of_work(at(1, 5), 8 * HOUR) == at(1, 6, 9, 30)
    assert office.end_of_work(at(1, 5), 7 * HOUR + 30 * MINUTE) == at(1, 5, 17)  # the end, not the next begin
    assert office.end_of_work(at(1, 5), 0) == at(1, 5)


def test_holidays_and_absences_are_free(office):
    assert office.worked(at(5, 14), at(5, 15)) == 0  # Ascension
    assert office.worked(at(7, 20), at(8, 3)) == 0
    assert office.worked(at(8, 3), at(8, 4)) > 0  # the first day back


def test_goes_on_for_ever(office):
    assert office.worked(at(1, 1, year=2050), at(1, 8, year=2050)) > 30 * HOUR


def test_days_follow_the_clock_on_the_wall():
    night = Calendar.weekly(parse_hours({"sat": "22:00-06:00"}), LINE)
    assert night.worked(at(3, 28), at(3, 30)) == 7 * HOUR  # clocks go forward
    assert night.worked(at(10, 24), at(10, 26)) == 9 * HOUR  # and back


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    night = Calendar.weekly(
        parse_hours({"mon-sun": "22:00-06:00"}), LINE, absences=[(date(2026, 2, 2), date(2026, 2, 3))]
    )
    assert night.next_change(at(2, 1, 23)) == at(2, 2, 6)
    assert night.next_change(at(2, 2, 6)) == at(2, 3, 22)


def test_knows_a_shift_that_began_before_the_start():
    line = TimeLine(datetime(2026, 1, 6, 2), "Europe/Brussels")
    night = Calendar.weekly(parse_hours({"mon": "22:00-06:00"}), line)
    assert night.on_duty(0)
    assert night.next_change(0) == 4 * HOUR


def test_round_the_clock_with_a_day_off():
    calendar = Calendar.weekly(parse_hours("always"), LINE, absences=[(date(2027, 3, 1), date(2027, 3, 2))])
    assert calendar.next_change(0) == at(3, 1, year=2027)
    assert calendar.next_open(at(3, 1, 5, year=2027)) == at(3, 2, year=2027)
    assert calendar.end_of_work(0, at(3, 1, year=2027) + HOUR) == at(3, 2, 1, year=2027)


def test_always():
    always = Calendar.always()
    assert always.on_duty(10**18)
    assert always.next_change(0) is None
    assert always.next_open(7) == 7
    assert always.worked(3, 10) == 7
    assert always.end_of_work(3, 7) == 10
    assert not always.never_open


def test_never_open_is_a_value_that_can_be_tested():
    closed = Calendar.weekly(parse_hours({}), LINE)
    assert closed.never_open
    assert closed.next_open(5) == NEVER
    assert closed.next_change(5) is None
    assert closed.end_of_work(5, 1) == NEVER
    assert closed.end_of_work(5, 0) == 5
    assert closed.worked(0, WEEK) == 0


def test_calendars_that_never_meet_are_never_open():
    days = Calendar.weekly(parse_hours({"mon": "09:00-12:00"}), LINE)
    nights = Calendar.weekly(parse_hours({"mon": "12:00-14:00"}), LINE)
    assert Calendar.intersect([days, nights]).never_open
    assert not Calendar.intersect([days, Calendar.always()]).never_open


def test_work_may_go_on_when_the_last_duty_was_long_ago():
    calendar = Calendar.weekly(
        parse_hours({"mon": "09:00-12:00"}), LINE, absences=[(date(2026, 1, 6), date(2035, 1, 1))]
    )
    assert calendar.end_of_work(0, 4 * HOUR) == LINE.to_tick(datetime(2035, 1, 1, 10))


def test_a_share_of_each_block(office):
    first, second = office.share(0.4, 0, 2), office.share(0.4, 1, 2)
    assert first.next_change(0) == at(1, 5, 9)
    assert first.next_change(at(1, 5, 9)) == at(1, 5, 10, 24)
    assert second.next_change(0) == at(1, 5, 9) + round(0.5 * 0.6 * 210) * MINUTE
    assert second.worked(at(1, 5), at(1, 12)) == office.worked(at(1, 5), at(1, 12)) * 2 // 5


def test_a_share_of_round_the_clock_is_of_24_hours_each():
    half = Calendar.always().share(0.5, 0, 1)
    assert half.worked(0, WEEK) == 7 * 12 * HOUR
    assert half.next_change(0) == 12 * HOUR
    assert half.next_change(12 * HOUR) == DAY


def test_the_whole_share_is_the_calendar_itself(office):
    assert office.share(1.0, 0, 3) is office


@pytest.mark.parametrize(("share", "k", "count"), [(0.0, 0, 1), (1.1, 0, 1), (-1.0, 0, 1), (0.5, 2, 2), (0.5, -1, 2)])
def test_refuses_shares(office, share, k, count):
    with pytest.raises(ValueError, match=r"share|person"):
        office.share(share, k, count)


def test_refuses_an_empty_absence():
    with pytest.raises(ValueError, match="`to` is the first day back"):
        Calendar.weekly(parse_hours("always"), LINE, absences=[(date(2026, 1, 5), date(2026, 1, 5))])


def test_blocks_until(office):
    begins, ends = office.blocks_until(at(1, 6))
    assert (begins, ends) == ([at(1, 5, 9), at(1, 5, 13)], [at(1, 5, 12, 30), at(1, 5, 17)])


def test_pickles(office):
    office.on_duty(at(6, 1))
    assert pickle.loads(pickle.dumps(office)).blocks_until(at(3, 1)) == office.blocks_until(at(3, 1))  # noqa: S301 our own bytes


# the slow twin: every quarter of an hour of three weeks, asked of the hours on the wall

STEP = 15 * MINUTE
WEEKS = 3
# not within the hour that clocks skip or repeat, where the twin, which reads the wall alone, knows no rule
QUARTERS = st.integers(0, 95).filter(lambda quarter: quarter not in {9, 10, 11})
STARTS = [datetime(2026, 1, 5), datetime(2026, 3, 20), datetime(2026, 10, 18)]


@st.composite
def weekly_hours(draw):
    week = {}
    for name in DAYS:
        marks = sorted(draw(st.sets(QUARTERS, max_size=4)))
        marks = marks[len(marks) % 2 :]
        if marks and draw(st.booleans()):
            marks.append(marks.pop(0))  # the last range crosses midnight
        times = [f"{mark // 4:02d}:{mark % 4 * 15:02d}" for mark in marks]
        week[name] = " ".join(f"{begin}-{end}" for begin, end in zip(times[::2], times[1::2], strict=True))
    return week


class Naive:
    """Duty of single quarters, from the words of the calendar alone; read off the clock on the wall."""

    def __init__(self, line, hours, gone):
        self.duty = []
        for i in range(WEEKS * 7 * 96):
            local = line.to_local(i * STEP).replace(tzinfo=None)
            self.duty.append(
                any(self._covers(hours, gone, local, local.date() - timedelta(days=back)) for back in (0, 1))
            )

    @staticmethod
    def _covers(hours, gone, local, day):
        if any(begin <= day < end for begin, end in gone):
            return False
        minutes = (local - datetime.combine(day, time())) // timedelta(minutes=1)
        for text in hours[DAYS[day.weekday()]].split():
            begin, end = (int(mark[:2]) * 60 + int(mark[3:]) for mark in text.split("-"))
            if begin <= minutes < (end if begin < end else end + 1440):
                return True
        return False


@st.composite
def calendar_and_twin(draw):
    start = draw(st.sampled_from(STARTS)) + timedelta(hours=draw(st.integers(0, 167)))
    line = TimeLine(start, "Europe/Brussels")
    hours = draw(weekly_hours())
    begins = draw(st.lists(st.integers(-4, 40), max_size=2))
    first = start.date()
    gone = [(first + timedelta(days=i), first + timedelta(days=i + draw(st.integers(1, 9)))) for i in begins]
    return Calendar.weekly(parse_hours(hours), line, absences=gone), Naive(line, hours, gone).duty


@settings(max_examples=40)
@given(calendar_and_twin(), st.integers(0, 2000), st.integers(0, 2000))
def test_agrees_with_a_slow_twin(both, i, j):
    calendar, duty = both
    i, j = min(i, j), max(i, j)
    assert calendar.on_duty(i * STEP) is duty[i]
    assert calendar.on_duty(i * STEP + STEP - 1) is duty[i]
    assert calendar.worked(i * STEP, j * STEP) == sum(duty[i:j]) * STEP
    opens = next((k for k in range(i, len(duty)) if duty[k]), None)
    if opens is not None:
        assert calendar.next_open(i * STEP) == opens * STEP
    changes = next((k for k in range(i + 1, len(duty)) if duty[k] != duty[i]), None)
    if changes is not None:
        assert calendar.next_change(i * STEP) == changes * STEP


@settings(max_examples=40)
@given(calendar_and_twin(), st.integers(0, 1000), st.integers(1, 300))
def test_work_ends_where_the_slow_twin_has_done_it(both, i, quarters):
    calendar, duty = both
    done = [k for k in range(i, len(duty)) if duty[k]]
    if len(done) >= quarters:
        assert calendar.end_of_work(i * STEP, quarters * STEP) == (done[quarters - 1] + 1) * STEP


@settings(max_examples=40)
@given(calendar_and_twin(), st.integers(0, 3000 * STEP), st.integers(1, 300 * STEP))
def test_end_of_work_is_the_inverse_of_worked(both, tick, work):
    calendar, _ = both
    end = calendar.end_of_work(tick, work)
    if end != NEVER:
        assert calendar.worked(tick, end) == work
        assert calendar.worked(tick, end - 1) == work - 1


@settings(max_examples=20)
@given(calendar_and_twin(), calendar_and_twin(), st.integers(1, 2000))
def test_an_intersection_is_duty_of_both(one, other, n):
    calendar = Calendar.intersect([one[0], other[0]])
    expected = [mine and yours for mine, yours in zip(one[1][:n], other[1][:n], strict=True)]
    assert [calendar.on_duty(k * STEP) for k in range(n)] == expected
    assert calendar.worked(0, n * STEP) == sum(expected) * STEP


@settings(max_examples=20)
@given(calendar_and_twin(), st.floats(0.01, 0.99), st.integers(1, 5))
def test_shares_lie_within_the_calendar_and_last_their_part(both, share, count):
    calendar, _ = both
    for k in range(count):
        part = calendar.share(share, k, count)
        begins, ends = part.blocks_until(4 * WEEK)
        assert all(
            calendar.worked(begin, end) == end - begin for begin, end in zip(begins, ends, strict=True) if begin >= 0
        )


@settings(max_examples=20)
@given(calendar_and_twin(), st.integers(0, 400 * DAY), st.integers(0, 400 * DAY))
def test_the_order_of_questions_changes_nothing(both, first, second):
    calendar, _ = both
    answers = [calendar.on_duty(first), calendar.worked(0, second), calendar.next_open(first)]
    fresh = Calendar.intersect([Calendar(calendar._source)])
    assert [fresh.on_duty(first), fresh.worked(0, second), fresh.next_open(first)] == answers
    assert [calendar.next_open(first), calendar.worked(0, second)] == [answers[2], answers[1]]
