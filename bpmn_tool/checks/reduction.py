"""Which of the steps that may happen have to be looked at now (stubborn sets, Valmari 1991; docs/soundness.md).

Of what runs side by side without getting in each other's way one order is enough. A set of moves is *stubborn* if

- with a move that may happen it holds all that take from where it takes, all that put there (for safeness: a second
  token might come before it is taken), and all that could take it away and be noticed;
- with one that may not happen it holds all that bring about something that it lacks.

Then nothing outside of it ever changes what is in it, and what is outside can wait. Where nothing is known of what gets
in the way of what, all steps are taken. What waits for ever while others go round is taken up in
:mod:`bpmn_tool.checks.soundness`.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bpmn_tool.checks.environment import Environment
from bpmn_tool.checks.moves import Move, Moves, Place
from bpmn_tool.checks.scopes import TooWild
from bpmn_tool.model.marking import Marking, Scope, Step, target
from bpmn_tool.model.net import Behaviour, Node

TRIED: Final = 60
"""Moves whose stubborn sets are compared in one situation: each of the sets is good, some are smaller."""
WIDE: Final = 2_000
"""Where so many moves may happen, one alone is tried: each try looks at all of them."""


class Reduction:
    """Chooses of all steps a stubborn set of them."""

    def __init__(self, environment: Environment) -> None:
        self.moves = Moves(environment)
        self.needs: dict[int, Need] = {}
        self.sizes: dict[int, int] = {}

    def choose(self, marking: Marking, steps: list[Step]) -> Sequence[Step]:
        if len(steps) < 2:
            return steps
        enabled: dict[int, list[Step]] = {}
        for step in steps:
            enabled.setdefault(self.moves.number(self.moves.move_of(step)), []).append(step)
        if len(enabled) < 2:
            return steps
        there = {key[:3] if key[0] in _WITH_VISIT else key for key in marking}
        best: Sequence[int] = tuple(enabled)
        likely = sorted(enabled, key=lambda move: self.sizes.get(move, 2))  # those first that did well before
        for key in likely[: max(1, min(TRIED, WIDE // len(enabled)))]:
            try:
                found: Sequence[int] = Closure(self, there, enabled, key).moves_that_may(len(best))
            except TooWild:
                found = best
            self.sizes[key] = len(found)
            if len(found) < len(best):
                best = found
                if len(best) == 1:
                    break
        return [step for move in best for step in enabled[move]] if len(best) < len(enabled) else steps

    def need(self, number: int) -> "Need":
        """What a move needs first of all. Raises TooWild."""
        if (known := self.needs.get(number)) is None:
            known = self.needs[number] = _need(self.moves, self.moves.known[number])
        return known


class Need(NamedTuple):
    """A place that a move takes from, and who puts there; `simple` if it needs nothing else."""

    place: Place
    producers: tuple[int, ...]
    simple: bool


def _need(moves: Moves, move: Move) -> Need:
    kind, scope, name, via = move
    if moves.is_wild(move):
        raise TooWild
    if kind == "begin":
        place: Place = ("m", name) if name in moves.environment.begun_by else ("b", name)
    elif kind == "pass":
        place = ("t", scope, via)
    else:
        place = ("o" if kind == "close" else "a", scope, name)
    return Need(place, () if kind == "pass" and not via else moves.producers(place), kind != "pass" or bool(via))


_WITH_VISIT = frozenset("ao")


class Closure:
    """The stubborn set of one move in one situation; `there` are the places where something is."""

    def __init__(self, reduction: Reduction, there: set[Place], enabled: dict[int, list[Step]], key: int) -> None:
        self.reduction = reduction
        self.moves = reduction.moves
        self.net = reduction.moves.net
        self.there = there
        self.enabled = enabled
        self.found = {key}
        self.todo = [key]

    def moves_that_may(self, most: int) -> list[int]:
        """Of the set those that may happen, or, where they are as many as `most`, that many. Raises TooWild."""
        may: list[int] = []
        todo, found, there, enabled = self.todo, self.found, self.there, self.enabled
        needs = self.reduction.needs
        while todo:
            number = todo.pop()
            need = needs.get(number) or self.reduction.need(number)
            if number in enabled:
                may.append(number)
                if len(may) >= most:
                    break
                self.happens(number)
                continue
            place, producers, simple = need
            lacking = producers if simple and place not in there else self.lacks(self.moves.known[number])
            for move in lacking:
                if move not in found:
                    found.add(move)
                    todo.append(move)
        return may

    def add(self, moves: Iterable[int]) -> None:
        for move in moves:
            if move not in self.found:
                self.found.add(move)
                self.todo.append(move)

    # -- a move that may happen

    def happens(self, number: int) -> None:
        move = self.moves.known[number]
        kind, scope, name, _ = move
        for place in self.takes(move):
            self.add(self.moves.consumers(place))
            self.add(self.putters(place))
        if kind == "begin":
            return
        self.add(self.moves.number(("pass", scope, join, "")) for join in self.moves.joins_after(name))
        noticed = self.moves.sends(move)
        depth = len(self.moves.effect(move))
        if (caught := self.moves.caught(move)) is not None:
            around, border = caught
            self.add(self.moves.number(("pass", around, join, "")) for join in self.moves.joins_after(border.id))
        for below, cleaner in self.moves.cleaners(scope):
            if noticed or below > depth:
                self.add((cleaner,))
        node = self.net.nodes[name]
        if kind == "pass" and node.behaviour is Behaviour.INCLUSIVE and len(node.incoming) > 1:
            for place in self.held(scope):
                if self.node_at(place) in self.moves.places_before(name):
                    self.add(self.moves.consumers(place))

    def takes(self, move: Move) -> Iterable[Place]:
        """Where a move takes tokens from, or might."""
        kind, scope, name, via = move
        if kind == "begin":
            yield ("m", name) if name in self.moves.environment.begun_by else ("b", name)
            return
        node = self.net.nodes[name]
        if kind == "pass":
            yield from (("t", scope, flow) for flow in ((via,) if via else node.incoming))
        else:
            yield from self._waits(scope, node)
            if via:
                yield ("m", via)
            if (caught := self.moves.caught(move)) is not None:
                yield from self._waits(*caught)
        for cleaned in self.moves.cleaned(move):
            yield from self.held(cleaned, below=True)

    def _waits(self, scope: Scope, node: Node) -> Iterable[Place]:
        if node.host is not None:
            yield ("a", scope, node.id)
            if not node.interrupting:
                return
            node = self.net.nodes[node.host]
        elif (gateway := self.moves.gateway_of(node)) is not None:
            node = gateway
            yield from (("a", scope, arm) for arm in node.arms)
        outside = self.moves.outside(scope, node)
        if node.loop is not None:
            yield ("o", outside, node.id)
            yield from (("a", body, node.id) for body in self.moves.bodies(outside, node))
        else:
            yield ("a", scope, node.id)
        yield from (("a", outside, border) for border in node.boundary)

    def putters(self, place: Place) -> Iterable[int]:
        """All that put tokens there; messages may lie there in any number, and a start is put to but once."""
        if place[0] in "mb" or (place[0] == "t" and place[2].startswith("^") and len(place[1]) == 1):
            return ()
        return self.moves.producers(place)

    # -- a move that may not

    def lacks(self, move: Move) -> Iterable[int]:
        """All that bring about one thing that it lacks, where that is not the token that it takes."""
        kind, scope, name, via = move
        node = self.net.nodes[name]
        if kind == "close":  # it is one of other instances
            return self.moves.producers(("o", scope, name))
        if kind == "pass" and not via:
            return self.lacks_at_join(scope, node)
        if kind == "done" and via and ("m", via) not in self.there:
            return self.moves.producers(("m", via))
        if kind == "done" and node.behaviour is Behaviour.SUB_PROCESS:
            return self.lacks_end((*scope, (name, 0, -1)))
        if kind == "done" and not via and self.moves.environment.messages_to(name):
            return ()  # only a message ends this wait
        raise TooWild

    def lacks_at_join(self, scope: Scope, node: Node) -> Iterable[int]:
        empty = [flow for flow in node.incoming if ("t", scope, flow) not in self.there]
        if node.behaviour is Behaviour.PARALLEL:
            return self.best([self.moves.producers(("t", scope, flow)) for flow in empty])
        full = [flow for flow in node.incoming if flow not in empty]
        ways: list[Sequence[int]] = []
        if not full:
            ways.append([move for flow in empty for move in self.moves.producers(("t", scope, flow))])
        for place in self.held(scope):
            if place[0] == "t" and place[2] in node.incoming:
                continue
            ahead = self.moves.ahead(node.id, self.node_at(place))
            if ahead and not any(
                flow in full for flow in ahead
            ):  # it does not fire as long as this token stays and none comes there
                comes = [move for flow in ahead for move in self.moves.producers(("t", scope, flow))]
                ways.append([*self.moves.consumers(place), *comes])
        return self.best(ways)

    def lacks_end(self, inner: Scope) -> Iterable[int]:
        """A sub-process that is not done: what takes one token inside on, or all of them away."""
        stops = [
            move
            for depth, move in self.moves.cleaners(inner)
            if depth == len(inner) and self.moves.known[move][0] == "pass"
        ]
        return self.best([(*self.moves.consumers(place), *stops) for place in self.held(inner)])

    def best(self, ways: Sequence[Sequence[int]]) -> Iterable[int]:
        """Of several things that are lacking one is enough: the one that adds least."""
        if not ways:
            raise TooWild
        return min(ways, key=lambda way: sum(move not in self.found for move in way))

    # -- what is there

    def held(self, scope: Scope, *, below: bool = False) -> list[Place]:
        """Where there are tokens in a scope, or also in all within."""
        depth = len(scope)
        found = (
            place
            for place in self.there
            if place[0] in _HOLDS and (place[1] == scope or (below and place[1][:depth] == scope))
        )
        return sorted(found)  # in an order that is the same each time

    def node_at(self, place: Place) -> str:
        return target(self.net, place[2]) if place[0] == "t" else str(place[2])


_HOLDS = frozenset("tao")
