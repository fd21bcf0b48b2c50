"""The ids of a model and a register, for holding a scenario against them."""

from bpmn_tool.interchange.asking import assigned
from bpmn_tool.model.elements import CallActivity, Event, EventKind, Model, SubProcess, Task, TaskKind
from bpmn_tool.register.partners import Register
from bpmn_tool.scenario.ids import Checked, Ids, check_ids
from bpmn_tool.scenario.scenario import Scenario


def ids_of(model: Model, register: Register | None) -> Ids:
    """The ids that a scenario of this model may name."""
    nodes = model.flow_nodes.values()
    receiving = (node.id for node in nodes if isinstance(node, Task) and node.kind is TaskKind.RECEIVE)
    return Ids(
        activities=frozenset(node.id for node in nodes if isinstance(node, Task | SubProcess | CallActivity)),
        start_events=frozenset(node.id for node in nodes if isinstance(node, Event) and node.kind is EventKind.START),
        events=frozenset(node.id for node in nodes if isinstance(node, Event)) | frozenset(receiving),
        sequence_flows=frozenset(model.sequence_flows),
        message_flows=frozenset(model.message_flows),
        black_boxes=frozenset(box.id for box in model.participants.values() if box.process_ref is None),
        roles=frozenset(register.roles) if register is not None and register.roles else None,
        attributes=assigned(model),
    )


def held_against(scenario: Scenario, model: Model, register: Register | None) -> Checked:
    """The scenario without what it inherits for ids that this model lacks. Raises InputError with every unknown id."""
    return check_ids(scenario, ids_of(model, register))
