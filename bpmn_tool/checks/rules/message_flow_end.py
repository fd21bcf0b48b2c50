"""``message-flow-end``: a message leaves what sends, and arrives at what receives."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, FlowNode, Gateway, TriggerKind
from bpmn_tool.results.finding import Severity

SENDING = frozenset({EventKind.THROW, EventKind.END})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for flow in model.message_flows.values():
        source, target = model.flow_nodes.get(flow.source_ref), model.flow_nodes.get(flow.target_ref)
        if source is not None and (sentence := _cannot_send(source)):
            yield Violation(flow.id, sentence % {"name": quoted(source)}, (source.id,))
        if target is not None and (sentence := _cannot_receive(target)):
            yield Violation(flow.id, sentence % {"name": quoted(target)}, (target.id,))


def _cannot_send(node: FlowNode) -> str | None:
    match node:
        case Gateway():
            return _("this message flow leaves the gateway %(name)s, which sends nothing: draw it from a step")
        case Event() if node.kind not in SENDING:
            return _("this message flow leaves %(name)s, an event that catches: draw it from one that throws or ends")
        case Event() if not node.has(TriggerKind.MESSAGE):
            return _("this message flow leaves the event %(name)s, which is no message event: make it one")
        case _:
            return None


def _cannot_receive(node: FlowNode) -> str | None:
    match node:
        case Gateway():
            return _("this message flow leads to the gateway %(name)s, which receives nothing: draw it to a step")
        case Event() if node.kind in SENDING:
            return _("this message flow leads to %(name)s, an event that throws or ends: draw it to one that catches")
        case Event() if not node.has(TriggerKind.MESSAGE):
            return _("this message flow leads to the event %(name)s, which is no message event: make it one")
        case _:
            return None


RULE = Rule(
    name="message-flow-end",
    severity=Severity.ERROR,
    why="A message that nothing sends or nothing receives is never exchanged, however it is drawn.",
    whence="BPMN 2.0.2, 7.6.2, Table 7.4 (message flow connection rules)",
    find=find,
)
