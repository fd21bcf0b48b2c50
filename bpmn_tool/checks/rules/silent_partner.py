"""``silent-partner``: who receives messages has a process, or is known to answer."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import ngettext
from bpmn_tool.model.elements import MessageFlow, Model, Participant
from bpmn_tool.model.graph import flow_graph, reachable
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for pool in model.participants.values():
        if pool.process_ref is not None and model.nodes_in(pool.process_ref):
            continue
        received = [flow for flow in model.message_flows.values() if flow.target_ref == pool.id]
        if not received or _is_described(pool, checked.register) or _answers(model, pool, received):
            continue
        message = ngettext(
            "%(pool)s receives %(names)s, and nothing says what it answers: draw its process or the message that "
            "comes back, or describe its 'response' in the register",
            "%(pool)s receives %(count)s messages (%(names)s), and nothing says what it answers: draw its process or "
            "the messages that come back, or describe its 'response' in the register",
            len(received),
        )
        names = ", ".join(dict.fromkeys(map(quoted, received)))
        values = {"pool": quoted(pool), "names": names, "count": len(received)}
        yield Violation(pool.id, message % values, tuple(flow.id for flow in received))


def _is_described(pool: Participant, register: Register | None) -> bool:
    """By the register where it knows the partner, else by the pool's documentation, whatever that says."""
    partner = register.partner_of(pool.name or pool.id) if register is not None else None
    return bool((pool.documentation if partner is None else partner.response).strip())


def _answers(model: Model, pool: Participant, received: list[MessageFlow]) -> bool:
    """Whether a message of it arrives at a step that comes after one of those that it received."""
    answered = {flow.target_ref for flow in model.message_flows.values() if flow.source_ref == pool.id}
    if not answered:
        return False
    for flow in received:
        process = model.process_of(flow.source_ref)
        if process is None:
            continue
        graph = flow_graph(model, process)
        pools = {each.id for each in model.participants.values() if each.process_ref == process}
        after = reachable(graph, [flow.source_ref]) if flow.source_ref in graph else set(graph)
        if answered & (after | pools):
            return True
    return False


RULE = Rule(
    name="silent-partner",
    severity=Severity.WARNING,
    why="Silence cannot be told from 'no concern': those who send have to know what a partner does with a message.",
    whence="this project: nobody has to share, so that silence looks like an answer",
    find=find,
)
