"""BPMN 2.0.2 as typed, frozen data: one class for what the standard calls a class, flat by id.

Names are the standard's (in snake_case). The id is the identity everywhere: joins, traces, reports and drawings speak
by id, never by name. Elements refer to each other by id (``str``), so that a :class:`Model` is a plain set of mappings;
what hangs together by graph is asked of :mod:`bpmn_tool.model.graph`, what may happen of :mod:`bpmn_tool.model.tokens`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from bpmn_tool.errors import Location
from bpmn_tool.model.diagram import Diagram
from bpmn_tool.model.statement import UNSTATED, Statement


class TaskKind(Enum):
    """The XML local names of tasks (BPMN 2.0.2, 10.3.3)."""

    TASK = "task"
    USER = "userTask"
    MANUAL = "manualTask"
    BUSINESS_RULE = "businessRuleTask"
    SERVICE = "serviceTask"
    SCRIPT = "scriptTask"
    SEND = "sendTask"
    RECEIVE = "receiveTask"


class SubProcessKind(Enum):
    """Sub-processes that stand in their parent (10.3.5); a call activity is a class of its own."""

    EMBEDDED = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"


class GatewayKind(Enum):
    """The XML local names of gateways (10.6)."""

    EXCLUSIVE = "exclusiveGateway"
    INCLUSIVE = "inclusiveGateway"
    PARALLEL = "parallelGateway"
    EVENT_BASED = "eventBasedGateway"
    COMPLEX = "complexGateway"


class EventKind(Enum):
    """The XML local names of events (10.5)."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"


class TriggerKind(Enum):
    """The XML local names of event definitions (10.5.5); an event without any is a *none* event."""

    MESSAGE = "messageEventDefinition"
    TIMER = "timerEventDefinition"
    SIGNAL = "signalEventDefinition"
    ERROR = "errorEventDefinition"
    ESCALATION = "escalationEventDefinition"
    CONDITIONAL = "conditionalEventDefinition"
    LINK = "linkEventDefinition"
    COMPENSATE = "compensateEventDefinition"
    CANCEL = "cancelEventDefinition"
    TERMINATE = "terminateEventDefinition"


class TimerKind(Enum):
    """How a timer says when (10.5.5)."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every element has.

    `documentation` joins its `<documentation>` texts. `extension` keeps what stands in `<extensionElements>`, `parts`
    each child element that has neither a field nor an id of its own, by local name (``{uri}local`` of a vendor's), both
    as canonical XML text: other prefixes, white space, order of attributes or comments make no other text, so that
    ``==`` compares contents. Text where the schema allows none is in ``parts["#text"]``.
    """

    id: str
    name: str = ""
    documentation: str = ""
    location: Location = Location()
    extension: str = ""
    #: what our own extension says (docs/extension.md); it is no part of `extension`
    statement: Statement = UNSTATED
    #: other attributes of the start tag as read, by expanded name (``{uri}local`` for a vendor's), references that lead
    #: nowhere among them, so that nothing is lost
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def label(self) -> str:
        """The name in one line, or the id where there is none."""
        return " ".join(self.name.split()) or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """A trigger or result of an event.

    `ref` is the id of the message, signal, error, escalation or activity meant; `text` a timer's or condition's.
    """

    kind: TriggerKind
    id: str = ""
    ref: str | None = None
    timer: TimerKind | None = None
    text: str = ""
    name: str = ""
    wait_for_completion: bool = True
    operation_ref: str | None = None  # of a message
    sources: tuple[str, ...] = ()  # of a link: the event definitions that lead here
    target: str | None = None  # of a link
    extension: str = ""  # this and the two below as those of an Element; not hashed, since mappings cannot be
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLoop:
    """A loop marker (10.3.8): repeats while `condition`; `test_before`; at most `maximum` times (below one: as
    written).
    """

    id: str = ""
    condition: str = ""
    test_before: bool = False
    maximum: int | None = None
    extension: str = ""  # this and the two below as those of an Element; not hashed, since mappings cannot be
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiInstance:
    """A multi-instance marker (10.3.8): `cardinality` and `completion_condition` are expressions as written.

    `behavior` says when the boundary learns of it: with *None* by `none_behavior_event_ref`, with *One* by
    `one_behavior_event_ref` (ids of event definitions), with *Complex* by `complex_behaviors`, else never.
    """

    id: str = ""
    is_sequential: bool = False
    cardinality: str = ""
    completion_condition: str = ""
    data_input_ref: str | None = None
    data_output_ref: str | None = None
    input_data_item: str = ""
    output_data_item: str = ""
    behavior: str = "All"
    one_behavior_event_ref: str | None = None
    none_behavior_event_ref: str | None = None
    complex_behaviors: tuple[str, ...] = ()  # their conditions
    extension: str = ""  # this and the two below as those of an Element; not hashed, since mappings cannot be
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)


LoopCharacteristics = StandardLoop | MultiInstance


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBase(Element):
    """A flow node. `container` is the id of its process or sub-process; `incoming` and `outgoing` are sequence-flow ids
    in the file's order of ``<incoming>`` and ``<outgoing>`` where it has them, else in document order of the flows.
    """

    container: str
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityBase(NodeBase):
    default: str | None = None
    loop: LoopCharacteristics | None = None
    is_for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    data_inputs: tuple[str, ...] = ()  # ids of data objects, references or stores that it reads
    data_outputs: tuple[str, ...] = ()  # ... that it writes
    #: names or expressions of its resource roles (performer, humanPerformer, potentialOwner, resourceRole)
    performers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(ActivityBase):
    kind: TaskKind
    script: str = ""
    script_format: str = ""
    message_ref: str | None = None
    operation_ref: str | None = None
    instantiate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubProcess(ActivityBase):
    kind: SubProcessKind = SubProcessKind.EMBEDDED
    triggered_by_event: bool = False
    ordering: str = ""  # of an ad-hoc sub-process
    completion_condition: str = ""  # of an ad-hoc sub-process
    cancel_remaining_instances: bool = True  # of an ad-hoc sub-process
    method: str = ""  # of a transaction, as written; the schema's default is ##Compensate


@dataclass(frozen=True, slots=True, kw_only=True)
class CallActivity(ActivityBase):
    called_element: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(NodeBase):
    kind: GatewayKind
    default: str | None = None
    direction: str = "Unspecified"
    instantiate: bool = False
    event_gateway_type: str = "Exclusive"
    activation_condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(NodeBase):
    kind: EventKind
    definitions: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    attached_to_ref: str | None = None  # of a boundary event
    cancel_activity: bool = True  # of a boundary event: interrupting
    is_interrupting: bool = True  # of the start event of an event sub-process
    data_inputs: tuple[str, ...] = ()
    data_outputs: tuple[str, ...] = ()

    @property
    def trigger(self) -> TriggerKind | None:
        """The kind of its one definition; None for a none event."""
        return self.definitions[0].kind if self.definitions else None

    def has(self, kind: TriggerKind) -> bool:
        return any(d.kind is kind for d in self.definitions)


Activity = Task | SubProcess | CallActivity
FlowNode = Task | SubProcess | CallActivity | Gateway | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceFlow(Element):
    """`condition` is the text of its condition expression, None where there is none."""

    source_ref: str
    target_ref: str
    condition: str | None = None
    container: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane(Element):
    """A lane, nested ones included.

    `flow_node_refs` are its own; a node belongs to the innermost lane that names it.
    """

    process: str
    parent: str | None = None  # id of the enclosing lane
    flow_node_refs: tuple[str, ...] = ()
    performer: str = ""  # of its partition element, where it names one


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Element):
    is_executable: bool | None = None
    process_type: str = "None"
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Element):
    """Drawn as a pool. Without `process_ref` it is a black box.

    `response` is what its documentation says that it answers.
    """

    process_ref: str | None = None
    collaboration: str = ""
    minimum: int | None = None  # of its participantMultiplicity, None where it has none
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFlow(Element):
    """`source_ref` and `target_ref` are ids of flow nodes or of participants."""

    source_ref: str
    target_ref: str
    message_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RootElement(Element):
    """A message, signal, error, escalation, item definition, interface …: referred to by id; `kind` is its XML local
    name, `code` an error's or escalation's, `ref` the item definition of a message, signal, error or escalation.
    """

    kind: str
    code: str = ""
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Element):
    """dataObject, dataObjectReference, dataStore, dataStoreReference, dataInput, dataOutput; `ref` of a reference;
    `container` its process or sub-process.
    """

    kind: str
    container: str = ""
    ref: str | None = None
    is_collection: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact(Element):
    """textAnnotation, group, or an association (then with refs)."""

    kind: str
    text: str = ""
    source_ref: str | None = None
    target_ref: str | None = None
    direction: str = "None"  # of an association: None, One or Both


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Element):
    """An element of the standard that has an id and no class here (a choreography task, a correlation key …): kept,
    counted, never passed over.
    """

    kind: str
    parent: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The bytes of a file as read, and its root.

    `encoding` is a Python codec name; `definitions` has the exporter, imports … in its attributes and parts.
    """

    path: str
    data: bytes
    encoding: str = "utf-8"
    definitions: Other | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """An element had no id: `id` is the stable one made from its kind and neighbours."""

    id: str
    kind: str
    location: Location


class RemarkKind(Enum):
    """What a remark is about."""

    REFERENCE = "reference"
    DEFAULT = "default"  # the default flow of an activity or gateway
    HOST = "host"  # the activity that a boundary event is attached to
    DRAWING = "drawing"
    SCHEMA = "schema"  # of BPMN's own, what the schema does not let stand there
    FOREIGN = "foreign"  # of others, what stands outside of extensionElements


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that is wrong with the file and did not keep it from being read: a reference that leads nowhere, a
    shape without a place. `element` is the nearest that has an id, `message` a sentence.
    """

    element: str
    message: str
    location: Location
    kind: RemarkKind = RemarkKind.REFERENCE


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Model:
    """One or several BPMN files read as one whole.

    All mappings are by id, in document order. (No slots: the views below are made once and kept.)
    """

    sources: tuple[Source, ...] = ()
    processes: Mapping[str, Process] = field(default_factory=_empty)
    participants: Mapping[str, Participant] = field(default_factory=_empty)
    lanes: Mapping[str, Lane] = field(default_factory=_empty)
    flow_nodes: Mapping[str, FlowNode] = field(default_factory=_empty)
    sequence_flows: Mapping[str, SequenceFlow] = field(default_factory=_empty)
    message_flows: Mapping[str, MessageFlow] = field(default_factory=_empty)
    root_elements: Mapping[str, RootElement] = field(default_factory=_empty)
    data: Mapping[str, Data] = field(default_factory=_empty)
    artifacts: Mapping[str, Artifact] = field(default_factory=_empty)
    others: Mapping[str, Other] = field(default_factory=_empty)
    diagrams: tuple[Diagram, ...] = ()
    generated: tuple[Generated, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def path(self) -> str:
        """The path of the first file."""
        return self.sources[0].path if self.sources else ""

    def elements(self) -> Iterator[Element]:
        """Every element that has an id, by kind, in document order."""
        for group in (
            self.processes,
            self.participants,
            self.lanes,
            self.flow_nodes,
            self.sequence_flows,
            self.message_flows,
            self.root_elements,
            self.data,
            self.artifacts,
            self.others,
        ):
            yield from group.values()

    def get(self, element_id: str) -> Element | None:
        for group in (
            self.flow_nodes,
            self.sequence_flows,
            self.message_flows,
            self.participants,
            self.lanes,
            self.processes,
            self.data,
            self.root_elements,
            self.artifacts,
            self.others,
        ):
            if (found := group.get(element_id)) is not None:
                return found
        return None

    def process_of(self, element_id: str) -> str | None:
        """The id of the process that a flow node (through its sub-processes), lane or process belongs to; a
        participant's process.
        """
        if element_id in self.processes:
            return element_id
        if (participant := self.participants.get(element_id)) is not None:
            return participant.process_ref
        if (lane := self.lanes.get(element_id)) is not None:
            return lane.process
        if (flow := self.sequence_flows.get(element_id)) is not None:
            element_id = flow.source_ref
        node = self.flow_nodes.get(element_id)
        while node is not None:
            if node.container in self.processes:
                return node.container
            node = self.flow_nodes.get(node.container)
        return None

    def participant_of(self, element_id: str) -> Participant | None:
        """The participant (first in the file) whose process holds this element, or that it is."""
        if (found := self.participants.get(element_id)) is not None:
            return found
        process = self.process_of(element_id)
        if process is None:
            return None
        return next((p for p in self.participants.values() if p.process_ref == process), None)

    def lane_of(self, node_id: str) -> Lane | None:
        """The innermost lane that holds a flow node; a node in a sub-process has the lane of that sub-process unless a
        lane names it.
        """
        return self._lanes_by_node.get(node_id)

    @cached_property
    def _lanes_by_node(self) -> Mapping[str, Lane]:
        return _lanes_by_node(self)

    @cached_property
    def _by_container(self) -> Mapping[str, tuple[FlowNode, ...]]:
        found: dict[str, list[FlowNode]] = {}
        for node in self.flow_nodes.values():
            found.setdefault(node.container, []).append(node)
        return {container: tuple(nodes) for container, nodes in found.items()}

    @cached_property
    def _by_host(self) -> Mapping[str, tuple[Event, ...]]:
        found: dict[str, list[Event]] = {}
        for node in self.flow_nodes.values():
            if isinstance(node, Event) and node.attached_to_ref is not None:
                found.setdefault(node.attached_to_ref, []).append(node)
        return {host: tuple(events) for host, events in found.items()}

    def nodes_in(self, container: str) -> tuple[FlowNode, ...]:
        """Flow nodes that stand directly in a process or sub-process."""
        return self._by_container.get(container, ())

    def nodes_below(self, container: str) -> Iterator[FlowNode]:
        """Flow nodes that stand in a process or sub-process, or in one of the sub-processes inside it."""
        for node in self.nodes_in(container):
            yield node
            yield from self.nodes_below(node.id)

    def boundary_events(self, activity_id: str) -> tuple[Event, ...]:
        return self._by_host.get(activity_id, ())

    def statement_of(self, element_id: str) -> Statement:
        """What the extension says of an element: of a data reference, with what it says of the object or store."""
        element = self.get(element_id)
        if element is None:
            return UNSTATED
        if isinstance(element, Data) and element.ref is not None and element.ref in self.data:
            return element.statement.over(self.data[element.ref].statement)
        return element.statement


def _lanes_by_node(model: Model) -> Mapping[str, Lane]:
    depth: dict[str, int] = {}
    for lane in model.lanes.values():
        level, parent = 0, lane.parent
        while parent is not None:
            level, parent = level + 1, model.lanes[parent].parent
        depth[lane.id] = level
    found: dict[str, Lane] = {}
    for lane in sorted(model.lanes.values(), key=lambda item: depth[item.id]):
        for ref in lane.flow_node_refs:
            found[ref] = lane
    for node in model.flow_nodes.values():
        holder: FlowNode | None = node
        while holder is not None and holder.id not in found:
            attached = holder.attached_to_ref if isinstance(holder, Event) else None
            holder = model.flow_nodes.get(attached or holder.container)
        if holder is not None:
            found.setdefault(node.id, found[holder.id])
    return found
