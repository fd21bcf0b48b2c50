"""Event logs as Parquet: the columns of the CSV log with their types, its schema in the file's metadata."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bpmn_tool.errors import InputError
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.interchange.event_log import log_schema
from bpmn_tool.results.log import COLUMNS, log_rows
from bpmn_tool.results.projections import Projection

METADATA: Final = b"bpmn-tool"


class ParquetLog:
    """A log that is written as replications come in, each a row group. What did not happen is null; instants are UTC.

    Raises InputError where pyarrow is not installed.
    """

    def __init__(self, path: Path, about: Mapping[str, Any], line: TimeLine) -> None:
        try:
            import pyarrow as pa
            from pyarrow.parquet import ParquetWriter
        except ImportError:
            raise InputError("Parquet needs pyarrow: pip install 'bpmn-tool[parquet]', or write .csv") from None
        self._line = line
        self._arrow = pa
        types = {"whole number": pa.int64(), "seconds": pa.float64(), "text": pa.string()}
        instant = pa.timestamp("us", tz="UTC")
        fields = [pa.field(name, types.get(kind, instant)) for name, (kind, _) in COLUMNS.items()]
        self._schema = pa.schema(fields, metadata={METADATA: json.dumps(log_schema(about)).encode()})
        self._file = ParquetWriter(path, self._schema, compression="zstd")

    def write(self, seen: Projection) -> None:
        """One replication."""
        columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        for row in log_rows(seen, self._line):
            for name, value in row.items():
                columns[name].append(value)
        for name, (kind, _) in COLUMNS.items():
            if kind.startswith("instant"):
                columns[name] = [datetime.fromisoformat(text) if text else None for text in columns[name]]
        self._file.write_table(self._arrow.table(columns, schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
