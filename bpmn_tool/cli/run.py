"""``bpmn-tool run``: one case through a process, on SpiffWorkflow."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, plain, safe, say, table, wants_json
from bpmn_tool.errors import InputError
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.execution.build import Executable
    from bpmn_tool.execution.case import Case
    from bpmn_tool.model.elements import Model
    from bpmn_tool.register import Register
    from bpmn_tool.results.execution import ExecutionTrace, Step, StoryResult


def command(
    files: Annotated[list[Path], typer.Argument(help=_("BPMN files, read as one model."), metavar="FILE...")],
    story: Annotated[Path | None, typer.Option(help=_("Play this story."), metavar="FILE")] = None,
    record: Annotated[Path | None, typer.Option(help=_("Write the case as a story."), metavar="FILE")] = None,
    auto: Annotated[
        bool,
        typer.Option("--auto", help=_("Do every task at once and let every timer elapse; the clock is simulated.")),
    ] = False,
    data: Annotated[
        list[str] | None, typer.Option(help=_("Data of the case; may be repeated."), metavar="NAME=VALUE")
    ] = None,
    process: Annotated[
        str | None, typer.Option(help=_("The process, or the start event, at which the case begins."), metavar="ID")
    ] = None,
    trace: Annotated[
        Path | None, typer.Option(help=_("Write what happened, a JSON line a step."), metavar="FILE")
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(help=_("The register of roles; partners.toml near the model if not given."), metavar="FILE"),
    ] = None,
) -> int:
    """Take one case through a process: step by step on a terminal, by a story, or by itself."""
    from bpmn_tool.interchange.bpmn_xml import read_model

    if story is not None and (auto or record is not None or process is not None):
        raise InputError("--story says all that happens: --auto, --record and --process do not go with it")
    model = read_model(*files)
    roles = register_near(files[0], register)
    given = dict(assignment(text) for text in data or ())
    if story is not None:
        return _play(model, roles, story, given, trace)
    is_walk = not auto
    if is_walk and not (sys.stdin.isatty() and not wants_json()):
        raise InputError("there is no terminal to ask: give --auto, or a story with --story")
    begin = process or _beginning(model, ask=input if is_walk else None)
    if auto:
        from bpmn_tool.execution.automatic import automatic

        case = _begun(model, roles, given, begin)
        automatic(case)
    else:
        case = _walked(model, roles, given, begin)
    done = case.trace()
    if trace is not None:
        _write_trace(done, trace)
    if record is not None:
        _record(case, record, files, begin, given)
    if not is_walk:  # who walked saw it all
        _show(done)
    return 0 if done.completed or not auto else 1


def register_near(model: Path, given: Path | None = None) -> "Register | None":
    """The register that is given, else the nearest ``partners.toml`` from the model's folder up to the root of its
    project.
    """
    from bpmn_tool.interchange.register_toml import read_register

    if given is not None:
        return read_register(given)
    for folder in model.resolve().parents:
        if (found := folder / "partners.toml").is_file():
            return read_register(found)
        if (folder / "bpmn-tool.toml").is_file():
            break
    return None


def assignment(text: str) -> tuple[str, Any]:
    """``name=value``: true, false, a number, a text in quotes, or any other text as it is.

    >>> assignment("urgent=true"), assignment("n=3"), assignment("who=school")
    (('urgent', True), ('n', 3), ('who', 'school'))
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise InputError(f"'{text}' is no NAME=VALUE")
    return name.strip(), _value(value.strip())


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float | str) else text


def _beginning(model: "Model", ask: Callable[[str], str] | None) -> str:
    """Where a case comes in from outside: the first such event, or where there are several the one that is answered."""
    from bpmn_tool.execution.beginnings import beginnings

    found = beginnings(model)
    if ask is None or len(found) < 2:
        return next(iter(found), "")
    say(_("Where does the case begin?"))
    for number, each in enumerate(found, start=1):
        element = model.get(each)
        label = each if element is None or element.label == each else f"{element.label} ({each})"
        say(safe(f"{number:>4}  {label}"))
    while True:
        try:
            answer = ask(_("Number:") + " ").strip()
        except EOFError:
            raise InputError("the walk ended before the case began; --process ID says where it begins") from None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(found):
            return found[int(answer) - 1]
        say(safe(_("Give a number from 1 to %(last)s.") % {"last": len(found)}))


def _begun(model: "Model | Executable", register: "Register | None", data: Mapping[str, Any], begin: str) -> "Case":
    """A case that has begun."""
    from bpmn_tool.execution.case import Case
    from bpmn_tool.execution.roles import roles_of
    from bpmn_tool.model.elements import Model

    drawn = model if isinstance(model, Model) else model.model
    case = Case(model, data=data, roles=roles_of(drawn, register), ask=True)
    case.start(begin)
    return case


def _walked(model: "Model", register: "Register | None", data: Mapping[str, Any], begin: str) -> "Case":
    from bpmn_tool.cli.people import People
    from bpmn_tool.cli.walk import walk
    from bpmn_tool.execution.build import executable

    made = executable(model)
    return walk(lambda: _begun(made, register, data, begin), People(register), input)


def _play(model: "Model", register: "Register | None", path: Path, data: Mapping[str, Any], trace: Path | None) -> int:
    from bpmn_tool.execution.stories import play
    from bpmn_tool.interchange.study_toml import read_story

    told = read_story(path, allow_outside=True)
    told = told.model_copy(update={"data": {**told.data, **data}})
    result = play(model, register, told)
    assert result.trace is not None
    if trace is not None:
        _write_trace(result.trace, trace)
    _show(result.trace, result)
    if not result.passed and not wants_json():
        from bpmn_tool.cli.failed_story import as_text, marked
        from bpmn_tool.execution.told import told as told_of

        for line in as_text(told_of(model, told, result)):
            say(marked(line))
    return 0 if result.passed else 1


def _record(case: "Case", path: Path, models: list[Path], begin: str, data: dict[str, Any]) -> None:
    from bpmn_tool.execution.recording import recorded
    from bpmn_tool.interchange.story_text import story_text

    name = path.stem.replace("_", " ")
    story = recorded(case, name=name, start=begin, models=tuple(models), folder=path.parent, data=data)
    path.write_text(story_text(story), encoding="utf-8")
    if not wants_json():
        say(safe(_("Wrote %(path)s") % {"path": path}))


def _write_trace(trace: "ExecutionTrace", path: Path) -> None:
    """A header, then a line a step."""
    lines: list[dict[str, Any]] = [
        {"schema": "bpmn-tool/execution-trace/1", "completed": trace.completed, "ends": trace.ends}
    ]
    lines += [steps_row(step) for step in trace.steps]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def steps_row(step: "Step") -> dict[str, Any]:
    """A step as JSON has it."""
    return {
        "element": step.element,
        "kind": step.kind,
        "name": step.name,
        "role": step.role,
        "process": step.process,
        "at": step.at.isoformat(),
    }


def _show(trace: "ExecutionTrace", result: "StoryResult | None" = None) -> None:
    if wants_json():
        payload = {
            "completed": trace.completed,
            "ends": list(trace.ends),
            "steps": [steps_row(step) for step in trace.steps],
            "data": dict(trace.data),
            "waiting": list(trace.waiting),
            "unreceived": list(trace.unreceived),
        }
        if result is not None:
            payload |= {"passed": result.passed, "message": result.message, "key": result.location.key}
        emit_json("run", payload)
        return
    rows = [
        (step.at.strftime("%Y-%m-%d %H:%M"), step.element, step.name, step.role or "", step.process)
        for step in trace.steps
    ]
    table([_("When"), _("Element"), _("Name"), _("Role"), _("Process")], rows)
    if trace.waiting:
        say(safe(_("The case waits at %(waiting)s") % {"waiting": ", ".join(trace.waiting)}))
    elif trace.completed:
        say(safe(_("The case ended at %(ends)s") % {"ends": ", ".join(dict.fromkeys(trace.ends)) or _("no end event")}))
    if trace.unreceived:
        say(safe(_("Messages that nobody took: %(flows)s") % {"flows": ", ".join(trace.unreceived)}))
    if result is not None:
        passed = _("The story came out as it says.")
        failed = f"{plain(result.location)}: {plain(result.message)}"
        say(safe(passed if result.passed else failed))
