"""Text in pictures: cleaned of what steers a reader, measured, wrapped and fitted into boxes.

Widths are those of DejaVu Sans, which matplotlib brings along: the same on every machine. Where a reader lacks it, the
next families of :data:`FONT_STACK` are as wide (Verdana) or narrower, so that what fits here fits there.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

FONT_FAMILY = "DejaVu Sans"
FONT_STACK = "'DejaVu Sans', Verdana, Geneva, sans-serif"
#: distance of two base lines, in font sizes
LINE_HEIGHT = 1.2
ELLIPSIS = "…"

_MEASURED_AT = 100.0
_UNKNOWN_GLYPH = 0.7  # of the font size: what most fallback fonts stay below
_WIDE_GLYPH = 1.05  # East Asian
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HARMLESS_FORMATS = {"\N{SOFT HYPHEN}", "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
_SPACES = "\t\n\r\u2028\u2029"


def plain(text: object) -> str:
    r"""The text without characters that reorder or hide what is read (control and bidirectional ones); line ends
    become spaces.

    >>> plain("a" + chr(0x202E) + "b")
    'a\ufffdb'
    """
    said = str(text)
    return said if said.isprintable() else "".join(map(_plain_character, said))


def _plain_character(character: str) -> str:
    if character in _SPACES:
        return " "
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Cn"} or (category == "Cf" and character not in _HARMLESS_FORMATS):
        return _REPLACEMENT
    return character


@lru_cache(maxsize=8192)
def _advance(character: str, bold: bool) -> float:
    """Width of one character, in font sizes."""
    if unicodedata.combining(character) or character in _HARMLESS_FORMATS:
        return 0.0
    font = _font(bold)
    if font.get_char_index(ord(character)) == 0:
        return _WIDE_GLYPH if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN_GLYPH
    advance: float = font.load_char(ord(character)).linearHoriAdvance
    return advance / 65536 / _MEASURED_AT


@lru_cache(maxsize=2)
def _font(bold: bool) -> Any:  # an FT2Font, whose stub hides behind an extension module
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family=[FONT_FAMILY], weight="bold" if bold else "normal")))
    font.set_size(_MEASURED_AT, 72)
    return font


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line in the units of `size`."""
    return sum(_advance(character, bold) for character in text) * size


def wrap(text: str, limit: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines no wider than `limit`; words break only where one alone is wider, at hyphens and underscores if it can
    be.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold=bold) <= limit:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, limit, size, bold=bold)
        lines += full
    return [*lines, line] if line else lines


def _pieces(word: str, limit: float, size: float, *, bold: bool) -> list[str]:
    pieces: list[str] = []
    piece = ""
    for part in re.split(r"(?<=[-_/.·])", word):
        if width(piece + part, size, bold=bold) <= limit:
            piece += part
            continue
        if piece:
            pieces.append(piece)
        piece = ""
        for character in part:
            if piece and width(piece + character, size, bold=bold) > limit:
                pieces.append(piece)
                piece = ""
            piece += character
    return [*pieces, piece]


class Fitted(NamedTuple):
    """Lines and the font size at which they fit; `cut` where even the smallest size left something out."""

    lines: list[str]
    size: float
    cut: bool = False

    @property
    def height(self) -> float:
        """Of all lines, in the units of the size."""
        return len(self.lines) * self.size * LINE_HEIGHT


def fit(text: str, box_width: float, box_height: float, *, size: float, smallest: float = 5.0) -> Fitted:
    """Wrap into a box, with a smaller font where it has to be; below `smallest` the end is left out, marked by an
    ellipsis.

    A word is only broken when no allowed size lets it stand whole.
    """
    text = " ".join(plain(text).split())
    longest = max(text.split(), key=lambda word: width(word, 1), default="")
    current = size
    while current > smallest:
        lines = wrap(text, box_width, current)
        if len(lines) * current * LINE_HEIGHT <= box_height and (
            width(longest, current) <= box_width or current <= size * 0.75
        ):
            return Fitted(lines, current)
        current -= 0.5
    lines = wrap(text, box_width, smallest)
    room = max(1, int(box_height // (smallest * LINE_HEIGHT)))
    if len(lines) <= room:
        return Fitted(lines, smallest)
    last = lines[room - 1]
    while last and width(last + ELLIPSIS, smallest) > box_width:
        last = last[:-1]
    return Fitted([*lines[: room - 1], last + ELLIPSIS], smallest, cut=True)
