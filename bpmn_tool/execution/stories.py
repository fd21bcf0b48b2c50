"""Stories played on a model: what people did is done again, and held against what must have happened."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from bpmn_tool.errors import InputError, Location, Problem, RunError
from bpmn_tool.execution.beginnings import starts
from bpmn_tool.execution.build import Executable, executable
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.evaluation import RUNS
from bpmn_tool.execution.expectations import Difference, first_difference
from bpmn_tool.execution.mail import PostOffice
from bpmn_tool.execution.outside import from_outside
from bpmn_tool.execution.roles import roles_of
from bpmn_tool.model.elements import Activity, Model, MultiInstance
from bpmn_tool.register import Register
from bpmn_tool.results.execution import StoryResult
from bpmn_tool.scenario.story import Step, Story

BY_ITSELF: Final = 1_000
"""Human tasks that happen by themselves between two steps, before a story is held to go round in circles."""


def play(model: Model | Executable, register: Register | None, story: Story, *, zone: str | None = None) -> StoryResult:
    """Play a story. Raises InputError where the model cannot be executed, or the story names what it does not have."""
    made = executable(model) if isinstance(model, Model) else model
    if problems := tuple(unknown(made, story)):
        raise InputError(problems)
    data = {**_runs(made.model, story), **story.data}
    roles = roles_of(made.model, register)
    case = Case(made, clock=story.clock, zone=zone, data=data, roles=roles, ask=_decided(made.model, story))
    difference = _play(case, story) or first_difference(case, story.expect, _start(story))
    return StoryResult(
        name=story.name,
        path=story.file,
        passed=difference is None,
        message="" if difference is None else difference.message,
        trace=case.trace(),
        location=Location(path=story.file, key=difference.key if difference is not None else None),
    )


def _decided(model: Model, story: Story) -> frozenset[str]:
    """Gateways at which the story itself chooses."""
    chosen = (
        flow for step in story.steps for flow in ((step.choose,) if isinstance(step.choose, str) else step.choose or ())
    )
    return frozenset(model.sequence_flows[flow].source_ref for flow in chosen)


def _start(story: Story) -> datetime:
    return story.clock


def _play(case: Case, story: Story) -> Difference | None:
    alone = frozenset(story.expect.path) - {step.do for step in story.steps}
    key = "start"
    try:
        case.start(story.start)
        _by_themselves(case, alone)
        for number, step in enumerate(story.steps):
            for what, act in _acts(case, step, f"steps[{number}]", alone):
                key = what
                act()
                _by_themselves(case, alone)
    except RunError as error:
        return Difference(key=key, message=str(error))
    return None


def _acts(case: Case, step: Step, at: str, alone: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """What a step does, with the key that says so; a choice comes after what leads to it."""
    data = dict(step.set)
    if step.do is not None:
        activity = step.do
        yield f"{at}.do", lambda: case.complete(activity, data, step.as_, step.instance)
    elif step.message is not None:
        ref = step.message
        yield f"{at}.message", lambda: case.message(ref, data)
    elif step.wait is not None:
        duration = step.wait
        yield f"{at}.wait", lambda: case.wait(duration, lambda: _by_themselves(case, alone))
    if step.choose is not None:
        flows = (step.choose,) if isinstance(step.choose, str) else step.choose
        yield f"{at}.choose", lambda: case.choose(*flows, data=data)


def _by_themselves(case: Case, alone: frozenset[str]) -> None:
    """Complete open work that only `path` names."""
    for _ in range(BY_ITSELF):
        work = next((work for work in case.work() if work.activity in alone), None)
        if work is None:
            return
        case.complete(work.activity, instance=work.instance)
    raise RunError(f"after {BY_ITSELF} tasks that happen by themselves the story still goes round in a loop")


def _runs(model: Model, story: Story) -> Mapping[str, int]:
    """How often a multi-instance runs whose model does not say: one more than the highest `instance` of the story's
    steps in it.
    """
    found: dict[str, int] = {}
    for step in story.steps:
        around = model.flow_nodes.get(step.do or "") if step.instance is not None else None
        while around is not None and not (isinstance(around, Activity) and around.loop is not None):
            around = model.flow_nodes.get(around.container)
        if around is not None and step.instance is not None and _is_uncounted(around):
            key = RUNS.format(activity=around.id)
            found[key] = max(found.get(key, 0), step.instance + 1)
    return found


def _is_uncounted(node: object) -> bool:
    return isinstance(node, Activity) and isinstance(node.loop, MultiInstance) and not node.loop.cardinality.strip()


# what a story names


def unknown(made: Executable, story: Story) -> Iterator[Problem]:
    """Every id of a story that its model does not have, with its key and the nearest one that it has."""
    model = made.model
    begin = [*starts(model), *model.processes]
    if story.start not in begin:
        yield _unknown(story, "start", story.start, "start event", begin)
    activities = [n.id for n in model.flow_nodes.values() if isinstance(n, Activity)]
    for number, step in enumerate(story.steps):
        at = f"steps[{number}]"
        if step.do is not None and step.do not in activities:
            yield _unknown(story, f"{at}.do", step.do, "activity", activities)
        for flow in (step.choose,) if isinstance(step.choose, str) else step.choose or ():
            if flow not in model.sequence_flows:
                yield _unknown(story, f"{at}.choose", flow, "sequence flow", list(model.sequence_flows))
        if step.message is not None and (fault := _no_message(made, step.message)) is not None:
            yield Problem(message=fault, location=Location(path=story.file, key=f"{at}.message"))
    known = [*model.flow_nodes, *model.message_flows]
    expect = story.expect
    for name, ids in (("path", expect.path), ("by", tuple(expect.by)), ("ends", expect.ends), ("never", expect.never)):
        for number, element in enumerate(ids):
            if element not in known:
                key = f"expect.by.{element}" if name == "by" else f"expect.{name}[{number}]"
                yield _unknown(story, key, element, "element", known)


def _unknown(story: Story, key: str, id: str, kind: str, known: list[str]) -> Problem:
    near = get_close_matches(id, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return Problem(message=f"'{id}' is no {kind} of the model{hint}", location=Location(path=story.file, key=key))


def _no_message(made: Executable, ref: str) -> str | None:
    if from_outside(made.model, ref):
        return None
    try:
        PostOffice(made.routes).addressees(made.model, ref)
    except RunError as error:
        return str(error)
    return None
