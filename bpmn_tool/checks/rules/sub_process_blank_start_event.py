"""``sub-process-blank-start-event``: a sub-process in the flow begins without a trigger."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.words import trigger_words
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, SubProcess, SubProcessKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not isinstance(node, Event) or node.kind is not EventKind.START or not node.definitions:
            continue
        around = model.flow_nodes.get(node.container)
        if not isinstance(around, SubProcess) or around.triggered_by_event or around.kind is SubProcessKind.AD_HOC:
            continue
        message = _(
            "the start event %(name)s (%(triggers)s) of the sub-process %(around)s may have no trigger: the flow that "
            "arrives begins it; make it blank, or make it an event sub-process"
        )
        triggers = trigger_words(definition.kind for definition in node.definitions)
        values = {"name": quoted(node), "triggers": triggers, "around": quoted(around)}
        yield Violation(node.id, message % values, (around.id,))


RULE = Rule(
    name="sub-process-blank-start-event",
    severity=Severity.ERROR,
    why="A sub-process begins when the flow of its parent arrives; a second trigger inside would never be waited for.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.2, Table 10.85",
    find=find,
)
