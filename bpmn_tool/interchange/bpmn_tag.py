"""One start tag with what it holds, for the builders: typed attributes, kept leftovers, texts of children."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bpmn_tool.interchange.bpmn_ids import children, has_child, texts
from bpmn_tool.interchange.bpmn_refs import References

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml.etree import _Element


class Tag:
    """Attributes are *taken* by the field that they fill; :meth:`common` keeps the rest as they stand."""

    def __init__(self, element: "_Element", references: References) -> None:
        self.element, self.references = element, references
        self.taken = {"id", "name"}

    @property
    def id(self) -> str:
        return self.references.ids.of[self.element]

    def text(self, name: str, default: str = "") -> str:
        self.taken.add(name)
        return (self.element.get(name) or default).strip()

    def optional_flag(self, name: str) -> bool | None:
        value = self.text(name).lower()
        if value not in ("", "true", "false", "1", "0"):
            self.references.problem(self.element, f"{name} must be true or false, not '{value}'")
        return value in ("true", "1") if value else None

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.optional_flag(name)
        return default if value is None else value

    def optional_number(self, name: str) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if not value.isdecimal() or len(value) > 9:
            self.references.problem(self.element, f"{name} must be a whole number, not '{value[:20]}'")
            return None
        return int(value)

    def number(self, name: str, default: int) -> int:
        value = self.optional_number(name)
        return default if value is None else value

    def ref(self, name: str, kinds: "Collection[str]" = (), says: str = "") -> str | None:
        self.taken.add(name)
        return self.references.resolve(self.element, name, self.element.get(name), kinds, says)

    def required_ref(self, name: str, kinds: "Collection[str]", says: str) -> str:
        self.taken.add(name)
        return self.references.required(self.element, name, kinds, says)

    def child_refs(self, name: str, kinds: "Collection[str]" = (), says: str = "") -> tuple[str, ...]:
        """What the child elements called `name` refer to, each once, in document order."""
        found: dict[str, None] = {}
        for child in children(self.element, name):
            for value in texts([child]):
                if identifier := self.references.resolve(child, name, value, kinds, says):
                    found[identifier] = None
        return tuple(found)

    def child_text(self, name: str) -> str:
        return "\n".join(texts(children(self.element, name)))

    def optional_child_text(self, name: str) -> str | None:
        return self.child_text(name) if has_child(self.element, name) else None

    def common(self) -> dict[str, Any]:
        """The fields of :class:`~bpmn_tool.model.elements.Element`; call it last."""
        from lxml import etree

        extensions = children(self.element, "extensionElements")
        left = {str(k): str(v) for k, v in self.element.attrib.items() if k not in self.taken}
        return {
            "id": self.id,
            "name": self.element.get("name") or "",
            "documentation": "\n\n".join(texts(children(self.element, "documentation"))),
            "location": self.references.source.location(self.element),
            "extension": "".join(etree.tostring(e, encoding="unicode", with_tail=False) for e in extensions),
            "attributes": MappingProxyType(left),
        }
