"""Worked examples of tokens in time: gateways, loops, interruption, handoffs over sequence flows, and what stops a
case.
"""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError, NotSimulated, RunError
from bpmn_tool.results.trace import RowKind
from bpmn_tool.results.work_items import Outcome
from tests.simulation.drawn import Ran, arrivals, at, run

FORK = """
lane Agent
start s
and fork
user a
user b
and join
user after
end e
s > fork
fork > a > join
fork > b > join
join > after > e
"""


def _agents(*tasks: str, count: int = 1, time: str = "PT10M") -> str:
    toml = f"[roles.agent]\ncount = {count}\n"
    return toml + "".join(f'[tasks.{task}]\nduration = {{ constant = "{time}" }}\n' for task in tasks)


def test_a_parallel_join_waits_for_all(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00") + _agents("a", "b", "after")
    ran = run(tmp_path, FORK, toml)
    assert (ran.one("a").end, ran.one("b").end, ran.one("after").start) == (
        at("mon 09:10"),
        at("mon 09:20"),
        at("mon 09:20"),
    )


OR = """
lane Agent
start s
or split
user a
user b
user c
or join
end e
s > split
split > a as to_a if x > 0
split > b as to_b if x > 1
split > c as to_c default
a > join
b > join
c > join
join > e
"""


@pytest.mark.parametrize(("x", "done"), [(0, {"c"}), (1, {"a"}), (2, {"a", "b"})])
def test_an_inclusive_join_waits_for_what_was_begun(tmp_path: Path, x: int, done: set[str]):
    ran = run(tmp_path, OR, arrivals(tmp_path, "mon 09:00", x=[x]) + _agents("a", "b", "c"))
    assert {item.element for item in ran.items} == done
    assert ran.ticks(RowKind.FIRED, "join") == [at("mon 09:10") if x < 2 else at("mon 09:20")]


def test_an_inclusive_split_draws_each_flow_on_its_own(tmp_path: Path):
    toml = (
        arrivals(tmp_path, *["mon 09:00"] * 400)
        + _agents("a", "b", "c", count=900)
        + "[flows]\nto_a = 0.5\nto_b = 0.5\n"
    )
    ran = run(tmp_path, OR, toml)
    assert 160 < len(ran.of("a")) < 240
    assert 60 < len(ran.of("c")) < 140  # neither: the default
    both = {item.case for item in ran.of("a")} & {item.case for item in ran.of("b")}
    assert 60 < len(both) < 140


def test_probabilities_are_laid_on_the_unit_interval_in_the_order_of_ids(tmp_path: Path):
    """The oracle draws each of these again."""
    model = "start s\nxor g\nend e\nend f\nend h\ns > g\ng > e as z\ng > f as m\ng > h as b\n"
    ran = run(tmp_path, model, arrivals(tmp_path, *["mon 09:00"] * 500) + "[flows]\nz = 0.2\nb = 0.5\n")
    taken = [row.flows[0] for row in ran.rows if row.element == "g"]
    assert [200 < taken.count("b") < 300, 60 < taken.count("z") < 140, 100 < taken.count("m") < 200] == [True] * 3


def test_conditions_are_tested_in_the_order_of_the_file(tmp_path: Path):
    model = "start s\nxor g\nend e\nend f\ns > g\ng > e as z if x > 0\ng > f as a if x > 1\n"
    ran = run(tmp_path, model, arrivals(tmp_path, "mon 09:00", x=[2]))
    assert [row.flows for row in ran.rows if row.element == "g"] == [("z",)]


def test_a_decision_without_a_way_out_stops_the_case(tmp_path: Path):
    model = "start s\nxor g\nend e\nend f\ns > g\ng > e if x > 0\ng > f if x > 1\n"
    ran = run(tmp_path, model, arrivals(tmp_path, "mon 09:00", "mon 10:00", x=[0, 1]))
    assert ran.ticks(RowKind.FAILED, "g") == [at("mon 09:00")]
    assert ran.ticks(RowKind.ENDED) == [at("mon 10:00")]


# -- several instances

MANY = "lane Agent\nstart s\nuser a mi=3{more}\nuser after\nend e\ns > a > after > e\n"


def _many(tmp_path: Path, more: str = "", count: int = 1) -> Ran:
    toml = arrivals(tmp_path, "mon 09:00") + _agents("a", "after", count=count)
    return run(tmp_path, MANY.format(more=more), toml)


def test_parallel_instances_are_enabled_at_once_and_in_order(tmp_path: Path):
    ran = _many(tmp_path)
    assert [(i.path, i.enabled, i.start) for i in ran.of("a")] == [
        (f"a[{n}]@0", at("mon 09:00"), at(f"mon 09:{n}0")) for n in range(3)
    ]
    assert ran.one("after").start == at("mon 09:30")


def test_sequential_instances_follow_each_other(tmp_path: Path):
    ran = _many(tmp_path, " sequential", count=3)
    assert [i.enabled for i in ran.of("a")] == [at("mon 09:00"), at("mon 09:10"), at("mon 09:20")]
    assert ran.one("after").start == at("mon 09:30")


def test_what_is_left_when_enough_are_done_is_interrupted(tmp_path: Path):
    model = """
    lane Agent
    start s
    sub each mi=3 until="n > 1" {
    start s1
    user a
    script count do="n = n + 1"
    end e1
    s1 > a > count > e1
    }
    end e
    s > each > e
    """
    toml = arrivals(tmp_path, "mon 09:00", n=[0]) + _agents("a", count=1)
    ran = run(tmp_path, model, toml)
    assert [i.outcome for i in ran.of("a")] == [Outcome.COMPLETED, Outcome.COMPLETED, Outcome.INTERRUPTED]
    assert ran.of("a")[2].processing == 0  # begun in the tick in which the others turned out to be enough
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:20")]


@pytest.mark.parametrize("word", ["", " sequential"])
def test_no_instances_complete_at_once(tmp_path: Path, word: str):
    toml = arrivals(tmp_path, "mon 09:00") + _agents("a", "after").replace("[tasks.a]", "[tasks.a]\ninstances = 0")
    ran = run(tmp_path, MANY.format(more=word), toml)
    assert (ran.of("a"), ran.one("after").start) == ([], at("mon 09:00"))


def test_the_number_of_instances_may_depend_on_the_case(tmp_path: Path):
    model = MANY.replace("mi=3", "mi=n").format(more="")
    ran = run(tmp_path, model, arrivals(tmp_path, "mon 09:00", "tue 09:00", n=[2, 1]) + _agents("a", "after"))
    assert [i.case for i in ran.of("a")] == ["s/0/0", "s/0/0", "s/1/0"]


# -- loops


def test_a_loop_goes_on_while_its_condition_holds(tmp_path: Path):
    model = 'lane Agent\nstart s\nsub again loop="n < 3" {\nstart s1\nuser a\nscript c do="n = n + 1"\nend e1\n'
    model += "s1 > a > c > e1\n}\nend e\ns > again > e\n"
    ran = run(tmp_path, model, arrivals(tmp_path, "mon 09:00", n=[0]) + _agents("a"))
    assert [i.visit for i in ran.of("a")] == [0, 1, 2]
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:30")]


@pytest.mark.parametrize(
    ("said", "runs"), [("loop=yes", 2), ("loop=yes before", 2), ('loop="x > 5" before', 0), ('loop="x < 5" max=4', 4)]
)
def test_how_often_a_loop_runs(tmp_path: Path, said: str, runs: int):
    repeat = "repeat = 2" if "yes" in said else ""
    toml = arrivals(tmp_path, "mon 09:00", x=[1]) + _agents("a").replace("[tasks.a]", f"[tasks.a]\n{repeat}")
    ran = run(tmp_path, f"lane Agent\nstart s\nuser a {said}\nend e\ns > a > e\n", toml)
    assert len(ran.of("a")) == runs


def test_tested_before_a_count_of_none_is_no_run(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00") + _agents("a").replace("[tasks.a]", "[tasks.a]\nrepeat = 0")
    ran = run(tmp_path, "lane Agent\nstart s\nuser a loop=yes before\nend e\ns > a > e\n", toml)
    assert (ran.of("a"), ran.ticks(RowKind.ENDED)) == ([], [at("mon 09:00")])


def test_a_loop_in_zero_time_is_an_error_that_names_it(tmp_path: Path):
    model = "start s\nxor again\nservice round\nend e\nxor g\n"
    model += "s > again > round > g\ng > again as back if x > 0\ng > e default\n"
    with pytest.raises(RunError, match=r"goes round in zero time through .*round"):
        run(tmp_path, model, arrivals(tmp_path, "mon 09:00", x=[1]))


# -- what takes away

NESTED = """
lane Agent
start s
sub part {
start s1
and fork
user a
user b
end e1
end e2
s1 > fork
fork > a > e1
fork > b > e2
}
boundary late on=part timer=PT15M
end e
user after
end f
s > part > e
late > after > f
"""


def test_a_boundary_event_takes_away_all_that_is_inside(tmp_path: Path):
    ran = run(tmp_path, NESTED, arrivals(tmp_path, "mon 09:00") + _agents("a", "b", "after"))
    assert [(i.element, i.outcome) for i in ran.items] == [
        ("a", Outcome.COMPLETED),
        ("b", Outcome.INTERRUPTED),
        ("after", Outcome.COMPLETED),
    ]
    assert (ran.one("b").end, ran.one("after").end) == (at("mon 09:15"), at("mon 09:25"))


def test_terminate_ends_its_process_at_once(tmp_path: Path):
    model = (
        FORK.replace("end e", "terminate e")
        .replace("a > join", "a > e")
        .replace("join > after > e", "join > after > x\nend x")
    )
    model = model.replace("fork > a > join", "fork > a > e")
    toml = arrivals(tmp_path, "mon 09:00") + _agents("a", "b", "after", count=2).replace(
        '[tasks.b]\nduration = { constant = "PT10M" }', '[tasks.b]\nduration = { constant = "PT1H" }'
    )
    ran = run(tmp_path, model, toml)
    assert (ran.one("b").outcome, ran.ticks(RowKind.ENDED)) == (Outcome.INTERRUPTED, [at("mon 09:10")])


def test_timers_add_days_on_the_local_calendar(tmp_path: Path):
    """From the Saturday before clocks go forward, a day later is the same time of day, 23 hours on; 24 hours are 24
    hours.
    """
    for timer, hours in (("P1D", 23), ("PT24H", 24)):
        model = f"start s\ncatch c timer={timer}\nend e\ns > c > e\n"
        ran = run(tmp_path / timer, model, arrivals(tmp_path / timer, "sat12 12:00"), head=_year())
        (begin,), (end,) = ran.ticks(RowKind.ENABLED, "c"), ran.ticks(RowKind.FIRED, "c")
        assert (end - begin) // 3_600_000_000 == hours


def _year() -> str:
    from tests.simulation.drawn import HEAD

    return HEAD.replace("P28D", "P1Y")


def test_a_date_that_is_over_fires_at_once(tmp_path: Path):
    model = "start s\ncatch c date=2026-01-06T12:00:00\nend e\ns > c > e\n"
    ran = run(tmp_path, model, arrivals(tmp_path, "mon 09:00", "wed 09:00"))
    assert ran.ticks(RowKind.FIRED, "c") == [at("tue 12:00"), at("wed 09:00")]


# -- handoffs over sequence flows

HANDOFF = """
[handoffs.a_join]
{what}
"""


def test_a_delayed_token_is_not_at_the_join_yet(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + _agents("a", "b", "after", count=2)
        + HANDOFF.format(what='delay = { constant = "PT2H" }')
    )
    ran = run(tmp_path, FORK, toml)
    assert ran.one("after").enabled == at("mon 11:10")


def test_a_delayed_token_is_waited_for_by_an_inclusive_join_too(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00", x=[2])
        + _agents("a", "b", "c", count=2)
        + HANDOFF.format(what='delay = { constant = "PT2H" }')
    )
    assert run(tmp_path, OR, toml).ticks(RowKind.FIRED, "join") == [at("mon 11:10")]


def test_a_lost_token_rests_where_it_is_and_the_case_is_stuck(tmp_path: Path):
    toml = arrivals(tmp_path, "mon 09:00") + _agents("a", "b", "after", count=2) + HANDOFF.format(what="lost = 1.0")
    ran = run(tmp_path, FORK, toml)
    assert ran.replication.stuck == {"s/0/0": ("a_join", "b_join")}
    assert ran.of("after") == []


def test_a_declined_token_goes_on_elsewhere_at_once(tmp_path: Path):
    model = (
        "lane Agent\nstart s\nuser a\nxor g\nuser b\nend e\ns > a > b > e\nuser back\nend f\ns2 > back > f\nstart s2\n"
    )
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + _agents("a", "b", "back")
        + '[handoffs.a_b]\ndeclined = 1.0\ndeclines_to = "s2_back"\n'
    )
    model = model.replace("xor g\n", "")
    ran = run(tmp_path, model, toml)
    assert ran.ticks(RowKind.DECLINED, "a_b") == [at("mon 09:10")]
    assert (ran.of("b"), ran.one("back").end) == ([], at("mon 09:20"))


def test_a_token_on_its_way_is_taken_away_with_its_scope(tmp_path: Path):
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + _agents("a", "b", "after", count=2)
        + '[handoffs.a_e1]\ndelay = { constant = "P2D" }\n'
    )
    ran = run(tmp_path, NESTED, toml)
    assert ran.ticks(RowKind.WITHDRAWN, "a_e1") == [at("mon 09:15")]
    assert ran.replication.stuck == {}


# -- refused before the run


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[flows]\nto_a = 0.7\n", "to_b"),  # an inclusive split: which of the others?
        ("[flows]\na_join = 0.7\n", "nothing is decided"),
        ('[events.e]\nafter = "P1D"\n', "neither a catching"),
    ],
)
def test_what_would_be_passed_over_is_refused(tmp_path: Path, toml: str, said: str):
    with pytest.raises(InputError, match=said):
        run(tmp_path, OR, arrivals(tmp_path, "mon 09:00", x=[1]) + _agents("a", "b", "c") + toml)


def test_probabilities_that_do_not_sum_to_one_are_refused(tmp_path: Path):
    model = "start s\nxor g\nend e\nend f\ns > g\ng > e as a\ng > f as b\n"
    with pytest.raises(InputError, match=r"sum to 0\.9"):
        run(tmp_path, model, arrivals(tmp_path, "mon 09:00") + "[flows]\na = 0.4\nb = 0.5\n")


def test_a_decision_about_which_nothing_is_said_is_refused(tmp_path: Path):
    model = "start s\nxor g\nend e\nend f\ns > g\ng > e as a\ng > f as b\n"
    with pytest.raises(InputError, match="neither condition nor probability"):
        run(tmp_path, model, arrivals(tmp_path, "mon 09:00"))


def test_what_has_no_semantics_here_is_refused_by_name(tmp_path: Path):
    xml = "start s\nuser a\nend e\ns > a > e\n"
    from tests.simulation.drawn import bpmn

    model = bpmn(xml).replace('<userTask id="a"', '<userTask startQuantity="0" id="a"')
    with pytest.raises(NotSimulated, match=r"'a' \(a\)"):
        run(tmp_path, model, arrivals(tmp_path, "mon 09:00"))
