"""Worked examples of messages between pools, and to and from black boxes."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.results.trace import RowKind
from tests.simulation.drawn import Ran, arrivals, at, run

PLATFORM = """
pool City
start s
throw ask
event g
catch answer
catch late timer=P10D
end e
end f
s > ask > g
g > answer > e
g > late > f
box platform
asked: ask ~ platform
told: platform ~ answer
"""


def _platform(tmp_path: Path, toml: str, model: str = PLATFORM) -> Ran:
    return run(tmp_path, model, arrivals(tmp_path, "mon 09:00") + toml)


def test_a_black_box_answers_after_its_response(tmp_path: Path):
    ran = _platform(tmp_path, '[black_boxes.platform]\nresponse = { constant = "P3D" }\n')
    assert ran.ticks(RowKind.FIRED, "answer") == ran.ticks(RowKind.ENDED) == [at("thu 09:00")]


def test_one_that_does_not_answer_leaves_the_timer(tmp_path: Path):
    ran = _platform(tmp_path, '[black_boxes.platform]\nresponse = { constant = "P3D" }\nanswers = 0.0\n')
    assert ran.ticks(RowKind.FIRED, "late") == ran.ticks(RowKind.ENDED) == [at("thu2 09:00")]


def test_an_answer_that_comes_too_late_is_not_received(tmp_path: Path):
    ran = _platform(tmp_path, '[black_boxes.platform]\nresponse = { constant = "P12D" }\n')
    assert ran.ticks(RowKind.FIRED, "late") == [at("thu2 09:00")]
    assert ran.ticks(RowKind.ENDED) == [at("sat2 09:00")]  # it was on its way to a catch
    assert ran.replication.unreceived == {"told": 1}


def test_a_black_box_of_which_nothing_is_said_is_undefined(tmp_path: Path):
    ran = _platform(tmp_path, "")
    assert ran.ticks(RowKind.FIRED, "late") == [at("thu2 09:00")]
    assert "platform" in ran.plan.facts.undefined


def test_unlimited_it_answers_at_once(tmp_path: Path):
    ran = _platform(tmp_path, '[undefined_roles]\npolicy = "unlimited"\n')
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:00")]


def test_a_lost_message_is_gone_and_only_the_timer_notices(tmp_path: Path):
    toml = '[black_boxes.platform]\nresponse = { constant = "P3D" }\n[handoffs.asked]\nlost = 1.0\n'
    ran = _platform(tmp_path, toml)
    assert (ran.ticks(RowKind.LOST, "asked"), ran.ticks(RowKind.RECEIVED)) == ([at("mon 09:00")], [])
    assert ran.ticks(RowKind.FIRED, "late") == [at("thu2 09:00")]


def test_a_declined_one_goes_where_the_sender_hears_of_it(tmp_path: Path):
    model = PLATFORM.replace("catch late timer=P10D", "catch late message")
    toml = '[black_boxes.platform]\nresponse = { constant = "P3D" }\n'
    toml += '[handoffs.asked]\ndeclined = 1.0\ndeclines_to = "late"\n'
    ran = _platform(tmp_path, toml, model)
    assert ran.ticks(RowKind.FIRED, "late") == ran.ticks(RowKind.ENDED) == [at("mon 09:00")]


def test_a_delayed_one_arrives_later(tmp_path: Path):
    toml = '[black_boxes.platform]\nresponse = { constant = "P3D" }\n[handoffs.asked]\ndelay = { constant = "P1D" }\n'
    ran = _platform(tmp_path, toml)
    assert ran.ticks(RowKind.RECEIVED, "platform") == [at("tue 09:00")]
    assert ran.ticks(RowKind.FIRED, "answer") == [at("fri 09:00")]


def test_a_case_ends_when_the_last_answer_it_waits_for_gets_lost(tmp_path: Path):
    model = """
    pool City
    start s
    throw ask
    catch wait timer=PT1H
    end e
    start other
    catch answer
    end f
    s > ask > wait > e
    other > answer > f
    box platform
    asked: ask ~ platform
    told: platform ~ answer
    """
    toml = '[black_boxes.platform]\nresponse = { constant = "P3D" }\n[handoffs.told]\nlost = 1.0\n'
    ran = _platform(tmp_path, toml, model)
    assert ran.ticks(RowKind.ENDED) == [at("thu 09:00")]


REPLIES = PLATFORM.replace("catch late timer=P10D", "catch late message").replace(
    "told: platform ~ answer", "told: platform ~ answer\nrefused: platform ~ late"
)


def test_which_of_several_flows_answers_has_to_be_said(tmp_path: Path):
    with pytest.raises(InputError, match="Say it in `replies`"):
        _platform(tmp_path, '[black_boxes.platform]\nresponse = { constant = "P3D" }\n', REPLIES)


def test_replies_are_drawn_by_their_weights(tmp_path: Path):
    toml = (
        arrivals(tmp_path, *["mon 09:00"] * 300)
        + """
    [black_boxes.platform]
    response = { constant = "P3D" }
    replies = { asked = { told = 3, refused = 1 } }
    """
    )
    ran = run(tmp_path, REPLIES, toml)
    assert 190 < len(ran.ticks(RowKind.FIRED, "answer")) < 260
    assert len(ran.ticks(RowKind.FIRED, "answer")) + len(ran.ticks(RowKind.FIRED, "late")) == 300


TWO_POOLS = """
pool Desk
start s
throw call
user wait
catch back
end e
s > call > wait > back > e
pool Field
start called
user visit
throw report
end e2
called > visit > report > e2
m1: call ~ called
m2: report ~ back
"""


def _two(tmp_path: Path, wait: str, visit: str) -> Ran:
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + f"""
    [roles.desk]
    count = 1
    [roles.field]
    count = 1
    [tasks.wait]
    duration = {{ constant = "{wait}" }}
    [tasks.visit]
    duration = {{ constant = "{visit}" }}
    """
    )
    return run(tmp_path, TWO_POOLS, toml)


def test_a_message_starts_another_process_of_the_same_case(tmp_path: Path):
    ran = _two(tmp_path, "PT1H", "PT2H")
    assert (ran.one("visit").case, ran.one("visit").start) == ("s/0/0", at("mon 09:00"))
    assert ran.ticks(RowKind.ENDED) == [at("mon 11:00")]


def test_a_message_that_comes_before_its_catch_waits_is_kept(tmp_path: Path):
    ran = _two(tmp_path, "PT5H", "PT2H")
    assert ran.ticks(RowKind.SENT, "report") == [at("mon 11:00")]
    assert ran.ticks(RowKind.RECEIVED, "back") == [at("mon 14:00")]
    assert ran.replication.unreceived == {}


def test_of_two_kept_messages_the_older_is_taken(tmp_path: Path):
    model = """
    pool Desk
    start s
    and f
    throw z
    throw a
    catch c
    catch d timer=PT5H
    end e
    end e1
    end e2
    s > f
    f > p
    f > d
    service p
    p > z > e1
    service q
    f > q > a > e2
    d > c > e
    pool Other
    start s2
    throw z2
    end e3
    s2 > z2 > e3
    start s4
    throw a2
    end e4
    s4 > a2 > e4
    to_z: z ~ s2
    to_a: a ~ s4
    b_later: a2 ~ c
    z_first: z2 ~ c
    """
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + '[tasks.p]\nduration = { constant = "PT1H" }\n[tasks.q]\nduration = { constant = "PT2H" }\n'
    )
    ran = run(tmp_path, model, toml)
    (received,) = [row for row in ran.rows if row.kind is RowKind.RECEIVED and row.element == "c"]
    assert received.flows == ("z_first",)
    assert ran.replication.unreceived == {"b_later": 1}


def test_the_catch_that_waits_longest_gets_the_message(tmp_path: Path):
    model = """
    pool Desk
    start s
    throw call
    sub each mi=2 {
    start s1
    catch c
    end e1
    s1 > c > e1
    }
    end e
    s > call > each > e
    pool Field
    start called
    service visit
    throw report
    end e2
    called > visit > report > e2
    m1: call ~ called
    m2: report ~ c
    """
    toml = arrivals(tmp_path, "mon 09:00") + '[tasks.visit]\nduration = { constant = "PT1H" }\n'
    ran = run(tmp_path, model, toml)
    assert [row.path for row in ran.rows if row.kind is RowKind.RECEIVED and row.element == "c"] == ["each[0]@0"]
    assert ran.replication.stuck == {"s/0/0": ("c",)}


def test_a_receive_task_waits_and_a_message_boundary_event_interrupts(tmp_path: Path):
    model = TWO_POOLS.replace("catch back", "receive back").replace(
        "user wait", "user wait\nboundary stop on=wait\nend s9"
    )
    model = (
        model.replace("m2: report ~ back", "m2: report ~ stop")
        .replace("s > call > wait > back > e", "s > call > wait > e\nstop > s9")
        .replace("receive back\n", "")
    )
    toml = (
        arrivals(tmp_path, "mon 09:00")
        + """
    [roles.desk]
    count = 1
    [roles.field]
    count = 1
    [tasks.wait]
    duration = { constant = "PT5H" }
    [tasks.visit]
    duration = { constant = "PT2H" }
    """
    )
    assert run(tmp_path, model, toml).one("wait").end == at("mon 11:00")
