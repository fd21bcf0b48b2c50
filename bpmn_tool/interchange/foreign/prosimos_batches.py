"""Batches in Prosimos files: when they fire, as far as a scenario can say it."""

from typing import Any, Final

from bpmn_tool.interchange.foreign.amounts import duration
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.json_reader import Json
from bpmn_tool.model.elements import Task

#: of a batch that only time releases
MANY: Final = 1_000_000
_MODES: Final = {"parallel": "together", "concurrent": "together", "sequential": "each"}


def put_batches(batches: Json, draft: Draft) -> None:
    """The `batch` of each task."""
    for each in batches.items():
        task = each.at("task_id").text()
        if not isinstance(draft.model.flow_nodes.get(task), Task):
            draft.dropped(f"the model has no task '{task}'", each.location)
            continue
        kind = each.at("type").text()
        if kind.lower() not in _MODES:
            each.at("type").wrong(f"'{kind}' is no kind of batch")
            continue
        batch = _released(each.at("firing_rules"), draft)
        if not batch:
            draft.unclear(f"nothing that a batch here can wait for releases those of '{task}'", each.location)
            continue
        draft.put("tasks", task, "batch", value={**batch, "mode": _MODES[kind.lower()]})
        if kind.lower() == "concurrent":
            draft.unclear("concurrent work on a batch is done as one piece of work", each.at("type").location)
        _said_of_sizes(each, draft, _MODES[kind.lower()])


def _said_of_sizes(each: Json, draft: Draft, mode: str) -> None:
    factors = {i.at("key").text(): i.at("value").number() for i in each.at("duration_distrib").items()}
    if mode == "together":
        draft.unclear(
            "a batch takes as long as the work of one case here; there as often as it has cases, times a factor",
            each.location,
        )
    elif any(factor != 1 for factor in factors.values()):
        draft.dropped("how much quicker a case of a batch is done", each.at("duration_distrib").location)
    alone = [i.at("value").number() for i in each.at("size_distrib").items() if i.at("key").text() == "1"]
    if any(share > 0 for share in alone):
        draft.dropped("a share of cases that is never batched", each.at("size_distrib").location)


def _released(rules: Json, draft: Draft) -> dict[str, Any]:
    """What the alternatives say together: the least size, the longest wait of the oldest, the most at once."""
    sizes: list[int] = []
    most: list[int] = []
    waits: list[float] = []
    for group in rules.items():
        for rule in group.items():
            _rule(rule, draft, sizes, most, waits)
    if not sizes and not waits:
        return {}
    batch: dict[str, Any] = {"min": max(min(sizes), 1) if sizes else MANY}
    if most and max(most) >= batch["min"]:
        batch["max"] = max(most)
    if waits:
        batch["wait"] = duration(min(waits))
    return batch


def _rule(rule: Json, draft: Draft, sizes: list[int], most: list[int], waits: list[float]) -> None:
    name, sign, value = rule.at("attribute").text(), rule.at("comparison").text(), rule.at("value")
    match name:
        case "size":
            n = int(value.number())
            (most if sign.startswith("<") else sizes).append(n + (sign == ">") - (sign == "<"))
            if sign == "=":
                most.append(n)
        case "large_wt" | "ready_wt" if sign.startswith("<"):
            draft.dropped("a wait that is too long to count: what has waited that long goes too", rule.location)
        case "large_wt" | "ready_wt":
            waits.append(value.number())
            if name == "ready_wt":
                draft.unclear("the wait counts from the last that came there, from the first here", rule.location)
        case _:
            draft.dropped(f"batches are not released by {name}; a gate can say when a task may begin", rule.location)
