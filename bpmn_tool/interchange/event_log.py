"""Event logs as CSV, with their schema beside them, and traces as JSON lines."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.log import COLUMNS, LOG_FORMAT, log_rows
from bpmn_tool.results.projections import Projection
from bpmn_tool.results.trace import Replication, header, lines

#: what a spreadsheet takes for the beginning of a formula
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def schema_path(path: Path) -> Path:
    """Where the schema of a log stands: ``log.csv`` has ``log.csv.schema.json``."""
    return path.with_name(path.name + ".schema.json")


class CsvLog:
    """A log that is written as replications come in. Its text is escaped, so that no name runs as a formula."""

    def __init__(self, path: Path, about: Mapping[str, Any], line: TimeLine) -> None:
        self._line = line
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = csv.DictWriter(self._file, fieldnames=list(COLUMNS))
        self._rows.writeheader()
        escaped = "an apostrophe stands before text that begins with = + - @, a tab or a return"
        document = json.dumps({"escaped": escaped, **log_schema(about)}, indent=2, ensure_ascii=False)
        schema_path(path).write_text(document + "\n", encoding="utf-8")

    def write(self, seen: Projection) -> None:
        """One replication, a row a work item."""
        for row in log_rows(seen, self._line):
            self._rows.writerow({name: _cell(value) for name, value in row.items()})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _cell(value: Any) -> Any:
    """Numbers as they are, without an exponent; text with an apostrophe before what looks like a formula."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def log_schema(about: Mapping[str, Any]) -> dict[str, Any]:
    """What the columns of a log are, with its version; `about`: where it comes from."""
    columns = [{"name": name, "type": kind, "description": text} for name, (kind, text) in COLUMNS.items()]
    return {"schema": f"bpmn-tool/log/{LOG_FORMAT}", **about, "columns": columns}


class JsonLinesTrace:
    """A trace that is written as replications come in: for each a header line, then a line a row."""

    def __init__(self, path: Path, plan: str, about: Mapping[str, Any] | None = None) -> None:
        self._plan = plan
        self._about = about
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, replication: Replication) -> None:
        head = header(seed=replication.seed, replication=replication.number, plan=self._plan, about=self._about)
        self._file.writelines(lines(replication.rows, head))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
