"""The timers of a trace, held against what the model says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bpmn_tool.execution.texts import parse_timer
from bpmn_tool.instants import Duration, TimeLine
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, Model, TriggerKind
from bpmn_tool.results.trace import Row, RowKind

_GONE = frozenset({RowKind.FIRED, RowKind.WITHDRAWN})

_BEYOND: Final = 2**62  # a tick after all that a calendar has


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """The first difference between a case of a trace and its replay. `tick` as in the trace."""

    case: str
    tick: int
    element: str
    message: str


@dataclass(frozen=True, slots=True)
class Times:
    """`whens`: events with one timer and no other trigger -> when, as the model says; `line` is that of the trace."""

    whens: dict[str, Duration | datetime]
    line: TimeLine

    def misfit(self, case: str, rows: Sequence[Row]) -> Misfit | None:
        """The first timer that occurs at another time than its model says, or not at all when it should."""
        since: dict[tuple[str, str, int], int] = {}
        found: list[Misfit] = []
        for row in rows:
            if row.element not in self.whens:
                continue
            key = (row.element, row.path, row.visit)
            if row.kind is RowKind.ENABLED:
                since[key] = row.tick
            elif row.kind in _GONE and key in since:
                found += self._held(case, row, self._due(row.element, since.pop(key)))
        last = rows[-1]
        for (element, _path, _visit), began in since.items():
            if (due := self._due(element, began)) < last.tick and last.kind is not RowKind.ENDED:
                found.append(self._late(case, due, element))
        return min(found, key=lambda each: each.tick, default=None)

    def _held(self, case: str, row: Row, due: int) -> list[Misfit]:
        if row.kind is RowKind.FIRED and row.tick != due:
            sentence = _("the timer occurs at %(told)s in the trace; the model says %(due)s")
            names = {"told": self._at(row.tick), "due": self._at(due)}
            return [Misfit(case=case, tick=min(due, row.tick), element=row.element, message=sentence % names)]
        if row.kind is RowKind.WITHDRAWN and row.tick > due:
            return [self._late(case, due, row.element)]
        return []

    def _late(self, case: str, due: int, element: str) -> Misfit:
        sentence = _("the timer was due at %(due)s, and does not occur in the trace")
        return Misfit(case=case, tick=due, element=element, message=sentence % {"due": self._at(due)})

    def _due(self, element: str, began: int) -> int:
        when = self.whens[element]
        try:
            return self.line.add(began, when) if isinstance(when, Duration) else max(began, self.line.to_tick(when))
        except ValueError:
            return _BEYOND

    def _at(self, tick: int) -> str:
        try:
            return self.line.iso(tick)
        except ValueError:
            return _("beyond the calendar")


def times(model: Model, line: TimeLine, timed: frozenset[str]) -> Times:
    """The timers that the model itself times: not those of which the scenario says when (`timed`), nor cycles, nor
    timers that wait for something that only the case knows.
    """
    whens: dict[str, Duration | datetime] = {}
    for node in model.flow_nodes.values():
        if not isinstance(node, Event) or node.id in timed or node.kind not in (EventKind.CATCH, EventKind.BOUNDARY):
            continue
        if [each.kind for each in node.definitions] != [TriggerKind.TIMER]:
            continue
        try:
            when = parse_timer(node.definitions[0])
        except ValueError:
            continue
        if isinstance(when, Duration | datetime):
            whens[node.id] = when
    return Times(whens, line)
