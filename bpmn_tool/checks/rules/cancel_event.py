"""``cancel-event``: what is cancelled is a transaction."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, Model, SubProcess, SubProcessKind, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not isinstance(node, Event) or not node.has(TriggerKind.CANCEL):
            continue
        if node.kind is EventKind.END and not _is_transaction(model, node.container):
            message = _(
                "the cancel end event %(name)s does not stand directly in a transaction: "
                "make the sub-process around it one, or take another kind of end"
            )
            yield Violation(node.id, message % {"name": quoted(node)})
        elif node.kind is EventKind.BOUNDARY and not _is_transaction(model, node.attached_to_ref):
            message = _(
                "the cancel event %(name)s stands on the border of what is no transaction: "
                "put it on one, or take another trigger"
            )
            yield Violation(node.id, message % {"name": quoted(node)})


def _is_transaction(model: Model, element: str | None) -> bool:
    found = model.flow_nodes.get(element or "")
    return isinstance(found, SubProcess) and found.kind is SubProcessKind.TRANSACTION


RULE = Rule(
    name="cancel-event",
    severity=Severity.ERROR,
    why="To cancel is to undo a transaction. Where there is none, nothing says what is undone.",
    whence="BPMN 2.0.2, 10.5.5 (cancel event definition)",
    find=find,
)
