"""From replications to the result of a scenario: each is reduced where it ran, then all are combined (semantics 9)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import fsum
from typing import Any

from bpmn_tool.instants.units import HOUR, SECOND, WEEK
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.cases import Status
from bpmn_tool.results.estimates import estimate
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.projections import project
from bpmn_tool.results.summary import (
    ActivityResult,
    CostResult,
    Counts,
    HandoffResult,
    RoleHours,
    RoleResult,
    ScenarioResult,
    SeriesResult,
    UndefinedResult,
)
from bpmn_tool.results.trace import Cause, Replication
from bpmn_tool.simulation import tallies
from bpmn_tool.simulation.kpis import Key, KpiPlan, kpi_results, observe
from bpmn_tool.simulation.measures import Observation, Times
from bpmn_tool.simulation.reading import Reading
from bpmn_tool.simulation.tallies import HandoffTally, HoursTally, RoleTally, UndefinedTally, WorkTally

COUNTS = ("demand", "missed", "arrived", "duplicates", "completed", "open", "stuck", "failed")
#: finished cases whose times are kept for drawing
DRAWN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationSummary:
    """All that is kept of one replication: small, and plain enough to pass between processes."""

    number: int
    window: int  # ticks
    close: int
    counts: Mapping[str, int]
    kpis: Mapping[Key, Observation | None]
    activities: Mapping[str, WorkTally]
    roles: Mapping[str, RoleTally]
    handoffs: Mapping[str, HandoffTally]
    undefined: Mapping[str, UndefinedTally]
    flows: Mapping[str, int]
    ends: Mapping[str, int]
    stuck_at: Mapping[str, int]
    series: Mapping[str, tuple[int, ...]]
    persons: Mapping[str, tuple[tuple[int, int], ...]]
    costs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInfo:
    """What the result of a scenario says about the scenario itself."""

    name: str
    path: str
    engine: str
    seed: int
    facts: Facts
    time_line: TimeLine
    warm_up: int  # ticks
    follow_up: int
    expected_arrivals: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)


def reduce(replication: Replication, facts: Facts, kpis: Sequence[KpiPlan], time_line: TimeLine) -> ReplicationSummary:
    """One replication without its rows."""
    reading = Reading(project(replication, facts), time_line)
    flows, ends = tallies.flows_and_ends(reading)
    return ReplicationSummary(
        number=replication.number,
        window=reading.window,
        close=replication.close,
        counts=_counts(reading),
        kpis=observe(reading, kpis),
        activities=tallies.activities(reading),
        roles=tallies.roles(reading),
        handoffs=tallies.handoffs(reading),
        undefined=tallies.undefined(reading),
        flows=flows,
        ends=ends,
        stuck_at=tallies.stuck_at(reading),
        series=tallies.series(reading),
        persons=tallies.persons(reading),
        costs=tallies.costs(reading),
    )


def _counts(reading: Reading) -> dict[str, int]:
    """Of the cohort: persons with demand, those missed, their cases, and what became of these."""
    cohort = reading.projection.cohort
    status = Counter(case.status for case in cohort)
    missed = sum(case.in_cohort and case.status is Status.MISSED for case in reading.projection.cases)
    return {
        "demand": len(reading.people),
        "missed": missed,
        "arrived": len(cohort),
        "duplicates": sum(case.entry > 0 for case in cohort),
        "completed": status[Status.COMPLETED],
        "open": status[Status.OPEN],
        "stuck": status[Status.STUCK],
        "failed": status[Status.FAILED],
    }


def summarise(
    info: PlanInfo, replications: Iterable[Replication], kpis: Sequence[KpiPlan], *, interrupted: bool = False
) -> ScenarioResult:
    """Reduce and combine in one process, holding the rows of one replication at a time."""
    reduced = [reduce(replication, info.facts, kpis, info.time_line) for replication in replications]
    return combine(reduced, info, kpis, interrupted=interrupted)


def combine(
    summaries: Iterable[ReplicationSummary], info: PlanInfo, kpis: Sequence[KpiPlan], *, interrupted: bool = False
) -> ScenarioResult:
    """The result of a scenario, from its replications in any order. Raises ValueError where there is none."""
    each = sorted(summaries, key=lambda summary: summary.number)
    if not each:
        raise ValueError("there is no replication to summarise")
    over = _Combiner(each, info)
    return ScenarioResult(
        name=info.name,
        path=info.path,
        engine=info.engine,
        seed=info.seed,
        replications=len(each),
        counts=Counts(**{name: over.mean(summary.counts[name] for summary in each) for name in COUNTS}),
        kpis=kpi_results(
            kpis,
            [summary.kpis for summary in each],
            time_line=info.time_line,
            follow_up=info.follow_up,
            warm_up=info.warm_up,
        ),
        activities=over.activities(),
        roles=over.roles(),
        handoffs=over.handoffs(),
        undefined=over.undefined(),
        flows=over.counted([summary.flows for summary in each]),
        ends=over.counted([summary.ends for summary in each]),
        series=over.series(),
        expected_arrivals=info.expected_arrivals,
        warnings=info.warnings,
        stuck_at=over.counted([summary.stuck_at for summary in each]),
        persons=tuple(summary.persons for summary in each),
        demand_streams=tuple(sorted(stream for stream, is_demand in info.facts.streams.items() if is_demand)),
        provenance=info.provenance,
        costs=over.costs(),
        cycle_times_s=_drawn(each),
        interrupted=interrupted,
    )


class _Combiner:
    """Means over replications."""

    def __init__(self, summaries: Sequence[ReplicationSummary], info: PlanInfo) -> None:
        self.each = summaries
        self.n = len(summaries)
        self.facts = info.facts

    def mean(self, values: Iterable[float]) -> float:
        """The sum over all replications; one that lacks the thing counts as zero."""
        return fsum(values) / self.n

    def counted(self, counts: Sequence[Mapping[str, int]]) -> dict[str, float]:
        names = sorted({name for count in counts for name in count})
        return {name: self.mean(count.get(name, 0) for count in counts) for name in names}

    def name(self, id_: str) -> str:
        return self.facts.names.get(id_) or self.facts.role_names.get(id_) or id_

    def activities(self) -> dict[str, ActivityResult]:
        found = {}
        for element in _names(summary.activities for summary in self.each):
            work = [summary.activities.get(element, WorkTally()) for summary in self.each]
            count, total = sum(tally.count for tally in work), _Total(work, self.n)
            found[element] = ActivityResult(
                id=element,
                name=self.name(element),
                role=", ".join(tallies.roles_of(element, self.facts)),
                count=count / self.n,
                waiting_total_s=total.waiting,
                waiting_mean_s=total.waiting * self.n / count if count else 0.0,
                processing_total_s=total.processing,
                processing_mean_s=total.processing * self.n / count if count else 0.0,
                causes_s=total.causes,
                cost=self.mean(tally.cost for tally in work),
            )
        return found

    def costs(self) -> CostResult:
        parts = {name: self.mean(s.costs.get(name, 0.0) for s in self.each) for name in ("work", "idle", "uses")}
        return CostResult(currency=self.facts.currency, once=fsum(self.facts.once.values()), **parts)

    def roles(self) -> dict[str, RoleResult]:
        found = {}
        for role in _names(summary.roles for summary in self.each):
            seen = [(summary.roles.get(role, RoleTally()), summary.window) for summary in self.each]
            total = _Total([tally.work for tally, _ in seen], self.n)
            found[role] = RoleResult(
                id=role,
                name=self.facts.role_names.get(role, role),
                count=self.facts.role_size.get(role, 0),
                utilisation=estimate(tally.utilisation for tally, _ in seen),
                queue=estimate(tally.queue for tally, _ in seen),
                waiting_total_s=total.waiting,
                hours_per_week=self.mean(t.worked / HOUR / (window / WEEK) for t, window in seen if window > 0),
                causes_s=total.causes,
                hours=self.hours([(tally.hours, window) for tally, window in seen if window > 0]),
                cost=self.mean(tally.hours.cost for tally, _ in seen),
            )
        return found

    def hours(self, seen: Sequence[tuple[HoursTally, int]]) -> RoleHours:
        def weekly(name: str) -> float:
            return self.mean(getattr(tally, name) / HOUR / (window / WEEK) for tally, window in seen)

        return RoleHours(**{each.name: weekly(each.name) for each in fields(RoleHours)})

    def handoffs(self) -> dict[str, HandoffResult]:
        return {flow: self.handoff(flow) for flow in _names(summary.handoffs for summary in self.each)}

    def handoff(self, flow: str) -> HandoffResult:
        seen = [summary.handoffs[flow] for summary in self.each if flow in summary.handoffs]
        sent = sum(tally.outcomes.total() for tally in seen)
        waiting = sum(tally.waiting for tally in seen) / SECOND

        def became(outcome: str) -> float:
            return self.mean(tally.outcomes[outcome] for tally in seen)

        return HandoffResult(
            id=flow,
            name=self.facts.names.get(flow, ""),
            source=seen[0].source,
            target=seen[0].target,
            sent=sent / self.n,
            accepted=became("accepted"),
            declined=became("declined"),
            lost=became("lost"),
            late=self.mean(tally.late for tally in seen),
            withdrawn=became("withdrawn"),
            open=became("open"),
            bounces=self.mean(tally.bounces for tally in seen),
            waiting_mean_s=waiting / sent if sent else 0.0,
            waiting_total_s=waiting / self.n,
        )

    def undefined(self) -> tuple[UndefinedResult, ...]:
        """Those that anybody got to, the most stuck first."""
        found = [
            UndefinedResult(
                element=element,
                name=self.name(element),
                role=self.facts.undefined.get(element, ""),
                stuck=self.mean(s.undefined[element].stuck for s in self.each if element in s.undefined),
                reached=self.mean(s.undefined[element].reached for s in self.each if element in s.undefined),
                in_vain=self.mean(s.undefined[element].in_vain for s in self.each if element in s.undefined),
            )
            for element in _names(summary.undefined for summary in self.each)
        ]
        return tuple(sorted(found, key=lambda place: (-place.stuck, -place.reached, place.element)))

    def series(self) -> dict[str, SeriesResult]:
        days = min((tallies.grid(summary.close) for summary in self.each), key=len)
        found = {}
        for name in _names(summary.series for summary in self.each):
            runs = [summary.series[name] for summary in self.each if name in summary.series]
            points = [sorted(run[i] for run in runs) for i in range(len(days))]
            found[name] = SeriesResult(
                id=name,
                days=tuple(map(float, days)),
                median=tuple(_quantile(point, 0.5) for point in points),
                low=tuple(_quantile(point, 0.1) for point in points),
                high=tuple(_quantile(point, 0.9) for point in points),
            )
        return found


@dataclass(frozen=True, slots=True)
class _Total:
    """Seconds a replication of tallies."""

    tallies: Sequence[WorkTally]
    n: int

    @property
    def waiting(self) -> float:
        return sum(tally.waiting for tally in self.tallies) / SECOND / self.n

    @property
    def processing(self) -> float:
        return sum(tally.processing for tally in self.tallies) / SECOND / self.n

    @property
    def causes(self) -> dict[Cause, float]:
        totals = {cause: sum(tally.causes.get(cause, 0) for tally in self.tallies) for cause in Cause}
        return {cause: ticks / SECOND / self.n for cause, ticks in totals.items() if ticks}


def _names(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({name for mapping in mappings for name in mapping})


def _quantile(ordered: Sequence[float], p: float) -> float:
    """Linear between order statistics (Hyndman and Fan, type 7)."""
    place = p * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _drawn(summaries: Sequence[ReplicationSummary]) -> tuple[float, ...]:
    """Cycle times of finished cohort cases in seconds, rising, evenly thinned."""
    pooled = sorted(
        time / SECOND
        for summary in summaries
        if isinstance(times := summary.kpis.get(("cycle_time", "")), Times)
        for time in times.reached
    )
    if len(pooled) <= DRAWN:
        return tuple(pooled)
    return tuple(pooled[i * (len(pooled) - 1) // (DRAWN - 1)] for i in range(DRAWN))


__all__ = ["PlanInfo", "ReplicationSummary", "combine", "reduce", "summarise"]
