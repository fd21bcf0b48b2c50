"""Worked examples of batches, to the tick: when they are made up, who does them, and what each case has of it."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.instants.units import DAY, HOUR, MINUTE
from bpmn_tool.results.effort import cost, effort
from bpmn_tool.results.trace import Cause, RowKind
from bpmn_tool.results.work_items import Outcome, Together
from tests.simulation.drawn import HEAD, OFFICE, ONE_TASK, Ran, arrivals, at, run

LETTER = """
[roles.agent]
count = 2
cost_per_hour = 60
[tasks.work]
duration = { constant = "PT30M" }
cost = 12
"""


def _batch(tmp_path: Path, said: str, *when: str, more: str = "", model: str = ONE_TASK) -> Ran:
    return run(tmp_path, model, arrivals(tmp_path, *when) + LETTER + f"batch = {{ {said} }}\n" + more)


THREE = ("mon 09:00", "mon 10:00", "mon 11:00")


def test_together_is_one_piece_of_work_for_all(tmp_path: Path):
    ran = _batch(tmp_path, "min = 3", *THREE)
    items = ran.of("work")
    assert {(item.start, item.end, item.resources) for item in items} == {
        (at("mon 11:00"), at("mon 11:30"), ("agent#1",))
    }
    assert [item.causes[Cause.BATCHING] for item in items] == [2 * HOUR, HOUR, 0]
    assert items[1].together == Together("s/0/0/work//0", 1, (at("mon 11:30"),) * 3)


def test_its_hours_and_cost_are_split_evenly(tmp_path: Path):
    ran = _batch(tmp_path, "min = 3", *THREE)
    staff = ran.plan.facts.staff["agent#1"]
    assert [effort(item, staff).on_duty for item in ran.of("work")] == [10 * MINUTE] * 3
    assert [cost(item, ran.plan.facts) for item in ran.of("work")] == [pytest.approx(14.0)] * 3


def test_a_split_leaves_no_tick_out(tmp_path: Path):
    toml = arrivals(tmp_path, *THREE) + LETTER.replace("PT30M", "PT1.000001S") + "batch = { min = 3 }\n"
    ran = run(tmp_path, ONE_TASK, toml)
    staff = ran.plan.facts.staff["agent#1"]
    assert sorted(effort(item, staff).on_duty for item in ran.of("work")) == [333_333, 333_334, 333_334]


def test_each_is_work_of_its_own_from_the_same_moment_on(tmp_path: Path):
    ran = _batch(tmp_path, 'min = 3, mode = "each"', *THREE)
    items = ran.of("work")
    assert [item.start for item in items] == [at("mon 11:00"), at("mon 11:00"), at("mon 11:30")]
    assert [item.causes[Cause.BATCHING] for item in items] == [2 * HOUR, HOUR, 0]
    assert items[2].causes[Cause.CONTENTION] == 30 * MINUTE
    assert all(item.together is None for item in items)


def test_what_has_waited_long_enough_goes_however_few(tmp_path: Path):
    ran = _batch(tmp_path, 'min = 5, wait = "P2D"', "mon 09:00", "tue 09:00", "wed 10:00")
    assert [item.start for item in ran.of("work")] == [at("wed 09:00"), at("wed 09:00"), at("fri 10:00")]
    assert [item.causes[Cause.BATCHING] for item in ran.of("work")] == [2 * DAY, DAY, 2 * DAY]


def test_no_more_than_its_most_and_the_oldest_first(tmp_path: Path):
    """Five at once: two batches of two; the one left waits out its time."""
    ran = _batch(tmp_path, 'min = 2, max = 2, wait = "PT3H"', *["mon 09:00"] * 5)
    assert [item.start for item in ran.of("work")] == [at("mon 09:00")] * 4 + [at("mon 12:00")]
    assert [item.resources for item in ran.of("work")][:4] == [("agent#1",)] * 2 + [("agent#2",)] * 2
    assert [item.together.name for item in ran.of("work")[:4] if item.together] == [
        "s/0/0/work//0", "s/0/0/work//0", "s/2/0/work//0", "s/2/0/work//0",
    ]  # fmt: skip


def test_a_batch_that_is_never_full_waits_and_its_cases_are_not_stuck(tmp_path: Path):
    ran = _batch(tmp_path, "min = 3", "mon 09:00", "mon 10:00")
    assert [item.outcome for item in ran.of("work")] == [Outcome.OPEN] * 2
    assert ran.of("work")[0].causes == {Cause.BATCHING: ran.of("work")[0].waiting}
    assert ran.replication.stuck == {}


def test_a_batch_waits_for_people_like_other_work(tmp_path: Path):
    """Made up at night; the waiting after that is nobody's batch."""
    toml = (
        arrivals(tmp_path, "mon 18:00", "mon 20:00")
        + OFFICE
        + LETTER.replace("count = 2", 'count = 2\ncalendar = "office"')
        + "batch = { min = 2 }\n"
    )
    first, second = run(tmp_path, ONE_TASK, toml).of("work")
    assert (first.start, second.start) == (at("tue 09:00"), at("tue 09:00"))
    assert (first.causes[Cause.BATCHING], first.causes[Cause.UNAVAILABILITY]) == (2 * HOUR, 13 * HOUR)
    assert second.causes[Cause.UNAVAILABILITY] == 13 * HOUR


TWO_WAYS = """
lane Agent
start s
xor g
user a
user work
end e
end f
s > g
g > a if kind == "a"
g > work if kind == "b"
a > f
work > e
"""


def test_its_order_and_priority_are_those_of_its_oldest(tmp_path: Path):
    """One agent, busy until 09:40: the oldest of the batch came before the case of `a`, and the batch goes first."""
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:10", "mon 09:20", "mon 09:30", kind=["a", "b", "a", "b"])
        + LETTER.replace("count = 2", "count = 1")
        + 'batch = { min = 2 }\n[tasks.a]\nduration = "PT40M"\n'
    )
    ran = run(tmp_path, TWO_WAYS, toml)
    assert [item.start for item in ran.of("work")] == [at("mon 09:40")] * 2
    waited = ran.of("a")[1]
    assert (waited.start, waited.causes[Cause.CONTENTION], waited.causes[Cause.PRIORITY]) == (
        at("mon 10:10"), 50 * MINUTE, 0,
    )  # fmt: skip
    assert ran.of("work")[1].causes[Cause.CONTENTION] == 10 * MINUTE


def test_whoever_passes_over_a_batch_that_is_made_up_is_its_priority(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 09:10", "mon 09:20", "mon 09:30", kind=["a", "b", "b", "a"])
        + LETTER.replace("count = 2", "count = 1")
        + 'batch = { min = 2 }\n[tasks.a]\nduration = "PT40M"\npriority = 1\n'
    )
    ran = run(tmp_path, TWO_WAYS, toml)
    first, second = ran.of("work")
    assert first.start == at("mon 10:20")
    assert (first.causes[Cause.BATCHING], first.causes[Cause.CONTENTION], first.causes[Cause.PRIORITY]) == (
        10 * MINUTE, 20 * MINUTE, 40 * MINUTE,
    )  # fmt: skip
    assert (second.causes[Cause.CONTENTION], second.causes[Cause.PRIORITY]) == (20 * MINUTE, 40 * MINUTE)


def test_a_batch_is_one_start_at_a_gate(tmp_path: Path):
    gate = 'gate = "board"\n[gates.board]\nevery = "P1W"\non = "tue"\nat = "14:00-16:00"\ncapacity = 1\n'
    when = ("mon 09:00", "mon 10:00", "mon 11:00", "mon 12:00")
    ran = _batch(tmp_path, "min = 2", *when, more=gate)
    assert [item.start for item in ran.of("work")] == [at("tue 14:00")] * 2 + [at("tue2 14:00")] * 2
    assert all(item.causes[Cause.BATCHING] == item.waiting for item in ran.of("work"))


# -- cases that leave

LATE = """
lane Agent
start s
user work
boundary late on=work timer=PT3H
end e
end given_up
s > work > e
late > given_up
"""


def _late(tmp_path: Path, said: str, *when: str, hours: int = 1) -> Ran:
    toml = LETTER.replace("PT30M", f"PT{hours}H") + f"batch = {{ {said} }}\n"
    return run(tmp_path, LATE, arrivals(tmp_path, *when) + toml)


def test_who_leaves_before_the_batch_is_made_up_is_not_counted(tmp_path: Path):
    first, second, third = _late(tmp_path, "min = 2", "mon 09:00", "mon 12:00", "mon 13:00").of("work")
    assert (first.outcome, first.causes[Cause.BATCHING]) == (Outcome.WITHDRAWN, 3 * HOUR)
    assert (second.start, third.start) == (at("mon 13:00"), at("mon 13:00"))


def test_the_rest_goes_on_without_one_who_leaves(tmp_path: Path):
    ran = _late(tmp_path, "min = 3", "mon 09:00", "mon 10:00", "mon 10:00", hours=3)
    first, second, third = ran.of("work")
    assert (first.outcome, first.end) == (Outcome.INTERRUPTED, at("mon 12:00"))
    assert (second.end, third.end) == (at("mon 13:00"), at("mon 13:00"))
    staff = ran.plan.facts.staff["agent#1"]
    assert [effort(item, staff).on_duty for item in (first, second, third)] == [40 * MINUTE, 70 * MINUTE, 70 * MINUTE]


def test_when_all_have_left_its_people_are_free(tmp_path: Path):
    ran = _late(tmp_path, "min = 2", "mon 09:00", "mon 10:00", "mon 10:30", "mon 11:00", hours=9)
    assert [(item.outcome, item.end) for item in ran.of("work")] == [
        (Outcome.INTERRUPTED, at("mon 12:00")), (Outcome.INTERRUPTED, at("mon 13:00")),
        (Outcome.INTERRUPTED, at("mon 13:30")), (Outcome.INTERRUPTED, at("mon 14:00")),
    ]  # fmt: skip


def test_what_is_left_of_a_batch_that_waits_is_called_after_the_next(tmp_path: Path):
    """No agent until noon, when the oldest has just gone."""
    toml = (
        arrivals(tmp_path, "mon 09:00", "mon 10:00", "mon 10:30")
        + '[calendars.noon]\nhours = { mon = "12:30-17:00" }\n'
        + LETTER.replace("count = 2", 'count = 2\ncalendar = "noon"')
        + "batch = { min = 3 }\n"
    )
    ran = run(tmp_path, LATE, toml)
    first, second, third = ran.of("work")
    assert (first.outcome, first.end) == (Outcome.WITHDRAWN, at("mon 12:00"))
    assert (second.start, third.start, second.resources) == (at("mon 12:30"), at("mon 12:30"), third.resources)
    assert second.together is not None
    assert second.together.name == second.id


def test_cases_in_a_batch_under_way_are_not_stuck(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00", "mon 10:00") + LETTER.replace("PT30M", "PT900H") + "batch = { min = 2 }\n"
    head = HEAD.replace("P28D", "P3D") + 'follow_up = "P3D"\n'
    assert run(tmp_path, ONE_TASK, toml, head=head).replication.stuck == {}


def test_a_batch_is_called_away_to_a_gate_as_a_whole(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "tue 13:00", "tue 13:50", "mon 09:00", kind=["b", "b", "a"])
        + LETTER.replace("count = 2", "count = 1")
        + 'batch = { min = 2 }\n[tasks.a]\nduration = "PT40M"\ngate = "board"\n'
        + '[gates.board]\nevery = "P1W"\non = "tue"\nat = "14:00-16:00"\n'
    )
    ran = run(tmp_path, TWO_WAYS, toml)
    pause = (at("tue 14:00"), at("tue 14:40"))
    assert [(item.pauses, item.end) for item in ran.of("work")] == [((pause,), at("tue 15:00"))] * 2
    staff = ran.plan.facts.staff["agent#1"]
    assert [(effort(i, staff).on_duty, effort(i, staff).blocked) for i in ran.of("work")] == [(15 * MINUTE, 0)] * 2
    assert ran.ticks(RowKind.PAUSED) == [at("tue 14:00")] * 2


def test_a_batch_of_what_nobody_holds_waits_for_somebody_undefined(tmp_path: Path):
    toml = (
        arrivals(tmp_path, *THREE) + '[roles.other]\ncount = 1\n[tasks.work]\nduration = "PT1H"\nbatch = { min = 2 }\n'
    )
    first, *_ = run(tmp_path, LATE, toml).of("work")
    assert first.causes[Cause.UNDEFINED] == first.waiting == 3 * HOUR


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('batch = { min = 2 }\nsame_person_as = "work"\n', "several cases"),
        ("batch = { min = 0 }\n", "at least 1"),
        ("batch = { min = 3, max = 2 }\n", "max is below min"),
        ("batch = { max = 2 }\n", "min"),
    ],
)
def test_what_no_batch_can_be_is_refused(tmp_path: Path, toml: str, said: str):
    with pytest.raises(InputError, match=said):
        run(tmp_path, ONE_TASK, arrivals(tmp_path, "mon 09:00") + LETTER + toml)
