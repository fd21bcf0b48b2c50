"""``bpmn-tool simulate``: one scenario."""

from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli import simulating
from bpmn_tool.cli.console import emit_json, safe, say, say_error, table, wants_json
from bpmn_tool.cli.simulating import AllowOutside, Jobs, NoCache, Out, Replications, Seed, Set, StudyFile
from bpmn_tool.errors import InputError
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bpmn_tool.results.summary import ScenarioResult
    from bpmn_tool.results.trace import Replication
    from bpmn_tool.simulation.load_check import RoleLoad
    from bpmn_tool.simulation.replications import Observe
    from bpmn_tool.study import Prepared


class Engine(Enum):
    """What runs replications."""

    AUTO = "auto"
    COMPILED = "compiled"
    SIMPY = "simpy"


def command(
    scenario: Annotated[Path, typer.Argument(help=_("A scenario file."), show_default=False)],
    overrides: Set = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(
            help=_("Simulate at several values: path=1..6, path=0.1..0.5/0.1 or path=1,2,4. Repeatable."),
            show_default=False,
        ),
    ] = None,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    study: StudyFile = None,
    trace: Annotated[
        Path | None, typer.Option(help=_("Write every event, as JSON lines (.jsonl)."), show_default=False)
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(help=_("Write an event log: .csv, .parquet, .xes, .xes.gz or .jsonocel."), show_default=False),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(help=_("What runs it: the results are the same. auto: compiled, where it takes the model.")),
    ] = Engine.SIMPY,
    no_cache: NoCache = False,
    out: Out = None,
    allow_outside: AllowOutside = False,
) -> int:
    """Simulate a scenario."""
    from bpmn_tool.cli.results_json import scenario_json
    from bpmn_tool.interchange.logs import log_kind
    from bpmn_tool.study import loads, prepare

    if sweep:
        from bpmn_tool.cli import sweeping

        if trace is not None or log is not None:
            raise InputError("--trace and --log are of one point: take --set with its values instead of --sweep")
        return sweeping.sweep(
            scenario, sweep, overrides or (), study,
            allow_outside=allow_outside, replications=replications, seed=seed, jobs=jobs, keep=not no_cache, out=out,
        )  # fmt: skip
    _check_ending("--trace", trace, ".jsonl")
    if log is not None:
        log_kind(log)
    prepared = prepare(scenario, overrides=overrides or (), study=study, allow_outside=allow_outside)
    prepared = _on(prepared, engine)
    _expect(prepared)
    asked = loads(prepared, seed)
    _warn_of_overload(asked)
    with ExitStack() as files:
        observe = _writers(prepared, trace, log, files)
        (result,) = simulating.run_all(
            [prepared], replications=replications, seed=seed, jobs=jobs, observe=observe, keep=not no_cache
        )
    payload = {**scenario_json(result), "load": {each.role: each.load for each in asked}}
    if wants_json():
        emit_json("simulate", payload)
    else:
        _show(result, prepared)
    if out is not None:
        say(_("Results: %(path)s") % {"path": safe(simulating.write_json(out, "simulate", payload))})
    simulating.show_warnings([result], [prepared])
    simulating.stopped([result], replications or simulating.wanted(prepared.scenario), keep=not no_cache)
    return 0


def _on(prepared: "Prepared", engine: Engine) -> "Prepared":
    """With the engine that was asked for; `auto` says why it takes the other one. Raises InputError."""
    from bpmn_tool.simulation import engine_compiled
    from bpmn_tool.study import on_engine

    if engine is Engine.SIMPY:
        return prepared
    reasons = engine_compiled.unsupported(prepared.simulation.plan)
    if not engine_compiled.is_there():
        reasons = [_("numba is not installed; it comes with bpmn-tool[compiled]")]
    if not reasons:
        say(_("The compiled engine runs this; its first run on a machine begins with compiling, about half a minute."))
        return on_engine(prepared, engine_compiled.NAME)
    if engine is Engine.COMPILED:
        raise InputError(f"--engine compiled: {'; '.join(reasons)}")
    sentence = _("The compiled engine leaves this to the other one: %(reasons)s.")
    more = f" (+{len(reasons) - 1})" if len(reasons) > 1 else ""
    say(sentence % {"reasons": safe(reasons[0]) + more})
    return prepared


def _expect(prepared: "Prepared") -> None:
    """Say before the run how many are to come, since a wrong rate is the commonest mistake."""
    from bpmn_tool.reports import words

    for stream, expected in prepared.simulation.plan.expected_arrivals.items():
        sentence = _("Expected in a run: %(number)s of %(stream)s.")
        say(sentence % {"number": words.count(expected), "stream": safe(stream)})


def _warn_of_overload(asked: "Sequence[RoleLoad]") -> None:
    """Who cannot do what comes in; queues there grow as long as the run lasts."""
    from bpmn_tool.reports import words

    sentence = _(
        "%(role)s: work comes in for %(load)s of the hours on duty; what waits will grow as long as the run lasts."
    )
    for each in asked:
        if each.load is not None and each.load > 1.0:
            say_error(sentence % {"role": safe(each.role), "load": words.share(each.load)})


def _check_ending(option: str, path: Path | None, ending: str) -> None:
    if path is not None and path.suffix.lower() != ending:
        raise InputError(f"{option} {path}: end the name in {ending}; that is what is written")


def _writers(prepared: "Prepared", trace: Path | None, log: Path | None, files: ExitStack) -> "Observe | None":
    """What sees the rows of each replication and writes them; None where nothing is to be written."""
    if trace is None and log is None:
        return None
    from bpmn_tool.interchange.event_log import JsonLinesTrace
    from bpmn_tool.interchange.logs import log_kind
    from bpmn_tool.results.projections import project

    plan = prepared.simulation.plan
    rows = files.enter_context(JsonLinesTrace(trace, plan.hash, _about(prepared))) if trace is not None else None
    about = {"scenario": prepared.scenario.name, "plan": plan.hash}
    items = files.enter_context(log_kind(log)(log, about, plan.time_line)) if log is not None else None

    def observe(replication: "Replication") -> None:
        if rows is not None:
            rows.write(replication)
        if items is not None:
            items.write(project(replication, plan.facts))

    return observe


def _about(prepared: "Prepared") -> dict[str, Any]:
    """What a replay needs to know of the scenario."""
    scenario = prepared.scenario
    return {
        "start": scenario.start.isoformat(),
        "time_zone": scenario.time_zone,
        "timed": sorted(event for event, said in scenario.events.items() if said.after is not None),
        "handed": sorted(scenario.handoffs),
    }


def _show(result: "ScenarioResult", prepared: "Prepared") -> None:
    from bpmn_tool.reports import words

    say(safe(result.name))
    say()
    simulating.show_observed([result], prepared.scenario.costs.currency)
    simulating.show_ends(result)
    simulating.show_kpis(result, prepared.scenario.costs.currency)
    rows = [
        (
            row.name,
            row.role.replace("_", " "),
            words.count(row.count),
            words.duration(row.waiting_mean_s),
            words.duration(row.processing_mean_s),
        )
        for row in sorted(result.activities.values(), key=lambda each: -each.waiting_total_s)
        if row.count
    ]
    headers = [_("Step"), _("Role"), _("Times"), _("Waits"), _("Takes")]
    table(headers, rows, title=_("Steps, most waiting first"), right=(2, 3, 4))
    show_roles(result)
    show_undefined(result)


def show_roles(result: "ScenarioResult") -> None:
    """Who is busy, and who is waited for."""
    from bpmn_tool.reports import words

    rows = [
        (
            row.name,
            row.count or words.NOTHING,
            words.share(row.utilisation.mean),
            words.NOTHING if row.queue.mean is None else words.number(row.queue.mean),
            words.number(row.hours_per_week),
        )
        for row in sorted(result.roles.values(), key=lambda each: -(each.utilisation.mean or 0.0))
    ]
    headers = [_("Role"), _("People"), _("Busy"), _("Waiting for them"), _("Hours a week")]
    table(headers, rows, title=_("Roles"), right=(1, 2, 3, 4))


def show_undefined(result: "ScenarioResult") -> None:
    """The places where nobody is named, where anybody got to them."""
    from bpmn_tool.reports import words

    rows = [
        (
            place.name,
            place.role.replace("_", " "),
            words.count(place.reached),
            words.count(place.in_vain),
            words.count(place.stuck),
        )
        for place in result.undefined
        if place.reached or place.stuck
    ]
    if rows:
        headers = [
            _("Where nobody is named"),
            _("Role"),
            _("Cases that get there"),
            _("Waited in vain"),
            _("Stuck there"),
        ]
        table(headers, rows, right=(2, 3, 4))
