"""Who is called what: the ids of a file, the ones that stand twice, and stable ones for elements that have none.

BPMN 2.0.2's schema makes ids optional. A made id comes from the kind and the neighbours (container, name, the ends of a
flow), never from the place in the file, so that a modeller that saves elements in another order changes no result.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from bpmn_tool.errors import Location, Problem
from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.xml_source import XmlSource
from bpmn_tool.model.elements import Generated

if TYPE_CHECKING:
    from lxml.etree import _Element

NEEDS_ID: Final = (
    names.FLOW_NODES
    | names.DATA
    | names.ARTIFACTS
    | {"process", "participant", "lane", "sequenceFlow", "messageFlow", "callChoreography", "choreographyTask"}
)
"""Kinds that the rest of the package can only speak of by id."""

_IDS_OF_THE_DRAWING: Final = frozenset({names.BPMNDI, names.DC, names.DI})


class Ids:
    """The ids of all files that make one model, with the kind (XML local name) and place of each."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.places: dict[str, Location] = {}
        self.of: dict[_Element, str] = {}
        self.generated: list[Generated] = []
        self.problems: list[Problem] = []

    def add(self, source: XmlSource) -> None:
        """Take in the ids of one file, then make those that are missing."""
        drawn: dict[str, Location] = {}
        for element in source.lines:
            uri, local = qualified(element)
            identifier = own_id(element)
            if not identifier or uri not in _IDS_OF_THE_DRAWING | {names.BPMN} or in_extension(element):
                continue
            if uri == names.BPMN:
                self._take(identifier, local, element, source)
            elif (first := drawn.setdefault(identifier, source.location(element))) != source.location(element):
                self._doubled(identifier, source.location(element), first)
        self._generate(source)

    def _take(self, identifier: str, local: str, element: "_Element", source: XmlSource) -> None:
        place = source.location(element)
        if identifier not in self.kinds:
            self.kinds[identifier], self.places[identifier] = local, place
            self.of[element] = identifier
        elif local != "definitions" or self.kinds[identifier] != local:
            # two files of one tool often share the id of <definitions>, to which nothing refers
            self._doubled(identifier, place, self.places[identifier])

    def _doubled(self, identifier: str, place: Location, first: Location) -> None:
        where = f"line {first.line}" if first.path == place.path else str(first)
        self.problems.append(Problem(message=f"the id '{identifier}' stands already at {where}", location=place))

    def _generate(self, source: XmlSource) -> None:
        nameless = [e for e in source.lines if is_bpmn(e) and not own_id(e) and not in_extension(e)]
        nameless = [e for e in nameless if qualified(e)[1] in NEEDS_ID]
        twins: dict[str, list[_Element]] = {}
        for element in nameless:  # parents first, so that a made id can go into the ids of what stands inside
            twins.setdefault(self._stem(element), []).append(element)
            self.of[element] = self._stem(element)
        for stem, elements in twins.items():
            for number, element in enumerate(_by_content(elements), start=1):
                self._name(element, _free(stem, number, self.kinds), source)

    def _name(self, element: "_Element", identifier: str, source: XmlSource) -> None:
        kind, place = qualified(element)[1], source.location(element)
        self.of[element] = identifier
        self.kinds[identifier], self.places[identifier] = kind, place
        self.generated.append(Generated(id=identifier, kind=kind, location=place))

    def _stem(self, element: "_Element") -> str:
        kind = qualified(element)[1]
        source, target = element.get("sourceRef"), element.get("targetRef")
        match kind:
            case "sequenceFlow":
                parts = ["flow", local_part(source), local_part(target)]
            case "messageFlow" | "association":
                parts = [kind, local_part(source), local_part(target)]
            case "boundaryEvent":
                parts = [kind, local_part(element.get("attachedToRef")), _slug(element.get("name"))]
            case "participant":
                parts = [kind, local_part(element.get("processRef")) or _slug(element.get("name"))]
            case _:
                text = next((c.text for c in element if is_bpmn(c) and qualified(c)[1] == "text"), None)
                parts = [kind, self._holder(element), _slug(element.get("name") or text)]
        return "__".join(part for part in parts if part)

    def _holder(self, element: "_Element") -> str:
        """The id of the nearest element around it that has one."""
        for around in element.iterancestors():
            if qualified(around)[1] == "definitions":
                return ""
            if around in self.of:
                return self.of[around]
        return ""


def _by_content(elements: list["_Element"]) -> list["_Element"]:
    from lxml import etree

    return (
        sorted(elements, key=lambda e: etree.tostring(e, method="c14n", with_tail=False)) if elements[1:] else elements
    )


def _free(stem: str, number: int, taken: Mapping[str, str]) -> str:
    identifier = stem if number == 1 else f"{stem}__{number}"
    while identifier in taken:
        number += 1
        identifier = f"{stem}__{number}"
    return identifier


def _slug(text: str | None) -> str:
    return re.sub(r"[^\w.-]+", "_", text or "").strip("_")[:40]


def local_part(reference: str | None) -> str:
    """What stands behind the prefix of a QName."""
    return (reference or "").strip().rpartition(":")[2]


def own_id(element: "_Element") -> str:
    return (element.get("id") or "").strip()


def qualified(element: "_Element") -> tuple[str, str]:
    """Namespace URI and local name."""
    uri, _, local = str(element.tag).rpartition("}")
    return uri.removeprefix("{"), local


def is_bpmn(element: "_Element", *locals_: str) -> bool:
    """Whether it is BPMN's own (and one of these local names); a comment, whose tag is a function, is not."""
    uri, local = qualified(element)
    return uri == names.BPMN and (not locals_ or local in locals_)


def in_extension(element: "_Element") -> bool:
    return any(is_bpmn(around, "extensionElements") for around in element.iterancestors())


def children(element: "_Element", *locals_: str) -> Iterator["_Element"]:
    return (child for child in element if is_bpmn(child, *locals_))


def has_child(element: "_Element", *locals_: str) -> bool:
    return next(children(element, *locals_), None) is not None


def texts(elements: Iterable["_Element"]) -> list[str]:
    """The text of each with its child elements' text, stripped; empty ones left out."""
    found = ("".join(map(str, element.itertext())).strip() for element in elements)
    return [text for text in found if text]
