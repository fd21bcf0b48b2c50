"""Adds to TOML text that a person wrote, and changes nothing that stands there: tables at the end, keys at the end of
their table.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from bpmn_tool.scenario.places import key_path

_HEADER = re.compile(r"\s*\[(?!\[)(?P<path>[^\]]*)\]\s*(#.*)?\s*\Z")
_ANY_HEADER = re.compile(r"\s*\[.*\]\s*(#.*)?\s*\Z")


def text_value(text: str) -> str:
    """A text as a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" if ord(c) < 0x10000 else " " for c in escaped) + '"'
    )


def comment(text: str) -> str:
    """A text that can stand behind a #: one line, nothing that does not print."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def add_tables(text: str, blocks: Sequence[str]) -> str:
    """Blocks of tables after the end of the text."""
    if not blocks:
        return text
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return text + gap + "\n".join(blocks)


def add_keys(text: str, table: tuple[str, ...], lines: Iterable[str]) -> str | None:
    """`lines` as further keys of a table whose header stands in the text (`()`: the keys before the first header).

    None where that cannot be done by adding alone: the table has no header of its own, or it would mean something else.
    """
    before = text.splitlines(keepends=True)
    start = 0 if not table else _header_line(before, table)
    if start is None:
        return None
    end = next(
        (n for n in range(start, len(before)) if _ANY_HEADER.match(before[n]) and _parses(before[:n])), len(before)
    )
    while end > start and (not before[end - 1].strip() or before[end - 1].lstrip().startswith("#")):
        end -= 1
    head = "".join(before[:end])
    if head and not head.endswith("\n"):
        head += "\n"
    new = "".join(f"{line}\n" for line in lines)
    added = head + new + "".join(before[end:])
    return added if _adds(text, added, table, new) else None


def _header_line(lines: Sequence[str], table: tuple[str, ...]) -> int | None:
    """The line after the header of a table."""
    for n, line in enumerate(lines):
        match = _HEADER.match(line)
        if match and _keys(match["path"]) == table and _parses(lines[:n]):
            return n + 1
    return None


def _keys(path: str) -> tuple[str, ...] | None:
    try:
        read: Any = tomllib.loads(f"{path} = 0")
    except tomllib.TOMLDecodeError:
        return None
    keys = []
    while isinstance(read, dict):
        [(key, read)] = read.items()
        keys.append(key)
    return tuple(keys)


def _parses(lines: Sequence[str]) -> bool:
    """Whether the text so far is whole: not inside of a list or a text of several lines."""
    try:
        tomllib.loads("".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _adds(before: str, after: str, table: tuple[str, ...], new: str) -> bool:
    """Whether the text afterwards says what it said before, and `new` in the table, and nothing else."""
    try:
        wanted, read, keys = tomllib.loads(before), tomllib.loads(after), tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        return False
    place: Any = wanted
    for key in table:
        place = place.get(key) if isinstance(place, dict) else None
    if not isinstance(place, dict) or place.keys() & keys.keys():
        return False
    place.update(keys)
    return wanted == read


def table_text(table: tuple[str, ...], lines: Iterable[str], note: str = "") -> str:
    """A table with its header and, behind that, a comment."""
    head = f"[{key_path(table)}]"
    return "\n".join([f"{head}  # {comment(note)}" if note else head, *lines]) + "\n"
