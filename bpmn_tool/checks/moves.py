"""Who takes tokens from where and puts them where: what may get in the way of what (docs/soundness.md).

A *place* is where one token or message can be: ``("t", scope, flow)``, ``("a", scope, node)`` and ``("o", scope,
node)`` as in a marking without the visit (in what is safe there is one), ``("m", message flow)``, ``("b", process)``. A
*move* is all steps that take the same: ``("pass", scope, node, flow)`` (no flow where a join takes from several),
``("done", scope, node, message flow)`` (none where no kept message ends the wait), ``("close", scope, node, "")``,
``("begin", (), process or message flow, "")``.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from bpmn_tool.checks.environment import Environment
from bpmn_tool.checks.scopes import Scopes
from bpmn_tool.model.elements import MultiInstance
from bpmn_tool.model.firing import frame_of, joins
from bpmn_tool.model.inclusive_join import reaches
from bpmn_tool.model.marking import Scope, Step, StepKind, container_of, target
from bpmn_tool.model.net import WAITING, Behaviour, Node

Place = tuple[Any, ...]
Move = tuple[str, Scope, str, str]


class Moves(Scopes):
    """The moves of a net, found as they are asked for."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        nodes = self.net.nodes
        self.entries = {node.id for node in nodes.values() if node.behaviour is Behaviour.START or node.instantiates}
        self.entries.update(each for node in nodes.values() for each in node.begins)
        self.entries.update(each for begins in self.net.begins.values() for each in begins)
        self.known: list[Move] = []
        self._numbers: dict[Move, int] = {}
        self.consumers = cache(lambda place: self.numbers(self._consumers(place)))
        self.producers = cache(lambda place: self.numbers(self._producers(place)))
        self.passes = cache(lambda scope, name: tuple(self._passes(scope, name)))
        self.errors_to = cache(lambda scope, border: tuple(self._errors_to(scope, border)))
        self.failures = cache(lambda process: tuple(self._failures(process)))
        self.joins_after = cache(lambda name: tuple(self._joins_after(name)))
        self.cleaners = cache(lambda scope: tuple((depth, self.number(move)) for depth, move in self._cleaners(scope)))
        self.ahead = cache(lambda join, name: tuple(self._ahead(join, name)))
        self.places_before = cache(lambda join: frozenset(self._places_before(join)))

    def number(self, move: Move) -> int:
        """Moves are known by numbers, which are quicker to look up."""
        if (known := self._numbers.get(move)) is not None:
            return known
        self.known.append(move)
        return self._numbers.setdefault(move, len(self.known) - 1)

    def numbers(self, moves: Iterable[Move]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(map(self.number, moves)))

    # -- what is not looked into

    def is_wild(self, move: Move) -> bool:
        """Whether nothing is known of what gets in its way."""
        kind, scope, name, _ = move
        if kind == "begin":
            return self.net.process_of.get(self.environment.begun_by.get(name, ""), name) in self.wild
        return kind == "wild" or scope[0][0] in self.wild

    # -- moves

    def move_of(self, step: Step) -> Move:
        match step.kind:
            case StepKind.BEGIN:
                process = self.net.process_of.get(step.node, step.node)
                return ("begin", (), step.kept or process, "")
            case StepKind.PASS:
                return ("pass", step.scope, step.node, "" if joins(self.net.nodes[step.node]) else step.flow)
            case StepKind.COMPLETE:
                return ("done", step.scope, step.node, step.kept)
            case StepKind.CLOSE:
                return ("close", step.scope, step.node, "")
            case _:
                return ("wild", step.scope, step.node, step.kind.value)

    def _passes(self, scope: Scope, name: str) -> Iterator[Move]:
        """All by which a node takes tokens."""
        node = self.net.nodes[name]
        if self.gateway_of(node) is not None and name in self.entries:
            yield ("pass", scope, name, f"^{name}")
        if node.host is not None or self.gateway_of(node) is not None:
            return
        if joins(node):
            yield ("pass", scope, name, "")
            return
        for flow in node.incoming:
            yield ("pass", scope, name, flow)
        if name in self.entries:
            yield ("pass", scope, name, f"^{name}")

    def dones(self, scope: Scope, name: str) -> Iterator[Move]:
        """All by which one wait of a node ends."""
        node = self.net.nodes[name]
        environment = self.environment
        if node.host is not None and any(trigger.within for trigger in node.triggers):
            yield from self.errors_to(scope, name)  # what is thrown inside, and nothing else
            return
        if node.behaviour in {Behaviour.RECEIVE, Behaviour.CATCH, Behaviour.BOUNDARY}:
            for flow in environment.messages_to(name):
                yield ("done", scope, name, flow)
        yield ("done", scope, name, "")

    def _errors_to(self, scope: Scope, border: str) -> Iterator[Move]:
        """The throws of errors that an event at a border catches."""
        for node in self.distance.raising:
            if self.distance.is_error(node):
                for where in self.scopes(node.container):
                    caught = self.distance.catcher(where, node)
                    if caught is not None and caught[0] == scope and caught[1].id == border:
                        yield ("done", where, node.id, "")

    def caught(self, move: Move) -> tuple[Scope, Node] | None:
        """Where the error goes that a move throws."""
        kind, scope, name, _ = move
        node = self.net.nodes.get(name)
        if kind != "done" or node is None or not self.distance.is_error(node):
            return None
        return self.distance.catcher(scope, node)

    def effect(self, move: Move) -> Scope:
        """The scope that a move changes."""
        kind, scope, name, _ = move
        node = self.net.nodes[name]
        if kind == "done" and self.distance.is_error(node):
            caught = self.distance.catcher(scope, node)
            return scope[:1] if caught is None else caught[0]
        return self.outside(scope, node)

    def ends(self, scope: Scope, name: str) -> Iterator[Move]:
        """All by which a node that waits, or its whole loop or multi-instance, leaves off; without its border."""
        node = self.net.nodes[name]
        for body in self.bodies(scope, node):
            yield from self.dones(body, name)
        if node.loop is not None:
            yield ("close", scope, name, "")

    # -- who takes from a place

    def _consumers(self, place: Place) -> Iterator[Move]:
        match place:
            case ("t", scope, flow):
                node = self.net.nodes[target(self.net, flow)]
                yield ("pass", scope, node.id, "" if joins(node) else flow)
            case ("a" | "o", scope, name):
                yield from self._leave(scope, self.net.nodes[name])
            case ("m", flow):
                yield from self._receivers(flow)
            case ("b", process):
                yield ("begin", (), process, "")

    def _leave(self, scope: Scope, node: Node) -> Iterator[Move]:
        if node.host is not None:
            if not node.interrupting:
                yield from self.dones(scope, node.id)
            yield from self._leave(scope, self.net.nodes[node.host])
            return
        if (gateway := self.gateway_of(node)) is not None:
            node = gateway
        if node.behaviour is Behaviour.EVENT_GATEWAY:
            for arm in node.arms:
                yield from self.dones(scope, arm)
            return
        scope = self.outside(scope, node)
        yield from self.ends(scope, node.id)
        for border in node.boundary:
            if self.net.nodes[border].interrupting:
                yield from self.dones(scope, border)

    def _receivers(self, flow: str) -> Iterator[Move]:
        node = self.net.nodes[self.net.messages[flow][1]]
        if flow in self.environment.begun_by:
            yield ("begin", (), flow, "")
            return
        for scope in self.scopes(node.container):
            for body in self.bodies(scope, node):
                yield ("done", body, node.id, flow)

    # -- who puts on a place

    def _producers(self, place: Place) -> Iterator[Move]:
        match place:
            case ("t", scope, flow) if flow.startswith("^"):
                yield from self._openers(scope, flow[1:])
            case ("t", scope, flow):
                yield from self.fires(scope, self.net.flows[flow][0])
            case ("a", scope, name):
                yield from self._wakers(scope, self.net.nodes[name])
            case ("o", scope, name):
                yield from self.passes(scope, name)
            case ("m", flow):
                sender = self.net.messages[flow][0]
                for scope in self.scopes(self.net.nodes[sender].container):
                    yield from self.fires(scope, sender)

    def fires(self, scope: Scope, name: str) -> Iterator[Move]:
        """All by which a node sends its tokens and messages on."""
        node = self.net.nodes[name]
        if node.behaviour is Behaviour.BOUNDARY:
            yield from self.dones(scope, name)
        elif node.behaviour is Behaviour.EVENT_GATEWAY:
            return
        elif node.behaviour in WAITING:
            yield from self.ends(scope, name)
            if node.instantiates:
                yield ("pass", scope, name, f"^{name}")
        else:
            yield from self.passes(scope, name)

    def _openers(self, scope: Scope, name: str) -> Iterator[Move]:
        owner = self.owner(scope)
        if owner is None:
            process = self.net.process_of[name]
            yield ("begin", (), process, "")
            yield from (("begin", (), flow, "") for flow, node in self.environment.begun_by.items() if node == name)
            for thrower in self.distance.signals_to(name):
                for where in self.scopes(thrower.container):
                    yield ("done", where, thrower.id, "")
            return
        body, node = owner
        yield from self._wakers(body, node)

    def _wakers(self, scope: Scope, node: Node) -> Iterator[Move]:
        """All by which a wait begins."""
        if node.host is not None:
            yield from self.passes(scope, node.host)
            return
        if (gateway := self.gateway_of(node)) is not None:
            yield from self.passes(scope, gateway.id)
            return
        outside = self.outside(scope, node)
        yield from self.passes(outside, node.id)
        if node.loop is not None:
            for body in self.bodies(outside, node):
                yield from self.dones(body, node.id)

    # -- what acts from farther away

    def _joins_after(self, name: str) -> Iterator[str]:
        """The inclusive joins that wait for what a node has."""
        container = self.net.nodes[name].container
        for join in self.net.inclusive:
            if join != name and self.net.nodes[join].container == container and name in self.places_before(join):
                yield join

    def _places_before(self, join: str) -> Iterator[str]:
        node = self.net.nodes[join]
        for flow in node.incoming:
            yield from reaches(self.net, node, flow)

    def _ahead(self, join: str, name: str) -> Iterator[str]:
        """The flows into an inclusive join that a token at a node may come over."""
        node = self.net.nodes[join]
        return (flow for flow in node.incoming if name in reaches(self.net, node, flow))

    def _cleaners(self, scope: Scope) -> Iterator[tuple[int, Move]]:
        """All that takes everything away from this scope or one around it, with the depth of what it empties."""
        yield from ((1, move) for move in self.failures(scope[:1]))
        for depth in range(1, len(scope) + 1):
            here = scope[:depth]
            name, _, instance = here[-1]
            if instance < 0 and not self.is_loop_frame(here):
                for node in self.inside.get(container_of(self.net, here), ()):
                    if node.behaviour is Behaviour.TERMINATE:
                        yield from ((depth, move) for move in self.passes(here, node.id))
            if depth == 1:
                continue
            around = self.net.nodes[name]
            looped = self.is_loop_frame(here)
            if around.loop is None or looped:
                for border in around.boundary:
                    if self.net.nodes[border].interrupting:
                        yield from ((depth, move) for move in self.dones(here[:-1], border))
            if looped and isinstance(around.loop, MultiInstance) and around.loop.completion_condition:
                for body in self.bodies(here[:-1], around):
                    if body != here:
                        yield from ((depth, move) for move in self.dones(body, name))

    def _failures(self, process: Scope) -> Iterator[Move]:
        """The throws of errors that nothing catches, in one process instance."""
        for node in self.distance.raising:
            if self.distance.is_error(node):
                for where in self.scopes(node.container):
                    if where[:1] == process and self.distance.catcher(where, node) is None:
                        yield ("done", where, node.id, "")

    def cleaned(self, move: Move) -> tuple[Scope, ...]:
        """The scopes that a move empties."""
        kind, scope, name, _ = move
        node = self.net.nodes.get(name)
        if node is None:
            return ()
        if kind == "pass" and node.behaviour is Behaviour.TERMINATE:
            return (scope,)
        if kind != "done":
            return ()
        if self.distance.is_error(node):
            caught = self.distance.catcher(scope, node)
            if caught is None:
                return (scope[:1],)
            scope, node = caught
        if node.behaviour is Behaviour.BOUNDARY and node.interrupting and node.host is not None:
            host = self.net.nodes[node.host]
            return tuple((*scope, (host.id, 0, each)) for each in ((-1, 0, 1) if host.loop else (-1,)))
        if frame_of(node, scope) and isinstance(node.loop, MultiInstance) and node.loop.completion_condition:
            return tuple(body for body in self.bodies(scope[:-1], node) if body != scope)
        return ()

    def sends(self, move: Move) -> bool:
        """Whether a move may send a message that is kept."""
        kind, _, name, _ = move
        node = self.net.nodes.get(name)
        if node is None or not any(flow in self.environment.bound for flow in node.sends):
            return False
        return kind != "pass" or node.behaviour not in WAITING or node.instantiates
