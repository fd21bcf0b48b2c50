"""KPIs: from their definitions to what each replication showed, and from that to means with intervals (semantics 9)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from typing import Any, Final

from bpmn_tool.errors import ExpressionError
from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.units import SECOND
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.messages import N_
from bpmn_tool.results.estimates import estimate, jackknife
from bpmn_tool.results.pooled import Run, quantile_half_width
from bpmn_tool.results.summary import Estimate, KpiResult, Survival, Unit
from bpmn_tool.results.survival import Curve, kaplan_meier
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.kpis import STANDARD, Kpi
from bpmn_tool.simulation import measures
from bpmn_tool.simulation.measures import Measure, Observation, Parts, Times, value
from bpmn_tool.simulation.reading import Keep, Reading, holds

#: below so many a replication a quotient is estimated as a whole, and jackknifed
RARE: Final = 5.0
#: steps of a pooled curve that are kept for drawing
STEPS: Final = 400

#: gate -> its n-th occasion, [open, close) in ticks
Occasions = Mapping[str, Callable[[int], tuple[int, int] | None]]
#: of a KPI, and of a value of `by` ("" where it has none)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiPlan:
    """A KPI ready to be measured; `measure` is None where a simulation cannot tell."""

    id: str
    unit: Unit
    measure: Measure | None
    name: Mapping[str, str] = field(default_factory=dict)
    better: str | None = None
    over: CaseExpression | None = None
    by: CaseExpression | None = None
    limit: Duration | None = None
    within: Duration | None = None
    note: str = ""


ARRIVAL = measures.ARRIVAL[0]
_STANDARD: Final[Mapping[str, tuple[Unit, Measure, Mapping[str, str]]]] = {
    "cycle_time": (
        Unit.SECONDS,
        measures.TimeTo(from_=ARRIVAL, to=None),
        {"en": "Cycle time", "nl": "Doorlooptijd"},
    ),
    "waiting_time": (
        Unit.SECONDS,
        measures.PerCase(amount=measures.waiting),
        {"en": "Waiting time of a case", "nl": "Wachttijd van een dossier"},
    ),
    "processing_time": (
        Unit.SECONDS,
        measures.PerCase(amount=measures.processing),
        {"en": "Hands-on time of a case", "nl": "Werktijd van een dossier"},
    ),
    "cost": (
        Unit.MONEY,
        measures.PerCase(amount=measures.money),
        {"en": "Cost of a case", "nl": "Kostprijs van een dossier"},
    ),
    "throughput": (
        Unit.PER_WEEK,
        measures.Throughput(),
        {"en": "Cases completed a week", "nl": "Afgeronde dossiers per week"},
    ),
    "open_cases": (
        Unit.COUNT,
        measures.OpenCases(),
        {"en": "Open cases", "nl": "Openstaande dossiers"},
    ),
    "exposure": (
        Unit.PARTNERS,
        measures.PerCase(amount=measures.partners),
        {
            "en": "Partners that come to hold personal data",
            "nl": "Partners die persoonsgegevens in handen krijgen",
        },
    ),
}


def compile_kpis(definitions: Mapping[str, Kpi], occasions: Occasions | None = None) -> tuple[KpiPlan, ...]:
    """All KPIs of a study: those that are always there, then those of its file, which win over the former by id.

    `occasions` is needed by `overflow` alone.
    """
    gates = occasions or {}
    standard = [
        KpiPlan(id=name, unit=unit, measure=measure, name=names, better=STANDARD[name])
        for name, (unit, measure, names) in _STANDARD.items()
        if name not in definitions
    ]
    found = {plan.id: plan for plan in standard}
    for name in definitions:
        found[name] = _compiled(name, definitions, gates, ())
    return tuple(found.values())


def _compiled(name: str, definitions: Mapping[str, Kpi], occasions: Occasions, above: tuple[str, ...]) -> KpiPlan:
    if name not in definitions:
        unit, measure, names = _STANDARD[name]
        return KpiPlan(id=name, unit=unit, measure=measure, name=names, better=STANDARD[name])
    kpi = definitions[name]
    unit, form = _measure(name, definitions, occasions, above)
    called: Mapping[str, str] = {"en": kpi.name or name} if isinstance(kpi.name, str) else kpi.name
    return KpiPlan(
        id=name,
        unit=unit,
        measure=form,
        name=called,
        better=kpi.better,
        over=kpi.over,
        by=kpi.by,
        limit=kpi.limit,
        within=kpi.within,
        note="" if form is not None else N_("a property of the model, not of a run"),
    )


def _measure(
    name: str, definitions: Mapping[str, Kpi], occasions: Occasions, above: tuple[str, ...]
) -> tuple[Unit, Measure | None]:
    kpi = definitions[name]
    if kpi.time is not None:
        to = measures.TimeTo(from_=kpi.time.from_, to=kpi.time.to, limit=kpi.limit, within=kpi.within)
        return Unit.SECONDS, to
    if kpi.share is not None:
        share = measures.Share(of=kpi.share.of, where=kpi.share.where, without=kpi.share.without)
        return Unit.SHARE, share
    if kpi.count is not None:
        return Unit.COUNT, measures.Count(of=kpi.count.of, where=kpi.count.where)
    if kpi.load is not None:
        return Unit.HOURS_PER_WEEK, measures.Load(roles=kpi.load.roles, where=kpi.load.where)
    if kpi.cost is not None:
        return Unit.MONEY, measures.PerCase(amount=measures.money, where=kpi.cost.where)
    if kpi.exposure is not None:
        return Unit.PARTNERS, measures.PerCase(amount=measures.partners, where=kpi.exposure.where)
    if kpi.handoffs is not None:
        handoffs = measures.HandoffShare(outcomes=frozenset(kpi.handoffs.outcome), flows=frozenset(kpi.handoffs.flows))
        return Unit.SHARE, handoffs
    if kpi.utilisation is not None:
        return Unit.SHARE, measures.Utilisation(role=kpi.utilisation)
    if kpi.queue is not None:
        return Unit.COUNT, measures.Queue(element=kpi.queue)
    if kpi.overflow is not None:
        known = occasions.get(kpi.overflow)
        return Unit.COUNT, measures.Overflow(gate=kpi.overflow, occasions=known) if known else None
    if kpi.ratio is not None and name not in above:
        top, bottom = (_compiled(part, definitions, occasions, (*above, name)) for part in kpi.ratio)
        if top.measure is not None and bottom.measure is not None:
            return Unit.RATIO, measures.Ratio(above=_narrowed(top), below=_narrowed(bottom))
        return Unit.RATIO, None
    return Unit.SHARE if kpi.coverage is not None else Unit.RATIO, None


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """A part of a ratio, of the cases that its own `over` names."""

    inner: Measure
    over: CaseExpression

    def observe(self, reading: Reading, keep: Keep) -> Observation | None:
        return self.inner.observe(reading, _both(self.over, keep))


def _narrowed(plan: KpiPlan) -> Measure:
    assert plan.measure is not None
    return plan.measure if plan.over is None else _Narrowed(plan.measure, plan.over)


def _both(over: CaseExpression | None, keep: Keep) -> Keep:
    if over is None:
        return keep
    return lambda attributes: holds(over, attributes) and (keep is None or keep(attributes))


# one replication


def observe(reading: Reading, plans: Sequence[KpiPlan]) -> dict[Key, Observation | None]:
    """What one replication showed, by KPI and value of `by`."""
    found: dict[Key, Observation | None] = {}
    for plan in plans:
        if plan.measure is None:
            continue
        keep = _both(plan.over, None)
        found[plan.id, ""] = plan.measure.observe(reading, keep)
        if plan.by is not None:
            for label in _labels(reading, plan.by):
                found[plan.id, label] = plan.measure.observe(reading, _only(plan.by, label, keep))
    return found


def _labels(reading: Reading, by: CaseExpression) -> Iterator[str]:
    found = {_label(by, case.attributes) for case in reading.projection.cases}
    yield from sorted(label for label in found if label is not None)


def _label(by: CaseExpression, attributes: Mapping[str, Any]) -> str | None:
    """A value of `by` as text; None where the case lacks what it needs."""
    try:
        found = by.evaluate(attributes)
    except ExpressionError:
        return None
    return str(found).lower() if isinstance(found, bool) else str(found)


def _only(by: CaseExpression, label: str, keep: Keep) -> Keep:
    return lambda attributes: (keep is None or keep(attributes)) and _label(by, attributes) == label


# all replications


def kpi_results(
    plans: Sequence[KpiPlan],
    observations: Sequence[Mapping[Key, Observation | None]],
    *,
    time_line: TimeLine,
    follow_up: int,
    warm_up: int,
) -> dict[str, KpiResult]:
    """One result a KPI by its id, and ``id[value]`` for each value of its `by`; observations are one a replication."""
    found: dict[str, KpiResult] = {}
    for plan in plans:
        splits = {split for seen in observations for name, split in seen if name == plan.id} | {""}
        for split in sorted(splits):
            row = [seen.get((plan.id, split)) for seen in observations]
            result = _result(plan, split, row, _Limits(time_line, follow_up, warm_up))
            found[plan.id if not split else f"{plan.id}[{split}]"] = result
    return found


@dataclass(frozen=True, slots=True)
class _Limits:
    time_line: TimeLine
    follow_up: int
    warm_up: int

    def seconds(self, duration: Duration | None) -> float | None:
        if duration is None:
            return None
        return (self.time_line.add(self.warm_up, duration) - self.warm_up) / SECOND

    def limit(self, duration: Duration | None) -> float:
        own = self.seconds(duration)
        return self.follow_up / SECOND if own is None else min(own, self.follow_up / SECOND)


def _result(plan: KpiPlan, split: str, row: Sequence[Observation | None], limits: _Limits) -> KpiResult:
    base = KpiResult(
        id=plan.id,
        name=plan.name or {"en": plan.id},
        unit=plan.unit,
        better=plan.better,
        estimate=Estimate(mean=None, half_width=None),
        split=split,
        note=plan.note,
    )
    if isinstance(plan.measure, measures.TimeTo):
        return _time_result(base, plan, [seen for seen in row if isinstance(seen, Times | None)], limits)
    parts = [seen if isinstance(seen, Parts) else None for seen in row]
    return _quotient_result(base, plan, parts)


def _quotient_result(base: KpiResult, plan: KpiPlan, parts: Sequence[Parts | None]) -> KpiResult:
    pairs = tuple((0.0, 0.0) if seen is None else (seen.above, seen.below) for seen in parts)
    counted = isinstance(plan.measure, measures.Share | measures.PerCase | measures.HandoffShare)
    values = quotients(pairs) if counted else tuple(value(seen) for seen in parts)
    told = [seen for seen in parts if seen is not None and seen.subjects]
    return replace(
        base,
        estimate=estimate(values),
        values=values,
        parts=pairs if counted else (),
        reached=estimate(seen.finished / seen.subjects for seen in told) if told else None,
    )


def is_rare(pairs: Sequence[tuple[float, float]]) -> bool:
    """Under five a replication."""
    return bool(pairs) and fsum(below for _, below in pairs) / len(pairs) < RARE


def quotients(pairs: Sequence[tuple[float, float]], *, rare: bool | None = None) -> tuple[float | None, ...]:
    """One value a replication: its quotient, or where things are rare the pseudo-value of the quotient of all."""
    if is_rare(pairs) if rare is None else rare:
        return jackknife(pairs)
    return tuple(above / below if below else None for above, below in pairs)


def _time_result(base: KpiResult, plan: KpiPlan, row: Sequence[Times | None], limits: _Limits) -> KpiResult:
    seen = [times for times in row if times is not None]
    values = tuple(None if times is None else times.restricted for times in row)
    finished = [fsum(times.reached) / len(times.reached) / SECOND if times.reached else None for times in seen]
    return replace(
        base,
        estimate=estimate(values),
        values=values,
        limit_s=limits.limit(plan.limit),
        within_s=limits.seconds(plan.within),
        within=estimate(times.within for times in seen) if plan.within is not None else None,
        reached=estimate(len(times.reached) / times.n for times in seen if times.n),
        finished_mean=estimate(finished),
        survival=_survival(seen),
    )


def _survival(seen: Sequence[Times]) -> Survival:
    reached = [time / SECOND for times in seen for time in times.reached]
    censored = [time / SECOND for times in seen for time in times.censored]
    never = sum(times.never for times in seen)
    curve = kaplan_meier(reached, censored, never)
    thin = _thinned(curve)
    runs = [
        Run.of((t / SECOND for t in times.reached), (t / SECOND for t in times.censored), times.never) for times in seen
    ]
    return Survival(
        seconds=(0.0, *thin.times),
        waiting=(1.0, *thin.share),
        p50=curve.quantile(0.5),
        p90=curve.quantile(0.9),
        n=len(reached) + len(censored) + never,
        reached=len(reached),
        never=never,
        censored=len(censored),
        p50_half_width=quantile_half_width(runs, 0.5),
        p90_half_width=quantile_half_width(runs, 0.9),
    )


def _thinned(curve: Curve) -> Curve:
    """At most `STEPS` of its steps, evenly, the last one among them: each that is left lies on the curve."""
    n = len(curve.times)
    if n <= STEPS:
        return curve
    picked = sorted({(i + 1) * n // STEPS - 1 for i in range(STEPS)})
    return Curve(times=tuple(curve.times[i] for i in picked), share=tuple(curve.share[i] for i in picked))
