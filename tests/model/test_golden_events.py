"""Events: a small model and its whole trace, a rule of BPMN 2.0.2, 10.5 and 13.5, each."""

import pytest

from bpmn_tool.model.elements import MultiInstance, NodeBase
from bpmn_tool.model.tokens import Step, StepKind
from tests.execution.drawing import (
    boundary,
    by_event,
    call,
    catch,
    complex_gateway,
    draw,
    end,
    parallel,
    start,
    sub,
    throw,
    user,
)
from tests.model.playing import Play, golden

#: what is set off from outside, and is no message
OUTSIDE = ["timer", "conditional", "message", "signal:S"]

# -- every trigger in every place


@pytest.mark.parametrize("on", ["", *OUTSIDE])
def test_a_start_event_begins_an_instance_whatever_its_trigger(on: str) -> None:
    """10.5.2, Table 10.84."""
    golden(
        draw([start("s", on=on), end("e")], "s > e"),
        """
        begin s | fired            | ^s
        s       | fired s          | s-e
        e       | fired e, ended P |
        """,
    )


@pytest.mark.parametrize("on", OUTSIDE)
def test_a_catching_event_waits_for_its_trigger(on: str) -> None:
    """13.5.2."""
    golden(
        draw([start("s"), catch("c", on=on), end("e")], "s > c > e"),
        """
        begin s | fired            | ^s
        s       | fired s          | s-c
        c       | enabled c        | c   | c
        c       | completed c      | c-e
        e       | fired e, ended P |
        """,
    )


@pytest.mark.parametrize("on", [*OUTSIDE, "error:E", "escalation:X"])
def test_an_interrupting_boundary_event_takes_its_activity_away(on: str) -> None:
    """13.5.3; what nothing in the model throws comes from outside, as an error of a service does."""
    golden(
        draw([start("s"), user("a"), boundary("b", "a", on=on), user("z"), end("e")], "s > a > e", "b > z"),
        """
        begin s | fired                | ^s
        s       | fired s              | s-a
        a       | enabled a, enabled b | (b) a | a b
        b       | withdrawn a, fired b | b-z   | z
        """,
    )


@pytest.mark.parametrize("on", ["conditional", "message", "signal:S", "escalation:X", "timer:R/PT1H"])
def test_a_boundary_event_that_does_not_interrupt_may_occur_again(on: str) -> None:
    """13.5.3: the activity continues."""
    golden(
        draw(
            [start("s"), user("a"), boundary("b", "a", on=on, cancel_activity=False), end("y"), end("e")],
            "s > a > e",
            "b > y",
        ),
        """
        begin s | fired                    | ^s
        s       | fired s                  | s-a
        a       | enabled a, enabled b     | (b) a
        b       | enabled b/1, fired b     | (b) a b-y
        b       | enabled b/2, fired b/1   | (b) a b-y b-y
        a       | withdrawn b/2, completed a | a-e b-y b-y
        """,
    )


def test_a_timer_that_is_no_cycle_occurs_once() -> None:
    """10.5.5, 13.5.3."""
    golden(
        draw(
            [start("s"), user("a"), boundary("b", "a", on="timer", cancel_activity=False), end("y"), end("e")],
            "s > a > e",
            "b > y",
        ),
        """
        begin s | fired                    | ^s
        s       | fired s                  | s-a
        a       | enabled a, enabled b     | (b) a
        b       | fired b                  | a b-y   | a y
        a       | completed a              | a-e b-y
        """,
    )


@pytest.mark.parametrize("on", ["", "message"])
def test_a_throwing_event_of_none_or_a_message_passes_at_once(on: str) -> None:
    """13.5.2."""
    golden(
        draw([start("s"), throw("t", on=on), end("e", on=on)], "s > t > e"),
        """
        begin s | fired            | ^s
        s       | fired s          | s-t
        t       | fired t          | t-e
        e       | fired e, ended P |
        """,
    )


def test_a_message_end_event_sends_and_ends() -> None:
    """13.5.6."""
    model = draw([start("s"), end("e", on="message"), catch("c", container="Q")], "s > e", messages="m:e>c")
    golden(
        model,
        """
        begin s | fired                    | ^s
        s       | fired s                  | s-e
        e       | fired e, sent m, ended P |
        """,
    )


def test_a_link_leads_from_each_thrower_to_the_catcher_of_its_name() -> None:
    """10.5.5, link events; 13.5.2."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            throw("t", on="link:L"),
            throw("u", on="link:L"),
            catch("c", on="link:L"),
            catch("d", on="link:M"),
            user("a"),
            user("b"),
        ],
        "s > p > t",
        "p > u",
        "c > a",
        "d > b",
    )
    golden(
        model,
        """
        begin s | fired                          | ^s
        s       | fired s                        | s-p
        p       | fired p                        | p-t p-u
        t       | fired t                        | p-u t→c      | c u
        c       | fired c                        | c-a p-u
        u       | fired u                        | c-a u→c
        c       | fired c/1                      | c-a c-a
        """,
    )


def test_a_link_does_not_leave_its_sub_process() -> None:
    """10.5.5: source and target links are of one process level."""
    inside = [start("i", container="S"), throw("t", on="link:L", container="S")]
    model = draw([start("s"), sub("S"), *inside, catch("c", on="link:L"), user("a")], "s > S", "i > t", "c > a")
    golden(
        model,
        """
        begin s | fired              | ^s
        s       | fired s            | s-S
        S       | enabled S, fired   | S ^i
        i       | fired i            | S i-t
        t       | fired t, drained S | S
        S       | completed S, ended P |
        """,
    )


# -- several triggers, 10.5.5


def test_any_trigger_of_a_multiple_event_completes_it() -> None:
    """Table 10.89: only one of them is needed."""
    model = draw([start("s"), catch("c", on="message timer signal:S"), end("e")], "s > c > e")
    golden(
        model,
        """
        begin s | fired            | ^s
        s       | fired s          | s-c
        c       | enabled c        | c   | c
        c       | completed c      | c-e
        e       | fired e, ended P |
        """,
    )


def test_a_parallel_multiple_event_waits_for_all_its_triggers() -> None:
    """Table 10.89: all of them are needed, in any order, each once."""
    model = draw(
        [start("s"), catch("c", on="message timer conditional", parallel_multiple=True), end("e")], "s > c > e"
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-c
        c       | enabled c   | c
        c !2    |             | c
        c !0    |             | c
        c !1    | completed c | c-e
        """,
    )
    play = Play(model)
    play("s", "c")
    play.do("c", trigger=1)
    assert [step.trigger for step in play.steps("c")] == [0, 2]


@pytest.mark.parametrize(("cancel", "after"), [(True, "b-z"), (False, "(b) a b-z")])
def test_a_parallel_multiple_boundary_event(cancel: bool, after: str) -> None:
    """Table 10.91."""
    event = boundary("b", "a", on="message timer", parallel_multiple=True, cancel_activity=cancel)
    play = Play(draw([start("s"), user("a"), event, user("z")], "s > a", "b > z"))
    play("s", "a")
    assert play.do("b", trigger=1) == []
    assert play.held == "(b) a"
    play.do("b", trigger=0)
    assert play.held == after


def test_a_parallel_multiple_event_with_a_signal_that_the_model_throws() -> None:
    """10.5.5: the signal is one of the two; the other comes from outside."""
    model = draw(
        [start("s"), parallel("p"), catch("c", on="signal:S timer", parallel_multiple=True), throw("t", on="signal:S")],
        "s > p > c",
        "p > t",
    )
    golden(
        model,
        """
        begin s | fired                | ^s
        s       | fired s              | s-p
        p       | fired p              | p-c p-t
        c       | enabled c            | c p-t
        t       | enabled t            | c t
        t       | completed t          | c
        c !1    | completed c, ended P |
        """,
    )


def test_a_multiple_end_event_has_all_its_results() -> None:
    """10.5.3, Table 10.88: all of them."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            catch("c", on="signal:S"),
            user("a"),
            end("e", on="message signal:S"),
            catch("k", container="Q"),
        ],
        "s > p > c > a",
        "p > e",
        messages="m:e>k",
    )
    golden(
        model,
        """
        begin s | fired                            | ^s
        s       | fired s                          | s-p
        p       | fired p                          | p-c p-e
        c       | enabled c                        | c p-e
        e       | enabled e                        | c e
        e       | completed e, sent m, completed c | c-a
        """,
    )


# -- signals, 10.5.1


def test_a_signal_reaches_every_catcher_that_waits_in_any_scope_and_pool() -> None:
    """10.5.1: broadcast within and across processes; one that does not wait yet misses it."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            sub("S"),
            catch("i", container="S", on="signal:S"),
            user("a"),
            boundary("b", "a", on="signal:S"),
            catch("o", on="signal:T"),
            throw("t", on="signal:S"),
            catch("l", on="signal:S"),
            start("q", container="Q"),
            catch("c", container="Q", on="signal:S"),
        ],
        "s > p > S",
        "p > a",
        "p > o",
        "p > t > l",
        "q > c",
    )
    golden(
        model,
        """
        begin s | fired                | ^s
        begin q | fired                | ^q ^s
        q       | fired q              | ^s q-c
        c       | enabled c            | ^s c
        s       | fired s              | c s-p
        p       | fired p              | c p-S p-a p-o p-t
        S       | enabled S, fired     | S ^i c p-a p-o p-t
        i       | enabled i            | S c i p-a p-o p-t
        a       | enabled a, enabled b | (b) S a c i p-o p-t
        o       | enabled o            | (b) S a c i o p-t      | a o t
        t       | enabled t            | (b) S a c i o t
        t       | completed t, withdrawn a, fired b, completed i, completed c, drained S, ended Q | S o t-l
        l       | enabled l            | S l o                  | S o
        """,
    )


def test_a_signal_begins_each_process_that_it_starts() -> None:
    """10.5.2; 13.2."""
    model = draw(
        [
            start("s"),
            throw("t", on="signal:S"),
            start("q", container="Q", on="signal:S"),
            user("a", container="Q"),
            start("r", container="R", on="signal:T"),
            user("b", container="R"),
        ],
        "s > t",
        "q > a",
        "r > b",
    )
    golden(
        model,
        """
        begin s | fired                        | ^s
        s       | fired s                      | s-t
        t       | enabled t                    | t
        t       | completed t, fired, ended P  | ^q
        q       | fired q                      | q-a
        """,
    )


def test_a_signal_reaches_a_boundary_event_that_does_not_interrupt() -> None:
    """10.5.4."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            boundary("b", "a", on="signal:S", cancel_activity=False),
            throw("t", on="signal:S"),
            end("e"),
            user("z"),
        ],
        "s > p > a",
        "p > t > e",
        "b > z",
    )
    golden(
        model,
        """
        begin s | fired                             | ^s
        s       | fired s                           | s-p
        p       | fired p                           | p-a p-t
        a       | enabled a, enabled b              | (b) a p-t    | a t
        t       | enabled t                         | (b) a t
        t       | completed t, enabled b/1, fired b | (b) a b-z t-e
        """,
    )


def test_a_signal_without_a_name_reaches_nobody() -> None:
    """Ours: the standard wants a signalRef."""
    model = draw(
        [start("s"), parallel("p"), catch("c", on="signal"), throw("t", on="signal"), end("e")],
        "s > p > c",
        "p > t > e",
    )
    play = Play(model)
    play("s", "p", "c", "t", "t")
    assert play.held == "c t-e"


# -- errors, 10.5.1, 10.5.5


def failing(*nodes: NodeBase, throws: str = "error:E", roots: str = "", lines: tuple[str, ...] = ()) -> Play:
    """In S, beside other work, an error end event; play until the error is held."""
    inside = [start("i", container="S"), parallel("p", container="S"), user("w", container="S")]
    model = draw(
        [
            start("s"),
            sub("S"),
            *inside,
            end("x", container="S", on=throws),
            user("ok"),
            user("one"),
            user("any"),
            *nodes,
        ],
        "s > S > ok",
        "i > p > x",
        "p > w",
        *lines,
        roots=roots,
    )
    play = Play(model)
    play("s", "S", "i", "p", "w", "x")
    return play


def test_an_error_leaves_by_the_boundary_event_that_catches_it() -> None:
    """10.5.5: it takes all of the sub-process with it."""
    play = failing(boundary("b", "S", on="error:E"), lines=("b > one",))
    assert play.held == "(b) S w x"
    assert play.may == ["w", "x"]
    assert play("x") == ["completed x", "withdrawn w", "withdrawn S", "fired b"]
    assert play.held == "b-one"


def test_an_event_that_names_the_error_comes_before_one_that_takes_any() -> None:
    """8.4.3: without a code it catches any; ours: the one that names it is nearer."""
    play = failing(boundary("b", "S", on="error"), boundary("c", "S", on="error:E"), lines=("b > any", "c > one"))
    assert play("x") == ["completed x", "withdrawn w", "withdrawn b", "withdrawn S", "fired c"]
    assert play.held == "c-one"


def test_an_event_of_another_code_does_not_catch() -> None:
    """8.4.3: only an error that matches the code."""
    play = failing(boundary("b", "S", on="error"), boundary("c", "S", on="error:F"), lines=("b > any", "c > one"))
    assert play("x") == ["completed x", "withdrawn w", "withdrawn c", "withdrawn S", "fired b"]
    assert play.held == "b-any"


def test_errors_match_by_their_codes() -> None:
    """8.4.3: two error elements of one code are the same error."""
    play = failing(boundary("b", "S", on="error:F"), roots="error:E:404 error:F:404", lines=("b > one",))
    play("x")
    assert play.held == "b-one"


def test_an_error_that_nobody_catches_fails_the_process_instance() -> None:
    """10.5.1: it is critical; ours: all of the instance goes."""
    play = failing(boundary("c", "S", on="error:F"), lines=("c > one",))
    assert play("x") == [
        "completed x",
        "withdrawn S",
        "withdrawn c",
        "withdrawn w",
        "failed P",
        "ended P",
    ]
    assert play.held == ""


def test_an_error_looks_outward_through_nested_sub_processes() -> None:
    """10.5.1: the innermost enclosing scope that can catch it."""
    model = draw(
        [
            start("s"),
            sub("A"),
            sub("B", container="A"),
            sub("C", container="B"),
            end("x", container="C", on="error:E"),
            boundary("c", "C", container="B", on="error:F"),
            boundary("a", "A", on="error:E"),
            boundary("b", "B", container="A", on="error:E"),
            user("y", container="A"),
            user("z"),
        ],
        "s > A",
        "b > y",
        "a > z",
    )
    golden(
        model,
        """
        begin s | fired                                  | ^s
        s       | fired s                                | s-A
        A       | enabled A, enabled a, fired            | (a) A ^B
        B       | enabled B, enabled b, fired            | (a) (b) A B ^C
        C       | enabled C, enabled c, fired            | (a) (b) (c) A B C ^x   | c x
        x       | enabled x                              | (a) (b) (c) A B C x
        x       | completed x, withdrawn C, withdrawn c, withdrawn B, fired b | (a) A b-y
        y       | enabled y                              | (a) A y
        y       | completed y, drained A                 | (a) A
        A       | withdrawn a, completed A, ended P      |
        """,
    )


def test_an_error_goes_through_a_call_to_the_caller() -> None:
    """10.5.1, 13.3.4: a call has the semantics of a sub-process."""
    model = draw(
        [
            start("s"),
            call("c", "Q"),
            boundary("b", "c", on="error:E"),
            user("z"),
            start("q", container="Q"),
            sub("S", container="Q"),
            end("x", container="S", on="error:E"),
        ],
        "s > c",
        "b > z",
        "q > S",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-c
        c       | enabled c, enabled b, fired | (b) ^q c
        q       | fired q                     | (b) c q-S
        S       | enabled S, fired            | (b) S ^x c
        x       | enabled x                   | (b) S c x
        x       | completed x, withdrawn S, withdrawn c, fired b | b-z
        """,
    )


def test_an_event_sub_process_catches_before_the_boundary_event() -> None:
    """10.5.6: inline first; it absorbs the error, and the sub-process completes."""
    model = draw(
        [
            start("s"),
            sub("S"),
            end("x", container="S", on="error:E"),
            by_event("H", container="S"),
            start("h", container="H", on="error"),
            user("r", container="H"),
            boundary("b", "S", on="error:E"),
            user("ok"),
            user("one"),
        ],
        "s > S > ok",
        "h > r",
        "b > one",
    )
    golden(
        model,
        """
        begin s | fired                                     | ^s
        s       | fired s                                   | s-S
        S       | enabled S, enabled b, fired, enabled h    | (b) (h) S ^x
        x       | enabled x                                 | (b) (h) S x        | x
        x       | completed x, fired h, enabled H, fired    | (b) H S h-r
        r       | enabled r                                 | (b) H S r
        r       | completed r, drained H                    | (b) H S
        H       | completed H, drained S                    | (b) S
        S       | withdrawn b, completed S                  | S-ok
        """,
    )


def test_an_event_sub_process_may_throw_on_to_the_boundary_event() -> None:
    """10.5.6: re-throwing; it does not catch what it throws itself."""
    model = draw(
        [
            start("s"),
            sub("S"),
            end("x", container="S", on="error:E"),
            by_event("H", container="S"),
            start("h", container="H", on="error:E"),
            end("again", container="H", on="error:E"),
            boundary("b", "S", on="error:E"),
            user("one"),
        ],
        "s > S",
        "h > again",
        "b > one",
    )
    golden(
        model,
        """
        begin s | fired                                  | ^s
        s       | fired s                                | s-S
        S       | enabled S, enabled b, fired, enabled h | (b) (h) S ^x
        x       | enabled x                              | (b) (h) S x
        x       | completed x, fired h, enabled H, fired | (b) H S h-again
        again   | enabled again                          | (b) H S again
        again   | completed again, withdrawn H, withdrawn S, fired b | b-one
        """,
    )


def test_an_error_in_one_instance_takes_all_instances() -> None:
    """13.5.3: of a multi-instance, all instances are cancelled."""
    model = draw(
        [
            start("s"),
            sub("S", loop=MultiInstance()),
            user("a", container="S"),
            end("x", container="S", on="error:E"),
            boundary("b", "S", on="error:E"),
            user("z"),
        ],
        "s > S",
        "a > x",
        "b > z",
    )
    golden(
        model,
        """
        begin s | fired     | ^s
        s       | fired s   | s-S
        S x2    | enabled S*, enabled b, enabled S, fired, enabled S, fired | (b) S S S* ^a ^a
        a @0    | enabled a | (b) S S S* ^a a
        a @1    | enabled a | (b) S S S* a a
        a @1    | completed a | (b) S S S* a a-x
        x @1    | enabled x | (b) S S S* a x
        x @1    | completed x, withdrawn S, withdrawn a, withdrawn S, withdrawn S*, fired b | b-z
        """,
    )


# -- escalations, 10.5.1


def escalating(catcher: NodeBase, *more: NodeBase, lines: tuple[str, ...] = ()) -> Play:
    inside = [throw("t", container="S", on="escalation:X"), user("w", container="S")]
    model = draw([start("s"), sub("S"), *inside, catcher, *more, user("z"), user("ok")], "s > S > ok", "t > w", *lines)
    play = Play(model)
    play("s", "S", "t")
    return play


def test_an_escalation_that_does_not_interrupt_lets_work_go_on_beside() -> None:
    """10.5.1: it is not critical, and execution goes on where it was thrown."""
    play = escalating(boundary("b", "S", on="escalation:X", cancel_activity=False), lines=("b > z",))
    assert play("t") == ["completed t", "enabled b/1", "fired b"]
    assert play.held == "(b) S b-z t-w"


def test_an_escalation_that_interrupts_takes_the_activity() -> None:
    """10.5.1, 13.5.3."""
    play = escalating(boundary("b", "S", on="escalation:X"), lines=("b > z",))
    assert play("t") == ["completed t", "vanished t-w", "withdrawn S", "fired b"]
    assert play.held == "b-z"


def test_an_escalation_that_nobody_catches_changes_nothing() -> None:
    """10.5.1: the trigger is unresolved."""
    play = escalating(boundary("b", "S", on="escalation:Y"), lines=("b > z",))
    assert play("t") == ["completed t"]
    assert play.held == "(b) S t-w"


def test_an_escalation_without_a_code_is_caught_by_the_one_that_takes_any() -> None:
    """8.4.4."""
    play = escalating(boundary("b", "S", on="escalation", cancel_activity=False), lines=("b > z",))
    play("t")
    assert play.held == "(b) S b-z t-w"


def test_an_escalation_is_caught_once_by_the_nearest() -> None:
    """10.5.1: the innermost."""
    play = escalating(
        boundary("b", "S", on="escalation:X", cancel_activity=False),
        by_event("H", container="S"),
        start("h", container="H", on="escalation:X", is_interrupting=False),
        user("r", container="H"),
        lines=("b > z", "h > r"),
    )
    assert play("t") == ["completed t", "enabled h/1", "fired h", "enabled H", "fired"]
    assert play.held == "(b) (h) H S h-r t-w"


def test_an_escalation_end_event_ends_its_token_and_the_sub_process_completes() -> None:
    """13.5.6."""
    model = draw(
        [
            start("s"),
            sub("S"),
            end("x", container="S", on="escalation:X"),
            user("ok"),
            user("z"),
            boundary("b", "S", on="escalation:X", cancel_activity=False),
        ],
        "s > S > ok",
        "b > z",
    )
    golden(
        model,
        """
        begin s | fired                                          | ^s
        s       | fired s                                        | s-S
        S       | enabled S, enabled b, fired                    | (b) S ^x
        x       | enabled x                                      | (b) S x
        x       | completed x, enabled b/1, fired b, drained S   | (b) S b-z
        S       | withdrawn b/1, completed S                     | S-ok b-z
        """,
    )


def test_an_escalation_of_a_called_process_reaches_the_caller() -> None:
    """10.5.1."""
    model = draw(
        [
            start("s"),
            call("c", "Q"),
            boundary("b", "c", on="escalation:X", cancel_activity=False),
            user("z"),
            start("q", container="Q"),
            throw("t", container="Q", on="escalation:X"),
            user("w", container="Q"),
        ],
        "s > c",
        "b > z",
        "q > t > w",
    )
    play = Play(model)
    play("s", "c", "q", "t")
    assert play("t") == ["completed t", "enabled b/1", "fired b"]
    assert play.held == "(b) b-z c t-w"


# -- terminate, 13.5.6


def test_terminate_in_one_instance_leaves_the_others_and_what_is_around() -> None:
    """13.5.6: only the affected instance is terminated."""
    model = draw(
        [
            start("s"),
            sub("S", loop=MultiInstance()),
            parallel("p", container="S"),
            sub("T", container="S"),
            user("a", container="T"),
            end("x", container="S", on="terminate"),
            user("z"),
        ],
        "s > S > z",
        "p > T",
        "p > x",
    )
    golden(
        model,
        """
        begin s | fired     | ^s
        s       | fired s   | s-S
        S x2    | enabled S*, enabled S, fired, enabled S, fired | S S S* ^p ^p
        p @0    | fired p   | S S S* ^p p-T p-x
        p @1    | fired p   | S S S* p-T p-T p-x p-x
        T @0    | enabled T, fired | S S S* T ^a p-T p-x p-x
        a @0    | enabled a | S S S* T a p-T p-x p-x
        x @0    | fired x, withdrawn T, withdrawn a, drained S | S S S* p-T p-x
        S @0    | completed S | S S* p-T p-x
        x @1    | fired x, vanished p-T, drained S | S S*
        S @1    | completed S, completed S* | S-z
        """,
    )


def test_terminate_has_no_event_handling() -> None:
    """10.5.1: ended without compensation or event handling; listeners go."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            boundary("b", "a"),
            end("x", on="terminate"),
            by_event("H"),
            start("h", container="H", on="timer"),
            user("r", container="H"),
        ],
        "s > p > a",
        "p > x",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired, enabled h      | (h) ^s
        s       | fired s               | (h) s-p
        p       | fired p               | (h) p-a p-x
        a       | enabled a, enabled b  | (b) (h) a p-x
        x       | fired x, withdrawn a, withdrawn b, withdrawn h, ended P |
        """,
    )


def test_terminate_with_another_result_does_both() -> None:
    """10.5.3: all results of a multiple end event."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            end("x", on="signal:S terminate"),
            start("q", container="Q", on="signal:S"),
        ],
        "s > p > a",
        "p > x",
    )
    golden(
        model,
        """
        begin s | fired     | ^s
        s       | fired s   | s-p
        p       | fired p   | p-a p-x
        a       | enabled a | a p-x
        x       | enabled x | a x
        x       | completed x, fired, withdrawn a, ended P | ^q
        """,
    )


def test_terminate_with_a_message_sends_it_and_ends_all() -> None:
    """10.5.3."""
    model = draw(
        [start("s"), parallel("p"), user("a"), end("x", on="message terminate"), catch("c", container="Q")],
        "s > p > a",
        "p > x",
        messages="m:x>c",
    )
    play = Play(model)
    play("s", "p", "a")
    assert play("x") == ["fired x", "sent m", "withdrawn a", "ended P"]
    assert play.held == ""


# -- messages between processes


def test_a_message_flows_from_process_to_process() -> None:
    """10.5.1, 13.3.3: kept until the receiver waits (ours)."""
    model = draw(
        [
            start("s"),
            throw("t", on="message"),
            catch("c"),
            end("e"),
            start("q", on="message", container="Q"),
            user("a", container="Q"),
            end("f", on="message", container="Q"),
        ],
        "s > t > c > e",
        "q > a > f",
        messages="m:t>q n:f>c",
    )
    play = golden(
        model,
        """
        begin s | fired            | ^s
        s       | fired s          | s-t
        t       | fired t, sent m  | t-c
        begin q | fired            | ^q t-c
        q       | fired q          | q-a t-c
        a       | enabled a        | a t-c
        a       | completed a      | a-f t-c
        f       | fired f, sent n, ended Q | t-c
        keep n  |                  | kept n t-c
        c       | enabled c        | c kept n
        """,
    )
    assert play.fire(play.steps("c")[0]._replace(kept="n")) == ["completed c"]
    assert play.held == "c-e"
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.COMPLETE, (("P", 0, -1),), "c", flows=("c-e",), kept="n"))


def test_a_parallel_multiple_start_event_is_not_begun_by_one_signal() -> None:
    """13.2, Table 10.84: all of its triggers have to come; ours: whoever drives counts them."""
    model = draw(
        [
            start("s"),
            throw("t", on="signal:N"),
            start("q", container="Q", on="signal:N message", parallel_multiple=True),
            start("r", container="R", on="signal:N message"),
            user("a", container="R"),
        ],
        "s > t",
        "r > a",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-t
        t       | enabled t                   | t
        t       | completed t, fired, ended P | ^r
        """,
    )


def test_an_error_that_nobody_catches_goes_through_calls_and_fails_all() -> None:
    """10.5.1; ours: the process instance that called fails with it."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("w"),
            sub("S"),
            call("c", "Q", container="S"),
            boundary("b", "c", container="S", on="error:F"),
            end("x", container="Q", on="error:E"),
            start("o", container="O"),
            user("v", container="O"),
        ],
        "s > p > w",
        "p > S",
        "o > v",
    )
    golden(
        model,
        """
        begin o | fired                                     | ^o
        o       | fired o                                   | o-v
        begin s | fired                                     | ^s o-v
        s       | fired s                                   | o-v s-p
        p       | fired p                                   | o-v p-S p-w
        S       | enabled S, fired                          | S ^c o-v p-w
        c       | enabled c, enabled b, fired               | (b) S ^x c o-v p-w
        x       | enabled x                                 | (b) S c o-v p-w x
        x       | completed x, withdrawn S, vanished p-w, withdrawn b, withdrawn c, failed P, ended P | o-v
        """,
    )


@pytest.mark.parametrize("trigger", [0, 1])
def test_any_trigger_of_a_multiple_boundary_event_sets_it_off(trigger: int) -> None:
    """Table 10.91."""
    model = draw(
        [
            start("s"),
            sub("S"),
            parallel("p", container="S"),
            end("x", container="S", on="error:E"),
            throw("t", container="S", on="escalation:X"),
            user("a", container="S"),
            boundary("b", "S", on="error:E escalation:X"),
            user("z"),
        ],
        "s > S",
        "p > x",
        "p > t > a",
        "b > z",
    )
    play = Play(model)
    play("s", "S", "p", "x", "t")
    play(("x", "t")[trigger])
    assert play.held == "b-z"


def test_a_scope_that_goes_takes_a_waiting_complex_gateway_along() -> None:
    """13.5.3."""
    model = draw(
        [
            start("s"),
            sub("S"),
            parallel("p", container="S"),
            user("a", container="S"),
            complex_gateway("k", container="S"),
            user("c", container="S"),
            boundary("b", "S"),
            user("z"),
        ],
        "s > S",
        "p > k > c",
        "p > a > k",
        "b > z",
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-S
        S       | enabled S, enabled b, fired | (b) S ^p
        p       | fired p                     | (b) S p-a p-k
        k       | fired k                     | (b) S [k] k-c p-a
        a       | enabled a                   | (b) S [k] a k-c
        b       | withdrawn a, vanished k-c, withdrawn S, fired b | b-z
        """,
    )
