"""Gateways, a small model a rule of BPMN 2.0.2, 13.4."""

import pytest

from bpmn_tool.model.elements import Model, MultiInstance, TriggerKind
from bpmn_tool.model.tokens import Step, StepKind, options
from tests.execution.drawing import (
    boundary,
    catch,
    draw,
    end,
    exclusive,
    inclusive,
    parallel,
    race,
    receive,
    start,
    sub,
    user,
)
from tests.model.playing import Play


def targets(play: Play, node: str) -> list[str]:
    found = options(play.net, play.net.nodes[node])
    return sorted("+".join(play.net.flows[flow][1] for flow in flows) for flows in found)


# -- exclusive, 13.4.2

DECISION = draw(
    [start("s"), exclusive("x"), user("a"), user("b"), user("c"), end("e")],
    "s > x",
    "x > a",
    "x > b",
    "x > c",
    "a > e",
    "b > e",
    "c > e",
)


def test_an_exclusive_decision_takes_exactly_one_flow() -> None:
    play = Play(DECISION)
    play("s")
    assert [step.flows for step in play.steps("x")] == [("x-a",), ("x-b",), ("x-c",)]
    assert play("x>b") == ["fired x"]
    assert play.held == "x-b"


@pytest.mark.parametrize("flows", [(), ("x-a", "x-b"), ("s-x",)])
def test_any_other_choice_is_refused(flows: tuple[str, ...]) -> None:
    play = Play(DECISION)
    play("s")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(play.steps("x")[0]._replace(flows=flows))


def test_an_exclusive_merge_passes_each_token_by_itself() -> None:
    play = Play(draw([start("s"), parallel("p"), exclusive("m"), user("a")], "s > p > m", "p > m > a"))
    play("s", "p", "m", "m", "a")
    assert play("a") == ["enabled a/1"]


# -- parallel, 13.4.1

BLOCK = draw(
    [start("s"), parallel("p"), user("a"), user("b"), parallel("j"), end("e")], "s > p > a > j", "p > b > j", "j > e"
)


def test_a_parallel_split_puts_a_token_on_every_flow() -> None:
    play = Play(BLOCK)
    play("s", "p")
    assert play.held == "p-a p-b"


def test_a_parallel_join_takes_one_token_from_every_flow() -> None:
    play = Play(BLOCK)
    play("s", "p", "a", "a")
    assert "j" not in play.may
    play("b", "b")
    assert play("j") == ["fired j"]
    assert play("e") == ["fired e", "ended P"]


def test_tokens_that_come_twice_by_one_flow_wait_for_the_next_round() -> None:
    model = draw(
        [start("s"), parallel("p"), exclusive("m"), parallel("j"), end("e")],
        "s > p > m",
        "p > m",
        "p > j",
        "m > j",
        "j > e",
    )
    play = Play(model)
    play("s", "p", "m", "m")
    assert play.held == "m-j m-j p-j"
    play("j")
    assert play.held == "j-e m-j"
    assert play("e") == ["fired e"]
    assert play.may == []


def test_a_join_of_two_flows_from_one_node_needs_both() -> None:
    play = Play(draw([start("s"), parallel("p"), parallel("j"), end("e")], "s > p > j", "p > j > e"))
    play("s", "p", "j", "e")
    assert play.held == ""


# -- inclusive, 13.4.3

OR = draw(
    [start("s"), inclusive("o"), user("a"), user("b"), inclusive("j"), end("e")],
    "s > o",
    "o > a [x]",
    "o > b [default]",
    "a > j",
    "b > j",
    "j > e",
)
OR3 = draw(
    [start("s"), inclusive("o"), user("a"), user("b"), user("c"), inclusive("j"), end("e")],
    "s > o > a > j",
    "o > b > j",
    "o > c > j",
    "j > e",
)


def test_an_inclusive_split_takes_any_flows_but_not_none() -> None:
    assert targets(Play(OR3), "o") == ["a", "a+b", "a+b+c", "a+c", "b", "b+c", "c"]


def test_a_default_flow_is_taken_alone() -> None:
    """10.6.3: where none of the conditions holds."""
    assert targets(Play(OR), "o") == ["a", "b"]


def test_an_inclusive_join_waits_for_tokens_on_their_way_alone() -> None:
    play = Play(OR3)
    play("s", "o>a+c", "a", "a")
    assert play.may == ["c"]
    play("c", "c")
    assert play.held == "a-j c-j"
    assert play("j", "e") == ["fired e", "ended P"]


def test_an_inclusive_join_does_not_wait_where_nothing_is_on_its_way() -> None:
    play = Play(OR3)
    play("s", "o>b", "b", "b")
    assert play.may == ["j"]


def test_one_token_of_each_flow_is_taken() -> None:
    model = draw(
        [start("s"), parallel("p"), exclusive("m"), inclusive("j"), user("a")], "s > p > m", "p > m > j", "p > j > a"
    )
    play = Play(model)
    play("s", "p", "m", "m", "j")
    assert play.held == "j-a m-j"
    play("j")
    assert play.held == "j-a j-a"


def test_a_token_that_can_come_by_a_full_flow_is_not_waited_for() -> None:
    """13.4.3: for each path to an empty flow there is one, from the same token, to a full one."""
    model = draw(
        [start("s"), parallel("p"), exclusive("m"), exclusive("x"), user("a"), user("b"), inclusive("j")],
        "s > p > a > m > j",
        "p > x > m",
        "x > b > j",
    )
    play = Play(model)
    play("s", "p", "a", "a", "m")
    assert play.held == "m-j p-x"
    assert play.may == ["j", "x"]


def test_a_path_to_a_full_flow_must_not_visit_the_join() -> None:
    """13.4.3, vi: `a` leads to k-j through j alone."""
    model = draw(
        [start("s"), parallel("p"), user("a"), exclusive("m"), user("k"), inclusive("j"), exclusive("y"), end("e")],
        "s > p > a > j",
        "p > m > k > j > y > m",
        "y > e",
    )
    play = Play(model)
    play("s", "p", "a", "m", "k", "k")
    assert play.held == "a k-j"
    assert play.may == ["a"]
    play("a")
    assert play.may == ["j"]


def test_an_inclusive_join_waits_for_a_token_in_a_loop_before_it() -> None:
    model = draw(
        [start("s"), parallel("p"), exclusive("m"), user("a"), exclusive("x"), user("b"), inclusive("j")],
        "s > p > m > a > x > m",
        "x > j",
        "p > b > j",
    )
    play = Play(model)
    play("s", "p", "b", "b", "m", "a", "a")
    assert play.may == ["x"]
    play("x>m", "m", "a")
    assert play.may == ["a"]
    play("a", "x>j")
    assert play.may == ["j"]


def test_two_joins_that_wait_for_each_other_stay_stuck() -> None:
    model = draw(
        [start("s"), parallel("p"), inclusive("j"), inclusive("k"), exclusive("x"), exclusive("y"), end("e")],
        "s > p > j > x > k",
        "x > e",
        "p > k > y > j",
        "y > e",
    )
    play = Play(model)
    play("s", "p")
    assert play.held == "p-j p-k"
    assert play.may == []


LEFT = draw(
    [start("s"), inclusive("o"), user("a"), boundary("b", "a", after="PT1H"), user("c"), user("d"), inclusive("j")],
    "s > o > a > j",
    "o > c > j",
    "b > d > j",
)


def test_an_inclusive_join_waits_for_what_may_leave_by_a_boundary_event() -> None:
    """Semantics 3: paths go through boundary events."""
    play = Play(LEFT)
    play("s", "o>a+c", "a", "c", "c")
    assert play.may == ["a", "b"]
    play("b", "d")
    assert play.may == ["d"]
    play("d")
    assert play("j") == ["fired j", "ended P"]


def test_an_inclusive_join_waits_for_an_activity_that_leads_there_by_its_boundary_event_alone() -> None:
    nodes = [start("s"), parallel("p"), user("a"), boundary("b", "a"), user("c"), inclusive("j"), end("e")]
    play = Play(draw(nodes, "s > p > a > e", "p > c > j", "b > j"))
    play("s", "p", "a", "c", "c")
    assert play.may == ["a", "b"]
    play("a")
    assert play.may == ["e", "j"]


def test_an_inclusive_join_does_not_wait_for_a_boundary_event_of_nobody() -> None:
    play = Play(LEFT)
    play("s", "o>c", "c", "c")
    assert play.may == ["j"]


def test_a_boundary_event_that_listens_is_waited_for() -> None:
    """Semantics 3: the token in `a` can come by the full flow m-j, but what `b` begins comes by b-j alone."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            boundary("b", "a", after="PT1H"),
            user("c"),
            exclusive("m"),
            inclusive("j"),
        ],
        "s > p > a > m > j",
        "p > c > m",
        "b > j",
    )
    play = Play(model)
    play("s", "p", "a", "c", "c", "m")
    assert play.may == ["a", "b"]
    play("a")
    assert play.may == ["j", "m"]


def test_an_event_behind_an_event_gateway_is_no_second_token() -> None:
    """13.4.3 and 13.4.4: the token in the event gateway can come by the full flow m-j."""
    model = draw(
        [start("s"), parallel("p"), race("g"), catch("t"), catch("u"), user("c"), exclusive("m"), inclusive("j")],
        "s > p > g > t > m > j",
        "g > u > j",
        "p > c > m",
    )
    play = Play(model)
    play("s", "p", "g", "c", "c", "m")
    assert play.may == ["j", "t", "u"]


def test_an_inclusive_join_looks_at_its_own_sub_process_alone() -> None:
    """13.4.3: no paths are considered that cross the boundary of the sub-process."""
    model = draw(
        [
            start("s"),
            parallel("p"),
            sub("S"),
            user("a"),
            end("e"),
            start("i", container="S"),
            inclusive("o", container="S"),
            inclusive("j", container="S"),
            user("c", container="S"),
        ],
        "s > p > S > e",
        "p > a > e",
        "i > o > c > j",
        "o > j",
    )
    play = Play(model)
    play("s", "p", "S", "a", "i", "o>j")
    assert play.may == ["a", "j"]


def test_an_inclusive_join_does_not_wait_for_another_instance_of_its_sub_process() -> None:
    inside = [inclusive("o", container="S"), user("a", container="S"), inclusive("j", container="S")]
    play = Play(draw([start("s"), sub("S", loop=MultiInstance()), *inside], "s > S", "o > a > j", "o > j"))
    play("s")
    play.do("S", instances=2)
    play.do("o", path=(0,), to="a")
    play.do("o", path=(1,), to="j")
    assert play.do("j", path=(1,)) == ["fired j", "drained S"]


def test_an_inclusive_join_waits_for_a_sub_process_before_it() -> None:
    model = draw(
        [start("s"), inclusive("o"), sub("S"), user("b"), inclusive("j"), user("a", container="S")],
        "s > o > S > j",
        "o > b > j",
    )
    play = Play(model)
    play("s", "o>S+b", "S", "b", "b", "a")
    assert play.may == ["a"]
    play("a", "S")
    assert play.may == ["j"]


# -- event-based, 13.4.4

RACE = draw(
    [start("s"), race("g"), catch("t", after="PT1H"), receive("r"), user("a"), user("b")], "s > g > t > a", "g > r > b"
)


def test_behind_an_event_gateway_all_wait() -> None:
    play = Play(RACE)
    assert play("s", "g") == ["fired g", "enabled r", "enabled t"]
    assert play.held == "(r) (t) g"
    assert play.may == ["r", "t"]


def test_the_first_event_takes_the_token_and_the_others_go() -> None:
    play = Play(RACE)
    play("s", "g")
    assert play("r") == ["withdrawn t", "completed r"]
    assert play.held == "r-b"


def test_an_event_gateway_does_not_complete_by_itself() -> None:
    play = Play(RACE)
    play("s", "g")
    scope = next(key[1] for key in play.marking if key[0] == "a")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.COMPLETE, scope, "g", flows=("g-t",)))


def test_two_tokens_in_one_event_gateway_race_apart() -> None:
    model = draw(
        [start("s"), parallel("p"), race("g"), catch("t"), catch("u"), end("e")],
        "s > p > g",
        "p > g > t > e",
        "g > u > e",
    )
    play = Play(model)
    play("s", "p", "g", "g")
    assert play.do("u", visit=1) == ["withdrawn t/1", "completed u/1"]
    assert play.held == "(t) (u) g u-e"


# -- where a gateway is the first or the last, 10.6.1


@pytest.mark.parametrize("gateway", [exclusive, parallel, inclusive])
def test_a_gateway_without_an_outgoing_flow_is_an_end(gateway: object) -> None:
    model: Model = draw([start("s"), gateway("g")], "s > g")  # type: ignore[operator]
    assert Play(model)("s", "g") == ["fired g", "ended P"]


@pytest.mark.parametrize("gateway", [exclusive, parallel, inclusive])
def test_a_gateway_without_an_incoming_flow_begins_a_sub_process_without_a_start_event(gateway: object) -> None:
    """13.3.4."""
    model: Model = draw([start("s"), sub("S"), gateway("g", container="S"), user("a", container="S")], "s > S", "g > a")  # type: ignore[operator]
    play = Play(model)
    play("s", "S", "g", "a")
    assert play("a") == ["completed a", "drained S"]


def test_a_terminate_end_event_leaves_nothing_of_a_race() -> None:
    model = draw(
        [start("s"), parallel("p"), race("g"), catch("t"), catch("u"), end("x", trigger=TriggerKind.TERMINATE)],
        "s > p > g > t",
        "g > u",
        "p > x",
    )
    play = Play(model)
    play("s", "p", "g")
    assert play("x") == ["fired x", "withdrawn g", "withdrawn t", "withdrawn u", "ended P"]
    assert play.held == ""
