"""CSV files that people and spreadsheets write: comma, semicolon or tab, with a header; UTF-8, with or without a
mark.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import read_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """The rows by column name, each with its line in the file; `decimal_comma`: a semicolon parts the cells, so that
    0,5 may be a number.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    decimal_comma: bool


def read_csv(path: Path, *, shown: str | None = None, named_in: Location = Location()) -> CsvTable:
    """A CSV file. Raises InputError: it cannot be read, is not UTF-8, or a column stands twice in its header."""
    shown = str(path) if shown is None else shown
    try:
        text = read_bytes(path, named_in=named_in).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            Problem(message="is not UTF-8: export it as 'CSV UTF-8'", location=Location(path=shown))
        ) from None
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        columns = tuple(cell.strip() for cell in next(reader, []))
        rows = [
            (reader.line_num, tuple(cell.strip() for cell in row))
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise InputError(
            Problem(message=f"is not CSV: {error}", location=Location(path=shown, line=reader.line_num))
        ) from None
    if doubled := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise InputError(
            Problem(message=f"the column '{doubled[0]}' stands twice", location=Location(path=shown, line=1))
        )
    return CsvTable(
        path=shown,
        columns=columns,
        rows=tuple((line, dict(zip(columns, row, strict=False))) for line, row in rows),
        decimal_comma=delimiter == ";",
    )


def cells_of(table: CsvTable, column: str) -> tuple[str, ...]:
    """The cells of a column that are not empty. Raises InputError: there is no such column."""
    if column not in table.columns:
        known = ", ".join(name for name in table.columns if name)
        raise InputError(
            Problem(
                message=f"there is no column '{column}' (there are: {known})",
                location=Location(path=table.path, line=1),
            )
        )
    return tuple(row[column] for _, row in table.rows if row.get(column))
