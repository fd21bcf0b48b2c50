"""``boundary-event``: an event on a border stands on an activity beside it, and no flow leads to it."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, Gateway, Model, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not isinstance(node, Event) or node.kind is not EventKind.BOUNDARY:
            continue
        yield from _host(model, node)
        values = {"name": quoted(node)}
        for flow in node.incoming:
            message = _(
                "this sequence flow leads to the boundary event %(name)s, which only its trigger begins: "
                "lead it to a step"
            )
            yield Violation(flow, message % values, (node.id,))
        if node.has(TriggerKind.COMPENSATE):
            for flow in node.outgoing:
                message = _(
                    "this sequence flow leads from the compensation event %(name)s: "
                    "join its handler by an association instead"
                )
                yield Violation(flow, message % values, (node.id,))


def _host(model: Model, event: Event) -> Iterator[Violation]:
    host = model.flow_nodes.get(event.attached_to_ref or "")
    elsewhere = event.attributes.get("attachedToRef")  # the reader leaves there what is no activity or gateway
    values = {"name": quoted(event), "host": f"'{elsewhere}'" if host is None else quoted(host)}
    if host is None and not elsewhere:
        message = _("the boundary event %(name)s is attached to nothing: put it on the border of an activity")
        yield Violation(event.id, message % values)
    elif host is None or isinstance(host, Event | Gateway):
        message = _(
            "the boundary event %(name)s is attached to %(host)s, which is no activity: "
            "put it on the border of a task or sub-process"
        )
        yield Violation(event.id, message % values, () if host is None else (host.id,))
    elif host.container != event.container:
        message = _(
            "the boundary event %(name)s is attached to %(host)s and does not stand beside it: "
            "keep both in the same process or sub-process"
        )
        yield Violation(event.id, message % values, (host.id,))


RULE = Rule(
    name="boundary-event",
    severity=Severity.ERROR,
    why="An event on a border happens to the work below it. Without that work, or with a flow that leads to it, "
    "nobody can say when it happens.",
    whence="BPMN 2.0.2, 10.5.4 (activity boundary connections)",
    find=find,
)
