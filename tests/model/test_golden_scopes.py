"""Sub-processes, event sub-processes, calls and ad-hoc sub-processes: a small model and its whole trace, a rule of BPMN
2.0.2, 13.3.4, 13.3.5 and 13.5.4, each.
"""

import pytest

from bpmn_tool.model.elements import MultiInstance, NodeBase
from bpmn_tool.model.tokens import Step, StepKind
from tests.execution.drawing import (
    ad_hoc,
    boundary,
    by_event,
    call,
    catch,
    draw,
    end,
    exclusive,
    parallel,
    start,
    sub,
    throw,
    user,
)
from tests.model.playing import Play, golden

# -- embedded sub-processes, 13.3.4


def test_a_sub_process_with_a_start_event() -> None:
    """13.3.4: it begins at its start event, and completes when nothing is left in it."""
    model = draw(
        [start("s"), sub("S"), start("i", container="S"), user("a", container="S"), end("x", container="S"), end("e")],
        "s > S > e",
        "i > a > x",
    )
    golden(
        model,
        """
        begin s | fired              | ^s
        s       | fired s            | s-S
        S       | enabled S, fired   | S ^i
        i       | fired i            | S i-a
        a       | enabled a          | S a
        a       | completed a        | S a-x
        x       | fired x, drained S | S
        S       | completed S        | S-e
        e       | fired e, ended P   |
        """,
    )


def test_a_sub_process_without_a_start_event() -> None:
    """13.3.4: all that has no incoming flow begins."""
    model = draw([start("s"), sub("S"), user("a", container="S"), user("b", container="S"), end("e")], "s > S > e")
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-S
        S       | enabled S, fired       | S ^a ^b
        a       | enabled a              | S ^b a
        b       | enabled b              | S a b
        a       | completed a            | S b
        b       | completed b, drained S | S
        S       | completed S            | S-e
        """,
    )


def test_two_tokens_begin_two_instances_of_a_sub_process() -> None:
    """13.3.4: each token by itself; their tokens do not meet."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            sub("S"),
            user("a", container="S"),
            parallel("j", container="S"),
            user("b", container="S"),
        ],
        "s > p > S",
        "p > S",
        "a > j",
        "b > j",
    )
    golden(
        model,
        """
        begin s | fired                | ^s
        s       | fired s              | s-p
        p       | fired p              | p-S p-S'
        S       | enabled S, fired     | S ^a ^b p-S'
        a       | enabled a            | S ^b a p-S'
        a       | completed a          | S ^b a-j p-S'
        S       | enabled S/1, fired /1 | S S ^a ^b ^b a-j
        b       | enabled b            | S S ^a ^b a-j b
        b done  | completed b          | S S ^a ^b a-j b-j | a b j
        b       | enabled b/1          | S S ^a a-j b b-j
        b       | completed b/1        | S S ^a a-j b-j b-j | a j
        j       | fired j, drained S   | S S ^a b-j        | S a
        S       | completed S          | S ^a b-j          | a
        """,
    )


# -- event sub-processes, 13.5.4


def inside(on: str, *, interrupting: bool, container: str = "S") -> list[NodeBase]:
    return [
        by_event("H", container=container),
        start("h", container="H", on=on, is_interrupting=interrupting),
        user("r", container="H"),
    ]


@pytest.mark.parametrize("on", ["timer", "message", "conditional", "signal:S", "error:E", "escalation:X"])
def test_an_interrupting_event_sub_process_takes_the_place_of_what_goes_on(on: str) -> None:
    """13.5.4: the parent is interrupted, no new handler starts, and it ends with the handler."""
    model = draw(
        [start("s"), sub("S"), user("a", container="S"), *inside(on, interrupting=True), end("e")],
        "s > S > e",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                        | ^s
        s       | fired s                      | s-S
        S       | enabled S, fired, enabled h  | (h) S ^a
        a       | enabled a                    | (h) S a      | a h
        h       | withdrawn a, fired h, enabled H, fired | H S h-r | r
        r       | enabled r                    | H S r
        r       | completed r, drained H       | H S
        H       | completed H, drained S       | S
        S       | completed S                  | S-e
        e       | fired e, ended P             |
        """,
    )


@pytest.mark.parametrize("on", ["timer:R/PT1H", "message", "conditional", "signal:S", "escalation:X"])
def test_an_event_sub_process_that_does_not_interrupt_runs_beside_and_again(on: str) -> None:
    """13.5.4: there may be several instances at a time; the parent completes when they are done."""
    model = draw(
        [start("s"), sub("S"), user("a", container="S"), *inside(on, interrupting=False), end("e")],
        "s > S > e",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-S
        S       | enabled S, fired, enabled h | (h) S ^a
        a       | enabled a                   | (h) S a
        h       | enabled h/1, fired h, enabled H, fired | (h) H S a h-r
        r       | enabled r                   | (h) H S a r
        h       | enabled h/2, fired h/1, enabled H/1, fired /1 | (h) H H S a h-r r
        a       | completed a                 | (h) H H S h-r r
        r done  | completed r, drained H      | (h) H H S h-r
        H #0    | completed H                 | (h) H S h-r
        r       | enabled r/1                 | (h) H S r
        r       | completed r/1, drained H/1  | (h) H S
        H       | completed H/1, drained S    | (h) S       | S
        S       | withdrawn h/2, completed S  | S-e
        """,
    )


def test_a_timer_that_is_no_cycle_starts_its_event_sub_process_once() -> None:
    """10.5.5."""
    model = draw(
        [start("s"), sub("S"), user("a", container="S"), *inside("timer", interrupting=False)], "s > S", "h > r"
    )
    play = Play(model)
    play("s", "S", "a")
    assert play("h") == ["fired h", "enabled H", "fired"]
    assert play.held == "H S a h-r"


def test_no_event_sub_process_begins_when_its_scope_is_at_its_end() -> None:
    """13.5.4: in the state Completing no new event sub-process can be initiated."""
    model = draw(
        [start("s"), sub("S"), user("a", container="S"), *inside("message", interrupting=False)], "s > S", "h > r"
    )
    play = Play(model)
    play("s", "S", "a", "a")
    assert play.held == "(h) S"
    assert play.may == ["S"]
    scope = next(key[1] for key in play.marking if key[0] == "a" and key[2] == "h")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.COMPLETE, scope, "h", flows=("h-r",)))


def test_an_event_sub_process_of_a_process() -> None:
    """13.5.4: within the context of a sub-process or process."""
    model = draw([start("s"), user("a"), *inside("message", interrupting=True, container="P")], "s > a", "h > r")
    golden(
        model,
        """
        begin s | fired, enabled h             | (h) ^s
        s       | fired s                      | (h) s-a
        h       | vanished s-a, fired h, enabled H, fired | H h-r
        r       | enabled r                    | H r
        r       | completed r, drained H       | H
        H       | completed H, ended P         |
        """,
    )


def test_listeners_do_not_keep_a_process_open() -> None:
    """13.5.6: no token remains."""
    model = draw([start("s"), end("e"), *inside("message", interrupting=False, container="P")], "s > e", "h > r")
    golden(
        model,
        """
        begin s | fired, enabled h               | (h) ^s
        s       | fired s                        | (h) s-e
        e       | fired e, withdrawn h, ended P  |
        """,
    )


def test_an_interrupting_event_sub_process_takes_other_listeners_and_handlers_along() -> None:
    """13.5.4: only one interrupting handler may be initiated; no new ones start."""
    model = draw(
        [
            start("s"),
            sub("S"),
            user("a", container="S"),
            *inside("message", interrupting=True),
            by_event("K", container="S"),
            start("k", container="K", on="conditional", is_interrupting=False),
            user("q", container="K"),
        ],
        "s > S",
        "h > r",
        "k > q",
    )
    golden(
        model,
        """
        begin s | fired                                     | ^s
        s       | fired s                                   | s-S
        S       | enabled S, fired, enabled h, enabled k    | (h) (k) S ^a
        a       | enabled a                                 | (h) (k) S a
        k       | enabled k/1, fired k, enabled K, fired    | (h) (k) K S a k-q
        h       | withdrawn K, withdrawn a, withdrawn k/1, vanished k-q, fired h, enabled H, fired | H S h-r
        """,
    )


def test_an_event_sub_process_in_an_event_sub_process() -> None:
    """13.5.4: it listens while that one runs, and interrupts that one alone."""
    model = draw(
        [
            start("s"),
            user("a"),
            by_event("H"),
            start("h", container="H", on="message", is_interrupting=False),
            user("r", container="H"),
            by_event("K", container="H"),
            start("k", container="K", on="timer"),
            user("q", container="K"),
        ],
        "s > a",
        "h > r",
        "k > q",
    )
    golden(
        model,
        """
        begin s | fired, enabled h                                        | (h) ^s
        s       | fired s                                                 | (h) s-a
        a       | enabled a                                               | (h) a
        h       | enabled h/1, fired h, enabled H, fired, enabled k       | (h) (k) H a h-r
        k       | vanished h-r, fired k, enabled K, fired                 | (h) H K a k-q
        q       | enabled q                                               | (h) H K a q
        q       | completed q, drained K                                  | (h) H K a
        K       | completed K, drained H                                  | (h) H a
        H       | completed H                                             | (h) a
        a       | completed a, withdrawn h/1, ended P                     |
        """,
    )


def test_a_sub_process_that_is_interrupted_takes_its_listeners_along() -> None:
    """13.5.3."""
    model = draw(
        [
            start("s"),
            sub("S"),
            boundary("b", "S"),
            user("a", container="S"),
            *inside("timer", interrupting=True),
            user("z"),
        ],
        "s > S",
        "b > z",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                                  | ^s
        s       | fired s                                | s-S
        S       | enabled S, enabled b, fired, enabled h | (b) (h) S ^a
        a       | enabled a                              | (b) (h) S a     | a b h
        b       | withdrawn a, withdrawn h, withdrawn S, fired b | b-z    | z
        """,
    )


def test_each_instance_has_its_own_event_sub_process() -> None:
    """13.3.7, 13.5.4."""
    model = draw(
        [start("s"), sub("S", loop=MultiInstance()), user("a", container="S"), *inside("message", interrupting=True)],
        "s > S",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-S
        S x2    | enabled S*, enabled S, fired, enabled h, enabled S, fired, enabled h | (h) (h) S S S* ^a ^a
        h @1    | vanished ^a, fired h, enabled H, fired | (h) H S S S* ^a h-r
        """,
    )


def test_a_multiple_start_event_of_an_event_sub_process() -> None:
    """10.5.2: any of its triggers; with parallel multiple, all."""
    both = start("h", container="H", on="message timer", parallel_multiple=True)
    model = draw([start("s"), user("a"), by_event("H"), both, user("r", container="H")], "s > a", "h > r")
    golden(
        model,
        """
        begin s | fired, enabled h   | (h) ^s
        h !1    |                    | (h) ^s
        h !0    | vanished ^s, fired h, enabled H, fired | H h-r
        """,
    )


def test_an_escalation_to_an_interrupting_event_sub_process() -> None:
    """13.5.4: the parent enters Terminating until the handler is done."""
    model = draw(
        [
            start("s"),
            sub("S"),
            throw("t", container="S", on="escalation:X"),
            user("a", container="S"),
            *inside("escalation:X", interrupting=True),
        ],
        "s > S",
        "t > a",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-S
        S       | enabled S, fired, enabled h | (h) S ^t
        t       | enabled t                   | (h) S t       | t
        t       | completed t, vanished t-a, fired h, enabled H, fired | H S h-r
        """,
    )


def test_a_signal_from_an_event_sub_process_does_not_reach_what_it_interrupted() -> None:
    """10.5.1: only what waits."""
    model = draw(
        [
            start("s"),
            catch("c", on="signal:S"),
            user("a"),
            *inside("message", interrupting=True, container="P"),
            throw("t", container="H", on="signal:S"),
        ],
        "s > c > a",
        "h > t > r",
    )
    play = Play(model)
    play("s", "c", "h", "t")
    assert play("t") == ["completed t"]
    assert play.held == "H t-r"


# -- calls, 13.3.4


def test_a_call_runs_its_process_and_goes_on() -> None:
    """13.3.4: a call has the semantics of a sub-process; start events with a trigger are ignored."""
    model = draw(
        [
            start("s"),
            call("c", "Q"),
            end("e"),
            start("q", container="Q"),
            start("m", container="Q", on="message"),
            user("a", container="Q"),
        ],
        "s > c > e",
        "q > a",
        "m > a",
    )
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-c
        c       | enabled c, fired       | ^q c
        q       | fired q                | c q-a
        a       | enabled a              | a c
        a       | completed a, drained c | c
        c       | completed c            | c-e
        e       | fired e, ended P       |
        """,
    )


def test_a_process_that_is_called_twice_at_a_time_runs_twice() -> None:
    """13.3.4."""
    model = draw(
        [start("s"), parallel("p"), call("c", "Q"), call("d", "Q"), user("a", container="Q"), parallel("j"), end("e")],
        "s > p > c > j",
        "p > d > j > e",
    )
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-p
        p       | fired p                | p-c p-d
        c       | enabled c, fired       | ^a c p-d
        d       | enabled d, fired       | ^a ^a c d
        a       | enabled a              | ^a a c d
        a       | enabled a              | a a c d
        a       | completed a, drained c | a c d
        a       | completed a, drained d | c d
        d       | completed d            | c d-j
        c       | completed c            | c-j d-j
        j       | fired j                | j-e
        """,
    )


def test_calls_within_calls_and_of_a_called_processs_own_kind() -> None:
    """10.3.6; a process that calls itself runs in itself."""
    model = draw(
        [
            start("s"),
            call("c", "Q"),
            start("q", container="Q"),
            exclusive("x", container="Q"),
            call("d", "Q", container="Q"),
            end("y", container="Q"),
        ],
        "s > c",
        "q > x > d > y",
        "x > y",
    )
    golden(
        model,
        """
        begin s | fired              | ^s
        s       | fired s            | s-c
        c       | enabled c, fired   | ^q c
        q       | fired q            | c q-x
        x>d     | fired x            | c x-d
        d       | enabled d, fired   | ^q c d
        q       | fired q          | c d q-x
        x>y     | fired x            | c d x-y
        y       | fired y, drained d | c d
        d       | completed d        | c d-y
        y       | fired y, drained c | c
        c       | completed c, ended P |
        """,
    )


def test_terminate_in_a_called_process_ends_that_alone() -> None:
    """13.5.6."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            call("c", "Q"),
            user("w"),
            user("z"),
            parallel("q", container="Q"),
            user("a", container="Q"),
            end("x", container="Q", on="terminate"),
        ],
        "s > p > c > z",
        "p > w",
        "q > a",
        "q > x",
    )
    golden(
        model,
        """
        begin s | fired              | ^s
        s       | fired s            | s-p
        p       | fired p            | p-c p-w
        c       | enabled c, fired   | ^q c p-w
        q       | fired q            | c p-w q-a q-x
        a       | enabled a          | a c p-w q-x
        x       | fired x, withdrawn a, drained c | c p-w
        c       | completed c        | c-z p-w
        """,
    )


def test_an_event_sub_process_of_a_called_process_listens_in_the_call() -> None:
    """13.5.4."""
    model = draw(
        [
            start("s"),
            call("c", "Q"),
            end("e"),
            user("a", container="Q"),
            *inside("error:E", interrupting=True, container="Q"),
            end("x", container="Q", on="error:E"),
        ],
        "s > c > e",
        "a > x",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-c
        c       | enabled c, fired, enabled h | (h) ^a c
        a       | enabled a                   | (h) a c
        a       | completed a                 | (h) a-x c
        x       | enabled x                   | (h) c x
        x       | completed x, fired h, enabled H, fired | H c h-r
        r       | enabled r                   | H c r
        r       | completed r, drained H      | H c
        H       | completed H, drained c      | c
        c       | completed c                 | c-e
        """,
    )


def test_what_is_called_and_not_known_is_a_task() -> None:
    """Ours: it may stand in a file that was not read."""
    golden(
        draw([start("s"), call("c", "nowhere"), end("e")], "s > c > e"),
        """
        begin s | fired       | ^s
        s       | fired s     | s-c
        c       | enabled c   | c
        c       | completed c | c-e
        """,
    )


# -- ad-hoc sub-processes, 13.3.5


def adhoc(**more: object) -> list[NodeBase]:
    return [
        start("s"),
        ad_hoc("H", **more),
        user("a", container="H"),
        user("b", container="H"),
        user("c", container="H"),
        end("e"),
    ]


def test_in_an_ad_hoc_sub_process_what_has_no_incoming_flow_may_be_performed_any_number_of_times() -> None:
    """13.3.5: flows inside order as ever; several instances of one activity at a time are possible."""
    golden(
        draw(adhoc(), "s > H > e", "a > c"),
        """
        begin s   | fired              | ^s
        s         | fired s            | s-H
        H         | enabled H, drained H | H     | H a b
        a         |                    | H ^a      | H a b
        a         | enabled a          | H a       | H a b
        perform a |                    | H ^a a
        a         | enabled a/1        | H a a
        a         | completed a        | H a a-c
        c         | enabled c          | H a c
        a         | completed a/1      | H a-c c
        c done    | completed c        | H a-c
        """,
    )


@pytest.mark.parametrize("more", [{}, {"cancel_remaining_instances": True}])
def test_a_parallel_ad_hoc_sub_process_leaves_what_is_under_way_when_it_completes(more: dict[str, bool]) -> None:
    """13.3.5: cancelRemainingInstances; it completes without executing further activities."""
    play = Play(draw(adhoc(**more), "s > H > e", "a > c"))
    play("s", "H", "a", "a", "b", "b")
    assert play.held == "H a b"
    play("a")
    assert play.held == "H a-c b"
    assert play.do("H") == ["withdrawn b", "vanished a-c", "completed H"]
    assert play.held == "H-e"


def test_without_cancelling_it_completes_after_what_is_under_way() -> None:
    """13.3.5."""
    play = Play(draw(adhoc(cancel_remaining_instances=False), "s > H > e"))
    play("s", "H", "a", "a")
    assert "H" not in play.may
    play("a")
    assert "H" in play.may
    assert play.do("H") == ["completed H"]
    assert play.held == "H-e"


def test_without_cancelling_nothing_further_is_executed() -> None:
    """13.3.5: after all remaining instances have completed; a token on its way to `c` is no instance."""
    play = Play(draw(adhoc(cancel_remaining_instances=False), "s > H > e", "a > c"))
    play("s", "H", "a", "a", "a")
    assert play.held == "H a-c"
    assert play.do("H") == ["vanished a-c", "completed H"]
    assert play.held == "H-e"


def test_a_sequential_ad_hoc_sub_process_performs_one_activity_at_a_time() -> None:
    """13.3.5: another only if the previous one has terminated; the condition is asked after each completion."""
    play = Play(draw(adhoc(ordering="Sequential"), "s > H > e"))
    play("s", "H", "a", "a")
    assert play.held == "H a"
    assert play.may == ["a"]
    play("a")
    assert play.may == ["H", "a", "b", "c"]
    play("b", "b", "b")
    assert play.do("H") == ["completed H"]
    assert play.held == "H-e"


def test_an_event_sub_process_does_not_catch_what_it_throws() -> None:
    """Ours: 10.5.1 has the innermost enclosing scope catch, and the handler of a scope is no catcher of itself."""
    model = draw(
        [
            start("s"),
            sub("S"),
            throw("t", container="S", on="escalation:X"),
            by_event("H", container="S"),
            start("h", container="H", on="escalation:X", is_interrupting=False),
            throw("again", container="H", on="escalation:X"),
            user("r", container="H"),
            boundary("b", "S", on="escalation:X", cancel_activity=False),
            user("z"),
        ],
        "s > S",
        "h > again > r",
        "b > z",
    )
    golden(
        model,
        """
        begin s | fired                                  | ^s
        s       | fired s                                | s-S
        S       | enabled S, enabled b, fired, enabled h | (b) (h) S ^t
        t       | enabled t                              | (b) (h) S t
        t       | completed t, enabled h/1, fired h, enabled H, fired | (b) (h) H S h-again
        again   | enabled again                          | (b) (h) H S again
        again   | completed again, enabled b/1, fired b  | (b) (h) H S again-r b-z
        """,
    )


def test_a_signal_begins_no_event_sub_process_of_a_scope_at_its_end() -> None:
    """13.5.4: in the state Completing none can be initiated, whoever throws."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            sub("S"),
            user("a", container="S"),
            *inside("signal:N", interrupting=False),
            throw("t", on="signal:N"),
        ],
        "s > p > S",
        "p > t",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-p
        p       | fired p                     | p-S p-t
        S       | enabled S, fired, enabled h | (h) S ^a p-t
        a       | enabled a                   | (h) S a p-t
        a       | completed a, drained S      | (h) S p-t
        t       | enabled t                   | (h) S t       | S t
        t       | completed t                 | (h) S
        S       | withdrawn h, completed S, ended P |
        """,
    )


def test_the_last_token_of_a_scope_may_throw_to_its_event_sub_process() -> None:
    """13.5.6: the behaviour of the end event comes before the completion of its scope."""
    model = draw(
        [start("s"), sub("S"), end("x", container="S", on="signal:N"), *inside("signal:N", interrupting=False)],
        "s > S",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-S
        S       | enabled S, fired, enabled h | (h) S ^x
        x       | enabled x                   | (h) S x
        x       | completed x, enabled h/1, fired h, enabled H, fired | (h) H S h-r
        """,
    )
