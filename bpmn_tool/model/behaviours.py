"""Which of the behaviours of a net an element of a model has."""

from typing import assert_never

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
from bpmn_tool.model.net import Behaviour
from bpmn_tool.model.triggers import RAISED


def behaviour_of(model: Model, node: FlowNode) -> Behaviour:
    match node:
        case Task():
            return Behaviour.RECEIVE if node.kind is TaskKind.RECEIVE else Behaviour.WORK
        case SubProcess():
            return Behaviour.SUB_PROCESS
        case CallActivity():  # what is called may stand in a file that was not read: then it is work
            return Behaviour.SUB_PROCESS if node.called_element in model.processes else Behaviour.WORK
        case Gateway():
            return _GATEWAYS[node.kind]
        case Event():
            return _event_behaviour(model, node)
        case _:
            assert_never(node)


def _event_behaviour(model: Model, node: Event) -> Behaviour:
    match node.kind:
        case EventKind.START:
            around = model.flow_nodes.get(node.container)
            by_event = isinstance(around, SubProcess) and around.triggered_by_event
            return Behaviour.EVENT_START if by_event else Behaviour.START
        case EventKind.END:
            if any(d.kind in RAISED for d in node.definitions):
                return Behaviour.RAISE
            return Behaviour.TERMINATE if node.has(TriggerKind.TERMINATE) else Behaviour.END
        case EventKind.THROW:
            return Behaviour.RAISE if any(d.kind in RAISED for d in node.definitions) else Behaviour.THROW
        case EventKind.CATCH:
            passes = not node.definitions or node.has(TriggerKind.LINK)
            return Behaviour.THROW if passes else Behaviour.CATCH
        case EventKind.BOUNDARY:
            return Behaviour.BOUNDARY
        case _:
            assert_never(node.kind)


_GATEWAYS = {
    GatewayKind.EXCLUSIVE: Behaviour.EXCLUSIVE,
    GatewayKind.INCLUSIVE: Behaviour.INCLUSIVE,
    GatewayKind.PARALLEL: Behaviour.PARALLEL,
    GatewayKind.EVENT_BASED: Behaviour.EVENT_GATEWAY,
    GatewayKind.COMPLEX: Behaviour.COMPLEX,
}
