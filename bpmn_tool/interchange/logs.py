"""Event logs by the ending of their file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from bpmn_tool.errors import InputError
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.interchange.event_log import CsvLog
from bpmn_tool.interchange.ocel_log import OcelLog
from bpmn_tool.interchange.parquet_log import ParquetLog
from bpmn_tool.interchange.xes_log import XesLog
from bpmn_tool.results.projections import Projection


class Log(Protocol):
    """A log that is written replication by replication."""

    def write(self, seen: Projection) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


#: ending -> what writes it: (file, where the log comes from, the scenario's times)
LOGS: Final[Mapping[str, Callable[[Path, Mapping[str, Any], TimeLine], Log]]] = {
    ".csv": CsvLog,
    ".parquet": ParquetLog,
    ".xes": XesLog,
    ".xes.gz": XesLog,
    ".jsonocel": OcelLog,
}


def log_kind(path: Path) -> Callable[[Path, Mapping[str, Any], TimeLine], Log]:
    """What writes a log of this name. Raises InputError: it has another ending."""
    name = path.name.lower()
    for ending, kind in LOGS.items():
        if name.endswith(ending):
            return kind
    raise InputError(f"--log {path}: end the name in {', '.join(LOGS)}; that is what is written")
