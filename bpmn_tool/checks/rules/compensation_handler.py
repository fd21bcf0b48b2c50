"""``compensation-handler``: what undoes a step hangs on that step's compensation event, outside of the flow."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, FlowNode, Gateway, Model, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    events = [node for node in model.flow_nodes.values() if _catches(node)]
    handlers = [node for node in model.flow_nodes.values() if _handles(node)]
    if not events and not handlers:
        return
    joined = _joined(model)
    for event in events:
        if not any(_handles(model.flow_nodes.get(other)) for other in joined.get(event.id, ())):
            message = _(
                "no association joins the compensation event %(name)s with an activity that is marked for "
                "compensation: nothing says how the step is undone"
            )
            yield Violation(event.id, message % {"name": quoted(event)})
    for handler in handlers:
        if flows := (*handler.incoming, *handler.outgoing):
            message = _(
                "sequence flows lead to or from %(name)s, which is marked for compensation: take them out, "
                "or take out the mark"
            )
            yield Violation(handler.id, message % {"name": quoted(handler)}, flows)
        elif not any(_catches(model.flow_nodes.get(other)) for other in joined.get(handler.id, ())):
            message = _(
                "%(name)s is marked for compensation, and no association joins it with a compensation event: "
                "it is never done"
            )
            yield Violation(handler.id, message % {"name": quoted(handler)})


def _joined(model: Model) -> dict[str, list[str]]:
    """What associations join with each element, whichever end comes first."""
    joined: dict[str, list[str]] = {}
    for artifact in model.artifacts.values():
        if artifact.kind == "association" and artifact.source_ref and artifact.target_ref:
            joined.setdefault(artifact.source_ref, []).append(artifact.target_ref)
            joined.setdefault(artifact.target_ref, []).append(artifact.source_ref)
    return joined


def _catches(node: FlowNode | None) -> bool:
    return isinstance(node, Event) and node.kind is EventKind.BOUNDARY and node.has(TriggerKind.COMPENSATE)


def _handles(node: FlowNode | None) -> bool:
    return node is not None and not isinstance(node, Event | Gateway) and node.is_for_compensation


RULE = Rule(
    name="compensation-handler",
    severity=Severity.ERROR,
    why="A step is undone by what its compensation event names. Without that, or in the midst of the flow, it is not.",
    whence="BPMN 2.0.2, 10.3 (isForCompensation) and 10.7 (compensation)",
    find=find,
)
