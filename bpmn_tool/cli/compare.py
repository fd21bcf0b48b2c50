"""``bpmn-tool compare``: scenarios against the first of them, run by run."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli import simulating
from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
from bpmn_tool.cli.simulating import AllowOutside, Jobs, NoCache, Out, Replications, Seed, Set, StudyFile
from bpmn_tool.errors import InputError
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.errors import Problem
    from bpmn_tool.results.summary import ScenarioResult, VariantComparison
    from bpmn_tool.study import Prepared


def command(
    scenarios: Annotated[
        list[Path], typer.Argument(help=_("Scenario files; the first is the baseline."), show_default=False)
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(
            help=_("Make a variant of the baseline on the spot: 'NAME: path=value, path=value'. Repeatable."),
            show_default=False,
        ),
    ] = None,
    overrides: Set = None,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    study: StudyFile = None,
    no_cache: NoCache = False,
    xlsx: Annotated[
        Path | None, typer.Option(dir_okay=False, help=_("Write all tables as a workbook (.xlsx)."), show_default=False)
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(file_okay=False, help=_("Draw the figures into this folder, as slides."), show_default=False),
    ] = None,
    out: Out = None,
    allow_outside: AllowOutside = False,
) -> int:
    """Compare scenarios with the first one, case by case."""
    from bpmn_tool.cli.results_json import comparison, scenario_json
    from bpmn_tool.comparison.variants import compare

    if xlsx is not None and xlsx.suffix.lower() != ".xlsx":
        raise InputError(f"--xlsx {xlsx}: end the name in .xlsx; that is what is written")
    prepared = _prepared(scenarios, variant or [], overrides or [], study, allow_outside=allow_outside)
    first = prepared[0].scenario
    fixed = replications or (None if first.precision else first.replications)
    count, used = fixed or simulating.wanted(first), seed if seed is not None else first.seed
    results = simulating.run_all(prepared, replications=fixed, seed=used, jobs=jobs, keep=not no_cache)
    steps = [frozenset(each.model.flow_nodes) for each in prepared]
    compared = compare(results, _verdict_kpis(study, allow_outside=allow_outside), steps[: len(results)])
    payload = {**comparison(results, compared), "scenarios": [scenario_json(result) for result in results]}
    if wants_json():
        emit_json("compare", payload)
    else:
        paths = [each.model.path for each in prepared]
        simulating.show_observed(results, first.costs.currency)
        show_comparison(results, compared, first.costs.currency, paths[: len(results)])
    _write(results, compared, first.costs.currency, _verdict_kpis(study, allow_outside=allow_outside), xlsx, figures)
    if out is not None:
        say(_("Results: %(path)s") % {"path": safe(simulating.write_json(out, "compare", payload))})
    simulating.show_warnings(results, prepared)
    simulating.stopped(results, count, keep=not no_cache)
    return 0


def _write(
    results: list["ScenarioResult"],
    compared: tuple["VariantComparison", ...],
    currency: str,
    verdict: tuple[str, ...] | None,
    xlsx: Path | None,
    figures: Path | None,
) -> None:
    """The workbook and the slides, where they are asked for."""
    told = replace(
        simulating.as_study(results, currency),
        name=results[0].name,
        comparisons=compared,
        verdict_kpis=verdict or ("cycle_time",),
    )
    if xlsx is not None:
        from bpmn_tool.reports.workbook import write_workbook

        write_workbook(told, xlsx)
        say(_("Workbook: %(path)s") % {"path": safe(xlsx)})
    if figures is not None:
        from bpmn_tool.reports.slides import write_slides

        written = write_slides(told, figures)
        say(_("%(count)s figures in %(path)s") % {"count": len(written), "path": safe(figures)})


def _prepared(
    scenarios: list[Path], variants: list[str], overrides: list[str], study: Path | None, *, allow_outside: bool
) -> list["Prepared"]:
    """Scenarios and variants, ready to run, by names that differ; all that is wrong with any of them at once."""
    from bpmn_tool.study import prepare

    wanted = [(path, "", tuple(overrides)) for path in scenarios]
    wanted += [(scenarios[0], name, (*overrides, *more)) for name, more in map(simulating.parse_variant, variants)]
    if len(wanted) < 2:
        raise InputError(
            "nothing to compare with: name a second scenario, or make one with --variant 'NAME: path=value'"
        )
    found: list[Prepared] = []
    problems: list[Problem] = []
    for path, name, said in wanted:
        try:
            each = prepare(path, overrides=said, study=study, allow_outside=allow_outside)
        except InputError as error:
            problems.extend(error.problems)
            continue
        found.append(simulating.renamed(each, name) if name else each)
    if problems:
        raise InputError(dict.fromkeys(problems))
    names = [each.scenario.name for each in found]
    return [
        each if names.count(name) == 1 else simulating.renamed(each, f"{name} ({n + 1})")
        for n, (each, name) in enumerate(zip(found, names, strict=True))
    ]


def _verdict_kpis(study: Path | None, *, allow_outside: bool) -> tuple[str, ...] | None:
    if study is None:
        return None
    from bpmn_tool.interchange.study_toml import read_study

    return read_study(study, allow_outside=allow_outside).kpis.verdict or None


def show_comparison(
    results: list["ScenarioResult"],
    compared: tuple["VariantComparison", ...],
    currency: str,
    models: Sequence[str] = (),
) -> None:
    """A table for each variant: both figures, the paired difference, the verdict and why there is none.

    `models`: the paths of the models, of the baseline first.
    """
    from bpmn_tool.reports import words

    told = replace(simulating.as_study(results, currency), comparisons=compared)
    for number, variant in enumerate(compared, start=1):
        rows = []
        for name, row in variant.kpis.items():
            if results[0].kpis[name].note and results[0].kpis[name].estimate.mean is None:  # nothing can tell it
                continue
            on = words.comparison_scale(told, name)
            verdict = words.verdict(row.verdict)
            rows.append(
                (
                    words.name_of_kpi(told, name),
                    words.estimate(row.baseline, on),
                    words.estimate(row.variant, on),
                    words.difference(row, on),
                    f"{verdict}: {_(row.reason)}" if row.reason else verdict,
                )
            )
        headers = [_("Measure"), results[0].name, variant.name, _("Difference"), _("Verdict")]
        table(headers, rows, right=(1, 2, 3))
        sentence = _("%(paired)s of %(all)s persons are in both; %(same)s of %(steps)s steps have the same id.")
        numbers = {
            "paired": variant.cases_paired,
            "all": variant.cases,
            "same": variant.paired,
            "steps": variant.steps,
        }
        say(sentence % numbers)
        if variant.few_paired:
            warn_of_few_pairs(*((models[number], models[0]) if number < len(models) else ("NEW", "OLD")))
        say()


def warn_of_few_pairs(new: str, old: str) -> None:
    """What to do where under half of the steps have the same id."""
    sentence = _(
        "Under half of the steps have the same id, so that the same step meets other luck in each. "
        "To give the same step the same id: %(command)s"
    )
    say(f"[yellow]{safe(sentence % {'command': shlex.join(['bpmn-tool', 'ids', new, '--like', old])})}[/]")
