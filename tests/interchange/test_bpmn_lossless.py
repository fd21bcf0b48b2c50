"""Nothing that a file says is passed over: what has no field is kept as text. And the audit finds what is."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from lxml import etree

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Model, Task
from tests.interchange.audit import lost, lost_of_drawings
from tests.interchange.bpmn_text import definitions

BODY = """<import importType="http://www.w3.org/2001/XMLSchema" location="a.xsd" namespace="urn:a"/>
<geometry xmlns="" x="1"/>
<itemDefinition id="item" structureRef="tns:form"/><message id="msg" name="M" itemRef="item"/>
<interface id="i" name="I"><operation id="o" name="O"><inMessageRef>msg</inMessageRef></operation></interface>
<relationship type="sees"><source>P</source><target>msg</target></relationship>
<collaboration id="C" isClosed="true"><participant id="p" processRef="P"><interfaceRef>i</interfaceRef>
<participantMultiplicity minimum="2" maximum="7"/></participant></collaboration>
<process id="P" processType="Public" v:colour="red"><documentation textFormat="text/html"><b>Why</b> not</documentation>
<auditing/><property id="prop" name="n"/><laneSet name="who"><lane id="l"><flowNodeRef>t</flowNodeRef></lane></laneSet>
<userTask id="t" implementation="##WebService"><extensionElements><v:form key="1"><v:field/>text</v:form>
</extensionElements><ioSpecification><dataInput id="in"/>
<inputSet name="set"><dataInputRefs>in</dataInputRefs></inputSet>
<outputSet/></ioSpecification><dataInputAssociation><sourceRef>prop</sourceRef><targetRef>in</targetRef><assignment>
<from>1</from><to>in</to></assignment></dataInputAssociation><potentialOwner><resourceAssignmentExpression>
<formalExpression language="v">me</formalExpression></resourceAssignmentExpression></potentialOwner>
<multiInstanceLoopCharacteristics v:collection="c"><loopCardinality xsi:type="tFormalExpression">3</loopCardinality>
</multiInstanceLoopCharacteristics><rendering id="r"><v:look>big</v:look></rendering><v:odd>place</v:odd>
stray</userTask>
<intermediateCatchEvent id="e"><timerEventDefinition v:x="1"><extensionElements><v:y/></extensionElements>
<timeDuration xsi:type="tFormalExpression" language="iso">P1D</timeDuration></timerEventDefinition>
</intermediateCatchEvent><sequenceFlow id="f" sourceRef="t" targetRef="e" isImmediate="true">
<conditionExpression id="c" language="v">x > 1</conditionExpression></sequenceFlow>
<correlationSubscription correlationKeyRef="k"><correlationPropertyBinding correlationPropertyRef="q">
<dataPath>a.b</dataPath></correlationPropertyBinding></correlationSubscription></process>
<bpmndi:BPMNDiagram id="d" resolution="96"><bpmndi:BPMNPlane id="pl" bpmnElement="C">
<bpmndi:BPMNShape id="s" bpmnElement="t" v:stroke="#111"><dc:Bounds x="0" y="1.5" width="3" height="4"/>
<bpmndi:BPMNLabel labelStyle="style"/></bpmndi:BPMNShape>
<bpmndi:BPMNShape id="s2" bpmnElement="t" v:stroke="#222">
<dc:Bounds x="5" y="6" width="7" height="8"/></bpmndi:BPMNShape>
</bpmndi:BPMNPlane><bpmndi:BPMNLabelStyle id="style"><dc:Font name="Arial"/></bpmndi:BPMNLabelStyle>
</bpmndi:BPMNDiagram>"""
HEAD = (
    'xmlns:v="urn:vendor" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exporter="A modeller" v:version="3" '
    'expressionLanguage="urn:v"'
)
DATA = definitions(BODY, HEAD).encode()
ROOT = etree.fromstring(DATA)


@pytest.fixture(scope="module")
def model() -> Model:
    return read_bytes(DATA, "model.bpmn")


def test_nothing_is_lost(model: Model) -> None:
    assert lost(ROOT, model) == []


def test_nothing_is_lost_of_the_drawing(model: Model) -> None:
    assert lost_of_drawings(ROOT, model) == []


@pytest.mark.parametrize("field", ["attributes", "parts", "extension"])
def test_the_audit_finds_what_is_left_out(model: Model, field: str) -> None:
    nothing: dict[str, Any] = {field: "" if field == "extension" else {}}
    task = replace(model.flow_nodes["t"], **nothing)
    poorer = replace(model, flow_nodes=MappingProxyType({**model.flow_nodes, "t": task}))
    assert lost(ROOT, poorer)


def test_the_audit_finds_a_drawing_that_is_left_out(model: Model) -> None:
    assert lost_of_drawings(ROOT, replace(model, diagrams=()))


def test_the_root_is_kept(model: Model) -> None:
    root = model.sources[0].definitions
    assert root is not None
    assert (root.attributes["exporter"], root.attributes["{urn:vendor}version"]) == ("A modeller", "3")
    assert set(root.parts) == {"import", "geometry", "relationship"}


def test_what_an_extension_holds_is_no_element_of_the_process() -> None:
    data = definitions("""<process id="P"><task id="t"><extensionElements><task id="t"/></extensionElements>
      <documentation><task id="u"/></documentation></task></process>""")
    assert list(read_bytes(data.encode(), "model.bpmn").flow_nodes) == ["t"]


def test_what_a_vendor_put_among_the_elements_is_no_element_of_the_process() -> None:
    data = definitions("""<process id="P"><v:wrapper xmlns:v="urn:v"><task id="u"/></v:wrapper></process>""")
    read = read_bytes(data.encode(), "model.bpmn")
    assert read.flow_nodes == {}
    assert list(read.processes["P"].parts) == ["{urn:v}wrapper"]


# two ways of writing the same: (first, second)
SAME = {
    "prefix": ('<v:a xmlns:v="urn:v"/>', '<w:a xmlns:w="urn:v"/>'),
    "default namespace": ('<v:a xmlns:v="urn:v"/>', '<a xmlns="urn:v"/>'),
    "white space": ("<v:a><v:b/></v:a>", "<v:a>\n  <v:b/>\n </v:a>"),
    "order of attributes": ('<v:a x="1" y="2"/>', "<v:a y='2' x='1'/>"),
    "comment": ("<v:a/>", "<!-- said --><v:a><!-- too --></v:a>"),
    "empty": ("<v:a/>", "<v:a></v:a>"),
    "CDATA": ("<v:a>1 &lt; 2</v:a>", "<v:a><![CDATA[1 < 2]]></v:a>"),
    "place of a declaration": ('<v:a><w:b xmlns:w="urn:w"/></v:a>', '<v:a xmlns:w="urn:w"><w:b/></v:a>'),
    "prefix of a type": ('<v:a xsi:type="v:t"/>', '<v:a xmlns:o="urn:vendor" xsi:type="o:t"/>'),
}
OTHER = {
    "namespace": ('<v:a xmlns:v="urn:v"/>', '<v:a xmlns:v="urn:w"/>'),
    "value": ('<v:a x="1"/>', '<v:a x="2"/>'),
    "text": ("<v:a>1</v:a>", "<v:a>2</v:a>"),
    "order of elements": ("<v:a/><v:b/>", "<v:b/><v:a/>"),
    "depth": ("<v:a/><v:b/>", "<v:a><v:b/></v:a>"),
}


def extension(inner: str) -> str:
    body = f'<process id="P"><extensionElements>{inner}</extensionElements></process>'
    return read_bytes(definitions(body, HEAD).encode(), "model.bpmn").processes["P"].extension


@pytest.mark.parametrize("name", SAME)
def test_the_same_content_is_the_same_text(name: str) -> None:
    first, second = SAME[name]
    assert extension(first) == extension(second)


@pytest.mark.parametrize("name", OTHER)
def test_other_content_is_another_text(name: str) -> None:
    first, second = OTHER[name]
    assert extension(first) != extension(second)


def test_a_part_can_be_read_as_xml(model: Model) -> None:
    (text,) = model.flow_nodes["t"].parts["ioSpecification"]
    part = etree.fromstring(text)
    assert part.tag == "{http://www.omg.org/spec/BPMN/20100524/MODEL}ioSpecification"
    assert [child.get("name") for child in part] == ["set", None]  # the data input is an element of its own


def test_a_process_in_the_namespace_of_drawings_is_kept() -> None:
    data = definitions('<bpmndi:process id="P"/>').encode()
    model = read_bytes(data, "model.bpmn")
    assert lost(etree.fromstring(data), model) == []
    assert model.processes == {}


def test_a_second_plane_is_kept() -> None:
    planes = '<bpmndi:BPMNPlane id="p"/><bpmndi:BPMNPlane id="q"/>'
    data = definitions(f'<bpmndi:BPMNDiagram id="d">{planes}</bpmndi:BPMNDiagram>').encode()
    model = read_bytes(data, "model.bpmn")
    assert lost_of_drawings(etree.fromstring(data), model) == []


def test_text_of_extension_elements_stays_xml() -> None:
    model = read_bytes(
        definitions('<process id="P"><extensionElements>a &lt; b &amp; c</extensionElements></process>').encode(), "m"
    )
    assert model.processes["P"].extension == "a &lt; b &amp; c"


def test_a_loop_keeps_a_name_that_it_may_not_have() -> None:
    body = '<process id="P"><task id="t"><standardLoopCharacteristics name="again"/></task></process>'
    model = read_bytes(definitions(body).encode(), "m")
    task = model.flow_nodes["t"]
    assert isinstance(task, Task)
    assert task.loop is not None
    assert task.loop.attributes == {"name": "again"}


def test_all_that_a_drawing_has_once_too_often() -> None:
    place = '<dc:Bounds x="{0}" y="{0}" width="{0}" height="{0}"/>'.format
    label = f'<bpmndi:BPMNLabel>{place(3)}<dc:Bouns x="4"/>{place(5)}</bpmndi:BPMNLabel>'
    more = f"<bpmndi:BPMNLabel>{place(6)}</bpmndi:BPMNLabel>"
    body = f"""<process id="P"><task id="t"/></process><bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane bpmnElement="P">
    <bpmndi:BPMNShape id="s" bpmnElement="t">{place(1)}{place(2)}{label}{more}</bpmndi:BPMNShape>
    </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
    data = definitions(body).encode()
    model = read_bytes(data, "m")
    assert model.diagrams[0].shapes["t"].bounds.x == 1
    assert lost_of_drawings(etree.fromstring(data), model) == []
    kept = " ".join(text for texts in model.diagrams[0].shapes["t"].parts.values() for text in texts)
    assert [n for n in range(1, 7) if f'x="{n}"' in kept] == [2, 4, 5, 6]


def test_a_lane_keeps_the_id_of_its_partition_element() -> None:
    lanes = '<laneSet><lane id="l" partitionElementRef="r"/></laneSet>'
    body = f'<resource id="r" name="Officer"/><process id="P">{lanes}</process>'
    lane = read_bytes(definitions(body).encode(), "m").lanes["l"]
    assert (lane.performer, dict(lane.attributes)) == ("Officer", {"partitionElementRef": "r"})
