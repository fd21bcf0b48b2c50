"""``conditional-event``: an event that waits for a condition says which, where the process is to be executed."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    executable = {process.id for process in model.processes.values() if process.is_executable}
    for node in model.flow_nodes.values():
        if not isinstance(node, Event) or model.process_of(node.id) not in executable:
            continue
        if any(each.kind is TriggerKind.CONDITIONAL and not each.text.strip() for each in node.definitions):
            message = _("%(name)s waits for a condition and does not say which: write it into its <condition>")
            yield Violation(node.id, message % {"name": quoted(node)})


RULE = Rule(
    name="conditional-event",
    severity=Severity.ERROR,
    why="What is to be executed waits for something that a machine can tell; an empty condition never comes true.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.5 (conditional event definition)",
    find=find,
)
