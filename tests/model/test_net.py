"""The net of a model: behaviours, what a node needs to know, and refusals by name, place and reason."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bpmn_tool.errors import Location, NotSimulated
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    Gateway,
    GatewayKind,
    Model,
    NodeBase,
    StandardLoop,
    SubProcessKind,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.model.net import Behaviour, build, refusals
from tests.execution.drawing import (
    boundary,
    catch,
    draw,
    end,
    exclusive,
    gateway,
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


def refused(model: Model) -> str:
    with pytest.raises(NotSimulated) as error:
        build(model)
    return str(error.value)


def within(*nodes: NodeBase, lines: tuple[str, ...] = ()) -> Model:
    return draw([start("s"), *nodes], *lines)


INNER = user("i", container="n")


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (within(CallActivity(id="n", container="P")), "call activities"),
        (within(gateway("n", GatewayKind.COMPLEX)), "complex gateways"),
        (within(race("n", instantiate=True)), "starts a process"),
        (within(race("n", event_gateway_type="Parallel")), "parallel event gateways"),
        (within(receive("n", instantiate=True)), "starts a process"),
        (within(user("n", is_for_compensation=True)), "compensation"),
        (within(user("n", start_quantity=2)), "quantities"),
        (within(user("n", completion_quantity=2)), "quantities"),
        (within(sub("n")), "empty"),
        (within(sub("n", triggered_by_event=True), INNER), "event sub-processes"),
        (within(sub("n", kind=SubProcessKind.TRANSACTION), INNER), "transaction"),
        (within(sub("n", kind=SubProcessKind.AD_HOC), INNER), "adHoc"),
        (within(event("n", EventKind.CATCH, TriggerKind.SIGNAL)), "signal catch events"),
        (within(event("n", EventKind.CATCH)), "none catch events"),
        (within(event("n", EventKind.CATCH, TriggerKind.MESSAGE, TriggerKind.TIMER)), "several triggers"),
        (within(event("n", EventKind.END, TriggerKind.ERROR)), "error end events"),
        (within(event("n", EventKind.THROW, TriggerKind.ESCALATION)), "escalation throw events"),
        (within(event("n", EventKind.THROW, TriggerKind.COMPENSATE)), "compensate throw events"),
        (within(event("n", EventKind.CATCH, TriggerKind.LINK)), "link catch events"),
        (within(event("n", EventKind.CATCH, TriggerKind.CONDITIONAL)), "conditional catch events"),
        (within(user("h"), event("n", EventKind.BOUNDARY, TriggerKind.ERROR, attached_to_ref="h")), "error boundary"),
        (within(sub("S"), start("n", container="S", message=True)), "must have no trigger"),
        (draw([start("n"), user("a")], "n > a [x]"), "condition"),
    ],
)  # fmt: skip
def test_what_has_no_rules_here_is_refused_by_name_and_reason(model: Model, why: str) -> None:
    said = refused(model)
    assert "(n)" in said
    assert why in said


def test_every_trigger_of_every_kind_of_event_is_handled_or_refused() -> None:
    for kind in EventKind:
        for trigger in (None, *TriggerKind):
            made = event("n", kind, *([trigger] if trigger else []), attached_to_ref="h")
            model = draw([user("h"), made])
            problems = list(refusals(model))
            assert problems or build(model).nodes["n"].trigger is trigger
            assert all("(n)" in problem.message for problem in problems)


def test_all_is_refused_at_once_each_with_its_place() -> None:
    nodes: list[NodeBase] = [
        Gateway(id=f"n{line}", container="P", kind=GatewayKind.COMPLEX, location=Location(path="m.bpmn", line=line))
        for line in (3, 5)
    ]
    with pytest.raises(NotSimulated) as error:
        build(draw([start("s"), *nodes]))
    assert [problem.location.line for problem in error.value.problems] == [3, 5]


RACE = [start("s"), race("g"), catch("t"), receive("r"), user("a")]


def test_behind_an_event_gateway_a_task_is_refused() -> None:
    assert "'a'" in refused(draw(RACE, "s > g > t", "g > a"))


def test_behind_an_event_gateway_nothing_else_may_lead_to_the_events() -> None:
    assert "second incoming flow" in refused(draw([*RACE, parallel("p")], "s > p > g > t", "g > r", "p > r"))


@pytest.mark.parametrize("more", [[boundary("b", "r")], []])
def test_behind_an_event_gateway_a_receive_task_has_neither_marker_nor_boundary_event(more: list[NodeBase]) -> None:
    one = receive("r") if more else receive("r", loop=StandardLoop())
    nodes = [each for each in RACE if each.id != "r"]
    assert "must not have" in refused(draw([*nodes, one, *more], "s > g > t", "g > r"))


def test_a_message_flow_to_the_border_of_a_pool_with_a_process_is_refused() -> None:
    model = draw([throw("t", message=True), user("a", container="Q")], messages="m:t>pool_Q")
    assert "ends at the border" in refused(model)


@pytest.mark.parametrize("sender", [start("n"), catch("n"), exclusive("n"), boundary("n", "a")])
def test_a_message_flow_out_of_what_sends_nothing_is_refused(sender: NodeBase) -> None:
    model = draw([user("a"), sender, catch("c", container="Q")], messages="m:n>c")
    assert "sends nothing" in refused(model)


def test_a_message_flow_to_and_from_a_black_box_is_none_of_the_rules_business() -> None:
    model = draw([throw("t", message=True), catch("c")], messages="m:t>B n:B>c", boxes="B")
    assert build(model).messages == {"m": ("t", "B"), "n": ("B", "c")}
