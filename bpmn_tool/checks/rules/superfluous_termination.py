"""``superfluous-termination``: a terminate event ends something that would otherwise go on."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_event
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, FlowNode, Model, SubProcess, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for container in dict.fromkeys(node.container for node in model.flow_nodes.values()):
        last = [node for node in model.nodes_in(container) if not node.outgoing]
        terminating = [node for node in last if _terminates(node)]
        if len(terminating) == 1 and all(_terminates(node) or _interrupts(model, node) for node in last):
            (end,) = terminating
            message = _("%(name)s terminates, and nothing else could still go on: make it an ordinary end event")
            yield Violation(end.id, message % {"name": quoted(end)})


def _terminates(node: FlowNode) -> bool:
    return isinstance(node, Event) and node.kind is EventKind.END and node.has(TriggerKind.TERMINATE)


def _interrupts(model: Model, node: FlowNode) -> bool:
    """Whether it is an event sub-process that stops what is around it, so that nothing goes on beside it."""
    if not isinstance(node, SubProcess) or not node.triggered_by_event:
        return False
    inside = model.nodes_in(node.id)
    return any(isinstance(each, Event) and is_event(each, EventKind.START) and each.is_interrupting for each in inside)


RULE = Rule(
    name="superfluous-termination",
    severity=Severity.WARNING,
    why="A terminate event says that work is broken off; where there is none, the reader looks for it in vain.",
    whence="bpmnlint, which like this rule looks at plain cases only",
    find=find,
)
