"""The expressions of a model, parsed once, by what they decide and the id of their element (``flow:f1``)."""

from typing import assert_never

from bpmn_tool.execution import nodes
from bpmn_tool.expressions import Expression, parse
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    Gateway,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
    TriggerKind,
)


def expressions(model: Model) -> dict[str, Expression]:
    texts = {nodes.FLOW + flow.id: flow.condition for flow in model.sequence_flows.values()}
    for node in model.flow_nodes.values():
        match node:
            case Task(loop=loop) | SubProcess(loop=loop) | CallActivity(loop=loop):
                texts |= _of_loop(node.id, loop)
                if isinstance(node, SubProcess) and node.kind is SubProcessKind.AD_HOC:
                    texts[nodes.DONE + node.id] = node.completion_condition
            case Gateway(activation_condition=text):
                texts[nodes.ACTIVATION + node.id] = text
            case Event(definitions=definitions):
                texts |= {
                    f"{nodes.EVENT}{number}:{node.id}": each.text
                    for number, each in enumerate(definitions)
                    if each.kind is TriggerKind.CONDITIONAL
                }
    return {key: parse(text) for key, text in texts.items() if text and text.strip()}


def _of_loop(id: str, loop: StandardLoop | MultiInstance | None) -> dict[str, str | None]:
    match loop:
        case MultiInstance():
            return {nodes.COUNT + id: loop.cardinality, nodes.COMPLETION + id: loop.completion_condition}
        case StandardLoop():
            return {nodes.LOOP + id: loop.condition}
        case None:
            return {}
        case _:
            assert_never(loop)
