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

from bpmn_tool.checks.environment import Environment
from bpmn_tool.checks.moves import Move, Moves, Place, TooWild
from bpmn_tool.model.marking import Marking, Scope, Step, target
from bpmn_tool.model.net import Behaviour, Node


class Reduction:
    """Chooses of all steps a stubborn set of them."""

    def __init__(self, environment: Environment) -> None:
        self.moves = Moves(environment)

    def choose(self, marking: Marking, steps: list[Step]) -> Sequence[Step]:
        if len(steps) < 2:
            return steps
        enabled: dict[Move, list[Step]] = {}
        for step in steps:
            enabled.setdefault(self.moves.move_of(step), []).append(step)
        if len(enabled) < 2:
            return steps
        best: list[Move] | None = None
        for key in enabled:
            try:
                found = Closure(self.moves, marking, enabled, key).moves_that_may()
            except TooWild:
                continue
            if best is None or len(found) < len(best):
                best = found
                if len(best) == 1:
                    break
        if best is None or len(best) == len(enabled):
            return steps
        return [step for move in best for step in enabled[move]]


class Closure:
    """The stubborn set of one move in one situation."""

    def __init__(self, moves: Moves, marking: Marking, enabled: Iterable[Move], key: Move) -> None:
        self.moves, self.net, self.marking = moves, moves.net, marking
        self.enabled = enabled
        self.found: set[Move] = set()
        self.todo: list[Move] = []
        self.add((key,))

    def moves_that_may(self) -> list[Move]:
        while self.todo:
            move = self.todo.pop()
            if move in self.enabled:
                self.happens(move)
            else:
                self.add(self.lacks(move))
        return [move for move in self.enabled if move in self.found]

    def add(self, moves: Iterable[Move]) -> None:
        for move in moves:
            if move not in self.found:
                self.check(move)
                self.found.add(move)
                self.todo.append(move)

    def check(self, move: Move) -> None:
        kind, scope, name, _ = move
        if kind == "begin":
            net, environment = self.net, self.moves.environment
            process = name if name not in environment.begun_by else net.process_of[environment.begun_by[name]]
            if process in self.moves.wild:
                raise TooWild
        elif kind == "wild":
            raise TooWild
        else:
            self.moves.check(scope)

    # -- a move that may happen

    def happens(self, move: Move) -> None:
        kind, scope, name, _ = move
        for place in self.takes(move):
            self.add(self.moves.consumers(place))
            self.add(self.putters(place))
        if kind == "begin":
            return
        self.add(("pass", scope, join, "") for join in self.moves.joins_after(name))
        noticed = self.moves.sends(move)
        depth = len(self.moves.outside(scope, self.net.nodes[name]))
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

    def putters(self, place: Place) -> Iterable[Move]:
        """All that put tokens there; messages may lie there in any number, and a start is put to but once."""
        if place[0] in "mb" or (place[0] == "t" and place[2].startswith("^") and len(place[1]) == 1):
            return ()
        return self.moves.producers(place)

    # -- a move that may not

    def lacks(self, move: Move) -> Iterable[Move]:
        """All that bring about one thing that it lacks."""
        kind, scope, name, via = move
        if kind == "begin":
            return self.moves.producers(("m", name)) if name in self.moves.environment.begun_by else ()
        node = self.net.nodes[name]
        if kind == "pass":
            if via:
                return self.moves.producers(("t", scope, via))
            return self.lacks_at_join(scope, node)
        if kind == "close":
            return self.moves.producers(("o", scope, name))
        if not self.waits(scope, name):
            return self.moves.producers(("a", scope, name))
        if via and ("m", via) not in self.marking:
            return self.moves.producers(("m", via))
        if node.behaviour is Behaviour.SUB_PROCESS:
            return self.lacks_end((*scope, (name, 0, -1)))
        if not via and not self.is_free(node):
            return ()
        raise TooWild

    def is_free(self, node: Node) -> bool:
        return not self.moves.environment.messages_to(node.id)

    def waits(self, scope: Scope, name: str) -> bool:
        return ("a", scope, name, 0) in self.marking

    def lacks_at_join(self, scope: Scope, node: Node) -> Iterable[Move]:
        empty = [flow for flow in node.incoming if ("t", scope, flow) not in self.marking]
        if node.behaviour is Behaviour.PARALLEL:
            return self.best([self.moves.producers(("t", scope, flow)) for flow in empty])
        full = [flow for flow in node.incoming if flow not in empty]
        ways: list[Sequence[Move]] = []
        if not full:
            ways.append([move for flow in empty for move in self.moves.producers(("t", scope, flow))])
        for place in self.held(scope):
            if place[0] == "t" and place[2] in node.incoming:
                continue
            ahead = self.moves.ahead(node.id, self.node_at(place))
            if ahead and ahead.isdisjoint(full):  # it does not fire as long as this token stays and none comes there
                comes = [move for flow in ahead for move in self.moves.producers(("t", scope, flow))]
                ways.append([*self.moves.consumers(place), *comes])
        return self.best(ways)

    def lacks_end(self, inner: Scope) -> Iterable[Move]:
        """A sub-process that is not done: what takes one token inside on, or all of them away."""
        stops = [move for depth, move in self.moves.cleaners(inner) if depth == len(inner) and move[0] == "pass"]
        return self.best([(*self.moves.consumers(place), *stops) for place in self.held(inner)])

    def best(self, ways: Sequence[Sequence[Move]]) -> Iterable[Move]:
        """Of several things that are lacking one is enough: the one that adds least."""
        if not ways:
            raise TooWild
        return min(ways, key=lambda way: sum(move not in self.found for move in way))

    # -- what is there

    def held(self, scope: Scope, *, below: bool = False) -> list[Place]:
        """Where there are tokens in a scope, or also in all within."""
        depth = len(scope)
        return [
            key[:3]
            for key in self.marking
            if key[0] in ("t", "a", "o") and (key[1] == scope or (below and key[1][:depth] == scope))
        ]

    def node_at(self, place: Place) -> str:
        return target(self.net, place[2]) if place[0] == "t" else str(place[2])
