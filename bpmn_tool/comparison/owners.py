"""Who holds what in a model: the role that does a step, and the owners between whom work passes."""

from collections.abc import Mapping
from functools import cached_property

from bpmn_tool.model.elements import CallActivity, FlowNode, MessageFlow, Model, SequenceFlow, SubProcess, Task
from bpmn_tool.model.graph import holder
from bpmn_tool.register import Register, identifier
from bpmn_tool.results.differences import Owner


class Owners:
    """Roles and owners of one model. Without a register a role is what a lane, pool or performer is called."""

    def __init__(self, model: Model, register: Register | None) -> None:
        self.model, self.register = model, register
        self._owner: dict[str, Owner] = {}

    def roles_of(self, node: FlowNode) -> tuple[tuple[str, str], ...]:
        """(id of the register or "", name as drawn) of those who do a step: its performers, else its lane, else its
        pool where that has no lanes; empty where nobody is named.
        """
        named = node.performers if isinstance(node, Task | SubProcess | CallActivity) else ()
        lane = self._lane(node) if not named else ""
        return tuple((self.role_called(name), name) for name in named or ((lane,) if lane else ()))

    def role_called(self, name: str) -> str:
        """The id of the register's role, "" where it has none."""
        role = None if self.register is None else self.register.role_of(name)
        return "" if role is None else role.id

    def _lane(self, node: FlowNode) -> str:
        lane, process = self.model.lane_of(node.id), self.model.process_of(node.id)
        if lane is not None and lane.name.strip():
            return lane.label
        pool = self._pools.get(process or "")
        if lane is None and process in self._with_lanes:
            return ""
        # a lane without a name says no more than its pool
        return self.model.participants[pool].label if pool is not None else "" if lane is None else lane.label

    def owner(self, element_id: str) -> Owner:
        """Who holds a flow node or participant: the lane, else the participant, else the process."""
        held_by = holder(self.model, element_id)
        if held_by not in self._owner:
            self._owner[held_by] = self._made(held_by, element_id)
        return self._owner[held_by]

    def _made(self, held_by: str, element_id: str) -> Owner:
        element = self.model.get(held_by)
        name = held_by if element is None else element.label
        process = self.model.process_of(element_id)
        pool = element_id if element_id in self.model.participants else self._pools.get(process or "")
        pool_name = self.model.participants[pool].label if pool else (process or "")
        role = self.role_called(name)
        return Owner(id=held_by, name=name, role=role or None, partner=self._partner(role, pool_name))

    def _partner(self, role: str, pool: str) -> str:
        """The id of the register's partner, else what the pool is called."""
        if self.register is None:
            return pool
        if role:
            return self.register.roles[role].partner
        partner = self.register.partner_of(pool)
        return pool if partner is None else partner.id

    @cached_property
    def _pools(self) -> Mapping[str, str]:
        """Process to the first participant that is drawn of it."""
        found: dict[str, str] = {}
        for each in self.model.participants.values():
            if each.process_ref is not None:
                found.setdefault(each.process_ref, each.id)
        return found

    @cached_property
    def _with_lanes(self) -> frozenset[str]:
        return frozenset(lane.process for lane in self.model.lanes.values())

    def crossings(self) -> Mapping[str, tuple[SequenceFlow | MessageFlow, Owner, Owner]]:
        """The flows by which work passes from one owner to another, as :func:`bpmn_tool.model.graph.handoff_graph` has
        them.
        """
        found: dict[str, tuple[SequenceFlow | MessageFlow, Owner, Owner]] = {}
        flows: list[SequenceFlow | MessageFlow] = [
            *self.model.sequence_flows.values(),
            *self.model.message_flows.values(),
        ]
        known = self.model.flow_nodes.keys() | self.model.participants.keys()
        for flow in flows:
            if not {flow.source_ref, flow.target_ref} <= known:
                continue  # a loose end
            giver, taker = self.owner(flow.source_ref), self.owner(flow.target_ref)
            if giver.id != taker.id:
                found[flow.id] = (flow, giver, taker)
        return found


def same_name(one: str, other: str) -> bool:
    """As a register compares names."""
    return identifier(one) == identifier(other)
