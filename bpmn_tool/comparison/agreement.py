"""Where partners and model agree: each step of a partner against what the partner said of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bpmn_tool.comparison.asked import Asked
from bpmn_tool.comparison.meaning import Facts, Meaning, changes
from bpmn_tool.register.sign_offs import Chain, SignedStep, SignOff, Verdict


class State(Enum):
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    NOT_MINE = "not_my_task"
    STALE = "stale"  # what was said is about another meaning
    UNSIGNED = "unsigned"


_STATES = {Verdict.ACCEPT: State.ACCEPTED, Verdict.CONTEST: State.CONTESTED, Verdict.NOT_MINE: State.NOT_MINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step that is asked of a partner, with its meaning now. `model`: its file, from the project's root."""

    asked: Asked
    meaning: Meaning
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a step stands. Of a stale one `changes` says what differs since; None where the old meaning is not kept."""

    task: Task
    state: State
    answer: SignOff | None = None
    said: SignedStep | None = None
    changes: Mapping[str, tuple[Any, Any]] | None = field(default=None, hash=False)


def standings(
    tasks: Sequence[Task], chain: Chain, facts: Callable[[str], Facts | None], files: Collection[str]
) -> tuple[Standing, ...]:
    """Each step with the newest answer that is about it as it is now, else the newest about what it was.

    An answer counts for the same id and hash in whatever file: what means the same is signed once. An older meaning is
    looked for in answers about the same file, and about files that are no longer among `files` (renamed ones).
    """
    return tuple(_standing(task, chain, facts, files) for task in tasks)


def _standing(task: Task, chain: Chain, facts: Callable[[str], Facts | None], files: Collection[str]) -> Standing:
    said = [(line, step) for line, step in chain.steps() if step.step == task.asked.id]
    for line, step in reversed(said):
        if step.hash == task.meaning.hash:
            return Standing(task=task, state=_STATES[step.verdict], answer=line, said=step)
    for line, step in reversed(said):
        if step.model == task.model or step.model not in files:
            old = facts(step.hash)
            since = None if old is None else changes(old, task.meaning.facts)
            return Standing(task=task, state=State.STALE, answer=line, said=step, changes=since)
    return Standing(task=task, state=State.UNSIGNED)


def gone(tasks: Sequence[Task], chain: Chain, files: Collection[str]) -> tuple[SignedStep, ...]:
    """The newest of what was said of steps that are no longer asked of the partner, of the files looked at."""
    asked = {(task.model, task.asked.id) for task in tasks}
    newest = {(step.model, step.step): step for _line, step in chain.steps() if step.model in files}
    return tuple(step for key, step in newest.items() if key not in asked)
