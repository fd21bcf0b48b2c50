"""BPMN 2.0.2 XML to a :class:`~bpmn_tool.model.elements.Model`; the one reader.

Nothing is passed over: what has an id and no class of its own becomes an `Other`, what stands in
``<extensionElements>`` or has neither id nor field stays XML text in its element. Nothing is repaired: what the schema
or the text of the standard refuses, and the model cannot do without, is refused in one
:class:`~bpmn_tool.errors.InputError` with all of it and the lines; what is wrong beside that is read and remarked.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from bpmn_tool.errors import InputError, Problem
from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_content import remark_content
from bpmn_tool.interchange.bpmn_ids import Ids, local_name, own_id, qualified, text_of
from bpmn_tool.interchange.bpmn_nodes import Nodes
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_tag import Tag
from bpmn_tool.interchange.di_xml import read_diagrams
from bpmn_tool.interchange.xml_source import MAX_BYTES, XmlSource, parse, python_codec
from bpmn_tool.messages import N_
from bpmn_tool.model.elements import (
    Artifact,
    Data,
    Element,
    Lane,
    MessageFlow,
    Model,
    Other,
    Participant,
    Process,
    RootElement,
    SequenceFlow,
    Source,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

E = TypeVar("E", bound=Element)


def read_model(*paths: str | Path) -> Model:
    """Read one or several files as one whole.

    Raises InputError with all problems of all files, OSError where one cannot be opened.
    """
    return _model([(_bytes(Path(path)), str(path)) for path in paths])


def read_each(paths: Sequence[str | Path]) -> list[Model]:
    """Read each file as a model of its own. Raises one InputError with the problems of all of them."""
    models: list[Model] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            models.append(read_model(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return models


def read_bytes(data: bytes, path: str) -> Model:
    """Read a file that is already in memory; `path` stands in locations."""
    return _model([(data, path)])


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)  # the parser refuses one byte too many


def _model(files: Sequence[tuple[bytes, str]]) -> Model:
    problems: list[Problem] = []
    sources: list[XmlSource] = []
    for data, path in files:
        try:
            sources.append(_definitions(parse(data, path)))
        except InputError as error:
            problems += error.problems
    reader = _Reader(sources, complete=not problems)
    model = reader.model()
    problems += reader.problems
    if problems:
        raise InputError(sorted(problems, key=lambda p: (p.location.path, p.location.line or 0)))
    return model


def _definitions(source: XmlSource) -> XmlSource:
    uri, local = qualified(source.root)
    if (uri, local) == (names.BPMN, "definitions"):
        return source
    place = source.location(source.root)
    if local == "definitions":
        message = f"is not BPMN 2.0: its <definitions> is in the namespace '{uri}', not '{names.BPMN}'"
    else:
        message = f"is not BPMN: its root is <{local}>, not <definitions> of '{names.BPMN}'"
    raise InputError(Problem(message=message, location=place))


class _Reader:
    """Two passes over all files: first who is called what, then what refers to whom."""

    def __init__(self, sources: Sequence[XmlSource], *, complete: bool) -> None:
        self.sources = sources
        self.ids = Ids()
        targets = {source.root.get("targetNamespace") or "" for source in sources}
        self.references = [References(self.ids, source, targets, complete=complete) for source in sources]
        self.elements = [self.ids.add(source) for source in sources]
        self.problems: list[Problem] = []

    def model(self) -> Model:
        own, kinds = self.ids.of, self.ids.kinds
        pairs = [(e, r) for r, elements in zip(self.references, self.elements, strict=True) for e in elements]
        pairs = [(e, r) for e, r in pairs if e in own]
        flows = [
            _sequence_flow(Tag(e, r), _container(e, self.ids)) for e, r in pairs if kinds[own[e]] == "sequenceFlow"
        ]
        shared = {own[e]: (e, r) for e, r in pairs if kinds[own[e]] in names.EVENT_DEFINITIONS}
        resources = {own[e]: e.get("name") or "" for e, _ in pairs if kinds[own[e]] == "resource"}
        nodes = Nodes(_by_id(flows), shared, resources)
        elements = [self._element(e, r, nodes) for e, r in pairs if kinds[own[e]] != "sequenceFlow"]
        for references, found_there in zip(self.references, self.elements, strict=True):
            remark_content(found_there, references)
        found = tuple(_source(references) for references in self.references)
        diagrams = tuple(d for references in self.references for d in read_diagrams(references))
        self.problems = [*self.ids.problems, *(p for r in self.references for p in r.problems)]
        return Model(
            sources=found,
            sequence_flows=_by_id(flows),
            diagrams=diagrams,
            generated=tuple(self.ids.generated),
            remarks=tuple(remark for r in self.references for remark in r.remarks),
            **_grouped(element for element in elements if element is not None),
        )

    def _element(self, element: "_Element", references: References, nodes: Nodes) -> Element | None:
        tag, kind = Tag(element, references), local_name(element)
        container = _container(element, self.ids)
        if kind in names.FLOW_NODES:
            return nodes.build(tag, container)
        if kind in names.DATA:
            return _data(tag, kind, _activity(element, self.ids) or container)
        if kind in names.ARTIFACTS | names.DATA_ASSOCIATIONS:
            return _artifact(tag, kind)
        match kind:
            case "process":
                return _process(tag)
            case "participant":
                return _participant(tag)
            case "lane":
                return _lane(tag)
            case "messageFlow":
                return _message_flow(tag)
        parent = "" if (around := self.ids.parents.get(element)) is None else local_name(around)
        if kind in names.EVENT_DEFINITIONS and parent in names.EVENTS:
            return None  # it is one of the event's definitions
        if parent == "definitions" and kind not in _COLLABORATIONS:
            code = tag.text("errorCode") or tag.text("escalationCode")
            says = N_("an item definition")
            ref = None
            if kind in _TYPED:
                ref = tag.ref("itemRef", _ITEM, says) or tag.ref("structureRef", _ITEM, says)
            return RootElement(kind=kind, code=code, ref=ref, **tag.common())
        return Other(kind=kind, parent=self.ids.holder(element), text=tag.own_text(), **tag.common())


_COLLABORATIONS = ("collaboration", "choreography", "globalConversation")
_TYPED = ("message", "signal", "error", "escalation")
_ITEM = ("itemDefinition",)
_MESSAGE_ENDS = names.FLOW_NODES | {"participant"}


def _by_id(elements: Iterable[E]) -> Mapping[str, E]:
    return MappingProxyType({element.id: element for element in elements})


_GROUPS: Mapping[type[Element], str] = {
    Process: "processes",
    Participant: "participants",
    Lane: "lanes",
    MessageFlow: "message_flows",
    RootElement: "root_elements",
    Data: "data",
    Artifact: "artifacts",
    Other: "others",
}


def _grouped(elements: Iterable[Element]) -> dict[str, Any]:
    groups: dict[str, list[Element]] = {}
    for element in elements:
        groups.setdefault(_GROUPS.get(type(element), "flow_nodes"), []).append(element)
    return {name: _by_id(members) for name, members in groups.items()}


def _process(tag: Tag) -> Process:
    return Process(
        is_executable=tag.optional_flag("isExecutable"),
        process_type=tag.text("processType", "None"),
        is_closed=tag.flag("isClosed", default=False),
        **tag.common(),
    )


def _sequence_flow(tag: Tag, container: str) -> SequenceFlow:
    return SequenceFlow(
        source_ref=tag.required_ref_here("sourceRef", _FLOW_ENDS, N_("a flow node"), "8.4.13"),
        target_ref=tag.required_ref_here("targetRef", _FLOW_ENDS, N_("a flow node"), "8.4.13"),
        condition=tag.optional_child_text("conditionExpression"),
        container=container,
        **tag.common(),
    )


def _message_flow(tag: Tag) -> MessageFlow:
    says = N_("a flow node or participant")
    return MessageFlow(
        source_ref=tag.required_ref("sourceRef", _MESSAGE_ENDS, says),
        target_ref=tag.required_ref("targetRef", _MESSAGE_ENDS, says),
        message_ref=tag.ref("messageRef", ("message",), N_("a message")),
        **tag.common(),
    )


def _participant(tag: Tag) -> Participant:
    minimum = maximum = None
    for child in tag.children("participantMultiplicity"):
        counts = Tag(child, tag.references)
        minimum, maximum = counts.optional_number("minimum"), counts.optional_number("maximum")
    return Participant(
        process_ref=tag.ref("processRef", ("process",), N_("a process")),
        collaboration=tag.references.ids.holder(tag.element),
        minimum=minimum,
        maximum=maximum,
        **tag.common(),
    )


def _lane(tag: Tag) -> Lane:
    ids = tag.references.ids
    parent = process = None
    inside = False  # of the process or sub-process whose lane it is
    for around in ids.around(tag.element):
        kind = local_name(around)
        inside = inside or kind in names.CONTAINERS
        if kind == "lane" and parent is None and not inside:
            parent = ids.of.get(around)
        elif kind == "process":
            process = ids.of.get(around)
    return Lane(
        process=process or "",
        parent=parent,
        flow_node_refs=tag.child_refs("flowNodeRef", _LANE_MEMBERS, N_("a flow node")),
        performer=_partition(tag),
        **tag.common(),
    )


_FLOW_ENDS = names.FLOW_NODES | names.CHOREOGRAPHY
_LANE_MEMBERS = _FLOW_ENDS | names.DATA


def _partition(tag: Tag) -> str:
    """The name of the lane's partition element: a resource, a performer …"""
    identifier = tag.ref("partitionElementRef")
    tag.taken.discard("partitionElementRef")  # whose id stays
    if identifier and (element := tag.references.ids.elements.get(identifier)) is not None:
        return element.get("name") or identifier
    inline = next(iter(tag.children("partitionElement")), None)
    return "" if inline is None else (inline.get("name") or own_id(inline))


def _data(tag: Tag, kind: str, container: str) -> Data:
    state = next((child.get("name") or "" for child in tag.children("dataState")), "")
    ref = None
    if kind == "dataObjectReference":
        ref = tag.ref("dataObjectRef", ("dataObject",), N_("a data object"))
    elif kind == "dataStoreReference":
        ref = tag.ref("dataStoreRef", ("dataStore",), N_("a data store"))
    return Data(
        kind=kind,
        container=container,
        ref=ref,
        is_collection=tag.flag("isCollection", default=False),
        state=state,
        **tag.common(),
    )


def _artifact(tag: Tag, kind: str) -> Artifact:
    """A data association joins its data with the activity or event that it stands in, whatever its inner end is."""
    source = target = None
    match kind:
        case "association":  # some modellers leave an end loose; it means nothing
            source, target = tag.ref("sourceRef"), tag.ref("targetRef")
        case "dataInputAssociation":
            source, target = _first(tag, "sourceRef"), tag.references.ids.holder(tag.element)
        case "dataOutputAssociation":
            source, target = tag.references.ids.holder(tag.element), _first(tag, "targetRef")
        case "group":
            tag.references.resolve(
                tag.element,
                "categoryValueRef",
                tag.element.get("categoryValueRef"),
                ("categoryValue",),
                N_("a category value"),
            )
    return Artifact(
        kind=kind,
        text=tag.child_text("text"),
        source_ref=source,
        target_ref=target,
        direction=tag.element.get("associationDirection") or "None",
        **tag.common(),
    )


def _first(tag: Tag, end: str) -> str | None:
    """The first that an end of a data association names; all of them stay in its parts."""
    found = (tag.references.resolve(child, end, text_of(child)) for child in tag.children(end))
    return next((identifier for identifier in found if identifier), None)


def _source(references: References) -> Source:
    source = references.source
    tag = Tag(source.root, references)
    tag.read.update(child for child in source.root if qualified(child) == (names.BPMNDI, "BPMNDiagram"))
    return Source(
        path=source.path,
        data=source.data,
        encoding=python_codec(source.data, source.encoding),
        definitions=Other(kind="definitions", **tag.common()),
    )


def _container(element: "_Element", ids: Ids) -> str:
    """The id of the process or sub-process around it."""
    return next((ids.of[e] for e in ids.around(element) if local_name(e) in names.CONTAINERS and e in ids.of), "")


def _activity(element: "_Element", ids: Ids) -> str:
    """The id of the activity or event whose data input or output it is."""
    if local_name(element) not in ("dataInput", "dataOutput"):
        return ""
    return next((ids.of[e] for e in ids.around(element) if local_name(e) in names.FLOW_NODES and e in ids.of), "")
