"""A case that was executed, as the story that would play it again: data for a TOML file."""

import os
from pathlib import Path
from typing import Any

from bpmn_tool.execution.case import Act, Case

_ACTIVITIES = ("task", "Task", "subProcess")  # ends of the XML local names of activities


def recorded(
    case: Case, *, name: str, start: str, models: tuple[Path, ...], folder: Path, data: dict[str, Any]
) -> dict[str, Any]:
    """The tables of a story file that stands in `folder`; `data` are those with which the case began."""
    trace = case.trace()
    paths = [os.path.relpath(model.resolve(), folder.resolve()).replace(os.sep, "/") for model in models]
    activities = [step for step in trace.steps if step.kind.endswith(_ACTIVITIES)]
    expect: dict[str, Any] = {"path": [step.element for step in activities]}
    if ends := list(dict.fromkeys(trace.ends)):
        expect["ends"] = ends
    if trace.data:
        expect["data"] = {key: value for key, value in trace.data.items() if value is not None}
    return {
        "format": 1,
        "name": name,
        "model": paths[0] if len(paths) == 1 else paths,
        "start": start,
        "clock": case.began,
        "data": data,
        "steps": [_step(act) for act in case.acts],
        "expect": expect,
    }


def _step(act: Act) -> dict[str, Any]:
    step: dict[str, Any] = {act.verb: list(act.what) if isinstance(act.what, tuple) else act.what}
    if act.role is not None:
        step["as"] = act.role
    if act.instance is not None:
        step["instance"] = act.instance
    if act.data:
        step["set"] = dict(act.data)
    return step
