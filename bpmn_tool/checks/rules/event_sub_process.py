"""``event-sub-process``: no flow leads to or from it, and it has one start event."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_event
from bpmn_tool.messages import _
from bpmn_tool.model.elements import EventKind, SubProcess
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not isinstance(node, SubProcess) or not node.triggered_by_event:
            continue
        values = {"name": quoted(node)}
        for flow in (*node.incoming, *node.outgoing):
            message = _(
                "this sequence flow leads to or from the event sub-process %(name)s, which only its start event "
                "begins: take it out"
            )
            yield Violation(flow, message % values, (node.id,))
        inside = model.nodes_in(node.id)
        starts = tuple(each.id for each in inside if is_event(each, EventKind.START))
        if inside and not starts:  # with nothing drawn in it, it is drawn elsewhere
            message = _("the event sub-process %(name)s has no start event: draw the one that begins it")
            yield Violation(node.id, message % values)
        elif len(starts) > 1:
            message = _(
                "the event sub-process %(name)s has several start events: give it one with several triggers, "
                "or make several event sub-processes"
            )
            yield Violation(node.id, message % values, starts)


RULE = Rule(
    name="event-sub-process",
    severity=Severity.ERROR,
    why="An event sub-process stands outside of the flow and begins by its one event; with flows it has two meanings.",
    whence="BPMN 2.0.2, 10.3.5 (event sub-process) and 10.5.2",
    find=find,
)
