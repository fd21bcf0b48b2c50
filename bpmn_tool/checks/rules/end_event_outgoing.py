"""``end-event-outgoing``: no sequence flow leads from an end event."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_event
from bpmn_tool.checks.words import leaves_at_the_border
from bpmn_tool.messages import _
from bpmn_tool.model.elements import EventKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not is_event(node, EventKind.END):
            continue
        for flow in node.outgoing:
            if not leaves_at_the_border(model, model.sequence_flows[flow]):
                message = _(
                    "this sequence flow leads from the end event %(name)s, where the path is over: "
                    "take it out, or make that an intermediate event"
                )
                yield Violation(flow, message % {"name": quoted(node)}, (node.id,))


RULE = Rule(
    name="end-event-outgoing",
    severity=Severity.ERROR,
    why="An end event consumes what arrives. Steps behind it are drawn as if they were done, and never are.",
    whence="BPMN 2.0.2, 10.5.3: an end event must not be a source for sequence flows",
    find=find,
)
