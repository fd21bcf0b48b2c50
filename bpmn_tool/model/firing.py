"""One firing under way: a mutable copy of the marking, and the effects so far. `tokens.fire` uses it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from immutables import MapMutation

from bpmn_tool.model import raising
from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.marking import Active, Done, Effect, EffectKind, Frame, Outer, Scope, Step, inside, path_of
from bpmn_tool.model.net import Behaviour, Net, Node

_JOINS = frozenset({Behaviour.PARALLEL, Behaviour.INCLUSIVE, Behaviour.COMPLEX})


def joins(node: Node) -> bool:
    """Whether one firing takes several tokens."""
    return (len(node.incoming) > 1 and node.behaviour in _JOINS) or node.needs > 1


def container_of(net: Net, scope: Scope) -> str:
    """The process or sub-process whose nodes hold the tokens of a scope."""
    node = net.nodes.get(scope[-1][0])
    return node.inner if node is not None and node.inner else scope[-1][0]


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

    __slots__ = ("effects", "marking", "net", "reusing", "touched")

    def __init__(self, net: Net, marking: MapMutation[tuple[Any, ...], Any]) -> None:
        self.net = net
        self.marking = marking
        self.effects: list[Effect] = []
        self.touched: list[Scope] = []
        self.reusing = ("u",) in marking

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

    def next_visit(self, scope: Scope, node: str) -> int:
        if self.reusing:
            number = 0
            while ("a", scope, node, number) in self.marking or ("o", scope, node, number) in self.marking:
                number += 1
            return number
        return self.marking.get(("v", path_of(scope), node), 0)

    def visit(self, scope: Scope, node: str) -> int:
        number = self.next_visit(scope, node)
        if not self.reusing:
            self.marking[("v", path_of(scope), node)] = number + 1
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
        number = self.next_instance(process)
        self.marking[("p", process)] = number + 1
        scope: Scope = ((process, number, -1),)
        flows = tuple("^" + node for node in begins_at(self.net, step.node))
        self.put(scope, flows)
        self.say(EffectKind.FIRED, scope, "", number, produced=flows)
        self.listen_in(scope)
        for other in self.net.together.get(step.node, ()):  # all of them have to come, in the same instance
            self.hold(scope, 1)
            self.wait(scope, self.net.nodes[other], ())

    def next_instance(self, process: str) -> int:
        if not self.reusing:
            return self.marking.get(("p", process), 0)
        number = 0
        while ("n", ((process, number, -1),)) in self.marking:
            number += 1
        return number

    def take(self, step: Step) -> None:
        node = self.net.nodes[step.node]
        scope = step.scope
        consumed = self.consumed(scope, node, step.flow)
        for flow in consumed:
            self.add(("t", scope, flow), -1)
        match node.behaviour:
            case Behaviour.CATCH | Behaviour.RECEIVE if node.instantiates and step.flow == "^" + node.id:
                self.pass_through(scope, node, step.flows, consumed)  # its message is what began the process
            case Behaviour.WORK | Behaviour.RECEIVE | Behaviour.SUB_PROCESS:
                self.enter(scope, node, step.instances, consumed)
            case Behaviour.CATCH | Behaviour.RAISE:
                self.hold(scope, 1)
                self.wait(scope, node, consumed)
            case Behaviour.EVENT_GATEWAY:
                self.hold(scope, 1)
                self.race(scope, node, consumed)
            case Behaviour.TERMINATE:
                self.pass_through(scope, node, (), consumed)
                self.remove_inside(scope)
                return
            case Behaviour.COMPLEX if len(node.incoming) > 1:
                self.marking[("g", scope, node.id)] = consumed
                self.pass_through(scope, node, step.flows, consumed)
            case _:
                self.pass_through(scope, node, step.flows, consumed)
        for _ in consumed:
            self.hold(scope, -1)

    def consumed(self, scope: Scope, node: Node, flow: str) -> tuple[str, ...]:
        """The flows that one firing takes a token from, each as often as it does."""
        if not joins(node):
            return (flow,)
        there = [f for f in (*node.incoming, "^" + node.id) if self.marking.get(("t", scope, f), 0)]
        if node.behaviour in _JOINS:
            return tuple(there)
        tokens = (f for f in there for _ in range(self.marking[("t", scope, f)]))
        return tuple(islice(tokens, node.needs))

    def reset(self, step: Step) -> None:
        """A complex gateway takes what came after it fired, and waits for its start again (13.4.5)."""
        node, scope = self.net.nodes[step.node], step.scope
        before = self.marking.pop(("g", scope, node.id))
        late = tuple(f for f in node.incoming if f not in before and self.marking.get(("t", scope, f), 0))
        for flow in late:
            self.add(("t", scope, flow), -1)
        self.pass_through(scope, node, step.flows, late)
        for _ in late:
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

    def enter(
        self,
        scope: Scope,
        node: Node,
        instances: int,
        consumed: tuple[str, ...],
        serves: tuple[Scope, str, int] | None = None,
        begins: tuple[str, ...] | None = None,
    ) -> None:
        self.hold(scope, 1)
        match node.loop:
            case None:
                self.body(scope, node, consumed, counted=True, serves=serves, begins=begins)
            case StandardLoop():
                visit = self.next_visit(scope, node.id)  # that of its first body
                self.open_outer(scope, node, visit, -1, min(instances, 1), consumed, serves)
                if instances > 0:
                    self.body((*scope, (node.id, visit, -1)), node, ())
                else:
                    self.visit(scope, node.id)
                    self.say(EffectKind.DRAINED, scope, node.id, visit, outer=True)
            case MultiInstance():
                visit = self.visit(scope, node.id)
                first = min(instances, 1) if node.loop.is_sequential else instances
                self.open_outer(scope, node, visit, instances, first, consumed, serves)
                for instance in range(first):
                    self.body((*scope, (node.id, visit, instance)), node, ())
                if not first:
                    self.say(EffectKind.DRAINED, scope, node.id, visit, outer=True)

    def open_outer(
        self,
        scope: Scope,
        node: Node,
        visit: int,
        total: int,
        first: int,
        consumed: tuple[str, ...],
        serves: tuple[Scope, str, int] | None,
    ) -> None:
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed, outer=True)
        self.marking[("o", scope, node.id, visit)] = Outer(total, first, 0, self.listen(scope, node, visit), serves)

    def listen(self, scope: Scope, node: Node, visit: int) -> tuple[tuple[str, int], ...]:
        return tuple((b, self.wait(scope, self.net.nodes[b], (), (node.id, visit))) for b in node.boundary)

    def listen_in(self, scope: Scope) -> None:
        """The event sub-processes of a scope that opens wait for what starts them."""
        for start in self.net.listeners.get(container_of(self.net, scope), ()):
            node = self.net.nodes[start]
            self.wait(scope, node, (), (node.container, -1))

    def body(
        self,
        scope: Scope,
        node: Node,
        consumed: tuple[str, ...],
        *,
        counted: bool = False,
        serves: tuple[Scope, str, int] | None = None,
        begins: tuple[str, ...] | None = None,
    ) -> None:
        visit = self.visit(scope, node.id)
        self.say(EffectKind.ENABLED, scope, node.id, visit, consumed=consumed)
        listening = self.listen(scope, node, visit) if counted else ()
        self.marking[("a", scope, node.id, visit)] = Active(listening=listening, serves=serves)
        if node.behaviour is Behaviour.SUB_PROCESS:
            inner = inside(node, scope, visit)
            begins = tuple("^" + start for start in node.begins) if begins is None else begins
            self.put(inner, begins)
            self.touched.append(inner)
            self.say(EffectKind.FIRED, inner, "", visit, produced=begins)
            self.listen_in(inner)

    # -- completion

    def complete(self, step: Step) -> None:
        node, scope = self.net.nodes[step.node], step.scope
        key = ("a", scope, step.node, step.visit)
        if step.kept:
            self.add(("m", step.kept), -1)
        if node.every and not self.came(key, node, step.trigger):
            return
        active: Active = self.marking[key]
        match node.behaviour:
            case Behaviour.BOUNDARY | Behaviour.EVENT_START:
                self.occur(scope, node, step.visit, step.flows)
                return
            case Behaviour.RAISE:
                raising.begin(self, scope, node, step.visit)
                return
            case Behaviour.SUB_PROCESS:
                self.close_inside(scope, node, step.visit)
            case _:
                pass
        del self.marking[key]
        if active.belongs_to is not None:
            self.end_race(scope, active.belongs_to, step)
        if frame := frame_of(node, scope):
            self.remember(scope, node, step.visit, where=scope[:-1])
            self.say(EffectKind.COMPLETED, scope, node.id, step.visit)
            self.send(scope, node, step.visit)
            self.instance_done(scope[:-1], node, frame, step)
            return
        if active.serves is None:
            self.remember(scope, node, step.visit, where=scope, place=active.occurred)
        else:
            self.forget(scope, node, step.visit)
        self.stop_listening(scope, active.listening)
        produced = step.flows * node.gives
        self.put(scope, produced)
        self.say(EffectKind.COMPLETED, scope, node.id, step.visit, produced=produced)
        self.send(scope, node, step.visit)
        self.hold(scope, -1)
        if active.serves is not None:
            raising.next_handler(self, *active.serves)

    def came(self, key: tuple[Any, ...], node: Node, trigger: int) -> bool:
        """One of several triggers came; whether it was the last."""
        active: Active = self.marking[key]
        occurred = tuple(sorted({*active.occurred, trigger}))
        self.marking[key] = active._replace(occurred=occurred)
        return len(occurred) == len(node.triggers)

    def close_inside(self, scope: Scope, node: Node, visit: int) -> None:
        """What listened in a sub-process no longer does; of an ad-hoc one, what is under way is left."""
        inner = inside(node, scope, visit)
        if node.performs is not None and self.marking.get(("n", inner), 0):
            self.remove_inside(inner, keep_done=True)
        else:
            self.stop_inside(inner)

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
        if outer.serves is None:
            self.remember_instances(scope, node, visit, outer.occurred)
        self.remove_instances(scope, node.id, visit)
        self.stop_listening(scope, outer.listening)
        produced = flows * node.gives
        self.put(scope, produced)
        self.say(EffectKind.COMPLETED, scope, node.id, visit, produced=produced, outer=True)
        self.hold(scope, -1)
        if outer.serves is not None:
            raising.next_handler(self, *outer.serves)

    def end_race(self, scope: Scope, gateway: tuple[str, int], step: Step) -> None:
        race: Active = self.marking.pop(("a", scope, *gateway))
        self.stop_listening(scope, tuple(arm for arm in race.arms if arm != (step.node, step.visit)))

    def stop_listening(self, scope: Scope, events: tuple[tuple[str, int], ...]) -> None:
        for event, visit in events:
            if self.marking.pop(("a", scope, event, visit), None) is not None:
                self.say(EffectKind.WITHDRAWN, scope, event, visit)

    # -- boundary events and interruption

    def occur(self, scope: Scope, node: Node, visit: int, flows: tuple[str, ...]) -> None:
        """A boundary event, or the start of an event sub-process."""
        active: Active = self.marking.pop(("a", scope, node.id, visit))
        host = active.belongs_to
        assert host is not None
        if node.behaviour is Behaviour.EVENT_START:
            self.begin_event_sub_process(scope, node, visit)
            return
        serves = None
        if node.interrupting:
            serves = self.remove_activity(scope, *host)
        else:
            self.keep_place(scope, *host)
        if node.recurs:
            self.listen_again(scope, node, host)
        self.put(scope, flows)
        self.say(EffectKind.FIRED, scope, node.id, visit, produced=flows)
        if node.interrupting:
            self.hold(scope, -1)
        if serves is not None:
            raising.next_handler(self, *serves)

    def begin_event_sub_process(self, scope: Scope, start: Node, visit: int) -> None:
        """One that interrupts takes the place of all that its scope held, and of the others that listened (13.5.4)."""
        if start.interrupting:
            self.remove_inside(scope, keep_done=True)
        elif start.recurs:
            self.wait(scope, start, (), (start.container, -1))
        self.say(EffectKind.FIRED, scope, start.id, visit)
        self.enter(scope, self.net.nodes[start.container], 1, (), begins=start.outgoing)

    def keep_place(self, scope: Scope, host: str, visit: int) -> None:
        """What an event that does not interrupt begins at a border is compensated before the activity there."""
        if not self.net.nodes[host].compensable:
            return
        key = ("a" if ("a", scope, host, visit) in self.marking else "o", scope, host, visit)
        held: Active | Outer = self.marking[key]
        if not held.occurred:
            self.marking[key] = held._replace(occurred=(len(self.marking.get(("c", scope), ())),))

    def listen_again(self, scope: Scope, node: Node, host: tuple[str, int]) -> None:
        """A boundary event that does not interrupt, of a message or of a repeating timer, may occur again (13.5.3)."""
        kind = "a" if ("a", scope, *host) in self.marking else "o"
        held = self.marking[(kind, scope, *host)]
        visit = self.wait(scope, node, (), host)
        kept = tuple(pair for pair in held.listening if pair[0] != node.id)
        self.marking[(kind, scope, *host)] = held._replace(listening=(*kept, (node.id, visit)))

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

    def entries(self) -> Iterator[tuple[Any, ...]]:
        """All keys as they stand now (a mutation cannot be iterated)."""
        settled = self.marking.finish()
        self.marking = settled.mutate()
        return iter(settled)

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

    def stop_inside(self, scope: Scope) -> None:
        """Nothing listens any more in a scope that has nothing left."""
        container = container_of(self.net, scope)
        for name in self.net.complexes.get(container, ()):
            self.marking.pop(("g", scope, name), None)
        if names := self.net.listeners.get(container):
            for key in sorted(key for key in self.entries() if key[0] == "a" and key[1] == scope and key[2] in names):
                self.stop_listening(scope, (key[2:],))

    # -- the end of scopes

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
