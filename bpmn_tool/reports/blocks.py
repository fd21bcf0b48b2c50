"""What a page is made of: sections of paragraphs, tables, figures and diagrams. Plain text throughout; the template
makes HTML of it.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from bpmn_tool.reports.sheet import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A word in a coloured frame; `tone` is good, bad, open, none or warn."""

    words: str
    tone: str
    note: str = ""


Cell = str | Badge


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; `tone` is "", lead, note or warn."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list of short sentences."""

    kind: ClassVar[str] = "items"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table on the page. `cards`: each row becomes a card on a narrow screen; else the table scrolls in its own
    frame.

    With `summary` it is folded away behind these words.
    """

    kind: ClassVar[str] = "grid"
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    numeric: frozenset[int] = field(default_factory=frozenset)
    cards: bool = True
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure, drawn for a wide and for a narrow page, and the table behind it."""

    kind: ClassVar[str] = "chart"
    id: str
    title: str
    description: str
    note: str
    wide: str  # SVG
    narrow: str  # SVG
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A process diagram, which scrolls in its own frame or is fitted to the page, and the table behind it."""

    kind: ClassVar[str] = "drawing"
    id: str
    title: str
    description: str
    note: str
    svg: str
    table: Table


Block = Paragraph | Items | Grid | Chart | Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole document. `short` is the answer, `disclaimer` what the toolkit is and is not."""

    language: str
    title: str
    heading: str
    question: str
    answer: tuple[str, ...]
    caution: str
    disclaimer: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: tuple[tuple[str, str], ...]
    words: dict[str, str]  # the few that the template itself needs
