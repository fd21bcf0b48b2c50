"""What a KPI measures in one replication: a form of the KPI file each, and the ones that are always there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple, Protocol

from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.units import HOUR, SECOND, WEEK, YEAR
from bpmn_tool.results.cases import Status
from bpmn_tool.results.effort import cost
from bpmn_tool.results.handoffs import Handoff
from bpmn_tool.results.levels import integral
from bpmn_tool.results.survival import kaplan_meier, restricted_mean
from bpmn_tool.results.work_items import WorkItem
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.kpis import Moment
from bpmn_tool.simulation.reading import Keep, Reading, Subject, holds


class Parts(NamedTuple):
    """A quotient. `finished` of `subjects` ended (or were not lost), where losing cases would make it look better."""

    above: float
    below: float
    finished: int = 0
    subjects: int = 0


class Times(NamedTuple):
    """Ticks of those who got there and of those lost sight of, and how many never will; means in seconds."""

    reached: tuple[int, ...]
    censored: tuple[int, ...]
    never: int
    restricted: float | None
    within: float | None

    @property
    def n(self) -> int:
        return len(self.reached) + len(self.censored) + self.never


Observation = Parts | Times


class Measure(Protocol):
    """Something that can be read off a replication, of the cases that `keep` lets pass."""

    def observe(self, reading: Reading, keep: Keep) -> Observation | None:
        """None: there was nothing to observe."""
        ...


ARRIVAL = (Moment(element="arrival"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTo:
    """From a moment to the first of others, for everybody who reaches the first; `to` None: to the end of the case."""

    from_: Moment
    to: tuple[Moment, ...] | None
    limit: Duration | None = None  # the follow-up, unless it is shorter
    within: Duration | None = None

    def observe(self, reading: Reading, keep: Keep) -> Times | None:
        reached: list[int] = []
        censored: list[int] = []
        cut: list[int] = []  # min(T, limit)
        never = hits = 0
        exact = True
        for subject in reading.subjects((self.from_,), keep):
            limit = self._limit(reading, subject.base)
            tick = self._arrives(reading, subject)
            if tick is not None:
                reached.append(tick - subject.base)
                cut.append(min(reached[-1], limit))
                hits += self.within is not None and tick - subject.base <= reading.after(subject.base, self.within)
                continue
            cut.append(limit)
            if subject.may_go_on:
                censored.append(max(0, reading.until - subject.base))
                exact = exact and censored[-1] >= limit
            else:
                never += 1
        if not cut:
            return None
        if exact:
            restricted: float | None = fsum(cut) / len(cut)
        else:
            restricted = restricted_mean(reached, censored, never, self._limit(reading, reading.low))
        return Times(
            tuple(reached),
            tuple(censored),
            never,
            None if restricted is None else restricted / SECOND,
            self._share_within(reading, hits, reached, censored, never),
        )

    def _limit(self, reading: Reading, base: int) -> int:
        """In ticks from `base` on."""
        if self.limit is None:
            return reading.follow_up
        return min(reading.follow_up, reading.after(base, self.limit))

    def _arrives(self, reading: Reading, subject: Subject) -> int | None:
        if self.to is not None:
            return reading.first(subject, self.to)
        ends = [case.end for case in subject.cases if case.end is not None and case.status is Status.COMPLETED]
        return min(ends, default=None)

    def _share_within(
        self, reading: Reading, hits: int, reached: list[int], censored: list[int], never: int
    ) -> float | None:
        if self.within is None:
            return None
        target = reading.after(reading.low, self.within)
        if all(time >= target for time in censored):
            return hits / (len(reached) + len(censored) + never)
        return 1.0 - kaplan_meier(reached, censored, never).at(target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of those who reach `of`, the share with `where`, or without ever getting to `without` from there on."""

    of: tuple[Moment, ...]
    where: CaseExpression | None = None
    without: tuple[Moment, ...] | None = None

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        hits = n = 0
        for subject in reading.subjects(self.of, keep):
            n += 1
            if self.without is not None:
                hits += reading.first(subject, self.without) is None
            else:
                hits += holds(self.where, subject.attributes)
        return Parts(hits, n) if n else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of the cohort reach `of`, a year."""

    of: tuple[Moment, ...]
    where: CaseExpression | None = None

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        hits = sum(holds(self.where, subject.attributes) for subject in reading.subjects(self.of, keep))
        return _per(hits, reading, YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerCase:
    """An amount of each case of the cohort."""

    amount: Callable[[Reading, Subject], float]
    where: CaseExpression | None = None

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        counted = [s for s in reading.subjects(ARRIVAL, keep) if holds(self.where, s.attributes)]
        if not counted:
            return None
        total = fsum(self.amount(reading, subject) for subject in counted)
        return Parts(total, len(counted), sum(subject.finished for subject in counted), len(counted))


def _steps(reading: Reading, subject: Subject) -> Iterable[WorkItem]:
    return (i for case in subject.cases for i in reading.projection.items_of.get(case.id, ()) if reading.is_step(i))


def waiting(reading: Reading, subject: Subject) -> float:
    """Seconds from ready to start over its items, at most to the follow-up after its arrival: who waits for ever."""
    limit = subject.base + reading.follow_up
    total = 0
    for item in _steps(reading, subject):
        if item.ready is None:
            continue
        stop = item.start if item.start is not None else item.end
        total += max(0, (limit if stop is None else min(stop, limit)) - item.ready)
    return total / SECOND


def processing(reading: Reading, subject: Subject) -> float:
    """Seconds from start to end less pauses over its items."""
    return sum(item.processing for item in _steps(reading, subject)) / SECOND


def money(reading: Reading, subject: Subject) -> float:
    """What the case cost so far, its background work included."""
    return fsum(
        cost(item, reading.facts) for case in subject.cases for item in reading.projection.items_of.get(case.id, ())
    )


def partners(reading: Reading, subject: Subject) -> float:
    """How many partners came to hold personal data of the case."""
    personal = reading.facts.personal
    found = {
        partner
        for case in subject.cases
        for item in reading.projection.items_of.get(case.id, ())
        if item.start is not None
        for partner in personal.get(item.element, ())
    }
    return float(len(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Hours a week that roles work, in the measured window."""

    roles: tuple[str, ...]
    where: CaseExpression | None = None

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        def counts(item: WorkItem) -> bool:
            if self.where is None:
                return reading.counts(item, keep)
            case = reading.projection.case.get(item.case)
            return case is not None and holds(self.where, case.attributes) and (keep is None or keep(case.attributes))

        ticks = sum(s.window.worked for s in reading.stints if s.role in self.roles and counts(s.item))
        return _of_all(_per(ticks / HOUR, reading, WEEK), reading, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation:
    """Worked on duty / on duty of the resources that hold a role, in the measured window."""

    role: str

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        labels = [label for label, staff in reading.facts.staff.items() if self.role in staff.roles]
        duty = sum(reading.on_duty[label] for label in labels)
        if not duty:
            return None
        worked = sum(reading.worked_on_duty.get(label, 0) for label in labels)
        return _of_all(Parts(worked, duty), reading, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How many items of an element stand ready and wait, on average over the measured window."""

    element: str

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        spans = [
            (item.ready, item.end if item.start is None else item.start)
            for item in reading.projection.items
            if item.element == self.element and item.ready is not None and reading.counts(item, keep)
        ]
        return _of_all(_level(integral(spans, reading.low, reading.high), reading), reading, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCases:
    """How many cases are open, on average over the measured window."""

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        spans = [
            (case.arrival, case.end)
            for case in reading.projection.cases
            if case.arrival is not None and (keep is None or keep(case.attributes))
        ]
        return _of_all(_level(integral(spans, reading.low, reading.high), reading), reading, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """Cases completed a week in the measured window, whenever they came."""

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        done = sum(
            case.status is Status.COMPLETED
            and case.end is not None
            and reading.low <= case.end < reading.high
            and (keep is None or keep(case.attributes))
            for case in reading.projection.cases
        )
        return _per(done, reading, WEEK)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffShare:
    """Of the handoffs of cohort cases, the share with one of these outcomes; "late" and "bounced" stand beside them."""

    outcomes: frozenset[str]
    flows: frozenset[str] = frozenset()

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        hits = n = 0
        for handoff in reading.projection.handoffs:
            case = reading.projection.case.get(handoff.case)
            if case is None or not case.in_cohort or (self.flows and handoff.flow not in self.flows):
                continue
            if keep is None or keep(case.attributes):
                n += 1
                hits += self._has(handoff)
        return Parts(hits, n) if n else None

    def _has(self, handoff: Handoff) -> bool:
        return (
            handoff.outcome.value in self.outcomes
            or (handoff.late and "late" in self.outcomes)
            or (handoff.bounce and "bounced" in self.outcomes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Items of a gate that stand ready when an occasion closes, a mean over the occasions of the measured window."""

    gate: str
    occasions: Callable[[int], tuple[int, int] | None]

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        waits = [
            (item.ready, item.end if item.start is None else item.start)
            for item in reading.projection.items
            if reading.facts.gates.get(item.element) == self.gate and item.ready is not None
            if reading.counts(item, keep)
        ]
        left = n = number = 0
        while (occasion := self.occasions(number)) is not None and occasion[1] <= reading.high:
            number += 1
            if occasion[1] <= reading.low:
                continue
            n += 1
            left += sum(ready < occasion[1] and (stop is None or stop >= occasion[1]) for ready, stop in waits)
        return _of_all(Parts(left, n), reading, keep) if n else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One measure by another."""

    above: Measure
    below: Measure

    def observe(self, reading: Reading, keep: Keep) -> Parts | None:
        above, below = value(self.above.observe(reading, keep)), value(self.below.observe(reading, keep))
        return None if above is None or not below else Parts(above, below)


def value(observation: Observation | None) -> float | None:
    """One replication's number; None where there is none."""
    match observation:
        case Parts(above, below):
            return above / below if below else None
        case Times():
            return observation.restricted
        case None:
            return None


def _per(amount: float, reading: Reading, unit: int) -> Parts | None:
    """An amount of the measured window as a rate."""
    return Parts(amount, reading.window / unit) if reading.window > 0 else None


def _level(ticks: int, reading: Reading) -> Parts | None:
    return Parts(ticks, reading.window) if reading.window > 0 else None


def _of_all(parts: Parts | None, reading: Reading, keep: Keep) -> Parts | None:
    """With how many cases of the cohort were not lost: who loses cases on the way has less work further on."""
    if parts is None:
        return None
    counted = list(reading.subjects(ARRIVAL, keep))
    return parts._replace(finished=sum(not subject.lost for subject in counted), subjects=len(counted))
