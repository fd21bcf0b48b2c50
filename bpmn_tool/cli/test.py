"""``bpmn-tool test``: stories against their models, with coverage."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, progress, safe, say, table, wants_json
from bpmn_tool.errors import InputError, InterruptedRun, Location, Problem
from bpmn_tool.messages import _, format_number, format_percent, ngettext

if TYPE_CHECKING:
    from bpmn_tool.execution.build import Executable
    from bpmn_tool.execution.told import Told
    from bpmn_tool.model.elements import Model
    from bpmn_tool.results.execution import Coverage, ExecutionTrace, StoryResult
    from bpmn_tool.scenario.story import Story

STORIES = Path("processes") / "stories"
SHOWN = 20
"""Elements without a story that are named on the terminal; --json names all."""


@dataclass(frozen=True, slots=True)
class _PlayedStory:
    """`why` only where it failed."""

    story: "Story"
    result: "StoryResult"
    why: "Told | None"
    seconds: float


@dataclass(frozen=True, slots=True)
class _PlayedModel:
    """Coverage of a model, and of each of its processes by id."""

    paths: tuple[Path, ...]
    model: "Model"
    whole: "Coverage"
    processes: Mapping[str, "Coverage"]


@dataclass(frozen=True, slots=True)
class _Played:
    stories: Sequence[_PlayedStory]
    models: Sequence[_PlayedModel]


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help=_("Stories, or folders of them; processes/stories if not given."), metavar="PATH..."),
    ] = None,
    min_coverage: Annotated[
        float | None,
        typer.Option(help=_("Fail where stories go through less of a model, in per cent."), min=0, max=100),
    ] = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help=_("Put small faults into the models, and say which no story notices."))
    ] = False,
    junit: Annotated[Path | None, typer.Option(help=_("Write the results as JUnit XML."), metavar="FILE")] = None,
    diagram: Annotated[
        Path | None,
        typer.Option(help=_("Draw what stories go through, as SVG; of several models a file each."), metavar="FILE"),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(help=_("The register of roles; partners.toml near the model if not given."), metavar="FILE"),
    ] = None,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help=_("Models may lie outside of the project."))
    ] = False,
) -> int:
    """Play stories: what people did is done again, and held against what must have happened."""
    from bpmn_tool.cli import mutants

    if diagram is not None and diagram.suffix.lower() != ".svg":
        raise InputError(f"--diagram {diagram}: end the name in .svg; that is what is drawn")
    stories = _stories(paths or [STORIES], allow_outside=allow_outside)
    played = _played(stories, register)
    passed = all(each.result.passed for each in played.stories)
    coverages = [each.whole for each in played.models]
    short = [each for each in coverages if min_coverage is not None and 100 * _share(each) < min_coverage]
    if junit is not None:
        junit.write_text(_junit(played), encoding="utf-8")
    drawn = _draw(played, diagram) if diagram is not None else []
    survey = mutants.tried(stories, register) if mutate and passed else None
    if wants_json():
        told = None if survey is None else mutants.as_json(survey)
        emit_json("test", {**_as_json(played), "mutants": told, "diagrams": drawn})
    else:
        _print(played, short)
        for path in drawn:
            say(safe(_("Coverage drawn: %(path)s") % {"path": path}))
        if survey is not None:
            mutants.show(survey)
        elif mutate:
            say(_("Faults are put into models whose stories all pass."))
    if survey is not None and survey.stopped:
        raise InterruptedRun(mutants.how_far(survey))
    return 0 if passed and not short else 1


def _stories(paths: Sequence[Path], *, allow_outside: bool) -> list["Story"]:
    """All stories that lie at or below the paths; every fault of every file in one error."""
    from bpmn_tool.interchange.study_toml import read_story, story_files

    problems: list[Problem] = [
        Problem(message=f"there is no file or folder '{path}'") for path in paths if not path.exists()
    ]
    found: list[Story] = []
    for path in story_files(tuple(path for path in paths if path.exists())):
        if path in paths or _is_story(path):
            try:
                found.append(read_story(path, allow_outside=allow_outside))
            except InputError as error:
                problems += error.problems
    if not found and not problems:
        problems.append(Problem(message=f"there is no story in {', '.join(map(str, paths))}"))
    if problems:
        raise InputError(problems)
    return found


def _is_story(path: Path) -> bool:
    """Whether a TOML file below a folder is a story: only these have a clock. One that cannot be read says so when it
    is.
    """
    try:
        return "clock" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return True


def _played(stories: Sequence["Story"], register: Path | None) -> _Played:
    from bpmn_tool.cli.run import register_near
    from bpmn_tool.execution.stories import play
    from bpmn_tool.execution.told import told

    made: dict[tuple[Path, ...], Executable | None] = {}
    traces: dict[tuple[Path, ...], list[ExecutionTrace]] = {}
    found: list[_PlayedStory] = []
    problems: list[Problem] = []
    registers = {story.model: register_near(story.model[0], register) for story in stories}
    with progress(len(stories), _("Playing stories")) as advance:
        for story in stories:
            began = perf_counter()
            try:
                model = _model(story.model, made)
                if model is not None:
                    result = play(model, registers[story.model], story)
                    why = None if result.passed else told(model.model, story, result)
                    found.append(_PlayedStory(story, result, why, perf_counter() - began))
                    traces.setdefault(story.model, []).append(result.trace) if result.trace is not None else None
            except InputError as error:
                problems += error.problems
            advance()
    if problems:
        raise InputError(problems)
    return _Played(
        found, [_of_model(paths, each.model, traces.get(paths, ())) for paths, each in made.items() if each is not None]
    )


def _of_model(paths: tuple[Path, ...], model: "Model", traces: Sequence["ExecutionTrace"]) -> _PlayedModel:
    from bpmn_tool.execution.coverage import coverage

    processes = {id: coverage(model, traces, id) for id in model.processes if model.nodes_in(id)}
    return _PlayedModel(paths, model, coverage(model, traces), processes)


def _model(paths: tuple[Path, ...], made: dict[tuple[Path, ...], "Executable | None"]) -> "Executable | None":
    """The model made ready, once; None for one that was refused before."""
    from bpmn_tool.execution.build import executable
    from bpmn_tool.interchange.bpmn_xml import read_model

    if paths not in made:
        made[paths] = None
        made[paths] = executable(read_model(*paths))
    return made[paths]


def _share(coverage: "Coverage") -> float:
    """Of flow nodes and sequence flows together."""
    all_of_them = coverage.nodes + coverage.flows
    return (coverage.nodes_covered + coverage.flows_covered) / all_of_them if all_of_them else 1.0


def shown(path: str) -> str:
    """A path below the working folder without it."""
    try:
        return Path(path).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path


def _as_json(played: _Played) -> dict[str, Any]:
    return {
        "stories": [_story_json(each) for each in played.stories],
        "coverage": [
            {
                **_coverage_json(each.whole),
                "processes": [
                    {"id": id, "name": each.model.processes[id].name, **_coverage_json(found)}
                    for id, found in each.processes.items()
                ],
            }
            for each in played.models
        ],
    }


def _story_json(played: _PlayedStory) -> dict[str, Any]:
    result, why = played.result, played.why
    row: dict[str, Any] = {
        "name": result.name,
        "path": shown(result.path),
        "passed": result.passed,
        "message": result.message,
        "key": result.location.key,
    }
    if why is not None:
        row["expected"], row["happened"] = why.expected, why.happened
        row["steps"] = [
            {
                "mark": line.mark.value,
                "element": line.element,
                "name": line.name,
                "role": line.role,
                "at": None if line.at is None else line.at.isoformat(),
            }
            for line in why.path
        ]
    return row


def _coverage_json(each: "Coverage") -> dict[str, Any]:
    return {
        "path": shown(each.path),
        "nodes": each.nodes,
        "nodes_covered": each.nodes_covered,
        "flows": each.flows,
        "flows_covered": each.flows_covered,
        "missed": list(each.missed),
    }


def _print(played: _Played, short: Sequence["Coverage"]) -> None:
    from bpmn_tool.cli.failed_story import show

    rows = [
        (_("passed") if each.result.passed else _("FAILED"), each.result.name, shown(each.result.path))
        for each in played.stories
    ]
    table([_("Result"), _("Story"), _("File")], rows)
    for each in played.stories:
        if each.why is not None:
            show(shown(each.result.path), each.result, each.why)
    headers = [_("Process"), _("Flow nodes"), _("Sequence flows"), _("Coverage")]
    for model in played.models:
        shares = [_row(id, found) for id, found in model.processes.items()]
        if len(shares) > 1:
            shares.append(_row(_("all"), model.whole))
        table(headers, shares, title=shown(model.whole.path), right=(1, 2, 3))
    for found in short:
        more = (
            ""
            if len(found.missed) <= SHOWN
            else _(" and %(more)s more") % {"more": format_number(len(found.missed) - SHOWN)}
        )
        names = {"path": shown(found.path), "missed": ", ".join(found.missed[:SHOWN]) + more}
        say(safe(_("%(path)s: too little of it is covered; no story goes through %(missed)s") % names))
    count, failed = len(played.stories), sum(not each.result.passed for each in played.stories)
    if failed:
        sentence = ngettext("%(failed)s of %(all)s story failed", "%(failed)s of %(all)s stories failed", count)
        say(sentence % {"failed": format_number(failed), "all": format_number(count)})
    else:
        sentence = ngettext("%(all)s story passed", "%(all)s stories passed", count)
        say(sentence % {"all": format_number(count)})


def _row(name: str, each: "Coverage") -> tuple[str, str, str, str]:
    nodes = f"{format_number(each.nodes_covered)} / {format_number(each.nodes)}"
    return (
        name,
        nodes,
        f"{format_number(each.flows_covered)} / {format_number(each.flows)}",
        format_percent(_share(each)),
    )


def _junit(played: _Played) -> str:
    """A suite a model, with its coverage as properties."""
    from datetime import UTC, datetime

    from bpmn_tool.cli.failed_story import as_text
    from bpmn_tool.cli.junit import CaseOfSuite, Suite, junit_text

    suites = [
        Suite(
            name=shown(model.whole.path),
            cases=[
                CaseOfSuite(
                    name=each.result.name,
                    place=shown(each.result.path),
                    seconds=each.seconds,
                    message=each.result.message,
                    text=""
                    if each.why is None
                    else f"{shown(each.result.path)}: {each.result.location.key}: {each.result.message}\n"
                    + "\n".join(as_text(each.why)),
                )
                for each in played.stories
                if each.story.model == model.paths
            ],
            properties={
                f"coverage.{id}.{what}": str(number)
                for id, found in model.processes.items()
                for what, number in (
                    ("nodes", found.nodes),
                    ("nodes_covered", found.nodes_covered),
                    ("flows", found.flows),
                    ("flows_covered", found.flows_covered),
                )
            },
        )
        for model in played.models
    ]
    return junit_text("bpmn-tool test", suites, datetime.now(UTC))


def _draw(played: _Played, path: Path) -> list[str]:
    """What stories go through, drawn on each model: at `path`, of several models with the name of the model behind
    it.
    """
    from bpmn_tool.reports.diagram import diagram_svg, has_diagram
    from bpmn_tool.reports.overlays import of_coverage

    drawn: list[str] = []
    for each in played.models:
        model = each.model
        place = Location(path=model.path)
        if not has_diagram(model):
            message = f"the file holds no layout to draw; 'bpmn-tool layout {model.path} -o {model.path}' makes one"
            raise InputError(Problem(message=message, location=place))
        overlay = of_coverage(each.whole, (*model.flow_nodes, *model.sequence_flows))
        title = _("Coverage of %(model)s: %(share)s") % {
            "model": Path(model.path).stem,
            "share": format_percent(_share(each.whole)),
        }
        target = (
            path if len(played.models) == 1 else path.with_name(f"{path.stem}-{Path(model.path).stem}{path.suffix}")
        )
        target.write_text(diagram_svg(model, title=title, overlay=overlay), encoding="utf-8")
        drawn.append(str(target))
    return drawn
