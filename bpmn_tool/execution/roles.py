"""Who holds a step: the roles of its performers, else of its lane, else of its pool where that has no lanes."""

from collections.abc import Mapping

from bpmn_tool.model.elements import FlowNode, Model, SubProcess, Task
from bpmn_tool.register import Register, identifier


def roles_of(model: Model, register: Register | None) -> Mapping[str, tuple[str, ...]]:
    """The roles of each flow node that has any, the one that holds it first.

    A name that the register lacks becomes an id: lower case, underscores.
    """
    found = {node.id: _roles(model, node, register) for node in model.flow_nodes.values()}
    return {node: roles for node, roles in found.items() if roles}


def _roles(model: Model, node: FlowNode, register: Register | None) -> tuple[str, ...]:
    lane = _role(name, register) if (name := _lane(model, node)) else None
    performers = node.performers if isinstance(node, Task | SubProcess) else ()
    named = tuple(_role(name, register) for name in performers)
    if lane is None or not named:
        return named or ((lane,) if lane else ())
    # the role of the lane holds it where it is among those who do it, and may record it in any case
    return tuple(dict.fromkeys((lane, *named) if lane in named else (*named, lane)))


def _lane(model: Model, node: FlowNode) -> str:
    if (lane := model.lane_of(node.id)) is not None:
        return lane.label
    process = model.process_of(node.id)
    pool = model.participant_of(node.id)
    if pool is None or any(lane.process == process for lane in model.lanes.values()):
        return ""
    return pool.label


def _role(name: str, register: Register | None) -> str:
    role = register.role_of(name) if register is not None else None
    return identifier(name) if role is None else role.id
