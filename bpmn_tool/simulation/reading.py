"""One replication as KPIs and tables read it: who counts, when they got where, and who worked how long."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions import truth
from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.cases import Case, Status
from bpmn_tool.results.effort import Effort, effort, seats
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.projections import Projection
from bpmn_tool.results.work_items import WorkItem
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.kpis import Moment

#: which cases and persons count, by their attributes; None: all do
Keep = Callable[[Mapping[str, Any]], bool] | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A person (all its entries) or a case, from the moment at which it began to count."""

    attributes: Mapping[str, Any]
    base: int  # tick
    cases: tuple[Case, ...]  # entries that arrived

    @property
    def finished(self) -> bool:
        """Whether it came to an end by itself."""
        return bool(self.cases) and all(case.status is Status.COMPLETED for case in self.cases)

    @property
    def lost(self) -> bool:
        """Whether one of its cases can never go on, or failed."""
        return any(case.status in (Status.STUCK, Status.FAILED) for case in self.cases)

    @property
    def may_go_on(self) -> bool:
        return any(case.status is Status.OPEN for case in self.cases)


@dataclass(frozen=True, slots=True)
class Stint:
    """The work of one resource, in one role, on one item: the whole of it, and what lies in the measured window."""

    item: WorkItem
    role: str
    resource: str
    whole: Effort
    window: Effort


def holds(expression: CaseExpression | None, attributes: Mapping[str, Any]) -> bool:
    """Whether a condition is true of these attributes; whoever lacks an attribute that it needs does not count."""
    if expression is None:
        return True
    try:
        return truth(expression.evaluate(attributes))
    except ExpressionError:
        return False


class Reading:
    """A projection with what is asked of it more than once."""

    def __init__(self, projection: Projection, time_line: TimeLine) -> None:
        self.projection = projection
        self.time_line = time_line
        self.low = projection.replication.warm_up
        self.high = projection.replication.close

    @property
    def facts(self) -> Facts:
        return self.projection.facts

    @property
    def until(self) -> int:
        return self.projection.until

    @property
    def follow_up(self) -> int:
        return self.projection.replication.follow_up

    @property
    def window(self) -> int:
        """Ticks of the measured window."""
        return self.high - self.low

    def after(self, tick: int, duration: Duration) -> int:
        """How many ticks `duration` lasts on the local calendar from `tick` on."""
        return self.time_line.add(tick, duration) - tick

    # who counts

    @cached_property
    def people(self) -> tuple[Subject, ...]:
        """Persons of the cohort, missed ones included, from the moment of their demand."""
        found = []
        for entries in self.projection.persons.values():
            if not entries[0].in_cohort:
                continue
            attributes: dict[str, Any] = {}
            for entry in entries:
                attributes = {**entry.attributes, **attributes}  # the first entry's stand
            arrived = tuple(entry for entry in entries if entry.status is not Status.MISSED)
            found.append(Subject(attributes, entries[0].demand, arrived))
        return tuple(found)

    @cached_property
    def arrivals(self) -> tuple[Subject, ...]:
        """Cases of the cohort from their arrival."""
        return tuple(Subject(case.attributes, case.arrived, (case,)) for case in self.projection.cohort)

    def subjects(self, of: tuple[Moment, ...], keep: Keep = None) -> Iterator[Subject]:
        """Persons for "demand", cases for all else: those of the cohort that reach the earliest of these moments."""
        if any(moment.element == "demand" for moment in of):
            found: Iterator[Subject] = iter(self.people)
        elif any(moment.element == "arrival" for moment in of):
            found = iter(self.arrivals)
        else:
            found = self._reaching(of)
        return found if keep is None else (subject for subject in found if keep(subject.attributes))

    def _reaching(self, of: tuple[Moment, ...]) -> Iterator[Subject]:
        for subject in self.arrivals:
            if (tick := self.first(subject, of)) is not None:
                yield Subject(subject.attributes, tick, subject.cases)

    def first(self, subject: Subject, moments: tuple[Moment, ...]) -> int | None:
        """The earliest of these moments from the subject's base on; None where it reaches none."""
        ticks = (
            tick
            for case in subject.cases
            for moment in moments
            for tick in self.ticks(case.id, moment)
            if tick >= subject.base
        )
        return min(ticks, default=None)

    def ticks(self, case: str, moment: Moment) -> list[int]:
        if moment.phase == "end":
            return self.projection.ends_of.get(case, {}).get(moment.element, [])
        return self._phases[moment.phase].get((case, moment.element), [])

    @cached_property
    def _phases(self) -> dict[str, dict[tuple[str, str], list[int]]]:
        found: dict[str, dict[tuple[str, str], list[int]]] = {
            phase: defaultdict(list) for phase in ("enabled", "ready", "start")
        }
        for item in self.projection.items:
            key = (item.case, item.element)
            found["enabled"][key].append(item.enabled)
            if item.ready is not None:
                found["ready"][key].append(item.ready)
            if item.start is not None:
                found["start"][key].append(item.start)
        return found

    # who worked

    @cached_property
    def stints(self) -> tuple[Stint, ...]:
        staff = self.facts.staff
        return tuple(
            Stint(
                item,
                role,
                label,
                effort(item, staff.get(label)),
                effort(item, staff.get(label), self.low, self.high),
            )
            for item in self.projection.items
            if item.start is not None
            for role, label in seats(item, self.facts)
        )

    @cached_property
    def on_duty(self) -> dict[str, int]:
        """Resource -> ticks on duty in the measured window."""
        return {
            label: self.window if staff.calendar is None else staff.calendar.worked(self.low, self.high)
            for label, staff in self.facts.staff.items()
        }

    @cached_property
    def worked_on_duty(self) -> dict[str, int]:
        """Resource -> ticks worked on duty in the measured window, whatever for."""
        found: dict[str, int] = defaultdict(int)
        for stint in self.stints:
            found[stint.resource] += stint.window.on_duty
        return found

    def counts(self, item: WorkItem, keep: Keep) -> bool:
        """Whether the case of an item counts; work that belongs to no case counts where every case does."""
        if keep is None:
            return True
        case = self.projection.case.get(item.case)
        return case is not None and keep(case.attributes)

    def is_step(self, item: WorkItem) -> bool:
        """Whether the item is a step of the process, and not background work."""
        return item.element in self.facts.kinds
