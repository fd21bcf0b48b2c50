"""What modellers and engines added to BPMN, by their namespaces."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.model.elements import Event, Model

_STANDARD: Final = (
    names.BPMN,
    names.BPMNDI,
    names.DC,
    names.DI,
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
)


class _Record(Protocol):
    @property
    def attributes(self) -> Mapping[str, str]: ...
    @property
    def parts(self) -> Mapping[str, tuple[str, ...]]: ...


def vendors(model: Model) -> Counter[str]:
    """How many elements and attributes stand in each namespace that is not the standard's; "" for elements in none."""
    found: Counter[str] = Counter()
    for record in _records(model):
        found.update(_space(name) for name in record.attributes if name.startswith("{"))
        texts = [text for group in record.parts.values() for text in group]
        for text in (*texts, getattr(record, "extension", "")):
            if "<" in text:
                found.update(_names(text))
    for uri in _STANDARD:
        del found[uri]
    return found


def _records(model: Model) -> Iterator[_Record]:
    yield from model.elements()
    for source in model.sources:
        root = source.definitions
        if root is not None and root.id not in model.others:
            yield root
    for node in model.flow_nodes.values():
        if isinstance(node, Event):
            yield from node.definitions
        elif (loop := getattr(node, "loop", None)) is not None and loop.id not in model.others:
            yield loop
    for diagram in model.diagrams:
        yield diagram
        yield from diagram.shapes.values()
        yield from diagram.edges.values()


def _names(text: str) -> Iterator[str]:
    """The namespace of each element, and of each attribute that has one."""
    from lxml import etree

    for element in etree.fromstring(f"<parts>{text}</parts>").iterdescendants("*"):
        yield _space(str(element.tag))
        yield from (_space(str(name)) for name in element.attrib if str(name).startswith("{"))


def _space(name: str) -> str:
    return name[1:].rpartition("}")[0] if name.startswith("{") else ""
