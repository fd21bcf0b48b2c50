"""``handoff-without-acceptance``: who hands work to a partner hears that it has arrived."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_event
from bpmn_tool.messages import _
from bpmn_tool.model.elements import CallActivity, EventKind, FlowNode, Model, SubProcess, Task
from bpmn_tool.model.graph import flow_graph, reachable
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for flow in model.message_flows.values():
        sender, receiver = _party(model, flow.source_ref), _party(model, flow.target_ref)
        follows = _work_started(model, flow.target_ref)
        if sender == receiver or not follows or _comes_back(model, follows, sender):
            continue
        message = _(
            "%(flow)s starts work at %(receiver)s, and after it no message comes back to %(sender)s: draw the answer "
            "that accepts or declines, so that it shows when a handoff is lost"
        )
        values = {"flow": quoted(flow), "receiver": _label(model, receiver), "sender": _label(model, sender)}
        yield Violation(flow.id, message % values, (flow.source_ref, flow.target_ref))


def _party(model: Model, element_id: str) -> str:
    """The process that an end of a message flow belongs to; a participant without one is its own."""
    return model.process_of(element_id) or element_id


def _label(model: Model, party: str) -> str:
    element = model.participant_of(party) or model.get(party)
    return quoted(element) if element is not None else f"'{party}'"


def _work_started(model: Model, target: str) -> AbstractSet[str]:
    """What follows in the receiver's process from a message that starts it; nothing where no activity does.

    A message that is drawn to the border of a pool may start any of it.
    """
    node, process = model.flow_nodes.get(target), model.process_of(target)
    if process is None or (node is not None and not _starts(model, node)):
        return frozenset()
    graph = flow_graph(model, process)
    follows = set(graph) if node is None else reachable(graph, [node.id])
    works = any(isinstance(model.flow_nodes[each], Task | SubProcess | CallActivity) for each in follows)
    return follows if works else frozenset()


def _starts(model: Model, node: FlowNode) -> bool:
    """A start event, a task that a message starts, or a catch behind a gateway that it starts."""
    if is_event(node, EventKind.START) or getattr(node, "instantiate", False):
        return True
    before = (model.flow_nodes.get(model.sequence_flows[flow].source_ref) for flow in node.incoming)
    return any(getattr(each, "instantiate", False) for each in before)


def _comes_back(model: Model, follows: AbstractSet[str], sender: str) -> bool:
    """Whether a message leaves there for the sender; from the border of the receiver's pool counts too."""
    borders = {pool.id for pool in model.participants.values() if pool.process_ref in map(model.process_of, follows)}
    return any(
        flow.source_ref in follows | borders and _party(model, flow.target_ref) == sender
        for flow in model.message_flows.values()
    )


RULE = Rule(
    name="handoff-without-acceptance",
    severity=Severity.WARNING,
    why="Whoever hands over and hears nothing cannot tell work in progress from a message that was lost or declined.",
    whence="this project: handoffs are accepted, declined or lost (docs/semantics.md, 8)",
    find=find,
)
