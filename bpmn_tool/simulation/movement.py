"""Moving the tokens of a case to rest, one node firing at a time, and what comes of it: work, waits, messages, the end
of the case.

The rules are :mod:`bpmn_tool.model.tokens`; here are chance, time and the histories that tokens carry
(docs/semantics.md, 3 and 8).
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.net import Behaviour, Node
from bpmn_tool.model.tokens import (
    Effect,
    EffectKind,
    Path,
    Scope,
    Step,
    StepKind,
    fire,
    flow_of,
    may_pass,
    on_way,
    path_of,
    target,
)
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.agenda import Agenda
from bpmn_tool.simulation.case import Case, History, Item, Mail, merged, path_text
from bpmn_tool.simulation.dice import Dice, chance
from bpmn_tool.simulation.draws import Purpose
from bpmn_tool.simulation.plan import LoopPlan, Plan, Sampler
from bpmn_tool.simulation.post import Post
from bpmn_tool.simulation.staff import Staff

MAX_FIRINGS = 10_000  # of one case in one tick

_ENDS = frozenset({Behaviour.END, Behaviour.TERMINATE})
_EVENTS = frozenset({Behaviour.CATCH, Behaviour.BOUNDARY})


class Movement:
    """Drives the marking of every case. `closed(case)` is called when a case ends."""

    def __init__(self, plan: Plan, dice: Dice, agenda: Agenda, staff: Staff, rows: list[Row], closed: Any) -> None:
        self.plan, self.dice, self.agenda, self.staff, self.rows, self.closed = plan, dice, agenda, staff, rows, closed
        self.net = plan.net
        self.post = Post(self)
        self._serial = 0

    # -- ways in

    def begin(self, case: Case, start_event: str, tick: int, history: History) -> None:
        """A process instance of the case begins at a start event."""
        case.instances += 1
        self._fire(case, Step(StepKind.BEGIN, (), start_event), tick, history)
        self.settle(case, tick)

    def work_done(self, item: Item, tick: int) -> None:
        """A work item is completed."""
        case = item.case
        assert case is not None
        node = self.net.nodes[item.work.element]
        key = (item.scope, node.id, item.visit)
        del case.items[key]
        script = self.plan.scripts.get(node.id)
        if script is not None:
            self._assign(case, node, item, script, tick)
        self._complete(case, node, item.scope, item.visit, tick, item)
        self.settle(case, tick)

    def occur(self, case: Case, scope: Scope, node: str, visit: int, tick: int, mail: Mail | None = None) -> None:
        """What a catch, boundary event or receive task waits for happens; `mail` is the message that brought it."""
        self._complete(case, self.net.nodes[node], scope, visit, tick, None, mail)
        self.settle(case, tick)

    # -- to rest

    def settle(self, case: Case, tick: int) -> None:
        """Moves all tokens of a case to rest, first in first out; then inclusive joins that have become free."""
        queue = case.queue
        moving = True
        while moving:
            while queue:
                self._move(case, queue.popleft(), tick)
            moving = not case.ended and self._free_join(case)
        if not case.ended and case.instances == 0 and case.on_way == 0:
            self._close(case, tick)

    def _free_join(self, case: Case) -> bool:
        for scope, join in sorted(case.joins, key=lambda pair: (pair[0], self.plan.rank[pair[1]])):
            flow = next((f for f in self.net.nodes[join].incoming if case.marking.get(("t", scope, f), 0)), None)
            if flow is None:
                case.joins.discard((scope, join))
            elif may_pass(self.net, case.marking, scope, flow):
                case.queue.append(("token", scope, flow))
                return True
        return False

    def _move(self, case: Case, entry: tuple[Any, ...], tick: int) -> None:
        match entry:
            case ("token", scope, flow):
                self._pass(case, scope, flow, tick)
            case ("drained", scope, node_id, visit):
                if ("a", scope, node_id, visit) in case.marking and not case.marking.get(
                    ("n", (*scope, (node_id, visit, -1))), 0
                ):
                    self._complete(case, self.net.nodes[node_id], scope, visit, tick, None)
            case ("empty", scope, node_id, visit):
                node = self.net.nodes[node_id]
                flows = self._flows(case, node, scope, visit, tick)
                if flows is not None:
                    step = Step(StepKind.CLOSE, scope, node_id, visit=visit, flows=flows)
                    self._fire(case, step, tick, case.waiting[(scope, node_id, visit)])
            case ("mail", scope, node_id, visit):
                self.post.take_kept(case, scope, node_id, visit, tick)

    def _pass(self, case: Case, scope: Scope, flow: str, tick: int) -> None:
        if not may_pass(self.net, case.marking, scope, flow):
            node = self.net.nodes[target(self.net, flow)]
            if node.behaviour is Behaviour.INCLUSIVE and case.marking.get(("t", scope, flow), 0):
                case.joins.add((scope, node.id))
            return
        node = self.net.nodes[target(self.net, flow)]
        self._guard(case, node.id, tick)
        flows, instances = node.outgoing, 1
        visit = case.marking.get(("v", path_of(scope), node.id), 0)
        if node.behaviour in (Behaviour.EXCLUSIVE, Behaviour.INCLUSIVE):
            decided = self._flows(case, node, scope, visit, tick)
            if decided is None:
                return
            flows = decided
        elif node.loop is not None:
            instances = self._instances(case, node, scope, visit)
        self._fire(case, Step(StepKind.PASS, scope, node.id, flow=flow, flows=flows, instances=instances), tick)

    def _guard(self, case: Case, node: str, tick: int) -> None:
        """More than 10,000 firings of one case in one tick is a loop in zero time."""
        if case.fired_at != tick:
            case.fired_at, case.fired = tick, 0
            case.recent.clear()
        case.fired += 1
        if case.fired > MAX_FIRINGS - 100:
            case.recent.append(node)
        if case.fired > MAX_FIRINGS:
            names = ", ".join(dict.fromkeys(case.recent))
            raise RunError(
                f"case {case.id} goes round in zero time through {names}: "
                "give a step in this loop a duration, or the loop a way out"
            )

    # -- completing

    def _complete(
        self,
        case: Case,
        node: Node,
        scope: Scope,
        visit: int,
        tick: int,
        item: Item | None,
        mail: Mail | None = None,
    ) -> None:
        self._guard(case, node.id, tick)
        flows = self._flows(case, node, scope, visit, tick)
        if flows is None:
            return
        again = satisfied = False
        framed = node.loop is not None and bool(scope) and scope[-1][0] == node.id
        if framed:
            again, satisfied = self._loop_goes_on(case, node, scope)
        kept = mail.kept if mail is not None else ""
        step = Step(
            StepKind.COMPLETE, scope, node.id, visit=visit, flows=flows, again=again, satisfied=satisfied, kept=kept
        )
        history = self._result(case, node, scope, visit, item, mail)
        self._fire(case, step, tick, history, item)

    def _result(
        self, case: Case, node: Node, scope: Scope, visit: int, item: Item | None, mail: Mail | None
    ) -> History:
        """What the tokens that leave a node carry."""
        if item is not None:
            return History((item.name,), ())
        own = case.waiting.get((scope, node.id, visit), History())
        if node.behaviour is Behaviour.BOUNDARY:
            return self._left_by_boundary(case, node, scope, visit, own)
        if mail is not None:
            pair = [mail.history, own] if mail.kept else [own, mail.history]  # a kept message came first
            return merged(pair)
        if node.behaviour is Behaviour.SUB_PROCESS:
            inside = case.gathered.pop((scope, node.id, visit, False), [])
            return merged(inside) if inside else own
        return own

    def _left_by_boundary(self, case: Case, node: Node, scope: Scope, visit: int, own: History) -> History:
        host = case.marking[("a", scope, node.id, visit)].belongs_to
        held = case.items.get((scope, *host))
        return History((held.name,), ()) if held is not None else own

    def _loop_goes_on(self, case: Case, node: Node, scope: Scope) -> tuple[bool, bool]:
        loop = self.plan.loops[node.id]
        outer = case.marking[("o", scope[:-1], node.id, scope[-1][1])]
        if isinstance(node.loop, StandardLoop):
            return self._again(case, node, loop, outer.done + 1, scope), False
        done = loop.completion is not None and self._truth(case, loop.completion, node.id)
        return False, done

    def _again(self, case: Case, node: Node, loop: LoopPlan, runs: int, scope: Scope) -> bool:
        if loop.maximum is not None and runs >= loop.maximum:
            return False
        if loop.repeat is not None:
            u = self.dice.of(case, Purpose.REPEAT, node.id, scope[-1][1], path_of(scope))
            return runs < int(loop.repeat(u, case.attributes))
        return loop.again is not None and self._truth(case, loop.again, node.id)

    def _instances(self, case: Case, node: Node, scope: Scope, visit: int) -> int:
        loop = self.plan.loops[node.id]
        if isinstance(node.loop, MultiInstance):
            assert loop.instances is not None
            u = self.dice.of(case, Purpose.INSTANCES, node.id, visit, path_of(scope))
            return max(0, int(loop.instances(u, case.attributes)))
        if loop.test_before and loop.again is not None and not self._truth(case, loop.again, node.id):
            return 0
        if loop.test_before and loop.repeat is not None:
            u = self.dice.of(case, Purpose.REPEAT, node.id, visit, path_of(scope))
            return min(1, max(0, int(loop.repeat(u, case.attributes))))
        return 1

    # -- decisions

    def _flows(self, case: Case, node: Node, scope: Scope, visit: int, tick: int) -> tuple[str, ...] | None:
        """The outgoing flows taken; None where a decision has no way out: the case has failed."""
        decision = self.plan.decisions.get(node.id)
        if decision is None:
            return node.outgoing
        path = path_of(scope)
        if decision.inclusive:
            chosen = self._some(case, decision.probabilities, visit, path) or [
                flow for flow, condition in decision.conditions if condition and self._truth(case, condition, node.id)
            ]
        elif decision.probabilities:
            chosen = [self._one(case, node, decision.probabilities, visit, path)]
        else:
            chosen = []
            for flow, condition in decision.conditions:
                if condition is None or self._truth(case, condition, node.id):
                    chosen = [flow]
                    break
        taken = [*decision.sure, *chosen]
        if not taken and decision.default is not None:
            taken = [decision.default]
        if not taken:
            self._fail(case, node, scope, visit, tick)
            return None
        return tuple(flow for flow in node.outgoing if flow in taken)

    def _one(self, case: Case, node: Node, table: tuple[tuple[str, Any], ...], visit: int, path: Path) -> str:
        """One u; flows laid on (0, 1) in the order of their ids; the one without a number has the rest."""
        u = self.dice.of(case, Purpose.BRANCH, node.id, visit, path)
        sizes = {flow: self._chance(case, value, flow) for flow, value in table if value is not None}
        rest = 1.0 - sum(sizes.values())
        if rest < -1e-9 or (len(sizes) == len(table) and rest > 1e-9):
            raise RunError(f"the probabilities of '{node.id}' sum to {1.0 - rest:g}, not 1, for case {case.id}")
        upto = 0.0
        for flow, _ in table:
            upto += sizes.get(flow, max(rest, 0.0))
            if u < upto:
                return flow
        return max((flow for flow, _ in table if sizes.get(flow, rest) > 0), default=table[-1][0])

    def _some(self, case: Case, table: tuple[tuple[str, Any], ...], visit: int, path: Path) -> list[str]:
        return [
            flow
            for flow, value in table
            if self.dice.of(case, Purpose.BRANCH, flow, visit, path) < self._chance(case, value, flow)
        ]

    def _chance(self, case: Case, value: Any, where: str) -> float:
        try:
            return chance(value, case.attributes)
        except (ExpressionError, ValueError) as error:
            raise RunError(f"flows.{where}: {error} (case {case.id})") from None

    def _truth(self, case: Case, condition: Any, where: str) -> bool:
        try:
            value = condition.evaluate(case.attributes)
        except ExpressionError as error:
            raise RunError(f"condition {condition.text!r} at '{where}': {error} (case {case.id})") from None
        if not isinstance(value, bool):
            raise RunError(
                f"condition {condition.text!r} at '{where}' is {value!r}, not true or false (case {case.id})"
            )
        return value

    def _fail(self, case: Case, node: Node, scope: Scope, visit: int, tick: int) -> None:
        self.rows.append(Row(tick, RowKind.FAILED, case.id, path_text(path_of(scope)), visit, node.id))
        case.failed = case.ended = True
        self._call_off(case, tick)
        self.closed(case)

    # -- firing and its effects

    def _fire(
        self, case: Case, step: Step, tick: int, history: History | None = None, item: Item | None = None
    ) -> None:
        case.marking, effects = fire(self.net, case.marking, step)
        for effect in effects:
            if effect.consumed:
                history = self._consumed(case, effect)
            self._effect(case, effect, tick, history or History(), item, step)
            if case.ended:
                return

    def _consumed(self, case: Case, effect: Effect) -> History:
        arrived = []
        for flow in effect.consumed:
            queue = case.tokens[(effect.scope, flow)]
            arrived.append(queue.popleft())
            if not queue:
                del case.tokens[(effect.scope, flow)]
        return merged([history for _, history in sorted(arrived, key=lambda pair: pair[0])])

    def _effect(self, case: Case, effect: Effect, tick: int, history: History, item: Item | None, step: Step) -> None:
        match effect.kind:
            case EffectKind.FIRED:
                self._fired(case, effect, tick, history)
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
            case EffectKind.ENDED:
                case.instances -= 1

    def _row(self, kind: RowKind, case: Case, effect: Effect, tick: int, **more: Any) -> None:
        path = path_text(path_of(effect.scope))
        self.rows.append(Row(tick, kind, case.id, path, effect.visit, effect.node, **more))

    def _fired(self, case: Case, effect: Effect, tick: int, history: History) -> None:
        if effect.node:
            node = self.net.nodes[effect.node]
            ends = not effect.produced and node.behaviour is not Behaviour.EVENT_GATEWAY
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
            if node.behaviour is Behaviour.BOUNDARY:
                self._forget(case, effect.scope, effect.node, effect.visit)
        elif len(effect.scope) > 1:  # a sub-process begins: its first tokens carry what entered it
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
            self._lay(case, scope, flow, carried)
            case.queue.append(("token", scope, flow))

    def _lay(self, case: Case, scope: Scope, flow: str, history: History) -> None:
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
                self._lay(case, scope, flow, history)
                case.queue.append(("token", scope, flow))
                return
            away = on_way(flow, number)
            self._divert(case, scope, flow, away, history)

            def arrive(now: int) -> None:
                _, carried = case.tokens.pop((scope, away)).popleft()
                case.timers.pop((scope, away, 0))
                self._divert(case, scope, away, flow, carried)
                case.queue.append(("token", scope, flow))
                self.settle(case, now)

            order = (case.key, 8, self.plan.rank[flow], path_of(scope), number)
            case.timers[scope, away, 0] = [self.agenda.at(tick + delay, order, arrive, case=case.id)]

    def _divert(self, case: Case, scope: Scope, flow: str, to: str, history: History) -> None:
        """The token on `flow` goes to rest elsewhere."""
        case.marking, _ = fire(self.net, case.marking, Step(StepKind.DIVERT, scope, "", flow=flow, flows=(to,)))
        self._lay(case, scope, to, history)

    def _gather(self, case: Case, scope: Scope, history: History) -> None:
        """What ends in a sub-process goes on after it."""
        if len(scope) > 1:
            key = (scope[:-1], scope[-1][0], scope[-1][1], False)
            case.gathered.setdefault(key, []).append(History(history.predecessors, ()))

    def _enabled(self, case: Case, effect: Effect, tick: int, history: History) -> None:
        node = self.net.nodes[effect.node]
        key = (effect.scope, effect.node, effect.visit)
        if not effect.consumed and node.behaviour is not Behaviour.BOUNDARY:
            history = self._outer_history(case, effect, history)
        case.waiting[key] = history
        if node.behaviour is Behaviour.WORK and not effect.outer:
            self._new_item(case, node, effect, tick, history)
            return
        self._row(RowKind.ENABLED, case, effect, tick)
        if effect.outer or node.behaviour is Behaviour.SUB_PROCESS:
            return
        self._set_timer(case, node, effect, tick)
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
            lag = self.ticks(case, work.lag, u, f"tasks.{node.id}.lag")
        if not lag:
            self._ready(item, tick)
            return
        order = (case.key, 7, work.rank, path, effect.visit)
        happening = self.agenda.at(tick + lag, order, lambda now: self._ready(item, now), case=case.id)
        case.timers[(effect.scope, node.id, effect.visit)] = [happening]

    def _ready(self, item: Item, tick: int) -> None:
        case = item.case
        assert case is not None
        item.priority = self._number(case, item.work.priority, item.work.element)
        self.staff.ready(item, tick)

    @staticmethod
    def ticks(case: Case, sampler: Sampler, u: float, where: str) -> int:
        """A drawn duration; a value that is none names its place."""
        try:
            return int(sampler(u, case.attributes))
        except (ExpressionError, ValueError) as error:
            raise RunError(f"{where}: {error} (case {case.id})") from None

    def _number(self, case: Case, value: Any, where: str) -> float:
        if not hasattr(value, "evaluate"):
            return float(value)
        try:
            return float(value.evaluate(case.attributes))
        except (ExpressionError, ValueError, TypeError) as error:
            raise RunError(f"tasks.{where}.priority: {error} (case {case.id})") from None

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
            self._row(kind, case, effect, tick, flows=effect.produced)
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
        case.waiting.pop((scope, node, visit), None)
        for happening in case.timers.pop((scope, node, visit), ()):
            happening.alive = False
        waits = case.since.get(node)
        if waits and (scope, visit) in waits:
            waits.remove((scope, visit))

    def _set_timer(self, case: Case, node: Node, effect: Effect, tick: int) -> None:
        timer = self.plan.timers.get(node.id)
        if timer is None:
            return
        path = path_of(effect.scope)
        likely = self._chance(case, timer.probability, node.id)
        if likely < 1.0 and self.dice.of(case, Purpose.EVENT_HAPPENS, node.id, effect.visit, path) >= likely:
            return
        if timer.date is not None:
            due = max(tick, timer.date)
        elif callable(timer.after):
            u = self.dice.of(case, Purpose.TIMER, node.id, effect.visit, path)
            due = tick + self.ticks(case, timer.after, u, f"events.{node.id}.after")
        else:
            assert timer.after is not None
            due = self.plan.time_line.add(tick, timer.after)
        order = (case.key, 6, self.plan.rank[node.id], path, effect.visit)
        happening = self.agenda.at(
            due, order, lambda now: self.occur(case, effect.scope, node.id, effect.visit, now), case=case.id
        )
        case.timers.setdefault((effect.scope, node.id, effect.visit), []).append(happening)

    def _assign(self, case: Case, node: Node, item: Item, script: Any, tick: int) -> None:
        try:
            values: Mapping[str, Any] = script.execute(case.attributes)
        except ExpressionError as error:
            raise RunError(f"script of '{node.id}': {error} (case {case.id})") from None
        case.attributes.update(values)
        self.rows.append(
            Row(tick, RowKind.ASSIGNED, case.id, item.path, item.visit, node.id, item=item.name, data=dict(values))
        )

    # -- the end of a case

    def _close(self, case: Case, tick: int) -> None:
        case.ended = True
        self._call_off(case, tick)
        self.rows.append(Row(tick, RowKind.ENDED, case.id))
        self.closed(case)

    def _call_off(self, case: Case, tick: int) -> None:
        for item in sorted(case.items.values(), key=lambda each: each.order):
            self.staff.remove(item, tick)
        case.items.clear()
        for happenings in case.timers.values():
            for happening in happenings:
                happening.alive = False
        case.timers.clear()
        case.queue.clear()
