"""Traces read back from JSON lines: a header, then a line a row, for each replication."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.instants import TimeLine
from bpmn_tool.results.trace import SEMANTICS, TRACE_FORMAT, Row, RowKind

MAX_LINE: Final = 1_000_000
"""Characters of a line; a row has a few hundred."""

MAX_ROWS: Final = 10_000_000
"""Rows of one replication, which are held in memory."""

_KINDS: Final = {kind.value: kind for kind in RowKind}
_TEXTS: Final = ("case", "path", "element", "item")
_LISTS: Final = ("flows", "resources", "predecessors", "handoffs")
_LIMIT: Final = 6_000 * 366 * 86_400 * 1_000_000
"""Ticks of 6,000 years: beyond that no calendar has a name for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedReplication:
    """The rows of one replication by case, in order. `timed`: events whose time the scenario says, `handed`: flows of
    its handoffs; None where the header does not say.
    """

    number: int
    seed: int
    cases: Mapping[str, Sequence[Row]]
    line: TimeLine | None = None
    timed: frozenset[str] | None = None
    handed: frozenset[str] | None = None


def read_trace(path: Path) -> Iterator[TracedReplication]:
    """The replications of a trace, one at a time. Raises InputError with the line where it is no trace of ours."""
    head: dict[str, Any] | None = None
    cases: dict[str, list[Row]] = {}
    rows = 0
    with path.open(encoding="utf-8", errors="strict") as file:
        try:
            for number, value in _lines(path, file):
                if "trace" in value:
                    if head is not None:
                        yield _replication(path, head, cases)
                    head, cases, rows = _header(path, number, value), {}, 0
                    continue
                if head is None:
                    raise _fault(path, number, "a trace begins with its header line; is this a trace of 'simulate'?")
                row = _row(path, number, value)
                rows += 1
                if rows > MAX_ROWS:
                    raise _fault(path, number, f"more than {MAX_ROWS} rows in one replication")
                if row.case:
                    cases.setdefault(row.case, []).append(row)
        except UnicodeDecodeError as error:
            raise InputError(Problem(message="this is no text in UTF-8", location=Location(path=str(path)))) from error
    if head is None:
        raise InputError(Problem(message="there is nothing in this trace", location=Location(path=str(path))))
    yield _replication(path, head, cases)


def _lines(path: Path, file: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while text := file.readline(MAX_LINE + 1):
        number += 1
        if len(text) > MAX_LINE:
            raise _fault(path, number, f"a line of more than {MAX_LINE} characters")
        if not text.strip():
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _fault(path, number, "this line is no JSON") from error
        if not isinstance(value, dict):
            raise _fault(path, number, "a JSON object is wanted on each line")
        yield number, value


def _header(path: Path, number: int, value: dict[str, Any]) -> dict[str, Any]:
    for key, known in (("trace", TRACE_FORMAT), ("semantics", SEMANTICS)):
        if value.get(key) != known:
            raise _fault(path, number, f"{key} {value.get(key)!r} is not what this version reads ({known})")
    return {**value, "at": number}


def _replication(path: Path, head: Mapping[str, Any], cases: dict[str, list[Row]]) -> TracedReplication:
    number, seed = head.get("replication", 0), head.get("seed", 0)
    if type(number) is not int or type(seed) is not int:
        raise _fault(path, head["at"], "replication and seed are whole numbers")
    return TracedReplication(
        number=number,
        seed=seed,
        cases=cases,
        line=_line(path, head),
        timed=_ids(path, head, "timed"),
        handed=_ids(path, head, "handed"),
    )


def _line(path: Path, head: Mapping[str, Any]) -> TimeLine | None:
    start, zone = head.get("start"), head.get("time_zone")
    if start is None or zone is None:
        return None
    try:
        return TimeLine(datetime.fromisoformat(start), zone)
    except (TypeError, ValueError) as error:
        raise _fault(path, head["at"], f"start and time_zone: {error}") from error


def _ids(path: Path, head: Mapping[str, Any], key: str) -> frozenset[str] | None:
    value = head.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _fault(path, head["at"], f"{key} is a list of ids")
    return frozenset(value)


def _row(path: Path, number: int, value: dict[str, Any]) -> Row:
    kind = _KINDS.get(kind_text) if isinstance(kind_text := value.get("kind"), str) else None
    if kind is None:
        raise _fault(path, number, f"{value.get('kind')!r} is no kind of row")
    tick, visit = value.get("tick"), value.get("visit", 0)
    if type(tick) is not int or not 0 <= tick < _LIMIT or type(visit) is not int:
        raise _fault(path, number, "tick and visit are whole numbers")
    texts = {key: value.get(key, "") for key in _TEXTS}
    lists = {key: value.get(key, ()) for key in _LISTS}
    data = value.get("data")
    if (
        not all(isinstance(text, str) for text in texts.values())
        or not all(
            isinstance(found, list | tuple) and all(isinstance(e, str) for e in found) for found in lists.values()
        )
        or not (data is None or isinstance(data, dict))
    ):
        raise _fault(path, number, "a row has ids in case, path, element and item, lists of ids in flows, and data")
    if kind in (RowKind.SENT, RowKind.RECEIVED) and not lists["flows"]:
        raise _fault(path, number, f"a row of kind '{kind.value}' names its message flow")
    return Row(
        tick=tick,
        kind=kind,
        visit=visit,
        data=data,
        case=texts["case"],
        path=texts["path"],
        element=texts["element"],
        item=texts["item"],
        flows=tuple(lists["flows"]),
        resources=tuple(lists["resources"]),
        predecessors=tuple(lists["predecessors"]),
        handoffs=tuple(lists["handoffs"]),
    )


def _fault(path: Path, line: int, message: str) -> InputError:
    return InputError(Problem(message=message, location=Location(path=str(path), line=line)))
