"""Random collaborations for property tests.

Pools with and without processes, lanes, sub-processes, loops, boundary events, messages, data.
"""

from hypothesis import strategies as st

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Model
from tests.interchange.bpmn_text import definitions

_NODES = ("task", "userTask", "exclusiveGateway", "parallelGateway", "intermediateCatchEvent", "endEvent", "subProcess")
_NAMES = ("", "Weigh it", "A longer name that needs a second line", "yes")


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.count = draw, 0
        self.messages: list[str] = []

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def up_to(self, most: int) -> int:
        return self.draw(st.integers(0, most))

    def content(self, depth: int) -> tuple[str, list[str]]:
        """Nodes and flows of a process or sub-process; and the ids of its nodes."""
        nodes: list[str] = []
        text = ""
        for _ in range(1 + self.up_to(5)):
            kind = self.pick(*(_NODES if depth < 2 else _NODES[:-1]))
            node = self.new(kind)
            inner = self.content(depth + 1)[0] if kind == "subProcess" else ""
            text += f'<{kind} id="{node}" name="{self.pick(*_NAMES)}">{inner}{self.data(kind)}</{kind}>'
            nodes.append(node)
            if kind in ("task", "userTask", "subProcess"):
                for _ in range(self.up_to(2)):
                    nodes.append(self.new("boundaryEvent"))
                    head = f'id="{nodes[-1]}" name="{self.pick(*_NAMES)}" attachedToRef="{node}"'
                    text += f"<boundaryEvent {head}><timerEventDefinition/></boundaryEvent>"
        for _ in range(self.up_to(len(nodes) + 2)):
            source, target = self.pick(*nodes), self.pick(*nodes)
            if not target.startswith("boundary"):
                head = f'id="{self.new("flow")}" name="{self.pick(*_NAMES)}"'
                text += f'<sequenceFlow {head} sourceRef="{source}" targetRef="{target}"/>'
        # not to boundary events of inner nodes, since one may sit right above another on the border of the sub-process
        self.messages += [node for node in nodes if depth == 0 or not node.startswith("boundary")]
        return text, nodes

    def data(self, kind: str) -> str:
        if kind != "task" or self.up_to(3) > 0:
            return ""
        tie = "<sourceRef>file</sourceRef><targetRef>file</targetRef>"
        return f'<dataInputAssociation id="{self.new("tie")}">{tie}</dataInputAssociation>'

    def process(self, name: str) -> str:
        text, nodes = self.content(0)
        lanes = ["", ""] if self.up_to(1) else []
        for node in nodes if lanes else []:
            lanes[self.up_to(1)] += f"<flowNodeRef>{node}</flowNodeRef>"
        inner = "".join(f'<lane id="{self.new("lane")}" name="Some role">{refs}</lane>' for refs in lanes)
        return f'<process id="{name}">{f"<laneSet>{inner}</laneSet>" if lanes else ""}{text}</process>'


@st.composite
def models(draw: st.DrawFn) -> Model:
    writer = _Writer(draw)
    pools, processes = "", ""
    for number in range(1 + writer.up_to(3)):
        ref = ""
        if number == 0 or writer.up_to(2):
            processes += writer.process(f"process_{number}")
            ref = f'processRef="process_{number}"'
        pools += f'<participant id="pool_{number}" name="{writer.pick(*_NAMES)}" {ref}/>'
        writer.messages.append(f"pool_{number}")
    for _ in range(writer.up_to(5)):
        source, target = writer.pick(*writer.messages), writer.pick(*writer.messages)
        if source != target:
            pools += (
                f'<messageFlow id="{writer.new("message")}" name="note" sourceRef="{source}" targetRef="{target}"/>'
            )
    file = '<dataObjectReference id="file" name="File" dataObjectRef="o"/>'
    data = f'<process id="library"><dataObject id="o"/>{file}</process>'
    text = definitions(f'<collaboration id="C">{pools}</collaboration>{processes}{data}')
    return read_bytes(text.encode(), "random.bpmn")
