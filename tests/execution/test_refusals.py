"""What cannot be executed is refused before the start, all of it, by name, place and reason."""

from dataclasses import replace

import pytest

from bpmn_tool.errors import InputError, Location
from bpmn_tool.execution.build import executable
from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    MultiInstance,
    SubProcess,
    SubProcessKind,
    TriggerKind,
)
from tests.execution.drawing import boundary, catch, draw, end, exclusive, race, script, start, sub, user

AT = Location(path="x.bpmn", line=7)


def event(kind: EventKind, trigger: TriggerKind) -> Event:
    return Event(id="odd", container="P", kind=kind, definitions=(EventDefinition(kind=trigger),), attached_to_ref=None)


def ad_hoc(id: str) -> SubProcess:
    return SubProcess(id=id, container="P", kind=SubProcessKind.AD_HOC, completion_condition="len(")


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (
            Gateway(id="odd", container="P", kind=GatewayKind.COMPLEX, activation_condition="1 +"),
            "activation condition",
        ),
        (
            Gateway(id="odd", container="P", kind=GatewayKind.EVENT_BASED, event_gateway_type="Parallel"),
            "begins a process may be parallel",
        ),
        (ad_hoc("odd"), "completion condition"),
        (user("odd", start_quantity=0), "quantity"),
        (user("odd", completion_quantity=0), "quantity"),
        (user("odd", loop=MultiInstance(behavior="One")), "single instances"),
        (event(EventKind.THROW, TriggerKind.ERROR), "none that the standard has"),
        (event(EventKind.CATCH, TriggerKind.ESCALATION), "none that the standard has"),
        (event(EventKind.END, TriggerKind.TIMER), "none that the standard has"),
        (event(EventKind.THROW, TriggerKind.LINK), "no catching link"),
        (Event(id="odd", container="P", kind=EventKind.CATCH), "waits for nothing"),
        (catch("odd", after="5m"), "not an ISO 8601 duration"),
        (boundary("odd", "s", after="P1D"), "stands at an activity"),
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
    model = draw([start("s"), user("a", start_quantity=0), user("b", start_quantity=0)], "s > a > b")
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


def test_an_event_sub_process_has_one_start_event_with_a_trigger() -> None:
    with pytest.raises(InputError, match="one start event"):
        executable(draw([start("s"), end("e"), sub("E", triggered_by_event=True), user("u", container="E")], "s > e"))


def test_what_compensates_has_no_flows() -> None:
    with pytest.raises(InputError, match="no sequence flows"):
        executable(draw([start("s"), user("u", is_for_compensation=True), end("e")], "s > u > e"))


def test_an_ad_hoc_sub_process_has_no_start_event() -> None:
    around = SubProcess(id="A", container="P", kind=SubProcessKind.AD_HOC)
    with pytest.raises(InputError, match="no start or end events"):
        executable(draw([start("s"), around, start("in", container="A"), end("e")], "s > A > e"))


def test_a_flow_ends_in_the_scope_in_which_it_begins() -> None:
    with pytest.raises(InputError, match="crosses the border"):
        executable(draw([start("s"), sub("S"), user("u", container="S"), end("e")], "s > S > e", "s > u"))
