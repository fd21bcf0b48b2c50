"""Simulated cases replayed on SpiffWorkflow, with the choices, data and times of their trace (docs/semantics.md, 8).

The trace says who finished what and when, which way was chosen, what was drawn, when a timer occurred and what came
from outside. What follows from that is SpiffWorkflow's, and is held against the rest of the trace tick by tick.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bpmn_tool.errors import Location, Problem, RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.evaluation import RUNS
from bpmn_tool.execution.replay_times import Misfit, Times
from bpmn_tool.execution.replayable import Replayable, Rounds, rounds
from bpmn_tool.instants import Duration
from bpmn_tool.messages import _
from bpmn_tool.model.elements import (
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
)
from bpmn_tool.results.trace import Row, RowKind

BASE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Tick 0 on the clock of a replay, on which no month and no clock change counts: the trace brings the times."""

ORDERS: Final = 10
"""Orders within ticks that are tried for a case."""

_TICK: Final = timedelta(microseconds=1)


def replay(made: Replayable, case: str, rows: Sequence[Row], times: Times | None = None) -> Misfit | None:
    """Replay one case, given its rows in order; None where it fits. With `times` timers are held against the model."""
    return _in_some_order(made, case, rows) or (times.misfit(case, rows) if times is not None else None)


def _in_some_order(made: Replayable, case: str, rows: Sequence[Row]) -> Misfit | None:
    """Of what happens in one tick the order is a choice of the simulation (its rule lets work be completed before an
    error is caught); where one cannot be followed, what could not be done is done first in its tick.
    """
    first: Misfit | None = None
    for _attempt in range(ORDERS):
        attempt = _Replay(made, case, rows)
        if (misfit := attempt.run()) is None:
            return None
        first = first or misfit
        if (failed := attempt.failed) is None:
            break
        place = next(n for n, row in enumerate(rows) if row.tick == rows[failed].tick)
        if place == failed or rows[place].kind is RowKind.ARRIVED:
            break
        rows = [*rows[:place], rows[failed], *rows[place:failed], *rows[failed + 1 :]]
    return first


@dataclass(slots=True)
class _Replay:
    made: Replayable
    name: str
    rows: Sequence[Row]
    case: Case = field(init=False)
    tick: int = field(init=False, default=0)
    data: dict[str, Any] = field(init=False, default_factory=dict)
    rounds: Mapping[str, Rounds] = field(init=False, default_factory=dict)
    counts: deque[tuple[int, str, int]] = field(init=False)
    failed: int | None = field(init=False, default=None)  # the place of the row that could not be done

    def run(self) -> Misfit | None:
        if not self.rows or self.rows[0].kind is RowKind.MISSED:
            return None
        first = self.rows[0]
        if first.kind is not RowKind.ARRIVED:
            return self._misfit(first, _("the trace of this case does not begin with its arrival"))
        begin = BASE + first.tick * _TICK
        self.tick = first.tick
        self.rounds = {node.id: rounds(self.rows, node) for node in self._marked()}
        self.counts = deque(self._counted())
        self._count(0)
        self.case = Case(self.made.executable, clock=begin, data=self._data(first) | self._spent())
        for place, row in enumerate(self.rows):
            if (unknown := self._unknown(row)) is not None:
                return unknown
            if (act := self._act(place, row)) is None:
                continue
            try:
                self._count(place)
                self._pass(row.tick)
                act()
            except RunError as error:
                self.failed = place
                return self._earlier(row) or self._misfit(row, str(error))
        return self._difference() or self._end()

    # what the trace does

    def _act(self, place: int, row: Row) -> Callable[[], object] | None:
        """What a row makes happen here; None where it should happen by itself."""
        node = self.made.executable.model.flow_nodes.get(row.element)
        match row.kind:
            case RowKind.ARRIVED:
                return lambda: self.case.start(row.element)
            case RowKind.ASSIGNED:
                self.data.update(self._data(row))
                return None
            case RowKind.COMPLETED if isinstance(node, Task) and node.kind is not TaskKind.RECEIVE:
                return None if self._is_outside(place, row) else lambda: self._complete(row)
            case RowKind.COMPLETED if isinstance(node, SubProcess) and node.kind is SubProcessKind.AD_HOC:
                return None if self._is_outside(place, row) else lambda: self._finish(row)
            case RowKind.FIRED if row.element in self.made.decisions and row.flows:
                return lambda: self.case.choose(*row.flows, data=self._spent())
            case RowKind.FIRED if row.element in self.made.timers:
                return lambda: self._bring(row.element)
            case RowKind.RECEIVED if row.flows[0] in self.made.carried and node is not None:
                return lambda: self._bring(row.element)
            case _:
                return None

    def _complete(self, row: Row) -> None:
        data = self._spent() | {name: flow in row.flows for flow, name in self._taken(row.element)}
        self.case.complete(row.element, data, instance=self._instance(row))

    def _finish(self, row: Row) -> None:
        """Somebody says that an ad-hoc sub-process is done, where it is not done by its own condition."""
        if any(work.free and work.activity == row.element for work in self.case.work()):
            self.case.complete(row.element, self._spent(), instance=self._instance(row))

    def _taken(self, element: str) -> list[tuple[str, str]]:
        outgoing = self.made.model.flow_nodes[element].outgoing
        return [(flow, self.made.taken[flow]) for flow in outgoing if flow in self.made.taken]

    def _bring(self, element: str) -> None:
        if not self.case.message(element, self._spent()):
            raise RunError(_("nobody waits for it"))

    def _spent(self) -> dict[str, Any]:
        data, self.data = self.data, {}
        return data

    def _pass(self, tick: int) -> None:
        if tick != self.tick:
            self.case.wait(Duration(ticks=tick - self.tick))
            self.tick = tick

    def _instance(self, row: Row) -> int | None:
        """Which run of the multi-instance around it; None where a loop stands between, whose runs the trace does not
        number.
        """
        nodes = self.made.model.flow_nodes
        node = nodes.get(row.element)
        while node is not None:
            loop = node.loop if isinstance(node, Task | SubProcess) else None
            if isinstance(loop, StandardLoop):
                return None
            if isinstance(loop, MultiInstance):
                own = row.path.rpartition("/")[2]
                return int(own[len(node.id) + 1 :].partition("]")[0]) if own.startswith(f"{node.id}[") else None
            node = nodes.get(node.container)
        return None

    def _is_outside(self, place: int, row: Row) -> bool:
        """Whether a row is of the outside of a multi-instance or loop, not of one of its runs."""
        found = self.rounds.get(row.element)
        return found is not None and place in found.outside

    def _marked(self) -> Iterator[Task | SubProcess]:
        for node in self.made.model.flow_nodes.values():
            if isinstance(node, Task | SubProcess) and node.loop is not None:
                yield node

    def _counted(self) -> list[tuple[int, str, int]]:
        """Where an activity begins whose runs the trace counts: place of the row, name of the datum, number."""
        return sorted(
            (place, RUNS.format(activity=node), number)
            for node in self.made.counted
            for place, number in self.rounds[node].counts
        )

    def _count(self, place: int) -> None:
        """Say how many there will be before the multi-instance begins."""
        while self.counts and self.counts[0][0] < place:
            self.counts.popleft()
        for _place, key, number in self.counts:
            self.data.setdefault(key, number)

    @staticmethod
    def _data(row: Row) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in (row.data or {}).items()}

    # what it is held against

    def _unknown(self, row: Row) -> Misfit | None:
        """A row about an element that this model does not have; standing work of a scenario is in no model."""
        model = self.made.model
        if row.kind in (RowKind.FIRED, RowKind.ARRIVED) and row.element not in model.flow_nodes:
            return self._misfit(row, _("the model has no such element"))
        for flow in () if row.element in self.made.unsaid else row.flows:
            if flow not in model.sequence_flows and flow not in model.message_flows:
                return self._misfit(row, _("the model has no flow '%(flow)s'") % {"flow": flow})
        return None

    def _earlier(self, row: Row) -> Misfit | None:
        """A difference in an earlier tick than the one at which the replay could not go on: it is the cause."""
        return self._difference(before=row.tick)

    def _difference(self, before: int | None = None) -> Misfit | None:
        """The first tick at which other elements were done here than in the trace."""
        done: dict[int, Counter[str]] = defaultdict(Counter)
        for step in self.case.trace().steps:
            if step.element in self.made.races:
                continue
            done[(step.at - BASE) // _TICK][step.element] += 1
        told: dict[int, Counter[str]] = defaultdict(Counter)
        for place, row in enumerate(self.rows):
            if (element := self._told(place, row)) is not None:
                told[row.tick][element] += 1
        for tick in sorted(done.keys() | told.keys()):
            if before is not None and tick >= before:
                return None
            if done[tick] != told[tick]:
                return self._other(tick, told[tick], done[tick])
        return None

    def _told(self, place: int, row: Row) -> str | None:
        """What a row says was done: an element, or a message flow that passed."""
        match row.kind:
            case RowKind.FIRED:
                return None if row.element in self.made.races or self._resets(row) else row.element
            case RowKind.COMPLETED if row.element in self.made.model.flow_nodes and not self._is_outside(place, row):
                return row.element
            case RowKind.RECEIVED if row.flows[0] not in self.made.carried:
                return row.flows[0]
            case _:
                return None

    def _resets(self, row: Row) -> bool:
        """A complex gateway that waits for what is left of its tokens, and sends none on."""
        node = self.made.model.flow_nodes[row.element]
        return isinstance(node, Gateway) and node.kind is GatewayKind.COMPLEX and bool(node.outgoing) and not row.flows

    def _other(self, tick: int, told: Counter[str], done: Counter[str]) -> Misfit:
        more, less = told - done, done - told
        element = next(iter(more or less))
        names = {"element": self._label(element)}
        if more:
            message = _("%(element)s happens in the trace, but not on SpiffWorkflow") % names
        else:
            message = _("%(element)s happens on SpiffWorkflow, but not in the trace") % names
        return Misfit(case=self.name, tick=tick, element=element, message=message)

    def _end(self) -> Misfit | None:
        """The case ends where the trace says so, goes the ways of the trace, and what is open in the end is the
        same.
        """
        flows = self.made.model.sequence_flows
        last = next((row for row in reversed(self.rows) if row.kind is not RowKind.RECEIVED), self.rows[-1])
        trace = self.case.trace()
        done = Counter(flow for flow in trace.flows if flows[flow].source_ref not in self.made.unsaid)
        if last.kind is RowKind.ENDED and not trace.completed:
            waiting = ", ".join(map(self._label, trace.waiting))
            sentence = _("the case ends in the trace; on SpiffWorkflow it waits at %(waiting)s")
            return self._misfit(last, sentence % {"waiting": waiting})
        told = Counter(
            flow
            for row in self.rows
            if row.kind in (RowKind.FIRED, RowKind.COMPLETED)
            for flow in row.flows
            if flow in flows and row.element not in self.made.unsaid
        )
        if difference := (told - done) or (done - told):
            flow = next(iter(difference))
            sentence = _("the flow %(flow)s is taken %(told)s times in the trace, %(done)s times on SpiffWorkflow")
            names = {"flow": flow, "told": told[flow], "done": done[flow]}
            return Misfit(case=self.name, tick=last.tick, element=flow, message=sentence % names)
        if last.kind in (RowKind.ENDED, RowKind.FAILED):
            return None
        return self._left(last)

    def _left(self, last: Row) -> Misfit | None:
        """Of a case that goes on when the trace stops: what people still have to do."""
        left: Counter[str] = Counter()
        for row in self.rows:
            if row.item and row.element in self.made.model.flow_nodes:
                left[row.element] += row.kind is RowKind.ENABLED
                left[row.element] -= row.kind in (RowKind.COMPLETED, RowKind.WITHDRAWN, RowKind.INTERRUPTED)
        open_here = Counter(work.activity for work in self.case.work())
        if (+left) == open_here:
            return None
        element = next(iter((+left - open_here) or (open_here - left)))
        sentence = _("when the trace stops %(element)s is open %(told)s times in it, %(done)s times on SpiffWorkflow")
        names = {"element": self._label(element), "told": left[element], "done": open_here[element]}
        return Misfit(case=self.name, tick=last.tick, element=element, message=sentence % names)

    def _misfit(self, row: Row, message: str) -> Misfit:
        return Misfit(case=self.name, tick=row.tick, element=row.element, message=message)

    def _label(self, element: str) -> str:
        found = self.made.model.get(element)
        return element if found is None or found.label == element else f"'{found.label}' ({element})"


def model_for(model: Model, cases: Mapping[str, Sequence[Row]]) -> tuple[Problem, ...]:
    """Why these cases can be of no such model at all: the start events at which they arrive are not in it."""
    starts = dict.fromkeys(row.element for rows in cases.values() for row in rows if row.kind is RowKind.ARRIVED)
    return tuple(
        Problem(
            message=f"the trace has cases that arrive at '{start}', which this model does not have; is it of another "
            "model?",
            location=Location(path=model.path),
        )
        for start in starts
        if start not in model.flow_nodes
    )
