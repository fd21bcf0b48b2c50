"""What is asked of a partner: steps that its roles do or take part in, and what reaches it where it has no process."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from bpmn_tool.comparison.owners import Owners
from bpmn_tool.model.elements import CallActivity, Element, FlowNode, Gateway, MessageFlow, Model, SubProcess, Task
from bpmn_tool.model.graph import holder
from bpmn_tool.register import Register


class Part(Enum):
    """What a partner has to do with a step."""

    DOES = "does"
    TAKES_PART = "takes_part"
    ANSWERS_FOR = "answers_for"
    RECEIVES = "receives"  # a message, as a partner whose process is not drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One step of a partner. `roles` are ids of the register, of that partner or not."""

    element: FlowNode | MessageFlow
    part: Part
    roles: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.element.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A step or event before or after another, with the flows on the way and the gateways between."""

    node: Element
    flows: tuple[str, ...]
    gateways: tuple[str, ...] = ()


def asked_of(model: Model, register: Register, partner: str) -> tuple[Asked, ...]:
    """The steps of a partner, in document order; then the messages to a pool of its that has no process."""
    owners = Owners(model, register)
    return (*_steps(owners, register, partner), *_messages(owners, register, partner))


def partners_in(model: Model, register: Register) -> tuple[str, ...]:
    """The ids of the partners of whom anything is asked, in the register's order."""
    return tuple(each for each in register.partners if asked_of(model, register, each))


def _steps(owners: Owners, register: Register, partner: str) -> Iterator[Asked]:
    for node in owners.model.flow_nodes.values():
        if not is_step(owners.model, node):
            continue
        parts = {
            Part.DOES: tuple(role for role, _name in owners.roles_of(node) if role),
            Part.TAKES_PART: _roles(register, node.statement.participants or ()),
            Part.ANSWERS_FOR: _roles(register, (node.statement.accountable,) if node.statement.accountable else ()),
        }
        for part, roles in parts.items():
            own = tuple(role for role in roles if register.roles[role].partner == partner)
            if own or (part is Part.DOES and not roles and owners.owner(node.id).partner == partner):
                yield Asked(element=node, part=part, roles=own)
                break


def is_step(model: Model, node: FlowNode) -> bool:
    """Something to do: a task, a call, a sub-process with nothing drawn in it."""
    return isinstance(node, Task | CallActivity) or (isinstance(node, SubProcess) and not model.nodes_in(node.id))


def _roles(register: Register, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(role.id for code in codes if (role := register.role(code)) is not None)


def _messages(owners: Owners, register: Register, partner: str) -> Iterator[Asked]:
    model = owners.model
    for flow in model.message_flows.values():
        pool = model.participants.get(flow.target_ref)
        if pool is not None and pool.process_ref is None:
            found = register.partner_of(pool.label) or register.partners.get(pool.id)
            role = register.role_of(pool.label)
            whose = found.id if found is not None else role.partner if role is not None else ""
            if whose == partner:
                yield Asked(element=flow, part=Part.RECEIVES, roles=(role.id,) if role is not None else ())


def before(model: Model, node: FlowNode) -> tuple[Neighbour, ...]:
    """What a step follows, past gateways."""
    return tuple(_walk(model, node, forth=False))


def after(model: Model, node: FlowNode) -> tuple[Neighbour, ...]:
    """What follows a step, past gateways."""
    return tuple(_walk(model, node, forth=True))


def _walk(model: Model, node: FlowNode, *, forth: bool) -> Iterator[Neighbour]:
    waiting: list[tuple[FlowNode, tuple[str, ...], tuple[str, ...]]] = [(node, (), ())]
    seen: set[str] = set()
    while waiting:
        at, flows, gateways = waiting.pop(0)
        for flow in _flows(model, at, forth=forth):
            if flow in seen:
                continue
            seen.add(flow)
            drawn = model.sequence_flows[flow]
            there = model.flow_nodes.get(drawn.target_ref if forth else drawn.source_ref)
            way = (*flows, flow) if forth else (flow, *flows)
            if isinstance(there, Gateway):
                waiting.append((there, way, (*gateways, there.id)))
            elif there is not None:
                yield Neighbour(node=there, flows=way, gateways=gateways)


def _flows(model: Model, node: FlowNode, *, forth: bool) -> tuple[str, ...]:
    return tuple(flow for flow in (node.outgoing if forth else node.incoming) if flow in model.sequence_flows)


def messages_of(model: Model, element_id: str, *, to: bool) -> tuple[MessageFlow, ...]:
    """The message flows that lead to (or from) a step."""
    return tuple(
        flow for flow in model.message_flows.values() if (flow.target_ref if to else flow.source_ref) == element_id
    )


def held_by(owners: Owners, element_id: str) -> str:
    """The role, else the partner, else the drawn name of who holds a node or is a pool."""
    owner = owners.owner(element_id)
    return owner.role or owner.partner or owner.name or holder(owners.model, element_id)
