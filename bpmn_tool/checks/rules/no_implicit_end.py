"""``no-implicit-end``: a path ends at an end event."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import containers, ends_by_itself, is_event, is_loose_by_nature
from bpmn_tool.messages import _
from bpmn_tool.model.elements import EventKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for _element, nodes in containers(model):
        if not any(is_event(node, EventKind.END) for node in nodes):
            continue  # end-event-required says it
        for node in nodes:
            alone = not node.incoming and not is_event(node, EventKind.BOUNDARY)  # no-disconnected says it
            if node.outgoing or alone or ends_by_itself(node) or is_loose_by_nature(model, node):
                continue
            message = _("the path stops at %(name)s: lead it to an end event that says how the case ended")
            forbidden = is_event(node, EventKind.CATCH) or is_event(node, EventKind.THROW)
            severity = Severity.ERROR if forbidden else None
            yield Violation(node.id, message % {"name": quoted(node)}, severity=severity)


RULE = Rule(
    name="no-implicit-end",
    severity=Severity.WARNING,
    why="A path that just stops leaves open whether it is over, and with what result, or was forgotten.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.3: where there is an end event a flow leads on from everything else; 10.5.4",
    find=find,
)
