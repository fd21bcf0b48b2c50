"""What a drawing does not say and a simulation has to know: the entries of a scenario that belong to a model, each
with its open questions.

It guesses nothing: what the drawing says is taken from it (a timer, a condition on data that the model itself sets),
the rest is "?".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions import parse, parse_script
from bpmn_tool.instants.iso8601 import parse_cycle, parse_duration, parse_instant
from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    Participant,
    SequenceFlow,
    StandardLoop,
    Task,
    TaskKind,
    TimerKind,
    TriggerKind,
)
from bpmn_tool.register.partners import Register, identifier
from bpmn_tool.scenario.places import key_path

HUMAN = (TaskKind.TASK, TaskKind.USER, TaskKind.MANUAL, TaskKind.BUSINESS_RULE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key of a scenario. `value` is TOML; `instead`: keys beside it that answer the same, so that it need not be
    asked; `note` is a comment.
    """

    section: str
    id: str
    key: str = ""  # empty: the id itself is the key, as in [flows]
    value: str = '"?"'
    instead: tuple[str, ...] = ()
    label: str = ""
    note: str = ""


def entries(model: Model, register: Register | None) -> list[Entry]:
    """Every entry that a scenario of this model needs, in the order of the file."""
    return [
        *_doors(model),
        *_tasks(model),
        *_decisions(model),
        *_events(model),
        *_black_boxes(model),
        *_roles(model, register),
    ]


def role_of(model: Model, node: FlowNode, register: Register | None) -> str | None:
    """The role of a node: of its lane; of its pool, where that has no lanes; None where it stands in neither."""
    if (lane := model.lane_of(node.id)) is not None:
        return lane_role(lane.name or lane.id, register)
    process = model.process_of(node.id)
    pool = model.participant_of(node.id)
    if pool is None or any(lane.process == process for lane in model.lanes.values()):
        return None
    return lane_role(pool.name or pool.id, register)


def lane_role(name: str, register: Register | None) -> str:
    """A lane's role: in the register, else its name as an id."""
    found = register.role_of(name) if register is not None else None
    return found.id if found is not None else identifier(name)


def human_tasks(model: Model) -> Iterator[Task]:
    """Tasks that people do."""
    for node in model.flow_nodes.values():
        if isinstance(node, Task) and node.kind in HUMAN:
            yield node


def _doors(model: Model) -> Iterator[Entry]:
    """Start events of processes that no message of the model starts."""
    fed = {flow.target_ref for flow in model.message_flows.values() if flow.source_ref in model.flow_nodes}
    called = _called(model)
    for node in model.flow_nodes.values():
        if not (isinstance(node, Event) and node.kind is EventKind.START and node.container in model.processes):
            continue
        if node.id in fed or node.container in called:
            continue
        every = next((text for text in map(_repeats_every, node.definitions) if text), None)
        others = ("of", "rate", "every", "interval", "file", "at_start")
        if every is not None:
            yield Entry(
                section="arrivals", id=node.id, key="every", value=f'"{every}"', instead=others, label=node.label,
                note="from the drawing",
            )  # fmt: skip
        else:
            yield Entry(
                section="arrivals", id=node.id, key="rate", instead=others, label=node.label,
                note='for instance "120 per year"',
            )  # fmt: skip


def _called(model: Model) -> frozenset[str]:
    """Processes that a call activity calls: they start by that."""
    return frozenset(getattr(node, "called_element", "") for node in model.flow_nodes.values()) - {""}


def _repeats_every(definition: EventDefinition) -> str | None:
    if definition.timer is not TimerKind.CYCLE:
        return None
    try:
        cycle = parse_cycle(definition.text.strip())
    except ValueError:
        return None
    return str(cycle.duration) if cycle.repetitions is None and cycle.start is None and cycle.end is None else None


def _tasks(model: Model) -> Iterator[Entry]:
    for node in model.flow_nodes.values():
        if isinstance(node, Task) and node.kind in HUMAN:
            if role_of(model, node, None) is None:
                yield Entry(
                    section="tasks", id=node.id, key="role", instead=("role", "roles"), label=node.label,
                    note='who does it: the id of a role; "none" if nobody',
                )  # fmt: skip
            yield Entry(
                section="tasks", id=node.id, key="duration", label=node.label,
                note='hands-on: "PT30M", or { triangular = ["PT10M", "PT20M", "PT1H"] }',
            )  # fmt: skip
        loop = getattr(node, "loop", None)
        if isinstance(loop, MultiInstance) and not _is_known(loop.cardinality, model):
            yield Entry(
                section="tasks",
                id=node.id,
                key="instances",
                label=node.label,
                note="how many at once, or a distribution",
            )
        if isinstance(loop, StandardLoop) and loop.maximum is None and not _is_known(loop.condition, model):
            yield Entry(
                section="tasks",
                id=node.id,
                key="repeat",
                label=node.label,
                note="how many times in all, or a distribution",
            )


def _is_known(text: str, model: Model) -> bool:
    """Whether an expression can be worked out from what the model itself assigns."""
    if not text.strip():
        return False
    try:
        return parse(text).names <= assigned(model)
    except ExpressionError:
        return False


def assigned(model: Model) -> frozenset[str]:
    """The names that scripts of the model assign."""
    names: set[str] = set()
    for node in model.flow_nodes.values():
        if isinstance(node, Task) and node.script:
            try:
                names |= parse_script(node.script).assigned
            except ExpressionError:
                continue
    return frozenset(names)


def _decisions(model: Model) -> Iterator[Entry]:
    for node in model.flow_nodes.values():
        flows = [model.sequence_flows[flow] for flow in node.outgoing if flow in model.sequence_flows]
        exclusive = isinstance(node, Gateway) and node.kind is GatewayKind.EXCLUSIVE
        inclusive = isinstance(node, Gateway) and node.kind is GatewayKind.INCLUSIVE
        default = getattr(node, "default", None)
        if len(flows) > 1 and (exclusive or inclusive):
            asked = [flow for flow in flows if flow.id != default]
        elif not isinstance(node, Gateway):
            asked = [flow for flow in flows if flow.condition is not None and flow.id != default]
        else:
            continue
        if all(flow.condition is not None and _is_known(flow.condition, model) for flow in asked):
            continue
        rest = default
        if exclusive and default is None:
            rest = asked.pop().id
        for flow in asked:
            yield Entry(section="flows", id=flow.id, label=flow_label(model, flow), note=_flow_note(model, flow, rest))


def flow_label(model: Model, flow: SequenceFlow) -> str:
    """A flow as people see it: its name, and what it leads from and to."""
    source, target = model.flow_nodes[flow.source_ref], model.flow_nodes[flow.target_ref]
    name = f"{flow.label}: " if flow.name else ""
    return f"{name}{source.label} -> {target.label}"


def _flow_note(model: Model, flow: SequenceFlow, rest: str | None) -> str:
    parts = []
    if flow.condition:
        parts.append(f"the drawing says: {flow.condition}")
    if rest is not None and rest in model.sequence_flows:
        other = model.sequence_flows[rest]
        parts.append(f"the rest goes to {model.flow_nodes[other.target_ref].label}")
    return "; ".join(parts)


def _events(model: Model) -> Iterator[Entry]:
    """Timers that the drawing leaves open, and messages and signals that nobody in the model sends."""
    received = {flow.target_ref for flow in model.message_flows.values()}
    thrown = {
        definition.ref
        for node in model.flow_nodes.values()
        if isinstance(node, Event) and node.kind in (EventKind.END, EventKind.THROW)
        for definition in node.definitions
        if definition.kind is TriggerKind.SIGNAL
    }
    for node in model.flow_nodes.values():
        unsent = (
            isinstance(node, Task)
            and node.kind is TaskKind.RECEIVE
            and node.id not in received
            and not node.instantiate
        )
        open_timer = False
        if isinstance(node, Event) and node.kind in (EventKind.CATCH, EventKind.BOUNDARY):
            unsent = (node.has(TriggerKind.MESSAGE) and node.id not in received) or any(
                definition.kind is TriggerKind.SIGNAL and definition.ref not in thrown
                for definition in node.definitions
            )
            open_timer = any(_is_open_timer(definition) for definition in node.definitions)
        if open_timer:
            yield Entry(section="events", id=node.id, key="after", label=node.label, note='for instance "P10D"')
        elif unsent:
            yield Entry(
                section="events", id=node.id, key="after", label=node.label,
                note="nobody in the drawing sends it: after how long does it come?",
            )  # fmt: skip
            if isinstance(node, Event) and node.kind is EventKind.BOUNDARY:
                yield Entry(
                    section="events", id=node.id, key="probability", label=node.label, note="that it happens at all"
                )


def _is_open_timer(definition: EventDefinition) -> bool:
    if definition.kind is not TriggerKind.TIMER:
        return False
    try:
        match definition.timer:
            case TimerKind.DURATION:
                parse_duration(definition.text.strip())
            case TimerKind.DATE:
                parse_instant(definition.text.strip())
            case TimerKind.CYCLE:
                parse_cycle(definition.text.strip())
            case None:
                return True
    except ValueError:
        return True
    return False


def _black_boxes(model: Model) -> Iterator[Entry]:
    for box in model.participants.values():
        if box.process_ref is not None:
            continue
        received = [flow.id for flow in model.message_flows.values() if flow.target_ref == box.id]
        replies = [
            flow
            for flow in model.message_flows.values()
            if flow.source_ref == box.id and _is_catch(model, flow.target_ref)
        ]
        if not received or not replies:
            continue
        yield Entry(
            section="black_boxes", id=box.id, key="response", label=box.label,
            note='how long it takes to answer, for instance { lognormal = { mean = "P3D", sd = "P2D" } }',
        )  # fmt: skip
        if len(replies) > 1:
            shares = ", ".join(f'{toml_key(flow.id)} = "?"' for flow in replies)
            table = ", ".join(f"{toml_key(flow)} = {{ {shares} }}" for flow in received)
            yield Entry(
                section="black_boxes", id=box.id, key="replies", value=f"{{ {table} }}", label=box.label,
                note="to each message: which answer, how often",
            )  # fmt: skip


def _is_catch(model: Model, target: str) -> bool:
    node = model.flow_nodes.get(target)
    return node is not None and not (isinstance(node, Event) and node.kind is EventKind.START)


def _roles(model: Model, register: Register | None) -> Iterator[Entry]:
    """The roles that hold work of people."""
    names: dict[str, str] = {}
    for task in human_tasks(model):
        role = role_of(model, task, register)
        if role is not None and role not in names:
            lane = model.lane_of(task.id)
            pool: Participant | None = model.participant_of(task.id)
            names[role] = lane.label if lane is not None else pool.label if pool is not None else role
    for role, name in names.items():
        yield from role_entries(role, name)


def role_entries(role: str, name: str) -> Iterator[Entry]:
    """What is asked about a role."""
    yield Entry(section="roles", id=role, key="count", instead=("count", "people"), label=name, note="how many people")
    yield Entry(
        section="roles", id=role, key="calendar", value='"office"', instead=("calendar", "people"), label=name,
        note="share = 0.4 of those hours, if they have other work too",
    )  # fmt: skip


def ids_of(model: Model) -> Mapping[str, frozenset[str]]:
    """The ids of a model by section of a scenario, to see which entries lost their element."""
    nodes = frozenset(model.flow_nodes)
    return {
        "arrivals": nodes,
        "tasks": nodes,
        "events": nodes,
        "flows": frozenset(model.sequence_flows),
        "handoffs": frozenset(model.sequence_flows) | frozenset(model.message_flows),
        "black_boxes": frozenset(model.participants),
    }


def toml_key(key: str) -> str:
    """A key as TOML writes it."""
    return key_path((key,))
