"""Compensation, transactions and cancel: a small model and its whole trace, a rule of BPMN 2.0.2, 10.3.5, 10.5.1, 10.7
and 13.5.5, each. What can be compensated stands in braces, in order of completion.
"""

from typing import Any

import pytest

from bpmn_tool.model.elements import Model, MultiInstance, NodeBase, StandardLoop
from tests.execution.drawing import (
    ad_hoc,
    boundary,
    by_event,
    call,
    draw,
    end,
    exclusive,
    parallel,
    start,
    sub,
    throw,
    transaction,
    undo,
    user,
)
from tests.model.playing import Play, golden


def undoable(*names: str, container: str = "P", **more: object) -> list[NodeBase]:
    """Activities `a` with a boundary event ``b_a`` and a handler ``u_a``."""
    found: list[NodeBase] = []
    for name in names:
        found += [
            user(name, container=container, **more),
            boundary(f"b_{name}", name, on="compensate", container=container),
            undo(f"u_{name}", container=container),
        ]
    return found


def handlers(*names: str) -> str:
    return " ".join(f"b_{name}>u_{name}" for name in names)


def test_a_handler_undoes_what_was_completed_while_the_event_waits() -> None:
    """10.7.1, 10.7.2: by default compensation is synchronous."""
    model = draw(
        [start("s"), *undoable("a"), throw("t", on="compensate"), end("e")], "s > a > t > e", joined=handlers("a")
    )
    golden(
        model,
        """
        begin s | fired                    | ^s
        s       | fired s                  | s-a
        a       | enabled a                | a
        a       | completed a              | a-t {a}
        t       | enabled t                | t {a}
        t       | enabled u_a              | t u_a     | u_a
        u_a     | completed u_a, completed t | t-e
        e       | fired e, ended P         |
        """,
    )


def test_the_last_completed_is_compensated_first() -> None:
    """13.5.5: reverse order of forward completion."""
    model = draw(
        [start("s"), *undoable("a", "b", "c"), end("x", on="compensate")],
        "s > b > a > c > x",
        joined=handlers("a", "b", "c"),
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-b
        b       | enabled b   | b
        b       | completed b | b-a {b}
        a       | enabled a   | a {b}
        a       | completed a | a-c {b a}
        c       | enabled c   | c {b a}
        c       | completed c | c-x {b a c}
        x       | enabled x   | x {b a c}
        x       | enabled u_c | u_c x          | u_c
        u_c     | completed u_c, enabled u_a | u_a x | u_a
        u_a     | completed u_a, enabled u_b | u_b x | u_b
        u_b     | completed u_b, completed x, ended P |
        """,
    )


def test_an_event_may_name_the_activity() -> None:
    """10.7.2: that one alone."""
    model = draw(
        [start("s"), *undoable("a", "b"), throw("t", on="compensate:a"), end("e")],
        "s > a > b > t > e",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "a", "a", "b", "b", "t")
    assert play("t") == ["enabled u_a"]
    assert play.held == "t u_a {b}"
    assert play("u_a") == ["completed u_a", "completed t"]
    assert play.held == "t-e {b}"


def test_what_is_not_completed_is_not_compensated() -> None:
    """10.5.1: nothing happens, in particular no error."""
    model = draw(
        [start("s"), parallel("p"), *undoable("a"), throw("t", on="compensate:a"), user("z")],
        "s > p > a",
        "p > t > z",
        joined=handlers("a"),
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-p
        p       | fired p     | p-a p-t
        a       | enabled a   | a p-t
        t       | enabled t   | a t
        t       | completed t | a t-z
        """,
    )


def test_what_was_interrupted_is_not_compensated() -> None:
    """10.5.1: it has not completed successfully."""
    model = draw(
        [start("s"), *undoable("a"), boundary("i", "a", on="timer"), throw("t", on="compensate"), end("e")],
        "s > a",
        "i > t > e",
        joined=handlers("a"),
    )
    play = Play(model)
    assert play("s", "a") == ["enabled a", "enabled i"]
    assert play("i", "t", "t") == ["completed t"]
    assert play.held == "t-e"


def test_nothing_is_compensated_twice() -> None:
    """13.5.5: what has been compensated is no longer completed."""
    model = draw(
        [start("s"), *undoable("a"), throw("t", on="compensate"), throw("u", on="compensate:a"), end("e")],
        "s > a > t > u > e",
        joined=handlers("a"),
    )
    play = Play(model)
    play("s", "a", "a", "t", "t", "u_a", "u")
    assert play("u") == ["completed u"]
    assert play.held == "u-e"


def test_an_event_that_does_not_wait_goes_on_at_once() -> None:
    """10.7.2: waitForCompletion false; ours: its scope does not end before the handlers."""
    model = draw(
        [start("s"), *undoable("a", "b"), throw("t", on="compensate:!"), end("e")],
        "s > a > b > t > e",
        joined=handlers("a", "b"),
    )
    golden(
        model,
        """
        begin s | fired                      | ^s
        s       | fired s                    | s-a
        a       | enabled a                  | a
        a       | completed a                | a-b {a}
        b       | enabled b                  | b {a}
        b       | completed b                | b-t {a b}
        t       | enabled t                  | t {a b}
        t       | completed t, enabled u_b   | t t-e u_b     | e u_b
        e       | fired e                    | t u_b
        u_b     | completed u_b, enabled u_a | t u_a
        u_a     | completed u_a, ended P     |
        """,
    )


def test_an_association_may_be_drawn_from_either_end() -> None:
    """10.7.1."""
    model = draw([start("s"), *undoable("a"), end("x", on="compensate")], "s > a > x", joined="u_a>b_a")
    play = Play(model)
    play("s", "a", "a", "x")
    assert play("x") == ["enabled u_a"]


def test_a_handler_may_be_a_sub_process() -> None:
    """10.7.1: a task or a sub-process."""
    model = draw(
        [
            start("s"),
            user("a"),
            boundary("b", "a", on="compensate"),
            sub("U", is_for_compensation=True),
            user("i", container="U"),
            end("x", on="compensate"),
        ],
        "s > a > x",
        joined="b>U",
    )
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-a
        a       | enabled a              | a
        a       | completed a            | a-x {a}
        x       | enabled x              | x {a}
        x       | enabled U, fired       | U ^i x
        i       | enabled i              | U i x
        i       | completed i, drained U | U x
        U       | completed U, completed x, ended P |
        """,
    )


# -- sub-processes


def wrapped(*more: NodeBase, on: str = "compensate", lines: tuple[str, ...] = (), **marks: object) -> Model:
    """S with a and b inside that can be undone, then a throw."""
    return draw(
        [start("s"), sub("S", **marks), *undoable("a", "b", container="S"), throw("t", on=on), user("z"), *more],
        "s > S > t > z",
        "a > b",
        *lines,
        joined=handlers("a", "b"),
    )


def test_a_sub_process_without_a_handler_is_compensated_from_the_inside() -> None:
    """10.5.1: the implicit handler calls those of the activities inside, in reverse order."""
    golden(
        wrapped(on="compensate:S"),
        """
        begin s | fired                  | ^s
        s       | fired s                | s-S
        S       | enabled S, fired       | S ^a
        a       | enabled a              | S a
        a       | completed a            | S a-b {a}
        b       | enabled b              | S b {a}
        b       | completed b, drained S | S {a b}
        S       | completed S            | S-t {S(a b)}
        t       | enabled t              | t {S(a b)}
        t       | enabled u_b            | t u_b
        u_b     | completed u_b, enabled u_a | t u_a
        u_a     | completed u_a, completed t | t-z
        """,
    )


def test_a_sub_process_is_compensated_by_its_event_sub_process() -> None:
    """13.5.5: instead of what would be done by default."""
    inside = [by_event("H", container="S"), start("h", container="H", on="compensate"), user("r", container="H")]
    golden(
        wrapped(*inside, lines=("h > r",)),
        """
        begin s | fired                  | ^s
        s       | fired s                | s-S
        S       | enabled S, fired       | S ^a
        a       | enabled a              | S a
        a       | completed a            | S a-b {a}
        b       | enabled b              | S b {a}
        b       | completed b, drained S | S {a b}
        S       | completed S            | S-t {S(a b)}
        t       | enabled t              | t {S(a b)}
        t       | enabled H, fired       | H ^h t {a b}
        h       | fired h                | H h-r t {a b}
        r       | enabled r              | H r t {a b}
        r       | completed r, drained H | H t {a b}
        H       | completed H, completed t | t-z
        """,
    )


def test_a_compensation_event_sub_process_may_compensate_what_its_parent_did() -> None:
    """10.7.1: it can recursively trigger compensation of the activities contained in its parent."""
    inside = [
        by_event("H", container="S"),
        start("h", container="H", on="compensate"),
        throw("k", container="H", on="compensate:a"),
        user("r", container="H"),
    ]
    play = Play(wrapped(*inside, lines=("h > k > r",)))
    play("s", "S", "a", "a", "b", "b", "S", "t", "t", "h", "k")
    assert play.held == "H k t {a b}"
    assert play("k") == ["enabled u_a"]
    assert play.held == "H k t u_a {b}"
    assert play("u_a") == ["completed u_a", "completed k"]
    assert play("r", "r", "H") == ["completed H", "completed t"]
    assert play.held == "t-z"


def test_a_boundary_handler_of_a_sub_process_stands_for_all_inside() -> None:
    """10.7.1: a black box."""
    more = [boundary("b_S", "S", on="compensate"), undo("u_S")]
    made = wrapped(*more)
    model = draw(list(made.flow_nodes.values()), "s > S > t > z", "a > b", joined=handlers("a", "b", "S"))
    play = Play(model)
    play("s", "S", "a", "a", "b", "b", "S", "t")
    assert play("t") == ["enabled u_S"]
    assert play("u_S") == ["completed u_S", "completed t"]
    assert play.held == "t-z"


def test_a_sub_process_that_failed_is_not_compensated_and_nothing_inside_it() -> None:
    """10.5.1."""
    model = draw(
        [
            start("s"),
            sub("S"),
            *undoable("a", container="S"),
            end("x", container="S", on="error:E"),
            boundary("b", "S", on="error:E"),
            throw("t", on="compensate"),
            end("e"),
        ],
        "s > S",
        "a > x",
        "b > t > e",
        joined=handlers("a"),
    )
    play = Play(model)
    play("s", "S", "a", "a", "x")
    assert play.held == "(b) S x {a}"
    play("x", "t")
    assert play.held == "t"
    assert play("t") == ["completed t"]


def test_an_error_handler_inside_compensates_what_its_scope_completed() -> None:
    """10.7.2: the typical use; the event sub-process stands for the scope around."""
    model = draw(
        [
            start("s"),
            sub("S"),
            *undoable("a", container="S"),
            end("x", container="S", on="error:E"),
            by_event("H", container="S"),
            start("h", container="H", on="error:E"),
            throw("t", container="H", on="compensate"),
            end("y", container="H"),
        ],
        "s > S",
        "a > x",
        "h > t > y",
        joined=handlers("a"),
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-S
        S       | enabled S, fired, enabled h | (h) S ^a
        a       | enabled a                   | (h) S a
        a       | completed a                 | (h) S a-x {a}
        x       | enabled x                   | (h) S x {a}
        x       | completed x, fired h, enabled H, fired | H S h-t {a}
        t       | enabled t                   | H S t {a}
        t       | enabled u_a                 | H S t u_a
        u_a     | completed u_a, completed t  | H S t-y
        y       | fired y, drained H          | H S
        H       | completed H, drained S      | S
        S       | completed S, ended P        |
        """,
    )


def test_a_throw_in_a_sub_process_leaves_what_is_around_alone() -> None:
    """10.7.2: without a name it is for the scope it stands in."""
    model = draw(
        [
            start("s"),
            *undoable("a"),
            sub("S"),
            *undoable("b", container="S"),
            throw("t", container="S", on="compensate"),
        ],
        "s > a > S",
        "b > t",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "a", "a", "S", "b", "b", "t")
    assert play("t") == ["enabled u_b"]
    assert play.held == "S t u_b {a}"


def test_a_called_process_is_compensated_by_the_event_sub_process_in_it() -> None:
    """13.5.5: for a sub-process or process."""
    model = draw(
        [
            start("s"),
            call("c", "Q"),
            end("x", on="compensate:c"),
            user("a", container="Q"),
            by_event("H", container="Q"),
            start("h", container="H", on="compensate"),
            user("r", container="H"),
        ],
        "s > c > x",
        "h > r",
    )
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-c
        c       | enabled c, fired       | ^a c
        a       | enabled a              | a c
        a       | completed a, drained c | c
        c       | completed c            | c-x {c}
        x       | enabled x              | x {c}
        x       | enabled H, fired       | H ^h x
        h       | fired h                | H h-r x
        r       | enabled r              | H r x
        r       | completed r, drained H | H x
        H       | completed H, completed x, ended P |
        """,
    )


# -- loops and multi-instances


def test_each_round_of_a_loop_is_compensated_last_first() -> None:
    """13.5.5: instances of a loop in reverse order of their completion."""
    model = draw(
        [start("s"), *undoable("a", loop=StandardLoop()), end("x", on="compensate")], "s > a > x", joined=handlers("a")
    )
    golden(
        model,
        """
        begin s | fired                      | ^s
        s       | fired s                    | s-a
        a       | enabled a*, enabled a      | a a*
        a again | completed a, enabled a/1   | a a* {a}
        a       | completed a/1, completed a* | a-x {a a}
        x       | enabled x                  | x {a a}
        x       | enabled u_a                | u_a x
        u_a     | completed u_a, enabled u_a/1 | u_a x
        u_a     | completed u_a/1, completed x, ended P |
        """,
        twin=False,
    )


def test_visits_of_a_loop_of_gateways_are_compensated_each() -> None:
    """13.5.5."""
    model = draw(
        [start("s"), exclusive("m"), *undoable("a", "b"), exclusive("y"), end("x", on="compensate")],
        "s > m > a > b > y > m",
        "y > x",
        joined=handlers("a", "b"),
    )
    play = Play(model, twin=False)
    play("s", "m", "a", "a", "b", "b", "y>m", "m", "a", "a", "b", "b", "y>x", "x")
    assert play.held == "x {a b a b}"
    assert play("x") == ["enabled u_b"]
    assert play("u_b") == ["completed u_b", "enabled u_a"]
    assert play("u_a") == ["completed u_a", "enabled u_b/1"]
    assert play("u_b") == ["completed u_b/1", "enabled u_a/1"]
    assert play("u_a") == ["completed u_a/1", "completed x", "ended P"]


def test_a_multi_instance_that_is_still_active_is_not_compensated() -> None:
    """10.5.1: it has not yet completed, though some of its instances have."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            *undoable("a", loop=MultiInstance()),
            throw("t", on="compensate"),
            end("e"),
            throw("k", on="compensate"),
        ],
        "s > p > a > k > e",
        "p > t > e",
        joined=handlers("a"),
    )
    play = Play(model, twin=False)
    play("s", "p")
    play.do("a", instances=2)
    play.do("a", path=(1,))
    play("t")
    assert play.do("t") == ["completed t"]
    play("a", "k")
    assert play.held == "k t-e {a a}"
    assert play("k") == ["enabled u_a"]
    assert play("u_a") == ["completed u_a", "enabled u_a/1"]


def test_instances_left_by_a_boundary_event_are_not_compensated() -> None:
    """10.5.1: the multi-instance has not completed successfully."""
    model = draw(
        [start("s"), *undoable("a", loop=MultiInstance()), boundary("i", "a"), throw("t", on="compensate"), end("e")],
        "s > a",
        "i > t > e",
        joined=handlers("a"),
    )
    play = Play(model)
    play("s")
    play.do("a", instances=2)
    play.do("a", path=(0,))
    play("i", "t")
    assert play("t") == ["completed t"]
    assert play.held == "t-e"


def test_instances_that_a_completion_condition_cut_off_are_not_compensated() -> None:
    """13.3.7, 13.5.5: they did not complete; the multi-instance did."""
    model = draw(
        [start("s"), *undoable("a", loop=MultiInstance(completion_condition="c")), end("x", on="compensate")],
        "s > a > x",
        joined=handlers("a"),
    )
    play = Play(model)
    play("s")
    play.do("a", instances=3)
    play.do("a", path=(1,), satisfied=True)
    play("x")
    assert play("x") == ["enabled u_a"]
    assert play("u_a") == ["completed u_a", "completed x", "ended P"]


def test_what_an_ad_hoc_sub_process_did_is_compensated_in_reverse() -> None:
    """13.5.5: B before A if A completed before B started."""
    model = draw(
        [start("s"), ad_hoc("H"), *undoable("a", "b", container="H"), end("x", on="compensate")],
        "s > H > x",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "H", "b", "b", "b", "a", "a")
    play.do("a")
    play("H", "x")
    assert play.held == "x {H(b a)}"
    assert play("x") == ["enabled u_a"]
    assert play("u_a") == ["completed u_a", "enabled u_b"]


# -- transactions, 10.3.5 and 13.3.4


def trip(*more: NodeBase, lines: tuple[str, ...] = (), ends: str = "cancel") -> Model:
    inside = [
        start("i", container="T"),
        parallel("p", container="T"),
        *undoable("a", "b", container="T"),
        user("w", container="T"),
        end("x", container="T", on=ends),
    ]
    return draw(
        [start("s"), transaction("T"), *inside, user("ok"), user("off"), user("bad"), *more],
        "s > T > ok",
        "i > p > a > b > x",
        "p > w",
        *lines,
        joined=handlers("a", "b"),
    )


def test_a_cancelled_transaction_is_compensated_and_left_by_its_cancel_event() -> None:
    """13.5.6: terminated, aborted, and control leaves through the cancel boundary event; 10.5.1: all running activities
    are terminated, all completed ones compensated.
    """
    golden(
        trip(boundary("c", "T", on="cancel"), boundary("e", "T", on="error"), lines=("c > off", "e > bad")),
        """
        begin s | fired                                  | ^s
        s       | fired s                                | s-T
        T       | enabled T, enabled c, enabled e, fired | (c) (e) T ^i
        i       | fired i                                | (c) (e) T i-p
        p       | fired p                                | (c) (e) T p-a p-w
        w       | enabled w                              | (c) (e) T p-a w
        a       | enabled a                              | (c) (e) T a w
        a       | completed a                            | (c) (e) T a-b w {a}
        b       | enabled b                              | (c) (e) T b w {a}
        b       | completed b                            | (c) (e) T b-x w {a b}
        x       | enabled x                              | (c) (e) T w x {a b}
        x       | withdrawn w, enabled u_b               | (c) (e) T u_b x
        u_b     | completed u_b, enabled u_a             | (c) (e) T u_a x
        u_a     | completed u_a, completed x, withdrawn e, withdrawn T, fired c | c-off
        """,
    )


def test_a_transaction_that_nobody_catches_completes() -> None:
    """Ours: the standard says nothing of a transaction without a cancel event."""
    play = Play(trip())
    play("s", "T", "i", "p", "a", "a", "b", "b", "x", "x", "u_b")
    assert play("u_a") == ["completed u_a", "completed x", "drained T"]
    play("T")
    assert play.held == "T-ok"


def test_a_hazard_leaves_without_compensation() -> None:
    """10.3.5: an error in a transaction; the activities are not compensated."""
    play = Play(
        trip(
            boundary("c", "T", on="cancel"),
            boundary("e", "T", on="error"),
            lines=("c > off", "e > bad"),
            ends="error:E",
        )
    )
    play("s", "T", "i", "p", "w", "a", "a", "b", "b", "x")
    assert play("x") == ["completed x", "withdrawn w", "withdrawn c", "withdrawn T", "fired e"]
    assert play.held == "e-bad"


def test_a_cancel_compensates_what_a_sub_process_that_is_still_active_has_completed() -> None:
    """10.7: cancelling an active sub-process can result in compensation of its completed portions; 10.5.1: of all
    successfully completed activities in the transaction.
    """
    model = draw(
        [
            start("s"),
            transaction("T"),
            parallel("p", container="T"),
            *undoable("a", container="T"),
            sub("S", container="T"),
            *undoable("b", container="S"),
            user("d", container="S"),
            end("x", container="T", on="cancel"),
            boundary("c", "T", on="cancel"),
            user("off"),
        ],
        "s > T",
        "p > a > x",
        "p > S",
        "b > d",
        "c > off",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "T", "p", "S", "a", "a", "b", "b", "x")
    assert play.held == "(c) S T b-d x {a} {b}"
    play("x")
    assert play.held == "(c) T u_b x"
    play("u_b")
    assert play.held == "(c) T u_a x"
    play("u_a")
    assert play.held == "c-off"


def test_a_transaction_that_completed_is_compensated_like_a_sub_process() -> None:
    """13.5.5."""
    model = draw(
        [start("s"), transaction("T"), *undoable("a", container="T"), end("x", on="compensate")],
        "s > T > x",
        joined=handlers("a"),
    )
    play = Play(model)
    play("s", "T", "a", "a", "T", "x")
    assert play.held == "x {T(a)}"
    assert play("x") == ["enabled u_a"]


def test_a_handler_that_is_taken_away_takes_its_turn_along() -> None:
    """13.5.3: an error in the handler leaves it by its boundary event, and the next handler runs."""
    model = draw(
        [
            start("s"),
            *undoable("a", "b"),
            boundary("i", "u_b", on="error"),
            end("y"),
            throw("t", on="compensate"),
            end("e"),
        ],
        "s > a > b > t > e",
        "i > y",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "a", "a", "b", "b", "t")
    assert play("t") == ["enabled u_b", "enabled i"]
    assert play("i") == ["withdrawn u_b", "fired i", "enabled u_a"]
    assert play("u_a") == ["completed u_a", "completed t"]
    assert play.held == "i-y t-e"


def test_terminate_ends_compensation_too() -> None:
    """10.5.1: without compensation."""
    model = draw(
        [start("s"), parallel("p"), *undoable("a"), throw("t", on="compensate"), user("w"), end("x", on="terminate")],
        "s > a > p > t",
        "p > w > x",
        joined=handlers("a"),
    )
    play = Play(model)
    play("s", "a", "a", "p", "t", "t", "w", "w")
    assert play.held == "t u_a w-x"
    assert play("x") == ["fired x", "withdrawn t", "withdrawn u_a", "ended P"]
    assert play.held == ""


@pytest.mark.parametrize("marks", [{}, {"loop": MultiInstance()}, {"loop": StandardLoop()}])
def test_what_an_event_at_the_border_began_is_compensated_before_the_activity(marks: dict[str, Any]) -> None:
    """13.5.5: if that event occurred; of multi-instances and loops too. `c` was completed before, and comes last."""
    model = draw(
        [
            start("s"),
            *undoable("c"),
            *undoable("a", **marks),
            boundary("i", "a", cancel_activity=False),
            *undoable("b"),
            end("x", on="compensate"),
        ],
        "s > c > a > x",
        "i > b",
        joined=handlers("a", "b", "c"),
    )
    play = Play(model)
    play("s", "c", "c", "a", "i", "b", "b")
    assert "{c b}" in play.held
    play("a")
    assert play.held == "a-x {c a b}"
    play("x")
    assert play("x") == ["enabled u_b"]
    assert play("u_b") == ["completed u_b", "enabled u_a"]
    assert play("u_a") == ["completed u_a", "enabled u_c"]


def test_what_did_not_begin_at_the_border_keeps_its_place() -> None:
    """13.5.5: the event at the border of `a` did not occur."""
    model = draw(
        [start("s"), *undoable("b", "a"), boundary("i", "a", cancel_activity=False), end("x", on="compensate")],
        "s > b > a > x",
        "i > b",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "b", "b", "a", "a")
    assert play.held == "a-x {b a}"


def test_a_sub_process_compensated_from_the_inside_keeps_its_place_too() -> None:
    """13.5.5: a sub-process with a boundary event."""
    model = draw(
        [
            start("s"),
            sub("S"),
            *undoable("a", container="S"),
            boundary("i", "S", cancel_activity=False),
            *undoable("b"),
            end("x", on="compensate"),
        ],
        "s > S > x",
        "i > b",
        joined=handlers("a", "b"),
    )
    play = Play(model)
    play("s", "S", "a", "i", "b", "b", "a", "S")
    assert play.held == "S-x {S(a) b}"


def test_a_throw_that_is_taken_away_takes_its_handler_along() -> None:
    """Ours: else it would go on where its process has ended (13.5.6)."""
    model = draw(
        [
            start("s"),
            sub("S"),
            *undoable("a", container="S"),
            sub("U"),
            throw("t", container="U", on="compensate:S"),
            boundary("i", "U", on="timer"),
            end("y"),
            end("e"),
        ],
        "s > S > U > e",
        "i > y",
        joined=handlers("a"),
    )
    golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-S
        S       | enabled S, fired            | S ^a
        a       | enabled a                   | S a
        a       | completed a, drained S      | S {a}
        S       | completed S                 | S-U {S(a)}
        U       | enabled U, enabled i, fired | (i) U ^t {S(a)}
        t       | enabled t                   | (i) U t {S(a)}
        t       | enabled u_a                 | (i) U t u_a
        i       | withdrawn t, withdrawn u_a, withdrawn U, fired i | i-y
        y       | fired y, ended P            |
        """,
    )


def test_an_error_in_a_compensation_handler_goes_out_to_the_process() -> None:
    """10.5.1: the sub-process that it undoes is over, and catches nothing any more."""
    model = draw(
        [
            start("s"),
            sub("S"),
            user("a", container="S"),
            boundary("b", "S", on="error:E"),
            by_event("H", container="S"),
            start("h", container="H", on="compensate"),
            end("x", container="H", on="error:E"),
            by_event("K"),
            start("k", container="K", on="error:E"),
            user("r", container="K"),
            end("z", on="compensate"),
        ],
        "s > S > z",
        "h > x",
        "k > r",
    )
    play = Play(model)
    play("s", "S", "a", "a", "S", "z", "z", "h", "x")
    assert play.held == "(k) H x z"
    assert play("x") == ["completed x", "withdrawn z", "withdrawn H", "fired k", "enabled K", "fired"]
    assert play.held == "K k-r"
