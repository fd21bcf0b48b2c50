"""Two drawings for tests: one text, and the same with pieces replaced."""

from bpmn_tool.comparison.structure import diff
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Register
from bpmn_tool.results.differences import StructureDiff
from tests.interchange.bpmn_text import definitions

HEAD = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:v="urn:vendor"'

BODY = """<message id="m1" name="Order"/><message id="m2" name="Bill"/><signal id="sig" name="Alarm"/>
<error id="err" name="Broken" errorCode="E1"/>
<collaboration id="C"><participant id="shop" name="Shop" processRef="P"/><participant id="bank" name="Bank"/>
  <messageFlow id="mf" name="payment" sourceRef="pay" targetRef="bank"/></collaboration>
<process id="P" isExecutable="true">
  <laneSet id="LS">
    <lane id="desk" name="Desk"><flowNodeRef>s</flowNodeRef><flowNodeRef>check</flowNodeRef><flowNodeRef>g</flowNodeRef>
      <flowNodeRef>late</flowNodeRef><flowNodeRef>e</flowNodeRef></lane>
    <lane id="cash" name="Cash"><flowNodeRef>pay</flowNodeRef><flowNodeRef>refuse</flowNodeRef></lane>
  </laneSet>
  <dataObject id="do1"/><dataObjectReference id="form" name="Form" dataObjectRef="do1"/>
  <startEvent id="s" name="Came in"><messageEventDefinition id="md" messageRef="m1"/></startEvent>
  <userTask id="check" name="Check papers"><documentation>Look twice.</documentation>
    <extensionElements><v:form key="a"><v:field name="x"/></v:form></extensionElements></userTask>
  <boundaryEvent id="late" name="Too late" attachedToRef="check"><timerEventDefinition id="td">
    <timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></boundaryEvent>
  <exclusiveGateway id="g" name="Good?" default="no"/>
  <userTask id="pay" name="Pay"/>
  <scriptTask id="refuse" name="Refuse" scriptFormat="python"><script>a = 1</script></scriptTask>
  <endEvent id="e" name="Done"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="check"/>
  <sequenceFlow id="f2" sourceRef="check" targetRef="g"/>
  <sequenceFlow id="yes" name="yes" sourceRef="g" targetRef="pay">
    <conditionExpression xsi:type="tFormalExpression">good &gt; 1</conditionExpression></sequenceFlow>
  <sequenceFlow id="no" name="no" sourceRef="g" targetRef="refuse"/>
  <sequenceFlow id="f5" sourceRef="pay" targetRef="e"/>
  <sequenceFlow id="f6" sourceRef="refuse" targetRef="e"/>
  <sequenceFlow id="f7" sourceRef="late" targetRef="refuse"/>
</process>
<bpmndi:BPMNDiagram id="D1"><bpmndi:BPMNPlane id="D2" bpmnElement="C">
  <bpmndi:BPMNShape id="D3" bpmnElement="check"><dc:Bounds x="10" y="20" width="100" height="80"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape id="D4" bpmnElement="pay"><dc:Bounds x="200" y="20" width="100" height="80"/>
    <bpmndi:BPMNLabel><dc:Bounds x="1" y="1" width="10" height="10"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
  <bpmndi:BPMNEdge id="D5" bpmnElement="f1"><di:waypoint x="0" y="0"/><di:waypoint x="10" y="0"/></bpmndi:BPMNEdge>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""


def read(body: str = BODY) -> Model:
    return read_bytes(definitions(body, HEAD).encode(), "drawn.bpmn")


def edited(*edits: tuple[str, str], body: str = BODY) -> str:
    """The body with each first text, which stands in it, replaced by the second."""
    for old, new in edits:
        assert old in body, old
        body = body.replace(old, new)
    return body


def changes(*edits: tuple[str, str], register: Register | None = None) -> StructureDiff:
    """What the edits change by meaning."""
    return diff(read(), read(edited(*edits)), register)


def attributes(*edits: tuple[str, str]) -> dict[str, dict[str, tuple[object, object]]]:
    """Id to changed attributes, where nothing but attributes changed."""
    found = changes(*edits)
    assert (found.added, found.removed, found.renumbered, found.moved) == ((), (), (), ())
    return {each.id: dict(each.attributes) for each in found.changed}
