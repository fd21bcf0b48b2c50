"""The whole flow on one page: read, check, play the stories, simulate each variant, compare. The result is data;
showing it is others' work.

::

    study.toml ─ read_study ─┬─ prepare(scenario) ── check ─── findings
                             │        │
                             │        └─ simulate ── ScenarioResult ─┐
                             └─ stories ── play ── StoryResult ──────┴─ compare ── StudyResult
"""

import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields, replace
from hashlib import blake2b
from importlib.metadata import version
from math import fsum
from pathlib import Path
from typing import Any

from bpmn_tool import __version__
from bpmn_tool.checks import check
from bpmn_tool.comparison.validation import held_against as held_against_world
from bpmn_tool.comparison.variants import compare
from bpmn_tool.errors import InputError, InterruptedRun, Location, Problem
from bpmn_tool.execution.build import executable
from bpmn_tool.execution.coverage import coverage
from bpmn_tool.execution.stories import play
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.interchange.result_store import opened
from bpmn_tool.interchange.scenario_ids import held_against
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.interchange.study_toml import read_story, read_study, story_files
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Register
from bpmn_tool.results.execution import Coverage, ExecutionTrace, StoryResult
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.summary import Estimate, Filling, KpiResult, Parameter, ScenarioResult, StudyResult
from bpmn_tool.results.trace import SEMANTICS, Replication
from bpmn_tool.scenario.kpis import Kpi
from bpmn_tool.scenario.scenario import Precision, Scenario
from bpmn_tool.scenario.study import Study
from bpmn_tool.simulation import engine_simpy
from bpmn_tool.simulation.coverage import role_coverage
from bpmn_tool.simulation.engine_simpy import run as run_simpy
from bpmn_tool.simulation.kpis import compile_kpis
from bpmn_tool.simulation.load_check import RoleLoad, load_check
from bpmn_tool.simulation.planning import make_plan
from bpmn_tool.simulation.replications import Observe, Pool, Simulation, nowhere, pool
from bpmn_tool.simulation.stopping import FIRST, check_goal, not_reached, shortfall, stages
from bpmn_tool.simulation.summarise import PlanInfo, ReplicationSummary, combine
from bpmn_tool.simulation.warm_up import daily_open_cases, mser5

#: opens a progress bar of so many steps with a text; the context gives what moves it on by one
Progress = Callable[[int, str], AbstractContextManager[Callable[[], object]]]

#: of one scenario in one run; each waits in memory for its turn, and more would show nothing new
MOST_REPLICATIONS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A scenario with its model and plan, ready to run. `recipe` makes it again in another process."""

    scenario: Scenario
    model: Model
    register: Register | None
    simulation: Simulation
    recipe: "Recipe"
    definitions: Mapping[str, Kpi] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()  # what was inherited for ids that this model lacks
    filling: Filling | None = None  # where its warm-up was looked for
    notes: tuple[str, ...] = ()  # sentences that its results say beside the warnings of the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to prepare a scenario: files and overrides, so that it can be sent to another process."""

    path: str
    overrides: tuple[str, ...] = ()
    study: str = ""
    allow_outside: bool = False
    engine: str = engine_simpy.NAME

    def __call__(self) -> Simulation:
        return prepare(
            self.path,
            overrides=self.overrides,
            study=self.study or None,
            allow_outside=self.allow_outside,
            engine=self.engine,
        ).simulation


def on_engine(prepared: Prepared, engine: str) -> Prepared:
    """The same, run by another engine."""
    simulation, recipe = replace(prepared.simulation, engine=engine), replace(prepared.recipe, engine=engine)
    return replace(prepared, simulation=simulation, recipe=recipe)


# -- one scenario


def prepare(
    path: Path | str,
    *,
    overrides: Iterable[str] = (),
    study: Path | str | None = None,
    allow_outside: bool = False,
    engine: str = engine_simpy.NAME,
) -> Prepared:
    """Reads a scenario, its model and register, and makes the plan; `study` gives the KPIs. `engine` is to run it, by
    name.

    Raises InputError with all that is wrong.
    """
    said = tuple(overrides)
    scenario = read_scenario(path, overrides=said, allow_outside=allow_outside)
    definitions = read_study(study, allow_outside=allow_outside).definitions if study is not None else {}
    model = read_model(*map(_shown, scenario.model))
    register = read_register(_shown(scenario.register_)) if scenario.register_ is not None else None
    checked = held_against(scenario, model, register)
    recipe = Recipe(
        path=str(path),
        overrides=said,
        study=str(study) if study is not None else "",
        allow_outside=allow_outside,
        engine=engine,
    )
    return Prepared(
        scenario=checked.scenario,
        model=model,
        register=register,
        simulation=replace(_simulation(model, register, checked.scenario, definitions), engine=engine),
        recipe=recipe,
        definitions=definitions,
        dropped=checked.dropped,
    )


def _simulation(
    model: Model, register: Register | None, scenario: Scenario, definitions: Mapping[str, Kpi]
) -> Simulation:
    plan = make_plan(model, register, scenario)
    gates = {work.gate.id: work.gate.occasion for work in plan.works.values() if work.gate is not None}
    return Simulation(plan=plan, kpis=compile_kpis(definitions, gates), identity=_identity(plan.facts, definitions))


def _identity(facts: Facts, definitions: Mapping[str, Kpi]) -> str:
    """Of what a summary rests on beside the plan: who owns what, and the definitions of the KPIs."""
    shown_only = ("names", "kinds", "role_names", "staff")  # people's hours are the plan's
    said = {each.name: getattr(facts, each.name) for each in fields(facts) if each.name not in shown_only}
    text = json.dumps([said, repr(sorted(definitions.items()))], sort_keys=True, default=_listed)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _listed(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else sorted(value)


def loads(prepared: Prepared, seed: int | None = None) -> tuple[RoleLoad, ...]:
    """What comes in for each role, beside what it can do: for a look before the run, at the cost of one replication."""
    plan = prepared.simulation.plan
    return load_check(plan, run_simpy(plan, seed=prepared.scenario.seed if seed is None else seed, replication=0))


def simulate(
    prepared: Prepared,
    workers: Pool,
    *,
    replications: int | None = None,
    seed: int | None = None,
    advance: Callable[[], object] = lambda: None,
    observe: Observe | None = None,
) -> ScenarioResult:
    """Runs the replications of a scenario and combines them. On Ctrl-C the result is of the finished ones, and says so
    (`interrupted`); with none finished, InterruptedRun goes on.
    """
    found = simulate_all([prepared], workers, replications=replications, seed=seed, advance=advance, observe=observe)
    return found[0]


def most_replications(
    prepared: Sequence[Prepared], replications: int | None = None, precision: Precision | None = None
) -> list[int]:
    """Of each scenario, how many there are at most."""
    goal = precision or prepared[0].scenario.precision
    if replications is None and goal is not None:
        return [goal.max] * len(prepared)
    return [replications if replications is not None else each.scenario.replications for each in prepared]


def simulate_all(
    prepared: Sequence[Prepared],
    workers: Pool,
    *,
    replications: int | None = None,
    precision: Precision | None = None,
    seed: int | None = None,
    advance: Callable[[], object] = lambda: None,
    observe: Observe | None = None,
) -> list[ScenarioResult]:
    """The scenarios one after the other; with a precision (the first one's, unless one is given, or `replications`) as
    often as it takes for all of them. On Ctrl-C there are results of those that have any, the last one `interrupted`;
    with none, InterruptedRun goes on.
    """
    most = most_replications(prepared, replications, precision)
    for each, count in zip(prepared, most, strict=True):
        if count > MOST_REPLICATIONS:
            place = Location(path=each.scenario.path, key="replications")
            raise InputError([Problem(message=f"at most {MOST_REPLICATIONS} in one run", location=place)])
    goal = None if replications is not None else precision or prepared[0].scenario.precision
    seeds = [seed if seed is not None else each.scenario.seed for each in prepared]
    prepared = settled(prepared, workers, seeds)
    runs = [_Run(*pair, workers, advance, observe) for pair in zip(prepared, seeds, strict=True)]
    if goal is None:
        found = []
        for run, count in zip(runs, most, strict=True):
            found.append(run.up_to(count))
            if found[-1].interrupted:
                break
        return found
    for each in prepared:
        check_goal(goal, {kpi.id for kpi in each.simulation.kpis}, each.scenario.path)
    return _to_precision(runs, goal)


@dataclass(slots=True)
class _Run:
    """Replications of one scenario, as far as they have come."""

    prepared: Prepared
    seed: int
    workers: Pool
    advance: Callable[[], object]
    observe: Observe | None
    summaries: list[ReplicationSummary] = field(default_factory=list)

    def up_to(self, count: int) -> ScenarioResult:
        """The result of the first `count`."""
        interrupted = False
        numbers = range(len(self.summaries), count)
        try:
            self.summaries += self.workers.run(
                self.prepared.simulation, self.prepared.recipe, numbers,
                seed=self.seed, advance=self.advance, observe=self.observe,
            )  # fmt: skip
        except InterruptedRun as stopped:
            self.summaries += list(stopped.finished)
            interrupted = True
            if not self.summaries:
                raise
        return _combined(self.prepared, self.summaries, self.seed, interrupted=interrupted)


def _to_precision(runs: Sequence[_Run], goal: Precision) -> list[ScenarioResult]:
    """All scenarios go on to the same number of replications, until each is as exact as asked; what is not says so."""
    found: list[ScenarioResult] = []
    for count in stages(goal.max):
        before, found = found, []
        for run in runs:
            found.append(run.up_to(count))
            if found[-1].interrupted:  # what all have is what can be compared
                return [*before[:-1], replace(before[-1], interrupted=True)] if before else found
        if all(shortfall(each, goal) is None for each in found):
            break
    return [
        replace(each, warnings=(*each.warnings, sentence)) if (sentence := not_reached(each, goal)) else each
        for each in found
    ]


def settled(prepared: Sequence[Prepared], workers: Pool, seeds: Sequence[int]) -> list[Prepared]:
    """The scenarios with a length for `warm_up = "auto"`: the longest that any of them takes to fill, by the first
    replications of each. Raises InputError where one does not settle in the first half of its run.
    """
    asked = [each.scenario.warm_up == "auto" for each in prepared]
    if not any(asked):
        return list(prepared)
    found = [
        _fills(each, workers, seed) if auto else None for each, auto, seed in zip(prepared, asked, seeds, strict=True)
    ]
    days = max(each.own for each in found if each is not None)
    note = f"the first {days} days are warm-up and not counted (MSER-5)"
    return [
        each
        if fills is None
        else replace(_again(each, f"warm_up=P{days}D"), notes=(*each.notes, note), filling=replace(fills, warm_up=days))
        for each, fills in zip(prepared, found, strict=True)
    ]


def _fills(prepared: Prepared, workers: Pool, seed: int) -> Filling:
    pilot = _again(prepared, "warm_up=P0D", "follow_up=PT0S")
    found: list[list[float]] = []

    def watch(replication: Replication) -> None:
        found.append(daily_open_cases(replication, pilot.simulation.plan.facts))

    count = min(FIRST, prepared.scenario.replications)
    workers.run(pilot.simulation, pilot.recipe, range(count), seed=seed, observe=watch)
    means = tuple(fsum(day) / count for day in zip(*found, strict=False))
    days = mser5(means)
    if days is None:
        message = (
            '"auto" finds no warm-up: the number of open cases does not settle in the first half of the run; '
            "give a longer horizon, or a length such as P6M"
        )
        raise InputError([Problem(message=message, location=Location(path=prepared.scenario.path, key="warm_up"))])
    return Filling(warm_up=days, own=days, open_cases=means)


def _again(prepared: Prepared, *changes: str) -> Prepared:
    """The same scenario, by the same name, with something else in it."""
    recipe = prepared.recipe
    found = prepare(
        recipe.path,
        overrides=(*recipe.overrides, *changes),
        study=recipe.study or None,
        allow_outside=recipe.allow_outside,
        engine=recipe.engine,
    )
    return replace(found, scenario=found.scenario.model_copy(update={"name": prepared.scenario.name}))


def _combined(
    prepared: Prepared, summaries: Sequence[ReplicationSummary], seed: int, *, interrupted: bool
) -> ScenarioResult:
    plan = prepared.simulation.plan
    info = PlanInfo(
        name=prepared.scenario.name,
        path=prepared.scenario.path,
        engine=prepared.simulation.engine,
        seed=seed,
        facts=plan.facts,
        time_line=plan.time_line,
        warm_up=plan.warm_up,
        follow_up=plan.follow_up,
        expected_arrivals=plan.expected_arrivals,
        warnings=(*plan.warnings, *prepared.notes),
        provenance={"plan": plan.hash, "semantics": SEMANTICS},
    )
    result = combine(summaries, info, prepared.simulation.kpis, interrupted=interrupted)
    result = replace(result, kpis={name: _of_the_model(prepared, kpi) for name, kpi in result.kpis.items()})
    observations = held_against_world(prepared.scenario.observed, result)
    return replace(result, observations=observations, filling=prepared.filling)


def _of_the_model(prepared: Prepared, kpi: KpiResult) -> KpiResult:
    """A KPI that the drawing and the register tell, not a run: it has no interval."""
    definition = prepared.definitions.get(kpi.id)
    if definition is None or definition.coverage is None:
        return kpi
    share = role_coverage(prepared.simulation.plan.facts, prepared.register, definition.coverage.with_)
    return replace(kpi, estimate=Estimate(mean=share, half_width=None, n=kpi.estimate.n))


# -- a whole study


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRun:
    """The result of a study, with the models that its diagrams are drawn from, by scenario."""

    result: StudyResult
    models: Mapping[str, Model]
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def run_study(
    path: Path | str,
    *,
    progress: Progress,
    texts: Mapping[str, str],
    jobs: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    allow_outside: bool = False,
    keep: bool = False,
) -> StudyRun:
    """The main job. `texts` are the words of the progress bar: "stories" and "simulate". Raises InputError with all
    that is wrong, before anything is run; InterruptedRun on Ctrl-C, unless each scenario has something to show.
    `keep`: replications are kept in the user's cache folder, and those that are there are not run again.
    """
    study = read_study(path, allow_outside=allow_outside)
    variants = _prepare_all(study, path, allow_outside=allow_outside)
    count = replications if replications is not None else study.replications
    goal = study.precision if count is None else None
    used_seed = seed if seed is not None else study.seed
    stories, traces = _play(study, variants, progress, texts["stories"], allow_outside=allow_outside)
    total = sum(most_replications(variants, count, goal))
    with (
        pool(jobs or os.cpu_count() or 1, opened if keep else nowhere) as workers,
        progress(total, texts["simulate"]) as advance,
    ):
        seeds = [used_seed if used_seed is not None else each.scenario.seed for each in variants]
        variants = settled(variants, workers, seeds)
        found = simulate_all(variants, workers, replications=count, precision=goal, seed=used_seed, advance=advance)
        if len(found) < len(variants):  # the rest has nothing to be compared by
            raise InterruptedRun(range(sum(each.replications for each in found)))
        results = [
            _with_bounds(each, result, workers, allow_outside=allow_outside)
            for each, result in zip(variants, found, strict=True)
        ]
    result = StudyResult(
        name=study.name,
        question=study.question,
        scenarios=tuple(results),
        comparisons=compare(results, study.kpis.verdict or None, [frozenset(v.model.flow_nodes) for v in variants]),
        verdict_kpis=study.kpis.verdict,
        findings={each.scenario.name: check(each.model, each.register) for each in variants},
        stories=stories,
        coverage=tuple(_coverage(variants, traces)),
        parameters={each.scenario.name: parameters(each.scenario) for each in variants},
        time_zone=variants[0].scenario.time_zone,
        currency=variants[0].scenario.costs.currency,
        provenance=provenance(),
    )
    return StudyRun(
        result=result,
        models={each.scenario.name: each.model for each in variants},
        dropped={each.scenario.name: each.dropped for each in variants if each.dropped},
    )


def _prepare_all(study: Study, path: Path | str, *, allow_outside: bool) -> list[Prepared]:
    """Every scenario of the study; all that is wrong with any of them at once."""
    found: list[Prepared] = []
    problems: list[Problem] = []
    for scenario in study.scenarios:
        try:
            found.append(prepare(_shown(scenario), study=path, allow_outside=allow_outside))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(dict.fromkeys(problems))
    _same_world(study, found)
    return found


def _same_world(study: Study, variants: Sequence[Prepared]) -> None:
    """Start, horizon, warm-up and demand are equal in all scenarios of a study, and names differ."""
    first = variants[0].scenario
    for other in variants[1:]:
        for key in ("start", "time_zone", "horizon", "cases", "warm_up", "demand"):
            if getattr(other.scenario, key) != getattr(first, key):
                raise InputError(
                    f"{other.scenario.path}: {key}: differs from {first.path}; "
                    "in a study it is the same for all, or nothing can be compared"
                )
    names = [each.scenario.name for each in variants]
    for name in sorted({n for n in names if names.count(n) > 1}):
        raise InputError(f"{study.path}: two scenarios are called '{name}'; results are told apart by name")


def _shown(path: Path) -> str:
    """A path as messages and reports show it: from here where it lies below, else whole."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _with_bounds(prepared: Prepared, result: ScenarioResult, workers: Pool, *, allow_outside: bool) -> ScenarioResult:
    """Where work reached somebody undefined: the KPIs if nobody did it, and if somebody always had time. What defining
    the role can change lies between.
    """
    if not any(each.reached or each.stuck for each in result.undefined) or result.interrupted:
        return result
    bounds: dict[str, dict[str, Estimate]] = {}
    for policy in ("absent", "unlimited"):
        if policy == prepared.scenario.undefined_roles.policy:
            found = result
        else:
            again = prepare(
                prepared.recipe.path,
                overrides=(*prepared.recipe.overrides, f"undefined_roles.policy={policy}"),
                study=prepared.recipe.study or None,
                allow_outside=allow_outside,
            )
            found = simulate(again, workers, replications=result.replications, seed=result.seed)
            if found.interrupted:  # a bound of fewer replications bounds nothing
                raise InterruptedRun(range(result.replications))
        for name, kpi in found.kpis.items():
            bounds.setdefault(name, {})[policy] = kpi.estimate
    return replace(result, bounds=bounds)


# -- stories


def _play(
    study: Study, variants: Sequence[Prepared], progress: Progress, text: str, *, allow_outside: bool
) -> tuple[tuple[StoryResult, ...], dict[str, list[ExecutionTrace]]]:
    """Plays every story of the study whose model is one of the variants'."""
    by_model = {_key(each.model): each for each in variants}
    built = {key: executable(each.model) for key, each in by_model.items()}
    files = list(story_files(study.stories))
    results: list[StoryResult] = []
    traces: dict[str, list[ExecutionTrace]] = {key: [] for key in by_model}
    with progress(len(files), text) as advance:
        for file in files:
            story = read_story(_shown(file), allow_outside=allow_outside)
            key = tuple(str(Path(model).resolve()) for model in story.model)
            advance()
            if str(key) not in by_model:
                continue
            played = play(built[str(key)], by_model[str(key)].register, story)
            results.append(played)
            if played.trace is not None:
                traces[str(key)].append(played.trace)
    return tuple(results), traces


def _key(model: Model) -> str:
    return str(tuple(str(Path(source.path).resolve()) for source in model.sources))


def _coverage(variants: Sequence[Prepared], traces: Mapping[str, list[ExecutionTrace]]) -> Iterable[Coverage]:
    for each in variants:
        if found := traces.get(_key(each.model)):
            yield coverage(each.model, found)


# -- what stands beside results


def parameters(scenario: Scenario) -> tuple[Parameter, ...]:
    """The numbers of a scenario with their ranges and sources, by key path."""

    def text(value: Any) -> str:
        return "" if value is None else str(value)

    return tuple(
        Parameter(
            path=path,
            value=text(each.value),
            status=each.status,
            low=text(each.low),
            high=text(each.high),
            source=each.source,
        )
        for path, each in scenario.provenance.items()
    )


def provenance() -> dict[str, Any]:
    """Versions of what the numbers depend on."""
    packages = ("SpiffWorkflow", "simpy", "numpy", "scipy", "holidays", "tzdata")
    return {
        "bpmn-tool": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        **{package: version(package) for package in packages},
    }
