"""One firing under way: a mutable copy of the marking, and the effects so far. `tokens.fire` uses it."""

from collections.abc import Iterator
from typing import Any

from immutables import MapMutation

from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.marking import Active, Effect, EffectKind, Frame, Outer, Scope, Step, path_of
from bpmn_tool.model.net import Behaviour, Net, Node


def joins(node: Node) -> bool:
    """Whether one firing takes tokens from several incoming flows."""
    return len(node.incoming) > 1 and node.behaviour in (Behaviour.PARALLEL, Behaviour.INCLUSIVE)


def frame_of(node: Node, scope: Scope) -> Frame | None:
    """The frame of its multi-instance or loop, where the body stands in one."""
    return scope[-1] if node.loop is not None and scope[-1][0] == node.id else None


def begins_at(net: Net, where: str) -> tuple[str, ...]:
    """Where a process instance gets its tokens: at a start event, or all over the process without one that `where`
    names (13.2).
    """
    return (where,) if where in net.nodes else net.begins.get(where, ())


class Firing:
    """One firing under way: a mutable copy of the marking, and the effects so far."""

    __slots__ = ("effects", "marking", "net", "touched")

    def __init__(self, net: Net, marking: MapMutation[tuple[Any, ...], Any]) -> None:
        self.net = net
        self.marking = marking
        self.effects: list[Effect] = []
        self.touched: list[Scope] = []

    # -- counting

    def add(self, key: tuple[Any, ...], delta: int) -> None:
        value = self.marking.get(key, 0) + delta
        if value:
            self.marking[key] = value
        else:
            self.marking.pop(key, None)

    def hold(self, scope: Scope, delta: int) -> None:
        """One thing more or less in a process or sub-process instance."""
        self.add(("n", scope), delta)
        if delta < 0:
            self.touched.append(scope)

    def visit(self, scope: Scope, node: str) -> int:
        key = ("v", path_of(scope), node)
        number: int = self.marking.get(key, 0)
        self.marking[key] = number + 1
        return number

    def put(self, scope: Scope, flows: tuple[str, ...]) -> None:
        for flow in flows:
            self.add(("t", scope, flow), 1)
            self.hold(scope, 1)

    def say(self, kind: EffectKind, scope: Scope, node: str, visit: int = 0, **more: Any) -> None:
        self.effects.append(Effect(kind, scope, node, visit, **more))

    # -- steps

    def begin(self, step: Step) -> None:
        process = self.net.process_of.get(step.node, step.node)
        number = self.marking.get(("p", process), 0)
        self.marking[("p", process)] = number + 1
        scope: Scope = ((process, number, -1),)
        flows = tuple("^" + node for node in begins_at(self.net, step.node))
        self.put(scope, flows)
        self.say(EffectKind.FIRED, scope, "", number, produced=flows)

    def take(self, step: Step) -> None:
        node = self.net.nodes[step.node]
        scope = step.scope
        held = self.marking
        consumed = tuple(f for f in node.incoming if held.get(("t", scope, f), 0)) if joins(node) else (step.flow,)
        for flow in consumed:
            self.add(("t", scope, flow), -1)
        match node.behaviour:
            case Behaviour.WORK | Behaviour.RECEIVE | Behaviour.SUB_PROCESS:
                self.enter(scope, node, step, consumed)
            case Behaviour.CATCH:
                self.hold(scope, 1)
                self.wait(scope, node, consumed)
            case Behaviour.EVENT_GATEWAY:
                self.hold(scope, 1)
                self.race(scope, node, consumed)
            case Behaviour.TERMINATE:
                self.pass_through(scope, node, (), consumed)
                self.remove_inside(scope)
                return
            case _:
                self.pass_through(scope, node, step.flows, consumed)
        for _ in consumed:
            self.hold(scope, -1)

    def pass_through(self, scope: Scope, node: Node, flows: tuple[str, ...], consumed: tuple[str, ...]) -> None:
        visit = self.visit(scope, node.id)
        self.put(scope, flows)
        self.say(EffectKind.FIRED, scope, node.id, visit, consumed=consumed, produced=flows)
        self.send(scope, node, visit)

    def send(self, scope: Scope, node: Node, visit: int) -> None:
        for flow in node.sends:
            self.say(EffectKind.SENT, scope, node.id, visit, produced=(flow,))

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

    def race(self, scope: Scope, node: Node, consumed: tuple[str, ...]) -> None:
        visit = self.visit(scope, node.id)
        self.say(EffectKind.FIRED, scope, node.id, visit, consumed=consumed)
        arms = tuple((arm, self.wait(scope, self.net.nodes[arm], (), (node.id, visit))) for arm in node.arms)
        self.marking[("a", scope, node.id, visit)] = Active(arms=arms)

    # -- activities

    def enter(self, scope: Scope, node: Node, step: Step, consumed: tuple[str, ...]) -> None:
        self.hold(scope, 1)
        match node.loop:
            case None:
                self.body(scope, node, consumed, counted=True)
            case StandardLoop():
                visit = self.marking.get(("v", path_of(scope), node.id), 0)  # that of its first body
                self.open_outer(scope, node, visit, -1, min(step.instances, 1), consumed)
                if step.instances > 0:
                    self.body((*scope, (node.id, visit, -1)), node, ())
                else:
                    self.visit(scope, node.id)
                    self.say(EffectKind.DRAINED, scope, node.id, visit, outer=True)
            case MultiInstance():
                visit = self.visit(scope, node.id)
                first = min(step.instances, 1) if node.loop.is_sequential else step.instances
                self.open_outer(scope, node, visit, step.instances, first, consumed)
                for instance in range(first):
                    self.body((*scope, (node.id, visit, instance)), node, ())
                if not first:
                    self.say(EffectKind.DRAINED, scope, node.id, visit, outer=True)

    def open_outer(
        self, scope: Scope, node: Node, visit: int, total: int, first: int, consumed: tuple[str, ...]
    ) -> None:
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed, outer=True)
        self.marking[("o", scope, node.id, visit)] = Outer(total, first, 0, self.listen(scope, node, visit))

    def listen(self, scope: Scope, node: Node, visit: int) -> tuple[tuple[str, int], ...]:
        return tuple((b, self.wait(scope, self.net.nodes[b], (), (node.id, visit))) for b in node.boundary)

    def body(self, scope: Scope, node: Node, consumed: tuple[str, ...], *, counted: bool = False) -> None:
        visit = self.visit(scope, node.id)
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed)
        listening = self.listen(scope, node, visit) if counted else ()
        self.marking[("a", scope, node.id, visit)] = Active(listening=listening)
        if node.behaviour is Behaviour.SUB_PROCESS:
            inner: Scope = (*scope, (node.id, visit, -1))
            begins = tuple("^" + start for start in node.begins)
            self.put(inner, begins)
            self.touched.append(inner)
            self.say(EffectKind.FIRED, inner, "", visit, produced=begins)

    # -- completion

    def complete(self, step: Step) -> None:
        node, scope = self.net.nodes[step.node], step.scope
        key = ("a", scope, step.node, step.visit)
        if step.kept:
            self.add(("m", step.kept), -1)
        active: Active = self.marking[key]
        if node.behaviour is Behaviour.BOUNDARY:
            self.occur(step, node, active)
            return
        del self.marking[key]
        if active.belongs_to is not None:
            self.end_race(scope, active.belongs_to, step)
        if frame := frame_of(node, scope):
            self.say(EffectKind.COMPLETED, scope, node.id, step.visit)
            self.send(scope, node, step.visit)
            self.instance_done(scope[:-1], node, frame, step)
            return
        self.stop_listening(scope, active.listening)
        self.put(scope, step.flows)
        self.say(EffectKind.COMPLETED, scope, node.id, step.visit, produced=step.flows)
        self.send(scope, node, step.visit)
        self.hold(scope, -1)

    def instance_done(self, scope: Scope, node: Node, frame: Frame, step: Step) -> None:
        key = ("o", scope, node.id, frame[1])
        outer: Outer = self.marking[key]
        outer = outer._replace(done=outer.done + 1)
        if isinstance(node.loop, StandardLoop):
            finished = not step.again
            if step.again:
                self.body((*scope, frame), node, ())
        else:
            finished = step.satisfied or outer.done == outer.total
            if not finished and outer.created < outer.total:
                self.body((*scope, (node.id, frame[1], outer.created)), node, ())
                outer = outer._replace(created=outer.created + 1)
        self.marking[key] = outer
        if finished:
            self.close_outer(scope, node, frame[1], step.flows)

    def close_outer(self, scope: Scope, node: Node, visit: int, flows: tuple[str, ...]) -> None:
        outer: Outer = self.marking.pop(("o", scope, node.id, visit))
        self.remove_instances(scope, node.id, visit)
        self.stop_listening(scope, outer.listening)
        self.put(scope, flows)
        self.say(EffectKind.COMPLETED, scope, node.id, visit, produced=flows, outer=True)
        self.hold(scope, -1)

    def end_race(self, scope: Scope, gateway: tuple[str, int], step: Step) -> None:
        race: Active = self.marking.pop(("a", scope, *gateway))
        self.stop_listening(scope, tuple(arm for arm in race.arms if arm != (step.node, step.visit)))

    def stop_listening(self, scope: Scope, events: tuple[tuple[str, int], ...]) -> None:
        for event, visit in events:
            if self.marking.pop(("a", scope, event, visit), None) is not None:
                self.say(EffectKind.WITHDRAWN, scope, event, visit)

    # -- boundary events and interruption

    def occur(self, step: Step, node: Node, active: Active) -> None:
        scope, host = step.scope, active.belongs_to
        assert host is not None
        del self.marking[("a", scope, node.id, step.visit)]
        if node.interrupting:
            self.remove_activity(scope, *host)
        elif node.recurs:
            self.listen_again(scope, node, host)
        self.put(scope, step.flows)
        self.say(EffectKind.FIRED, scope, node.id, step.visit, produced=step.flows)
        if node.interrupting:
            self.hold(scope, -1)

    def listen_again(self, scope: Scope, node: Node, host: tuple[str, int]) -> None:
        """A boundary event that does not interrupt, of a message or of a repeating timer, may occur again (13.5.3)."""
        kind = "a" if ("a", scope, *host) in self.marking else "o"
        held = self.marking[(kind, scope, *host)]
        visit = self.wait(scope, node, (), host)
        kept = tuple(pair for pair in held.listening if pair[0] != node.id)
        self.marking[(kind, scope, *host)] = held._replace(listening=(*kept, (node.id, visit)))

    def remove_activity(self, scope: Scope, node: str, visit: int) -> None:
        outer: Outer | None = self.marking.pop(("o", scope, node, visit), None)
        if outer is not None:
            self.remove_instances(scope, node, visit)
            self.stop_listening(scope, outer.listening)
            self.say(EffectKind.WITHDRAWN, scope, node, visit, outer=True)
            return
        active: Active = self.marking.pop(("a", scope, node, visit))
        self.remove_inside((*scope, (node, visit, -1)))
        self.stop_listening(scope, active.listening)
        self.say(EffectKind.WITHDRAWN, scope, node, visit)

    def keys(self) -> Iterator[tuple[Any, ...]]:
        """All keys as they stand now (a mutation cannot be iterated)."""
        settled = self.marking.finish()
        self.marking = settled.mutate()
        return iter(settled)

    def remove_instances(self, scope: Scope, node: str, visit: int) -> None:
        depth = len(scope)
        frames = {
            key[1][depth]
            for key in self.keys()
            if key[0] in "ta" and len(key[1]) > depth and key[1][:depth] == scope and key[1][depth][:2] == (node, visit)
        }
        for frame in sorted(frames):
            self.remove_inside((*scope, frame))

    def remove_inside(self, scope: Scope) -> None:
        """Take away all tokens and waits of a scope and of the scopes within."""
        depth = len(scope)
        gone = [key for key in self.keys() if key[0] in "taon" and key[1][:depth] == scope]
        for key in sorted(gone, key=_removal_order):
            value = self.marking.pop(key)
            if key[0] == "t":
                for _ in range(value):
                    self.say(EffectKind.VANISHED, key[1], "", produced=(key[2],))
            elif key[0] in "ao":
                self.say(EffectKind.WITHDRAWN, key[1], key[2], key[3], outer=key[0] == "o")
        self.touched.append(scope)

    # -- the end of scopes

    def settle(self) -> None:
        """Say which scopes have nothing left."""
        for scope in dict.fromkeys(self.touched):
            if self.marking.get(("n", scope), 0):
                continue
            if len(scope) == 1:
                self.say(EffectKind.ENDED, scope, scope[0][0], scope[0][1])
            elif ("a", scope[:-1], scope[-1][0], scope[-1][1]) in self.marking:
                self.say(EffectKind.DRAINED, scope[:-1], scope[-1][0], scope[-1][1])


def _removal_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (key[1], key[0], *key[2:])
