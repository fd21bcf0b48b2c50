"""``no-disconnected``: every step hangs together with the rest."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_loose_by_nature
from bpmn_tool.messages import _
from bpmn_tool.model.elements import CallActivity, Event, EventKind, FlowNode, Model, SubProcess, Task, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if node.incoming or node.outgoing or is_loose_by_nature(model, node):
            continue
        if isinstance(node, Event) and node.kind is EventKind.BOUNDARY and node.has(TriggerKind.COMPENSATE):
            continue
        if _stands_in_a_parallel_box(model, node):
            continue
        message = _("%(name)s is not connected: draw the flows that lead to it and from it, or take it out")
        yield Violation(node.id, message % {"name": quoted(node)})


def _stands_in_a_parallel_box(model: Model, node: FlowNode) -> bool:
    """Whether it is one of several activities that a sub-process without start, end and flows does side by side, which
    the standard allows (BPMN 2.0.2, chapter 10, sub-processes).
    """
    around = model.flow_nodes.get(node.container)
    inside = model.nodes_in(node.container)
    return (
        isinstance(around, SubProcess)
        and len(inside) > 1
        and all(isinstance(each, Task | SubProcess | CallActivity) for each in inside)
        and not any(each.incoming or each.outgoing for each in inside)
    )


RULE = Rule(
    name="no-disconnected",
    severity=Severity.ERROR,
    why="No case ever reaches a step that no flow leads to, though the drawing promises it.",
    whence="bpmnlint",
    find=find,
)
