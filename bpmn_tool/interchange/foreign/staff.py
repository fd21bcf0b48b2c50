"""Who does what in other tools (a list of resources for each task) as roles of a scenario."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign.amounts import number
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.register.partners import identifier

MAX_PEOPLE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A resource as the source has it: `amount` people alike. `calendar`: an id of the scenario, None for always.
    `group`: what several of them are called together.
    """

    id: str
    name: str
    group: str = ""
    amount: int = 1
    calendar: str | None = None
    cost_per_hour: float = 0.0
    #: task -> duration of this resource, as a scenario writes it
    durations: Mapping[str, Any] = field(default_factory=dict)


def put_roles(draft: Draft, workers: Sequence[Worker], tasks: Mapping[str, Sequence[str]]) -> None:
    """A role for each set of workers that some tasks share; a worker in several sets holds several roles. `tasks`:
    task -> ids of who may do it, one of them at a time.
    """
    known = {worker.id: worker for worker in workers}
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for task, ids in tasks.items():
        groups[tuple(id_ for id_ in known if id_ in ids)].append(task)
    names = _names(groups, known)
    first: dict[str, str] = {}
    for group in groups:
        for id_ in group:
            first.setdefault(id_, names[group])
    for group, doing in groups.items():
        people = [known[id_] for id_ in group if first[id_] == names[group]]
        also = {id_: [names[other] for other in groups if id_ in other and other != group] for id_ in group}
        if people:
            whole = len(people) == len(group) and not any(also.values())
            draft.put("roles", names[group], value=_role(people, also, whole=whole))
        for task in doing:
            draft.put("tasks", task, "role", value=names[group])
            _put_duration(draft, task, [known[id_] for id_ in group])


def _role(people: Sequence[Worker], also: Mapping[str, Sequence[str]], *, whole: bool) -> dict[str, Any]:
    """`whole`: these people hold this role alone, and nobody else does."""
    one = people[0]
    alike = all(
        (w.calendar, w.cost_per_hour, w.durations) == (one.calendar, one.cost_per_hour, one.durations) for w in people
    )
    if whole and alike:
        role: dict[str, Any] = {"count": sum(worker.amount for worker in people)}
        if one.calendar is not None:
            role["calendar"] = one.calendar
        if one.cost_per_hour:
            role["cost_per_hour"] = number(one.cost_per_hour)
        return role
    if sum(worker.amount for worker in people) > MAX_PEOPLE:
        raise InputError(f"more than {MAX_PEOPLE:,} resources that differ from each other")
    return {"people": [entry for worker in people for entry in _entries(worker, also[worker.id])]}


def _entries(worker: Worker, also: Sequence[str]) -> list[dict[str, Any]]:
    entry: dict[str, Any] = {"name": worker.name}
    if worker.calendar is not None:
        entry["calendar"] = worker.calendar
    if worker.cost_per_hour:
        entry["cost_per_hour"] = number(worker.cost_per_hour)
    if also:
        entry["also"] = list(also)
    if worker.durations:
        entry["durations"] = dict(worker.durations)
    if worker.amount == 1:
        return [entry]
    return [{**entry, "name": f"{worker.name} {n + 1}"} for n in range(worker.amount)]


def _put_duration(draft: Draft, task: str, group: Sequence[Worker]) -> None:
    """Of the task, where all who do it take the same."""
    lasts = [worker.durations[task] for worker in group if task in worker.durations]
    if lasts:
        draft.put("tasks", task, "duration", value=lasts[0])


def _names(groups: Mapping[tuple[str, ...], Sequence[str]], known: Mapping[str, Worker]) -> dict[tuple[str, ...], str]:
    """An id for each role: the name of its one resource, what its resources are called together, else that of the first
    with the number of the others.
    """
    names: dict[tuple[str, ...], str] = {}
    for ids in groups:
        workers = [known[id_] for id_ in ids]
        together = {worker.group for worker in workers}
        head = identifier(workers[0].name or workers[0].id) or "role"
        name = head if len(workers) == 1 else f"{head}_and_{len(workers) - 1}"
        if len(workers) > 1 and len(together) == 1 and (called := identifier(together.pop())):
            name = called
        tried, n = name, 1
        while tried in names.values():
            n += 1
            tried = f"{name}_{n}"
        names[ids] = tried
    return names
