"""Giving elements other ids in a file without changing any other byte of it.

Every reference of the standard follows (attributes and texts, with prefix or without, the drawing too), and those of
simulation data that say so by their names. Ids are replaced at byte offsets, in the file's own encoding.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import qualified
from bpmn_tool.interchange.xml_source import Tag, XmlSource, parse, scan

if TYPE_CHECKING:
    from lxml.etree import _Element

_REFERENCES: Final = frozenset({"default", "calledElement"})
_REFERRING_TEXTS: Final = frozenset({"incoming", "outgoing", "source", "target", "supports"})
_OF_THE_DRAWING: Final = frozenset({names.BPMNDI, names.DC, names.DI})
_ENDS_OF_SHAPES: Final = frozenset({"sourceElement", "targetElement"})
"""Of the drawing: ids of shapes, but some tools write those of the elements."""
_OF_VENDORS: Final = frozenset({"elementRef", "elementId"})
"""BPSim 1.0 and the QBP format name the element that parameters are of so."""

_ATTRIBUTE: Final = re.compile(r"""\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_OPENING: Final = re.compile(r"<[^\s/>]+")
_PIECE: Final = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<raw>.*?)\]\]>|(?P<text>[^<]+)", re.DOTALL)
_ENTITY: Final = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A file with other ids. `left` are attributes of vendors that hold an old id and were not touched."""

    data: bytes
    left: tuple[Location, ...] = ()


def rename(data: bytes, new_of: Mapping[str, str], path: str = "") -> Renamed:
    """The file with each id that is a key of `new_of` replaced by its value, all at once, so that ids may swap.

    Raises InputError where an id does not exist, or a new one is that of another element.
    """
    source = parse(data, path)
    tags, encoding = scan(data, path)
    work = _Splice(source, encoding, {old: new for old, new in new_of.items() if old != new})
    work.check(new_of)
    for element, tag, limit in _rows(source, tags):
        work.take(element, tag, limit)
    if work.problems:
        raise InputError(work.problems)
    return Renamed(data=work.spliced(), left=tuple(work.left))


def _rows(source: XmlSource, tags: list[Tag]) -> "Iterator[tuple[_Element, Tag, int]]":
    """Each element with its tag, and an offset before which its start tag ends."""
    starts = [*(tag.start for tag in tags[1:]), len(source.data)]
    for element, tag, after in zip(source.root.iter("*"), tags, starts, strict=True):
        yield element, tag, min(after, tag.end)


@dataclass(slots=True)
class _Splice:
    source: XmlSource
    encoding: str
    new_of: Mapping[str, str]
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    left: list[Location] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drawn: dict[str, "_Element"] = field(default_factory=dict)  # shapes and lines by id
    foreign: set["_Element"] = field(default_factory=set)  # what stands in vendors' data

    def check(self, wanted: Mapping[str, str]) -> None:
        """All ids exist, and none of the new ones is that of an element that keeps its own."""
        found: dict[str, _Element] = {}
        for element in self.source.root.iter("*"):
            parent = element.getparent()
            uri = qualified(element)[0]
            if parent is not None and (parent in self.foreign or qualified(parent) == _EXTENSION):
                self.foreign.add(element)
            elif identifier := (element.get("id") or "").strip():
                if uri == names.BPMN:
                    found.setdefault(identifier, element)
                elif uri in _OF_THE_DRAWING:
                    self.drawn.setdefault(identifier, element)
        seen: dict[str, str] = {}
        for old, new in wanted.items():
            if old not in found:
                self._problem(f"there is no element with the id '{old}'")
            elif (other := seen.setdefault(new, old)) != old:
                self._problem(f"'{old}' and '{other}' cannot both become '{new}'", found[old])
            elif new in found and new not in wanted:
                self._taken(old, new, found[new])
            elif new in self.drawn and new not in found:  # else it stood there twice before
                self._taken(old, new, self.drawn[new])

    def _taken(self, old: str, new: str, by: "_Element") -> None:
        self._problem(f"'{old}' cannot become '{new}': that is the id of this {qualified(by)[1]}", by)

    def _problem(self, message: str, element: "_Element | None" = None) -> None:
        place = Location(path=self.source.path) if element is None else self.source.location(element)
        self.problems.append(Problem(message=message, location=place))

    def take(self, element: "_Element", tag: Tag, limit: int) -> None:
        """Note the edits of one element; most have none, and are not looked at in the file."""
        wanted = {name: id for name, id in self._attributes(element) if id in self.new_of}
        text = self._text(element)
        if not wanted and text not in self.new_of:
            return
        opening = self.source.data[tag.start : limit].decode(self.encoding)
        end = _OPENING.match(opening)
        assert end is not None
        at = end.end()
        while found := _ATTRIBUTE.match(opening, at):
            at = found.end()
            if found[1] in wanted:
                group = 2 if found[2] is not None else 3
                self._edit(tag.start, opening, found.start(group), found.end(group), wanted[found[1]])
        if text in self.new_of and tag.end_tag != tag.start:
            begin = tag.start + len(opening[: opening.index(">", at) + 1].encode(self.encoding))
            self._edit_text(begin, tag, text)

    # -- what refers

    def _attributes(self, element: "_Element") -> Iterator[tuple[str, str]]:
        """The attributes that hold an id of an element, by their names as written, with that id."""
        uri = qualified(element)[0]
        for key, value in element.attrib.items():
            name, written = str(key), str(value).strip()
            if name.startswith("{"):
                continue  # a vendor's
            if element in self.foreign or uri not in _OF_THE_DRAWING | {names.BPMN}:
                if name in _OF_VENDORS:
                    yield name, written
                elif written in self.new_of and name not in {"id", "name"}:
                    self.left.append(self.source.location(element))
            elif uri == names.BPMN:
                if name == "id":
                    yield name, written
                elif name.endswith("Ref") or name in _REFERENCES:
                    yield name, self._meant(element, written)
            elif name == "bpmnElement" or (name in _ENDS_OF_SHAPES and written not in self.drawn):
                yield name, self._meant(element, written)

    def _text(self, element: "_Element") -> str:
        """The id that its text is, or ""."""
        uri, local = qualified(element)
        refers = local.endswith(("Ref", "Refs")) or local in _REFERRING_TEXTS
        if uri != names.BPMN or not refers or element in self.foreign:
            return ""
        return self._meant(element, "".join(map(str, element.itertext())).strip())

    def _meant(self, element: "_Element", written: str) -> str:
        """The id without the prefix of this file's own namespace; with another prefix it is in another file."""
        if written in self.new_of or ":" not in written:
            return written
        prefix, _colon, local = written.partition(":")
        return local if element.nsmap.get(prefix) == self.source.root.get("targetNamespace") else written

    # -- where it stands

    def _edit(self, base: int, text: str, start: int, end: int, old: str, *, escaped: bool = True) -> None:
        """Replace `old` at the end of the text between start and end, white space around it apart."""
        raw = text[start:end].rstrip()
        if escaped:
            raw_id = _last(raw, old)
        else:
            raw_id = old
        assert raw_id is not None
        stop = start + len(raw)
        begin = stop - len(raw_id)
        offset = base + len(text[:begin].encode(self.encoding))
        new = self.new_of[old]
        replacement = (_escaped(new) if escaped else new).encode(self.encoding, "xmlcharrefreplace")
        self.edits.append((offset, offset + len(text[begin:stop].encode(self.encoding)), replacement))

    def _edit_text(self, begin: int, tag: Tag, old: str) -> None:
        text = self.source.data[begin : tag.end_tag].decode(self.encoding)
        for piece in _PIECE.finditer(text):
            group = "raw" if piece["raw"] is not None else "text"
            if piece[group] and (piece[group] if group == "raw" else _unescaped(piece[group])).strip().endswith(old):
                self._edit(begin, text, piece.start(group), piece.end(group), old, escaped=group == "text")
                return
        message = f"the reference to '{old}' is broken by a comment: write it in one piece"
        self.problems.append(Problem(message=message, location=Location(path=self.source.path, line=tag.line)))

    def spliced(self) -> bytes:
        pieces, at = [], 0
        for start, end, replacement in sorted(self.edits):
            pieces += [self.source.data[at:start], replacement]
            at = end
        return b"".join([*pieces, self.source.data[at:]])


_EXTENSION: Final = (names.BPMN, "extensionElements")


def _unescaped(text: str) -> str:
    def one(found: "re.Match[str]") -> str:
        if found[1] or found[2]:
            return chr(int(found[1]) if found[1] else int(found[2], 16))
        return _NAMED[found[3]]

    return _ENTITY.sub(one, text)


def _last(raw: str, old: str) -> str | None:
    """The end of `raw` that, its entities resolved, is `old`."""
    for begin in range(len(raw) - len(old), -1, -1):
        if _unescaped(raw[begin:]) == old:
            return raw[begin:]
    return None


def _escaped(text: str) -> str:
    for name in ("amp", "lt", "gt", "quot", "apos"):
        text = text.replace(_NAMED[name], f"&{name};")
    return text
