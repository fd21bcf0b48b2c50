"""The colours that a file gives its shapes and lines (bioc and color, as bpmn-js writes them).

Text of a file never reaches a picture as it is: a colour is read, or it is none.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from matplotlib.colors import CSS4_COLORS, to_hex

_COLOR: Final = "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}"
_BIOC: Final = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"
_FILL: Final = (f"{_COLOR}background-color", f"{_BIOC}fill")
_STROKE: Final = (f"{_COLOR}border-color", f"{_BIOC}stroke")
_KINDS: Final = (_FILL, _STROKE)
_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_RGB: Final = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")


class Colours(NamedTuple):
    """``#rrggbb``, None where the file gives none, or none that can be read."""

    fill: str | None = None
    stroke: str | None = None


def of(attributes: Mapping[str, str]) -> Colours:
    """The colours among the attributes of a shape or line, by their names with namespace."""
    if not attributes:
        return Colours()
    return Colours(
        *(next((c for n in names if (c := read(attributes.get(n, "")))), None) for names in (_FILL, _STROKE))
    )


def read(text: str) -> str | None:
    """``#abc``, ``#aabbcc``, ``rgb(1, 2, 3)`` or a name of CSS as ``#rrggbb``.

    >>> read("#FA0"), read("rgb(255, 0, 16)"), read("Teal"), read("url(x)")
    ('#ffaa00', '#ff0010', '#008080', None)
    """
    said = text.strip()
    if _HEX.fullmatch(said):
        digits = said[1:].lower()
        return f"#{digits}" if len(digits) == 6 else "#" + "".join(2 * digit for digit in digits)
    if found := _RGB.fullmatch(said):
        parts = [int(part) for part in found.groups()]
        return "#" + "".join(f"{part:02x}" for part in parts) if max(parts) < 256 else None
    return to_hex(said.lower()) if said.lower() in CSS4_COLORS else None
