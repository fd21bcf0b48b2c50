"""Recorded arrivals (`file =` of a door): a column `time`, then attributes; only moments and attributes are kept."""

from datetime import datetime
from pathlib import Path

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.instants.iso8601 import parse_instant
from bpmn_tool.interchange.csv_table import read_csv

Attribute = float | str | bool


def read_arrivals(path: Path, *, named_in: Location = Location()) -> tuple[tuple[datetime, dict[str, Attribute]], ...]:
    """(moment, attributes) by time, rows of one moment in the order of the file. Raises InputError."""
    table = read_csv(path, named_in=named_in)
    if "time" not in table.columns:
        raise InputError(Problem(message="there is no column 'time'", location=Location(path=table.path, line=1)))
    problems, rows = [], []
    for line, row in table.rows:
        try:
            moment = parse_instant(row.get("time", ""))
        except ValueError as error:
            problems.append(Problem(message=str(error), location=Location(path=table.path, line=line)))
            continue
        rows.append((moment, {name: attribute(text) for name, text in row.items() if name and name != "time" and text}))
    if len({moment.tzinfo is None for moment, _ in rows}) > 1:
        message = "some times have an offset and some have not"
        problems.append(Problem(message=message, location=Location(path=table.path)))
    if problems:
        raise InputError(problems)
    return tuple(sorted(rows, key=lambda item: item[0]))


def attribute(text: str) -> Attribute:
    """A cell as a truth value, a number or a text."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        value = float(text)
    except ValueError:
        return text
    return value if value - value == 0 else text
