"""Parts of a file that have no class of their own, as text that is the same whenever the content is.

In the manner of Canonical XML 2.0 (W3C, 2013) with rewritten prefixes: what an XML tool may change without changing
the content (prefixes, the place of their declarations, the order and quotes of attributes, CDATA, comments, white space
around elements and texts) makes no difference, so that two texts are compared with ``==``.
"""

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from bpmn_tool.interchange.bpmn_ids import is_element
from bpmn_tool.interchange.bpmn_names import BPMN

if TYPE_CHECKING:
    from lxml.etree import _Element

_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_XML: Final = "http://www.w3.org/XML/1998/namespace"


def canonical(element: "_Element", apart: "Container[_Element]" = ()) -> str:
    """One element with all that it holds, but for the elements in `apart` (they have a class, and stand elsewhere in
    the model).
    """
    writer = _Writer(apart)
    text = writer.element(element)
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for uri, prefix in writer.prefixes.items() if uri != _XML)
    name, rest = text[: writer.head], text[writer.head :]
    return name + declared + rest


def own_text(element: "_Element") -> str:
    """The text that stands directly in it, not in its child elements."""
    if element.text is None and not len(element):
        return ""
    return " ".join(piece for piece in map(str.strip, _texts(element)) if piece)


def _texts(element: "_Element") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


class _Writer:
    def __init__(self, apart: "Container[_Element]") -> None:
        self.apart = apart
        self.prefixes: dict[str, str] = {_XML: "xml"}
        self.head = 0  # length of "<name" of the outermost element

    def name(self, expanded: str) -> str:
        uri, _, local = expanded.rpartition("}")
        return self.prefixed(uri[1:], local) if uri else local

    def prefixed(self, uri: str, local: str) -> str:
        if uri not in self.prefixes:
            self.prefixes[uri] = "bpmn" if uri == BPMN else f"n{len(self.prefixes) - 1}"
        return f"{self.prefixes[uri]}:{local}"

    def element(self, element: "_Element") -> str:
        name = self.name(str(element.tag))
        self.head = self.head or len(name) + 1
        attributes = [self.attribute(element, str(key), str(value)) for key, value in sorted(element.attrib.items())]
        pieces = [_text(element.text)]
        for child in element:
            if is_element(child) and child not in self.apart:
                pieces.append(self.element(child))
            pieces.append(_text(child.tail))
        inner = "".join(pieces)
        start = f"<{name}{''.join(attributes)}"
        return f"{start}>{inner}</{name}>" if inner else f"{start}/>"

    def attribute(self, element: "_Element", key: str, value: str) -> str:
        if key == _TYPE:  # its value is a name too
            prefix, _, local = value.strip().rpartition(":")
            uri = element.nsmap.get(prefix or None)
            value = self.prefixed(uri, local) if uri else value
        return f" {self.name(key)}={quoteattr(value)}"


def _text(text: str | None) -> str:
    return escape(text.strip()) if text else ""
