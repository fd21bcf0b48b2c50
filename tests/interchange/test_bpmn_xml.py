"""What the reader makes of small files written here; each test one part of the standard."""

from pathlib import Path

import pytest

from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    Gateway,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TimerKind,
    TriggerKind,
)
from tests.interchange.bpmn_text import definitions


def read(body: str, head: str = "") -> Model:
    return read_bytes(definitions(body, head).encode(), "model.bpmn")


def task(model: Model, identifier: str) -> Task:
    node = model.flow_nodes[identifier]
    assert isinstance(node, Task)
    return node


def event(model: Model, identifier: str) -> Event:
    node = model.flow_nodes[identifier]
    assert isinstance(node, Event)
    return node


CHAIN = """
<process id="P" name="Chain" isExecutable="true">
  <startEvent id="s" name="In"/>
  <userTask
     id="t" name="Do"><documentation>What to do</documentation><outgoing>f3</outgoing><outgoing>f2</outgoing></userTask>
  <endEvent id="e"/><endEvent id="e2"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <sequenceFlow id="f2" sourceRef="t" targetRef="e"><conditionExpression> x &gt; 1 </conditionExpression></sequenceFlow>
  <sequenceFlow id="f3" sourceRef="t" targetRef="e2"/>
</process>"""


def test_a_chain_is_read_whole() -> None:
    model = read(CHAIN)
    assert list(model.flow_nodes) == ["s", "t", "e", "e2"]
    assert task(model, "t").kind is TaskKind.USER
    assert task(model, "t").documentation == "What to do"
    assert model.processes["P"].is_executable is True
    assert model.sequence_flows["f2"].condition == "x > 1"
    assert model.sequence_flows["f3"].condition is None


def test_outgoing_follows_the_list_of_the_node() -> None:
    assert task(read(CHAIN), "t").outgoing == ("f3", "f2")


def test_incoming_without_a_list_follows_the_flows() -> None:
    assert task(read(CHAIN), "t").incoming == ("f1",)


def test_the_line_is_the_first_of_the_start_tag() -> None:
    model = read(CHAIN)
    assert model.flow_nodes["t"].location.line == 1 + definitions(CHAIN).split("<userTask")[0].count("\n")


def test_nested_lanes_and_white_space_in_their_references() -> None:
    model = read("""<process id="P"><laneSet id="ls"><lane id="outer" name="City"><flowNodeRef>
        t </flowNodeRef><childLaneSet id="c"><lane id="inner"><flowNodeRef>t</flowNodeRef></lane></childLaneSet></lane>
      </laneSet><task id="t"/></process>""")
    assert model.lanes["inner"].parent == "outer"
    assert model.lanes["outer"].flow_node_refs == ("t",)
    lane = model.lane_of("t")
    assert lane is not None
    assert lane.id == "inner"


def test_lanes_of_a_sub_process() -> None:
    model = read("""<process id="P"><subProcess id="sub"><laneSet id="ls"><lane id="l">
      <flowNodeRef>t</flowNodeRef></lane>
      </laneSet><task id="t"/></subProcess></process>""")
    assert model.lanes["l"].process == "P"
    assert model.flow_nodes["t"].container == "sub"


def test_a_collaboration_with_a_black_box() -> None:
    model = read("""<collaboration id="C"><participant id="a" name="A" processRef="P">
        <participantMultiplicity maximum="3"/></participant><participant id="b"/>
        <messageFlow id="m" sourceRef="t" targetRef="b" messageRef="msg"/></collaboration>
      <message id="msg" name="Signal"/><process id="P"><sendTask id="t"/></process>""")
    assert (model.participants["a"].process_ref, model.participants["a"].maximum) == ("P", 3)
    assert model.participants["b"].process_ref is None
    assert model.participants["b"].collaboration == "C"
    assert (model.message_flows["m"].source_ref, model.message_flows["m"].message_ref) == ("t", "msg")


@pytest.mark.parametrize("kind", [k for k in TriggerKind if k is not TriggerKind.TERMINATE], ids=lambda k: k.value)
def test_each_event_definition(kind: TriggerKind) -> None:
    model = read(
        f'<process id="P"><intermediateCatchEvent id="e"><{kind.value} id="d"/></intermediateCatchEvent></process>'
    )
    assert event(model, "e").trigger is kind
    assert event(model, "e").definitions[0].id == "d"


@pytest.mark.parametrize("timer", list(TimerKind), ids=lambda t: t.value)
def test_timers_keep_kind_and_text(timer: TimerKind) -> None:
    model = read(f"""<process id="P"><startEvent id="e"><timerEventDefinition><{timer.value}> P1D </{timer.value}>
      </timerEventDefinition></startEvent></process>""")
    (definition,) = event(model, "e").definitions
    assert (definition.timer, definition.text) == (timer, "P1D")


def test_a_shared_event_definition_is_resolved() -> None:
    model = read("""<error id="err" errorCode="42"/><errorEventDefinition id="d" errorRef="err"/>
      <process id="P"><endEvent id="e"><eventDefinitionRef>d</eventDefinitionRef></endEvent></process>""")
    (definition,) = event(model, "e").definitions
    assert (definition.kind, definition.ref) == (TriggerKind.ERROR, "err")
    assert model.root_elements["err"].code == "42"
    assert model.root_elements["d"].kind == "errorEventDefinition"


def test_boundary_events() -> None:
    model = read("""<process id="P"><task id="t"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="false">
      <timerEventDefinition/></boundaryEvent></process>""")
    assert event(model, "b").kind is EventKind.BOUNDARY
    assert event(model, "b").cancel_activity is False
    assert model.boundary_events("t") == (event(model, "b"),)


def test_sub_processes_and_what_they_hold() -> None:
    model = read("""<process id="P"><adHocSubProcess id="a" ordering="Sequential"><transaction id="b">
      <subProcess id="c" triggeredByEvent="true"><startEvent id="s" isInterrupting="false"/></subProcess></transaction>
      <completionCondition id="done">x</completionCondition></adHocSubProcess></process>""")
    kinds = {node.id: node.kind for node in model.flow_nodes.values() if isinstance(node, SubProcess)}
    assert kinds == {"a": SubProcessKind.AD_HOC, "b": SubProcessKind.TRANSACTION, "c": SubProcessKind.EMBEDDED}
    assert [model.flow_nodes[n].container for n in ("a", "b", "c", "s")] == ["P", "a", "b", "c"]
    ad_hoc, inner = model.flow_nodes["a"], model.flow_nodes["c"]
    assert isinstance(ad_hoc, SubProcess)
    assert isinstance(inner, SubProcess)
    assert (ad_hoc.ordering, ad_hoc.completion_condition, inner.triggered_by_event) == ("Sequential", "x", True)
    assert event(model, "s").is_interrupting is False
    assert model.others["done"].kind == "completionCondition"


def test_loop_markers() -> None:
    model = read("""<process id="P"><task id="a"><standardLoopCharacteristics testBefore="true" loopMaximum="4">
        <loopCondition>go</loopCondition></standardLoopCharacteristics></task>
      <task id="b"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>
        <completionCondition>done</completionCondition></multiInstanceLoopCharacteristics></task></process>""")
    assert task(model, "a").loop == StandardLoop(condition="go", test_before=True, maximum=4)
    assert task(model, "b").loop == MultiInstance(is_sequential=True, cardinality="3", completion_condition="done")


def test_gateways_and_defaults() -> None:
    model = read("""<process id="P"><exclusiveGateway id="g" gatewayDirection="Diverging" default="f"/><task id="t"/>
      <sequenceFlow id="f" sourceRef="g" targetRef="t"/>
      <eventBasedGateway id="h" eventGatewayType="Parallel"/></process>""")
    first, second = model.flow_nodes["g"], model.flow_nodes["h"]
    assert isinstance(first, Gateway)
    assert isinstance(second, Gateway)
    assert (first.default, first.direction, second.event_gateway_type) == ("f", "Diverging", "Parallel")


def test_call_activities_may_call_what_is_elsewhere() -> None:
    model = read(
        '<process id="P"><callActivity id="c" calledElement="tns:P"/><callActivity id="d" calledElement="Q"/></process>'
    )
    called = [node.called_element for node in model.flow_nodes.values() if isinstance(node, CallActivity)]
    assert called == ["P", "Q"]


def test_data_and_its_associations() -> None:
    model = read("""<dataStore id="store"/><process id="P"><dataObject id="o" isCollection="true"/>
      <dataObjectReference id="r" dataObjectRef="o"><dataState name="signed"/></dataObjectReference>
      <dataStoreReference id="sr" dataStoreRef="store"/>
      <task id="t"><ioSpecification id="io"><dataInput id="in"/><inputSet id="is"/></ioSpecification>
        <dataInputAssociation id="a"><sourceRef>r</sourceRef><targetRef>in</targetRef></dataInputAssociation>
        <dataOutputAssociation id="b"><sourceRef>in</sourceRef><targetRef>sr</targetRef></dataOutputAssociation></task>
      </process>""")
    assert (task(model, "t").data_inputs, task(model, "t").data_outputs) == (("r",), ("sr",))
    assert (model.data["r"].ref, model.data["r"].state, model.data["o"].is_collection) == ("o", "signed", True)
    assert (model.data["in"].container, model.data["o"].container, model.data["store"].container) == ("t", "P", "")
    assert (model.artifacts["a"].source_ref, model.artifacts["a"].target_ref) == ("r", "t")
    assert (model.artifacts["b"].source_ref, model.artifacts["b"].target_ref) == ("t", "sr")
    assert {"io", "is"} <= model.others.keys()


def test_artifacts() -> None:
    model = read("""<process id="P"><task id="t"/><textAnnotation id="n"><text>Mind this</text></textAnnotation>
      <association id="a" sourceRef="t" targetRef="n"/><group id="g"/></process>""")
    assert model.artifacts["n"].text == "Mind this"
    assert (model.artifacts["a"].source_ref, model.artifacts["a"].target_ref) == ("t", "n")
    assert model.artifacts["g"].kind == "group"


def test_performers_by_name_of_the_resource() -> None:
    model = read("""<resource id="r" name="Mayor"/><process id="P"><userTask id="t">
      <potentialOwner id="po"><resourceRef>r</resourceRef></potentialOwner>
      <humanPerformer><resourceAssignmentExpression><formalExpression>clerk</formalExpression></resourceAssignmentExpression>
      </humanPerformer></userTask></process>""")
    assert task(model, "t").performers == ("Mayor", "clerk")


def test_extensions_and_foreign_attributes_are_kept() -> None:
    model = read(
        """<process id="P"><task id="t" v:assignee="x" implementation="web">
      <extensionElements><v:thing id="t">1</v:thing>
      </extensionElements></task></process>""",
        'xmlns:v="urn:vendor"',
    )
    assert model.flow_nodes["t"].extension == '<n0:thing xmlns:n0="urn:vendor" id="t">1</n0:thing>'
    assert dict(model.flow_nodes["t"].attributes) == {"{urn:vendor}assignee": "x", "implementation": "web"}


def test_prefixed_references_are_resolved_by_namespace() -> None:
    model = read("""<message id="m"/><process id="P"><receiveTask id="t" messageRef="tns:m"/>
      <sendTask id="u" messageRef="m"/></process>""")
    assert (task(model, "t").message_ref, task(model, "u").message_ref) == ("m", "m")


def test_what_an_import_defines_is_not_dangling() -> None:
    model = read(
        """<import namespace="urn:else" location="x.bpmn" importType="urn:bpmn"/>
      <process id="P"><receiveTask id="t" messageRef="x:m"/></process>""",
        'xmlns:x="urn:else"',
    )
    assert task(model, "t").message_ref == "x:m"


def test_elements_without_id_get_one_from_kind_and_neighbours() -> None:
    model = read("""<process id="P"><startEvent name="Signal in"/><task id="a"/><task id="b"/>
      <sequenceFlow sourceRef="a" targetRef="b"/><sequenceFlow sourceRef="a" targetRef="b" name="again"/></process>""")
    assert set(model.sequence_flows) == {"flow__a__b", "flow__a__b__2"}
    assert "startEvent__P__Signal_in" in model.flow_nodes
    assert {row.id for row in model.generated} == {"flow__a__b", "flow__a__b__2", "startEvent__P__Signal_in"}
    assert all(row.location.line for row in model.generated)


def test_made_ids_do_not_depend_on_the_order_in_the_file() -> None:
    flows = [f'<sequenceFlow sourceRef="a" targetRef="b" name="{name}"/>' for name in "xyz"]
    head = '<process id="P"><task id="a"/><task id="b"/>'
    straight, back = (read(head + "".join(order) + "</process>") for order in (flows, flows[::-1]))
    assert {f.id: f.name for f in straight.sequence_flows.values()} == {
        f.id: f.name for f in back.sequence_flows.values()
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-15"])
def test_encodings(encoding: str) -> None:
    named = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = definitions('<process id="P" name="Één"/>').replace("UTF-8", named)
    model = read_bytes(text.encode(encoding), "model.bpmn")
    assert model.processes["P"].name == "Één"
    (source,) = model.sources
    assert source.data.decode(source.encoding) == text


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"])
def test_encodings_of_east_asia(encoding: str) -> None:
    text = definitions('<process id="P">\n<task id="t" name="中"/></process>').replace("UTF-8", encoding.upper())
    model = read_bytes(text.encode(encoding), "model.bpmn")
    assert model.flow_nodes["t"].name == "中"
    assert model.flow_nodes["t"].location.line == 6
    (source,) = model.sources
    assert source.data.decode(source.encoding) == text


def test_several_files_make_one_model(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_text(definitions('<process id="A"><task id="t"/></process>'))
    (tmp_path / "b.bpmn").write_text(
        definitions('<collaboration id="C"><participant id="p" processRef="A"/></collaboration>')
    )
    model = read_model(tmp_path / "a.bpmn", tmp_path / "b.bpmn")
    assert model.participants["p"].process_ref == "A"
    assert model.flow_nodes["t"].location.path == str(tmp_path / "a.bpmn")
    assert len(model.sources) == 2
