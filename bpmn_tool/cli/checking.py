"""The models of `check` are read and asked, on several processes where there are many; the order is always the same."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bpmn_tool.checks import Choice, check_model, check_together, choose, in_order
from bpmn_tool.cli.check_groups import Group
from bpmn_tool.cli.console import Advance
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.messages import _, format_number, language, set_language
from bpmn_tool.results.finding import Finding

ALONE_S: Final = 2.0
"""Seconds that one process works before others are started, which costs about as much."""


def read(groups: Sequence[Group], advance: Advance) -> list[Problem]:
    """Reads registers and models, and returns the problems of the models that cannot be read.

    Raises one InputError with the problems of all files where a register, or every model, cannot be read.
    """
    problems: list[Problem] = []
    registers_are_read = True
    for group in groups:
        try:
            group.register = None if group.register_path is None else read_register(group.register_path)
        except InputError as error:
            problems += error.problems
            registers_are_read = False
        for file in group.files:
            try:
                group.models.append(read_model(file))
            except InputError as error:
                problems += error.problems
            except OSError as error:
                problems.append(Problem(message=error.strerror or str(error), location=Location(path=str(file))))
            advance()
    problems = list(dict.fromkeys(problems))
    if problems and not (registers_are_read and any(group.models for group in groups)):
        raise InputError(problems)
    return problems


def findings_of(
    groups: Sequence[Group], advance: Advance, *, whole: bool, jobs: int | None
) -> tuple[list[Finding], str]:
    """Those of each model, and those of all models together if these are the `whole`.

    Where the user stops it, those of the models that were checked until then, and what to say of it; only these are
    left in the groups. Raises KeyboardInterrupt where there are none.
    """
    found: list[list[Finding]] = [[] for _group in groups]
    checked = [0 for _group in groups]
    stopped = ""
    try:
        for number, findings in _each(groups, jobs or os.cpu_count() or 1):
            found[number] += findings
            checked[number] += 1
            advance()
        if whole:
            for number, group in enumerate(groups):
                found[number] += check_together(group.models, group.register, group.choice)
    except KeyboardInterrupt:
        if not any(checked):
            raise
        stopped = _stopped(sum(checked), sum(len(group.models) for group in groups))
        for group, done in zip(groups, checked, strict=True):
            del group.models[done:]
    return [finding for of_group in found for finding in in_order(of_group)], stopped


def _stopped(done: int, models: int) -> str:
    sentence = _("Stopped; %(done)s of %(models)s models were checked, and the findings are those of these.")
    return sentence % {"done": format_number(done), "models": format_number(models)}


def _each(groups: Sequence[Group], jobs: int) -> Iterator[tuple[int, list[Finding]]]:
    """The findings of one model after another, with the number of its group."""
    work = [(number, index) for number, group in enumerate(groups) for index in range(len(group.models))]
    begun = time.monotonic()
    while work:
        if jobs > 1 and len(work) > 1 and time.monotonic() - begun > ALONE_S:
            yield from _on_processes(groups, work, jobs)
            return
        number, index = work.pop(0)
        model = groups[number].models[index]
        yield number, check_model(model, groups[number].register, groups[number].choice_for(model.path))


def _on_processes(
    groups: Sequence[Group], work: Sequence[tuple[int, int]], jobs: int
) -> Iterator[tuple[int, list[Finding]]]:
    """Models do not travel: each process reads the files that it is asked about."""
    context = get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(work)), mp_context=context, initializer=_begin, initargs=(language(),))
    try:
        with _deaf_to_interrupts():
            futures = [
                (number, pool.submit(_findings, groups[number].models[index].path, *_luggage(groups[number], index)))
                for number, index in work
            ]
        for number, future in futures:
            yield number, future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


Luggage = tuple[str | None, tuple[str, ...], dict[str, object], dict[str, object]]


def _luggage(group: Group, index: int) -> Luggage:
    """What of a group goes to another process: names, no rules."""
    choice = group.choice_for(group.models[index].path)
    return (
        group.register_path,
        tuple(rule.name for rule in choice.rules),
        dict(choice.severities),
        {name: dict(options) for name, options in choice.options.items()},
    )


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C is for the main process: one that begins in here never hears it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(language_: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_language(language_)


def _findings(
    path: str, register: str | None, rules: tuple[str, ...], severities: dict[str, object], options: dict[str, object]
) -> list[Finding]:
    if not rules:
        return []
    choice: Choice = choose(select=rules, profile=None, severities=severities, options=options)  # type: ignore[arg-type]
    return check_model(read_model(Path(path)), None if register is None else read_register(register), choice)
