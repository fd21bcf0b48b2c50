"""Little's law as a diagnostic (Little, Operations Research 9 (1961) 383-387)."""

from dataclasses import dataclass

from bpmn_tool.instants.units import SECOND, WEEK
from bpmn_tool.results.summary import ScenarioResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Little:
    """`open_cases` is L, the mean number of open cases; `rate_times_time` is λW: cases that end a week, times the mean
    time of those that ended. They are the same in the long run; far apart, the run has not settled, or loses cases.
    """

    open_cases: float
    rate_times_time: float


def little(result: ScenarioResult) -> Little | None:
    """None where one of the three was not observed, or a study measures something else by that name."""
    found = [result.kpis.get(name) for name in ("open_cases", "throughput", "cycle_time")]
    if any(kpi is None for kpi in found):
        return None
    level, rate, time = (kpi for kpi in found if kpi is not None)
    mean = time.finished_mean.mean if time.finished_mean is not None else None
    if level.estimate.mean is None or rate.estimate.mean is None or mean is None:
        return None
    return Little(open_cases=level.estimate.mean, rate_times_time=rate.estimate.mean * mean * SECOND / WEEK)
