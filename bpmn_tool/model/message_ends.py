"""From whom to whom a message flow leads, where it is drawn to the border of a pool: by the message's name, to the one
step in that pool that sends or receives it (docs/semantics.md, messages).
"""

from collections.abc import Iterator

from bpmn_tool.model.elements import Event, EventKind, FlowNode, MessageFlow, Model, Task, TaskKind, TriggerKind

_SENDING = (EventKind.THROW, EventKind.END)


def message_ends(model: Model) -> dict[str, tuple[str, str]]:
    """Message flow -> sender and receiver: flow nodes, and participants that are black boxes or that no one step of can
    be meant.
    """
    processes = {p.id: p.process_ref for p in model.participants.values() if p.process_ref is not None}
    found = {}
    for flow in model.message_flows.values():
        source, target = flow.source_ref, flow.target_ref
        if source in processes:
            source = _meant(model, flow, processes[source], sends=True) or source
        if target in processes:
            target = _meant(model, flow, processes[target], sends=False) or target
        found[flow.id] = (source, target)
    return found


def _meant(model: Model, flow: MessageFlow, process: str, *, sends: bool) -> str | None:
    """The one step of a process that sends or receives the message of this flow; None where none or several do."""
    name = _name(model, flow.message_ref) or flow.name.strip()
    if not name:
        return None
    steps = {
        node.id
        for node in model.flow_nodes.values()
        if model.process_of(node.id) == process and name in _messages(model, node, sends=sends)
    }
    return steps.pop() if len(steps) == 1 else None


def _messages(model: Model, node: FlowNode, *, sends: bool) -> Iterator[str]:
    """The names of the messages that a step sends, or receives."""
    match node:
        case Task(kind=TaskKind.SEND | TaskKind.RECEIVE) if (node.kind is TaskKind.SEND) is sends:
            yield _name(model, node.message_ref) or node.name.strip()
        case Event() if (node.kind in _SENDING) is sends:
            for each in node.definitions:
                if each.kind is TriggerKind.MESSAGE:
                    yield _name(model, each.ref) or node.name.strip()
        case _:
            pass


def _name(model: Model, ref: str | None) -> str:
    root = model.root_elements.get(ref) if ref is not None else None
    return (root.name.strip() or root.id) if root is not None else ""
