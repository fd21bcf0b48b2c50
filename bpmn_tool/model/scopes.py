"""Scopes: what listens in them, what is known of what was done in them, how they are interrupted, and how they end
(BPMN 2.0.2, 13.5.3 to 13.5.6).
"""

from typing import Any

from bpmn_tool.model.marking import Active, Done, EffectKind, Outer, Scope, container_of, inside
from bpmn_tool.model.net import Behaviour, Node
from bpmn_tool.model.tally import Tally


class Scopes(Tally):
    """Opens and closes scopes, and takes away what they hold."""

    __slots__ = ()

    # -- what listens

    def listen(self, scope: Scope, node: Node, visit: int) -> tuple[tuple[str, int], ...]:
        if not node.boundary:
            return ()  # as nearly always
        return tuple((b, self.wait(scope, self.net.nodes[b], (), (node.id, visit))) for b in node.boundary)

    def listen_in(self, scope: Scope) -> None:
        """The event sub-processes of a scope that opens wait for what starts them."""
        for start in self.net.listeners.get(container_of(self.net, scope), ()):
            node = self.net.nodes[start]
            self.wait(scope, node, (), (node.container, -1))

    def stop_listening(self, scope: Scope, events: tuple[tuple[str, int], ...]) -> None:
        for event, visit in events:
            if self.marking.pop(("a", scope, event, visit), None) is not None:
                self.say(EffectKind.WITHDRAWN, scope, event, visit)

    def listen_again(self, scope: Scope, node: Node, host: tuple[str, int]) -> None:
        """A boundary event that does not interrupt, of a message or of a repeating timer, may occur again (13.5.3)."""
        kind = "a" if ("a", scope, *host) in self.marking else "o"
        held = self.marking[(kind, scope, *host)]
        visit = self.wait(scope, node, (), host)
        kept = tuple(pair for pair in held.listening if pair[0] != node.id)
        self.marking[(kind, scope, *host)] = held._replace(listening=(*kept, (node.id, visit)))

    # -- what can be compensated

    def remember(self, scope: Scope, node: Node, visit: int, *, where: Scope, place: tuple[int, ...] = ()) -> None:
        """What can be compensated: by its own handler, which runs `where`, by the event sub-process inside, else by
        what was done inside (13.5.5). Of an instance or a round it is recorded in its frame until all are done.
        """
        inner = inside(node, scope, visit)
        done_inside = self.marking.pop(("c", inner), ()) if node.inner else ()
        handler: tuple[Scope, str] | None = None
        if node.handler is not None:
            handler, done_inside = (where, node.handler), ()
        elif node.inner_handler is not None:
            handler = (inner, node.inner_handler)
        if handler is not None or done_inside:
            self.record(scope, node, (Done(node.id, handler, done_inside),), place)

    def forget(self, scope: Scope, node: Node, visit: int) -> None:
        """A handler is not compensated, and what an event sub-process left of its parent stays as it is."""
        self.marking.pop(("c", inside(node, scope, visit)), None)
        if node.by_event:
            self.marking.pop(("c", scope), None)

    def record(self, scope: Scope, node: Node, done: tuple[Done, ...], place: tuple[int, ...]) -> None:
        """In order of completion, but before what an event at its border began: that is compensated first (13.5.5)."""
        before: tuple[Done, ...] = self.marking.get(("c", scope), ())
        before, after = (before[: place[0]], before[place[0] :]) if place else (before, ())
        if self.reusing:
            before, after = (tuple(each for each in part if each.node != node.id) for part in (before, after))
            done = done[-1:]
        self.marking[("c", scope)] = (*before, *done, *after)

    def remember_instances(self, scope: Scope, node: Node, visit: int, place: tuple[int, ...]) -> None:
        """All instances or rounds are done, and the activity as a whole can be compensated: before, it could not
        (10.5.1).
        """
        if node.handler is None and not node.inner:
            return
        depth = len(scope)
        logs = sorted(
            key
            for key in self.entries()
            if key[0] == "c"
            and len(key[1]) == depth + 1
            and key[1][:depth] == scope
            and key[1][depth][:2] == (node.id, visit)
        )
        if done := tuple(each for key in logs for each in self.marking.pop(key)):
            self.record(scope, node, done, place)

    def keep_place(self, scope: Scope, host: str, visit: int) -> None:
        """What an event that does not interrupt begins at a border is compensated before the activity there."""
        if not self.net.nodes[host].compensable:
            return
        key = ("a" if ("a", scope, host, visit) in self.marking else "o", scope, host, visit)
        held: Active | Outer = self.marking[key]
        if not held.occurred:
            self.marking[key] = held._replace(occurred=(len(self.marking.get(("c", scope), ())),))

    # -- interruption

    def remove_activity(self, scope: Scope, node: str, visit: int) -> tuple[Scope, str, int] | None:
        """Take an activity away with all inside; the event that it served as a compensation handler."""
        outer: Outer | None = self.marking.pop(("o", scope, node, visit), None)
        if outer is not None:
            self.remove_instances(scope, node, visit)
            self.stop_listening(scope, outer.listening)
            self.say(EffectKind.WITHDRAWN, scope, node, visit, outer=True)
            return outer.serves
        active: Active = self.marking.pop(("a", scope, node, visit))
        self.remove_inside(inside(self.net.nodes[node], scope, visit))
        self.stop_listening(scope, active.listening)
        self.say(EffectKind.WITHDRAWN, scope, node, visit)
        return active.serves

    def remove_instances(self, scope: Scope, node: str, visit: int) -> None:
        depth = len(scope)
        frames = {
            key[1][depth]
            for key in self.entries()
            if key[0] in "tac"
            and len(key[1]) > depth
            and key[1][:depth] == scope
            and key[1][depth][:2] == (node, visit)
        }
        for frame in sorted(frames):
            self.remove_inside((*scope, frame))

    def remove_inside(self, scope: Scope, *, keep_done: bool = False) -> None:
        """Take away all tokens and waits of a scope and of the scopes within; with `keep_done` it is still known what
        was completed in the scope itself.
        """
        depth = len(scope)
        kept = ("c", scope) if keep_done else None
        gone = [key for key in self.entries() if key[0] in "taoncg" and key[1][:depth] == scope and key != kept]
        throwers = []
        for key in sorted(gone, key=_removal_order):
            value = self.marking.pop(key)
            if key[0] == "t":
                for _ in range(value):
                    self.say(EffectKind.VANISHED, key[1], "", produced=(key[2],))
            elif key[0] in "ao" and not self.has_left(key[2], value):
                self.say(EffectKind.WITHDRAWN, key[1], key[2], key[3], outer=key[0] == "o")
            if key[0] == "a" and value.pending is not None:
                throwers.append(key[1:])
        for thrower in throwers:
            self.stop_serving(thrower)
        self.touched.append(scope)

    def stop_serving(self, thrower: tuple[Scope, str, int]) -> None:
        """Take away the handler that an event called which is gone: it may run where nobody waits for it any more."""
        serving = [key for key in self.entries() if key[0] in "ao" and self.marking[key].serves == thrower]
        for _, scope, name, visit in serving:
            self.remove_activity(scope, name, visit)
            if self.net.nodes[name].by_event:
                self.marking.pop(("c", scope), None)
            self.hold(scope, -1)

    def has_left(self, name: str, value: Active | Outer) -> bool:
        """Whether it is an event that went on while its compensation handlers run: it has completed."""
        return self.net.nodes[name].behaviour is Behaviour.RAISE and isinstance(value, Active) and bool(value.occurred)

    # -- the end

    def close_inside(self, scope: Scope, node: Node, visit: int) -> None:
        """What listened in a sub-process no longer does; of an ad-hoc one, what is under way is left."""
        inner = inside(node, scope, visit)
        if node.performs is not None and self.marking.get(("n", inner), 0):
            self.remove_inside(inner, keep_done=True)
        else:
            self.stop_inside(inner)

    def stop_inside(self, scope: Scope) -> None:
        """Nothing listens any more in a scope that has nothing left."""
        container = container_of(self.net, scope)
        for name in self.net.complexes.get(container, ()):
            self.marking.pop(("g", scope, name), None)
        if names := self.net.listeners.get(container):
            for key in sorted(key for key in self.entries() if key[0] == "a" and key[1] == scope and key[2] in names):
                self.stop_listening(scope, (key[2:],))

    def settle(self) -> None:
        """Say which scopes have nothing left."""
        for scope in dict.fromkeys(self.touched):
            if self.marking.get(("n", scope), 0):
                continue
            if len(scope) == 1:
                self.stop_inside(scope)
                self.marking.pop(("c", scope), None)
                self.say(EffectKind.ENDED, scope, scope[0][0], scope[0][1])
            elif ("a", scope[:-1], *scope[-1][:2]) in self.marking:
                self.say(EffectKind.DRAINED, scope[:-1], scope[-1][0], scope[-1][1])


def _removal_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (key[1], key[0], *key[2:])
