"""One firing under way: a mutable copy of the marking with its counts, and the effects so far."""

from collections.abc import Iterator
from typing import Any

from immutables import MapMutation

from bpmn_tool.model.marking import Active, Effect, EffectKind, Scope, path_of
from bpmn_tool.model.net import Net, Node


class Tally:
    """Puts tokens and waits where a firing says, counts them, and keeps what it says."""

    __slots__ = ("effects", "marking", "net", "reusing", "touched")

    def __init__(self, net: Net, marking: MapMutation[tuple[Any, ...], Any]) -> None:
        self.net = net
        self.marking = marking
        self.effects: list[Effect] = []
        self.touched: list[Scope] = []
        self.reusing = ("u",) in marking

    def add(self, key: tuple[Any, ...], delta: int) -> None:
        marking = self.marking
        value = marking.get(key, 0) + delta
        if value:
            marking[key] = value
        else:
            marking.pop(key, None)

    def hold(self, scope: Scope, delta: int) -> None:
        """One thing more or less in a process or sub-process instance."""
        self.add(("n", scope), delta)
        if delta < 0:
            self.touched.append(scope)

    def next_visit(self, scope: Scope, node: str) -> int:
        if self.reusing:
            number = 0
            while ("a", scope, node, number) in self.marking or ("o", scope, node, number) in self.marking:
                number += 1
            return number
        return self.marking.get(("v", path_of(scope), node), 0)

    def visit(self, scope: Scope, node: str) -> int:
        if self.reusing:
            return self.next_visit(scope, node)
        key = ("v", path_of(scope), node)
        number: int = self.marking.get(key, 0)
        self.marking[key] = number + 1
        return number

    def next_instance(self, process: str) -> int:
        if not self.reusing:
            return self.marking.get(("p", process), 0)
        number = 0
        while ("n", ((process, number, -1),)) in self.marking:
            number += 1
        return number

    def put(self, scope: Scope, flows: tuple[str, ...]) -> None:
        for flow in flows:
            self.add(("t", scope, flow), 1)
        if flows:
            self.hold(scope, len(flows))

    def say(
        self,
        kind: EffectKind,
        scope: Scope,
        node: str,
        visit: int = 0,
        consumed: tuple[str, ...] = (),
        produced: tuple[str, ...] = (),
        outer: bool = False,
    ) -> None:
        self.effects.append(Effect(kind, scope, node, visit, consumed, produced, outer))

    def send(self, scope: Scope, node: Node, visit: int) -> None:
        for flow in node.sends:
            self.say(EffectKind.SENT, scope, node.id, visit, produced=(flow,))

    def entries(self) -> Iterator[tuple[Any, ...]]:
        """All keys as they stand now (a mutation cannot be iterated)."""
        settled = self.marking.finish()
        self.marking = settled.mutate()
        return iter(settled)

    def wait(
        self,
        scope: Scope,
        node: Node,
        consumed: tuple[str, ...],
        belongs_to: tuple[str, int] | None = None,
    ) -> int:
        visit = self.visit(scope, node.id)
        self.marking[("a", scope, node.id, visit)] = Active(belongs_to=belongs_to)
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed)
        return visit
