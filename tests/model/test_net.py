"""The net of a model: behaviours, and what a node needs to know."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    EventKind,
    NodeBase,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.model.net import Behaviour
from bpmn_tool.model.net_build import build
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
    task,
    throw,
    user,
)


def event(id: str, kind: EventKind, *triggers: TriggerKind, **more: Any) -> Event:
    return Event(id=id, kind=kind, definitions=tuple(EventDefinition(kind=t) for t in triggers), container="P", **more)


@pytest.mark.parametrize(
    ("node", "behaviour"),
    [
        (start("n"), Behaviour.START),
        (end("n"), Behaviour.END),
        (end("n", trigger=TriggerKind.MESSAGE), Behaviour.END),
        (end("n", trigger=TriggerKind.TERMINATE), Behaviour.TERMINATE),
        (throw("n"), Behaviour.THROW),
        (catch("n"), Behaviour.CATCH),
        (boundary("n", "h"), Behaviour.BOUNDARY),
        (receive("n"), Behaviour.RECEIVE),
        (exclusive("n"), Behaviour.EXCLUSIVE),
        (parallel("n"), Behaviour.PARALLEL),
        (inclusive("n"), Behaviour.INCLUSIVE),
        (race("n"), Behaviour.EVENT_GATEWAY),
        *[(task("n", kind), Behaviour.WORK) for kind in TaskKind if kind is not TaskKind.RECEIVE],
    ],
)
def test_every_node_has_the_behaviour_of_its_kind(node: NodeBase, behaviour: Behaviour) -> None:
    assert build(draw([node, user("h")])).nodes["n"].behaviour is behaviour


def test_conditions_count_at_activities_and_not_on_the_default_flow() -> None:
    """Table 10.3: a condition of the default flow is ignored."""
    model = draw([user("a"), user("b"), user("c"), user("d")], "a > b [x]", "a > c [y]", "a > d [ ]")
    decides = replace(cast(Task, model.flow_nodes["a"]), default="a-c")
    model = replace(model, flow_nodes={**model.flow_nodes, "a": decides})
    assert build(model).nodes["a"].conditional == ("a-b",)


def test_conditions_at_a_gateway_are_not_those_of_an_activity() -> None:
    assert build(draw([exclusive("x"), user("b")], "x > b [x]")).nodes["x"].conditional == ()


def test_flows_and_boundary_events_stand_in_the_order_of_their_ids() -> None:
    model = draw([user("a"), boundary("z", "a"), boundary("b", "a"), user("y"), user("c")], "a > y", "a > c")
    node = build(model).nodes["a"]
    assert (node.outgoing, node.boundary) == (("a-c", "a-y"), ("b", "z"))


def test_a_message_flow_is_known_at_both_ends() -> None:
    model = draw([throw("t", message=True), catch("c", container="Q")], messages="m:t>c")
    net = build(model)
    assert (net.nodes["t"].sends, net.nodes["c"].receives) == (("m",), ("m",))
    assert net.process_of == {"t": "P", "c": "Q"}


@pytest.mark.parametrize(
    ("event", "recurs"),
    [
        (boundary("b", "a", cancel_activity=False), True),
        (boundary("b", "a", cancel_activity=False, after="PT1H"), False),
        (boundary("b", "a", cancel_activity=False, cycle="R/PT1H"), True),
        (boundary("b", "a"), False),
    ],
)
def test_what_does_not_interrupt_may_come_again_but_for_a_plain_timer(event: NodeBase, recurs: bool) -> None:
    assert build(draw([user("a"), event])).nodes["b"].recurs is recurs


def test_a_sub_process_begins_at_its_start_events_else_where_nothing_comes_in() -> None:
    inside = [user("a", container="S"), boundary("x", "a", container="S"), user("b", container="S")]
    assert build(draw([sub("S"), *inside], "a > b")).nodes["S"].begins == ("a",)
    assert build(draw([sub("S"), *inside, start("i", container="S")], "i > b")).nodes["S"].begins == ("i",)


def test_a_process_without_start_events_begins_where_nothing_comes_in() -> None:
    assert build(draw([user("a"), user("b"), user("c")], "a > c")).begins == {"P": ("a", "b")}
    assert build(draw([start("s"), user("b")], "s > b")).begins == {}


def test_inclusive_joins_are_those_with_several_incoming_flows() -> None:
    model = draw([start("s"), inclusive("o"), inclusive("j")], "s > o > j", "o > j")
    assert build(model).inclusive == ("j",)


def test_a_message_flow_to_and_from_a_black_box_is_none_of_the_rules_business() -> None:
    model = draw([throw("t", message=True), catch("c")], messages="m:t>B n:B>c", boxes="B")
    assert build(model).messages == {"m": ("t", "B"), "n": ("B", "c")}
