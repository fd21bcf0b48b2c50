"""``start-event-required``: a process says where it begins."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import begins_by_itself, containers, is_event
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, SubProcess
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for element, nodes in containers(checked.model):
        if any(is_event(node, EventKind.START) for node in nodes):
            continue
        if isinstance(element, SubProcess):
            half = any(is_event(node, EventKind.END) for node in nodes)  # with neither, all of it just begins and ends
            severity = Severity.ERROR if half else Severity.WARNING
            message = _("sub-process %(name)s has no start event: draw one where it begins")
            yield Violation(element.id, message % {"name": quoted(element)}, severity=severity)
        elif not any(begins_by_itself(node) and not isinstance(node, Event) for node in nodes):
            message = _("process %(name)s has no start event: draw one where a case begins")
            yield Violation(element.id, message % {"name": quoted(element)})


RULE = Rule(
    name="start-event-required",
    severity=Severity.ERROR,
    why="Without a start event nothing says how a case comes in: it can be neither run nor simulated.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.2: where there is an end event there is a start event",
    find=find,
)
