"""Worked examples of demand, doors and arrivals, cohorts and limits."""

from itertools import pairwise
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.instants.units import DAY, HOUR
from bpmn_tool.results.trace import RowKind
from tests.agreement.naive import number
from tests.simulation.drawn import HEAD, OFFICE, ONE_TASK, Ran, arrivals, at, run

IN_AND_OUT = "start s\nend e\ns > e\n"
SURGE = "months = { 1 = 0.5 }\nsurges = [{ from = 2026-01-12, to = 2026-01-14, factor = 3 }]\n"
TWO_DOORS = "start a\nstart b\nend e\na > e\nb > e\n"


def _arrived(ran: Ran, element: str = "") -> list[int]:
    return ran.ticks(RowKind.ARRIVED, element)


def test_every_is_first_one_period_after_the_start_and_on_the_local_calendar(tmp_path: Path):
    ran = run(tmp_path, IN_AND_OUT, '[arrivals.s]\nevery = "P1M"\n', head=HEAD.replace("P28D", "P1Y"))
    days = [31, 59, 90, 120]  # 5 February, March, April, May; clocks went forward on 29 March
    assert _arrived(ran)[:4] == [days[0] * DAY, days[1] * DAY, days[2] * DAY - HOUR, days[3] * DAY - HOUR]


def test_a_size_brings_several_cases_at_once(tmp_path: Path):
    ran = run(tmp_path, IN_AND_OUT, '[arrivals.s]\nevery = "P1W"\nsize = 3\nat_start = 2\n')
    assert _arrived(ran)[:8] == [0, 0, *[7 * DAY] * 3, *[14 * DAY] * 3]
    names = [row.case for row in ran.rows if row.kind is RowKind.ARRIVED]
    assert names[:6] == ["s/at_start/0/0", "s/at_start/1/0", "s/0/0", "s/1/0", "s/2/0", "s/3/0"]


def test_intervals_follow_each_other(tmp_path: Path):
    ran = run(tmp_path, IN_AND_OUT, '[arrivals.s]\ninterval = { exponential = "PT70H" }\n')
    import math

    total = 0
    for n, tick in enumerate(_arrived(ran)):
        total += math.floor(-70 * HOUR * math.log1p(-number((1, 0), ("s", n, 0), "s", 5, "s", 0, "")) + 0.5)
        assert tick == total


def test_intervals_of_nothing_are_an_error(tmp_path: Path):
    with pytest.raises(RunError, match="arrivals"):
        run(tmp_path, IN_AND_OUT, '[arrivals.s]\ninterval = { constant = "PT0S" }\n')


def test_a_rate_is_inverted_exactly(tmp_path: Path):
    """Arrival n stands where n + 1 exponentials add up to the cumulative rate, months and all."""
    import math

    ran = run(
        tmp_path,
        IN_AND_OUT,
        '[arrivals.s]\nrate = "2 per day"\n' + SURGE,
    )
    pieces = [(0, 1.0), (7, 3.0), (9, 1.0), (27, 2.0), (59, 2.0)]  # day, rate a day: January halved, surge, February
    total = 0.0
    for n, tick in enumerate(_arrived(ran)):
        total += -math.log(number((1, 0), ("s", n, 0), "s", 5, "s", 0, ""))
        left = total
        for (begin, rate), (end, _) in pairwise(pieces):
            if left <= rate * (end - begin):
                break
            left -= rate * (end - begin)
        assert abs(tick - math.floor((begin + left / rate) * DAY + 0.5)) <= 1


def test_the_expected_number_is_known_before_the_run(tmp_path: Path):
    ran = run(
        tmp_path,
        IN_AND_OUT,
        '[arrivals.s]\nrate = "365 per year"\n' + SURGE,
    )
    assert ran.plan.expected_arrivals["s"] == pytest.approx(25 * 0.5 + 2 * 1.5 + 1.0)  # January 5 to 31, 1 February


def test_a_surge_moves_arrivals_without_renumbering_them(tmp_path: Path):
    toml = '[arrivals.s]\nrate = "1 per day"\n[attributes]\nx = { uniform = [0, 1] }\n'
    calm = run(tmp_path / "calm", IN_AND_OUT, toml)
    surge = run(
        tmp_path / "surge",
        IN_AND_OUT,
        toml.replace("[attributes]", "surges = [{ from = 2026-01-12, to = 2026-01-14, factor = 3 }]\n[attributes]"),
    )
    x = {row.case: row.data for row in surge.rows if row.kind is RowKind.ARRIVED}
    assert all(x[row.case] == row.data for row in calm.rows if row.kind is RowKind.ARRIVED)
    assert len(x) > len(_arrived(calm))


def test_hours_concentrate_a_rate_into_open_time(tmp_path: Path):
    ran = run(
        tmp_path,
        IN_AND_OUT,
        OFFICE + '[arrivals.s]\nrate = "365 per year"\nhours = "office"\n',
        head=HEAD.replace("P28D", "P1Y"),
    )
    assert all(tick % DAY < 17 * HOUR for tick in _arrived(ran) if tick < 80 * DAY)
    assert ran.plan.expected_arrivals["s"] == pytest.approx(365.0)


def test_who_comes_while_it_is_shut_arrives_at_its_next_opening(tmp_path: Path):
    ran = run(tmp_path, IN_AND_OUT, arrivals(tmp_path, "fri 20:00", "tue 10:00") + 'hours = "office"\n' + OFFICE)
    assert _arrived(ran) == [at("tue 10:00"), at("mon2 09:00")]


DEMAND = """
[demand.person]
rate = "10 per day"
[demand.person.attributes]
online = { probability = 0.5 }
"""


def test_whom_no_door_takes_is_missed_and_counted(tmp_path: Path):
    ran = run(tmp_path, TWO_DOORS, DEMAND + '[arrivals.a]\nof = "person"\nwhen = "online"\nprobability = 0.5\n')
    missed = [row for row in ran.rows if row.kind is RowKind.MISSED]
    came = [row for row in ran.rows if row.kind is RowKind.ARRIVED]
    assert all(row.data and row.data["online"] for row in came)
    assert {row.case.split("/")[1] for row in missed + came} == {str(n) for n in range(len(missed) + len(came))}
    assert 0.6 < len(missed) / len(missed + came) < 0.9


def test_who_comes_in_by_two_doors_is_a_duplicate_with_the_same_attributes(tmp_path: Path):
    toml = (
        DEMAND
        + """
    [arrivals.a]
    of = "person"
    delay = { constant = "P1D" }
    attributes = { letter = { uniform = [0, 1] } }
    [arrivals.b]
    of = "person"
    attributes = { letter = { uniform = [0, 1] } }
    [attributes]
    own = { uniform = [0, 1] }
    """
    )
    ran = run(tmp_path, TWO_DOORS, toml)
    first = next(row for row in ran.rows if row.case == "person/4/0" and row.kind is RowKind.ARRIVED)
    second = next(row for row in ran.rows if row.case == "person/4/1" and row.kind is RowKind.ARRIVED)
    assert (first.element, second.element, second.tick - first.tick) == ("b", "a", DAY)
    assert first.data
    assert second.data
    assert first.data["online"] == second.data["online"]
    assert first.data["own"] != second.data["own"]
    assert first.demand == second.demand == first.tick
    drawn = number((1, 0), ("person", 4, 1), "a", 7, "attribute:a/letter", 0, "")
    assert second.data["letter"] == pytest.approx(drawn, abs=1e-15)


# -- cohort, follow-up, limits

SLOW = "start s\ncatch c timer=P10D\nend e\ns > c > e\n"


def test_the_run_goes_on_until_each_case_of_the_cohort_has_ended(tmp_path: Path):
    ran = run(tmp_path, SLOW, '[arrivals.s]\nevery = "P1D"\n', head=HEAD.replace("P28D", "P5D"), check=False)
    # the cohort's last comes on day 4 (day 5 is outside [0, 5)), and ends on day 14; follow-up is 5 days: the limit
    assert (ran.replication.close, ran.replication.end) == (5 * DAY, 10 * DAY)
    longer = run(
        tmp_path, SLOW, '[arrivals.s]\nevery = "P1D"\n', head=HEAD.replace("P28D", "P5D") + 'follow_up = "P30D"\n'
    )
    assert longer.replication.end == 14 * DAY
    assert _arrived(longer)[-1] == 14 * DAY  # arrivals go on and load the system


def test_the_cohort_closes_at_its_nth(tmp_path: Path):
    head = HEAD.replace('horizon = "P28D"', 'cases = 3\nfollow_up = "P30D"')
    ran = run(tmp_path, SLOW, '[arrivals.s]\nevery = "P1D"\n', head=head)
    assert (ran.replication.close, ran.replication.end) == (3 * DAY + 1, 13 * DAY)


def test_cases_before_the_warm_up_do_not_count(tmp_path: Path):
    head = HEAD.replace("P28D", "P9D") + 'warm_up = "P2D"\nfollow_up = "P30D"\n'
    ran = run(tmp_path, SLOW, '[arrivals.s]\nevery = "P4D"\n', head=head)
    assert (ran.replication.warm_up, ran.replication.end) == (2 * DAY, 18 * DAY)


def test_without_a_horizon_the_follow_up_has_to_be_said(tmp_path: Path):
    with pytest.raises(InputError, match="follow_up"):
        run(tmp_path, SLOW, '[arrivals.s]\nevery = "P1D"\n', head=HEAD.replace('horizon = "P28D"', "cases = 3"))


@pytest.mark.parametrize(("limit", "said"), [("open_cases = 5", "open at once"), ("events = 20", "events")])
def test_limits_stop_a_run_and_say_so(tmp_path: Path, limit: str, said: str):
    with pytest.raises(RunError, match=said):
        run(tmp_path, SLOW, '[arrivals.s]\nevery = "P1D"\n', head=HEAD + f"limits = {{ {limit} }}\n")


def test_a_condition_that_cannot_be_evaluated_names_its_place(tmp_path: Path):
    with pytest.raises((RunError, InputError), match=r"arrivals\.a"):
        run(tmp_path, TWO_DOORS, DEMAND + '[arrivals.a]\nof = "person"\nwhen = "online + 1 > 0"\n')
    with pytest.raises((RunError, InputError), match=r"arrivals\.a"):
        run(tmp_path, TWO_DOORS, DEMAND + '[arrivals.a]\nof = "person"\nprobability = "3 if online else 0"\n')


def test_arrivals_recorded_before_the_start_are_refused(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00")
    (tmp_path / "s.csv").write_text("time\n2025-12-31T09:00:00\n")
    with pytest.raises(InputError, match="before the start"):
        run(tmp_path, IN_AND_OUT, toml)


def test_a_task_that_draws_no_time_is_an_error_that_names_it(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + '[roles.agent]\ncount = 1\n[tasks.work]\nduration = { weibull = { mean = "P4000000000D", shape = 0.1 } }\n'
    )
    with pytest.raises((RunError, InputError), match="work"):
        run(tmp_path, ONE_TASK, toml)


def test_a_person_still_on_the_way_to_the_door_at_the_end_is_missed(tmp_path):
    """Demand is never short: a delay that outlasts the follow-up leaves a row."""
    toml = """
[demand.person]
rate = "24 per day"
[arrivals.s]
of = "person"
delay = { constant = "P10D" }
[tasks.work]
role = "none"
"""
    ran = run(tmp_path, ONE_TASK, toml, head=HEAD.replace("P28D", "P2D") + 'follow_up = "P1D"\n')
    missed = [row for row in ran.replication.rows if row.kind is RowKind.MISSED]
    assert len(missed) > 20
    assert {row.tick for row in missed} == {3 * DAY}
    assert all((row.demand or 0) < 2 * DAY for row in missed)
