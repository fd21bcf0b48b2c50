"""Cases and persons, read off the rows of one replication."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bpmn_tool.results.facts import Facts
from bpmn_tool.results.trace import Replication, Row, RowKind


class Status(Enum):
    """Where a case is at the end of a replication."""

    COMPLETED = "completed"
    OPEN = "open"
    STUCK = "stuck"  # it can never go on
    FAILED = "failed"  # a decision had no way out
    MISSED = "missed"  # demand that no start event took


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of a person, or demand that no start event took. `end` is None while it is open or stuck; ticks."""

    id: str  # stream/number/entry
    stream: str
    number: int
    entry: int
    door: str  # start event, "" where missed
    demand: int
    arrival: int | None  # None where missed
    end: int | None
    status: Status
    in_cohort: bool
    attributes: Mapping[str, Any] = field(default_factory=dict)  # of demand and arrival, then what was assigned

    @property
    def person(self) -> tuple[str, int]:
        return (self.stream, self.number)

    @property
    def arrived(self) -> int:
        """The tick at the door. Raises ValueError where the demand was missed."""
        if self.arrival is None:
            raise ValueError(f"{self.id} never arrived")
        return self.arrival


@dataclass(slots=True)
class _Draft:
    row: Row
    attributes: dict[str, Any]
    end: int | None = None
    failed: bool = False


def cases(replication: Replication, facts: Facts) -> tuple[Case, ...]:
    """All cases in order of arrival, missed demand among them, in the order of the trace."""
    drafts: dict[str, _Draft] = {}
    for row in replication.rows:
        match row.kind:
            case RowKind.ARRIVED | RowKind.MISSED:
                drafts[row.case] = _Draft(row, dict(row.data or {}))
            case RowKind.ASSIGNED if row.case in drafts:
                drafts[row.case].attributes.update(row.data or {})
            case RowKind.ENDED if row.case in drafts:
                drafts[row.case].end = row.tick
            case RowKind.FAILED if row.case in drafts:
                drafts[row.case].end, drafts[row.case].failed = row.tick, True
            case _:
                pass
    return tuple(_case(draft, replication, facts) for draft in drafts.values())


def _case(draft: _Draft, replication: Replication, facts: Facts) -> Case:
    row = draft.row
    stream, number, entry = split_id(row.case, facts.streams)
    missed = row.kind is RowKind.MISSED
    demand = row.tick if row.demand is None else row.demand
    if missed:
        status = Status.MISSED
    elif draft.failed:
        status = Status.FAILED
    elif draft.end is not None:
        status = Status.COMPLETED
    else:
        status = Status.STUCK if row.case in replication.stuck else Status.OPEN
    return Case(
        id=row.case,
        stream=stream,
        number=number,
        entry=entry,
        door="" if missed else row.element,
        demand=demand,
        arrival=None if missed else row.tick,
        end=draft.end,
        status=status,
        in_cohort=replication.warm_up <= demand < replication.close,
        attributes=draft.attributes,
    )


def split_id(case: str, streams: Mapping[str, bool]) -> tuple[str, int, int]:
    """Stream, number and entry of ``stream/number/entry``; missed demand may be named ``stream/number``.

    A stream's id may hold a slash.
    """
    head, _, last = case.rpartition("/")
    if head in streams or "/" not in head:
        return head, int(last), 0
    stream, _, number = head.rpartition("/")
    return stream, int(number), int(last)


def persons(found: Iterable[Case]) -> dict[tuple[str, int], tuple[Case, ...]]:
    """The entries of each person, in order of arrival; one of status MISSED where no start event took the demand."""
    grouped: dict[tuple[str, int], list[Case]] = {}
    for case in found:
        grouped.setdefault(case.person, []).append(case)
    return {person: tuple(entries) for person, entries in grouped.items()}


def observed_until(replication: Replication, found: Iterable[Case]) -> int:
    """The tick up to which open cases were watched: the end of the follow-up, unless all of the cohort ended before."""
    if any(case.in_cohort and case.status is Status.OPEN for case in found):
        return max(replication.end, replication.close + replication.follow_up)
    return replication.end
