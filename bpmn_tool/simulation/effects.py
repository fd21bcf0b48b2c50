"""What comes of firing: rows of the trace, the histories that tokens carry, new work, waits and their timers
(docs/semantics.md, 3 and 8).
"""

from collections import deque
from typing import TYPE_CHECKING, Any

from bpmn_tool.model.elements import TriggerKind
from bpmn_tool.model.net import Behaviour, Node
from bpmn_tool.model.tokens import Effect, EffectKind, Scope, Step, StepKind, fire, flow_of, on_way, path_of
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.agenda import Agenda
from bpmn_tool.simulation.case import Case, History, Item, merged, path_text
from bpmn_tool.simulation.choices import Choices
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.draws import Purpose
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.simulation.staff import Staff

if TYPE_CHECKING:
    from bpmn_tool.simulation.movement import Movement
    from bpmn_tool.simulation.post import Post

_EVENTS = frozenset({Behaviour.CATCH, Behaviour.BOUNDARY, Behaviour.EVENT_START, Behaviour.RAISE})
_LISTENERS = frozenset({Behaviour.BOUNDARY, Behaviour.EVENT_START})


def place(node: Node, kind: TriggerKind) -> int:
    """Which of the triggers that an event waits for together is of a kind; the first where none is."""
    return next((n for n, trigger in enumerate(node.triggers) if trigger.kind is kind), 0)


class Effects:
    """Carries out the effects of a firing for :class:`~bpmn_tool.simulation.movement.Movement`."""

    def __init__(
        self, movement: "Movement", plan: Plan, dice: Dice, agenda: Agenda, staff: Staff, choices: Choices
    ) -> None:
        self.movement, self.plan, self.dice, self.agenda, self.staff, self.choices = (
            movement, plan, dice, agenda, staff, choices,
        )  # fmt: skip
        self.rows = movement.rows
        self.net = plan.net
        self.post: Post = movement.post
        self._serial = 0

    def consumed(self, case: Case, effect: Effect) -> History:
        arrived = []
        for flow in effect.consumed:
            key = (effect.scope, flow)
            queue = case.tokens[key]
            arrived.append(queue.popleft())
            if not queue:
                del case.tokens[key]
        if len(arrived) == 1:
            return arrived[0][1]
        return merged([history for _, history in sorted(arrived, key=lambda pair: pair[0])])

    def apply(self, case: Case, effect: Effect, tick: int, history: History, item: Item | None, step: Step) -> None:
        match effect.kind:
            case EffectKind.FIRED:
                self._fired(case, effect, tick, history, step)
            case EffectKind.ENABLED:
                self._enabled(case, effect, tick, history)
            case EffectKind.COMPLETED:
                self._completed(case, effect, tick, history, item if effect.node == step.node else None)
            case EffectKind.WITHDRAWN:
                self._withdrawn(case, effect, tick)
            case EffectKind.VANISHED:
                self._vanished(case, effect, tick)
            case EffectKind.SENT:
                sender = History((item.name,), ()) if item is not None else History(history.predecessors, ())
                self.post.send(case, effect.produced[0], effect.node, effect.scope, effect.visit, tick, sender)
            case EffectKind.DRAINED:
                word = "empty" if effect.outer else "drained"
                case.queue.append((word, effect.scope, effect.node, effect.visit))
            case EffectKind.FAILED:
                self.movement.fail(case, self.net.nodes[step.node], step.scope, step.visit, tick)
            case EffectKind.ENDED:
                case.instances -= 1

    def _row(self, kind: RowKind, case: Case, effect: Effect, tick: int, **more: Any) -> None:
        path = path_text(path_of(effect.scope))
        self.rows.append(Row(tick, kind, case.id, path, effect.visit, effect.node, **more))

    def _fired(self, case: Case, effect: Effect, tick: int, history: History, step: Step) -> None:
        if effect.node:
            node = self.net.nodes[effect.node]
            ends = not effect.produced and node.behaviour not in (Behaviour.EVENT_GATEWAY, Behaviour.EVENT_START)
            came = history if ends else History()  # what ends here says where it came from
            self._row(
                RowKind.FIRED,
                case,
                effect,
                tick,
                flows=effect.produced,
                handoffs=came.handoffs,
                predecessors=came.predecessors,
            )
            if ends:
                self._gather(case, effect.scope, history)
            if node.behaviour in _LISTENERS:
                self._forget(case, effect.scope, effect.node, effect.visit)
            elif node.behaviour is Behaviour.COMPLEX:
                self._fired_complex(case, effect, step)
        elif len(effect.scope) == 1:
            case.instances += 1
        else:  # a sub-process begins: its first tokens carry what entered it
            history = case.waiting.get((effect.scope[:-1], effect.scope[-1][0], effect.visit), history)
        self._put(case, effect.scope, effect.produced, history, tick)

    def _put(self, case: Case, scope: Scope, flows: tuple[str, ...], history: History, tick: int) -> None:
        for flow in flows:
            carried = history
            if flow in self.post.handoff_flows:
                number = case.count(flow, scope)
                name = self.post.handoff_name(case, flow, scope, number)
                carried = History(history.predecessors, (*history.handoffs, name))
                plan = self.plan.handoffs.get(flow)
                if plan is not None:
                    self._hand_over(case, scope, flow, carried, number, tick)
                    continue
            self.lay(case, scope, flow, carried)
            case.queue.append(("token", scope, flow))

    def lay(self, case: Case, scope: Scope, flow: str, history: History) -> None:
        self._serial += 1
        case.tokens.setdefault((scope, flow), deque()).append((self._serial, history))

    def _hand_over(self, case: Case, scope: Scope, flow: str, history: History, number: int, tick: int) -> None:
        """A token on a flow of [handoffs]: lost, else declined, else delayed."""
        fate, delay = self.post.fate(case, flow, scope, number)
        plan = self.plan.handoffs[flow]
        name = history.handoffs[-1]
        path = path_text(path_of(scope))
        if fate is RowKind.LOST:
            self._divert(case, scope, flow, on_way(flow, number), history)  # it rests here for ever
            self.rows.append(Row(tick, fate, case.id, path, number, flow, handoffs=(name,)))
        elif fate is RowKind.DECLINED:
            self.rows.append(Row(tick, fate, case.id, path, number, flow, handoffs=(name,)))
            kept = History(history.predecessors, history.handoffs[:-1])
            self._divert(case, scope, flow, plan.declines_to, kept)
            case.queue.append(("token", scope, plan.declines_to))
        else:
            if not delay:
                self.lay(case, scope, flow, history)
                case.queue.append(("token", scope, flow))
                return
            away = on_way(flow, number)
            self._divert(case, scope, flow, away, history)

            def arrive(now: int) -> None:
                _, carried = case.tokens.pop((scope, away)).popleft()
                case.timers.pop((scope, away, 0))
                self._divert(case, scope, away, flow, carried)
                case.queue.append(("token", scope, flow))
                self.movement.settle(case, now)

            order = (case.key, 8, self.plan.rank[flow], path_of(scope), number)
            case.timers[scope, away, 0] = [self.agenda.at(tick + delay, order, arrive, case=case.id)]

    def _divert(self, case: Case, scope: Scope, flow: str, to: str, history: History) -> None:
        """The token on `flow` goes to rest elsewhere."""
        case.marking, _ = fire(self.net, case.marking, Step(StepKind.DIVERT, scope, "", flow=flow, flows=(to,)))
        self.lay(case, scope, to, history)

    def _gather(self, case: Case, scope: Scope, history: History) -> None:
        """What ends in a sub-process goes on after it."""
        if len(scope) > 1:
            key = (scope[:-1], scope[-1][0], scope[-1][1], False)
            case.gathered.setdefault(key, []).append(History(history.predecessors, ()))

    def _enabled(self, case: Case, effect: Effect, tick: int, history: History) -> None:
        node = self.net.nodes[effect.node]
        key = (effect.scope, effect.node, effect.visit)
        if not effect.consumed and node.behaviour not in _LISTENERS:
            history = self._outer_history(case, effect, history)
        case.waiting[key] = history
        if node.behaviour is Behaviour.WORK and not effect.outer:
            self._new_item(case, node, effect, tick, history)
            return
        self._row(RowKind.ENABLED, case, effect, tick)
        if effect.outer or node.behaviour is Behaviour.SUB_PROCESS:
            return
        if node.behaviour is Behaviour.RAISE:
            self._set_throw(case, node, effect, tick)
            return
        self._set_timer(case, node, effect, tick)
        if (condition := self.plan.conditions.get(node.id)) is not None:
            case.watches[key] = self.choices.truth(case, condition, node.id)
        if self.plan.mail_into.get(node.id):
            case.since.setdefault(node.id, []).append((effect.scope, effect.visit))
            case.queue.append(("mail", *key))

    def _outer_history(self, case: Case, effect: Effect, history: History) -> History:
        """The body of a multi-instance or loop carries what entered it, or in a loop what the run before it did."""
        frame = effect.scope[-1] if effect.scope else None
        if frame is not None and frame[0] == effect.node:
            entered = case.waiting.get((effect.scope[:-1], effect.node, frame[1]))
            if entered is not None and (frame[2] >= 0 or not history.predecessors):
                return entered
        return history

    def _new_item(self, case: Case, node: Node, effect: Effect, tick: int, history: History) -> None:
        work = self.plan.works[node.id]
        path = path_of(effect.scope)
        text = path_text(path)
        item = Item(
            work=work,
            case=case,
            name=f"{case.id}/{node.id}/{text}/{effect.visit}",
            scope=effect.scope,
            visit=effect.visit,
            order=(case.key, 1, work.rank, path, effect.visit),
            history=history,
            enabled=tick,
            path=text,
        )
        case.items[(effect.scope, node.id, effect.visit)] = item
        self.rows.append(
            Row(
                tick, RowKind.ENABLED, case.id, text, effect.visit, node.id,
                item=item.name, predecessors=history.predecessors, handoffs=history.handoffs,
            )
        )  # fmt: skip
        lag = 0
        if work.lag is not None:
            u = self.dice.of(case, Purpose.LAG, node.id, effect.visit, path)
            lag = self.choices.ticks(case, work.lag, u, f"tasks.{node.id}.lag")
        if not lag:
            self._ready(item, tick)
            return
        order = (case.key, 7, work.rank, path, effect.visit)
        happening = self.agenda.at(tick + lag, order, lambda now: self._ready(item, now), case=case.id)
        case.timers[(effect.scope, node.id, effect.visit)] = [happening]

    def _ready(self, item: Item, tick: int) -> None:
        case = item.case
        assert case is not None
        item.priority = self.choices.number(case, item.work.priority, item.work.element)
        self.staff.ready(item, tick)

    def _completed(self, case: Case, effect: Effect, tick: int, history: History, item: Item | None) -> None:
        node = self.net.nodes[effect.node]
        key = (effect.scope, effect.node, effect.visit)
        if effect.outer:
            history = merged(case.gathered.pop((*key, True), []) or [case.waiting.get(key, history)])
            self._row(RowKind.COMPLETED, case, effect, tick, flows=effect.produced)
        elif item is not None:
            labels = tuple(self.plan.resources[index].label for index in item.resources)
            self.rows.append(
                Row(
                    tick, RowKind.COMPLETED, case.id, item.path, item.visit, node.id,
                    flows=effect.produced, item=item.name, resources=labels,
                )
            )  # fmt: skip
        else:
            kind = RowKind.FIRED if node.behaviour in _EVENTS else RowKind.COMPLETED
            ends = node.behaviour is Behaviour.RAISE and not effect.produced
            came = history if ends else History()  # what ends here says where it came from
            self._row(
                kind, case, effect, tick,
                flows=effect.produced, handoffs=came.handoffs, predecessors=came.predecessors,
            )  # fmt: skip
        self._forget(case, *key)
        framed = node.loop is not None and not effect.outer and effect.scope[-1][0] == node.id
        if framed:
            frame = effect.scope[-1]
            case.gathered.setdefault((effect.scope[:-1], node.id, frame[1], True), []).append(
                History(history.predecessors, ())
            )
        elif not effect.produced:
            self._gather(case, effect.scope, history)
        self._put(case, effect.scope, effect.produced, history, tick)

    def _withdrawn(self, case: Case, effect: Effect, tick: int) -> None:
        key = (effect.scope, effect.node, effect.visit)
        item = None if effect.outer else case.items.pop(key, None)
        if item is not None:
            self.staff.remove(item, tick)
        elif self.net.nodes[effect.node].behaviour is not Behaviour.EVENT_GATEWAY:
            self._row(RowKind.WITHDRAWN, case, effect, tick)
        case.gathered.pop((*key, effect.outer), None)
        self._forget(case, *key)

    def _vanished(self, case: Case, effect: Effect, tick: int) -> None:
        flow = effect.produced[0]
        queue = case.tokens.get((effect.scope, flow))
        if not queue:
            return
        _, history = queue.popleft()
        if not queue:
            del case.tokens[(effect.scope, flow)]
        for happening in case.timers.pop((effect.scope, flow, 0), ()):  # it was on its way
            happening.alive = False
        flow = flow_of(flow)
        if history.handoffs:
            path = path_text(path_of(effect.scope))
            self.rows.append(Row(tick, RowKind.WITHDRAWN, case.id, path, 0, flow, handoffs=history.handoffs))

    def _forget(self, case: Case, scope: Scope, node: str, visit: int) -> None:
        """A wait is over: its timers and its place among those that wait for messages."""
        key = (scope, node, visit)
        case.waiting.pop(key, None)
        case.watches.pop(key, None)
        for happening in case.timers.pop(key, ()):
            happening.alive = False
        waits = case.since.get(node)
        if waits and (scope, visit) in waits:
            waits.remove((scope, visit))

    def _fired_complex(self, case: Case, effect: Effect, step: Step) -> None:
        """It has fired, and waits for what is still to come; or that has come, and what came since is for the next."""
        place = (effect.scope, effect.node)
        if step.kind is not StepKind.RESET:
            case.resets.add(place)
            return
        case.resets.discard(place)
        for flow in self.net.nodes[effect.node].incoming:
            if case.marking.get(("t", effect.scope, flow), 0):
                case.queue.append(("token", effect.scope, flow))

    def _set_throw(self, case: Case, node: Node, effect: Effect, tick: int) -> None:
        """What an event throws is due in the same tick, once tokens are at rest (docs/semantics.md, order)."""
        kind = 4 if all(trigger.kind is TriggerKind.SIGNAL for trigger in node.triggers) else 2
        order = (case.key, kind, self.plan.rank[node.id], path_of(effect.scope), effect.visit)
        self._due(case, (effect.scope, node.id, effect.visit), tick, order)

    def look(self, case: Case, tick: int) -> None:
        """Attributes were assigned: conditional events whose condition has become true occur (from false to true)."""
        for key, before in sorted(case.watches.items()):
            scope, name, visit = key
            now_true = self.choices.truth(case, self.plan.conditions[name], name)
            case.watches[key] = now_true
            if now_true and not before:
                order = (case.key, 5, self.plan.rank[name], path_of(scope), visit)
                self._due(case, key, tick, order, place(self.net.nodes[name], TriggerKind.CONDITIONAL))

    def _due(
        self, case: Case, key: tuple[Scope, str, int], tick: int, order: tuple[Any, ...], trigger: int = 0
    ) -> None:
        happening = self.agenda.at(
            tick, order, lambda now: self.movement.occur(case, *key, now, trigger=trigger), case=case.id
        )
        case.timers.setdefault(key, []).append(happening)

    def _set_timer(self, case: Case, node: Node, effect: Effect, tick: int) -> None:
        timer = self.plan.timers.get(node.id)
        if timer is None:
            return
        path = path_of(effect.scope)
        first = True
        if node.recurs and (host := case.marking[("a", effect.scope, node.id, effect.visit)].belongs_to):
            counted = (effect.scope, node.id, host)
            first = counted not in case.repeated
            case.repeated[counted] = case.repeated.get(counted, 0) + 1
            if 0 <= timer.repeats < case.repeated[counted]:
                return
        likely = self.choices.chance(case, timer.probability, node.id)
        if likely < 1.0 and self.dice.of(case, Purpose.EVENT_HAPPENS, node.id, effect.visit, path) >= likely:
            return
        if timer.date is not None and (first or timer.after is None):
            due = max(tick, timer.date)
        elif callable(timer.after):
            u = self.dice.of(case, Purpose.TIMER, node.id, effect.visit, path)
            due = tick + self.choices.ticks(case, timer.after, u, f"events.{node.id}.after")
        else:
            assert timer.after is not None
            due = self.plan.time_line.add(tick, timer.after)
        order = (case.key, 6, self.plan.rank[node.id], path, effect.visit)
        self._due(case, (effect.scope, node.id, effect.visit), due, order, timer.trigger)
