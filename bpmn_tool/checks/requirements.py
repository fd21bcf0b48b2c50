"""Which elements of a model the requirements of the register mean."""

from collections.abc import Iterator

from bpmn_tool.model.elements import CallActivity, FlowNode, MessageFlow, Model, SubProcess, Task
from bpmn_tool.model.paths import Point
from bpmn_tool.register import Register, RequiredBefore


def completions(model: Model, ids: tuple[str, ...]) -> set[Point]:
    """The points at which these are complete; of what the model has."""
    return {Point(each, done=each in model.flow_nodes) for each in ids if is_step(model, each)}


def is_step(model: Model, id_: str) -> bool:
    """Whether a token or message passes it: a flow node, a sequence flow or a message flow."""
    return id_ in model.flow_nodes or id_ in model.sequence_flows or id_ in model.message_flows


def targets(model: Model, register: Register, requirement: RequiredBefore) -> list[str]:
    """The ids of flow nodes and flows that something has to come before; each once, in the order of the register and
    then of the model.

    What is needed itself, and what stands in it, is meant only where `before` names it.
    """
    selected = (id_ for id_ in _selected(model, register, requirement) if not _needed(model, id_, requirement.needs))
    named = (id_ for id_ in requirement.before if is_step(model, id_))
    return [id_ for id_ in dict.fromkeys((*named, *selected)) if _is_within(model, id_, requirement.within)]


def _selected(model: Model, register: Register, requirement: RequiredBefore) -> Iterator[str]:
    for flow in model.message_flows.values():
        if partner_of(model, register, flow.target_ref) in requirement.before_messages_to:
            yield flow.id
    for node in model.flow_nodes.values():
        if (
            set(roles_of(model, register, node)) & set(requirement.before_work_of)
            or _touches(model, getattr(node, "data_inputs", ()), requirement.before_reading)
            or _touches(model, getattr(node, "data_outputs", ()), requirement.before_writing)
        ):
            yield node.id


def partner_of(model: Model, register: Register, element: str) -> str | None:
    """The id of the partner whose pool holds an element, or that it is."""
    pool = model.participant_of(element)
    partner = register.partner_of(pool.name or pool.id) if pool is not None else None
    return partner.id if partner is not None else None


def roles_of(model: Model, register: Register, node: FlowNode) -> Iterator[str]:
    """The ids of the roles whose work an activity is: by performers, else by lane, else by a pool without lanes."""
    match node:
        case Task() | SubProcess() | CallActivity() if not model.nodes_in(node.id):
            names = node.performers or _place(model, node)
            yield from (role.id for name in names if (role := register.role_of(name)) is not None)
        case _:
            pass


def _place(model: Model, node: FlowNode) -> tuple[str, ...]:
    if (lane := model.lane_of(node.id)) is not None:
        return (lane.name or lane.id,)
    pool = model.participant_of(node.id)
    return (pool.name or pool.id,) if pool is not None else ()


def _touches(model: Model, used: tuple[str, ...], meant: tuple[str, ...]) -> bool:
    """Whether data is used that is meant, as itself or as the object that it refers to."""
    return any(each in meant or ((data := model.data.get(each)) is not None and data.ref in meant) for each in used)


def _needed(model: Model, id_: str, needs: tuple[str, ...]) -> bool:
    node = model.flow_nodes.get(id_)
    while node is not None:
        if node.id in needs:
            return True
        node = model.flow_nodes.get(node.container)
    return id_ in needs


def _is_within(model: Model, id_: str, processes: tuple[str, ...]) -> bool:
    flow: MessageFlow | None = model.message_flows.get(id_)
    return not processes or model.process_of(flow.source_ref if flow else id_) in processes
