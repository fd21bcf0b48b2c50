"""What of a model a set of cases went through."""

from collections.abc import Iterable

from bpmn_tool.model.elements import Model
from bpmn_tool.results.execution import Coverage, ExecutionTrace


def coverage(model: Model, traces: Iterable[ExecutionTrace], process: str | None = None) -> Coverage:
    """Flow nodes that completed and sequence flows that were taken in any of the cases; `missed` in the order of the
    file. With `process` those of one process alone.
    """
    seen: set[str] = set()
    for trace in traces:
        seen.update(step.element for step in trace.steps)
        seen.update(trace.flows)
    nodes = [node for node in model.flow_nodes if process is None or model.process_of(node) == process]
    flows = [flow for flow in model.sequence_flows if process is None or model.process_of(flow) == process]
    return Coverage(
        path=model.path,
        nodes=len(nodes),
        nodes_covered=sum(node in seen for node in nodes),
        flows=len(flows),
        flows_covered=sum(flow in seen for flow in flows),
        missed=tuple(id for id in (*nodes, *flows) if id not in seen),
    )
