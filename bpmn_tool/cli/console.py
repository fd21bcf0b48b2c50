"""All that reaches the terminal: sentences, tables, progress, JSON; and the escaping of text that came from files.

With ``--json`` standard output belongs to :func:`emit_json` alone; everything else that is said goes to standard error.
rich is imported when something is shown, not before.
"""

import json
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import accumulate
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Advance = Callable[..., None]
"""Called with the steps done since the last call, 1 unless given."""

PIPE_WIDTH: Final = 160
"""Columns of a table that goes to a file or a pipe, where nobody can widen the window."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HARMLESS_FORMATS = {"\N{SOFT HYPHEN}", "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
_as_json = False


def set_json(wanted: bool) -> None:
    """Called by the frame for each command."""
    global _as_json
    _as_json = wanted


def wants_json() -> bool:
    """Whether ``--json`` was given."""
    return _as_json


def plain(text: object) -> str:
    """The text on one line, without a character that steers a terminal or reorders what is read (control, ANSI, bidi).

    >>> plain("a" + chr(27) + "[31mb" + chr(10) + "c")
    'a\ufffd[31mb c'
    """
    return "".join(map(_plain_character, str(text)))


def _plain_character(character: str) -> str:
    if character in "\t\n\r" or character in "\u2028\u2029":
        return " "
    if unicodedata.category(character) in {"Cc", "Cs"}:
        return _REPLACEMENT
    if unicodedata.category(character) == "Cf" and character not in _HARMLESS_FORMATS:
        return _REPLACEMENT
    return character


def safe(text: object) -> str:
    r"""Text from a file for a place where rich reads markup: :func:`plain`, with ``[/a]`` shown and not obeyed.

    >>> safe("Assess [/a] signal")
    'Assess \\[/a] signal'
    """
    from rich.markup import escape

    return escape(plain(text))


def console(*, stderr: bool = False) -> "Console":
    """Where to print. NO_COLOR is obeyed, by rich; standard error with ``--json``."""
    from rich.console import Console

    to_stderr = stderr or _as_json
    stream = sys.stderr if to_stderr else sys.stdout
    return Console(stderr=to_stderr, highlight=False, emoji=False, width=None if stream.isatty() else PIPE_WIDTH)


def say(text: str = "", *, hang: int = 0) -> None:
    """Print a sentence; rich's markup in it is obeyed, so that text from files goes through :func:`safe`.

    A terminal gets lines that end between words (a word longer than its line, such as a path, stays whole), those after
    the first `hang` columns further in; a pipe gets one line.
    """
    from rich.text import Text

    _print(console(), Text.from_markup(text, emoji=False), hang)


def say_error(text: str) -> None:
    """Print one line on standard error, as it is but for characters that steer a terminal."""
    if sys.stderr.isatty():
        from rich.text import Text

        _print(console(stderr=True), Text(plain(text)))
    else:
        print(plain(text), file=sys.stderr)


def _print(where: "Console", text: "Text", hang: int = 0) -> None:
    if where.is_terminal:
        for line in text.split("\n", allow_blank=True):
            for part in _between_words(line, where.width, hang):
                where.print(part, soft_wrap=True)
    else:
        where.print(text, soft_wrap=True)


def _between_words(line: "Text", width: int, hang: int) -> "Iterable[Text]":
    """The line in parts that fit, those after the first a little further in than a line that is set in. Left to rich, a
    long path would be cut in two, so that nobody could copy it.
    """
    inset = len(line.plain) - len(line.plain.lstrip(" "))
    hang = inset + 2 if inset else hang
    parts = textwrap.wrap(
        line.plain, max(width - hang, 1), break_long_words=False, break_on_hyphens=False, drop_whitespace=False
    )
    for number, part in enumerate(line.divide(accumulate(map(len, parts[:-1])))):
        part.rstrip()
        if number:
            part = part[len(part.plain) - len(part.plain.lstrip()) :]  # noqa: PLW2901  the same part without its spaces
            part.pad_left(hang)
        yield part


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    right: Collection[int] = (),
) -> None:
    """Print a table; every cell is escaped, columns in `right` (0-based) are set flush right, nothing is cut off."""
    from rich import box
    from rich.table import Table

    shown = Table(
        title=None if title is None else safe(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for index, header in enumerate(headers):
        shown.add_column(safe(header), justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*map(safe, row))
    console().print(shown)


@contextmanager
def progress(total: float | None, description: str) -> Iterator[Advance]:
    """A progress bar on a terminal; nothing in a pipe or with ``--json``. Yields what to call with the steps done.

    `total` None means that nobody knows how long it takes.
    """
    if _as_json or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield _no_advance
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task(safe(description), total=total)
        yield lambda steps=1: bars.advance(task, steps)


def _no_advance(_steps: float = 1) -> None:
    """Nobody watches."""


def emit_json(verb: str, payload: Mapping[str, Any]) -> None:
    """Write the one object that ``--json`` promises. Paths become strings, enums their values, dataclasses objects.

    ASCII only, so that no name can steer a terminal and every pipe can carry it. NaN and infinity raise ValueError:
    what has no value is null.
    """
    print(as_document(verb, payload))


def as_document(verb: str, payload: Mapping[str, Any]) -> str:
    """The same object as text, for a file."""
    document = {"schema": f"bpmn-tool/{verb}/1", **payload}
    return json.dumps(document, indent=2, allow_nan=False, default=_json_value)


def _json_value(value: object) -> object:
    match value:
        case PurePath():
            return value.as_posix()
        case Enum():
            return value.value
        case set() | frozenset():
            return sorted(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")
