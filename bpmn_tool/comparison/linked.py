"""A model as a graph of all its elements, for finding the same element in another model.

Links have a label and a direction: ``next`` and ``<next`` between flow nodes, ``sourceRef`` from a flow to its node and
``<sourceRef`` back, and so on for every reference of the standard.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final

from bpmn_tool.model.elements import (
    Artifact,
    CallActivity,
    Data,
    Element,
    Event,
    Gateway,
    Lane,
    MessageFlow,
    Model,
    MultiInstance,
    NodeBase,
    Other,
    Participant,
    Process,
    RootElement,
    SequenceFlow,
    SubProcess,
    Task,
)

WEAK: Final = frozenset({"lane", "inside"})
"""The links from a node to its lane and to its sub-process: they tell twins apart, and are no neighbours themselves."""

_FAMILIES: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (NodeBase, "node"),
    (SequenceFlow, "flow"),
    (MessageFlow, "message flow"),
    (Lane, "lane"),
    (Process, "process"),
    (Participant, "participant"),
    (Data, "data"),
    (Artifact, "artifact"),
    (RootElement, "root"),
    (Other, "other"),
)
_PARTS: Final = frozenset({"dataInput", "dataOutput"})
"""Data that is part of what it stands in; a data object only happens to stand there."""
_KINDS: Final[Mapping[type[Any], str]] = {
    SequenceFlow: "sequenceFlow",
    MessageFlow: "messageFlow",
    Lane: "lane",
    Process: "process",
    Participant: "participant",
    CallActivity: "callActivity",
}


def kind_of(element: Element) -> str:
    """The XML local name of an element."""
    match element:
        case Task() | SubProcess() | Gateway() | Event():
            return str(element.kind.value)
        case RootElement() | Data() | Artifact() | Other():
            return element.kind
        case _:
            return _KINDS[type(element)]


def family_of(element: Element) -> str:
    """Elements of one family may change into each other and stay the same element: any flow node into any other."""
    return next(family for kinds, family in _FAMILIES if isinstance(element, kinds))


def normalised(text: str) -> str:
    r"""A name for comparing: case, white space, punctuation and ways to write a letter do not count.

    >>> normalised("Guest (Meal)") == normalised("guest\nmeal")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded)) or " ".join(folded.split())


@dataclass(slots=True)
class Linked:
    """The elements of a model by id, with what pairing asks of them."""

    model: Model
    elements: dict[str, Element] = field(default_factory=dict)
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)  # (family, kind)
    names: dict[str, str] = field(default_factory=dict)  # normalised
    within: dict[str, str] = field(default_factory=dict)  # the container, where the element has one
    links: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # (label, other element)

    def is_flow(self, element_id: str) -> bool:
        """Whether it is nothing without its ends."""
        match self.elements[element_id]:
            case SequenceFlow() | MessageFlow():
                return True
            case Artifact() as found:
                return not (found.source_ref is None and found.target_ref is None)
            case _:
                return False


def linked(model: Model) -> Linked:
    """The graph of a model; linear in its size."""
    found = Linked(model)
    for element in model.elements():
        found.elements[element.id] = element
        found.kinds[element.id] = (family_of(element), kind_of(element))
        found.names[element.id] = normalised(_name(element))
        found.within[element.id] = _within(element)
    for pool in reversed(list(model.participants.values())):  # a process is called what its pool is called
        if pool.process_ref is not None and pool.process_ref in model.processes and pool.name:
            found.names[pool.process_ref] = normalised(pool.name)
    found.links = {element: [] for element in found.elements}
    for source, label, target in _all_links(model, found):
        if target in found.links and source in found.links:
            found.links[source].append((label, target))
            found.links[target].append((f"<{label}", source))
    for links in found.links.values():
        links[:] = dict.fromkeys(links)
    return found


def _name(element: Element) -> str:
    match element:
        case RootElement():
            return element.name or element.code or element.attributes.get("structureRef", "")
        case Artifact():
            return element.name or element.text
        case _:
            return element.name


def _within(element: Element) -> str:
    match element:
        case NodeBase() | Data():
            return element.container
        case Lane():
            return element.parent or element.process
        case Participant():
            return element.collaboration
        case Other():
            return element.parent
        case _:
            return ""


def _all_links(model: Model, found: Linked) -> Iterator[tuple[str, str, str]]:
    for flow in model.sequence_flows.values():
        yield flow.source_ref, "next", flow.target_ref
    for message in model.message_flows.values():
        yield message.source_ref, "message", message.target_ref
    for element in found.elements.values():
        yield from ((element.id, label, target) for label, target in references(element))
        if isinstance(element, Lane | Participant | Other) or found.kinds[element.id][1] in _PARTS:
            yield element.id, "within", found.within[element.id]
        if isinstance(element, NodeBase) and (lane := model.lane_of(element.id)) is not None:
            yield element.id, "lane", lane.id
        if isinstance(element, NodeBase) and element.container in model.flow_nodes:
            yield element.id, "inside", element.container


def references(element: Element) -> Iterator[tuple[str, str]]:
    """What an element refers to by id, with the name of the field; the order of several is kept."""
    for name in _reference_fields(type(element)):  # type: ignore[arg-type]  # mypy takes the class for one of its objects
        value = getattr(element, name)
        yield from ((name, each) for each in ((value,) if isinstance(value, str) else value or ()))
    for name, value in element.attributes.items():
        if name.endswith("Ref"):
            yield name, value.strip().rpartition(":")[2]
    for name, pieces in element.parts.items():
        if name.endswith(("Ref", "Refs")):
            yield from ((name, text.strip()) for piece in pieces for text in _TEXT.findall(piece))
    if isinstance(element, Event):
        yield from ((each.kind.value, each.ref) for each in element.definitions if each.ref)
    loop = getattr(element, "loop", None)
    if isinstance(loop, MultiInstance) and loop.data_input_ref:
        yield "loop", loop.data_input_ref


_TEXT: Final = re.compile(r">([^<]+)<")
_IDS: Final = {"default", "called_element", "data_inputs", "data_outputs", "ref"}


def is_reference(field_name: str) -> bool:
    """Whether a field of an element or of its parts holds ids of other elements."""
    return field_name.endswith("_ref") or field_name in _IDS


@cache
def _reference_fields(kind: Hashable) -> tuple[str, ...]:
    assert isinstance(kind, type)
    return tuple(each.name for each in fields(kind) if is_reference(each.name))
