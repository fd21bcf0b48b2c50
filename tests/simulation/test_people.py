"""Worked examples of work, people and time, to the tick."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.instants.units import HOUR, MINUTE
from bpmn_tool.results.log import log_rows
from bpmn_tool.results.projections import project
from bpmn_tool.results.summary import RoleHours
from bpmn_tool.results.trace import Cause, RowKind
from bpmn_tool.results.work_items import Outcome
from bpmn_tool.simulation.summarise import PlanInfo, summarise
from tests.simulation.drawn import HEAD, OFFICE, ONE_TASK, arrivals, at, minutes, run

TWO_KINDS = """
lane Agent
start s
xor g
user a
user b
end e
end f
s > g
g > a if kind == "a"
g > b if kind == "b"
a > e
b > f
"""


def test_seven_calls_for_two_agents(tmp_path: Path):
    ran = run(
        tmp_path,
        ONE_TASK,
        """
        [arrivals.s]
        every = "PT2M"
        [roles.agent]
        count = 2
        [tasks.work]
        duration = { constant = "PT10M" }
        """,
        head=HEAD.replace('horizon = "P28D"', 'cases = 7\nfollow_up = "P28D"'),
    )
    assert ran.waits("work")[:7] == minutes(0, 0, 6, 6, 12, 12, 18)


def _friday(tmp_path: Path, off_duty: str):
    toml = (
        arrivals(tmp_path, "fri 16:30")
        + OFFICE
        + f"""
    [roles.agent]
    count = 1
    calendar = "office"
    off_duty = "{off_duty}"
    [tasks.work]
    duration = {{ constant = "PT2H" }}
    """
    )
    return run(tmp_path, ONE_TASK, toml).one("work")


def test_work_begun_on_friday_is_finished_on_monday(tmp_path: Path):
    item = _friday(tmp_path, "pause")
    assert (item.start, item.end) == (at("fri 16:30"), at("mon2 10:30"))
    assert item.pauses == ((at("fri 17:00"), at("mon2 09:00")),)


def test_whoever_finishes_works_on_in_overtime(tmp_path: Path):
    item = _friday(tmp_path, "finish")
    assert (item.end, item.pauses) == (at("fri 18:30"), ())


def test_lag_passes_before_an_item_is_ready_and_is_no_waiting(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 10:00")
        + OFFICE
        + """
    [roles.agent]
    count = 1
    calendar = "office"
    [tasks.work]
    duration = { constant = "PT10M" }
    lag = { constant = "PT30H" }
    """
    )
    item = run(tmp_path, ONE_TASK, toml).one("work")
    assert (item.ready, item.start, item.lag, item.waiting) == (at("tue 16:00"), at("tue 16:00"), 30 * HOUR, 0)


def test_waiting_for_opening_time_is_unavailability(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 20:00")
        + OFFICE
        + """
    [roles.agent]
    count = 1
    calendar = "office"
    [tasks.work]
    duration = { constant = "PT10M" }
    """
    )
    item = run(tmp_path, ONE_TASK, toml).one("work")
    assert item.causes[Cause.UNAVAILABILITY] == item.waiting == 13 * HOUR


def test_who_is_overtaken_waits_for_priority_from_then_on(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:01", "mon 09:02", x=[0, 0, 1])
        + """
    [roles.agent]
    count = 1
    [tasks.work]
    duration = { constant = "PT10M" }
    priority = "10 if x > 0 else 0"
    """
    )
    _, passed_over, urgent = run(tmp_path, ONE_TASK, toml).of("work")
    assert (urgent.start, passed_over.start) == (at("mon 09:10"), at("mon 09:20"))
    assert passed_over.causes[Cause.CONTENTION] == 9 * MINUTE
    assert passed_over.causes[Cause.PRIORITY] == 10 * MINUTE
    assert urgent.causes[Cause.CONTENTION] == 8 * MINUTE


def _a_needs_head(tmp_path: Path, strict: str):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:01", kind=["a", "b"])
        + f"""
    [calendars.noon]
    hours = {{ mon = "12:00-17:00" }}
    [roles.agent]
    count = 1
    strict_order = {strict}
    [roles.head]
    count = 1
    calendar = "noon"
    [tasks.a]
    roles = {{ agent = 1, head = 1 }}
    duration = {{ constant = "PT30M" }}
    [tasks.b]
    duration = {{ constant = "PT5M" }}
    """
    )
    return run(tmp_path, TWO_KINDS, toml)


def test_what_cannot_start_is_passed_over(tmp_path: Path):
    ran = _a_needs_head(tmp_path, "false")
    assert (ran.one("b").start, ran.one("a").start) == (at("mon 09:01"), at("mon 12:00"))
    assert ran.one("a").causes[Cause.UNAVAILABILITY] == 3 * HOUR


def test_in_strict_order_nobody_behind_gets_that_role(tmp_path: Path):
    ran = _a_needs_head(tmp_path, "true")
    assert (ran.one("a").start, ran.one("b").start) == (at("mon 12:00"), at("mon 12:30"))
    assert ran.one("b").causes[Cause.CONTENTION] == 209 * MINUTE


def test_two_roles_work_only_while_both_are_there(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + OFFICE
        + """
    [calendars.afternoon]
    hours = { mon-fri = "13:00-15:00" }
    [roles.agent]
    count = 1
    calendar = "office"
    [roles.head]
    count = 1
    calendar = "afternoon"
    [tasks.work]
    roles = { agent = 1, head = 1 }
    duration = { constant = "PT3H" }
    """
    )
    item = run(tmp_path, ONE_TASK, toml).one("work")
    assert (item.start, item.end) == (at("mon 13:00"), at("tue 14:00"))
    assert item.resources == ("agent#1", "head#1")


PEOPLE = """
[roles.agent]
people = [{ name = "B", also = ["expert"] }, { name = "A" }]
[tasks.a]
duration = { constant = "PT10M" }
[tasks.b]
role = "expert"
duration = { constant = "PT10M" }
"""


def test_whoever_holds_fewest_roles_is_taken_first(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00", "mon 09:01", "mon 09:02", kind=["a", "a", "b"]) + PEOPLE
    ran = run(tmp_path, TWO_KINDS, toml)
    assert [item.resources for item in ran.of("a")] == [("agent#2",), ("agent#1",)]
    assert ran.one("b").start == at("mon 09:11")


def test_among_equals_the_longest_free_then_the_first_named(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:20", "mon 09:40")
        + """
    [roles.agent]
    count = 2
    [tasks.work]
    duration = { constant = "PT10M" }
    """
    )
    found = [item.resources for item in run(tmp_path, ONE_TASK, toml).of("work")]
    assert found == [("agent#1",), ("agent#2",), ("agent#1",)]


def test_a_seat_is_filled_so_that_the_rest_can_be(tmp_path: Path):
    """The one who can do both would be first for neither seat's own sake: the other seat needs the one who knows."""
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + """
    [roles.agent]
    people = [{ name = "B", also = ["expert"] }, { name = "A", also = ["driver"] }]
    [tasks.work]
    roles = { agent = 1, expert = 1 }
    duration = { constant = "PT10M" }
    """
    )
    assert run(tmp_path, ONE_TASK, toml).one("work").resources == ("agent#2", "agent#1")


def test_one_person_never_fills_two_seats(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:01", kind=["a", "b"])
        + """
    [roles.agent]
    people = [{ name = "B", also = ["expert"] }, { name = "A" }]
    [tasks.a]
    duration = { constant = "PT10M" }
    [tasks.b]
    roles = { agent = 1, expert = 1 }
    duration = { constant = "PT10M" }
    """
    )
    assert run(tmp_path, TWO_KINDS, toml).one("b").start == at("mon 09:10")


def test_the_slowest_of_those_who_do_it_together_counts(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + """
    [roles.agent]
    people = [{ name = "fast", speed = 2.0 }]
    [roles.head]
    people = [{ name = "slow", speed = 0.5 }]
    [roles.guest]
    people = [{ name = "own", durations = { work = { constant = "PT15M" } } }]
    [tasks.work]
    roles = { agent = 1, head = 1, guest = 1 }
    duration = { constant = "PT10M" }
    """
    )
    item = run(tmp_path, ONE_TASK, toml).one("work")
    assert item.processing == 20 * MINUTE


def test_a_drawn_duration_is_rounded_once(tmp_path: Path):
    """Speed divides what was drawn, before it becomes ticks."""
    toml = (
        arrivals(tmp_path, *["mon 09:00"] * 40)
        + """
    [roles.agent]
    people = [{ name = "slow", speed = 0.001 }]
    [tasks.work]
    duration = { exponential = "PT0.01S" }
    """
    )
    ran = run(tmp_path, ONE_TASK, toml)
    assert any(item.processing % 1000 for item in ran.of("work"))


def test_a_share_is_part_of_each_block_and_the_next_person_comes_later(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:01")
        + OFFICE
        + """
    [roles.agent]
    count = 2
    calendar = "office"
    share = 0.4
    [tasks.work]
    duration = { constant = "PT4H" }
    """
    )
    first, second = run(tmp_path, ONE_TASK, toml).of("work")
    assert (first.start, first.pauses[0][0], first.end) == (at("mon 09:00"), at("mon 12:12"), at("tue 09:48"))
    assert (second.start, second.pauses[0][0]) == (at("mon 11:24"), at("mon 14:36"))


def test_on_duty_is_from_to(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 17:00")
        + OFFICE
        + """
    [roles.agent]
    count = 1
    calendar = "office"
    [tasks.work]
    duration = { constant = "PT1M" }
    """
    )
    assert run(tmp_path, ONE_TASK, toml).one("work").start == at("tue 09:00")


# -- the same person, or not

TWICE = """
lane Agent
start s
user first
user second
end e
s > first > second > e
"""


def _twice(tmp_path: Path, said: str, people: str = "count = 2", *when: str, model: str = TWICE, more: str = ""):
    toml = (
        arrivals(tmp_path, *(when or ["mon 09:00", "mon 09:00"]))
        + f"""
    [roles.agent]
    {people}
    [tasks.first]
    duration = {{ constant = "PT30M" }}
    [tasks.second]
    duration = {{ constant = "PT10M" }}
    {said} = "first"
    """
        + more
    )
    return run(tmp_path, model, toml)


def test_whoever_did_the_first_reading_does_not_do_the_second(tmp_path: Path):
    ran = _twice(tmp_path, "not_same_person_as")
    assert [item.resources for item in ran.of("first")] == [("agent#1",), ("agent#2",)]
    assert [item.resources for item in ran.of("second")] == [("agent#2",), ("agent#1",)]


def test_it_waits_for_somebody_else(tmp_path: Path):
    """At 09:30 agent#1 is free and not allowed; agent#2 is at another first reading until 09:40."""
    ran = _twice(tmp_path, "not_same_person_as", "count = 2", "mon 09:00", "mon 09:10")
    first, second = ran.of("second")
    assert (first.start, first.resources) == (at("mon 09:40"), ("agent#2",))
    assert first.causes[Cause.CONTENTION] == 10 * MINUTE
    assert (second.start, second.resources) == (at("mon 09:40"), ("agent#1",))


def test_whoever_did_the_first_does_the_second_too(tmp_path: Path):
    """agent#2 has been free for longer, and would be taken."""
    ran = _twice(tmp_path, "same_person_as", "count = 2", "mon 09:00")
    assert (ran.one("first").resources, ran.one("second").resources) == (("agent#1",), ("agent#1",))
    other = _twice(tmp_path / "other", "cost = 1\n#", "count = 2", "mon 09:00")
    assert other.one("second").resources == ("agent#2",)


def test_one_who_waits_for_a_person_lets_others_of_the_task_pass(tmp_path: Path):
    """Two queues of one task: for the first case agent#1 is wanted, who is away until noon."""
    people = 'people = [{ calendar = "early" }, { calendar = "office" }]'
    more = OFFICE + '[calendars.early]\nhours = { mon-fri = "09:00-09:30" }\n'
    ran = _twice(tmp_path, "same_person_as", people, "mon 09:00", "mon 09:00", more=more)
    first, second = ran.of("second")
    assert (first.start, first.resources) == (at("tue 09:00"), ("agent#1",))
    assert first.causes[Cause.UNAVAILABILITY] == first.waiting
    assert (second.start, second.resources) == (at("mon 09:30"), ("agent#2",))


SIDE_BY_SIDE = """
lane Agent
start s
and fork
user first
user second
and join
end e
s > fork
fork > first > join
fork > second > join
join > e
"""


def test_side_by_side_the_person_is_known_when_the_other_begins(tmp_path: Path):
    """One agent at 09:00 begins `first`; `second` may then not be theirs, and waits for the other, here from ten."""
    people = 'people = [{ }, { calendar = "ten" }]'
    more = '[calendars.ten]\nhours = { mon-fri = "10:00-17:00" }\n'
    ran = _twice(tmp_path, "not_same_person_as", people, "mon 09:00", model=SIDE_BY_SIDE, more=more)
    second = ran.one("second")
    assert (second.start, second.resources) == (at("mon 10:00"), ("agent#2",))
    assert second.causes[Cause.UNAVAILABILITY] == HOUR


def test_of_several_instances_it_is_whoever_did_the_one_around(tmp_path: Path):
    model = """
    lane Agent
    start s
    sub many mi=2 {
    start s1
    user first
    user second
    end e1
    s1 > first > second > e1
    }
    end e
    s > many > e
    """
    ran = _twice(tmp_path, "same_person_as", "count = 2", "mon 09:00", model=model)
    firsts = {item.path: item.resources for item in ran.of("first")}
    assert len(set(firsts.values())) == 2
    assert all(firsts[item.path] == item.resources for item in ran.of("second"))


def test_of_several_runs_it_is_whoever_did_the_last(tmp_path: Path):
    """Two runs of `first`, by one agent after the other, since whoever has been free for longer is taken."""
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + """
    [roles.agent]
    count = 2
    [tasks.first]
    duration = { constant = "PT30M" }
    repeat = 2
    [tasks.second]
    duration = { constant = "PT10M" }
    same_person_as = "first"
    """
    )
    ran = run(tmp_path, TWICE.replace("user first", "user first loop"), toml)
    assert [item.resources for item in ran.of("first")] == [("agent#1",), ("agent#2",)]
    assert ran.one("second").resources == ("agent#2",)


def test_who_may_not_is_warned_of_where_nobody_would_be_left(tmp_path: Path):
    people = 'people = [{ }, { also = ["reader"] }]'
    ran = _twice(tmp_path, "not_same_person_as", people, "mon 09:00", more='role = "reader"\n')
    assert any("agent#2" in warning for warning in ran.plan.warnings)
    assert ran.one("second").resources == ("agent#2",)


# -- standing work

STANDING = (
    OFFICE
    + """
[roles.agent]
count = 1
calendar = "office"
[tasks.work]
duration = { constant = "PT30M" }
[background.paper]
role = "agent"
hours_per_week = 2
"""
)


def test_standing_work_of_a_role_comes_on_mondays_and_is_not_pre_empted(tmp_path: Path):
    ran = run(tmp_path, ONE_TASK, arrivals(tmp_path, "mon 10:00") + STANDING + 'per = "role"\n')
    first, second, *_ = ran.of("paper")
    assert (first.enabled, first.start, first.end) == (0, at("mon 09:00"), at("mon 11:00"))
    assert (second.enabled, second.visit) == (at("mon2 00:00"), 1)
    assert ran.one("work").start == at("mon 11:00")


def test_standing_work_comes_last(tmp_path: Path):
    ran = run(tmp_path, ONE_TASK, arrivals(tmp_path, "mon 09:00") + STANDING + 'per = "role"\n')
    assert (ran.one("work").start, ran.of("paper")[0].start) == (at("mon 09:00"), at("mon 09:30"))


def test_standing_work_of_a_case_ends_with_it(tmp_path: Path):
    toml = arrivals(tmp_path, "sun 12:00") + STANDING.replace("PT30M", "PT9H") + 'per = "open_case"\n'
    ran = run(tmp_path, ONE_TASK, toml)
    paper = ran.one("paper")
    assert (paper.enabled, paper.case) == (at("mon2 00:00"), "s/0/0")
    assert (paper.start, paper.outcome, paper.end) == (None, Outcome.WITHDRAWN, at("tue2 10:00"))


# -- undefined roles

NOBODY = """
lane Agent
start s
user work
boundary late on=work timer=P10D
end e
end given_up
s > work > e
late > given_up
"""


def _undefined(tmp_path: Path, policy: str, model: str = NOBODY):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + f"""
    [roles.other]
    count = 1
    [tasks.work]
    duration = {{ constant = "PT2H" }}
    [undefined_roles]
    policy = "{policy}"
    borrow = {{ agent = "other" }}
    """
    )
    return run(tmp_path, model, toml)


def test_work_at_a_role_that_nobody_holds_waits_until_a_boundary_event(tmp_path: Path):
    item = _undefined(tmp_path, "absent").one("work")
    assert (item.outcome, item.start, item.end) == (Outcome.WITHDRAWN, None, at("thu2 09:00"))
    assert item.causes[Cause.UNDEFINED] == item.waiting


def test_without_one_the_case_is_stuck(tmp_path: Path):
    assert _undefined(tmp_path, "absent", ONE_TASK).replication.stuck == {"s/0/0": ("work",)}


def test_unlimited_starts_at_once_and_takes_its_time(tmp_path: Path):
    item = _undefined(tmp_path, "unlimited").one("work")
    assert (item.start, item.end, item.resources) == (at("mon 09:00"), at("mon 11:00"), ())


def test_borrowed_is_done_by_another(tmp_path: Path):
    assert _undefined(tmp_path, "borrowed").one("work").resources == ("other#1",)


def test_a_case_with_standing_work_is_stuck_all_the_same(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + """
    [roles.other]
    count = 1
    [tasks.work]
    duration = { constant = "PT2H" }
    [background.paper]
    role = "other"
    hours_per_week = 168
    per = "open_case"
    """
    )
    assert run(tmp_path, ONE_TASK, toml).replication.stuck == {"s/0/0": ("work",)}


def test_a_role_that_the_register_leaves_open_is_held_where_the_scenario_gives_it_people(tmp_path: Path):
    (tmp_path / "partners.toml").write_text(
        'format = 1\n[partners.city]\nname = "City"\n[roles.agent]\npartner = "city"\nname = "Agent"\n'
        "undefined = true\n"
    )
    toml = (
        arrivals(tmp_path, "mon 09:00") + '[roles.agent]\ncount = 1\n[tasks.work]\nduration = { constant = "PT2H" }\n'
    )
    ran = run(tmp_path, ONE_TASK, toml, head=HEAD + 'register = "partners.toml"\n')
    assert ran.one("work").end == at("mon 11:00")


# -- what is taken away


def test_an_interrupted_item_gives_its_person_back_at_once(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:10")
        + """
    [roles.agent]
    count = 1
    [tasks.work]
    duration = { constant = "PT5H" }
    [events.late]
    after = "PT1H"
    """
    )
    ran = run(tmp_path, NOBODY, toml)
    first, second = ran.of("work")
    assert (first.outcome, first.end) == (Outcome.INTERRUPTED, at("mon 10:00"))
    assert (second.start, second.end, second.outcome) == (at("mon 10:00"), at("mon 10:10"), Outcome.INTERRUPTED)


def test_an_item_that_never_started_is_withdrawn(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 20:00")
        + OFFICE
        + """
    [roles.agent]
    count = 1
    calendar = "office"
    [tasks.work]
    duration = { constant = "PT5H" }
    [events.late]
    after = "PT1H"
    """
    )
    item = run(tmp_path, NOBODY, toml).one("work")
    assert (item.outcome, item.end, item.causes[Cause.UNAVAILABILITY]) == (Outcome.WITHDRAWN, at("mon 21:00"), HOUR)


def test_boundary_events_listen_through_lag_and_pauses(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "fri 16:00")
        + OFFICE
        + """
    [roles.agent]
    count = 1
    calendar = "office"
    [tasks.work]
    lag = { constant = "PT30M" }
    duration = { constant = "PT5H" }
    [events.late]
    after = "PT24H"
    """
    )
    item = run(tmp_path, NOBODY, toml).one("work")
    assert (item.outcome, item.end, item.processing) == (Outcome.INTERRUPTED, at("sat 16:00"), HOUR // 2)


def test_what_is_done_in_the_tick_of_its_timer_is_done(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + """
    [roles.agent]
    count = 1
    [tasks.work]
    duration = { constant = "PT1H" }
    [events.late]
    after = "PT1H"
    """
    )
    ran = run(tmp_path, NOBODY, toml)
    assert ran.one("work").outcome is Outcome.COMPLETED
    assert ran.ticks(RowKind.WITHDRAWN, "late") == [at("mon 10:00")]


def test_an_event_alongside_does_not_interrupt(tmp_path: Path):
    model = NOBODY.replace("timer=P10D", "timer=PT1H alongside")
    toml = (
        arrivals(tmp_path, "mon 09:00") + '[roles.agent]\ncount = 1\n[tasks.work]\nduration = { constant = "PT3H" }\n'
    )
    ran = run(tmp_path, model, toml)
    assert ran.ticks(RowKind.FIRED, "given_up") == [at("mon 10:00")]
    assert ran.one("work").end == at("mon 12:00")
    assert ran.ticks(RowKind.ENDED) == [at("mon 12:00")]


def test_work_that_nobody_has_to_do_does_itself(tmp_path: Path):
    model = ONE_TASK.replace("user work", "service work")
    toml = arrivals(tmp_path, "mon 09:00") + '[tasks.work]\nduration = { constant = "PT3H" }\n'
    item = run(tmp_path, model, toml).one("work")
    assert (item.resources, item.end) == ((), at("mon 12:00"))


def test_role_none_needs_nobody_and_unlimited_never_waits(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:00", kind=["a", "b"])
        + """
    [roles.agent]
    count = "unlimited"
    [tasks.a]
    role = "none"
    duration = { constant = "PT1H" }
    [tasks.b]
    duration = { constant = "PT2H" }
    """
    )
    ran = run(tmp_path, TWO_KINDS, toml)
    assert (ran.one("a").end, ran.one("b").end) == (at("mon 10:00"), at("mon 11:00"))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[roles.agent]\ncount = 1\n", "no duration"),
        (
            '[roles.agent]\ncount = 1\n[tasks.work]\nroles = { agent = 2 }\nduration = { constant = "PT1H" }\n',
            "fewer people",
        ),
        (
            """
            [calendars]
            m = { hours = { mon = "09:00-10:00" } }
            t = { hours = { tue = "09:00-10:00" } }
            [roles]
            agent = { count = 1, calendar = "m" }
            head = { count = 1, calendar = "t" }
            [tasks.work]
            roles = { agent = 1, head = 1 }
            duration = { constant = "PT1H" }
            """,
            "never meet",
        ),
        (
            '[roles.agent]\ncount = 1\n[tasks.work]\nduration = "PT1H"\nnot_same_person_as = "work"\n',
            "nobody is left",
        ),
        ('[roles.agent]\ncount = 1\n[tasks.work]\nduration = { constant = "PT1H" }\nrepeat = 2\n', "repeat"),
        ('[roles.agent]\ncount = 1\n[tasks.work]\nduration = { constant = "PT1H" }\ninstances = 2\n', "instances"),
    ],
)
def test_before_the_run_it_is_said(tmp_path: Path, toml: str, said: str):
    with pytest.raises(InputError, match=said):
        run(tmp_path, ONE_TASK, arrivals(tmp_path, "mon 09:00") + toml)


def test_logs_call_people_by_their_names_where_these_are_theirs_alone(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:00", "mon 09:00", "mon 09:00")
        + """
    [roles.agent]
    people = [{ name = "Ann" }, { name = "Bo" }, { name = "Bo" }, {}]
    [tasks.work]
    duration = "PT10M"
    """
    )
    ran = run(tmp_path, ONE_TASK, toml)
    assert [item.resources for item in ran.of("work")] == [("agent#1",), ("agent#2",), ("agent#3",), ("agent#4",)]
    rows = log_rows(project(ran.replication, ran.plan.facts), ran.plan.time_line)
    assert [row["resource"] for row in rows] == ["Ann", "agent#2", "agent#3", "agent#4"]


def test_what_a_week_costs_by_hand(tmp_path: Path):
    """Two hours from 16:30: half an hour, a night, an hour and a half. The other one finishes its two hours after five,
    of which the half hour counts once and the rest one and a half times. A third is taken away after an hour.
    """
    model = """
    lane Agent
    start s
    user work
    end e
    s > work > e
    lane Head
    start t
    user look
    end f
    t > look > f
    lane Clerk
    start u
    user slow
    boundary late on=slow timer=PT1H
    end g
    u > slow > g
    late > g
    """
    toml = (
        arrivals(tmp_path, "mon 16:30")
        + arrivals(tmp_path, "mon 16:30", start="t")
        + arrivals(tmp_path, "mon 09:00", start="u")
        + OFFICE
        + """
    [roles.agent]
    count = 1
    calendar = "office"
    cost_per_hour = 60
    [roles.head]
    count = 1
    calendar = "office"
    off_duty = "finish"
    cost_per_hour = 100
    [roles.clerk]
    count = 1
    calendar = "office"
    cost_per_hour = 10
    [tasks.work]
    duration = "PT2H"
    cost = 7
    [tasks.look]
    duration = "PT2H"
    [tasks.slow]
    duration = "PT3H"
    [costs]
    overtime_factor = 1.5
    once = { dpia = 12_000, training = 500 }
    """
    )
    ran = run(tmp_path, model, toml, head=HEAD.replace("P28D", "P7D"))
    info = PlanInfo(
        name="", path="", engine="", seed=1, facts=ran.plan.facts, time_line=ran.plan.time_line, warm_up=0, follow_up=0
    )
    found = summarise(info, [ran.replication], ())
    assert found.roles["agent"].hours == RoleHours(worked=2, idle=38)
    assert found.roles["head"].hours == RoleHours(worked=0.5, overtime=1.5, idle=39.5)
    assert found.roles["clerk"].hours == RoleHours(worked=1, lost=1, idle=39)
    assert {name: role.cost for name, role in found.roles.items()} == {"agent": 120, "head": 275, "clerk": 10}
    assert {name: each.cost for name, each in found.activities.items()} == {"work": 127, "look": 275, "slow": 10}
    assert (found.costs.work, found.costs.uses, found.costs.once) == (405, 7, 12_500)
    assert found.costs.idle == 38 * 60 + 39.5 * 100 + 39 * 10
    assert found.costs.total == 405 + 7 + 12_500 + 6620
