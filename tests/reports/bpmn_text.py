# ruff: noqa: E501  XML reads better in long lines
"""A small BPMN file with a layout, as text; names can be put in."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Model

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="t">'
)
TASKS = ("task", "userTask", "manualTask", "businessRuleTask", "serviceTask", "scriptTask", "sendTask", "receiveTask")
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway")
TRIGGERS = (
    "message",
    "timer",
    "signal",
    "error",
    "escalation",
    "conditional",
    "link",
    "compensate",
    "cancel",
    "terminate",
)


def shape(element: str, x: float, y: float, width: float = 100, height: float = 80, more: str = "") -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}" {more}>{bounds}</bpmndi:BPMNShape>'


def edge(element: str, *points: tuple[float, float]) -> str:
    way = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{element}_di" bpmnElement="{element}">{way}</bpmndi:BPMNEdge>'


def model_of(text: str, folder: Path) -> Model:
    path = folder / "model.bpmn"
    path.write_text(text, encoding="utf-8")
    return read_model(path)


def two_pools(name: str = "Assess signal") -> str:
    """A pool with a lane, a start, a task with a default flow, a decision and an end; a black box that it tells."""
    return f"""{HEAD}
<collaboration id="c"><participant id="city" name={quoteattr(name)} processRef="p"/><participant id="school" name="School"/>
<messageFlow id="told" name={quoteattr(name)} sourceRef="assess" targetRef="school"/>
<textAnnotation id="note"><text>{name.replace("&", "&amp;").replace("<", "&lt;")}</text></textAnnotation>
<association id="tie" sourceRef="note" targetRef="assess"/></collaboration>
<process id="p"><laneSet id="ls"><lane id="officer" name={quoteattr(name)}><flowNodeRef>begin</flowNodeRef><flowNodeRef>assess</flowNodeRef>
<flowNodeRef>which</flowNodeRef><flowNodeRef>done</flowNodeRef><flowNodeRef>late</flowNodeRef></lane></laneSet>
<startEvent id="begin" name={quoteattr(name)}/><userTask id="assess" name={quoteattr(name)}/>
<boundaryEvent id="late" attachedToRef="assess" cancelActivity="false"><timerEventDefinition id="t"/></boundaryEvent>
<exclusiveGateway id="which" name={quoteattr(name)} default="no"/><endEvent id="done"><terminateEventDefinition id="e"/></endEvent>
<sequenceFlow id="f1" sourceRef="begin" targetRef="assess"/><sequenceFlow id="f2" sourceRef="assess" targetRef="which"/>
<sequenceFlow id="no" name={quoteattr(name)} sourceRef="which" targetRef="done"/>
<sequenceFlow id="again" sourceRef="which" targetRef="assess"><conditionExpression>urgent</conditionExpression></sequenceFlow>
</process>
<bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="plane" bpmnElement="c">
{shape("city", 0, 0, 700, 250, 'isHorizontal="true"')}{shape("officer", 30, 0, 670, 250, 'isHorizontal="true"')}{shape("school", 0, 300, 700, 60)}
{shape("begin", 70, 102, 36, 36)}{shape("assess", 160, 80)}{shape("late", 240, 142, 36, 36)}
{shape("which", 340, 95, 50, 50, 'isMarkerVisible="true"')}{shape("done", 520, 102, 36, 36)}{shape("note", 420, 20, 120, 40)}
{edge("f1", (106, 120), (160, 120))}{edge("f2", (260, 120), (340, 120))}{edge("no", (390, 120), (520, 120))}
{edge("again", (365, 95), (365, 40), (210, 40), (210, 80))}{edge("told", (210, 160), (210, 300))}{edge("tie", (420, 40), (260, 90))}
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"""


def every_kind() -> str:
    """All kinds of tasks, gateways, events and triggers in one row each, with loop markers."""
    body, drawn = [], []
    for column, kind in enumerate(TASKS):
        body.append(f'<{kind} id="{kind}_1" name="{kind}"/>')
        drawn.append(shape(f"{kind}_1", column * 130, 0))
    for column, kind in enumerate(GATEWAYS):
        body.append(f'<{kind} id="{kind}_1" name="{kind}"/>')
        drawn.append(shape(f"{kind}_1", column * 130, 120, 50, 50))
    for row, kind in enumerate(("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent")):
        for column, trigger in enumerate(("", *TRIGGERS)):
            definition = f'<{trigger}EventDefinition id="x_{kind}_{trigger}"/>' if trigger else ""
            body.append(f'<{kind} id="{kind}_{trigger}">{definition}</{kind}>')
            drawn.append(shape(f"{kind}_{trigger}", column * 130, 240 + 80 * row, 36, 36))
    loops = {
        "looped": "<standardLoopCharacteristics/>",
        "parallel": '<multiInstanceLoopCharacteristics isSequential="false"/>',
        "sequential": '<multiInstanceLoopCharacteristics isSequential="true"/>',
    }
    for column, (name, marker) in enumerate(loops.items()):
        body.append(f'<task id="{name}" name="{name}">{marker}</task>')
        drawn.append(shape(name, column * 130, 600))
    subs = {"subProcess": "", "transaction": "", "adHocSubProcess": "", "callActivity": ""}
    for column, kind in enumerate(subs):
        for row, expanded in enumerate(("false", "true")):
            body.append(f'<{kind} id="{kind}_{expanded}" name="{kind}"/>')
            drawn.append(
                shape(f"{kind}_{expanded}", column * 230, 720 + 120 * row, 200, 100, f'isExpanded="{expanded}"')
            )
    body.append('<dataObject id="o"/><dataObjectReference id="paper" name="Paper" dataObjectRef="o"/>')
    body.append('<dataStoreReference id="store" name="Store"/><group id="grouped"/>')
    drawn += [shape("paper", 0, 980, 36, 50), shape("store", 130, 980, 50, 50), shape("grouped", 260, 980)]
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="p">{"".join(drawn)}</bpmndi:BPMNPlane>'
    return f'{HEAD}<process id="p">{"".join(body)}</process><bpmndi:BPMNDiagram id="b">{plane}</bpmndi:BPMNDiagram></definitions>'
