"""How sharp the stories of a model are: small faults put into it one at a time, and which of them no story notices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.build import executable
from bpmn_tool.execution.stories import play
from bpmn_tool.messages import _
from bpmn_tool.model.elements import (
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Lane,
    Model,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.register import Register
from bpmn_tool.scenario.story import Story

NEVER: Final = "P1000Y"
"""A timer that no story waits for."""

_HUMAN: Final = frozenset({TaskKind.TASK, TaskKind.USER, TaskKind.MANUAL, TaskKind.BUSINESS_RULE})
#: where the order of the ways out, or which is which, makes no difference by itself
_UNORDERED: Final = frozenset({GatewayKind.PARALLEL, GatewayKind.EVENT_BASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A model with one fault: what was done to which element."""

    element: str
    what: str
    model: Model


def mutants(model: Model) -> Iterator[Mutant]:
    """Every fault that is tried, in the order of the file."""
    yield from _conditions(model)
    for node in model.flow_nodes.values():
        match node:
            case Task():
                yield from _tasks(model, node)
            case Gateway():
                yield from _ways_out(model, node)
            case Event():
                yield from _events(model, node)
            case _:
                pass
    for flow, ends in model.message_flows.items():
        if model.process_of(ends.source_ref) is None or model.process_of(ends.target_ref) is None:
            continue  # what a black box does with it, nobody in the model notices
        left = {id: each for id, each in model.message_flows.items() if id != flow}
        yield Mutant(element=flow, what=_("the message is not sent"), model=replace(model, message_flows=left))


def is_found(mutant: Mutant, stories: Sequence[Story], register: Register | None) -> bool | None:
    """Whether some story notices; None where the fault makes a model that cannot be executed at all."""
    try:
        made = executable(mutant.model)
    except InputError:
        return None
    for story in stories:
        try:
            if not play(made, register, _about(mutant.model, story)).passed:
                return True
        except (InputError, RunError):
            return True
    return False


def _about(model: Model, story: Story) -> Story:
    """The story without what must never happen where the model no longer has it: that it does not happen is no news."""
    never = tuple(id for id in story.expect.never if model.get(id) is not None)
    return story.model_copy(update={"expect": story.expect.model_copy(update={"never": never})})


def _conditions(model: Model) -> Iterator[Mutant]:
    for flow in model.sequence_flows.values():
        if flow.condition and flow.condition.strip():
            turned = replace(flow, condition=f"not ({_bare(flow.condition)})")
            flows = {**model.sequence_flows, flow.id: turned}
            yield Mutant(
                element=flow.id, what=_("the condition is turned round"), model=replace(model, sequence_flows=flows)
            )


def _bare(condition: str) -> str:
    """Without the wrapping that some tools write."""
    text = condition.strip()
    if text.startswith(("${", "#{")) and text.endswith("}"):
        return text[2:-1]
    return text.removeprefix("=") if not text.startswith("==") else text


def _tasks(model: Model, task: Task) -> Iterator[Mutant]:
    if (skipped := _without(model, task)) is not None:
        yield Mutant(element=task.id, what=_("the task is left out"), model=skipped)
    lane = model.lane_of(task.id)
    if lane is not None and task.id in lane.flow_node_refs and task.kind in _HUMAN:
        other = next((each for each in model.lanes.values() if each.process == lane.process and each is not lane), None)
        if other is not None:
            moved = {**model.lanes, lane.id: _less(lane, task.id), other.id: _more(other, task.id)}
            what = _("it stands in the lane '%(lane)s'") % {"lane": other.label}
            yield Mutant(element=task.id, what=what, model=replace(model, lanes=moved))


def _less(lane: Lane, node: str) -> Lane:
    return replace(lane, flow_node_refs=tuple(ref for ref in lane.flow_node_refs if ref != node))


def _more(lane: Lane, node: str) -> Lane:
    return replace(lane, flow_node_refs=(*lane.flow_node_refs, node))


def _without(model: Model, task: Task) -> Model | None:
    """The flows into a task lead to what follows on it; None where that is not one plain flow."""
    if len(task.outgoing) != 1 or not task.incoming or model.boundary_events(task.id):
        return None
    out = model.sequence_flows[task.outgoing[0]]
    if out.target_ref == task.id or out.condition:
        return None
    after = model.flow_nodes[out.target_ref]
    incoming = tuple(
        flow for each in after.incoming for flow in (task.incoming if each == out.id else (each,)) if flow != out.id
    )
    nodes: dict[str, FlowNode] = {id: node for id, node in model.flow_nodes.items() if id != task.id}
    nodes[after.id] = replace(after, incoming=incoming)
    flows = {id: flow for id, flow in model.sequence_flows.items() if id != out.id}
    for flow in task.incoming:
        flows[flow] = replace(flows[flow], target_ref=after.id)
    messages = {
        id: flow for id, flow in model.message_flows.items() if task.id not in (flow.source_ref, flow.target_ref)
    }
    return replace(model, flow_nodes=nodes, sequence_flows=flows, message_flows=messages)


def _ways_out(model: Model, gateway: Gateway) -> Iterator[Mutant]:
    """Two neighbouring ways out of a gateway lead where the other one should."""
    if gateway.kind in _UNORDERED:
        return
    for one, other in pairwise(gateway.outgoing):
        first, second = model.sequence_flows[one], model.sequence_flows[other]
        targets = [first.target_ref, second.target_ref]
        if targets[0] == targets[1]:
            continue
        nodes = dict(model.flow_nodes)
        for target, old, new in ((targets[0], one, other), (targets[1], other, one)):
            incoming = tuple(new if flow == old else flow for flow in nodes[target].incoming)
            nodes[target] = replace(nodes[target], incoming=incoming)
        flows = {
            **model.sequence_flows,
            one: replace(first, target_ref=targets[1]),
            other: replace(second, target_ref=targets[0]),
        }
        what = _("%(one)s and %(other)s change places") % {"one": one, "other": other}
        yield Mutant(element=gateway.id, what=what, model=replace(model, flow_nodes=nodes, sequence_flows=flows))


def _events(model: Model, event: Event) -> Iterator[Mutant]:
    if event.kind is EventKind.BOUNDARY:
        turned = replace(event, cancel_activity=not event.cancel_activity)
        what = _("it no longer interrupts") if event.cancel_activity else _("it interrupts")
        yield Mutant(element=event.id, what=what, model=_with(model, turned))
    if event.trigger is TriggerKind.TIMER and event.kind is not EventKind.START:
        late = replace(event.definitions[0], text=NEVER, timer=None)
        what = _("the timer never comes")
        yield Mutant(element=event.id, what=what, model=_with(model, replace(event, definitions=(late,))))


def _with(model: Model, node: FlowNode) -> Model:
    return replace(model, flow_nodes={**model.flow_nodes, node.id: node})
