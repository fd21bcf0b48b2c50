"""Variants against the baseline: paired differences, verdicts in words, and what cannot be compared and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bpmn_tool.comparison.intervals import Paired, holm, paired
from bpmn_tool.messages import N_
from bpmn_tool.results.estimates import LEVEL, estimate
from bpmn_tool.results.summary import (
    Estimate,
    KpiComparison,
    KpiResult,
    ScenarioResult,
    Unit,
    VariantComparison,
    Verdict,
)
from bpmn_tool.simulation.kpis import is_rare, quotients

#: more cases that never end than this, and amounts of a case are held to be compared with care
LOST: Final = 0.01

NO_OBSERVATION: Final = N_("nothing was observed in two replications or more of both")
OTHER_DEMAND: Final = N_("the demand is not the same in both")
UNPAIRED: Final = N_("the runs do not belong together: other seed or number of replications")
OTHER_LIMIT: Final = N_("it is measured up to different limits")
LOSES_CASES: Final = N_("the one that looks better loses more of its cases")
NO_DIRECTION: Final = N_("nobody says whether lower or higher is better")


@dataclass(frozen=True, slots=True)
class _Pair:
    """One KPI of one variant, before all tests of the study are known."""

    baseline: KpiResult
    variant: KpiResult
    result: Paired
    reason: str


def compare(
    scenarios: Sequence[ScenarioResult],
    verdict_kpis: Iterable[str] | None = None,
    steps: Sequence[frozenset[str]] | None = None,
    level: float = LEVEL,
) -> tuple[VariantComparison, ...]:
    """Each scenario after the first against the first.

    `verdict_kpis`: the KPIs that carry the comparison (None: all that say what is better); they are tested
    together, Holm over all of them and all variants at 1 - `level`, and so are the others among themselves.
    `steps`: ids of the flow nodes of each scenario's model.
    """
    baseline, *variants = scenarios
    pairs = {
        (n, name): _pair(baseline, variant, name, level)
        for n, variant in enumerate(variants)
        for name in baseline.kpis
        if name in variant.kpis
    }
    wanted = None if verdict_kpis is None else frozenset(verdict_kpis)
    adjusted = {**_adjusted(pairs, wanted, carrying=True), **_adjusted(pairs, wanted, carrying=False)}
    found = []
    for n, variant in enumerate(variants):
        kpis = {
            name: _comparison(pairs[n, name], adjusted.get((n, name)), level)
            for name in baseline.kpis
            if (n, name) in pairs
        }
        own = (frozenset[str](), frozenset[str]()) if steps is None else (steps[0], steps[n + 1])
        found.append(_variant(baseline, variant, kpis, own))
    return tuple(found)


def _adjusted(
    pairs: Mapping[tuple[int, str], _Pair], wanted: frozenset[str] | None, *, carrying: bool
) -> dict[tuple[int, str], float]:
    """Holm within the KPIs that carry the comparison, and within all others (splits by `by` among them)."""
    return holm(
        {
            key: pair.result.p_value
            for key, pair in pairs.items()
            if pair.result.p_value is not None and not pair.reason and pair.baseline.better is not None
            if ((wanted is None or pair.baseline.id in wanted) and not pair.baseline.split) is carrying
        }
    )


def _variant(
    baseline: ScenarioResult,
    variant: ScenarioResult,
    kpis: Mapping[str, KpiComparison],
    steps: tuple[frozenset[str], frozenset[str]],
) -> VariantComparison:
    together = [
        (_world(baseline, i), _world(variant, i)) for i in range(min(len(baseline.persons), len(variant.persons)))
    ]
    return VariantComparison(
        name=variant.name,
        kpis=kpis,
        steps=len(steps[0]),
        paired=len(steps[0] & steps[1]),
        cases=sum(len(persons) for persons, _ in together),
        cases_paired=sum(len(persons & others) for persons, others in together),
    )


def _world(scenario: ScenarioResult, replication: int) -> frozenset[tuple[str, int, int]]:
    """(stream, number, tick of the demand) of each person of the cohort."""
    streams = scenario.persons[replication]
    return frozenset((stream, number, tick) for stream, persons in streams.items() for number, tick in persons)


def _pair(baseline: ScenarioResult, variant: ScenarioResult, name: str, level: float) -> _Pair:
    ours, theirs = _alike(baseline.kpis[name], variant.kpis[name], level)
    reason = _not_comparable(baseline, variant, ours, theirs)
    if len(ours.values) != len(theirs.values):
        nothing = Estimate(mean=None, half_width=None, level=level)
        return _Pair(ours, theirs, Paired(difference=nothing, p_value=None, variance_ratio=None), reason)
    result = paired(ours.values, theirs.values, level)
    if not reason and result.p_value is None:
        reason = NO_OBSERVATION
    if not reason and ours.better is None:
        reason = NO_DIRECTION
    if not reason and _loses(ours, theirs, result):
        reason = LOSES_CASES
    return _Pair(ours, theirs, result, reason)


def _alike(ours: KpiResult, theirs: KpiResult, level: float) -> tuple[KpiResult, KpiResult]:
    """Where a quotient is rare in one of the two it is estimated as a whole in both."""
    if not (ours.parts and theirs.parts):
        return ours, theirs
    rare = is_rare(ours.parts) or is_rare(theirs.parts)
    return _estimated(ours, rare, level), _estimated(theirs, rare, level)


def _estimated(kpi: KpiResult, rare: bool, level: float) -> KpiResult:
    values = quotients(kpi.parts, rare=rare)
    return replace(kpi, values=values, estimate=estimate(values, level))


def _not_comparable(baseline: ScenarioResult, variant: ScenarioResult, ours: KpiResult, theirs: KpiResult) -> str:
    """Why the two figures cannot be held against each other, "" where they can."""
    if baseline.seed != variant.seed or len(ours.values) != len(theirs.values):
        return UNPAIRED
    if not _same_demand(baseline, variant):
        return OTHER_DEMAND
    if ours.limit_s != theirs.limit_s:
        return OTHER_LIMIT
    return ""


def _same_demand(baseline: ScenarioResult, variant: ScenarioResult) -> bool:
    """Whether the world is the same, person by person; of streams that are a door's own, those that both have."""
    if baseline.demand_streams != variant.demand_streams:
        return False
    for ours, theirs in zip(baseline.persons, variant.persons, strict=False):
        streams = baseline.demand_streams or tuple(ours.keys() & theirs.keys())
        if not streams and (ours or theirs):
            return False
        if any(ours.get(stream) != theirs.get(stream) for stream in streams):
            return False
    return True


def _loses(ours: KpiResult, theirs: KpiResult, result: Paired) -> bool:
    """Whether the one that looks better ends fewer of its cases; times count those, who stay at risk to the limit."""
    if ours.unit is Unit.SECONDS and ours.limit_s is not None:
        return False
    if ours.better is None or not result.difference.mean or ours.reached is None or theirs.reached is None:
        return False
    if ours.reached.mean is None or theirs.reached.mean is None:
        return False
    variant_wins = (result.difference.mean < 0) == (ours.better == "lower")
    winner, loser = (theirs.reached, ours.reached) if variant_wins else (ours.reached, theirs.reached)
    assert winner.mean is not None
    assert loser.mean is not None
    return winner.mean < loser.mean - LOST


def _comparison(pair: _Pair, adjusted: float | None, level: float) -> KpiComparison:
    return KpiComparison(
        kpi=pair.baseline.id,
        baseline=pair.baseline.estimate,
        variant=pair.variant.estimate,
        difference=pair.result.difference,
        p_value=pair.result.p_value,
        verdict=_verdict(pair, adjusted, level),
        reason=pair.reason,
        variance_ratio=pair.result.variance_ratio,
    )


def _verdict(pair: _Pair, adjusted: float | None, level: float) -> Verdict:
    if pair.reason:
        return Verdict.NOT_COMPARABLE
    if adjusted is None or adjusted >= 1.0 - level or not pair.result.difference.mean:
        return Verdict.NO_DIFFERENCE
    lower = pair.result.difference.mean < 0
    return Verdict.BETTER if lower == (pair.baseline.better == "lower") else Verdict.WORSE
