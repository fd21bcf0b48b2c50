"""Traces read back from JSON lines: a header, then a line a row, for each replication."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import ExpressionError, InputError, Location, Problem
from bpmn_tool.expressions import as_value
from bpmn_tool.instants import TimeLine
from bpmn_tool.results.trace import SEMANTICS, TRACE_FORMAT, Row, RowKind

MAX_LINE: Final = 1_000_000
"""Characters of a line; a row has a few hundred."""

MAX_ROWS: Final = 10_000_000
"""Rows of one replication, which are held in memory."""

_KINDS: Final = {kind.value: kind for kind in RowKind}
_PATH: Final = re.compile(r"[^/]+\[\d{1,9}\]@\d{1,9}(?:/[^/]+\[\d{1,9}\]@\d{1,9})*")
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
    get = value.get
    kind = _KINDS.get(text) if type(text := get("kind")) is str else None
    if kind is None:
        raise _fault(path, number, f"{get('kind')!r} is no kind of row")
    tick, visit, data = get("tick"), get("visit", 0), get("data")
    if type(tick) is not int or not 0 <= tick < _LIMIT or type(visit) is not int:
        raise _fault(path, number, "tick and visit are whole numbers")
    case, inside, element, item = get("case", ""), get("path", ""), get("element", ""), get("item", "")
    flows, resources = get("flows", ()), get("resources", ())
    predecessors, handoffs = get("predecessors", ()), get("handoffs", ())
    if (
        not type(case) is type(inside) is type(element) is type(item) is str
        or not (_is_ids(flows) and _is_ids(resources) and _is_ids(predecessors) and _is_ids(handoffs))
        or not (data is None or type(data) is dict)
    ):
        raise _fault(path, number, "a row has ids in case, path, element and item, lists of ids in flows, and data")
    if inside and _PATH.fullmatch(inside) is None:
        raise _fault(path, number, f"{inside!r} is no path of a row, such as id[0]@0")
    if not flows and kind in (RowKind.SENT, RowKind.RECEIVED):
        raise _fault(path, number, f"a row of kind '{kind.value}' names its message flow")
    return Row(
        tick=tick,
        kind=kind,
        visit=visit,
        data=None if data is None else _data(path, number, data),
        case=case,
        path=inside,
        element=element,
        item=item,
        flows=tuple(flows),
        resources=tuple(resources),
        predecessors=tuple(predecessors),
        handoffs=tuple(handoffs),
    )


def _data(path: Path, number: int, data: dict[str, Any]) -> dict[str, Any]:
    try:
        return {name: as_value(value) for name, value in data.items()}
    except ExpressionError as error:
        raise _fault(path, number, f"data are truth values, numbers, texts and lists of them ({error})") from error


def _is_ids(value: Any) -> bool:
    if not value:
        return value in ((), [])
    return type(value) is list and all(type(each) is str for each in value)


def _fault(path: Path, line: int, message: str) -> InputError:
    return InputError(Problem(message=message, location=Location(path=str(path), line=line)))
