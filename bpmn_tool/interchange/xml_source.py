"""XML as it comes by mail: bytes in, a tree with the first line of each start tag out, or one error with what is wrong.

Two parsers read the same bytes. Expat goes first: it refuses a DOCTYPE, entities and too deep a nesting before anything
is built, and it alone knows the byte offsets and the *first* line of a start tag (lxml's ``sourceline`` is the last).
lxml then builds the tree and resolves the namespaces.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from bpmn_tool.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES: Final = 20_000_000
"""A larger file is refused unread (the largest public models have about 1 MB)."""

MAX_DEPTH: Final = 200
"""Deepest nesting of elements; libxml2 stops at 256."""


MULTI_BYTE: Final = frozenset(
    {"gb2312", "gbk", "gb18030", "big5", "big5-hkscs", "shift_jis", "windows-31j", "euc-jp", "iso-2022-jp", "euc-kr"}
)
"""Encodings of East Asia (names of IANA) that expat does not read and modellers write."""

_DECLARED: Final = re.compile(r"""(<\?xml[^?>]*?)\s+encoding\s*=\s*["']([A-Za-z0-9_.-]+)["']""")


MAX_ELEMENTS: Final = 500_000
"""More take gigabytes of memory (the largest public models have some 20,000)."""

MAX_ATTRIBUTES: Final = 1000
"""Of one element: the time that lxml takes for them grows with their square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One element as expat saw it: `name` with its prefix, byte offsets in the file, 1-based line of its start tag."""

    name: str
    depth: int
    start: int  # of the start tag
    end: int  # behind the end tag
    end_tag: int  # of the end tag; equal to `start` for an empty-element tag
    line: int
    namespaces: Mapping[str, str]  # prefix ("" for the default) to URI, as declared on this very tag


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlSource:
    """A file that is well-formed and harmless.

    `encoding` is the codec of its bytes without a byte order mark (``utf-16-le``, not ``utf-16``).
    """

    path: str
    data: bytes
    encoding: str
    root: "_Element"
    lines: Mapping["_Element", int]

    def location(self, element: "_Element") -> Location:
        return Location(path=self.path, line=self.lines[element])


def parse(data: bytes, path: str) -> XmlSource:
    """Read `data` with both parsers. Raises InputError with every problem that stops a parser."""
    scanned = _Scan(data, path)
    if codec := _multi_byte(data):
        return _transcoded(data, path, codec)
    scanned.run()
    root = _tree(data, path)
    elements = root.iter("*")  # neither comments nor processing instructions
    return XmlSource(
        path=path,
        data=data,
        encoding=scanned.encoding,
        root=root,
        lines=dict(zip(elements, scanned.lines, strict=True)),
    )


def scan(data: bytes, path: str) -> tuple[list[Tag], str]:
    """All elements in document order with their byte offsets, and the codec of the bytes.

    Raises InputError as :func:`parse` does.
    """
    scanned = _Offsets(data, path)
    scanned.run()
    return list(scanned.tags()), scanned.encoding


def _transcoded(data: bytes, path: str, codec: str) -> XmlSource:
    """The same for an encoding that expat does not know."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"cannot be decoded as {codec}: {error.reason}; save it as UTF-8"
        raise InputError(Problem(message=message, location=Location(path=path, line=line))) from None
    source = parse(_DECLARED.sub(r"\1", text.removeprefix("\ufeff"), count=1).encode(), path)
    return replace(source, data=data, encoding=codec)


def _multi_byte(data: bytes) -> str:
    """The codec that the file declares, where only Python can read it."""
    found = _DECLARED.match(data[:200].decode("latin-1"))
    named = "" if found is None else found[2].lower()
    return named if named in MULTI_BYTE else ""


class _Refused(Exception):
    """Leaves expat's callbacks."""


class _Scan:
    """Expat's pass: refuses what is harmful and takes the line of each start tag."""

    def __init__(self, data: bytes, path: str) -> None:
        if len(data) > MAX_BYTES:
            message = f"is larger than {MAX_BYTES // 1_000_000} MB"
            raise InputError(Problem(message=message, location=Location(path=path)))
        if not data.strip():
            raise InputError(Problem(message="is empty", location=Location(path=path)))
        self.data, self.path = data, path
        self.encoding = _encoding_by_first_bytes(data)
        self.depth = 0
        self.lines: list[int] = []
        self.problems: list[Problem] = []
        self.parser = expat.ParserCreate()
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.EndDoctypeDeclHandler = self._leave
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def run(self) -> None:
        try:
            self.parser.Parse(self.data, True)  # noqa: FBT003  expat takes no keywords
        except _Refused:
            pass
        except expat.ExpatError as error:
            self._problem(_in_words(error, self.data), error.lineno)
        except (LookupError, ValueError):  # pyexpat's for an encoding that it does not know
            self._problem(f"is in the encoding '{self.encoding[:40]}', which is not read here: save it as UTF-8", 1)
        if self.problems:
            raise InputError(self.problems)

    def _too_much(self, message: str) -> NoReturn:
        self._problem(message)
        raise _Refused

    def _problem(self, message: str, line: int | None = None) -> None:
        at = self.parser.CurrentLineNumber if line is None else line
        self.problems.append(Problem(message=message, location=Location(path=self.path, line=at)))

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and not self.encoding.startswith("utf-16"):
            self.encoding = encoding.lower()

    def _doctype(self, name: str, *_: object) -> None:
        self._problem(f"has a DOCTYPE ('{name}'), which is not read: remove it")

    def _entity(self, name: str, *_: object) -> None:
        self._problem(f"declares the entity '{name}', which is not read: remove it")

    def _leave(self) -> None:
        raise _Refused  # before anything could be expanded

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        if self.depth >= MAX_DEPTH:
            self._too_much(f"nests elements more than {MAX_DEPTH} deep")
        if len(self.lines) >= MAX_ELEMENTS:
            self._too_much(f"holds more than {MAX_ELEMENTS:,} elements")
        if len(attributes) > MAX_ATTRIBUTES:
            self._too_much(f"has an element with more than {MAX_ATTRIBUTES:,} attributes")
        self.depth += 1
        self.lines.append(self.parser.CurrentLineNumber)

    def _end(self, _name: str) -> None:
        self.depth -= 1


class _Offsets(_Scan):
    """The same pass, which also takes the byte offsets of each tag, for those who write into the file."""

    def __init__(self, data: bytes, path: str) -> None:
        super().__init__(data, path)
        self.open: list[int] = []
        self.rows: list[tuple[str, int, int, dict[str, str]]] = []
        self.ends: dict[int, int] = {}

    def tags(self) -> Iterator[Tag]:
        for i, (name, depth, start, namespaces) in enumerate(self.rows):
            end_tag = self.ends[i]
            if not self.data.startswith("</".encode(self.encoding), end_tag):  # <task id="a"/>
                end_tag, end = start, _empty_tag_end(self.data, start, self.encoding)
            else:
                end = _after(self.data, ">", end_tag, self.encoding)
            line = self.lines[i]
            yield Tag(name=name, depth=depth, start=start, end=end, end_tag=end_tag, line=line, namespaces=namespaces)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespaces = {k.partition(":")[2]: v for k, v in attributes.items() if k == "xmlns" or k.startswith("xmlns:")}
        self.open.append(len(self.rows))
        self.rows.append((name, self.depth, self.parser.CurrentByteIndex, namespaces))
        super()._start(name, attributes)

    def _end(self, _name: str) -> None:
        super()._end(_name)
        self.ends[self.open.pop()] = self.parser.CurrentByteIndex


def _encoding_by_first_bytes(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, b"<\0")):
        return "utf-16-le"
    if data.startswith((codecs.BOM_UTF16_BE, b"\0<")):
        return "utf-16-be"
    return "utf-8"


def python_codec(data: bytes, encoding: str) -> str:
    """The codec that decodes the whole file, its byte order mark included."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else encoding


def _after(data: bytes, character: str, start: int, encoding: str) -> int:
    """The offset behind the next `character`, aligned to the code units of the encoding."""
    wanted = character.encode(encoding)
    at = data.index(wanted, start)
    while (at - start) % len(wanted):
        at = data.index(wanted, at + 1)
    return at + len(wanted)


def _empty_tag_end(data: bytes, start: int, encoding: str) -> int:
    """Behind the first ``>`` outside of quotes: the end of the start tag."""
    at = start
    while True:
        close = _after(data, ">", at, encoding)
        quotes = [(_find(data, q, at, close, encoding), q) for q in "\"'"]
        opening = min((pair for pair in quotes if pair[0] >= 0), default=None)
        if opening is None:
            return close
        at = _after(data, opening[1], _after(data, opening[1], opening[0], encoding), encoding)


def _find(data: bytes, character: str, start: int, stop: int, encoding: str) -> int:
    wanted = character.encode(encoding)
    at = data.find(wanted, start, stop)
    while at >= 0 and (at - start) % len(wanted):
        at = data.find(wanted, at + 1, stop)
    return at


def _in_words(error: expat.ExpatError, data: bytes) -> str:
    reason = expat.ErrorString(error.code) or "unknown error"
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
        return (
            "uses an entity that is not one of XML's five (&amp; &lt; &gt; &quot; &apos;): write the character itself"
        )
    hint = (
        "; is it an XML file?" if not data.lstrip().startswith((b"<", codecs.BOM_UTF8, b"\xff", b"\xfe", b"\0")) else ""
    )
    return f"is not well-formed XML: {reason}, column {error.offset + 1}{hint}"


def _tree(data: bytes, path: str) -> "_Element":
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # by the parser's own log: that of the error may hold what was parsed before
        found = [
            Problem(message=f"is not well-formed XML: {entry.message}", location=Location(path=path, line=entry.line))
            for entry in parser.error_log
        ]
        raise InputError(
            list(dict.fromkeys(found))
            or Problem(message=f"is not well-formed XML: {error}", location=Location(path=path))
        ) from None
