"""Processes, activities, loops and multi-instances: a small model and its whole trace, a rule of BPMN 2.0.2, 10.3, 13.2
and 13.3, each.
"""

from dataclasses import replace
from typing import cast

import pytest

from bpmn_tool.model.elements import Model, MultiInstance, StandardLoop, Task
from bpmn_tool.model.tokens import Step, StepKind
from tests.execution.drawing import boundary, draw, end, exclusive, parallel, receive, start, sub, throw, user
from tests.model.playing import Play, golden

# -- processes, 13.2 and 13.5.6


def test_two_start_events_are_alternatives() -> None:
    """13.2: an instance begun by one does not wait for the other."""
    model = draw(
        [start("s"), start("t", on="timer"), parallel("p"), user("a"), end("e")], "s > a", "t > a", "a > p > e"
    )
    golden(
        model,
        """
        begin t | fired            | ^t
        t       | fired t          | t-a
        a       | enabled a        | a
        a       | completed a      | a-p
        p       | fired p          | p-e
        e       | fired e, ended P |
        """,
    )


def test_a_process_without_start_events_begins_at_all_that_has_no_incoming_flow() -> None:
    """10.5.2: all flow objects without an incoming sequence flow are instantiated."""
    model = draw([user("a"), exclusive("x"), user("b"), end("e")], "a > e", "x > b > e")
    golden(
        model,
        """
        begin P | fired              | ^a ^x
        a       | enabled a          | ^x a
        x       | fired x            | a x-b
        a       | completed a        | a-e x-b
        e       | fired e            | x-b
        b       | enabled b          | b
        b       | completed b        | b-e
        e       | fired e/1, ended P |
        """,
    )


def test_a_process_ends_when_no_token_is_left() -> None:
    """13.5.6: an activity without an outgoing flow is an end."""
    golden(
        draw([start("s"), user("a"), end("e")], "s > a", "s > e"),
        """
        begin s | fired                | ^s
        s       | fired s              | s-a s-e
        e       | fired e              | s-a
        a       | enabled a            | a
        a       | completed a, ended P |
        """,
    )


# -- tokens at activities, 13.3.2


def needing(start_quantity: int = 1, completion_quantity: int = 1) -> Model:
    both = {"start_quantity": start_quantity, "completion_quantity": completion_quantity}
    return draw(
        [start("s"), parallel("p"), exclusive("m"), user("a", **both), end("e")],
        "s > p > m > a > e",
        "p > m",
        "p > a",
    )


def test_an_activity_begins_when_the_number_of_tokens_it_needs_is_there() -> None:
    """13.3.2: StartQuantity; ours: over all incoming flows together, in the order of their ids."""
    golden(
        needing(start_quantity=2),
        """
        begin s | fired       | ^s
        s       | fired s     | s-p
        p       | fired p     | p-a p-m p-m'     | m
        m       | fired m     | m-a p-a p-m'     | a m
        m       | fired m/1   | m-a m-a p-a      | a
        a       | enabled a   | a p-a            | a
        a       | completed a | a-e p-a          | e
        e       | fired e     | p-a              |
        """,
    )


def test_it_leaves_with_the_number_of_tokens_it_gives() -> None:
    """13.3.2: CompletionQuantity."""
    model = draw([start("s"), user("a", completion_quantity=3), user("b"), end("e")], "s > a > e", "a > b")
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-a
        a       | enabled a   | a
        a       | completed a | a-b a-b a-b a-e a-e a-e
        """,
    )


def test_quantities_of_a_multi_instance_are_those_of_the_whole() -> None:
    """13.3.2, 13.3.7."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a", start_quantity=2, completion_quantity=2, loop=MultiInstance()),
            end("e"),
        ],
        "s > p > a > e",
        "p > a",
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-p
        p       | fired p     | p-a p-a'
        a x2    | enabled a*, enabled a, enabled a | a a a*
        a       | completed a | a a*
        a       | completed a, completed a* | a-e a-e
        """,
    )


def test_forks_and_merges_without_gateways() -> None:
    """13.3.1: each outgoing flow gets a token; each token begins the activity again."""
    model = draw([start("s"), user("a"), user("b"), user("c"), user("d"), end("e")], "s > a > b > d > e", "a > c > d")
    golden(
        model,
        """
        begin s | fired         | ^s
        s       | fired s       | s-a
        a       | enabled a     | a
        a       | completed a   | a-b a-c
        b       | enabled b     | a-c b
        b       | completed b   | a-c b-d
        d       | enabled d     | a-c d
        c       | enabled c     | c d
        c       | completed c   | c-d d
        d       | enabled d/1   | d d
        d done  | completed d   | d d-e
        d       | completed d/1 | d-e d-e
        e       | fired e       | d-e
        e       | fired e/1, ended P |
        """,
    )


def test_conditional_flows_of_an_activity() -> None:
    """10.3.1, 8.4.13: those that hold, with the unconditional ones; the default where none holds."""
    model = draw(
        [start("s"), user("a"), user("b"), user("c"), user("d")],
        "s > a > b",
        "a > c [x]",
        "a > d [default]",
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-a
        a       | enabled a   | a
        a>b+c   | completed a | a-b a-c
        """,
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-a
        a       | enabled a   | a
        a>b+d   | completed a | a-b a-d
        """,
    )
    play = Play(model)
    play("s", "a")
    assert [step.flows for step in play.steps("a")] == [("a-b", "a-d"), ("a-b", "a-c")]


def test_the_condition_of_a_default_flow_is_ignored() -> None:
    """Table 10.3."""
    model = draw([start("s"), user("a"), user("b"), user("c")], "s > a", "a > b [x]", "a > c [y]")
    model = replace(
        model, flow_nodes={**model.flow_nodes, "a": replace(cast(Task, model.flow_nodes["a"]), default="a-c")}
    )
    play = Play(model)
    play("s", "a")
    assert [step.flows for step in play.steps("a")] == [("a-c",), ("a-b",)]


def test_a_receive_task_waits_and_a_send_task_sends_when_it_is_done() -> None:
    """13.3.3."""
    model = draw(
        [start("s"), receive("r"), user("a"), end("e"), throw("t", message=True, container="Q")],
        "s > r > a > e",
        messages="m:t>r n:a>t",
    )
    golden(
        model,
        """
        begin s | fired               | ^s
        s       | fired s             | s-r
        r       | enabled r           | r
        r       | completed r         | r-a
        a       | enabled a           | a
        a       | completed a, sent n | a-e
        """,
    )


# -- loops, 13.3.6


def test_a_loop_tested_after() -> None:
    """13.3.6: at least once, at most loopMaximum times."""
    model = draw([start("s"), user("a", loop=StandardLoop(maximum=2)), end("e")], "s > a > e")
    play = golden(
        model,
        """
        begin s | fired                       | ^s
        s       | fired s                     | s-a
        a       | enabled a*, enabled a       | a a*
        a again | completed a, enabled a/1    | a a*
        """,
    )
    assert [step.again for step in play.steps("a")] == [False]
    assert play("a") == ["completed a/1", "completed a*"]
    assert play.held == "a-e"


def test_a_loop_tested_before_may_not_run_at_all() -> None:
    """13.3.6: testBefore."""
    model = draw([start("s"), user("a", loop=StandardLoop(test_before=True)), end("e")], "s > a > e")
    golden(
        model,
        """
        begin s | fired                  | ^s
        s       | fired s                | s-a
        a x0    | enabled a*, drained a* | a*
        a close | completed a*           | a-e
        """,
    )


def test_a_boundary_event_of_a_loop_sits_at_the_whole() -> None:
    """13.5.3: it listens over all rounds, and takes all of them."""
    model = draw(
        [start("s"), sub("S", loop=StandardLoop()), user("a", container="S"), boundary("b", "S"), user("z")],
        "s > S",
        "b > z",
    )
    golden(
        model,
        """
        begin s | fired       | ^s
        s       | fired s     | s-S
        S       | enabled S*, enabled b, enabled S, fired | (b) S S* ^a
        a       | enabled a   | (b) S S* a
        a       | completed a, drained S | (b) S S*
        S again | completed S, enabled S/1, fired /1 | (b) S S* ^a
        b       | withdrawn S/1, vanished ^a, withdrawn S*, fired b | b-z
        """,
    )


# -- multi-instances, 13.3.7


def many(**more: object) -> Model:
    loop = MultiInstance(**more)  # type: ignore[arg-type]
    return draw([start("s"), user("a", loop=loop), boundary("b", "a"), end("e"), end("z")], "s > a > e", "b > z")


def test_parallel_instances_run_side_by_side() -> None:
    """13.3.7: one token when all are done."""
    golden(
        many(),
        """
        begin s | fired       | ^s
        s       | fired s     | s-a
        a x3    | enabled a*, enabled b, enabled a, enabled a, enabled a | (b) a a a a*
        a @2    | completed a | (b) a a a*
        a @0    | completed a | (b) a a*
        a @1    | completed a, withdrawn b, completed a* | a-e
        """,
    )


def test_sequential_instances_run_one_after_another() -> None:
    """13.3.7: isSequential."""
    golden(
        many(is_sequential=True),
        """
        begin s | fired       | ^s
        s       | fired s     | s-a
        a x3    | enabled a*, enabled b, enabled a | (b) a a*
        a @0    | completed a, enabled a | (b) a a*
        a @1    | completed a, enabled a | (b) a a*
        a @2    | completed a, withdrawn b, completed a* | a-e
        """,
    )


def test_a_completion_condition_cancels_the_instances_that_are_left() -> None:
    """13.3.7: asked whenever an instance completes."""
    golden(
        many(completion_condition="c"),
        """
        begin s     | fired       | ^s
        s           | fired s     | s-a
        a x3        | enabled a*, enabled b, enabled a, enabled a, enabled a | (b) a a a a*
        a @2        | completed a | (b) a a a*
        a @0 enough | completed a, withdrawn a, withdrawn b, completed a* | a-e
        """,
    )
    golden(
        many(completion_condition="c", is_sequential=True),
        """
        begin s     | fired       | ^s
        s           | fired s     | s-a
        a x3        | enabled a*, enabled b, enabled a | (b) a a*
        a @0        | completed a, enabled a | (b) a a*
        a @1 enough | completed a, withdrawn b, completed a* | a-e
        """,
    )


@pytest.mark.parametrize("sequential", [False, True])
def test_an_interrupting_event_takes_all_instances(sequential: bool) -> None:
    """13.5.3: in case of a multi-instance, all its instances are cancelled."""
    play = Play(many(is_sequential=sequential))
    play("s")
    play.do("a", instances=2)
    play.do("a", path=(0,))
    assert play("b") == ["withdrawn a", "withdrawn a*", "fired b"]
    assert play.held == "b-z"


def test_a_message_is_sent_by_each_instance() -> None:
    """13.3.3, 13.3.7: each instance is an activity of its own."""
    model = draw([start("s"), user("a", loop=MultiInstance()), receive("r", container="Q")], "s > a", messages="m:a>r")
    golden(
        model,
        """
        begin s | fired     | ^s
        s       | fired s   | s-a
        a x2    | enabled a*, enabled a, enabled a | a a a*
        a       | completed a, sent m | a a*
        a       | completed a, sent m, completed a*, ended P |
        """,
    )


def test_a_multi_instance_in_a_multi_instance() -> None:
    """13.3.7."""
    model = draw(
        [start("s"), sub("S", loop=MultiInstance()), user("a", loop=MultiInstance(), container="S"), end("e")],
        "s > S > e",
    )
    golden(
        model,
        """
        begin s | fired     | ^s
        s       | fired s   | s-S
        S x2    | enabled S*, enabled S, fired, enabled S, fired | S S S* ^a ^a
        a @1 x2 | enabled a*, enabled a, enabled a | S S S* ^a a a a*
        a @1.0  | completed a | S S S* ^a a a*
        a @1.1  | completed a, completed a*, drained S | S S S* ^a
        S @1    | completed S | S S* ^a
        """,
    )


def test_an_activity_needs_its_tokens_in_one_scope() -> None:
    """13.3.2: two instances of a sub-process do not share tokens."""
    model = draw(
        [
            start("s"),
            sub("S", loop=MultiInstance()),
            exclusive("x", container="S"),
            user("a", container="S", start_quantity=2),
        ],
        "s > S",
        "x > a",
    )
    play = Play(model)
    play("s")
    play.do("S", instances=2)
    play.do("x", path=(0,))
    play.do("x", path=(1,))
    assert play.held == "S S S* x-a x-a"
    assert play.may == []
    scope = next(key[1] for key in play.marking if key[0] == "t")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.PASS, scope, "a", flow="x-a"))
