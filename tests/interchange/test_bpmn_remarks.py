"""What is wrong with a file and does not keep it from being read: one small file each, with the line of its remark."""

import pytest

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Event, Gateway, Model, RemarkKind, Task
from tests.interchange.bpmn_text import definitions


def read(body: str) -> Model:
    return read_bytes(definitions(body).encode(), "model.bpmn")


# name: (body whose second line is line 6 of the file, what the remark says)
BODIES = {
    "default of another": (
        """<process id="P"><sequenceFlow id="f" sourceRef="t" targetRef="u"/><task id="t"/>
<task id="u" default="f"/></process>""",
        "default of task u names 'f', which leaves another",
    ),
    "attachedToRef is no activity": (
        '<process id="P"><startEvent id="s"/>\n<boundaryEvent id="b" attachedToRef="s"/></process>',
        "attachedToRef of boundaryEvent b must name an activity, and 's' is a startEvent",
    ),
    "processRef nowhere": (
        '<collaboration id="C">\n<participant id="p" processRef="Q"/></collaboration>',
        "processRef of participant p names 'Q', which does not exist",
    ),
    "flowNodeRef nowhere": (
        '<process id="P"><laneSet><lane id="l">\n<flowNodeRef>x</flowNodeRef></lane></laneSet></process>',
        "flowNodeRef of lane l names 'x', which does not exist",
    ),
    "messageRef nowhere": (
        '<process id="P">\n<receiveTask id="t" messageRef="m"/></process>',
        "messageRef of receiveTask t names 'm', which does not exist",
    ),
    "messageRef of an event": (
        '<process id="P"><startEvent id="s">\n<messageEventDefinition messageRef="m"/></startEvent></process>',
        "messageRef of startEvent s names 'm', which does not exist",
    ),
    "message flow into a flow": (
        """<collaboration id="C"><participant id="p"/>
<messageFlow id="m" sourceRef="p" targetRef="C"/></collaboration>""",
        "targetRef of messageFlow m must name a flow node or participant, and 'C' is a collaboration",
    ),
    "dataObjectRef nowhere": (
        '<process id="P">\n<dataObjectReference id="r" dataObjectRef="o"/></process>',
        "dataObjectRef of dataObjectReference r names 'o', which does not exist",
    ),
    "dataStoreRef nowhere": (
        '<process id="P">\n<dataStoreReference id="r" dataStoreRef="o"/></process>',
        "dataStoreRef of dataStoreReference r names 'o', which does not exist",
    ),
    "eventDefinitionRef nowhere": (
        '<process id="P"><endEvent id="e">\n<eventDefinitionRef>d</eventDefinitionRef></endEvent></process>',
        "eventDefinitionRef of endEvent e names 'd', which does not exist",
    ),
    "outgoing nowhere": (
        '<process id="P"><task id="t">\n<outgoing>f</outgoing></task></process>',
        "outgoing of task t names 'f', which does not exist",
    ),
    "outgoing against the flow": (
        """<process id="P"><task id="t"/>
<task id="u"><outgoing>f</outgoing></task><sequenceFlow id="f" sourceRef="t" targetRef="u"/></process>""",
        "task u lists 'f' as outgoing, against its sourceRef",
    ),
    "a prefix that is not declared": (
        '<process id="P">\n<receiveTask id="t" messageRef="no:m"/></process>',
        "messageRef of receiveTask t names 'no:m', which does not exist",
    ),
    "a drawing of nothing": (
        """<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl">
<bpmndi:BPMNShape id="s" bpmnElement="x"><dc:Bounds x="0" y="0" width="1" height="1"/></bpmndi:BPMNShape>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>""",
        "bpmnElement of BPMNShape s names 'x', which does not exist",
    ),
    "a place that is no number": (
        """<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl"><bpmndi:BPMNShape id="s" bpmnElement="D">
<dc:Bounds x="left" y="0" width="1" height="1"/></bpmndi:BPMNShape>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>""",
        "x of a place in the drawing must be a number, not 'left'",
    ),
    "a default that is no flow": (
        '<process id="P">\n<exclusiveGateway id="g" default="P"/></process>',
        "default of exclusiveGateway g must name a sequence flow, and 'P' is a process",
    ),
    "an operation nowhere": (
        '<process id="P">\n<serviceTask id="t" operationRef="o"/></process>',
        "operationRef of serviceTask t names 'o', which does not exist",
    ),
    "a drawing id twice": (
        """<bpmndi:BPMNDiagram id="d">
<bpmndi:BPMNPlane id="d"/></bpmndi:BPMNDiagram>""",
        "the id 'd' in the drawing stands already at line 5",
    ),
    "a diagram without a plane": (
        '<process id="P"/>\n<bpmndi:BPMNDiagram id="d"/>',
        "a BPMNDiagram has no BPMNPlane, so that it draws nothing",
    ),
    "an edge of one point": (
        """<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl">
<bpmndi:BPMNEdge bpmnElement="D"><di:waypoint x="0" y="0"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane>
</bpmndi:BPMNDiagram>""",
        "the BPMNEdge of 'D' has fewer than two waypoints, so that it is not drawn",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_read_with_a_remark(name: str) -> None:
    body, message = BODIES[name]
    (remark,) = read(body).remarks
    assert remark.message == message
    assert remark.location.line == 6


@pytest.mark.parametrize("name", BODIES)
def test_a_remark_is_of_an_element_of_the_model(name: str) -> None:
    model = read(BODIES[name][0])
    assert all(model.get(remark.element) is not None for remark in model.remarks)


def test_what_is_wrong_with_a_drawing_says_so() -> None:
    assert [remark.kind for remark in read(BODIES["a drawing of nothing"][0]).remarks] == [RemarkKind.DRAWING]
    assert [remark.kind for remark in read(BODIES["processRef nowhere"][0]).remarks] == [RemarkKind.REFERENCE]


def test_a_reference_to_nowhere_is_no_reference_and_stays_an_attribute() -> None:
    task = read('<process id="P"><receiveTask id="t" messageRef="m"/></process>').flow_nodes["t"]
    assert isinstance(task, Task)
    assert task.message_ref is None
    assert task.attributes["messageRef"] == "m"


def test_children_that_refer_to_nowhere_stay_parts() -> None:
    task = read('<process id="P"><task id="t"><outgoing>f</outgoing></task></process>').flow_nodes["t"]
    assert task.outgoing == ()
    assert len(task.parts["outgoing"]) == 1


def test_a_boundary_event_on_a_gateway_stays_there() -> None:
    event = read("""<process id="P"><exclusiveGateway id="g"/><boundaryEvent id="b" attachedToRef="g"/></process>""")
    node = event.flow_nodes["b"]
    assert isinstance(node, Event)
    assert node.attached_to_ref == "g"
    assert len(event.remarks) == 1


def test_a_boundary_event_on_itself_is_on_nothing() -> None:
    model = read("""<process id="P"><boundaryEvent id="b" attachedToRef="b"/></process>""")
    assert getattr(model.flow_nodes["b"], "attached_to_ref", "") is None
    assert model.lane_of("b") is None


def test_the_default_of_another_is_no_default() -> None:
    model = read("""<process id="P"><task id="a"/><exclusiveGateway id="g" default="f"/><task id="b"/>
      <sequenceFlow id="f" sourceRef="a" targetRef="b"/></process>""")
    gateway = model.flow_nodes["g"]
    assert isinstance(gateway, Gateway)
    assert (gateway.default, gateway.attributes["default"]) == (None, "f")


def test_message_flows_to_nowhere_keep_their_ends() -> None:
    model = read("""<collaboration id="C"><participant id="p"/>
      <messageFlow id="m" sourceRef="p" targetRef="gone"/></collaboration>""")
    assert model.message_flows["m"].target_ref == "gone"
    assert len(model.remarks) == 1


def test_numbers_below_their_sense_are_read_as_they_stand() -> None:
    model = read("""<process id="P"><task id="t" startQuantity="-1"><standardLoopCharacteristics loopMaximum="-3"/>
      </task></process>""")
    task = model.flow_nodes["t"]
    assert isinstance(task, Task)
    assert (task.start_quantity, getattr(task.loop, "maximum", None)) == (-1, -3)
    assert model.remarks == ()


def test_what_is_not_drawn_stays_a_part_of_its_diagram() -> None:
    (diagram,) = read(BODIES["an edge of one point"][0]).diagrams
    assert diagram.edges == {}
    assert any(name.endswith("}BPMNEdge") for name in diagram.parts)
