"""What cannot be simulated is refused by name, place and reason."""

from typing import Any

import pytest

from bpmn_tool.errors import Location, NotSimulated
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    Model,
    NodeBase,
    StandardLoop,
    TriggerKind,
)
from bpmn_tool.simulation.not_simulated import simulated_net
from tests.execution.drawing import (
    boundary,
    catch,
    draw,
    exclusive,
    parallel,
    race,
    receive,
    start,
    sub,
    throw,
    user,
)


def event(id: str, kind: EventKind, *triggers: TriggerKind, **more: Any) -> Event:
    return Event(id=id, kind=kind, definitions=tuple(EventDefinition(kind=t) for t in triggers), container="P", **more)


def refused(model: Model) -> str:
    with pytest.raises(NotSimulated) as error:
        simulated_net(model)
    return str(error.value)


def within(*nodes: NodeBase, lines: tuple[str, ...] = ()) -> Model:
    return draw([start("s"), *nodes], *lines)


INNER = user("i", container="n")


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (within(user("n", start_quantity=0)), "below 1"),
        (within(user("n", completion_quantity=0)), "below 1"),
        (within(sub("n")), "empty"),
        (within(CallActivity(id="n", container="P", called_element="P")), "its own process again"),
        (within(event("n", EventKind.CATCH)), "none catch events"),
        (within(event("n", EventKind.CATCH, TriggerKind.LINK)), "needs its partner"),
        (within(event("n", EventKind.THROW, TriggerKind.LINK)), "needs its partner"),
        (within(sub("S"), start("n", container="S", message=True)), "must have no trigger"),
        (within(sub("S", triggered_by_event=True), start("n", container="S")), "says what starts it"),
        (draw([start("n"), user("a")], "n > a [x]"), "condition"),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_refused_by_name_and_reason(model: Model, why: str) -> None:
    said = refused(model)
    assert "(n)" in said
    assert why in said


def test_all_is_refused_at_once_each_with_its_place() -> None:
    nodes: list[NodeBase] = [
        user(f"n{line}", start_quantity=0, location=Location(path="m.bpmn", line=line)) for line in (3, 5)
    ]
    with pytest.raises(NotSimulated) as error:
        simulated_net(draw([start("s"), *nodes]))
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
