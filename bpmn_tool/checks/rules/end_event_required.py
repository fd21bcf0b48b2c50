"""``end-event-required``: a process says where it is over."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import containers, is_event
from bpmn_tool.messages import _
from bpmn_tool.model.elements import EventKind, SubProcess
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for element, nodes in containers(checked.model):
        if any(is_event(node, EventKind.END) for node in nodes):
            continue
        if isinstance(element, SubProcess):
            half = any(
                is_event(node, EventKind.START) for node in nodes
            )  # with neither, all of it just begins and ends
            severity = Severity.ERROR if half else Severity.WARNING
            message = _("sub-process %(name)s has no end event: draw one at the end of each path")
            yield Violation(element.id, message % {"name": quoted(element)}, severity=severity)
        else:
            message = _("process %(name)s has no end event: draw one for each way in which a case can end")
            yield Violation(element.id, message % {"name": quoted(element)})


RULE = Rule(
    name="end-event-required",
    severity=Severity.ERROR,
    why="Without an end event nothing says how a case ends, so no result can be told from another.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.3: where there is a start event there is an end event",
    find=find,
)
