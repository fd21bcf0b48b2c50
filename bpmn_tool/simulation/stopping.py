"""Running on until a KPI is known well enough: at 10, 20, 40 … replications and at the most (docs/semantics.md)."""

from collections.abc import Container, Iterator

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.results.summary import KpiResult, ScenarioResult
from bpmn_tool.scenario.scenario import Precision

FIRST = 10


def stages(most: int) -> Iterator[int]:
    """After how many replications it is looked whether they are enough; the last is `most`.

    >>> list(stages(100))
    [10, 20, 40, 80, 100]
    """
    count = FIRST
    while count < most:
        yield count
        count *= 2
    yield most


def check_goal(goal: Precision, known: Container[str], path: str) -> None:
    """Raises InputError where a precision is asked of a KPI that is not measured."""
    if goal.kpi not in known:
        place = Location(path=path, key="precision.kpi")
        raise InputError([Problem(message=f"no KPI is called '{goal.kpi}'", location=place)])


def shortfall(result: ScenarioResult, goal: Precision) -> float | None:
    """By how much the half-width of the KPI, as a part of its mean, is wider than asked; None where it is not."""
    worst = _relative(result.kpis[goal.kpi])
    return None if worst <= goal.relative else worst


def _relative(kpi: KpiResult) -> float:
    mean, half = kpi.estimate.mean, kpi.estimate.half_width
    if mean is None or half is None:
        return float("inf")
    if half == 0:
        return 0.0
    return half / abs(mean) if mean else float("inf")


def not_reached(result: ScenarioResult, goal: Precision) -> str:
    """The sentence that says so; empty where the precision is reached."""
    worst = shortfall(result, goal)
    if worst is None:
        return ""
    wide = "nothing can be said of its width" if worst == float("inf") else f"it is {worst:.1%} of the mean"
    return (
        f"the precision is not reached: after {result.replications} replications the half-width of '{goal.kpi}' is "
        f"to be at most {goal.relative:.1%} of its mean, and {wide}; raise precision.max"
    )
