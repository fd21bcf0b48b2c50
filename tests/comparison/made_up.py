"""Scenario results from traces written by hand."""

from collections.abc import Sequence
from dataclasses import replace

from bpmn_tool.results.facts import Facts
from bpmn_tool.results.summary import Estimate, KpiResult, ScenarioResult, Unit
from bpmn_tool.results.trace import Replication
from bpmn_tool.simulation.kpis import compile_kpis
from bpmn_tool.simulation.summarise import PlanInfo, summarise
from tests.results.rows import FACTS, LINE, Trace, item_of


def scenario(name: str, runs: Sequence[Replication], facts: Facts = FACTS, seed: int = 1) -> ScenarioResult:
    info = PlanInfo(
        name=name,
        path=f"{name}.toml",
        engine="simpy",
        seed=seed,
        facts=facts,
        time_line=LINE,
        warm_up=0,
        follow_up=runs[0].follow_up,
    )
    return summarise(info, runs, compile_kpis({}))


def run_of(durations: Sequence[int], number: int, *, lost: Sequence[int] = (), follow_up: int = 10_000) -> Replication:
    """People who arrive at once and take so long each; those of `lost` (by number) wait for ever at b."""
    trace = Trace()
    stuck = {}
    for person, duration in enumerate(durations):
        case = f"people/{person}/0"
        trace.arrive(0, case, demand=0).work(case, "a", 0, duration // 2, duration, "f1", who=f"D{person}")
        if person in lost:
            handoff = (f"{case}/f1//0",)
            trace.enable(duration, case, "b", handoffs=handoff, predecessors=(item_of(case, "a"),))
            trace.ready(duration, case, "b")
            stuck[case] = ("b",)
        else:
            trace.end(duration, case)
    return trace.sorted().replication(close=100, end=20_000, follow_up=follow_up, stuck=stuck, number=number)


def with_kpi(
    result: ScenarioResult, values: Sequence[float | None], better: str | None = "lower", **more: object
) -> ScenarioResult:
    """The result with one KPI more, `k`, of these values."""
    nothing = Estimate(mean=None, half_width=None)
    kpi = KpiResult(id="k", name={}, unit=Unit.COUNT, better=better, estimate=nothing, values=tuple(values))
    return replace(result, kpis={**result.kpis, "k": replace(kpi, **more)})  # type: ignore[arg-type]
