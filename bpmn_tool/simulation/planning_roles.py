"""Which role holds a step, and which roles nobody holds (docs/semantics.md, 6 and 7)."""

from bpmn_tool.model.elements import Event, FlowNode, Gateway, Model, Task, TaskKind
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.register import Register, identifier
from bpmn_tool.scenario.scenario import Scenario

HUMAN = frozenset({TaskKind.TASK, TaskKind.USER, TaskKind.MANUAL, TaskKind.BUSINESS_RULE})


class Roles:
    """`by_node`: the role of the lane of each node, or the participant's; `seats`: the roles of each piece of work."""

    def __init__(self, model: Model, register: Register | None, scenario: Scenario, net: Net) -> None:
        self.model, self.register, self.scenario = model, register, scenario
        self.by_node = {node: self._of_lane(node) for node in model.flow_nodes}
        self.seats = {
            node.id: self._seats(model.flow_nodes[node.id])
            for node in net.nodes.values()
            if node.behaviour is Behaviour.WORK
        }
        staffed = {role for role, plan in scenario.roles.items() if plan.people or plan.count}
        staffed |= {role for plan in scenario.roles.values() for person in plan.people for role in person.also}
        self.staffed = frozenset(staffed)
        self.undefined = {
            work: missing for work, seats in self.seats.items() if (missing := self._undefined(work, seats)) is not None
        }

    def owner(self, node: str) -> str:
        """Who holds an element: the role of its lane, else its first seat's, else its process."""
        if role := self.by_node.get(node):
            return role
        if seats := self.seats.get(node):
            return seats[0]
        return self.model.process_of(node) or node

    def _of_lane(self, node: str) -> str:
        lane = self.model.lane_of(node)
        if lane is not None:
            return self.role_called(lane.name or lane.id)
        process = self.model.process_of(node)
        if process is not None and any(each.process == process for each in self.model.lanes.values()):
            return ""  # the pool has lanes, and this node is in none
        participant = self.model.participant_of(node)
        return self.role_called(participant.name) if participant is not None and participant.name else ""

    def role_called(self, name: str) -> str:
        """The id of the role that a lane's name means; without a register the name as an id."""
        if self.register is None:
            return identifier(name)
        role = self.register.role_of(name)
        return role.id if role is not None else identifier(name)

    def _seats(self, node: FlowNode) -> tuple[str, ...]:
        given = self.scenario.tasks.get(node.id)
        if given is not None and given.role == "none":
            return ()
        if given is not None and given.seats:
            return given.seats
        assert not isinstance(node, Gateway | Event)
        if isinstance(node, Task) and node.kind not in HUMAN:
            return ()
        if node.performers:
            return tuple(self.role_called(name) for name in node.performers)
        return (self.by_node[node.id],)

    def _undefined(self, work: str, seats: tuple[str, ...]) -> str | None:
        """The first role of a seat that is undefined: no name, not in the register, or nobody in the scenario. What the
        register says of today gives way to the people of a scenario.
        """
        given = self.scenario.tasks.get(work)
        stated = given is not None and bool(given.seats)
        for role in seats:
            unknown = self.register is not None and role not in self.register.roles and not stated
            if not role or unknown or role not in self.staffed:
                return role or "(no role)"
        return None
