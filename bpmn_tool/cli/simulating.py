"""What simulate, compare and bottlenecks have in common: options, and running a scenario with a progress bar."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import progress, safe, say, say_error, table
from bpmn_tool.errors import InputError
from bpmn_tool.messages import _, ngettext

if TYPE_CHECKING:
    from bpmn_tool.reports.words import Scale
    from bpmn_tool.results.summary import ScenarioResult, StudyResult
    from bpmn_tool.scenario.scenario import Scenario
    from bpmn_tool.simulation.replications import Observe
    from bpmn_tool.study import Prepared

Set = Annotated[
    list[str] | None,
    typer.Option("--set", help=_("Give a number another value: path=value. Repeatable."), show_default=False),
]
Replications = Annotated[
    int | None, typer.Option(min=1, help=_("Repetitions, instead of the scenario's number."), show_default=False)
]
Seed = Annotated[int | None, typer.Option(min=0, help=_("Seed, instead of the scenario's."), show_default=False)]
Jobs = Annotated[
    int | None, typer.Option(min=1, help=_("Processes at once; default: one a processor."), show_default=False)
]
StudyFile = Annotated[
    Path | None, typer.Option("--study", help=_("Measure the KPIs of this study too."), show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option(file_okay=False, help=_("Write the results into this folder as well."), show_default=False),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help=_("Run everything anew, and keep nothing in the cache folder."))
]
AllowOutside = Annotated[
    bool, typer.Option("--allow-outside", help=_("Let files name paths outside the project's folder."))
]


def run_all(
    prepared: Sequence["Prepared"],
    *,
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    observe: "Observe | None" = None,
    keep: bool = True,
) -> list["ScenarioResult"]:
    """One result a scenario, behind one progress bar; none after Ctrl-C. `observe` sees all rows, in this process;
    `keep`: what was run before comes from the cache folder.
    """
    from bpmn_tool.interchange.result_store import opened
    from bpmn_tool.simulation.replications import nowhere, pool
    from bpmn_tool.study import most_replications, simulate_all

    if not prepared:
        return []
    total = sum(most_replications(prepared, replications))
    stores = opened if keep else nowhere
    with pool(jobs or os.cpu_count() or 1, stores) as workers, progress(total, _("Simulating")) as advance:
        return simulate_all(prepared, workers, replications=replications, seed=seed, advance=advance, observe=observe)


def wanted(scenario: "Scenario") -> int:
    """How many replications there are at most, where the command line does not say."""
    return scenario.precision.max if scenario.precision is not None else scenario.replications


def renamed(prepared: "Prepared", name: str) -> "Prepared":
    """The same scenario by another name."""
    return replace(prepared, scenario=prepared.scenario.model_copy(update={"name": name}))


def parse_variant(text: str) -> tuple[str, tuple[str, ...]]:
    """``NAME: k=v, k=v``: the name and the overrides; commas in brackets, braces and quotes belong to a value.

    Raises InputError.

    >>> parse_variant("two more: roles.desk.count=4, tasks.a.duration=[1, 2]")
    ('two more', ('roles.desk.count=4', 'tasks.a.duration=[1, 2]'))
    """
    name, colon, rest = text.partition(":")
    overrides = tuple(part for part in _split(rest) if part)
    if not colon or not name.strip() or not overrides or any("=" not in part for part in overrides):
        raise InputError(f"--variant {text!r}: write it as 'NAME: path=value, path=value'")
    return name.strip(), overrides


def _split(text: str) -> list[str]:
    parts, depth, quote, start = [], 0, "", 0
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def as_study(results: Sequence["ScenarioResult"], currency: str) -> "StudyResult":
    """Results as a study without a question, for the sentences that are made of one."""
    from bpmn_tool.results.summary import StudyResult

    return StudyResult(
        name="", question="", scenarios=tuple(results), comparisons=(), verdict_kpis=(), currency=currency
    )


def show_kpis(result: "ScenarioResult", currency: str) -> None:
    """The KPIs of one scenario: mean with its interval, median and 90 per cent of those that are times."""
    from bpmn_tool.reports import words

    rows = []
    for kpi in result.kpis.values():
        if kpi.note and kpi.estimate.mean is None:
            continue
        on: Scale = words.scale(kpi.unit, words.largest_of([kpi]), currency)
        survival = kpi.survival
        half = words.duration(survival.p50) if survival is not None and survival.p50 is not None else ""
        most = words.duration(survival.p90) if survival is not None and survival.p90 is not None else ""
        if survival is not None:
            half, most = half or _("not reached"), most or _("not reached")
        told = words.share(kpi.reached.mean) if survival is not None and kpi.reached is not None else ""
        rows.append((words.kpi_name(kpi), words.estimate(kpi.estimate, on), half, most, told))
    headers = [_("Measure"), _("Mean"), _("Half within"), _("90% within"), _("Get there")]
    table(headers, rows, right=(1, 2, 3, 4))


def show_ends(result: "ScenarioResult") -> None:
    """What became of the cases, in one sentence, and why the numbers are what they are."""
    from bpmn_tool.reports import words

    counts = result.counts
    sentence = _(
        "On average %(demand)s persons a run, %(missed)s of them missed; %(arrived)s cases: "
        "%(completed)s completed, %(open)s still open, %(stuck)s stuck, %(failed)s failed."
    )
    names = ("demand", "missed", "arrived", "completed", "open", "stuck", "failed")
    say(sentence % {name: words.count(getattr(counts, name)) for name in names})
    say(
        ngettext("One repetition.", "%(count)s repetitions; ± is the 95%% interval.", result.replications)
        % {"count": result.replications}
    )


def show_observed(results: Iterable["ScenarioResult"], currency: str) -> None:
    """Whether what was simulated is like the world, before anything else is said of it."""
    from bpmn_tool.reports import validation

    for result in results:
        if result.observations:
            say(safe(validation.summary(result)))
            for sentence in validation.sentences(result, currency):
                say(safe(f"  {sentence}"))
            say()


def show_warnings(results: Iterable["ScenarioResult"], prepared: Iterable["Prepared"]) -> None:
    """On standard error: what was dropped under `extends`, and what a plan warns of."""
    for each in prepared:
        if each.dropped:
            sentence = _("%(scenario)s: inherited, but its model has no such id: %(keys)s")
            say_error(sentence % {"scenario": each.scenario.name, "keys": ", ".join(each.dropped)})
    for result in results:
        for warning in result.warnings:
            say_error(f"{result.name}: {warning}")


def stopped(results: Sequence["ScenarioResult"], wanted: int, *, keep: bool = False) -> None:
    """After the results of a run that was stopped: say on what they rest, and end as such a run does."""
    from bpmn_tool.errors import InterruptedRun

    if not any(result.interrupted for result in results):
        return
    done = results[-1].replications
    sentence = ngettext(
        "The last scenario has %(done)s finished repetition of %(wanted)s; the numbers rest on it.",
        "The last scenario has %(done)s finished repetitions of %(wanted)s; the numbers rest on them.",
        done,
    )
    said = [sentence % {"done": done, "wanted": wanted}]
    if keep:
        said.append(_("They are kept: the same command goes on from there."))
    raise InterruptedRun(" ".join(said))


def write_json(folder: Path, verb: str, payload: dict[str, object]) -> Path:
    """``<verb>.json`` in a folder that is made if need be."""
    from bpmn_tool.cli.console import as_document

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{verb}.json"
    path.write_text(as_document(verb, payload) + "\n", encoding="ascii")
    return path
