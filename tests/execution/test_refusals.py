"""What cannot be executed is refused before the start, all of it, by name, place and reason."""

from dataclasses import replace

import pytest

from bpmn_tool.errors import InputError, Location
from bpmn_tool.execution.build import executable
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    MultiInstance,
    SubProcess,
    SubProcessKind,
    TaskKind,
    TriggerKind,
)
from tests.execution.drawing import boundary, catch, draw, end, exclusive, race, script, start, sub, task, user

AT = Location(path="x.bpmn", line=7)


def event(kind: EventKind, trigger: TriggerKind) -> Event:
    return Event(id="odd", container="P", kind=kind, definitions=(EventDefinition(kind=trigger),), attached_to_ref=None)


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (CallActivity(id="odd", container="P"), "call activities"),
        (Gateway(id="odd", container="P", kind=GatewayKind.COMPLEX), "complex gateways"),
        (
            Gateway(id="odd", container="P", kind=GatewayKind.EVENT_BASED, event_gateway_type="Parallel"),
            "parallel event-based",
        ),
        (Gateway(id="odd", container="P", kind=GatewayKind.EVENT_BASED, instantiate=True), "starts a process"),
        (SubProcess(id="odd", container="P", kind=SubProcessKind.AD_HOC), "adHocSubProcess"),
        (SubProcess(id="odd", container="P", kind=SubProcessKind.TRANSACTION), "transaction"),
        (SubProcess(id="odd", container="P", triggered_by_event=True), "event sub-processes"),
        (sub("odd"), "empty"),
        (user("odd", is_for_compensation=True), "compensation"),
        (user("odd", start_quantity=2), "quantity"),
        (task("odd", TaskKind.RECEIVE, instantiate=True), "starts a process"),
        (event(EventKind.END, TriggerKind.ERROR), "errorEventDefinition"),
        (event(EventKind.THROW, TriggerKind.SIGNAL), "signalEventDefinition"),
        (event(EventKind.CATCH, TriggerKind.CONDITIONAL), "conditionalEventDefinition"),
        (event(EventKind.CATCH, TriggerKind.LINK), "linkEventDefinition"),
        (Event(id="odd", container="P", kind=EventKind.CATCH), "waits for nothing"),
        (catch("odd", after="5m"), "not an ISO 8601 duration"),
        (boundary("odd", "s", after="P1D"), "stands at a task"),
        (user("odd", loop=MultiInstance(cardinality="len(")), "number of instances"),
        (script("odd", "x.y = 1"), "its script"),
    ],
)
def test_an_element_without_semantics_here_is_refused_with_its_place(node: FlowNode, reason: str) -> None:
    model = draw([start("s"), replace(node, location=AT), end("e")], "s > e")
    with pytest.raises(InputError, match=reason) as refused:
        executable(model)
    assert [(problem.location, "odd" in problem.message) for problem in refused.value.problems] == [(AT, True)]


def test_all_problems_are_named_at_once() -> None:
    model = draw([start("s"), CallActivity(id="a", container="P"), CallActivity(id="b", container="P")], "s > a > b")
    with pytest.raises(InputError) as refused:
        executable(model)
    assert len(refused.value.problems) == 2


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    model = draw([start("s"), exclusive("x"), end("a"), end("b")], "s > x", "x > a [1 +]", "x > b [default]")
    with pytest.raises(InputError, match="x-a"):
        executable(model)


def test_an_event_based_gateway_leads_to_events_only() -> None:
    with pytest.raises(InputError, match="'u'"):
        executable(draw([start("s"), race("r"), user("u"), end("e")], "s > r > u > e"))
