"""Gateways: a small model and its whole trace, a rule of BPMN 2.0.2, 13.2 and 13.4, each."""

import pytest

from bpmn_tool.model.elements import MultiInstance, TaskKind
from bpmn_tool.model.tokens import Step, StepKind, options, reset_options
from tests.execution.drawing import (
    boundary,
    catch,
    complex_gateway,
    draw,
    end,
    exclusive,
    inclusive,
    parallel,
    race,
    receive,
    start,
    sub,
    task,
    throw,
    user,
)
from tests.model.playing import Play, golden


def test_a_parallel_join_takes_one_token_of_each_flow_and_leaves_the_rest() -> None:
    """Table 13.1: excess tokens remain on their flow, and serve the next round."""
    model = draw(
        [start("s"), parallel("p"), exclusive("m"), exclusive("n"), parallel("j"), end("e")],
        "s > p > m > j",
        "p > m",
        "p > n > j > e",
        "p > n",
    )
    golden(
        model,
        """
        begin s | fired             | ^s
        s       | fired s           | s-p
        p       | fired p           | p-m p-m' p-n p-n'
        m       | fired m           | m-j p-m' p-n p-n'      | m n
        m       | fired m/1         | m-j m-j p-n p-n'       | n
        n       | fired n           | m-j m-j n-j p-n'       | j n
        j       | fired j           | j-e m-j p-n'           | e n
        n       | fired n/1         | j-e m-j n-j            | e j
        j       | fired j/1         | j-e j-e
        e       | fired e           | j-e
        e       | fired e/1, ended P |
        """,
    )


def test_a_parallel_gateway_joins_and_splits_at_once() -> None:
    """Table 13.1: one token from each incoming flow, one on each outgoing flow."""
    model = draw([start("s"), parallel("p"), parallel("j"), user("a"), user("b")], "s > p > j > a", "p > j > b")
    golden(
        model,
        """
        begin s | fired   | ^s
        s       | fired s | s-p
        p       | fired p | p-j p-j'
        j       | fired j | j-a j-b
        """,
    )


def test_an_exclusive_gateway_routes_each_token_by_itself() -> None:
    """Table 13.2: as a merge it passes each token; as a decision it gives one to the first flow that holds."""
    model = draw([start("s"), parallel("p"), exclusive("x"), user("a"), user("b")], "s > p > x > a", "p > x > b")
    golden(
        model,
        """
        begin s | fired     | ^s
        s       | fired s   | s-p
        p       | fired p   | p-x p-x'
        x>b     | fired x   | p-x' x-b
        x>a     | fired x/1 | x-a x-b
        """,
    )


def test_a_default_flow_of_an_exclusive_gateway_is_one_of_its_ways() -> None:
    """Table 13.2: taken where no condition holds."""
    model = draw([start("s"), exclusive("x"), user("a"), user("b")], "s > x", "x > a [c]", "x > b [default]")
    net = Play(model).net
    assert list(options(net, net.nodes["x"])) == [("x-a",), ("x-b",)]
    golden(
        model,
        """
        begin s | fired   | ^s
        s       | fired s | s-x
        x>b     | fired x | x-b
        """,
    )


def test_an_inclusive_split_and_join() -> None:
    """Table 13.3: each flow whose condition holds; joined when no more can come."""
    model = draw(
        [start("s"), inclusive("o"), user("a"), user("b"), user("c"), inclusive("j"), end("e")],
        "s > o",
        "o > a [x]",
        "o > b [y]",
        "o > c [default]",
        "a > j",
        "b > j",
        "c > j",
        "j > e",
    )
    golden(
        model,
        """
        begin s | fired            | ^s
        s       | fired s          | s-o
        o>a+b   | fired o          | o-a o-b
        a       | enabled a        | a o-b
        a       | completed a      | a-j o-b  | b
        b       | enabled b        | a-j b    | b
        b       | completed b      | a-j b-j  | j
        j       | fired j          | j-e
        e       | fired e, ended P |
        """,
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-o
        o>c     | fired o     | o-c
        c       | enabled c   | c
        c       | completed c | c-j  | j
        j       | fired j     | j-e
        """,
    )


def test_the_default_flow_of_an_inclusive_split_never_goes_with_others() -> None:
    """Table 13.3: if no condition holds, and only then."""
    model = draw([inclusive("o"), user("a"), user("b")], "o > a [x]", "o > b [default]")
    net = Play(model, "P").net
    assert list(options(net, net.nodes["o"])) == [("o-b",), ("o-a",)]


def test_an_inclusive_join_in_a_loop_waits_for_what_may_come_round() -> None:
    """Table 13.3: `b` leads to the empty flow b-j; the way from `a` to it visits the join."""
    model = draw(
        [start("s"), inclusive("o"), user("a"), user("b"), inclusive("j"), exclusive("x"), end("e")],
        "s > o > a > j",
        "o > b > j",
        "j > x > o",
        "x > e",
    )
    golden(
        model,
        """
        begin s | fired              | ^s
        s       | fired s            | s-o
        o>a     | fired o            | o-a
        a       | enabled a          | a
        a       | completed a        | a-j  | j
        j       | fired j            | j-x
        x>o     | fired x            | x-o
        o>a+b   | fired o/1          | o-a o-b
        a       | enabled a/1        | a o-b
        a       | completed a/1      | a-j o-b | b
        b       | enabled b          | a-j b   | b
        b       | completed b        | a-j b-j | j
        j       | fired j/1          | j-x
        x>e     | fired x/1          | x-e
        e       | fired e, ended P   |
        """,
    )


def test_no_path_of_an_inclusive_join_crosses_the_border_of_its_sub_process() -> None:
    """Table 13.3: what goes on around the sub-process, and in another one, is no matter."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            sub("S"),
            inclusive("o", container="S"),
            user("b", container="S"),
            inclusive("j", container="S"),
            sub("T", container="S"),
            user("d", container="T"),
        ],
        "s > p > a",
        "p > S",
        "o > b > j",
        "o > T > j",
    )
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-p
        p       | fired p                | p-S p-a
        S       | enabled S, fired       | S ^o p-a
        o>T+b   | fired o                | S o-T o-b p-a
        T       | enabled T, fired       | S T ^d o-b p-a
        b       | enabled b              | S T ^d b p-a
        b       | completed b            | S T ^d b-j p-a  | a d
        d       | enabled d              | S T b-j d p-a
        d       | completed d, drained T | S T b-j p-a     | T a
        T       | completed T            | S T-j b-j p-a   | a j
        j       | fired j, drained S     | S p-a
        """,
    )


# -- event-based gateways, 13.4.4 and 13.2


def test_an_event_gateway_takes_the_first_of_its_events() -> None:
    """13.4.4."""
    model = draw(
        [start("s"), race("g"), catch("t", on="timer"), catch("m"), catch("k", on="conditional"), receive("r")],
        "s > g > t",
        "g > m",
        "g > k",
        "g > r",
    )
    golden(
        model,
        """
        begin s | fired                                                   | ^s
        s       | fired s                                                 | s-g
        g       | fired g, enabled k, enabled m, enabled r, enabled t     | (k) (m) (r) (t) g | k m r t
        k       | withdrawn m, withdrawn r, withdrawn t, completed k, ended P |
        """,
    )


def test_an_event_gateway_learns_of_a_signal_that_the_process_itself_throws() -> None:
    """13.4.4 and 10.5.1."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            race("g"),
            catch("c", on="signal:S"),
            catch("t", on="timer"),
            user("a"),
            throw("x", on="signal:S"),
        ],
        "s > p > g > c > a",
        "g > t",
        "p > x",
    )
    golden(
        model,
        """
        begin s | fired                                  | ^s
        s       | fired s                                | s-p
        p       | fired p                                | p-g p-x
        g       | fired g, enabled c, enabled t          | (c) (t) g p-x | t x
        x       | enabled x                              | (c) (t) g x   | t x
        x       | completed x, withdrawn t, completed c  | c-a
        """,
    )


def test_an_exclusive_event_gateway_begins_an_instance_with_its_first_event() -> None:
    """13.2: the others are not waited for."""
    model = draw(
        [race("g", instantiate=True), catch("c"), receive("r"), user("a"), user("b")], "g > c > a", "g > r > b"
    )
    assert dict(Play(model, "c").net.starts) == {"P": ("c", "r")}
    golden(
        model,
        """
        begin c | fired                | ^c    | c
        c       | fired c              | c-a   | a
        a       | enabled a            | a
        a       | completed a, ended P |
        begin r | fired /1             | ^r
        r       | fired r              | r-b
        b       | enabled b            | b
        b       | completed b, ended P/1 |
        """,
    )


def test_a_parallel_event_gateway_begins_an_instance_that_waits_for_the_others() -> None:
    """13.2: the process completes only if all events behind it have occurred."""
    model = draw(
        [race("g", instantiate=True, event_gateway_type="Parallel"), catch("c"), catch("d"), receive("r"), user("a")],
        "g > c > a",
        "g > d",
        "g > r",
    )
    golden(
        model,
        """
        begin c | fired, enabled d, enabled r | ^c d r | c d r
        c       | fired c              | c-a d r
        a       | enabled a            | a d r
        a       | completed a          | d r
        r       | completed r          | d           | d
        d       | completed d, ended P |
        """,
    )


def test_a_receive_task_that_instantiates_begins_with_its_message() -> None:
    """13.2: it has no incoming flow, and its message has come."""
    model = draw([task("r", TaskKind.RECEIVE, instantiate=True), user("a")], "r > a")
    golden(
        model,
        """
        begin r | fired                | ^r
        r       | fired r              | r-a
        a       | enabled a            | a
        a       | completed a, ended P |
        """,
    )


# -- complex gateways, 13.4.5


DISCRIMINATOR = draw(
    [start("s"), parallel("p"), user("a"), user("b"), user("c"), complex_gateway("x"), user("z"), end("e")],
    "s > p > a > x",
    "p > b > x",
    "p > c > x",
    "x > z > e",
)


def test_a_complex_gateway_as_a_discriminator() -> None:
    """Table 13.5: fires, then waits for reset; late tokens are taken by the reset and give nothing (WCP-9)."""
    golden(
        DISCRIMINATOR,
        """
        begin s | fired       | ^s
        s       | fired s     | s-p
        p       | fired p     | p-a p-b p-c
        a       | enabled a   | a p-b p-c
        a       | completed a | a-x p-b p-c         | b c x
        x       | fired x     | [x] p-b p-c x-z     | b c z
        z       | enabled z   | [x] p-b p-c z
        b       | enabled b   | [x] b p-c z
        b       | completed b | [x] b-x p-c z       | c z
        c       | enabled c   | [x] b-x c z
        c       | completed c | [x] b-x c-x z       | x z
        x       | fired x/1   | z                   | z
        z       | completed z | z-e
        e       | fired e, ended P |
        """,
    )


def test_a_complex_gateway_takes_one_token_of_each_flow_that_has_one() -> None:
    """Table 13.5: here two of three are there (the activation condition is the driver's)."""
    golden(
        DISCRIMINATOR,
        """
        begin s | fired       | ^s
        s       | fired s     | s-p
        p       | fired p     | p-a p-b p-c
        a       | enabled a   | a p-b p-c
        a       | completed a | a-x p-b p-c
        b       | enabled b   | a-x b p-c
        b       | completed b | a-x b-x p-c
        x       | fired x     | [x] p-c x-z     | c z
        c       | enabled c   | [x] c x-z       | c z
        c       | completed c | [x] c-x x-z     | x z
        x       | fired x/1   | x-z
        """,
    )


def test_a_second_token_on_a_flow_already_taken_from_waits_for_the_next_start() -> None:
    """Table 13.5: the reset takes tokens of flows that it had not yet taken from, alone."""
    model = draw(
        [start("s"), parallel("p"), exclusive("m"), user("b"), complex_gateway("x"), end("e")],
        "s > p > m > x",
        "p > m",
        "p > b > x",
        "x > e",
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-p
        p       | fired p     | p-b p-m p-m'
        m       | fired m     | m-x p-b p-m'
        x       | fired x     | [x] p-b p-m' x-e
        m       | fired m/1   | [x] m-x p-b x-e      | b e
        b       | enabled b   | [x] b m-x x-e
        b       | completed b | [x] b-x m-x x-e      | e x
        x       | fired x/1   | m-x x-e              | e x
        x       | fired x/2   | [x] x-e x-e          | e x
        """,
    )


def test_a_reset_does_not_wait_for_what_cannot_come() -> None:
    """Table 13.5: as the join of an inclusive gateway; tokens not expected are not waited for."""
    model = draw(
        [start("s"), inclusive("o"), user("a"), user("b"), complex_gateway("x"), user("z"), end("e")],
        "s > o > a > x",
        "o > b > x",
        "x > z > e",
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-o
        o>a     | fired o     | o-a
        a       | enabled a   | a
        a       | completed a | a-x
        x       | fired x     | [x] x-z     | x z
        x reset | fired x/1   | x-z         | z
        """,
    )


def test_at_reset_conditions_are_asked_again_and_the_default_is_taken_where_none_holds() -> None:
    """Table 13.5."""
    model = draw(
        [start("s"), parallel("p"), complex_gateway("x"), user("a"), user("b"), user("d")],
        "s > p > x",
        "p > x",
        "x > a [v]",
        "x > b [w]",
        "x > d [default]",
    )
    net = Play(model).net
    assert list(reset_options(net.nodes["x"])) == [("x-d",), ("x-a",), ("x-b",), ("x-a", "x-b")]
    assert list(options(net, net.nodes["x"])) == [("x-d",), ("x-a",), ("x-b",), ("x-a", "x-b")]
    golden(
        model,
        """
        begin s   | fired     | ^s
        s         | fired s   | s-p
        p         | fired p   | p-x p-x'
        x>a+b     | fired x   | [x] x-a x-b
        x>d reset | fired x/1 | x-a x-b x-d
        """,
    )


def test_a_reset_without_a_default_may_give_nothing() -> None:
    """Table 13.5: it might not produce any tokens in this phase."""
    assert () in list(reset_options(Play(DISCRIMINATOR).net.nodes["x"]))


def test_a_complex_gateway_that_has_fired_does_not_fire_again_before_its_reset() -> None:
    """Table 13.5."""
    play = Play(DISCRIMINATOR)
    play("s", "p", "a", "a", "x", "b", "b")
    scope = play.steps()[0].scope
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.PASS, scope, "x", flow="b-x", flows=("x-z",)))
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.RESET, scope, "x"))


def test_a_complex_gateway_with_one_incoming_flow_splits_like_an_inclusive_one() -> None:
    """13.4.5, 10.6.5."""
    model = draw([start("s"), complex_gateway("x"), user("a"), user("b"), user("c")], "s > x > a", "x > b", "x > c")
    golden(
        model,
        """
        begin s | fired   | ^s
        s       | fired s | s-x
        x>a+c   | fired x | x-a x-c
        """,
    )


def test_a_process_ends_though_a_complex_gateway_waits_for_its_reset() -> None:
    """Ours: it holds no token."""
    model = draw(
        [start("s"), exclusive("x"), complex_gateway("k"), user("a"), user("b"), end("e")],
        "s > x > a > k",
        "x > b > k",
        "k > e",
    )
    golden(
        model,
        """
        begin s | fired            | ^s
        s       | fired s          | s-x
        x>a     | fired x          | x-a
        a       | enabled a        | a
        a       | completed a      | a-k
        k       | fired k          | [k] k-e
        e       | fired e, ended P |
        """,
    )


def test_a_boundary_event_that_leaves_the_block_lets_the_inclusive_join_fire() -> None:
    """Table 13.3: what can no longer come is not waited for."""
    model = draw(
        [start("s"), parallel("p"), user("a"), boundary("b", "a"), user("c"), inclusive("j"), end("e"), user("z")],
        "s > p > a > j",
        "p > c > j > z",
        "b > e",
    )
    golden(
        model,
        """
        begin s | fired                | ^s
        s       | fired s              | s-p
        p       | fired p              | p-a p-c
        c       | enabled c            | c p-a
        c       | completed c          | c-j p-a
        a       | enabled a, enabled b | (b) a c-j   | a b
        b       | withdrawn a, fired b | b-e c-j     | e j
        j       | fired j              | b-e j-z
        """,
    )


def test_an_inclusive_join_does_not_wait_for_work_in_another_instance() -> None:
    """Table 13.3, 13.3.7: each instance of the sub-process is one of its own."""
    model = draw(
        [
            start("s"),
            sub("S", loop=MultiInstance()),
            inclusive("o", container="S"),
            user("a", container="S"),
            inclusive("j", container="S"),
        ],
        "s > S",
        "o > a > j",
        "o > j",
    )
    golden(
        model,
        """
        begin s | fired               | ^s
        s       | fired s             | s-S
        S x2    | enabled S*, enabled S, fired, enabled S, fired | S S S* ^o ^o
        o>a @0  | fired o             | S S S* ^o o-a
        a @0    | enabled a           | S S S* ^o a
        o>j @1  | fired o             | S S S* a o-j     | a j
        j @1    | fired j, drained S  | S S S* a
        """,
    )
