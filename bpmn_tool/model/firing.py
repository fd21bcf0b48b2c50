"""One firing: what each kind of step does to a marking. `tokens.fire` uses it."""

from itertools import islice
from typing import Any

from bpmn_tool.model import raising
from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.marking import Active, EffectKind, Frame, Outer, Scope, Step, inside
from bpmn_tool.model.net import Behaviour, Net, Node
from bpmn_tool.model.scopes import Scopes

_JOINS = frozenset({Behaviour.PARALLEL, Behaviour.INCLUSIVE, Behaviour.COMPLEX})


def joins(node: Node) -> bool:
    """Whether one firing takes several tokens."""
    return (len(node.incoming) > 1 and node.behaviour in _JOINS) or node.needs > 1


def frame_of(node: Node, scope: Scope) -> Frame | None:
    """The frame of its multi-instance or loop, where the body stands in one."""
    return scope[-1] if node.loop is not None and scope[-1][0] == node.id else None


def begins_at(net: Net, where: str) -> tuple[str, ...]:
    """Where a process instance gets its tokens: at a start event, or all over the process without one that `where`
    names (13.2).
    """
    return (where,) if where in net.nodes else net.begins.get(where, ())


class Firing(Scopes):
    """Carries out one step."""

    __slots__ = ()

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

    def race(self, scope: Scope, node: Node, consumed: tuple[str, ...]) -> None:
        visit = self.visit(scope, node.id)
        self.say(EffectKind.FIRED, scope, node.id, visit, consumed=consumed)
        arms = tuple((arm, self.wait(scope, self.net.nodes[arm], (), (node.id, visit))) for arm in node.arms)
        self.marking[("a", scope, node.id, visit)] = Active(arms=arms)

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
