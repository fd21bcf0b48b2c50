"""``bpmn-tool study``: the main job."""

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, progress, say, say_error, table, wants_json
from bpmn_tool.cli.failures import INTERRUPTED
from bpmn_tool.cli.shipped import shipped
from bpmn_tool.cli.simulating import NoCache, show_observed
from bpmn_tool.messages import _, ngettext

if TYPE_CHECKING:
    from bpmn_tool.results.summary import StudyResult


def command(
    study: Annotated[
        Path | None, typer.Argument(help=_("The study to run; without it, the one that ships."), show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option(help=_("Where to write the report."))] = Path("report.html"),
    replications: Annotated[
        int | None, typer.Option(min=1, help=_("Repetitions of each scenario, instead of the study's number."))
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help=_("Seed, instead of the study's."))] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help=_("Processes at once; default: one a processor."))] = None,
    no_cache: NoCache = False,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help=_("Let files name paths outside the project's folder."))
    ] = False,
) -> int:
    """Check the models, play the stories, simulate every variant, compare, and write a report."""
    from bpmn_tool.errors import InputError
    from bpmn_tool.reports.html import write_report
    from bpmn_tool.study import run_study

    path = study if study is not None else shipped("simulations", "mechelen", "study.toml")
    out = out / "report.html" if out.is_dir() else out
    if not os.access(out if out.exists() else out.parent, os.W_OK):  # before minutes of simulation, not after
        raise InputError(f"{out}: the report cannot be written there; --out names another place")
    run = run_study(
        path,
        progress=progress,
        texts={"stories": _("Playing the stories"), "simulate": _("Simulating")},
        jobs=jobs,
        replications=replications,
        seed=seed,
        allow_outside=allow_outside,
        keep=not no_cache,
    )
    with progress(None, _("Drawing the report")):
        write_report(run.result, run.models, out)
    if wants_json():
        emit_json("study", _as_json(run.result, out))
    else:
        _show(run.result, out)
    for scenario, keys in run.dropped.items():
        say_error(
            _("%(scenario)s: inherited, but its model has no such id: %(keys)s")
            % {"scenario": scenario, "keys": ", ".join(keys)}
        )
    if any(scenario.interrupted for scenario in run.result.scenarios):
        return INTERRUPTED
    return 0 if all(story.passed for story in run.result.stories) else 1


def _show(result: "StudyResult", out: Path) -> None:
    from bpmn_tool.reports import words

    say(result.name)
    if result.question:
        say(result.question)
    say()
    show_observed(result.scenarios, result.currency)
    for sentence in words.answer(result):
        say(sentence)
    say()
    _comparison(result)
    _undefined(result)
    _stories(result)
    counts = Counter(f.severity.value for found in result.findings.values() for f in found)
    if counts:
        say(
            _("Check: %(errors)s errors, %(warnings)s warnings, %(infos)s remarks; see bpmn-tool check.")
            % {"errors": counts["error"], "warnings": counts["warning"], "infos": counts["info"]}
        )
    if any(scenario.interrupted for scenario in result.scenarios):
        say(_("Stopped early: the numbers rest on the repetitions that were finished."))
    for scenario in result.scenarios:
        for warning in scenario.warnings:
            say_error(f"{scenario.name}: {warning}")
    say(_("Report: %(path)s") % {"path": out.resolve()})


def _comparison(result: "StudyResult") -> None:
    """The KPIs of the verdict: baseline, each variant, difference and verdict."""
    from bpmn_tool.cli.compare import warn_of_few_pairs
    from bpmn_tool.reports import words

    kpis = result.verdict_kpis or tuple(result.scenarios[0].kpis)
    for variant in result.comparisons:
        rows = []
        for kpi in kpis:
            row = variant.kpis.get(kpi)
            if row is None:
                continue
            on = words.comparison_scale(result, kpi)
            rows.append(
                (
                    words.name_of_kpi(result, kpi),
                    words.estimate(row.baseline, on),
                    words.estimate(row.variant, on),
                    words.difference(row, on),
                    words.verdict(row.verdict),
                )
            )
        table(
            [_("Measure"), result.scenarios[0].name, variant.name, _("Difference"), _("Verdict")],
            rows,
            right=(1, 2, 3),
        )
        if variant.cases:
            say(
                _(
                    "The same %(cases)s persons in both, %(paired)s of them paired; "
                    "%(steps)s of %(all)s steps have the same id."
                )
                % {
                    "cases": variant.cases,
                    "paired": variant.cases_paired,
                    "steps": variant.paired,
                    "all": variant.steps,
                }
            )
        if variant.few_paired:
            warn_of_few_pairs("NEW", "OLD")
    count = result.scenarios[0].replications
    say(
        ngettext("One repetition each.", "%(count)s repetitions each; ± is the 95%% interval.", count)
        % {"count": count}
    )
    say()


def _undefined(result: "StudyResult") -> None:
    from bpmn_tool.reports import words

    rows = [
        (scenario.name, place.name, place.role.replace("_", " "), words.count(place.reached), words.count(place.stuck))
        for scenario in result.scenarios
        for place in scenario.undefined
        if place.reached or place.stuck
    ]
    if rows:
        table(
            [_("Where nobody is named"), _("Step"), _("Role"), _("Cases that get there"), _("Stuck there")],
            rows,
            right=(3, 4),
        )


def _stories(result: "StudyResult") -> None:
    if not result.stories:
        return
    failed = [story for story in result.stories if not story.passed]
    say(
        _("Stories: %(passed)s of %(all)s passed.")
        % {"passed": len(result.stories) - len(failed), "all": len(result.stories)}
    )
    for story in failed:
        say(f"{story.location}: {story.name}: {story.message}")


def _as_json(result: "StudyResult", out: Path) -> dict[str, Any]:
    from bpmn_tool.cli.results_json import comparison, scenario_json

    return {
        "name": result.name,
        "question": result.question,
        "report": str(out.resolve()),
        "scenarios": [scenario_json(scenario) for scenario in result.scenarios],
        "comparison": comparison(result.scenarios, result.comparisons),
        "stories": {
            "passed": sum(story.passed for story in result.stories),
            "failed": [{"name": s.name, "path": s.path, "message": s.message} for s in result.stories if not s.passed],
        },
        "findings": {name: [str(each) for each in found] for name, found in result.findings.items()},
        "provenance": result.provenance,
    }
