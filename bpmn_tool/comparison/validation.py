"""Whether a simulation reproduces what really happened, before anything is concluded from it (Law, Simulation Modeling
and Analysis, 5th ed., 5.6: comparison with the existing system).

What was observed rests on few cases, so it is asked whether so many cases drawn from the simulated distribution would
show it: inside the 95 % interval it is reproduced.
"""

import math
from collections.abc import Mapping
from itertools import pairwise

from scipy import stats

from bpmn_tool.instants import Duration
from bpmn_tool.instants.units import DAY, SECOND
from bpmn_tool.results.summary import KpiResult, Observation, ScenarioResult, Unit
from bpmn_tool.scenario.scenario import Observed

LEVEL = 0.95
_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def held_against(observed: Mapping[str, Observed], result: ScenarioResult) -> tuple[Observation, ...]:
    """Each statistic that was observed beside what the simulation gives; `result` has the KPIs that were measured."""
    return tuple(
        _judged(name, each, statistic, value, result.kpis.get(name))
        for name, each in observed.items()
        for statistic in ("median", "p90", "mean", "share")
        if (value := getattr(each, statistic)) is not None
    )


def _judged(
    name: str, given: Observed, statistic: str, value: "float | Duration", kpi: KpiResult | None
) -> Observation:
    interval: tuple[float, float] | None = None
    simulated, reason = _simulated(kpi, statistic), ""
    if kpi is None:
        reason = "not measured"
    elif given.n is None:
        reason = "n is not given"
    else:
        interval = _interval(kpi, statistic, given.n)
        reason = "" if interval is not None else "too little was simulated"
    seen = _number(value)
    return Observation(
        kpi=name,
        statistic=statistic,
        unit=Unit.SHARE if statistic == "share" else kpi.unit if kpi is not None else Unit.COUNT,
        observed=seen,
        n=given.n or 0,
        period=given.period or "",
        source=given.source,
        simulated=simulated,
        low=None if interval is None else interval[0],
        high=None if interval is None else interval[1],
        reproduced=None if interval is None else interval[0] <= seen <= interval[1],
        reason=reason,
    )


def _number(value: "float | Duration") -> float:
    """Durations in seconds: a year has 365 days, a month a twelfth of it, as in rates."""
    if not isinstance(value, Duration):
        return float(value)
    days = value.years * 365 + value.months * 365 / 12 + value.weeks * 7 + value.days
    return (days * DAY + value.ticks) / SECOND


def _simulated(kpi: KpiResult | None, statistic: str) -> float | None:
    if kpi is None:
        return None
    curve = kpi.survival
    match statistic:
        case "median":
            return curve.p50 if curve is not None else kpi.estimate.mean
        case "p90":
            return curve.p90 if curve is not None else None
        case "share":
            return (kpi.within or kpi.estimate).mean
        case _:
            return kpi.estimate.mean if curve is None else _moments(kpi)[0]


def _interval(kpi: KpiResult, statistic: str, n: int) -> tuple[float, float] | None:
    """Where the statistic of n cases lies with 95 %, as simulated."""
    if statistic == "share":
        share = (kpi.within or kpi.estimate).mean
        if share is None:
            return None
        low, high = (float(stats.binom.ppf(p, n, share)) / n for p in _TAILS)
        return (low, high)
    if kpi.survival is None:
        return _of_replications(kpi)
    if statistic in ("median", "p90"):
        return _of_order(kpi, 0.5 if statistic == "median" else 0.9, n)
    mean, deviation = _moments(kpi)
    if mean is None:
        return None
    reach = float(stats.t.ppf(_TAILS[1], max(n - 1, 1))) * deviation / math.sqrt(n)
    return (mean - reach, mean + reach)


def _of_order(kpi: KpiResult, share: float, n: int) -> tuple[float, float] | None:
    """The k-th of n cases, k = ceil(share n), has the distribution function's value Beta(k, n - k + 1); David and
    Nagaraja, Order Statistics, 2.1.
    """
    k = min(max(math.ceil(share * n), 1), n)
    found = [_quantile(kpi, float(stats.beta.ppf(p, k, n - k + 1))) for p in _TAILS]
    return None if found[0] is None else (found[0], math.inf if found[1] is None else found[1])


def _quantile(kpi: KpiResult, share: float) -> float | None:
    """By when so many got there; None: not so many ever do."""
    assert kpi.survival is not None
    steps = zip(kpi.survival.seconds, kpi.survival.waiting, strict=True)
    return next((at for at, waiting in steps if waiting <= 1 - share + 1e-12), None)


def _moments(kpi: KpiResult) -> tuple[float | None, float]:
    """Mean and standard deviation of those that got there, which is whom an average of real cases is about."""
    assert kpi.survival is not None
    waiting = (1.0, *kpi.survival.waiting)
    weights = [max(before - after, 0.0) for before, after in pairwise(waiting)]
    whole = math.fsum(weights)
    if not whole:
        return None, 0.0
    mean = math.fsum(w * at for w, at in zip(weights, kpi.survival.seconds, strict=True)) / whole
    if kpi.finished_mean is not None and kpi.finished_mean.mean is not None:
        mean = kpi.finished_mean.mean
    square = math.fsum(w * (at - mean) ** 2 for w, at in zip(weights, kpi.survival.seconds, strict=True)) / whole
    return mean, math.sqrt(square)


def _of_replications(kpi: KpiResult) -> tuple[float, float] | None:
    """Where one more replication would lie: what was observed is one run of the world."""
    values = [value for value in kpi.values if value is not None]
    if len(values) < 2:
        return None
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    reach = float(stats.t.ppf(_TAILS[1], len(values) - 1)) * spread * math.sqrt(1 + 1 / len(values))
    return (mean - reach, mean + reach)
