"""THE control flow: what may fire, and what firing does, as pure functions over an immutable marking (BPMN 2.0.2,
chapter 13; docs/semantics.md, 3).

Time, people and chance stay outside: whoever drives a marking chooses flows at decisions, says how many instances there
are, when an event occurs and when a message arrives. A marking is a persistent map; firing costs O(degree), and O(what
it removes from) where a scope is interrupted. What a marking is made of stands in :mod:`bpmn_tool.model.marking`.
"""

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any, assert_never

from bpmn_tool.model import inclusive_join
from bpmn_tool.model.elements import MultiInstance, StandardLoop, TriggerKind
from bpmn_tool.model.firing import Firing, begins_at, frame_of, joins
from bpmn_tool.model.marking import (
    EMPTY,
    REUSING,
    Active,
    Effect,
    EffectKind,
    Frame,
    Marking,
    Outer,
    Path,
    Scope,
    Step,
    StepKind,
    flow_of,
    inside,
    on_way,
    path_of,
    target,
)
from bpmn_tool.model.net import WAITING, Behaviour, Net, Node, Trigger

__all__ = [
    "EMPTY", "REUSING", "Active", "Effect", "EffectKind", "Frame", "Marking", "Outer", "Path", "Scope", "Step",
    "StepKind", "fire", "flow_of", "inside", "may_pass", "may_reset", "on_way", "options", "path_of", "reset_options",
    "steps", "target",
]  # fmt: skip

_ACTIVITIES = frozenset({Behaviour.WORK, Behaviour.RECEIVE, Behaviour.SUB_PROCESS})


def may_pass(net: Net, marking: Marking, scope: Scope, flow: str) -> bool:
    """Whether the node behind `flow` can take the token on it now."""
    if marking.get(("t", scope, flow), 0) < 1 or flow.startswith("~"):
        return False
    node = net.nodes[target(net, flow)]
    match node.behaviour:
        case Behaviour.PARALLEL if len(node.incoming) > 1:
            return all(marking.get(("t", scope, f), 0) for f in node.incoming)
        case Behaviour.INCLUSIVE if len(node.incoming) > 1:
            return inclusive_join.fires(net, marking, scope, node)
        case Behaviour.COMPLEX:
            return ("g", scope, node.id) not in marking
        case _ if node.needs > 1:
            there = sum(marking.get(("t", scope, f), 0) for f in (*node.incoming, "^" + node.id))
            return bool(there >= node.needs)
        case _:
            return True


def options(net: Net, node: Node) -> Iterator[tuple[str, ...]]:  # noqa: ARG001  as all rules take it
    """Every set of outgoing flows that `node` may take: all of them, but for decisions and conditional flows of
    activities.

    A default flow is taken where no condition holds, and only there (Table 10.3, 10.6.3); that nothing is taken is an
    error of the case, no option.
    """
    match node.behaviour:
        case Behaviour.EXCLUSIVE if node.outgoing:
            yield from ((flow,) for flow in node.outgoing)
        case Behaviour.INCLUSIVE | Behaviour.COMPLEX if len(node.outgoing) > 1:
            if node.default is not None:
                yield (node.default,)
            yield from _subsets(tuple(f for f in node.outgoing if f != node.default))
        case _ if node.conditional:
            sure = _sure(node)
            for chosen in chain([()], _subsets(node.conditional)):
                taken = (*sure, *chosen, *(() if chosen or node.default is None else (node.default,)))
                if taken:
                    yield tuple(f for f in node.outgoing if f in taken)
        case _:
            yield node.outgoing


def reset_options(node: Node) -> Iterator[tuple[str, ...]]:
    """What a complex gateway may send on when it resets: flows with a condition, the default, or nothing (Table 13.5).

    Flows without a condition took their token when it fired.
    """
    yield () if node.default is None else (node.default,)
    yield from _subsets(node.conditional)


def _sure(node: Node) -> tuple[str, ...]:
    """Flows out of an activity that have no condition to them."""
    return tuple(f for f in node.outgoing if f not in node.conditional and f != node.default)


def _subsets(flows: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(flows) + 1):
        yield from combinations(flows, size)


def steps(net: Net, marking: Marking) -> Iterator[Step]:
    """All that may happen next, in order of (scope, node, visit): tokens that can move and waits that can end.

    Messages, new process instances and declined handoffs are the driver's to bring in, and so is how many instances a
    multi-instance has: one is offered here. Of an ad-hoc sub-process, what is not under way may be performed.
    """
    heads: dict[tuple[Scope, str, str], str] = {}  # a join takes all its tokens in one step: it is asked about once
    waits: list[tuple[Scope, str, int]] = []
    empty: list[tuple[Scope, str, int]] = []
    resets: list[tuple[Scope, str]] = []
    for key in marking:
        if key[0] == "t" and not key[2].startswith("~"):
            name = target(net, key[2])
            heads.setdefault((key[1], name, "" if joins(net.nodes[name]) else key[2]), key[2])
        elif key[0] == "a" and _is_offered(net, marking, key):
            waits.append((key[1], key[2], key[3]))
        elif key[0] == "o" and not marking[key].created:
            empty.append((key[1], key[2], key[3]))
        elif key[0] == "g" and may_reset(net, marking, key[1], key[2]):
            resets.append((key[1], key[2]))
    for scope, name, by in sorted(head for head, flow in heads.items() if may_pass(net, marking, head[0], flow)):
        node = net.nodes[name]
        flow = by or next(f for f in (*node.incoming, "^" + name) if marking.get(("t", scope, f), 0))
        for flows in ((),) if _waits(node, flow) else options(net, node):
            for instances in (1, 0) if isinstance(node.loop, StandardLoop) and node.loop.test_before else (1,):
                yield Step(StepKind.PASS, scope, name, flow=flow, flows=flows, instances=instances)
    for scope, name, visit in sorted(waits):
        yield from _ways_to_complete(net, marking, Step(StepKind.COMPLETE, scope, name, visit=visit))
    for scope, name, visit in sorted(empty):
        for flows in options(net, net.nodes[name]):
            yield Step(StepKind.CLOSE, scope, name, visit=visit, flows=flows)
    for scope, name in sorted(resets):
        for flows in reset_options(net.nodes[name]):
            yield Step(StepKind.RESET, scope, name, flows=flows)


def _waits(node: Node, flow: str) -> bool:
    """Whether it holds the token that it takes from this flow: what begins the process by its message does not."""
    return node.behaviour in WAITING and not (node.instantiates and flow == "^" + node.id)


def may_reset(net: Net, marking: Marking, scope: Scope, name: str) -> bool:
    """Whether nothing can still come to a complex gateway that has fired."""
    return inclusive_join.nothing_more(net, marking, scope, net.nodes[name], marking[("g", scope, name)])


def _performed(net: Net, marking: Marking, step: Step) -> Iterator[Step]:
    """What may be taken up in an ad-hoc sub-process: each activity that is not under way, or one if one at a time."""
    node = net.nodes[step.node]
    inner = inside(node, step.scope, step.visit)
    if node.sequential and marking.get(("n", inner), 0):
        return
    busy = {target(net, k[2]) if k[0] == "t" else k[2] for k in marking if k[0] in "tao" and k[1] == inner}
    for name in node.performs or ():
        if name not in busy:
            yield Step(StepKind.PERFORM, inner, name)


def _ways_to_complete(net: Net, marking: Marking, step: Step) -> Iterator[Step]:
    """Every choice of flows; of a loop's body once more, where it may; of an instance that the completion condition
    holds, where there is one.
    """
    node = net.nodes[step.node]
    if node.performs is not None:
        yield from _performed(net, marking, step)
        if not _may_complete(net, marking, ("a", step.scope, step.node, step.visit)):
            return
    if node.every:
        came = marking[("a", step.scope, step.node, step.visit)].occurred
        for number, trigger in enumerate(node.triggers):
            if number not in came and not _from_within(trigger):
                yield step._replace(flows=node.outgoing, trigger=number)
        return
    ways = [step._replace(flows=flows) for flows in options(net, node)]
    if (frame := frame_of(node, step.scope)) is None:
        yield from ways
        return
    outer: Outer = marking[("o", step.scope[:-1], node.id, frame[1])]
    if isinstance(node.loop, StandardLoop):
        yield from ways
        if node.loop.maximum is None or outer.done + 1 < node.loop.maximum:
            yield ways[0]._replace(again=True)
        return
    last = outer.done + 1 == outer.total
    yield from ways if last else ways[:1]
    if isinstance(node.loop, MultiInstance) and node.loop.completion_condition and not last:
        yield from (way._replace(satisfied=True) for way in ways)


def _is_offered(net: Net, marking: Marking, key: tuple[Any, ...]) -> bool:
    """Whether something from outside, or what goes on inside, may end this wait."""
    node = net.nodes[key[2]]
    if node.performs is not None:
        return True
    if node.triggers and node.behaviour is not Behaviour.RAISE and all(map(_from_within, node.triggers)):
        return False
    return _may_complete(net, marking, key)


def _from_within(trigger: Trigger) -> bool:
    """Set off by the model itself, where it is thrown; a message is the driver's all the same."""
    return trigger.within and trigger.kind is not TriggerKind.MESSAGE


def _may_complete(net: Net, marking: Marking, key: tuple[Any, ...]) -> bool:
    _, scope, name, visit = key
    node = net.nodes[name]
    match node.behaviour:
        case Behaviour.EVENT_GATEWAY:
            return False
        case Behaviour.SUB_PROCESS if node.performs is not None:
            cancels = node.cancels_rest and not node.sequential
            return cancels or not _at_work(net, marking, inside(node, scope, visit))
        case Behaviour.SUB_PROCESS:
            return not marking.get(("n", inside(node, scope, visit)), 0)
        case Behaviour.RAISE:
            return marking[key].pending is None
        case Behaviour.EVENT_START:  # a scope with nothing left is at its end
            return bool(marking.get(("n", scope), 0))
        case _:
            return True


def _at_work(net: Net, marking: Marking, scope: Scope) -> bool:
    """Whether an activity is under way in an ad-hoc sub-process: one that is done executes no further ones, so tokens
    on flows are none (13.3.5).
    """
    return any(key[0] in "ao" and key[1] == scope and net.nodes[key[2]].behaviour in _ACTIVITIES for key in marking)


def fire(net: Net, marking: Marking, step: Step, *, passes: bool = False) -> tuple[Marking, list[Effect]]:
    """The marking after `step` and what it did, in order. Raises ValueError where the step is not possible (a fault of
    the driver). `passes`: the driver has just asked :func:`may_pass`, which is not asked again.
    """
    work = Firing(net, marking.mutate())
    if not _possible(net, marking, step, passes):
        raise ValueError(f"{step} is not possible")
    match step.kind:
        case StepKind.BEGIN:
            work.begin(step)
        case StepKind.PASS:
            work.take(step)
        case StepKind.COMPLETE:
            work.complete(step)
        case StepKind.CLOSE:
            work.close_outer(step.scope, net.nodes[step.node], step.visit, step.flows)
        case StepKind.DIVERT:
            work.add(("t", step.scope, step.flow), -1)
            work.put(step.scope, step.flows)
            work.hold(step.scope, -1)
        case StepKind.KEEP:
            work.add(("m", step.flow), 1)
        case StepKind.PERFORM:
            work.put(step.scope, ("^" + step.node,))
        case StepKind.RESET:
            work.reset(step)
        case _:
            assert_never(step.kind)
    work.settle()
    return work.marking.finish(), work.effects


def _possible(net: Net, marking: Marking, step: Step, passes: bool) -> bool:
    match step.kind:
        case StepKind.BEGIN:
            return bool(begins_at(net, step.node))
        case StepKind.PASS:
            node = net.nodes[step.node]
            return (
                target(net, step.flow) == step.node
                and (_waits(node, step.flow) or _may_take(node, step.flows))
                and (passes or may_pass(net, marking, step.scope, step.flow))
            )
        case StepKind.COMPLETE:
            key = ("a", step.scope, step.node, step.visit)
            return (
                key in marking
                and _may_complete(net, marking, key)
                and _may_take(net.nodes[step.node], step.flows)
                and step.trigger < max(1, len(net.nodes[step.node].triggers))
                and (not step.kept or ("m", step.kept) in marking)
            )
        case StepKind.CLOSE:
            outer = marking.get(("o", step.scope, step.node, step.visit))
            return outer is not None and not outer.created and _may_take(net.nodes[step.node], step.flows)
        case StepKind.DIVERT:
            return ("t", step.scope, step.flow) in marking
        case StepKind.KEEP:
            return True
        case StepKind.PERFORM:
            around = net.nodes.get(step.scope[-1][0])
            return (
                around is not None
                and step.node in (around.performs or ())
                and ("a", step.scope[:-1], *step.scope[-1][:2]) in marking
                and not (around.sequential and marking.get(("n", step.scope), 0))
            )
        case StepKind.RESET:
            return (
                ("g", step.scope, step.node) in marking
                and may_reset(net, marking, step.scope, step.node)
                and step.flows in reset_options(net.nodes[step.node])
            )
        case _:
            assert_never(step.kind)


def _may_take(node: Node, flows: tuple[str, ...]) -> bool:
    """Whether these are outgoing flows that `node` can take together. A driver that draws flows may draw the default
    with others.
    """
    match node.behaviour:
        case Behaviour.EXCLUSIVE if node.outgoing:
            return len(flows) == 1 and flows[0] in node.outgoing
        case Behaviour.INCLUSIVE | Behaviour.COMPLEX if len(node.outgoing) > 1:
            return bool(flows) and len(set(flows)) == len(flows) and set(flows) <= set(node.outgoing)
        case _ if node.conditional:
            return (
                bool(flows) and len(set(flows)) == len(flows) and set(_sure(node)) <= set(flows) <= set(node.outgoing)
            )
        case _:
            return flows == node.outgoing
