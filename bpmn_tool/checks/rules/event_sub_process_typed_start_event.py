"""``event-sub-process-typed-start-event``: the start event of an event sub-process says what begins it."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.words import event_sub_process
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not isinstance(node, Event) or node.kind is not EventKind.START or node.definitions:
            continue
        if (around := event_sub_process(model, node.container)) is not None:
            message = _(
                "the start event %(name)s of the event sub-process %(around)s has no trigger: say what begins it"
            )
            yield Violation(node.id, message % {"name": quoted(node), "around": quoted(around)}, (around.id,))


RULE = Rule(
    name="event-sub-process-typed-start-event",
    severity=Severity.ERROR,
    why="No flow leads to an event sub-process, so that without a trigger it can never begin.",
    whence="bpmnlint; BPMN 2.0.2, 10.3.5 (event sub-process) and 10.5.2, Table 10.86",
    find=find,
)
