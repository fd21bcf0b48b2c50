"""``start-event-incoming``: no sequence flow leads to a start event."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_event
from bpmn_tool.checks.words import enters_at_the_border
from bpmn_tool.messages import _
from bpmn_tool.model.elements import EventKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not is_event(node, EventKind.START):
            continue
        for flow in node.incoming:
            if not enters_at_the_border(model, model.sequence_flows[flow]):
                message = _(
                    "this sequence flow leads to the start event %(name)s: lead it to what follows, "
                    "or make that an intermediate event"
                )
                yield Violation(flow, message % {"name": quoted(node)}, (node.id,))


RULE = Rule(
    name="start-event-incoming",
    severity=Severity.ERROR,
    why="A start event begins a new case. What leads to it cannot mean 'go on here' for the case that is there.",
    whence="BPMN 2.0.2, 10.5.2: a start event must not be a target for sequence flows",
    find=find,
)
