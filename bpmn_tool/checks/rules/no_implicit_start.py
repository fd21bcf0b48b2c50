"""``no-implicit-start``: beside the start events, a flow leads to everything."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import begins_by_itself, containers, is_event, is_loose_by_nature
from bpmn_tool.messages import _
from bpmn_tool.model.elements import EventKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for _element, nodes in containers(model):
        if not any(is_event(node, EventKind.START) for node in nodes):
            continue  # start-event-required says it
        for node in nodes:
            alone = not node.outgoing  # no-disconnected says it
            if node.incoming or alone or begins_by_itself(node) or is_loose_by_nature(model, node):
                continue
            message = _("no flow leads to %(name)s: draw it, or begin with a start event")
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="no-implicit-start",
    severity=Severity.ERROR,
    why="A case begins at start events. What no flow leads to is never reached, and neither is what follows it.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.2: where there is a start event a flow leads to everything else",
    find=find,
)
