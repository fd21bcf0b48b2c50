"""Where a case may begin, and where the tokens of a process or sub-process do."""

from collections.abc import Iterator

from bpmn_tool.errors import RunError
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    SubProcess,
    Task,
    TaskKind,
    TriggerKind,
)


def starts(model: Model) -> tuple[str, ...]:
    """What begins a process, in the order of the file: start events, and receive tasks and arms of event-based gateways
    that instantiate it; what begins sub-processes is not for a case.
    """
    return tuple(
        node.id for node in model.flow_nodes.values() if node.container in model.processes and begins(model, node)
    )


def begins(model: Model, node: FlowNode) -> bool:
    """Whether this node begins a process when what it waits for comes."""
    match node:
        case Event(kind=EventKind.START) | Task(kind=TaskKind.RECEIVE, instantiate=True):
            return True
        case Event(kind=EventKind.CATCH) | Task(kind=TaskKind.RECEIVE):
            return any(True for _ in _gateways(model, node))
        case _:
            return False


def _gateways(model: Model, node: FlowNode) -> Iterator[Gateway]:
    """The event-based gateways before a node that begin its process."""
    for flow in node.incoming:
        source = model.flow_nodes[model.sequence_flows[flow].source_ref]
        if isinstance(source, Gateway) and source.kind is GatewayKind.EVENT_BASED and source.instantiate:
            yield source


def together(model: Model, node: FlowNode) -> tuple[str, ...]:
    """Of an arm of a parallel event-based gateway that begins a process: the others, which have to come too."""
    for gateway in _gateways(model, node):
        if gateway.event_gateway_type == "Parallel":
            arms = (model.sequence_flows[flow].target_ref for flow in gateway.outgoing)
            return tuple(sorted((arm for arm in arms if arm != node.id), key=str.encode))
    return ()


def entries(model: Model, scope: str) -> tuple[str, ...]:
    """Where a scope without start events begins: nodes without an incoming flow, but for those that something else sets
    going.
    """
    return tuple(n.id for n in model.nodes_in(scope) if not n.incoming and not _is_set_going(n))


def _is_set_going(node: FlowNode) -> bool:
    match node:
        case Event():
            return node.kind in (EventKind.BOUNDARY, EventKind.START) or (
                node.kind is EventKind.CATCH and node.has(TriggerKind.LINK)
            )
        case SubProcess():
            return node.triggered_by_event or node.is_for_compensation
        case Task() | CallActivity():
            return node.is_for_compensation
        case Gateway():
            return node.instantiate


def inside_entries(model: Model, scope: str, *, called: bool = False) -> tuple[str, ...]:
    """Where a sub-process or a called process begins: start events, of a called process those without a trigger where
    it has one, else all that :func:`entries` gives.
    """
    every = [n for n in model.nodes_in(scope) if isinstance(n, Event) and n.kind is EventKind.START]
    plain = [n for n in every if not n.definitions] if called else []
    return tuple(event.id for event in plain or every) or entries(model, scope)


def beginnings(model: Model) -> tuple[str, ...]:
    """Start events at which a case comes in from outside: nobody in the model sends to them. Without start events,
    the processes that nobody calls.
    """
    inside = {flow.target_ref for flow in model.message_flows.values() if model.process_of(flow.source_ref) is not None}
    every = starts(model)
    called = {node.called_element for node in model.flow_nodes.values() if isinstance(node, CallActivity)}
    processes = tuple(process for process in model.processes if process not in called) or tuple(model.processes)
    outside = tuple(start for start in every if start not in inside)
    return tuple(start for start in outside if model.process_of(start) not in called) or outside or every or processes


def beginning(model: Model, element: str | None) -> tuple[str, tuple[str, ...]]:
    """The process that a case begins with, and the nodes that get its first tokens.

    `element` is a start event or a process; None where the model leaves no choice. Raises RunError with what there is.
    """
    every = starts(model)
    if element is None:
        return beginning(model, _only(model, every))
    if element in model.processes:
        return element, _of_process(model, element, every)
    node = model.flow_nodes.get(element)
    if node is None or not begins(model, node):
        raise RunError(f"{element!r} is no start event of this model; there is {', '.join(every) or 'none'}")
    if node.container not in model.processes:
        raise RunError(f"the start event {element!r} stands in a sub-process, which a case does not begin with")
    return node.container, (element,)


def _only(model: Model, every: tuple[str, ...]) -> str:
    if len(every) == 1:
        return every[0]
    if len(outside := beginnings(model)) == 1:
        return outside[0]
    if not every and len(model.processes) == 1:
        return next(iter(model.processes))
    raise RunError("a case may begin at " + (", ".join(every) or "several processes") + "; name one")


def _of_process(model: Model, process: str, every: tuple[str, ...]) -> tuple[str, ...]:
    own = tuple(start for start in every if model.process_of(start) == process)
    plain = tuple(start for start in own if isinstance(n := model.flow_nodes[start], Event) and not n.definitions)
    begin = plain or (() if own else entries(model, process))
    if not begin and len(own) != 1:
        label = model.processes[process].label
        raise RunError(f"the process '{label}' ({process}) begins at {' or '.join(own) or 'nothing'}; name one")
    return begin or own
