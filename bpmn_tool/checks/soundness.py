"""Whether a model is sound: safe, always able to complete, without anything dead (docs/soundness.md)."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Final
from weakref import ref

from bpmn_tool.checks.environment import Environment
from bpmn_tool.checks.graph_of_states import backwards, bottoms
from bpmn_tool.checks.moves import Move
from bpmn_tool.checks.reduction import Reduction
from bpmn_tool.checks.standard import token_breaks
from bpmn_tool.checks.state_space import Limits, Space, StateSpace
from bpmn_tool.model.elements import Event, EventKind, Model, TriggerKind
from bpmn_tool.model.marking import Marking, Step, StepKind, target
from bpmn_tool.model.net import WAITING, Behaviour, Net
from bpmn_tool.model.net_build import build
from bpmn_tool.results.finding import Finding

CHECK: Final = Limits(states=100_000, memory=200_000_000, seconds=10.0)
"""How far `check` looks in one file."""
_NEARBY: Final = Limits(states=3_000, memory=50_000_000, seconds=1.0)
SHOWN: Final = 5
"""Situations shown that a model cannot complete from."""


class Verdict(Enum):
    SOUND = "sound"
    NOT_SOUND = "not sound"
    NOT_DECIDED = "not decided"
    NOT_CHECKED = "not checked"  # it breaks the standard, so that tokens mean nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`elements` are ids: where two tokens come together, where tokens are left. `path` leads to it; `shortest` if
    there is none with fewer steps. `round`: tokens do not wait but go round.
    """

    elements: tuple[str, ...]
    path: tuple[str, ...]
    shortest: bool
    round: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """`unsafe`: a flow or activity that can hold two tokens, one each; `stuck`: situations from which it cannot
    complete; `dead`: flow nodes and flows that nothing ever comes to. `more_stuck`: situations left out.

    `spent`: the limit that was reached (states, memory, time, steps); `beyond`: message flows and processes of which
    there may be more than are followed; `breaks`: errors against the standard.
    """

    verdict: Verdict
    unsafe: tuple[Trouble, ...] = ()
    stuck: tuple[Trouble, ...] = ()
    more_stuck: int = 0
    dead: tuple[str, ...] = ()
    spent: str = ""
    beyond: tuple[str, ...] = ()
    breaks: tuple[Finding, ...] = ()
    states: int = 0
    seconds: float = 0.0


_last: "tuple[ref[Model], Limits, Soundness] | None" = None


def soundness_of(model: Model, limits: Limits = CHECK) -> Soundness:
    """As :func:`soundness`; what was found of the last model is kept, since several rules ask for it."""
    global _last
    if (known := _last) is not None and known[0]() is model and known[1] == limits:
        return known[2]
    found = soundness(model, limits)
    _last = (ref(model), limits, found)
    return found


def soundness(model: Model, limits: Limits = CHECK, *, reduced: bool = True) -> Soundness:
    """Look at all situations of a model; with `reduced` only at as many as the verdict needs."""
    began = time.monotonic()
    if breaks := token_breaks(model):
        return Soundness(verdict=Verdict.NOT_CHECKED, breaks=breaks)
    return _Search(model, limits, reduced=reduced).verdict(began)


class _Search:
    def __init__(self, model: Model, limits: Limits, *, reduced: bool) -> None:
        self.model = model
        self.full: set[int] = set()  # situations that all steps of were taken after all
        self.paths: dict[tuple[bool, int], tuple[str, ...]] = {}
        self.net = build(model, once=True)
        self.environment = environment = Environment(model, self.net)
        self.reduction = Reduction(environment) if reduced and environment.most == 1 else None
        self.states = StateSpace(environment, limits, self.reduction.choose if self.reduction else None)

    def verdict(self, began: float) -> Soundness:
        space = self.states.explore()
        while self.reduction is not None and self.take_up(space, self.reduction):
            self.states.explore()
        first = sorted(space.unsafe.items(), key=lambda item: (item[1], item[0]))
        left = self.situations(self.left_over(space))
        self.look_for_shortest(set(space.unsafe), [state for _, _, state in left[:SHOWN]])
        unsafe = tuple(self.trouble((name,), state) for name, state in first)
        stuck = tuple(self.trouble(elements, state, round=round) for elements, round, state in left[:SHOWN])
        whole = not space.spent and not space.cut
        dead = tuple(_dead(self.model, self.net, space.happened)) if whole else ()
        undecided = bool(space.spent or space.beyond)
        wrong = bool(unsafe or stuck or dead)
        return Soundness(
            verdict=Verdict.NOT_SOUND if wrong else Verdict.NOT_DECIDED if undecided else Verdict.SOUND,
            unsafe=unsafe,
            stuck=stuck,
            more_stuck=len(left[SHOWN:]),
            dead=dead,
            spent=space.spent,
            beyond=tuple(space.beyond),
            states=len(space.parents),
            seconds=time.monotonic() - began,
        )

    def take_up(self, space: Space, reduction: Reduction) -> bool:
        """Whether something waits for ever while others go round; then all steps are taken where it does."""
        if space.spent or space.cut:
            return False
        more = False
        for part in bottoms(space, backwards(space, (*space.ends, *space.cut))):
            waiting: dict[Move, int] = {}
            for state in part:
                marking = self.states.marking(state)
                steps = list(self.states.environment.steps(marking))
                waiting |= {reduction.moves.move_of(step): state for step in steps}
            for state in part:
                marking = self.states.marking(state)
                steps = list(self.states.environment.steps(marking))
                for step in reduction.choose(marking, steps):
                    waiting.pop(reduction.moves.move_of(step), None)
            for state in set(waiting.values()) - self.full:
                self.full.add(state)
                self.states.expand(state, fully=True)
                more = True
        return more

    # -- where it cannot complete

    def left_over(self, space: Space) -> list[list[int]]:
        """The situations from which it cannot complete, at the bottom: each by itself, or a round without a way out."""
        good = [state for state in space.ends if self.is_over(self.states.marking(state))]
        expanded = bytearray(len(space.parents))
        for state in chain(space.sources, space.ends):
            expanded[state] = 1
        good.extend(state for state in range(len(expanded)) if not expanded[state])
        return bottoms(space, backwards(space, good))

    def is_over(self, marking: Marking) -> bool:
        return not any(key[0] in "nb" for key in marking)

    def situations(self, bottoms: Sequence[Sequence[int]]) -> list[tuple[tuple[str, ...], bool, int]]:
        """Of each set of places where tokens are left, once, and of no larger one: the nodes, whether tokens go round
        there, and the first situation.
        """
        found: dict[frozenset[str], tuple[tuple[str, ...], bool, int]] = {}
        for states in bottoms:
            held = [_held(self.net, self.states.marking(state)) for state in states]
            places = frozenset(place for each in held for place in each)
            if places not in found:
                nodes = {node for each in held for node in each.values()}
                elements = tuple(each for each in (*self.model.flow_nodes, *self.model.processes) if each in nodes)
                found[places] = (elements, len(states) > 1, states[0])
        least: list[frozenset[str]] = []
        for places in sorted(found, key=len):
            if not any(smaller < places for smaller in least):
                least.append(places)
        kept = set(least)
        return [each for places, each in found.items() if places in kept]

    # -- how it is come to

    def look_for_shortest(self, unsafe: set[str], stuck: Sequence[int]) -> None:
        """Look at all steps from the beginning on, as far as is quickly done, for what was found by fewer."""
        self.all = self.states
        if self.reduction is None or not (unsafe or stuck):
            return
        self.all = StateSpace(self.environment, _NEARBY)
        wanted = [self.states.marking(state) for state in stuck]
        seen = self.all.space.unsafe
        self.all.explore(
            lambda: unsafe <= seen.keys() and all(self.all.number(marking) is not None for marking in wanted)
        )

    def trouble(self, elements: tuple[str, ...], state: int, *, round: bool = False) -> Trouble:
        space = self.all
        there = space.space.unsafe.get(elements[0]) if state in self.states.space.cut else None
        if there is None:
            there = space.number(self.states.marking(state))
        shortest = there is not None
        if there is None:
            space, there = self.states, state
        known = (shortest, there)
        if known not in self.paths:  # many elements may share one situation
            self.paths[known] = tuple(self.path(space, there))
        return Trouble(elements=elements, path=self.paths[known], shortest=shortest, round=round)

    def path(self, space: StateSpace, state: int) -> Iterator[str]:
        """The ids that lead to a situation."""
        steps = list(space.path(state))
        for number, step in enumerate(steps, 1):
            for each in _words(self.net, step, last=number == len(steps)):
                if self.model.get(each) is not None:
                    yield each


def _held(net: Net, marking: Marking) -> dict[str, str]:
    """Where tokens are: flow or node -> the node that has it or that it waits for."""
    found = {}
    for key, value in sorted(marking.items(), key=lambda item: str(item[0])):
        match key:
            case ("t", _, flow):
                found[flow] = target(net, flow)
            case ("a", scope, node, visit) if value.belongs_to is None:
                if not marking.get(("n", (*scope, (node, visit, -1))), 0):
                    found[node] = node
            case ("o", scope, node, visit) if not value.created:
                found[node] = node
            case ("b", process):
                found[process] = process
    return found


def _words(net: Net, step: Step, *, last: bool) -> Iterator[str]:
    """How a path says a step: the node when it is done or opens, and the flows that were chosen."""
    node = net.nodes.get(step.node)
    if node is None:
        yield step.node
        return
    waits = node.behaviour in WAITING
    opens = node.behaviour is Behaviour.SUB_PROCESS
    begins = step.kind is StepKind.PASS and waits and not node.instantiates
    ends = step.kind is StepKind.COMPLETE and opens
    begun = step.kind is StepKind.BEGIN  # the token passes in a step of its own
    if last or opens > ends + begun or not (begins or ends or begun):
        yield step.node
    if len(step.flows) < len(node.outgoing):
        yield from step.flows


# -- what is dead


def _dead(model: Model, net: Net, happened: set[str]) -> Iterator[str]:
    """Flow nodes that never get a token, or what they wait for; and flows between two others that never do."""
    dead = {node.id for node in model.flow_nodes.values() if not _lives(model, net, node.id, happened)}
    yield from (node for node in model.flow_nodes if node in dead)
    for flow in model.sequence_flows.values():
        ends = {flow.source_ref, flow.target_ref}
        if flow.id not in happened and not ends & dead and not _is_arm(net, flow.source_ref):
            yield flow.id


def _lives(model: Model, net: Net, name: str, happened: set[str]) -> bool:
    element, node = model.flow_nodes[name], net.nodes[name]
    if isinstance(element, Event) and element.kind is EventKind.BOUNDARY and element.has(TriggerKind.COMPENSATE):
        return True  # its handler is what happens
    waits = {Behaviour.CATCH, Behaviour.RECEIVE, Behaviour.BOUNDARY, Behaviour.EVENT_START}
    return name in happened or (node.behaviour not in waits and f"+{name}" in happened)


def _is_arm(net: Net, source: str) -> bool:
    """The flows behind an event gateway never hold a token."""
    return net.nodes[source].behaviour is Behaviour.EVENT_GATEWAY
