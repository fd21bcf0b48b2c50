"""Writing the BPMN DI into a file without changing any other byte of it.

The new ``<BPMNDiagram>`` is pasted in at byte offsets, in the file's own encoding, prefixes, indent and line ends; an
XML library would write the whole file anew, and none keeps its bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.sax.saxutils import quoteattr

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import in_extension, is_bpmn, own_id, qualified
from bpmn_tool.interchange.xml_source import Tag, XmlSource, parse, scan
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape

_PREFERRED: Final = {names.BPMNDI: "bpmndi", names.DC: "dc", names.DI: "di"}


def splice(data: bytes, diagram: Diagram, path: str = "") -> bytes:
    """The file with `diagram` in place of the diagrams that it has, or added at its end.

    What has no id in the file cannot be drawn in it and is left out. Raises InputError where `data` is not well-formed
    XML.
    """
    source = parse(data, path)
    tags, encoding = scan(data, path)
    root = tags[0]
    if root.end_tag == root.start:
        return data  # <definitions/>: nothing to draw
    old = [tag for tag in tags if tag.depth == 1 and _is_diagram(tag, root)]
    text = _Text(source, diagram, root, encoding)
    if not old:
        return _insert(data, root.end_tag, text, encoding)
    first, rest = old[0], old[1:]
    result = data[: first.start] + text.encoded(_indent(data, first.start, encoding)) + data[first.end :]
    shift = len(result) - len(data)
    for tag in reversed(rest):  # all is drawn in the one diagram
        begin = _line_start(data, tag.start, encoding)
        result = result[: begin + shift] + result[tag.end + shift :]
    return result


def splice_in(data: bytes, added: Diagram, path: str = "") -> bytes:
    """The file with these shapes and edges at the end of its first plane; no other byte changes. One without a diagram
    gets one. Raises InputError where `data` is not well-formed XML.
    """
    source = parse(data, path)
    tags, encoding = scan(data, path)
    root = tags[0]
    diagrams = [tag for tag in tags if tag.depth == 1 and _is_diagram(tag, root)]
    if not diagrams:
        return splice(data, added, path)
    first = diagrams[0]
    planes = [
        tag for tag in tags if tag.depth == 2 and first.start < tag.start < first.end and _local(tag) == "BPMNPlane"
    ]
    if not planes or not (added.shapes or added.edges):
        return data
    plane = planes[0]
    scope = replace(root, namespaces={**root.namespaces, **first.namespaces, **plane.namespaces})
    text = _Text(source, added, scope, encoding)
    if plane.end_tag == plane.start:  # <BPMNPlane/>: it gets an end tag
        start = data[plane.start : plane.end].decode(encoding).rstrip()
        indent = _indent(data, plane.start, encoding)
        lines = text.parts(indent + "  ")
        whole = start.removesuffix("/>").rstrip() + ">" + text.eol + lines + text.eol + f"{indent}</{plane.name}>"
        return data[: plane.start] + whole.encode(encoding, "xmlcharrefreplace") + data[plane.end :]
    begin = _line_start(data, plane.end_tag, encoding)
    indent = _indent(data, plane.start, encoding) + "  "
    lines = text.eol + text.parts(indent)
    if begin == plane.end_tag:
        lines += text.eol
    return data[:begin] + lines.encode(encoding, "xmlcharrefreplace") + data[begin:]


def _local(tag: Tag) -> str:
    return tag.name.rpartition(":")[2]


def _insert(data: bytes, at: int, text: "_Text", encoding: str) -> bytes:
    """Before the end tag of the root, on lines of its own."""
    indent = _indent(data, at, encoding)
    begin = at - len(indent.encode(encoding))
    lines = "  " + text.whole(indent + "  ") + text.eol + indent
    if begin and not data[:begin].endswith(("\n".encode(encoding), "\r".encode(encoding))):
        lines = text.eol + lines
    added = lines.encode(encoding, "xmlcharrefreplace")
    return data[:at] + added + data[at:]


def _is_diagram(tag: Tag, root: Tag) -> bool:
    prefix, _, local = tag.name.rpartition(":")
    known = {**root.namespaces, **tag.namespaces}
    return local == "BPMNDiagram" and known.get(prefix) == names.BPMNDI


def _line_start(data: bytes, at: int, encoding: str) -> int:
    """Behind the last byte before `at` that is not white space."""
    unit = len(" ".encode(encoding))
    while at >= unit and data[at - unit : at].decode(encoding, "replace").isspace():
        at -= unit
    return at


def _indent(data: bytes, at: int, encoding: str) -> str:
    """The spaces and tabs between the beginning of the line and `at`; none where other things stand there."""
    unit, begin = len(" ".encode(encoding)), at
    while begin >= unit and data[begin - unit : begin].decode(encoding, "replace") in (" ", "\t"):
        begin -= unit
    if begin >= unit and data[begin - unit : begin].decode(encoding, "replace") not in ("\n", "\r"):
        return ""
    return data[begin:at].decode(encoding)


@dataclass(frozen=True, slots=True)
class _Text:
    source: XmlSource
    diagram: Diagram
    root: Tag
    encoding: str

    @property
    def eol(self) -> str:
        return "\r\n" if "\r\n".encode(self.encoding) in self.source.data else "\n"

    def encoded(self, indent: str) -> bytes:
        return self.whole(indent).encode(self.encoding, "xmlcharrefreplace")

    def whole(self, indent: str) -> str:
        """The element, its first line without indent and its last without line end."""
        return (self.eol + indent).join(self._lines())

    def parts(self, indent: str) -> str:
        """The shapes and edges alone, each line with its indent; ids that the drawing has are not taken again."""
        prefixes, _declared = self._prefixes()
        write = _Writer(prefixes, self._kinds())
        write.taken |= {own_id(element) for element in self.source.root.iter("*") if own_id(element)}
        lines = [line for shape in self.diagram.shapes.values() for line in write.shape(shape)]
        lines += [line for edge in self.diagram.edges.values() for line in write.edge(edge)]
        return self.eol.join(indent + line for line in lines)

    def _kinds(self) -> dict[str, str]:
        return {
            own_id(e): qualified(e)[1] for e in self.source.lines if is_bpmn(e) and not in_extension(e) and own_id(e)
        }

    def _lines(self) -> Iterator[str]:
        prefixes, declared = self._prefixes()
        kinds = self._kinds()
        write = _Writer(prefixes, kinds)
        diagram_id, plane_id = self._old_ids(write)
        bpmndi = prefixes[names.BPMNDI]
        name = f" name={quoteattr(self.diagram.name)}" if self.diagram.name else ""
        plane = f" bpmnElement={quoteattr(self.diagram.plane)}" if self.diagram.plane in kinds else ""
        yield f"<{bpmndi}BPMNDiagram{declared} id={quoteattr(diagram_id)}{name}>"
        yield f"  <{bpmndi}BPMNPlane id={quoteattr(plane_id)}{plane}>"
        for shape in self.diagram.shapes.values():
            if shape.element in kinds:
                yield from ("    " + line for line in write.shape(shape))
        for edge in self.diagram.edges.values():
            if edge.element in kinds:
                yield from ("    " + line for line in write.edge(edge))
        yield f"  </{bpmndi}BPMNPlane>"
        yield f"</{bpmndi}BPMNDiagram>"

    def _prefixes(self) -> tuple[dict[str, str], str]:
        """How to write each namespace, with the colon; and the declarations that the root lacks."""
        known = {uri: prefix for prefix, uri in reversed(list(self.root.namespaces.items()))}
        prefixes: dict[str, str] = {}
        declared = ""
        for uri, wanted in _PREFERRED.items():
            prefix = known.get(uri)
            if prefix is None:
                prefix = wanted
                while prefix in self.root.namespaces:
                    prefix += "_"
                declared += f' xmlns:{prefix}="{uri}"'
            prefixes[uri] = f"{prefix}:" if prefix else ""
        return prefixes, declared

    def _old_ids(self, write: "_Writer") -> tuple[str, str]:
        """The ids of the diagram and plane that stand there already, else new ones."""
        diagram = self.source.root.find(f"{{{names.BPMNDI}}}BPMNDiagram")
        plane = None if diagram is None else diagram.find(f"{{{names.BPMNDI}}}BPMNPlane")
        found = ("" if diagram is None else own_id(diagram), "" if plane is None else own_id(plane))
        return (write.take(found[0] or "BPMNDiagram_1"), write.take(found[1] or "BPMNPlane_1"))


class _Writer:
    def __init__(self, prefixes: Mapping[str, str], kinds: Mapping[str, str]) -> None:
        self.bpmndi, self.dc, self.di = (prefixes[uri] for uri in _PREFERRED)
        self.kinds, self.taken = kinds, set(kinds)

    def take(self, identifier: str) -> str:
        while identifier in self.taken:
            identifier += "_"
        self.taken.add(identifier)
        return identifier

    def shape(self, shape: Shape) -> Iterator[str]:
        kind = self.kinds[shape.element]
        flags = ""
        if kind in ("participant", "lane"):
            flags += f' isHorizontal="{_bool(shape.is_horizontal)}"'
        if kind in names.SUB_PROCESSES:
            flags += f' isExpanded="{_bool(shape.is_expanded)}"'
        if shape.is_marker_visible:
            flags += ' isMarkerVisible="true"'
        yield f"<{self.bpmndi}BPMNShape {self._head(shape.element)}{flags}>"
        yield f"  {self._bounds(shape.bounds)}"
        yield from self._label(shape.label)
        yield f"</{self.bpmndi}BPMNShape>"

    def edge(self, edge: Edge) -> Iterator[str]:
        yield f"<{self.bpmndi}BPMNEdge {self._head(edge.element)}>"
        for x, y in edge.waypoints:
            yield f'  <{self.di}waypoint x="{_number(x)}" y="{_number(y)}" />'
        yield from self._label(edge.label)
        yield f"</{self.bpmndi}BPMNEdge>"

    def _head(self, element: str) -> str:
        return f"id={quoteattr(self.take(element + '_di'))} bpmnElement={quoteattr(element)}"

    def _bounds(self, b: Bounds) -> str:
        places = " ".join(f'{n}="{_number(v)}"' for n, v in zip(_NAMES, (b.x, b.y, b.width, b.height), strict=True))
        return f"<{self.dc}Bounds {places} />"

    def _label(self, label: Bounds | None) -> Iterator[str]:
        if label is not None:
            yield f"  <{self.bpmndi}BPMNLabel>"
            yield f"    {self._bounds(label)}"
            yield f"  </{self.bpmndi}BPMNLabel>"


_NAMES: Final = ("x", "y", "width", "height")


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _number(value: float) -> str:
    return f"{round(value, 2):g}" if abs(value) < 1e5 and value != int(value) else str(round(value))
