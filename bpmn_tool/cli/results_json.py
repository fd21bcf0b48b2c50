"""Results of simulations as ``--json`` promises them: times in seconds, counts as means over the replications."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bpmn_tool.results.little import little
from bpmn_tool.results.summary import (
    ActivityResult,
    Estimate,
    HandoffResult,
    KpiComparison,
    KpiResult,
    Observation,
    RoleResult,
    ScenarioResult,
    VariantComparison,
)
from bpmn_tool.results.trace import SEMANTICS, Cause


def scenario_json(result: ScenarioResult) -> dict[str, Any]:
    """All of one scenario."""
    counts = result.counts
    return {
        "name": result.name,
        "path": result.path,
        "engine": result.engine,
        "semantics": SEMANTICS,
        "replications": result.replications,
        "interrupted": result.interrupted,
        "seed": result.seed,
        "cases": {name: getattr(counts, name) for name in counts.__dataclass_fields__},
        "kpis": {name: kpi_json(kpi) for name, kpi in result.kpis.items()},
        "activities": {name: _activity(row) for name, row in result.activities.items()},
        "roles": {name: _role(row) for name, row in result.roles.items()},
        "flows": result.flows,
        "ends": result.ends,
        "handoffs": [_handoff(row) for row in result.handoffs.values()],
        "undefined": [
            {
                "element": u.element,
                "name": u.name,
                "role": u.role,
                "stuck": u.stuck,
                "reached": u.reached,
                "in_vain": u.in_vain,
            }
            for u in result.undefined
        ],
        "stuck_at": result.stuck_at,
        "bounds": {
            kpi: {policy: estimate_json(found) for policy, found in policies.items()}
            for kpi, policies in result.bounds.items()
        },
        "series": {
            name: {"days": row.days, "median": row.median, "low": row.low, "high": row.high}
            for name, row in result.series.items()
        },
        "observed": [_observation(each) for each in result.observations],
        "little": None if (law := little(result)) is None else asdict(law),
        "filling": None if result.filling is None else asdict(result.filling),
        "costs": {**asdict(result.costs), "total": result.costs.total},
        "expected_arrivals": result.expected_arrivals,
        "warnings": result.warnings,
        "provenance": result.provenance,
    }


def _observation(each: Observation) -> dict[str, Any]:
    """`high` is null also where not so many ever get there."""
    return {
        "kpi": each.kpi,
        "statistic": each.statistic,
        "unit": each.unit.value,
        "observed": each.observed,
        "n": each.n,
        "period": each.period,
        "source": each.source,
        "simulated": each.simulated,
        "low": each.low,
        "high": None if each.high is None or math.isinf(each.high) else each.high,
        "level": 0.95,
        "reproduced": each.reproduced,
        "reason": each.reason,
    }


def estimate_json(found: Estimate) -> dict[str, Any]:
    return {"mean": found.mean, "half_width": found.half_width, "level": found.level, "n": found.n}


def kpi_json(kpi: KpiResult) -> dict[str, Any]:
    """`reached` and `censored` are shares of those who set out; p50 and p90 are null where they are not reached."""
    survival = kpi.survival
    return {
        "name": kpi.name,
        **estimate_json(kpi.estimate),
        "unit": kpi.unit.value,
        "better": kpi.better,
        "p50": survival.p50 if survival is not None else None,
        "p50_half_width": survival.p50_half_width if survival is not None else None,
        "p90": survival.p90 if survival is not None else None,
        "p90_half_width": survival.p90_half_width if survival is not None else None,
        "reached": kpi.reached.mean if kpi.reached is not None else None,
        "censored": survival.censored / survival.n if survival is not None and survival.n else None,
        "never": survival.never / survival.n if survival is not None and survival.n else None,
        "limit_s": kpi.limit_s,
        "within_s": kpi.within_s,
        "within": estimate_json(kpi.within) if kpi.within is not None else None,
        "finished_mean": estimate_json(kpi.finished_mean) if kpi.finished_mean is not None else None,
        "note": kpi.note,
    }


def _causes(causes: Mapping[Cause, float]) -> dict[str, float]:
    return {cause.value: causes.get(cause, 0.0) for cause in Cause}


def _activity(row: ActivityResult) -> dict[str, Any]:
    return {
        "name": row.name,
        "role": row.role,
        "count": row.count,
        "waiting": {"total_s": row.waiting_total_s, "mean_s": row.waiting_mean_s},
        "processing": {"total_s": row.processing_total_s, "mean_s": row.processing_mean_s},
        "causes": _causes(row.causes_s),
        "cost": row.cost,
    }


def _role(row: RoleResult) -> dict[str, Any]:
    return {
        "name": row.name,
        "count": row.count,
        "utilisation": row.utilisation.mean,
        "queue": row.queue.mean,
        "hours_per_week": row.hours_per_week,
        "waiting_s": row.waiting_total_s,
        "causes": _causes(row.causes_s),
        "hours": asdict(row.hours),
        "cost": row.cost,
    }


def _handoff(row: HandoffResult) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "from": row.source,
        "to": row.target,
        "sent": row.sent,
        "accepted": row.accepted,
        "declined": row.declined,
        "lost": row.lost,
        "late": row.late,
        "withdrawn": row.withdrawn,
        "open": row.open,
        "bounces": row.bounces,
        "waiting": {"total_s": row.waiting_total_s, "mean_s": row.waiting_mean_s},
    }


def comparison(scenarios: Sequence[ScenarioResult], comparisons: Sequence[VariantComparison]) -> dict[str, Any]:
    """The first scenario is the baseline; pairing is stated for each variant, and at the top of the worst of them."""
    worst = min(comparisons, key=lambda variant: variant.paired, default=None)
    return {
        "baseline": scenarios[0].name,
        "pairing": {"steps": worst.steps if worst else 0, "paired": worst.paired if worst else 0},
        "variants": [_variant(variant) for variant in comparisons],
    }


def _variant(variant: VariantComparison) -> dict[str, Any]:
    return {
        "name": variant.name,
        "pairing": {
            "steps": variant.steps,
            "paired": variant.paired,
            "cases": variant.cases,
            "cases_paired": variant.cases_paired,
        },
        "kpis": {name: _compared(row) for name, row in variant.kpis.items()},
    }


def _compared(row: KpiComparison) -> dict[str, Any]:
    return {
        "baseline": row.baseline.mean,
        "variant": row.variant.mean,
        "difference": estimate_json(row.difference),
        "p_value": row.p_value,
        "verdict": row.verdict.value,
        "reason": row.reason,
        "variance_ratio": row.variance_ratio,
    }
