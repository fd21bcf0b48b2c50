"""``bpmn-tool partner collect``: what came back from partners, checked and recorded."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.partner_desk import Desk, RegisterFile, desk_of
from bpmn_tool.cli.partner_record import Said, record, show_recorded
from bpmn_tool.cli.partner_words import change_lines
from bpmn_tool.comparison.agreement import Task
from bpmn_tool.comparison.meaning import changes
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import N_, _
from bpmn_tool.register.sign_offs import How

if TYPE_CHECKING:
    from bpmn_tool.interchange.answer_json import Answer, AnsweredStep

_MODELS = N_("Models that the answers are about, or folders with them; else those that the answers name. Repeatable.")


def command(
    answers: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help=_("Files as the sheets save them, answer.json."))
    ],
    models: Annotated[list[Path] | None, typer.Option(metavar="PATH", help=_(_MODELS), show_default=False)] = None,
    register: RegisterFile = None,
) -> int:
    """Check what came back from partners, and record it.

    Nothing is recorded unless all of it can be.
    """
    from bpmn_tool.interchange.answer_json import read_answer

    read: list[Answer] = []
    problems: list[Problem] = []
    for path in answers:
        try:
            read.append(read_answer(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    desk = desk_of(models or _named(read), register)
    checked = [(answer, list(_checked(desk, answer, problems))) for answer in read]
    seen = [answer.id for answer in read]
    problems += [_again(answer) for n, answer in enumerate(read) if answer.id in seen[:n]]
    if problems:
        raise InputError(problems)
    done = [record(desk, answer.partner, said, How.SHEET, answer.name, answer.id) for answer, said in checked]
    show_recorded(desk, "collect", done)
    return 0


def _named(answers: Iterable["Answer"]) -> list[Path]:
    """The files that the answers name, in the project around this folder; none may lead out of it."""
    from bpmn_tool.interchange.safe_paths import inside, root_of

    root = root_of(Path.cwd() / "answer.json")
    found: dict[Path, None] = {}
    problems = []
    for answer in answers:
        for name in dict.fromkeys(step.model for step in answer.steps):
            place = Location(path=answer.path)
            try:
                path = inside(name, folder=root, root=root)
            except ValueError as error:
                problems.append(Problem(message=str(error), location=place))
                continue
            if path.is_file():
                found[path] = None
            else:
                message = f"is about '{name}', which is not in this project; --models names where it is now"
                problems.append(Problem(message=message, location=place))
    if problems:
        raise InputError(problems)
    return list(found)


def _checked(desk: Desk, answer: "Answer", problems: list[Problem]) -> Iterable[Said]:
    place = Location(path=answer.path)
    if answer.partner not in desk.register.partners:
        problems.append(Problem(message=f"the register has no partner '{answer.partner}'", location=place))
        return
    if any(line.id == answer.id for line in desk.store.chain(answer.partner).lines):
        problems.append(_again(answer))
        return
    tasks = desk.tasks(answer.partner)
    for step in answer.steps:
        task = _meant(tasks, step)
        if task is None:
            message = f"'{step.step}' is no step of '{answer.partner}' in '{step.model}'"
            problems.append(Problem(message=message, location=place))
        elif task.meaning.hash != step.hash:
            problems.append(Problem(message=_stale(step, task), location=place))
        else:
            yield Said(task=task, verdict=step.verdict, reason=step.reason)


def _meant(tasks: Sequence[Task], step: "AnsweredStep") -> Task | None:
    """The step as it is now: of the file that is named, else the only one of that id (the file was renamed)."""
    same: Mapping[str, Task] = {task.model: task for task in tasks if task.asked.id == step.step}
    if step.model in same:
        return same[step.model]
    return next(iter(same.values())) if len(same) == 1 else None


def _stale(step: "AnsweredStep", task: Task) -> str:
    """What changed since the sheet was written."""
    if step.facts is None:
        since = [_("the sheet does not tell what it was")]
    else:
        since = change_lines(changes(step.facts, task.meaning.facts))
    said = _("'%(step)s' changed since the sheet was made, and has to be asked again: %(changes)s")
    return said % {"step": step.step, "changes": "; ".join(since)}


def _again(answer: "Answer") -> Problem:
    return Problem(message=_("this answer is recorded already"), location=Location(path=answer.path))
