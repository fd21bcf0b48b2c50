"""BPMN 2.0.2 XML to a :class:`~bpmn_tool.model.elements.Model`; the one reader.

Nothing with an id is passed over: what has no class of its own becomes an `Other`, what stands in
``<extensionElements>`` stays XML text. Nothing is repaired: a file that is broken, doubled, dangling or not BPMN is
refused in one :class:`~bpmn_tool.errors.InputError` with all of it and the lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from bpmn_tool.errors import InputError, Problem
from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import Ids, children, in_extension, is_bpmn, own_id, qualified, texts
from bpmn_tool.interchange.bpmn_nodes import Nodes
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_tag import Tag
from bpmn_tool.interchange.di_xml import read_diagrams
from bpmn_tool.interchange.xml_source import MAX_BYTES, XmlSource, parse, python_codec
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
        for source in sources:
            self.ids.add(source)
        targets = {source.root.get("targetNamespace") or "" for source in sources}
        self.references = [References(self.ids, source, targets, complete=complete) for source in sources]
        self.found: dict[type[Element], dict[str, Any]] = {}
        self.problems: list[Problem] = []

    def model(self) -> Model:
        pairs = [
            (element, references)
            for references in self.references
            for element in references.source.lines
            if element in self.ids.of and not in_extension(element)
        ]
        flows = [_sequence_flow(Tag(e, r), _container(e, self.ids)) for e, r in pairs if is_bpmn(e, "sequenceFlow")]
        shared = {self.ids.of[e]: (e, r) for e, r in pairs if is_bpmn(e, *names.EVENT_DEFINITIONS)}
        resources = {self.ids.of[e]: e.get("name") or "" for e, _ in pairs if is_bpmn(e, "resource")}
        nodes = Nodes(_by_id(flows), shared, resources)
        elements = [self._element(e, r, nodes) for e, r in pairs if not is_bpmn(e, "sequenceFlow")]
        diagrams = tuple(d for references in self.references for d in read_diagrams(references))
        self.problems = [*self.ids.problems, *(p for r in self.references for p in r.problems)]
        return Model(
            sources=tuple(
                Source(path=s.path, data=s.data, encoding=python_codec(s.data, s.encoding)) for s in self.sources
            ),
            sequence_flows=_by_id(flows),
            diagrams=diagrams,
            generated=tuple(self.ids.generated),
            **_grouped(element for element in elements if element is not None),
        )

    def _element(self, element: "_Element", references: References, nodes: Nodes) -> Element | None:
        tag, kind = Tag(element, references), qualified(element)[1]
        container = _container(element, self.ids)
        if kind in names.FLOW_NODES:
            return nodes.build(tag, container)
        if kind in names.DATA:
            return _data(tag, kind, _holder(element, self.ids) or container)
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
        parent = element.getparent()
        if kind in names.EVENT_DEFINITIONS and parent is not None and is_bpmn(parent, *names.EVENTS):
            return None  # it is one of the event's definitions
        if parent is not None and is_bpmn(parent, "definitions") and kind not in _COLLABORATIONS:
            code = tag.text("errorCode") or tag.text("escalationCode")
            ref = (element.get("itemRef") or element.get("structureRef")) if kind in _TYPED else None
            return RootElement(kind=kind, code=code, ref=ref, **tag.common())
        return Other(kind=kind, parent=_parent(element, self.ids), **tag.common())


_COLLABORATIONS = ("collaboration", "choreography", "globalConversation")
_TYPED = ("message", "signal", "error", "escalation")
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
        source_ref=tag.required_ref("sourceRef", names.FLOW_NODES | names.CHOREOGRAPHY, "a flow node"),
        target_ref=tag.required_ref("targetRef", names.FLOW_NODES | names.CHOREOGRAPHY, "a flow node"),
        condition=tag.optional_child_text("conditionExpression"),
        container=container,
        **tag.common(),
    )


def _message_flow(tag: Tag) -> MessageFlow:
    return MessageFlow(
        source_ref=tag.required_ref("sourceRef", _MESSAGE_ENDS, "a flow node or participant"),
        target_ref=tag.required_ref("targetRef", _MESSAGE_ENDS, "a flow node or participant"),
        message_ref=tag.ref("messageRef", ("message",), "a message"),
        **tag.common(),
    )


def _participant(tag: Tag) -> Participant:
    minimum = maximum = None
    for child in children(tag.element, "participantMultiplicity"):
        minimum = Tag(child, tag.references).optional_number("minimum")
        maximum = Tag(child, tag.references).optional_number("maximum")
    return Participant(
        process_ref=tag.ref("processRef", ("process",), "a process"),
        collaboration=_parent(tag.element, tag.references.ids),
        minimum=minimum,
        maximum=maximum,
        **tag.common(),
    )


def _lane(tag: Tag) -> Lane:
    ids = tag.references.ids
    around = [e for e in tag.element.iterancestors() if e in ids.of]
    parent = next((e for e in around if is_bpmn(e, "lane")), None)
    inside = next((e for e in around if is_bpmn(e, *names.CONTAINERS)), None)
    process = next((e for e in around if is_bpmn(e, "process")), None)
    if parent is not None and inside is not None and parent in list(inside.iterancestors()):
        parent = None  # a lane of a sub-process, whose sub-process stands in no lane element
    return Lane(
        process="" if process is None else ids.of[process],
        parent=None if parent is None else ids.of[parent],
        flow_node_refs=tag.child_refs("flowNodeRef", _LANE_MEMBERS, "a flow node"),
        performer=_partition(tag),
        **tag.common(),
    )


_LANE_MEMBERS = names.FLOW_NODES | names.CHOREOGRAPHY | names.DATA


def _partition(tag: Tag) -> str:
    """The name of the lane's partition element: a resource, a performer …"""
    identifier = tag.ref("partitionElementRef")
    for element, known in tag.references.ids.of.items():
        if identifier and known == identifier:
            return element.get("name") or identifier
    inline = next(children(tag.element, "partitionElement"), None)
    return "" if inline is None else (inline.get("name") or own_id(inline))


def _data(tag: Tag, kind: str, container: str) -> Data:
    state = next((child.get("name") or "" for child in children(tag.element, "dataState")), "")
    ref = None
    if kind == "dataObjectReference":
        ref = tag.ref("dataObjectRef", ("dataObject",), "a data object")
    elif kind == "dataStoreReference":
        ref = tag.ref("dataStoreRef", ("dataStore",), "a data store")
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
    match kind:
        case "association":
            source, target = (
                tag.ref("sourceRef"),
                tag.ref("targetRef"),
            )  # some modellers leave an end loose; it means nothing
        case "dataInputAssociation":
            source = next(iter(tag.child_refs("sourceRef")), None)
            target = _parent(tag.element, tag.references.ids)
            tag.child_refs("targetRef")
        case "dataOutputAssociation":
            source = _parent(tag.element, tag.references.ids)
            target = next(iter(tag.child_refs("targetRef")), None)
            tag.child_refs("sourceRef")
        case _:
            source = target = None
            tag.ref("categoryValueRef", ("categoryValue",), "a category value")
    return Artifact(
        kind=kind,
        text="\n".join(texts(children(tag.element, "text"))),
        source_ref=source,
        target_ref=target,
        direction=tag.element.get("associationDirection") or "None",
        **tag.common(),
    )


def _container(element: "_Element", ids: Ids) -> str:
    """The id of the process or sub-process around it."""
    return next((ids.of[e] for e in element.iterancestors(*_TAGS) if e in ids.of), "")


_TAGS = tuple(f"{{{names.BPMN}}}{name}" for name in sorted(names.CONTAINERS))


def _parent(element: "_Element", ids: Ids) -> str:
    """The id of the nearest element around it that has one."""
    return next((ids.of[e] for e in element.iterancestors() if e in ids.of), "")


def _holder(element: "_Element", ids: Ids) -> str:
    """The id of the activity or event whose data input or output it is."""
    if not is_bpmn(element, "dataInput", "dataOutput"):
        return ""
    return next((ids.of[e] for e in element.iterancestors() if is_bpmn(e, *names.FLOW_NODES)), "")
