"""``bpmn-tool partner sign``: an answer recorded by hand, or typed in from paper."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import typer

from bpmn_tool.cli.partner_desk import Paths, RegisterFile, Whose, desk_of
from bpmn_tool.cli.partner_record import Said, record, show_recorded
from bpmn_tool.comparison.agreement import Task
from bpmn_tool.comparison.meaning import paper_code
from bpmn_tool.errors import InputError, Problem
from bpmn_tool.messages import _
from bpmn_tool.register.sign_offs import How, Verdict

_PAPER: Final = {"accept": Verdict.ACCEPT, "contest": Verdict.CONTEST, "not-mine": Verdict.NOT_MINE}
MAX_REASON: Final = 2000


def command(
    partner: Whose,
    paths: Paths,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="STEP", help=_("It agrees; repeatable, or with commas."))
    ] = None,
    contest: Annotated[
        list[str] | None, typer.Option(metavar="'STEP: WHY'", help=_("It does not agree, and says why; repeatable."))
    ] = None,
    not_mine: Annotated[
        list[str] | None,
        typer.Option("--not-mine", metavar="STEP", help=_("It says that this is not its task; repeatable.")),
    ] = None,
    paper: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE=WHAT",
            help=_("From a printed sheet: CODE=accept, 'CODE=contest: WHY' or CODE=not-mine; repeatable."),
        ),
    ] = None,
    name: Annotated[
        str, typer.Option(metavar="TEXT", help=_("Who answered; kept apart in people.toml, and erasable there."))
    ] = "",
    register: RegisterFile = None,
) -> int:
    """Record an answer of a partner by hand, or from the codes of a printed sheet."""
    desk = desk_of(paths, register)
    who = desk.partner(partner)
    tasks = desk.tasks(who.id)
    problems: list[Problem] = []
    said = [
        *_by_hand(tasks, who.id, _each(accept), Verdict.ACCEPT, problems),
        *_by_hand(tasks, who.id, contest or (), Verdict.CONTEST, problems),
        *_by_hand(tasks, who.id, not_mine or (), Verdict.NOT_MINE, problems),
    ]
    typed = list(_from_paper(tasks, who.id, paper or (), problems))
    if said and typed:
        problems.append(Problem(message=_("an answer comes from paper or by hand: record them one after the other")))
    twice = {each.task.asked.id for each in (*said, *typed) if _times(each, (*said, *typed)) > 1}
    problems += [Problem(message=f"'{step}' is answered twice") for step in sorted(twice)]
    if not (said or typed or problems):
        message = _("Nothing is said: --accept, --contest, --not-mine or --paper say what the partner answers.")
        problems.append(Problem(message=message))
    if problems:
        raise InputError(problems)
    show_recorded(desk, "sign", [record(desk, who.id, said or typed, How.PAPER if typed else How.HAND, name.strip())])
    return 0


def _each(texts: Iterable[str] | None) -> list[str]:
    return [part.strip() for text in texts or () for part in text.split(",") if part.strip()]


def _times(one: Said, every: Sequence[Said]) -> int:
    return sum((each.task.model, each.task.asked.id) == (one.task.model, one.task.asked.id) for each in every)


def _by_hand(
    tasks: Sequence[Task], partner: str, texts: Iterable[str], verdict: Verdict, problems: list[Problem]
) -> Iterable[Said]:
    for text in texts:
        step, _colon, reason = text.partition(":")
        found = {task.meaning.hash: task for task in tasks if task.asked.id == step.strip()}
        if not found:
            known = ", ".join(dict.fromkeys(task.asked.id for task in tasks)) or "none"
            problems.append(Problem(message=f"'{step.strip()}' is no step of '{partner}'; its steps: {known}"))
        elif len(found) > 1:
            files = ", ".join(task.model for task in found.values())
            problems.append(Problem(message=f"'{step.strip()}' is not the same in {files}; name one of these files"))
        else:
            yield from _said(next(iter(found.values())), verdict, reason, problems)


def _from_paper(tasks: Sequence[Task], partner: str, texts: Iterable[str], problems: list[Problem]) -> Iterable[Said]:
    codes: dict[str, dict[str, Task]] = {}
    for task in tasks:
        codes.setdefault(paper_code(partner, task.meaning), {})[task.meaning.hash] = task
    for text in texts:
        code, _equals, rest = text.partition("=")
        word, _colon, reason = rest.partition(":")
        found = codes.get(code.strip().upper(), {})
        verdict = _PAPER.get(word.strip().lower())
        if verdict is None:
            problems.append(Problem(message=f"'{text}': say accept, contest or not-mine after the code"))
        if len(found) != 1:
            message = (
                f"'{code.strip()}' is the code of no step of '{partner}' as it is now: it was misread, or the "
                "sheet was printed before the step changed (`partner sheet` prints a new one)"
            )
            problems.append(Problem(message=message))
        elif verdict is not None:
            yield from _said(next(iter(found.values())), verdict, reason, problems)


def _said(task: Task, verdict: Verdict, reason: str, problems: list[Problem]) -> Iterable[Said]:
    why = " ".join(reason.split())
    if verdict is Verdict.CONTEST and not why:
        problems.append(Problem(message=f"'{task.asked.id}' is contested: say why, as '{task.asked.id}: WHY'"))
    elif len(why) > MAX_REASON:
        problems.append(Problem(message=f"'{task.asked.id}': a reason has at most {MAX_REASON} characters"))
    else:
        yield Said(task=task, verdict=verdict, reason=why)
