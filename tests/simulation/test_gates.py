"""Worked examples of gates, to the tick: when they open, whom they call away, who does not come."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.instants.units import HOUR, MINUTE
from bpmn_tool.results.effort import effort
from bpmn_tool.results.trace import Cause, RowKind
from bpmn_tool.results.work_items import Outcome
from tests.simulation.drawn import HEAD, OFFICE, ONE_TASK, Ran, arrivals, at, run
from tests.simulation.test_people import TWO_KINDS

GATE = (
    OFFICE
    + """
[roles.agent]
count = 5
calendar = "office"
[tasks.work]
duration = { constant = "PT30M" }
gate = "board"
"""
)


def _gate(more: str) -> str:
    return GATE + '[gates.board]\nevery = "P1W"\non = "tue"\nat = "14:00-16:00"\n' + more


def test_a_gate_opens_and_what_has_begun_is_finished(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00", "tue 15:50", "tue 16:00") + _gate("")
    first, second, third = run(tmp_path, ONE_TASK, toml).of("work")
    assert (first.start, first.causes[Cause.BATCHING]) == (at("tue 14:00"), 29 * HOUR)
    assert (second.start, second.end) == (at("tue 15:50"), at("tue 16:20"))
    assert third.start == at("tue2 14:00")


def test_capacity_is_of_an_occasion_and_over_all_tasks_that_name_the_gate(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:01", "mon 09:02", kind=["a", "b", "a"])
        + OFFICE
        + """
    [roles.agent]
    count = 5
    calendar = "office"
    [tasks.a]
    duration = { constant = "PT30M" }
    gate = "board"
    [tasks.b]
    duration = { constant = "PT30M" }
    gate = "board"
    [gates.board]
    every = "P1W"
    on = "tue"
    at = "14:00-16:00"
    capacity = 2
    """
    )
    ran = run(tmp_path, TWO_KINDS, toml)
    assert [item.start for item in ran.of("a")] == [at("tue 14:00"), at("tue2 14:00")]
    assert ran.one("b").start == at("tue 14:00")
    assert ran.of("a")[1].causes[Cause.BATCHING] == ran.of("a")[1].waiting


@pytest.mark.parametrize(("rule", "when"), [("drop", "tue2 14:00"), ("next", "wed 14:00")])
def test_an_occasion_on_a_shut_day_is_dropped_or_moved(tmp_path: Path, rule: str, when: str):
    toml = arrivals(tmp_path, "mon 09:00") + _gate(f"""
    calendar = "closed"
    on_holiday = "{rule}"
    [calendars.closed]
    hours = {{ mon-fri = "09:00-17:00" }}
    absences = [{{ from = 2026-01-06, to = 2026-01-07 }}]
    """)
    assert run(tmp_path, ONE_TASK, toml).one("work").start == at(when)


def test_occasions_count_from_the_first_matching_day(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00") + _gate("from = 2026-01-08\n")
    assert run(tmp_path, ONE_TASK, toml).one("work").start == at("tue2 14:00")


def test_of_months_it_is_the_first_such_day_at_or_after_the_date(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "tue 17:00")
        + GATE
        + '[gates.board]\nevery = "P1M"\non = "tue"\nat = "14:00-16:00"\nfrom = 2026-01-06\n'
    )
    ran = run(tmp_path, ONE_TASK, toml, head=HEAD.replace("P28D", "P90D"))
    assert ran.one("work").start == at("tue6 14:00")  # the first Tuesday at or after 6 February is the 10th


def test_a_gate_that_is_said_to_open_after_some_hours_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"gates\.board\.every"):
        run(tmp_path, ONE_TASK, arrivals(tmp_path, "mon 09:00") + GATE + '[gates.board]\nevery = "PT12H"\n')


# -- people called away

CALLED = (
    OFFICE
    + """
[roles.agent]
count = 1
calendar = "office"
[tasks.a]
duration = { constant = "PT4H" }
[tasks.b]
duration = { constant = "PT30M" }
gate = "board"
[gates.board]
every = "P1W"
on = "tue"
at = "14:00-16:00"
"""
)


def _called(tmp_path: Path, *more: str, first: str = "tue 12:00", toml: str = CALLED, model: str = TWO_KINDS) -> Ran:
    told = arrivals(tmp_path, first, "mon 09:00", kind=["a", "b"])
    return run(tmp_path, model, told + toml + "".join(more))


def test_an_open_gate_calls_people_from_work_of_no_gate_which_waits_for_them(tmp_path: Path):
    ran = _called(tmp_path)
    a, b = ran.one("a"), ran.one("b")
    assert (b.start, b.end, b.resources) == (at("tue 14:00"), at("tue 14:30"), ("agent#1",))
    assert (a.start, a.pauses, a.end) == (
        at("tue 12:00"), ((at("tue 14:00"), at("tue 14:30")),), at("tue 16:30"),
    )  # fmt: skip
    assert a.processing == 4 * HOUR
    assert b.causes[Cause.BATCHING] == b.waiting == 29 * HOUR


def test_whoever_was_at_a_gate_is_paid_once_for_it(tmp_path: Path):
    ran = _called(tmp_path)
    staff = ran.plan.facts.staff["agent#1"]
    assert ran.one("a").away == {"agent#1": ((at("tue 14:00"), at("tue 14:30")),)}
    spent = effort(ran.one("a"), staff)
    assert (spent.on_duty, spent.blocked, spent.overtime) == (4 * HOUR, 0, 0)


def test_without_reserve_a_gate_waits_for_them(tmp_path: Path):
    ran = _called(tmp_path, "reserve = false\n", first="tue 10:00")
    assert (ran.one("a").pauses, ran.one("b").start) == ((), at("tue 14:00"))
    later = _called(tmp_path / "later", "reserve = false\n")
    assert (later.one("a").pauses, later.one("b").start) == ((), at("tue2 14:00"))


def test_nobody_is_called_away_where_somebody_is_free(tmp_path: Path):
    """Though whoever is at work holds fewer roles, and would be first."""
    toml = CALLED.replace("count = 1", 'people = [{ name = "A" }, { name = "B", also = ["head"] }]')
    ran = _called(tmp_path, toml=toml)
    assert (ran.one("a").resources, ran.one("b").resources) == (("agent#1",), ("agent#2",))
    assert ran.one("a").pauses == ()


def test_a_gate_is_served_before_what_has_priority(tmp_path: Path):
    """In the tick in which it opens, the one person free is the gate's, whatever else waits."""
    toml = CALLED.replace('"PT4H" }', '"PT4H" }\npriority = 10')
    ran = _called(tmp_path, first="tue 14:00", toml=toml)
    assert (ran.one("b").start, ran.one("a").start) == (at("tue 14:00"), at("tue 14:30"))


def test_nobody_is_called_from_one_gate_to_another(tmp_path: Path):
    toml = CALLED.replace('"PT4H" }', '"PT4H" }\ngate = "other"') + '[gates.other]\nevery = "P1D"\n'
    ran = _called(tmp_path, toml=toml)
    assert (ran.one("a").pauses, ran.one("b").start) == ((), at("tue2 14:00"))


def test_two_who_work_together_both_stop_and_the_one_who_stays_is_blocked(tmp_path: Path):
    toml = CALLED.replace("[tasks.a]\n", "[roles.head]\ncount = 1\n[tasks.a]\nroles = { agent = 1, head = 1 }\n")
    ran = _called(tmp_path, toml=toml)
    a = ran.one("a")
    assert a.pauses == ((at("tue 14:00"), at("tue 14:30")),)
    assert effort(a, ran.plan.facts.staff["head#1"]).blocked == 30 * MINUTE
    assert effort(a, ran.plan.facts.staff["agent#1"]).blocked == 0


def test_what_was_left_goes_on_when_all_are_on_duty_again(tmp_path: Path):
    """The meeting takes until after hours; work that was left at two goes on the next morning."""
    toml = CALLED.replace("PT30M", "PT3H") + "[costs]\novertime_factor = 2.0\n"
    a, b = (_called(tmp_path, toml=toml).one(each) for each in "ab")
    assert (b.start, b.end) == (at("tue 14:00"), at("tue 17:00"))
    assert a.pauses == ((at("tue 14:00"), at("wed 09:00")),)
    assert a.end == at("wed 11:00")


def test_a_meeting_that_lasts_overnight_keeps_its_people(tmp_path: Path):
    a, b = (_called(tmp_path, toml=CALLED.replace("PT30M", "PT4H")).one(each) for each in "ab")
    assert (b.pauses, b.end) == (((at("tue 17:00"), at("wed 09:00")),), at("wed 10:00"))
    assert (a.pauses, a.end) == (((at("tue 14:00"), at("wed 10:00")),), at("wed 12:00"))


def test_called_away_while_off_duty_of_the_other_it_waits_for_both(tmp_path: Path):
    """`a` stops at 13:00, when the head goes home; at 14:00 its agent, who is there, is called to the gate."""
    toml = CALLED.replace(
        "[tasks.a]\n",
        '[calendars.early]\nhours = { mon-fri = "09:00-13:00" }\n[roles.head]\ncount = 1\ncalendar = "early"\n'
        "[tasks.a]\nroles = { agent = 1, head = 1 }\n",
    )
    a, b = (_called(tmp_path, toml=toml).one(each) for each in "ab")
    assert (b.start, b.end) == (at("tue 14:00"), at("tue 14:30"))
    assert (a.pauses, a.end) == (((at("tue 13:00"), at("wed 09:00")),), at("wed 12:00"))


def test_who_works_after_hours_is_not_on_duty_for_a_gate(tmp_path: Path):
    toml = CALLED.replace('calendar = "office"\n', 'calendar = "office"\noff_duty = "finish"\n', 1)
    toml = toml.replace('at = "14:00-16:00"', 'at = "17:00-19:00"')
    ran = _called(tmp_path, first="tue 16:00", toml=toml)
    assert (ran.one("a").end, ran.one("a").pauses) == (at("tue 20:00"), ())
    assert ran.one("b").start is None


def test_standing_work_is_left_for_a_gate_too(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", kind=["b"])
        + CALLED
        + '[background.paper]\nrole = "agent"\nhours_per_week = 20\n'
    )
    paper = run(tmp_path, TWO_KINDS, toml).of("paper")[0]
    assert paper.start == at("mon 09:00")
    assert (at("tue 14:00"), at("tue 14:30")) in paper.pauses
    assert paper.end == at("wed 13:30")


LATE = TWO_KINDS + "boundary late on=a timer=PT135M\nend g1\nlate > g1\n"


def test_work_that_is_taken_away_while_its_person_is_at_a_gate(tmp_path: Path):
    """The person stays at the gate, and has nothing to come back to."""
    ran = _called(tmp_path, model=LATE)
    a, b = ran.one("a"), ran.one("b")
    assert (a.outcome, a.end, a.processing) == (Outcome.INTERRUPTED, at("tue 14:15"), 2 * HOUR)
    assert (b.end, b.outcome) == (at("tue 14:30"), Outcome.COMPLETED)
    assert effort(a, ran.plan.facts.staff["agent#1"]).blocked == 0


def test_a_meeting_that_is_taken_away_gives_its_people_back_at_once(tmp_path: Path):
    model = TWO_KINDS + "boundary late on=b timer=PT29H10M\nend g1\nlate > g1\n"
    a, b = (_called(tmp_path, model=model).one(each) for each in "ab")
    assert (b.outcome, b.end) == (Outcome.INTERRUPTED, at("tue 14:10"))
    assert (a.pauses, a.end) == (((at("tue 14:00"), at("tue 14:10")),), at("tue 16:10"))


def test_meetings_one_after_another_call_again_from_what_was_taken_up(tmp_path: Path):
    told = arrivals(tmp_path, "tue 12:00", "mon 09:00", "mon 09:01", kind=["a", "b", "b"])
    ran = run(tmp_path, TWO_KINDS, told + CALLED)
    assert ran.one("a").pauses == ((at("tue 14:00"), at("tue 14:30")), (at("tue 14:30"), at("tue 15:00")))
    assert ran.one("a").end == at("tue 17:00")


def test_a_case_whose_person_is_at_a_gate_is_not_stuck(tmp_path: Path):
    head = HEAD.replace('horizon = "P28D"', 'cases = 1\nfollow_up = "P1DT14H"')
    ran = run(
        tmp_path, TWO_KINDS, arrivals(tmp_path, "mon 09:00", "mon 09:01", kind=["b", "a"])
        + CALLED.replace("PT4H", "PT40H"), head=head.replace("P1DT14H", "P1DT5H10M"),
    )  # fmt: skip
    assert ran.replication.end == at("tue 14:10") + 1
    assert ran.replication.stuck == {}


# -- no-shows and the quorum

BOARD = (
    OFFICE
    + """
[roles.agent]
count = 1
calendar = "office"
[roles.mayor]
count = 1
[roles.police]
count = 2
[tasks.work]
roles = { agent = 1, mayor = 1, police = 1 }
duration = { constant = "PT30M" }
gate = "board"
[gates.board]
every = "P1W"
on = "tue"
at = "14:00-16:00"
"""
)


def _board(tmp_path: Path, more: str, *when: str) -> Ran:
    return run(tmp_path, ONE_TASK, arrivals(tmp_path, *(when or ["mon 09:00"])) + BOARD + more)


def test_a_seat_to_which_nobody_comes_stays_empty(tmp_path: Path):
    ran = _board(tmp_path, "no_show = { mayor = 1.0 }\nquorum = 2\n")
    item = ran.one("work")
    assert (item.start, item.resources, item.vacant) == (at("tue 14:00"), ("agent#1", "police#1"), (1,))
    (row,) = [row for row in ran.rows if row.kind is RowKind.NO_SHOW]
    assert (row.tick, row.element, row.data) == (
        at("tue 14:00"), "board", {"role": "mayor", "seat": 0, "occasion": 0},
    )  # fmt: skip


def test_by_default_every_seat_is_needed(tmp_path: Path):
    item = _board(tmp_path, "no_show = { mayor = 1.0 }\n").one("work")
    assert (item.start, item.outcome) == (None, Outcome.OPEN)


def test_below_the_quorum_an_item_waits_for_the_next_occasion(tmp_path: Path):
    """The draws are those of docs/semantics.md: mayor of the board, occasion by occasion."""
    ran = _board(tmp_path, "no_show = { mayor = 0.2 }\n", "mon 09:00", "tue 15:00", "tue2 14:20", "tue3 09:00")
    gone = [row.data["occasion"] for row in ran.rows if row.kind is RowKind.NO_SHOW and row.data]
    assert gone == [0]  # by the seed: 0.086, then 0.293, 0.442, 0.658
    first, second, third, fourth = ran.of("work")
    assert (first.start, first.causes[Cause.BATCHING]) == (at("tue2 14:00"), first.waiting)
    assert second.start == at("tue2 14:30")
    assert (second.causes[Cause.BATCHING], second.causes[Cause.CONTENTION]) == (6 * 24 * HOUR + 23 * HOUR, HOUR // 2)
    assert (third.start, fourth.start) == (at("tue2 15:00"), at("tue3 14:00"))


def test_its_place_is_lost(tmp_path: Path):
    """Two places an occasion: `a`, whose mayor stays away, has used one of them; of the two `b` one is left over."""
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:01", "mon 09:02", kind=["a", "b", "b"])
        + BOARD.replace("[tasks.work]\n", "[tasks.a]\n")
        + """
    no_show = { mayor = 1.0 }
    capacity = 2
    [tasks.b]
    duration = { constant = "PT10M" }
    gate = "board"
    """
    )
    ran = run(tmp_path, TWO_KINDS, toml)
    assert [item.start for item in ran.of("b")] == [at("tue 14:00"), at("tue2 14:00")]
    assert ran.one("a").start is None


def test_the_seats_of_a_role_are_drawn_one_by_one(tmp_path: Path):
    toml = BOARD.replace("police = 1 }", "police = 2 }") + "no_show = { police = 0.45 }\nquorum = 1\n"
    ran = run(tmp_path, ONE_TASK, arrivals(tmp_path, *[f"mon{n} 09:00" for n in (1, 2, 3, 4)]) + toml)
    assert len({item.vacant for item in ran.of("work")}) > 2
    assert all(len(item.resources) == 4 - len(item.vacant) for item in ran.of("work"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("quorum = 4\n", r"gates\.board\.quorum"),
        ("quorum = 0\n", r"gates\.board\.quorum"),
        ("no_show = { clerk = 0.5 }\n[roles.clerk]\ncount = 1\n", r"gates\.board\.no_show\.clerk"),
    ],
)
def test_what_a_gate_cannot_have_is_refused(tmp_path: Path, more: str, said: str):
    with pytest.raises(InputError, match=said):
        _board(tmp_path, more)
