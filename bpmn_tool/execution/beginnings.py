"""Where a case may begin."""

from bpmn_tool.errors import RunError
from bpmn_tool.execution.build import entries
from bpmn_tool.model.elements import Event, EventKind, Model


def starts(model: Model) -> tuple[str, ...]:
    """The start events of processes, in the order of the file; those of sub-processes are not for a case."""
    return tuple(
        node.id
        for node in model.flow_nodes.values()
        if isinstance(node, Event) and node.kind is EventKind.START and node.container in model.processes
    )


def beginnings(model: Model) -> tuple[str, ...]:
    """Start events at which a case comes in from outside: nobody in the model sends to them. Without start events,
    the processes.
    """
    inside = {flow.target_ref for flow in model.message_flows.values() if model.process_of(flow.source_ref) is not None}
    every = starts(model)
    return tuple(start for start in every if start not in inside) or every or tuple(model.processes)


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
    if not (isinstance(node, Event) and node.kind is EventKind.START):
        raise RunError(f"{element!r} is no start event of this model; there is {', '.join(every) or 'none'}")
    if node.container not in model.processes:
        raise RunError(f"the start event {element!r} stands in a sub-process, which a case does not begin with")
    return node.container, (element,)


def _only(model: Model, every: tuple[str, ...]) -> str:
    if len(every) == 1:
        return every[0]
    if not every and len(model.processes) == 1:
        return next(iter(model.processes))
    raise RunError("a case may begin at " + (", ".join(every) or "several processes") + "; name one")


def _of_process(model: Model, process: str, every: tuple[str, ...]) -> tuple[str, ...]:
    begin = entries(model, process)
    own = tuple(start for start in every if model.process_of(start) == process)
    if not begin and len(own) != 1:
        label = model.processes[process].label
        raise RunError(f"the process '{label}' ({process}) begins at {' or '.join(own) or 'nothing'}; name one")
    return begin or own
