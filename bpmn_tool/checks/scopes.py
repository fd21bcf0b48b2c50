"""The scopes that there may be of each process and sub-process, and what of a net they have to do with."""

from collections.abc import Iterator
from functools import cache

from bpmn_tool.checks.distance import Distance
from bpmn_tool.checks.environment import Environment
from bpmn_tool.model.elements import MultiInstance
from bpmn_tool.model.firing import frame_of
from bpmn_tool.model.marking import Scope
from bpmn_tool.model.net import Behaviour, Net, Node

_INSTANCES = 2  # of a multi-instance, and of a process that messages begin


class TooWild(Exception):
    """Nothing is known here of what gets in the way of what."""


class Scopes:
    """A net, what comes to it from outside, and where its tokens may be."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.net: Net = environment.net
        self.distance = Distance(self.net)
        self.inside, self.callers, self.wild = self.distance.inside, self.distance.callers, self.distance.wild
        self.scopes = cache(lambda container: tuple(self._scopes(container)))

    def gateway_of(self, node: Node) -> Node | None:
        """The event gateway that a node waits behind."""
        for flow in node.incoming:
            before = self.net.nodes[self.net.flows[flow][0]]
            if before.behaviour is Behaviour.EVENT_GATEWAY:
                return before
        return None

    def bodies(self, scope: Scope, node: Node) -> Iterator[Scope]:
        """The scopes that the bodies of an activity stand in."""
        match node.loop:
            case None:
                yield scope
            case MultiInstance():
                for instance in range(_INSTANCES):
                    yield (*scope, (node.id, 0, instance))
            case _:
                yield (*scope, (node.id, 0, -1))

    def outside(self, scope: Scope, node: Node) -> Scope:
        """The scope that an activity stands in, of the one that its body does."""
        return scope[:-1] if frame_of(node, scope) else scope

    def _scopes(self, container: str) -> Iterator[Scope]:
        """Every scope that there may be of a process or sub-process."""
        if self.net.process_of.get(container, container) in self.wild:
            raise TooWild
        if container in self.net.starts or container in self.net.begins:
            yield ((container, 0, -1),)
            begun = any(self.net.process_of[node] == container for node in self.environment.begun_by.values())
            if begun or self.distance.begun_by_signal(container):
                yield ((container, 1, -1),)
        for caller in self.callers.get(container, ()):
            for scope in self.scopes(caller.container):
                for body in self.bodies(scope, caller):
                    yield (*body, (caller.id, 0, -1))

    def owner(self, scope: Scope) -> tuple[Scope, Node] | None:
        """The sub-process or call that a scope is the inside of, and the scope of its body."""
        if len(scope) == 1:
            return None
        return scope[:-1], self.net.nodes[scope[-1][0]]

    def is_loop_frame(self, scope: Scope) -> bool:
        """Whether the last frame is that of a loop, and not of what is inside."""
        name = scope[-1][0]
        node = self.net.nodes.get(name)
        return node is not None and node.loop is not None and (len(scope) < 2 or scope[-2][0] != name)
