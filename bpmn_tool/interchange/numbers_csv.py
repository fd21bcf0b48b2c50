"""The table of numbers that partners filled in: columns path, value, low, high, status, source, n, date. A row fills
a "?", else it is an error.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.csv_table import CsvTable, read_csv
from bpmn_tool.scenario.distribution_tables import kind_of, long_form
from bpmn_tool.scenario.overrides import parse_path, parse_value
from bpmn_tool.scenario.places import Key
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.scenario.shapes import MapOf, Plain, TableOf, ValueOf, shapes_of
from bpmn_tool.scenario.values import nearest

COLUMNS = ("path", "value", "low", "high", "status", "source", "n", "date")
#: further columns that a sheet has for its readers and that nothing reads
IGNORED = ("question", "name")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


def fill(
    raw: Mapping[str, Any], path: Path, *, shown: str | None = None, named_in: Location = Location()
) -> tuple[dict[str, Any], list[Problem]]:
    """The content of a scenario with the rows of a table in the place of its open questions; a row without a value
    leaves its question open.
    """
    try:
        table = read_csv(path, shown=shown, named_in=named_in)
    except InputError as error:
        return dict(raw), list(error.problems)
    problems = _columns(table)
    filled: Any = dict(raw)
    for line, row in table.rows if not problems else ():
        if row.get("value", "") in ("", "?"):
            continue
        try:
            filled = _fill(
                TableOf(Scenario), filled, parse_path(row.get("path", "")), _written(row, table.decimal_comma)
            )
        except ValueError as error:
            problems.append(Problem(message=str(error), location=Location(path=table.path, line=line)))
    return filled, problems


def _columns(table: CsvTable) -> list[Problem]:
    place = Location(path=table.path, line=1)
    problems = [
        Problem(message=f"there is no column '{name}'", location=place)
        for name in ("path", "value")
        if name not in table.columns
    ]
    return problems + [
        Problem(message=f"unknown column '{name}'{nearest(name, COLUMNS)}", location=place)
        for name in table.columns
        if name and name not in (*COLUMNS, *IGNORED)
    ]


def _written(row: Mapping[str, str], decimal_comma: bool) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for key in COLUMNS[1:]:
        text = row.get(key, "")
        if not text:
            continue
        if decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        written[key] = text if key in ("status", "source", "date") else parse_value(text)
    return written


def _fill(shape: Any, raw: Any, keys: tuple[Key, ...], written: Mapping[str, Any]) -> Any:
    """`raw` with `written` where `keys` lead to a "?". Raises ValueError: no open question stands there."""
    if isinstance(shape, ValueOf):
        return _fill_value(raw, keys, written)
    if not keys:
        if raw != "?":
            raise ValueError("no open question stands at this path")
        return written["value"]
    key, *rest = keys
    if isinstance(key, int):
        if not isinstance(raw, list) or key >= len(raw):
            raise ValueError("no open question stands at this path")
        item = getattr(shape, "item", Plain())
        return [_fill(item, value, tuple(rest), written) if n == key else value for n, value in enumerate(raw)]
    if not isinstance(raw, Mapping) or key not in raw:
        close = nearest(key, tuple(raw)) if isinstance(raw, Mapping) else ""
        raise ValueError(f"no open question stands at this path: there is no '{key}'{close}")
    inner: Any = Plain()
    match shape:
        case TableOf(cls):
            inner = shapes_of(cls).get(key, Plain())
        case MapOf(item):
            inner = item
    return {**raw, key: _fill(inner, raw[key], tuple(rest), written)}


def _fill_value(raw: Any, keys: tuple[Key, ...], written: Mapping[str, Any]) -> Any:
    beside = {key: value for key, value in written.items() if key != "value"}
    if not keys and raw == "?":
        return dict(written) if beside else written["value"]
    if not keys and isinstance(raw, Mapping) and raw.get("value") == "?":
        return {**raw, **written}
    if keys:
        table = _fill(Plain(), long_form(raw), keys, written)
        return {**table, **beside} if kind_of(table) else table
    raise ValueError("no open question stands at this path")
