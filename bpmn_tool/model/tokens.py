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
from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.firing import Firing, begins_at, frame_of, joins
from bpmn_tool.model.marking import (
    EMPTY,
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
    on_way,
    path_of,
    target,
)
from bpmn_tool.model.net import WAITING, Behaviour, Net, Node

__all__ = [
    "EMPTY", "Active", "Effect", "EffectKind", "Frame", "Marking", "Outer", "Path", "Scope", "Step", "StepKind", "fire",
    "flow_of", "may_pass", "on_way", "options", "path_of", "steps", "target",
]  # fmt: skip


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
        case Behaviour.INCLUSIVE if len(node.outgoing) > 1:
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


def _sure(node: Node) -> tuple[str, ...]:
    """Flows out of an activity that have no condition to them."""
    return tuple(f for f in node.outgoing if f not in node.conditional and f != node.default)


def _subsets(flows: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(flows) + 1):
        yield from combinations(flows, size)


def steps(net: Net, marking: Marking) -> Iterator[Step]:
    """All that may happen next, in order of (scope, node, visit): tokens that can move and waits that can end.

    Messages, new process instances and declined handoffs are the driver's to bring in, and so is how many instances a
    multi-instance has: one is offered here.
    """
    found: set[tuple[Scope, str, str]] = set()
    waits: list[tuple[Scope, str, int]] = []
    empty: list[tuple[Scope, str, int]] = []
    for key in marking:
        if key[0] == "t" and may_pass(net, marking, key[1], key[2]):
            name = target(net, key[2])
            found.add((key[1], name, "" if joins(net.nodes[name]) else key[2]))
        elif key[0] == "a" and _may_complete(net, marking, key):
            waits.append((key[1], key[2], key[3]))
        elif key[0] == "o" and not marking[key].created:
            empty.append((key[1], key[2], key[3]))
    for scope, name, by in sorted(found):
        node = net.nodes[name]
        flow = by or next(f for f in node.incoming if marking.get(("t", scope, f), 0))
        for flows in ((),) if node.behaviour in WAITING else options(net, node):
            for instances in (1, 0) if isinstance(node.loop, StandardLoop) and node.loop.test_before else (1,):
                yield Step(StepKind.PASS, scope, name, flow=flow, flows=flows, instances=instances)
    for scope, name, visit in sorted(waits):
        yield from _ways_to_complete(net, marking, Step(StepKind.COMPLETE, scope, name, visit=visit))
    for scope, name, visit in sorted(empty):
        for flows in options(net, net.nodes[name]):
            yield Step(StepKind.CLOSE, scope, name, visit=visit, flows=flows)


def _ways_to_complete(net: Net, marking: Marking, step: Step) -> Iterator[Step]:
    """Every choice of flows; of a loop's body once more, where it may; of an instance that the completion condition
    holds, where there is one.
    """
    node = net.nodes[step.node]
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


def _may_complete(net: Net, marking: Marking, key: tuple[Any, ...]) -> bool:
    _, scope, name, visit = key
    match net.nodes[name].behaviour:
        case Behaviour.EVENT_GATEWAY:
            return False
        case Behaviour.SUB_PROCESS:
            return not marking.get(("n", (*scope, (name, visit, -1))), 0)
        case _:
            return True


def fire(net: Net, marking: Marking, step: Step) -> tuple[Marking, list[Effect]]:
    """The marking after `step` and what it did, in order. Raises ValueError where the step is not possible (a fault of
    the driver).
    """
    work = Firing(net, marking.mutate())
    if not _possible(net, marking, step):
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
    work.settle()
    return work.marking.finish(), work.effects


def _possible(net: Net, marking: Marking, step: Step) -> bool:
    match step.kind:
        case StepKind.BEGIN:
            return bool(begins_at(net, step.node))
        case StepKind.PASS:
            node = net.nodes[step.node]
            return (
                target(net, step.flow) == step.node
                and (node.behaviour in WAITING or _may_take(node, step.flows))
                and may_pass(net, marking, step.scope, step.flow)
            )
        case StepKind.COMPLETE:
            key = ("a", step.scope, step.node, step.visit)
            return (
                key in marking
                and _may_complete(net, marking, key)
                and _may_take(net.nodes[step.node], step.flows)
                and (not step.kept or ("m", step.kept) in marking)
            )
        case StepKind.CLOSE:
            outer = marking.get(("o", step.scope, step.node, step.visit))
            return outer is not None and not outer.created and _may_take(net.nodes[step.node], step.flows)
        case StepKind.DIVERT:
            return ("t", step.scope, step.flow) in marking
        case StepKind.KEEP:
            return True
        case _:
            assert_never(step.kind)


def _may_take(node: Node, flows: tuple[str, ...]) -> bool:
    """Whether these are outgoing flows that `node` can take together. A driver that draws flows may draw the default
    with others.
    """
    match node.behaviour:
        case Behaviour.EXCLUSIVE if node.outgoing:
            return len(flows) == 1 and flows[0] in node.outgoing
        case Behaviour.INCLUSIVE if len(node.outgoing) > 1:
            return bool(flows) and len(set(flows)) == len(flows) and set(flows) <= set(node.outgoing)
        case _ if node.conditional:
            return (
                bool(flows) and len(set(flows)) == len(flows) and set(_sure(node)) <= set(flows) <= set(node.outgoing)
            )
        case _:
            return flows == node.outgoing
