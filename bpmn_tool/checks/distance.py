"""What acts at a distance: errors and signals as far as it is known where they go, and what nothing is assumed of.

An error that no event sub-process may catch goes to one event at the border of a sub-process around it, or ends its
process instance. A signal that nothing waits for is a step like any other, and may begin processes.
"""

from collections.abc import Iterator

from bpmn_tool.model.elements import TriggerKind
from bpmn_tool.model.marking import Scope
from bpmn_tool.model.net import Behaviour, Net, Node
from bpmn_tool.model.triggers import matches


class Distance:
    """What a net throws, and the processes of which nothing is known."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.inside: dict[str, list[Node]] = {}
        self.callers: dict[str, list[Node]] = {}
        for node in net.nodes.values():
            self.inside.setdefault(node.container, []).append(node)
            if node.inner:
                self.callers.setdefault(node.inner, []).append(node)
        self.raising = [node for node in net.nodes.values() if node.behaviour is Behaviour.RAISE]
        self.wild = self._wild()

    def catcher(self, scope: Scope, node: Node) -> tuple[Scope, Node] | None:
        """The event at a border that catches an error thrown in `scope`, and the scope that it stands in."""
        (thrown,) = node.triggers
        for depth in range(len(scope) - 1, 0, -1):
            here = scope[:depth]
            around = self.net.nodes.get(scope[depth][0])
            if around is None or scope[depth][0] == here[-1][0]:  # of a loop, the events sit at the whole
                continue
            events = [self.net.nodes[border] for border in around.boundary]
            found = [event for event in events if any(matches(catch, thrown) for catch in event.triggers)]
            if found:
                return here, min(found, key=lambda event: (not event.triggers[0].key, event.id))
        return None

    def is_error(self, node: Node) -> bool:
        return node.behaviour is Behaviour.RAISE and node.triggers[0].kind is TriggerKind.ERROR

    def begun_by_signal(self, process: str) -> bool:
        return any(
            trigger.within and trigger.kind is TriggerKind.SIGNAL
            for start in self.net.starts.get(process, ())
            for trigger in self.net.nodes[start].triggers
        )

    def signals_to(self, start: str) -> Iterator[Node]:
        """What throws a signal that begins a process at this start event."""
        for node in self.raising:
            catches = self.net.nodes[start].triggers
            if any(matches(catch, thrown) for thrown in node.triggers for catch in catches):
                yield node

    # -- what is not looked into

    def _wild(self) -> frozenset[str]:
        """Processes with something of which nothing is known, and what calls them or begins them by a signal."""
        wild = {self.net.process_of[node.id] for node in self.net.nodes.values() if self._is_wild(node)}
        wild.update(p for p in {*self.net.starts, *self.net.begins} if self._nests(p))
        while more := set(self._involved(wild)) - wild:
            wild |= more
        return frozenset(wild)

    def _involved(self, wild: set[str]) -> Iterator[str]:
        for process in wild:
            for caller in self.callers.get(process, ()):
                yield self.net.process_of[caller.id]
            for start in self.net.starts.get(process, ()):
                for thrower in self.signals_to(start):
                    yield self.net.process_of[thrower.id]

    def _is_wild(self, node: Node) -> bool:
        return (
            node.behaviour is Behaviour.EVENT_START
            or (node.behaviour is Behaviour.RAISE and not self._is_known(node))
            or (node.behaviour is Behaviour.COMPLEX and len(node.incoming) > 1)
            or node.performs is not None
            or node.transaction
            or node.every
            or node.handler is not None
            or node.inner_handler is not None
            or node.needs > 1
            or node.gives > 1
            or node.id in self.net.together
            or not self._is_known_to_come(node)
        )

    def _is_known(self, node: Node) -> bool:
        """Whether it is known where a throw goes."""
        if len(node.triggers) != 1:
            return False
        (thrown,) = node.triggers
        catching = [
            other
            for other in self.net.nodes.values()
            if other.behaviour is not Behaviour.RAISE and any(matches(catch, thrown) for catch in other.triggers)
        ]
        match thrown.kind:
            case TriggerKind.ERROR:
                return not node.outgoing and all(
                    len(catch.triggers) == 1 and catch.host is not None and catch.interrupting for catch in catching
                )
            case TriggerKind.SIGNAL:
                return all(catch.behaviour is Behaviour.START for catch in catching)
            case TriggerKind.ESCALATION:
                return not catching
            case _:
                return False

    def _is_known_to_come(self, node: Node) -> bool:
        if node.behaviour is Behaviour.RAISE:
            return True
        if any(trigger.kind is TriggerKind.COMPENSATE for trigger in node.triggers):
            return False
        if not any(trigger.within for trigger in node.triggers):
            return True
        kinds = {trigger.kind for trigger in node.triggers}
        if node.behaviour is Behaviour.START:
            return kinds == {TriggerKind.SIGNAL}
        return kinds == {TriggerKind.ERROR} and len(node.triggers) == 1 and node.interrupting

    def _nests(self, process: str) -> bool:
        """Whether a process calls itself, by way of others or not."""
        todo, seen = [process], set[str]()
        while todo:
            for node in self._all_inside(todo.pop()):
                called = node.inner
                if called == process:
                    return True
                if called and called != node.id and called not in seen:
                    seen.add(called)
                    todo.append(called)
        return False

    def _all_inside(self, container: str) -> Iterator[Node]:
        for node in self.inside.get(container, ()):
            yield node
            yield from self._all_inside(node.id)
