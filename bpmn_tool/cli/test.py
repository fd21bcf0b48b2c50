"""``bpmn-tool test``: stories against their models, with coverage."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from bpmn_tool.cli.console import emit_json, plain, progress, safe, say, table, wants_json
from bpmn_tool.messages import _, format_number, format_percent, ngettext

if TYPE_CHECKING:
    from bpmn_tool.errors import Problem
    from bpmn_tool.execution.build import Executable
    from bpmn_tool.model.elements import Model
    from bpmn_tool.results.execution import Coverage, ExecutionTrace, StoryResult
    from bpmn_tool.scenario.story import Story

Covered: TypeAlias = tuple["Coverage", Mapping[str, "Coverage"]]
"""Coverage of a model, and of each of its processes by id."""

STORIES = Path("processes") / "stories"
SHOWN = 20
"""Elements without a story that are named on the terminal; --json names all."""


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
    register: Annotated[
        Path | None,
        typer.Option(help=_("The register of roles; partners.toml near the model if not given."), metavar="FILE"),
    ] = None,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help=_("Models may lie outside of the project."))
    ] = False,
) -> int:
    """Play stories: what people did is done again, and held against what must have happened."""
    stories = _stories(paths or [STORIES], allow_outside=allow_outside)
    results, covered = _played(stories, register)
    coverages = [whole for whole, _processes in covered]
    survey = _mutants(stories, register) if mutate and all(result.passed for result in results) else None
    if junit is not None:
        junit.write_text(junit_text(results), encoding="utf-8")
    short = [each for each in coverages if min_coverage is not None and 100 * _share(each) < min_coverage]
    if wants_json():
        emit_json("test", {**_as_json(results, coverages), "mutants": survey})
    else:
        _print(results, covered, short)
        if survey is not None:
            _print_mutants(survey)
        elif mutate:
            say(_("Faults are put into models whose stories all pass."))
    return 0 if all(result.passed for result in results) and not short else 1


def _stories(paths: Sequence[Path], *, allow_outside: bool) -> list["Story"]:
    """All stories that lie at or below the paths; every fault of every file in one error."""
    from bpmn_tool.errors import InputError, Problem
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


def _played(stories: Sequence["Story"], register: Path | None) -> tuple[list["StoryResult"], list[Covered]]:
    from bpmn_tool.cli.run import register_near
    from bpmn_tool.errors import InputError
    from bpmn_tool.execution.stories import play

    made: dict[tuple[Path, ...], Executable | None] = {}
    traces: dict[tuple[Path, ...], list[ExecutionTrace]] = {}
    results: list[StoryResult] = []
    problems: list[Problem] = []
    registers = {story.model: register_near(story.model[0], register) for story in stories}
    with progress(len(stories), _("Playing stories")) as advance:
        for story in stories:
            try:
                model = _model(story.model, made)
                if model is not None:
                    result = play(model, registers[story.model], story)
                    results.append(result)
                    traces.setdefault(story.model, []).append(result.trace) if result.trace is not None else None
            except InputError as error:
                problems += error.problems
            advance()
    if problems:
        raise InputError(problems)
    return results, [_covered(each.model, traces.get(paths, ())) for paths, each in made.items() if each is not None]


def _covered(model: "Model", traces: Sequence["ExecutionTrace"]) -> Covered:
    from bpmn_tool.execution.coverage import coverage

    processes = {id: coverage(model, traces, id) for id in model.processes if model.nodes_in(id)}
    return coverage(model, traces), processes


def _model(paths: tuple[Path, ...], made: dict[tuple[Path, ...], "Executable | None"]) -> "Executable | None":
    """The model made ready, once; None for one that was refused before."""
    from bpmn_tool.execution.build import executable
    from bpmn_tool.interchange.bpmn_xml import read_model

    if paths not in made:
        made[paths] = None
        made[paths] = executable(read_model(*paths))
    return made[paths]


def _mutants(stories: Sequence["Story"], register: Path | None) -> dict[str, Any]:
    """How many faults were tried and found, and those that no story noticed."""
    from bpmn_tool.cli.run import register_near
    from bpmn_tool.execution.mutation import is_found, mutants
    from bpmn_tool.interchange.bpmn_xml import read_model

    tried = found = 0
    survivors: list[dict[str, str]] = []
    by_model: dict[tuple[Path, ...], list[Story]] = {}
    for story in stories:
        by_model.setdefault(story.model, []).append(story)
    for paths, told in by_model.items():
        roles = register_near(paths[0], register)
        faulty = tuple(mutants(read_model(*paths)))
        with progress(len(faulty), _("Trying faults")) as advance:
            for mutant in faulty:
                noticed = is_found(mutant, told, roles)
                tried += noticed is not None
                found += noticed is True
                if noticed is False:
                    path = _shown(str(paths[0]))
                    survivors.append({"path": path, "element": mutant.element, "what": mutant.what})
                advance()
    return {"tried": tried, "found": found, "survivors": survivors}


def _print_mutants(survey: Mapping[str, Any]) -> None:
    names = {"found": format_number(survey["found"]), "tried": format_number(survey["tried"])}
    say(_("%(found)s of %(tried)s faults are noticed by a story") % names)
    rows = [(each["path"], each["element"], each["what"]) for each in survey["survivors"]]
    if rows:
        table([_("Model"), _("Element"), _("Fault that no story notices")], rows)


def _share(coverage: "Coverage") -> float:
    """Of flow nodes and sequence flows together."""
    all_of_them = coverage.nodes + coverage.flows
    return (coverage.nodes_covered + coverage.flows_covered) / all_of_them if all_of_them else 1.0


def _shown(path: str) -> str:
    """A path below the working folder without it."""
    try:
        return Path(path).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path


def _as_json(results: Sequence["StoryResult"], coverages: Sequence["Coverage"]) -> dict[str, Any]:
    return {
        "stories": [
            {
                "name": result.name,
                "path": _shown(result.path),
                "passed": result.passed,
                "message": result.message,
                "key": result.location.key,
            }
            for result in results
        ],
        "coverage": [
            {
                "path": _shown(each.path),
                "nodes": each.nodes,
                "nodes_covered": each.nodes_covered,
                "flows": each.flows,
                "flows_covered": each.flows_covered,
                "missed": list(each.missed),
            }
            for each in coverages
        ],
    }


def _print(results: Sequence["StoryResult"], covered: Sequence[Covered], short: Sequence["Coverage"]) -> None:
    rows = [(_("passed") if r.passed else _("FAILED"), r.name, _shown(r.path)) for r in results]
    table([_("Result"), _("Story"), _("File")], rows)
    for result in results:
        if not result.passed:
            say(safe(f"{_shown(result.path)}: {result.location.key}: {result.message}"))
    headers = [_("Process"), _("Flow nodes"), _("Sequence flows"), _("Coverage")]
    for whole, processes in covered:
        shares = [_row(id, each) for id, each in processes.items()]
        if len(shares) > 1:
            shares.append(_row(_("all"), whole))
        table(headers, shares, title=_shown(whole.path), right=(1, 2, 3))
    for each in short:
        more = (
            ""
            if len(each.missed) <= SHOWN
            else _(" and %(more)s more") % {"more": format_number(len(each.missed) - SHOWN)}
        )
        names = {"path": _shown(each.path), "missed": ", ".join(each.missed[:SHOWN]) + more}
        say(safe(_("%(path)s: too little of it is covered; no story goes through %(missed)s") % names))
    failed = sum(not result.passed for result in results)
    if failed:
        sentence = ngettext("%(failed)s of %(all)s story failed", "%(failed)s of %(all)s stories failed", len(results))
        say(sentence % {"failed": format_number(failed), "all": format_number(len(results))})
    else:
        sentence = ngettext("%(all)s story passed", "%(all)s stories passed", len(results))
        say(sentence % {"all": format_number(len(results))})


def _row(name: str, each: "Coverage") -> tuple[str, str, str, str]:
    nodes = f"{format_number(each.nodes_covered)} / {format_number(each.nodes)}"
    return (
        name,
        nodes,
        f"{format_number(each.flows_covered)} / {format_number(each.flows)}",
        format_percent(_share(each)),
    )


def junit_text(results: Sequence["StoryResult"]) -> str:
    """JUnit XML as build servers read it."""
    import xml.etree.ElementTree as ET

    failed = str(sum(not result.passed for result in results))
    suite = ET.Element("testsuite", name="bpmn-tool test", tests=str(len(results)), failures=failed)
    for result in results:
        place = _shown(result.path)
        case = ET.SubElement(suite, "testcase", name=plain(result.name), classname=plain(place), file=plain(place))
        if not result.passed:
            failure = ET.SubElement(case, "failure", message=plain(result.message))
            failure.text = plain(f"{place}: {result.location.key}: {result.message}")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"
