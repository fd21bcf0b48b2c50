"""Work items, read off the rows of one replication: when each was enabled, ready, started, paused and left."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from bpmn_tool.results.facts import Facts
from bpmn_tool.results.trace import Cause, Replication, Row, RowKind


@dataclass(frozen=True, slots=True)
class Together:
    """Work done together with that of other cases: whose it is called after, and, that one first, when each left it.
    `place`: which of them this item is.
    """

    name: str
    place: int
    left: tuple[int, ...]


class Outcome(Enum):
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"  # started, then taken away
    WITHDRAWN = "withdrawn"  # never started
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One activation of a piece of work. Ticks; None where it has not happened.

    A pause is [paused, resumed), None while it lasts. `causes` books each tick from ready to start (or to `until`, the
    end of what was watched, where it still waits) to one cause.
    """

    id: str
    case: str
    element: str
    path: str
    visit: int
    enabled: int
    ready: int | None
    start: int | None
    end: int | None
    outcome: Outcome
    until: int
    resources: tuple[str, ...] = ()
    pauses: tuple[tuple[int, int | None], ...] = ()
    predecessors: tuple[str, ...] = ()
    handoffs: tuple[str, ...] = ()
    causes: Mapping[Cause, int] = field(default_factory=dict)
    vacant: tuple[int, ...] = ()  # seats, from 0, to which nobody came
    together: Together | None = None
    #: by resource that held it: [from, to) of each stretch that they spent at a gate
    away: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """The tick at which it ended, or up to which it was watched."""
        return self.until if self.end is None else self.end

    @property
    def lag(self) -> int:
        return (self.left if self.ready is None else self.ready) - self.enabled

    @property
    def waiting(self) -> int:
        """Ready to start; to where it was left, or is still waiting."""
        if self.ready is None:
            return 0
        return (self.left if self.start is None else self.start) - self.ready

    @property
    def paused(self) -> int:
        return sum((self.left if to is None else to) - from_ for from_, to in self.pauses)

    @property
    def processing(self) -> int:
        """Start to end less pauses."""
        return 0 if self.start is None else self.left - self.start - self.paused

    def stretches(self) -> tuple[tuple[int, int], ...]:
        """[from, to) of each stretch of work, pauses left out."""
        if self.start is None:
            return ()
        found = []
        at = self.start
        for from_, to in self.pauses:
            found.append((at, from_))
            at = self.left if to is None else to
        found.append((at, self.left))
        return tuple((a, b) for a, b in found if a < b)


@dataclass(slots=True)
class _Draft:
    row: Row
    ready: int | None = None
    start: int | None = None
    end: int | None = None
    outcome: Outcome = Outcome.OPEN
    resources: tuple[str, ...] = ()
    pauses: list[tuple[int, int | None]] = field(default_factory=list)
    waits: Mapping[Cause, int] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)  # of its start


def work_items(replication: Replication, facts: Facts, until: int | None = None) -> tuple[WorkItem, ...]:
    """All work items as they were enabled; open ones are cut off at `until`, or at the end of the replication."""
    drafts: dict[str, _Draft] = {}
    for row in replication.rows:
        if not row.item:
            continue
        if row.kind is RowKind.ENABLED:
            drafts[row.item] = _Draft(row)
        elif (draft := drafts.get(row.item)) is not None:
            _update(draft, row)
    cut = replication.end if until is None else until
    found = {name: _item(draft, facts, cut) for name, draft in drafts.items()}
    data = {name: draft.data for name, draft in drafts.items() if draft.data}
    if data:
        _join(found, data)
    return tuple(found.values())


def _join(items: dict[str, WorkItem], data: Mapping[str, Mapping[str, Any]]) -> None:
    """What the starts of some items say of others: with which each was done, and from which it called people away."""
    wholes: dict[str, list[str]] = {}
    for name, said in data.items():
        if "batch" in said:
            wholes.setdefault(said["batch"], []).append(name)
    for whole, names in wholes.items():
        ordered = sorted(names, key=lambda name: name != whole)
        left = tuple(items[name].left for name in ordered)
        for place, name in enumerate(ordered):
            items[name] = replace(items[name], together=Together(whole, place, left))
    away: dict[str, dict[str, dict[tuple[int, int], None]]] = {}
    for name, said in data.items():
        item = items[name]
        end = max(item.together.left) if item.together is not None else item.left
        for label, other in said.get("called_from", {}).items():
            for each in wholes.get(other, (other,)):
                away.setdefault(each, {}).setdefault(label, {})[(item.start or 0, end)] = None
    for name, by_label in away.items():
        items[name] = replace(items[name], away={label: tuple(each) for label, each in by_label.items()})


def _update(draft: _Draft, row: Row) -> None:
    match row.kind:
        case RowKind.READY:
            draft.ready = row.tick
        case RowKind.STARTED:
            draft.start, draft.resources, draft.waits, draft.data = row.tick, row.resources, row.waits, row.data or {}
        case RowKind.PAUSED:
            draft.pauses.append((row.tick, None))
        case RowKind.RESUMED:
            draft.pauses[-1] = (draft.pauses[-1][0], row.tick)
        case RowKind.COMPLETED:
            draft.end, draft.outcome = row.tick, Outcome.COMPLETED
        case RowKind.INTERRUPTED:
            draft.end, draft.outcome = row.tick, Outcome.INTERRUPTED
        case RowKind.WITHDRAWN:
            draft.end, draft.outcome, draft.waits = row.tick, Outcome.WITHDRAWN, row.waits
        case _:
            pass


def _item(draft: _Draft, facts: Facts, until: int) -> WorkItem:
    row = draft.row
    ready = draft.ready
    if ready is None and draft.start is not None:
        ready = row.tick
    causes = dict(draft.waits or {})
    if draft.outcome is Outcome.OPEN and draft.start is None and ready is not None and until > ready:
        causes = {_cause_at_the_end(row.element, facts): until - ready}
    return WorkItem(
        id=row.item,
        case=row.case,
        element=row.element,
        path=row.path,
        visit=row.visit,
        enabled=row.tick,
        ready=ready,
        start=draft.start,
        end=draft.end,
        outcome=draft.outcome,
        until=until,
        resources=draft.resources,
        pauses=tuple(draft.pauses),
        predecessors=row.predecessors,
        handoffs=row.handoffs,
        causes=causes,
        vacant=tuple(draft.data.get("no_show", ())),
    )


def _cause_at_the_end(element: str, facts: Facts) -> Cause:
    """The trace books nothing of what still waits; an undefined role or a gate shows, the rest is contention."""
    if element in facts.undefined and facts.policy == "absent":
        return Cause.UNDEFINED
    return Cause.BATCHING if element in facts.gates or element in facts.batched else Cause.CONTENTION
