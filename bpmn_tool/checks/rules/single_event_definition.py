"""``single-event-definition``: an event has one trigger."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.words import trigger_words
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Event) and len(node.definitions) > 1:
            message = _("the event %(name)s has several triggers (%(triggers)s): draw an event for each")
            triggers = trigger_words(definition.kind for definition in node.definitions)
            yield Violation(node.id, message % {"name": quoted(node), "triggers": triggers})


RULE = Rule(
    name="single-event-definition",
    severity=Severity.ERROR,
    why="The marker of a multiple event does not show what it waits for, and many engines do not take one.",
    whence="bpmnlint; BPMN 2.0.2, 10.5 allows it",
    find=find,
)
