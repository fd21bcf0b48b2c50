"""The event log: one row a work item, as process mining reads it (columns as in docs/cli.md)."""

from collections.abc import Iterator, Mapping
from typing import Final

from bpmn_tool.instants.units import SECOND
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.projections import Projection
from bpmn_tool.results.trace import Cause
from bpmn_tool.results.work_items import WorkItem

#: version of the columns below
LOG_FORMAT: Final = 1

_TEXT = "text"
_INSTANT = "instant, ISO 8601 with offset"
_SECONDS = "seconds"
#: column -> (type, what it is)
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "replication": ("whole number", "which run of the scenario, from 0"),
    "case_id": (_TEXT, "stream/number/entry: the same for the same demand in every variant; empty for standing work"),
    "process": (_TEXT, "id of the process"),
    "activity_id": (_TEXT, "id of the activity"),
    "activity": (_TEXT, "its name"),
    "role": (_TEXT, "the roles of its seats, parted by semicolons"),
    "resource": (
        _TEXT,
        "those who did it, by name where the scenario gives one, in the order of the seats, parted by semicolons",
    ),
    "enable_time": (_INSTANT, "when it could be done for the first time"),
    "start_time": (_INSTANT, "when work began; empty: it never did"),
    "end_time": (_INSTANT, "when it was completed or taken away; empty: it was open at the end"),
    "item": (_TEXT, "stream/number/entry/element/path/visit: the same in every variant"),
    "outcome": (_TEXT, "completed, interrupted (after it began), withdrawn (before), open"),
    "predecessors": (_TEXT, "items that it follows, parted by semicolons; the last to arrive stands last"),
    "lag_s": (_SECONDS, "enabled to ready"),
    "paused_s": (_SECONDS, "paused between start and end"),
    **{cause.value: (_SECONDS, f"waiting from ready to start because of {cause.value}") for cause in Cause},
}


def log_rows(seen: Projection, time_line: TimeLine) -> Iterator[dict[str, str | int | float]]:
    """A row an item in the order in which they were enabled; keys are `COLUMNS`, and what does not exist is ""."""
    for item in seen.items:
        yield _row(item, seen, time_line)


def _row(item: WorkItem, seen: Projection, time_line: TimeLine) -> dict[str, str | int | float]:
    facts = seen.facts

    def instant(tick: int | None) -> str:
        return "" if tick is None else time_line.iso(tick)

    return {
        "replication": seen.replication.number,
        "case_id": item.case,
        "process": facts.process.get(item.element, ""),
        "activity_id": item.element,
        "activity": facts.names.get(item.element, item.element),
        "role": ";".join(facts.seats.get(item.element, ())),
        "resource": ";".join(map(facts.person, item.resources)),
        "enable_time": instant(item.enabled),
        "start_time": instant(item.start),
        "end_time": instant(item.end),
        "item": item.id,
        "outcome": item.outcome.value,
        "predecessors": ";".join(item.predecessors),
        "lag_s": item.lag / SECOND,
        "paused_s": item.paused / SECOND,
        **{cause.value: item.causes.get(cause, 0) / SECOND for cause in Cause},
    }
