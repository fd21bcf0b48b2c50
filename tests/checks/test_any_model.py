"""Rules over models of any shape, most of them nonsense: each says what it has to say and none of them fails."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.checks import RULE_CRASHED, check
from bpmn_tool.errors import Location
from bpmn_tool.model.elements import (
    Artifact,
    CallActivity,
    Element,
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Lane,
    MessageFlow,
    Model,
    MultiInstance,
    Participant,
    Process,
    Remark,
    RemarkKind,
    SequenceFlow,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TriggerKind,
)

IDS = [f"n{number}" for number in range(7)]
FLOWS = [f"f{number}" for number in range(9)]
POOLS = ["pool0", "pool1"]
PROCESSES = ["p0", "p1"]

some_id = st.sampled_from([*IDS, *POOLS, *PROCESSES, "nowhere"])
condition = st.sampled_from([None, "", "urgent"])
loop = st.one_of(
    st.none(),
    st.builds(StandardLoop, maximum=st.sampled_from([None, -1, 0, 2])),
    st.builds(MultiInstance, cardinality=st.sampled_from(["", "3"])),
)
definition = st.builds(EventDefinition, kind=st.sampled_from(TriggerKind), name=st.sampled_from(["", "A", "B"]))
activity: dict[str, st.SearchStrategy[Any]] = {
    "default": st.sampled_from([None, *FLOWS]),
    "loop": loop,
    "is_for_compensation": st.booleans(),
    "start_quantity": st.integers(-1, 2),
    "completion_quantity": st.integers(-1, 2),
}


@st.composite
def nodes(draw: st.DrawFn, identifier: str, containers: list[str], wiring: dict[str, Any]) -> FlowNode:
    """One flow node of any kind; `containers` are where it may stand."""
    common: dict[str, Any] = {"id": identifier, "container": draw(st.sampled_from(containers)), **wiring}
    match draw(st.sampled_from(["task", "sub-process", "call", "gateway", "event", "event"])):
        case "task":
            own = {"kind": st.sampled_from(TaskKind), "instantiate": st.booleans()}
            return draw(st.builds(Task, **_fixed(common), **activity, **own))
        case "sub-process":
            own = {"kind": st.sampled_from(SubProcessKind), "triggered_by_event": st.booleans()}
            return draw(st.builds(SubProcess, **_fixed(common), **activity, **own))
        case "call":
            return draw(st.builds(CallActivity, **_fixed(common), **activity, called_element=some_id))
        case "gateway":
            own = {
                "kind": st.sampled_from(GatewayKind),
                "default": activity["default"],
                "direction": st.sampled_from(["Unspecified", "Converging", "Diverging", "Mixed", "Neither"]),
                "instantiate": st.booleans(),
                "event_gateway_type": st.sampled_from(["Exclusive", "Parallel"]),
            }
            return draw(st.builds(Gateway, **_fixed(common), **own))
        case _:
            own = {
                "kind": st.sampled_from(EventKind),
                "definitions": st.lists(definition, max_size=2).map(tuple),
                "attached_to_ref": st.sampled_from([None, *IDS]),
                "cancel_activity": st.booleans(),
                "is_interrupting": st.booleans(),
            }
            return draw(st.builds(Event, **_fixed(common), **own))


def _fixed(values: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.just(value) for name, value in values.items()}


def _by_id(elements: list[Any]) -> Any:
    return MappingProxyType({element.id: element for element in elements})


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Two processes with flows, lanes, messages and associations between anything that the reader lets pass."""
    flows = [
        SequenceFlow(
            id=name,
            source_ref=draw(st.sampled_from(IDS)),
            target_ref=draw(st.sampled_from(IDS)),
            condition=draw(condition),
        )
        for name in draw(st.lists(st.sampled_from(FLOWS), unique=True))
    ]
    made: list[FlowNode] = []
    containers = list(PROCESSES)
    for identifier in IDS:
        wiring = {
            "incoming": tuple(flow.id for flow in flows if flow.target_ref == identifier),
            "outgoing": tuple(flow.id for flow in flows if flow.source_ref == identifier),
        }
        node = draw(nodes(identifier, containers, wiring))
        made.append(node)
        if isinstance(node, SubProcess):
            containers.append(node.id)
    hosts = {node.id for node in made if not isinstance(node, Event)}  # the reader drops all others
    made = [
        replace(n, attached_to_ref=None) if isinstance(n, Event) and n.attached_to_ref not in hosts else n for n in made
    ]
    lanes = [
        Lane(id="l0", process="p0", flow_node_refs=tuple(draw(st.lists(st.sampled_from(IDS), unique=True)))),
        Lane(id="l1", process="p0", parent="l0", flow_node_refs=tuple(draw(st.lists(some_id, unique=True)))),
        Lane(id="l2", process="p1", flow_node_refs=tuple(draw(st.lists(st.sampled_from(IDS), unique=True)))),
    ]
    pools = [
        Participant(
            id=pool,
            process_ref=draw(st.sampled_from([None, *PROCESSES])),
            minimum=draw(st.sampled_from([None, -1, 2])),
            maximum=draw(st.sampled_from([None, 0, 1])),
        )
        for pool in POOLS
    ]
    messages = [MessageFlow(id=f"m{n}", source_ref=draw(some_id), target_ref=draw(some_id)) for n in range(2)]
    joins = [Artifact(id=f"a{n}", kind="association", source_ref=draw(some_id), target_ref=draw(some_id)) for n in "01"]
    place = Location(path="x.bpmn", line=1)
    remark = Remark(element=draw(some_id), message="lost", location=place, kind=draw(st.sampled_from(RemarkKind)))
    return Model(
        processes=_by_id([Process(id=process) for process in PROCESSES]),
        participants=_by_id(pools),
        lanes=_by_id(lanes),
        flow_nodes=_by_id(made),
        sequence_flows=_by_id(flows),
        message_flows=_by_id(messages),
        artifacts=_by_id(joins),
        remarks=(remark,),
    )


@given(models())
def test_no_rule_fails(model: Model) -> None:
    assert [finding.message for finding in check(model) if finding.rule == RULE_CRASHED] == []


@given(models())
def test_each_finding_names_an_element_and_says_something(model: Model) -> None:
    for finding in check(model, ignore=["loose-reference"]):
        element: Element | None = model.get(finding.element)
        assert element is not None
        assert finding.message
