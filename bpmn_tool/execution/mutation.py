"""How sharp the stories of a model are: small faults put into it one at a time, and which of them no story notices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.build import executable
from bpmn_tool.execution.stories import play
from bpmn_tool.execution.texts import parse_timer
from bpmn_tool.instants import Duration
from bpmn_tool.messages import _
from bpmn_tool.model.elements import (
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Lane,
    Model,
    SequenceFlow,
    Task,
    TaskKind,
    TimerKind,
    TriggerKind,
)
from bpmn_tool.register import Register
from bpmn_tool.scenario.story import Story

NEVER: Final = "P1000Y"
"""A timer that no story waits for."""

_HALF_DAY: Final = 12 * 3600 * 1_000_000  # ticks
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
    yield from _early_ends(model)
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


def _early_ends(model: Model) -> Iterator[Mutant]:
    """A flow is sent elsewhere: to an end event of its scope where it should go on, or to another one where it ends."""
    for flow in model.sequence_flows.values():
        target = model.flow_nodes[flow.target_ref]
        if isinstance(target, Gateway) and target.kind is not GatewayKind.EXCLUSIVE:
            continue  # what a join waits for would wait for ever: another fault than this one
        end = next((each for each in _ends(model, target.container) if each.id != target.id), None)
        source = model.flow_nodes[flow.source_ref]
        if end is None or (isinstance(source, Gateway) and source.kind is GatewayKind.EVENT_BASED):
            continue
        what = _("the flow leads to %(end)s") % {"end": end.id}
        yield Mutant(element=flow.id, what=what, model=_led_to(model, flow, end))


def _ends(model: Model, scope: str) -> Iterator[Event]:
    for node in model.nodes_in(scope):
        if isinstance(node, Event) and node.kind is EventKind.END:
            yield node


def _led_to(model: Model, flow: SequenceFlow, end: FlowNode) -> Model:
    old = model.flow_nodes[flow.target_ref]
    nodes = {
        **model.flow_nodes,
        old.id: replace(old, incoming=tuple(each for each in old.incoming if each != flow.id)),
        end.id: replace(end, incoming=(*end.incoming, flow.id)),
    }
    flows = {**model.sequence_flows, flow.id: replace(flow, target_ref=end.id)}
    return replace(model, flow_nodes=nodes, sequence_flows=flows)


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
        for text, what in ((NEVER, _("the timer never comes")), *_moved(event)):
            late = replace(event.definitions[0], text=text, timer=None)
            yield Mutant(element=event.id, what=what, model=_with(model, replace(event, definitions=(late,))))


def _moved(event: Event) -> Iterator[tuple[str, str]]:
    """Half and twice the duration of a timer; of a date or a cycle nothing."""
    if event.definitions[0].timer not in (TimerKind.DURATION, None):
        return
    try:
        said = parse_timer(event.definitions[0])
    except ValueError:
        return
    if not isinstance(said, Duration):
        return
    for moved in (_half(said), _twice(said)):
        if moved != said:
            yield str(moved), _("the timer comes after %(moved)s, not %(said)s") % {"moved": moved, "said": said}


def _twice(said: Duration) -> Duration:
    return Duration(
        years=2 * said.years, months=2 * said.months, weeks=2 * said.weeks, days=2 * said.days, ticks=2 * said.ticks
    )


def _half(said: Duration) -> Duration:
    """Of an odd month the half is fifteen days."""
    months, odd_month = divmod(12 * said.years + said.months, 2)
    days, odd_day = divmod(7 * said.weeks + said.days + 30 * odd_month, 2)
    return Duration(months=months, days=days, ticks=odd_day * _HALF_DAY + said.ticks // 2)


def _with(model: Model, node: FlowNode) -> Model:
    return replace(model, flow_nodes={**model.flow_nodes, node.id: node})
