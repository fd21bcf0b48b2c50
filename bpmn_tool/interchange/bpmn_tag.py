"""One start tag with what it holds, for the builders: typed attributes and children, and all the rest as it stands."""

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from bpmn_tool.interchange.bpmn_canonical import canonical, own_text
from bpmn_tool.interchange.bpmn_ids import is_element, local_name, text_of
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_statement import NOT_HERE, misplaced, read_statement

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lxml.etree import _Element

_NOTHING: Final["Mapping[str, Any]"] = MappingProxyType({})
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_MAX_DIGITS: Final = 4000  # Python refuses to read longer ones


class Tag:
    """Attributes and children are *taken* by the field that they fill; :meth:`common` and :meth:`rest` keep the others,
    and those that say more than the field holds (an expression's language).
    """

    def __init__(self, element: "_Element", references: References) -> None:
        self.element, self.references = element, references
        self.taken = {"id", "name"}
        self.read: set[_Element] = set()
        self.stated: Collection[_Element] = ()  # children of its extensionElements that have a field
        self.text_is_read = False
        self.kids: dict[str, list[_Element]] = {}
        for child in element:
            if local := local_name(child):
                self.kids.setdefault(local, []).append(child)

    @property
    def id(self) -> str:
        return self.references.ids.of[self.element]

    def children(self, name: str) -> "list[_Element]":
        """The child elements of BPMN's namespace that are called so."""
        return self.kids.get(name, [])

    def text(self, name: str, default: str = "") -> str:
        value = (self.element.get(name) or "").strip()
        if value:
            self.taken.add(name)
        return value or default

    def optional_flag(self, name: str) -> bool | None:
        """An ``xsd:boolean``; what is none is refused by the schema."""
        value = self.text(name).lower()
        if value not in ("", "true", "false", "1", "0"):
            self.references.problem(self.element, f"{name} must be true or false, not '{value[:20]}'")
        return value in ("true", "1") if value else None

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.optional_flag(name)
        return default if value is None else value

    def optional_number(self, name: str) -> int | None:
        """An ``xsd:integer``; what is none is refused by the schema. One below its least sense is read as it stands."""
        value = self.text(name)
        if not value:
            return None
        if not _INTEGER.fullmatch(value) or len(value) > _MAX_DIGITS:
            self.references.problem(self.element, f"{name} must be a whole number, not '{value[:20]}'")
            return None
        return int(value)

    def number(self, name: str, default: int) -> int:
        value = self.optional_number(name)
        return default if value is None else value

    def ref(self, name: str, kinds: "Collection[str]" = (), says: str = "") -> str | None:
        """The id that an attribute names. One that leads nowhere is remarked and stays in the attributes."""
        found = self.references.resolve(self.element, name, self.element.get(name), kinds, says)
        if found is not None:
            self.taken.add(name)
        return found

    def required_ref(self, name: str, kinds: "Collection[str]", says: str) -> str:
        self.taken.add(name)
        return self.references.required(self.element, name, kinds, says)

    def required_ref_here(self, name: str, kinds: "Collection[str]", says: str, section: str) -> str:
        self.taken.add(name)
        return self.references.required_here(self.element, name, kinds, says, section)

    def child_refs(self, name: str, kinds: "Collection[str]" = (), says: str = "") -> tuple[str, ...]:
        """What the child elements called `name` refer to, each once, in document order."""
        found: dict[str, None] = {}
        for child in self.kids.get(name, ()):
            if identifier := self.references.resolve(child, name, text_of(child), kinds, says):
                found[identifier] = None
                self._take(child)
        return tuple(found)

    def child_text(self, name: str) -> str:
        found = self.kids.get(name)
        if not found:
            return ""
        for child in found:
            self._take(child)
        return "\n".join(filter(None, map(text_of, found)))

    def optional_child_text(self, name: str) -> str | None:
        return self.child_text(name) if name in self.kids else None

    def own_text(self) -> str:
        self.text_is_read = True
        return own_text(self.element)

    def rest(self) -> dict[str, Any]:
        """`extension`, `attributes` and `parts`: what no field holds; call it last."""
        own = self.references.ids.of
        extension: list[str] = []
        parts: dict[str, list[str]] = {}
        for child in self.element:
            if not is_element(child) or child in self.read or child in own:
                continue
            local = local_name(child)
            if local == "extensionElements" and not child.attrib:
                extension += [canonical(each) for each in child if is_element(each) and each not in self.stated]
                for each in misplaced(child, self.stated):
                    self.references.problem(each, NOT_HERE)
                if text := own_text(child):
                    extension.append(escape(text))
            else:
                parts.setdefault(local or str(child.tag), []).append(canonical(child, own))
        if not self.text_is_read and (text := own_text(self.element)):
            parts["#text"] = [text]
        left = {str(k): str(v) for k, v in self.element.attrib.items() if k not in self.taken}
        return {
            "extension": "\n".join(extension),
            "attributes": MappingProxyType(left) if left else _NOTHING,
            "parts": MappingProxyType({name: tuple(found) for name, found in parts.items()}) if parts else _NOTHING,
        }

    def common(self) -> dict[str, Any]:
        """The fields of :class:`~bpmn_tool.model.elements.Element`; call it last."""
        documentation = self.kids.get("documentation", ())
        for child in documentation:
            self._take(child)
        statement, self.stated = read_statement(self.kids.get("extensionElements", ()), self.references)
        return {
            "id": self.references.ids.of.get(self.element, ""),
            "name": self.element.get("name") or "",
            "documentation": "\n\n".join(filter(None, map(text_of, documentation))) if documentation else "",
            "location": self.references.source.location(self.element),
            "statement": statement,
            **self.rest(),
        }

    def _take(self, child: "_Element") -> None:
        """Its text is all that it says."""
        if not child.attrib and not len(child):
            self.read.add(child)
