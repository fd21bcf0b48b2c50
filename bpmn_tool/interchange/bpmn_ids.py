"""Who is called what: the ids of a file, the ones that stand twice, and stable ones for elements that have none.

BPMN 2.0.2's schema makes ids optional. A made id comes from the kind and the neighbours (container, name, the ends of a
flow), never from the place in the file, so that a modeller that saves elements in another order changes no result.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
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

MAX_STEM: Final = 160


_OPAQUE: Final = frozenset({"extensionElements", "documentation", "text", "script"})
"""What may hold anything: nothing in it is an element of the process, whatever it is called."""


class Ids:
    """The ids of all files that make one model, with the kind (XML local name) and place of each."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.places: dict[str, Location] = {}
        self.of: dict[_Element, str] = {}
        self.elements: dict[str, _Element] = {}
        self.parents: dict[_Element, _Element] = {}
        self.generated: list[Generated] = []
        self.problems: list[Problem] = []

    def add(self, source: XmlSource) -> list["_Element"]:
        """Take in the ids of one file, then make those that are missing. Its elements in document order."""
        found = list(self._structure(source.root))
        for element in found:
            if identifier := own_id(element):
                self._take(identifier, local_name(element), element, source)
        self._generate(found, source)
        return found

    def around(self, element: "_Element") -> "Iterator[_Element]":
        """The elements that it stands in, from the inside out."""
        parent = self.parents.get(element)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def holder(self, element: "_Element") -> str:
        """The id of the nearest element around it that has one, or ""."""
        return next((self.of[around] for around in self.around(element) if around in self.of), "")

    def _structure(self, root: "_Element") -> "Iterator[_Element]":
        """All of BPMN's own elements that stand in nothing but BPMN's own elements."""
        waiting = [root]
        while waiting:
            element = waiting.pop()
            yield element
            if len(element) and local_name(element) not in _OPAQUE:
                inside = [child for child in element if local_name(child)]
                for child in inside:
                    self.parents[child] = element
                waiting += reversed(inside)

    def _take(self, identifier: str, local: str, element: "_Element", source: XmlSource) -> None:
        place = source.location(element)
        if identifier not in self.kinds:
            self.kinds[identifier], self.places[identifier] = local, place
            self.of[element] = identifier
            self.elements[identifier] = element
        elif local != "definitions" or self.kinds[identifier] != local:
            # two files of one tool often share the id of <definitions>, to which nothing refers
            self._doubled(identifier, place, self.places[identifier])

    def _doubled(self, identifier: str, place: Location, first: Location) -> None:
        where = f"line {first.line}" if first.path == place.path else str(first)
        self.problems.append(Problem(message=f"the id '{identifier}' stands already at {where}", location=place))

    def _generate(self, found: list["_Element"], source: XmlSource) -> None:
        nameless = [e for e in found if local_name(e) in NEEDS_ID and not own_id(e)]
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
        self.elements[identifier] = element
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
                text = next((text_of(c) for c in element if local_name(c) == "text"), None)
                parts = [kind, _short(self.holder(element)), _slug(element.get("name") or text)]
        return "__".join(part for part in parts if part)


def _short(identifier: str) -> str:
    """A made id within a made id within …: as long as the nesting is deep, unless it is cut."""
    if len(identifier) <= MAX_STEM:
        return identifier
    return f"{identifier[:40]}__{hashlib.sha256(identifier.encode()).hexdigest()[:12]}"


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
    return _qualified(str(element.tag))


@lru_cache(maxsize=4096)
def _qualified(tag: str) -> tuple[str, str]:
    uri, _, local = tag.rpartition("}")
    return uri.removeprefix("{"), local


def local_name(element: "_Element") -> str:
    """The local name of one of BPMN's own elements; "" for a vendor's, a comment or a processing instruction."""
    tag: object = element.tag
    return _bpmn_name(tag) if isinstance(tag, str) else ""


def is_element(node: "_Element") -> bool:
    """Neither a comment nor a processing instruction, whose tag is a function."""
    tag: object = node.tag
    return isinstance(tag, str)


@lru_cache(maxsize=4096)
def _bpmn_name(tag: str) -> str:
    uri, local = _qualified(tag)
    return local if uri == names.BPMN else ""


def is_bpmn(element: "_Element", *locals_: str) -> bool:
    """Whether it is BPMN's own (and one of these local names); a comment, whose tag is a function, is not."""
    uri, local = qualified(element)
    return uri == names.BPMN and (not locals_ or local in locals_)


def in_extension(element: "_Element") -> bool:
    return any(is_bpmn(around, "extensionElements") for around in element.iterancestors())


def text_of(element: "_Element") -> str:
    """Its text with that of the elements in it, stripped."""
    if not len(element):
        return (element.text or "").strip()
    return "".join(map(str, element.itertext())).strip()
