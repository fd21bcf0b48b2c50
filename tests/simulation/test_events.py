"""Worked examples, to the tick, of what is thrown and caught in time, of scopes, quantities and complex gateways."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.results.identities import violations
from bpmn_tool.results.projections import handoffs
from bpmn_tool.results.trace import RowKind
from bpmn_tool.results.work_items import Outcome
from tests.simulation.drawn import Ran, arrivals, at, run


def _ran(folder: Path, model: str, *tasks: str, more: str = "", count: int = 9) -> Ran:
    """Each task takes ten minutes; one case comes on Monday at nine."""
    toml = arrivals(folder, "mon 09:00") + f"[roles.agent]\ncount = {count}\n"
    toml += "".join(f'[tasks.{task}]\nduration = {{ constant = "PT10M" }}\n' for task in tasks)
    ran = run(folder, "lane Agent\n" + model, toml + more)
    assert list(violations(ran.replication, ran.plan.facts)) == []
    return ran


def _ends(ran: Ran, *elements: str) -> list[int]:
    return [ran.one(element).end or -1 for element in elements]


def test_an_error_leaves_its_sub_process_at_once_and_interrupts_what_is_under_way(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        sub S {
        start i
        and f
        user quick
        user slow loop max=3
        end wrong error=bad
        }
        boundary b on=S error=bad
        user repair
        end e
        s > S > e
        i > f > quick > wrong
        f > slow
        b > repair
        """,
        "quick", "slow", "repair",
    )  # fmt: skip
    assert _ends(ran, "quick", "repair") == [at("mon 09:10"), at("mon 09:20")]
    assert [each.outcome for each in ran.of("slow")] == [Outcome.COMPLETED, Outcome.WITHDRAWN]
    assert ran.ticks(RowKind.FIRED, "b") == [at("mon 09:10")]
    assert ran.one("repair").predecessors == ("s/0/0/quick//0",)


def test_an_error_that_nobody_catches_fails_the_case(tmp_path: Path):
    ran = _ran(tmp_path, "start s\nuser a\nend wrong error=bad\ns > a > wrong", "a")
    assert ran.ticks(RowKind.FAILED) == [at("mon 09:10")]
    assert ran.ticks(RowKind.ENDED) == []


def test_an_escalation_starts_something_beside_the_work_that_goes_on(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        sub S {
        start i
        user a
        throw up escalation=late
        user b
        }
        boundary x on=S escalation=late alongside
        user chief
        end e
        s > S > e
        i > a > up > b
        x > chief
        """,
        "a", "b", "chief",
    )  # fmt: skip
    assert _ends(ran, "a", "b", "chief") == [at("mon 09:10"), at("mon 09:20"), at("mon 09:20")]


def test_a_signal_reaches_all_that_wait_in_the_case_and_begins_a_process(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        pool One
        lane Agent
        start s
        user a
        throw go signal=g
        end e
        pool Two
        lane Agent
        start t signal=g
        user b
        end f
        s > a > go > e
        t > b > f
        """,
        "a", "b",
    )  # fmt: skip
    assert _ends(ran, "a", "b") == [at("mon 09:10"), at("mon 09:20")]
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:20")]


def test_a_condition_occurs_when_a_script_makes_it_true(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        and f
        user a
        script set do="level = 3"
        catch c condition="level > 2"
        user b
        and j
        end e
        s > f > a > set > j > e
        f > c > b > j
        """,
        "a", "b",
        more="[attributes]\nlevel = { constant = 1 }\n",
    )  # fmt: skip
    assert ran.ticks(RowKind.FIRED, "c") == [at("mon 09:10")]
    assert _ends(ran, "b") == [at("mon 09:20")]


def test_a_recurring_timer_occurs_as_often_as_it_says_while_the_work_lasts(tmp_path: Path):
    model = """
        start s
        user a
        boundary b on=a cycle=R{}/PT3M alongside
        service note
        end e
        s > a > e
        b > note
        """
    assert _ran(tmp_path, model.format(2), "a").ticks(RowKind.FIRED, "b") == [at("mon 09:03"), at("mon 09:06")]
    endless = _ran(tmp_path, model.format(""), "a").ticks(RowKind.FIRED, "b")
    assert endless == [at("mon 09:03"), at("mon 09:06"), at("mon 09:09")]


def test_an_event_sub_process_takes_the_place_of_all_in_its_process(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        user a loop max=5
        end e
        esub S {
        start i timer=PT15M
        user last
        }
        s > a > e
        i > last
        """,
        "a", "last",
    )  # fmt: skip
    assert [each.outcome for each in ran.of("a")] == [Outcome.COMPLETED, Outcome.INTERRUPTED]
    assert _ends(ran, "last") == [at("mon 09:25")]
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:25")]


def test_an_event_sub_process_may_run_beside(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        user a
        end e
        esub S {
        start i timer=PT5M alongside
        user extra
        }
        s > a > e
        i > extra
        """,
        "a", "extra",
    )  # fmt: skip
    assert _ends(ran, "a", "extra") == [at("mon 09:10"), at("mon 09:15")]
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:15")]


CALLS = """
    start s
    call c of=Gate
    call d of=Gate
    end e
    s > c > d > e
    process Gate
    lane Agent
    start t
    user ask
    end u
    t > ask > u
    """


def test_a_called_process_runs_inside_its_call_each_time_by_itself(tmp_path: Path):
    ran = _ran(tmp_path, CALLS, "ask")
    assert [(each.id, each.end) for each in ran.of("ask")] == [
        ("s/0/0/ask/c[0]@0/0", at("mon 09:10")),
        ("s/0/0/ask/d[0]@0/0", at("mon 09:20")),
    ]


def test_luck_in_a_called_process_depends_on_the_call(tmp_path: Path):
    toml = '[tasks.ask]\nduration = { exponential = "PT10M" }\n'
    ran = _ran(tmp_path, CALLS, more=toml)
    first, second = ran.of("ask")
    assert first.processing != second.processing


def test_compensation_undoes_the_last_first(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        user a
        user b
        throw back compensate
        user after
        end e
        handler undo_a for=a
        handler undo_b for=b
        s > a > b > back > after > e
        """,
        "a", "b", "undo_a", "undo_b", "after",
    )  # fmt: skip
    assert _ends(ran, "b", "undo_b", "undo_a", "after") == [
        at("mon 09:20"), at("mon 09:30"), at("mon 09:40"), at("mon 09:50")
    ]  # fmt: skip


def test_a_cancelled_transaction_undoes_what_was_done_and_leaves_by_its_cancel_event(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        transaction T {
        start i
        user pay
        handler refund for=pay
        xor x
        end fine
        end stop cancel
        }
        boundary b on=T cancel
        user sorry
        end e
        s > T > e
        i > pay > x
        x > fine as f if ok > 0
        x > stop as g default
        b > sorry
        """,
        "pay", "refund", "sorry",
        more="[attributes]\nok = { constant = 0 }\n",
    )  # fmt: skip
    assert _ends(ran, "pay", "refund", "sorry") == [at("mon 09:10"), at("mon 09:20"), at("mon 09:30")]


def test_ad_hoc_work_is_done_one_by_one_until_its_condition_holds(tmp_path: Path):
    model = """
        start s
        adhoc A {} {{
        user a
        script b do="n = 1"
        user c
        }}
        user after
        end e
        s > A > after > e
        """
    more = "[attributes]\nn = {{ constant = 0 }}\n".replace("{{", "{").replace("}}", "}")
    one_by_one = _ran(tmp_path, model.format("sequential"), "a", "c", "after", more=more)
    assert _ends(one_by_one, "a", "c", "after") == [at("mon 09:10"), at("mon 09:20"), at("mon 09:30")]
    together = _ran(tmp_path, model.format(""), "a", "c", "after", more=more)
    assert _ends(together, "a", "c", "after") == [at("mon 09:10"), at("mon 09:10"), at("mon 09:20")]
    until = _ran(tmp_path, model.format('sequential until="n > 0"'), "a", "c", "after", more=more)
    assert until.of("c") == []
    assert _ends(until, "a", "after") == [at("mon 09:10"), at("mon 09:20")]


def test_a_complex_gateway_goes_on_with_two_of_three_and_waits_for_the_third_before_the_next(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        and f
        user a
        user b
        user c loop max=3
        complex g when="activationCount >= 2"
        user after
        end e
        s > f > a > g
        f > b > g
        f > c > g
        g > after > e
        """,
        "a", "b", "c", "after",
    )  # fmt: skip
    assert _ends(ran, "after") == [at("mon 09:20")]
    assert ran.ticks(RowKind.FIRED, "g") == [at("mon 09:10"), at("mon 09:30")]
    assert ran.ticks(RowKind.ENDED) == [at("mon 09:30")]


def test_quantities_gather_and_multiply_tokens(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        user a gives=3
        user b needs=3
        end e
        s > a > b > e
        """,
        "a", "b",
    )  # fmt: skip
    assert _ends(ran, "a", "b") == [at("mon 09:10"), at("mon 09:20")]


def test_links_take_no_time(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        user a
        throw away link=there
        catch here link=there
        user b
        end e
        s > a > away
        here > b > e
        """,
        "a", "b",
    )  # fmt: skip
    assert _ends(ran, "a", "b") == [at("mon 09:10"), at("mon 09:20")]
    assert ran.one("b").predecessors == ("s/0/0/a//0",)


def test_the_first_of_several_triggers_counts(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        and f
        user a
        throw go signal=g
        catch c signal=g timer=PT5M
        user b
        end e
        s > f > a > go > e
        f > c > b > e
        """,
        "a", "b",
    )  # fmt: skip
    assert _ends(ran, "a", "b") == [at("mon 09:10"), at("mon 09:15")]


def test_an_error_comes_before_a_timer_of_the_same_tick(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        sub S {
        start i
        user a
        end wrong error=bad
        }
        boundary b on=S error=bad
        boundary after on=S timer=PT10M
        end e
        s > S > e
        i > a > wrong
        b > e
        after > e
        """,
        "a",
    )  # fmt: skip
    assert (ran.ticks(RowKind.FIRED, "b"), ran.ticks(RowKind.FIRED, "after")) == ([at("mon 09:10")], [])


def test_what_is_due_in_one_tick_happens_by_kind(tmp_path: Path):
    """Completions, then an escalation, a signal, a condition and a timer, whatever their ids."""
    ran = _ran(
        tmp_path,
        """
        start s
        and f
        user a
        user b
        user c
        throw z_escalation escalation=x
        throw a_signal signal=y
        script k do="n = 1"
        catch x_condition condition="n > 0"
        catch a_timer timer=PT10M
        end e
        s > f
        f > a > e
        f > k > e
        f > b > z_escalation > e
        f > x_condition > e
        f > a_timer > e
        f > c > a_signal > e
        """,
        "a", "b", "c",
        more='[tasks.k]\nduration = "PT10M"\n[attributes]\nn = { constant = 0 }\n',
    )  # fmt: skip
    fired = [r.element for r in ran.rows if r.tick == at("mon 09:10") and r.element in (
        "a", "b", "c", "k", "z_escalation", "a_signal", "x_condition", "a_timer"
    ) and r.kind in (RowKind.COMPLETED, RowKind.FIRED)]  # fmt: skip
    assert fired == ["a", "b", "c", "k", "z_escalation", "a_signal", "x_condition", "a_timer"]


def test_a_condition_that_is_true_already_has_to_become_so_again(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        and f
        user a
        script up do="n = 2"
        user b
        script down do="n = 0"
        user d
        script again do="n = 3"
        catch x condition="n > 0"
        end e
        s > f > a > up > b > down > d > again > e
        f > x > e
        """,
        "a", "b", "d",
        more="[attributes]\nn = { constant = 1 }\n",
    )  # fmt: skip
    assert ran.ticks(RowKind.FIRED, "x") == [at("mon 09:30")]


TOGETHER = """
    start s
    and f
    user a
    throw go signal=g
    catch c {} together
    user b
    end e
    s > f > a > go > e
    f > c > b > e
    """


@pytest.mark.parametrize(("minutes", "goes_on"), [(5, "mon 09:10"), (30, "mon 09:30")])
def test_several_triggers_together_have_to_come_all(tmp_path: Path, minutes: int, goes_on: str):
    ran = _ran(tmp_path, TOGETHER.format(f"signal=g timer=PT{minutes}M"), "a", "b")
    assert ran.ticks(RowKind.FIRED, "c") == [at(goes_on)]


def test_a_message_is_one_of_several_that_have_to_come_and_is_taken_once(tmp_path: Path):
    model = """
    pool One
    lane Agent
    start s
    and f
    throw one
    throw two
    catch c message timer=PT20M together
    user b
    end e
    s > f > one > two > e
    f > c > b > e
    pool Two
    start t
    start v
    throw answer
    end u
    t > answer > u
    v > answer
    m1: one ~ t
    m2: two ~ v
    m3: answer ~ c
    """
    ran = _ran(tmp_path, model, "b")
    assert (ran.ticks(RowKind.RECEIVED, "c"), ran.one("b").enabled) == ([at("mon 09:00")], at("mon 09:20"))
    assert ran.replication.unreceived == {"m3": 1}


# -- what nothing sets off


@pytest.mark.parametrize("more", ["signal=nobody", "message", "signal=nobody timer=PT1H together"])
def test_a_catch_that_nothing_sets_off_is_an_open_question(tmp_path: Path, more: str):
    with pytest.raises(InputError, match=r'\[events\.c\] after = "P1D"'):
        _ran(tmp_path, f"start s\ncatch c {more}\nend e\ns > c > e")


def test_answered_by_the_scenario_it_waits_so_long(tmp_path: Path):
    ran = _ran(tmp_path, "start s\ncatch c message\nend e\ns > c > e", more='[events.c]\nafter = "PT2H"\n')
    assert ran.ticks(RowKind.FIRED, "c") == [at("mon 11:00")]


def test_an_event_that_never_occurs_at_the_border_or_behind_a_gateway_is_warned_of(tmp_path: Path):
    model = """
    start s
    user a
    boundary b on=a message
    event g
    catch c signal=nobody
    catch d timer=PT1H
    end e
    s > a > g
    g > c > e
    g > d > e
    b > e
    """
    warnings = [text for text in _ran(tmp_path, model, "a").plan.warnings if "never occurs" in text]
    assert [text.split(":")[0] for text in warnings] == ["events.b", "events.c"]


def test_what_comes_from_outside_comes_once_where_it_does_not_interrupt(tmp_path: Path):
    model = "start s\nuser a loop max=3\nboundary b on=a escalation=x alongside\nend e\ns > a > e\nb > e"
    ran = _ran(tmp_path, model, "a", more='[events.b]\nafter = "PT4M"\n')
    assert ran.ticks(RowKind.FIRED, "b") == [at("mon 09:04")]


def test_the_condition_of_ad_hoc_work_is_asked_after_all_instances_of_one_activity(tmp_path: Path):
    ran = _ran(
        tmp_path,
        """
        start s
        adhoc A until="n > 2" {
        script b do="n = n + 1" mi=3
        user c
        }
        user after
        end e
        s > A > after > e
        """,
        "c", "after",
        more="[attributes]\nn = { constant = 0 }\n",
    )  # fmt: skip
    assert ran.one("c").outcome is Outcome.INTERRUPTED
    assert _ends(ran, "after") == [at("mon 09:10")]


def test_a_handoff_is_accepted_at_an_end_event_that_throws(tmp_path: Path):
    model = "start s\nuser a\nend up escalation=nobody\ns > a > up"
    ran = _ran(tmp_path, model, "a", more="[handoffs.a_up]\n")
    assert [(each.flow, each.outcome.value) for each in handoffs(ran.replication, ran.plan.facts)] == [
        ("a_up", "accepted")
    ]
