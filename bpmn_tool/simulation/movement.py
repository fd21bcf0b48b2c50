"""Moving the tokens of a case to rest, one node firing at a time, and what comes of it: work, waits, messages, the end
of the case.

The rules are :mod:`bpmn_tool.model.tokens`; here are chance, time and the histories that tokens carry
(docs/semantics.md, 3 and 8).
"""

from collections.abc import Mapping
from typing import Any

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.model.net import Behaviour, Node
from bpmn_tool.model.tokens import (
    Effect,
    EffectKind,
    Marking,
    Scope,
    Step,
    StepKind,
    fire,
    inside,
    may_pass,
    may_reset,
    path_of,
    target,
)
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.agenda import Agenda
from bpmn_tool.simulation.case import Case, History, Item, Mail, merged, path_text
from bpmn_tool.simulation.choices import Choices
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.effects import Effects
from bpmn_tool.simulation.plan import ACTIVATION_COUNT, Plan
from bpmn_tool.simulation.post import Post
from bpmn_tool.simulation.staff import Staff

MAX_FIRINGS = 10_000  # of one case in one tick
_DECIDES = frozenset({Behaviour.EXCLUSIVE, Behaviour.INCLUSIVE, Behaviour.COMPLEX})
_NOTHING = History()


class Movement:
    """Drives the marking of every case. `closed(case)` is called when a case ends."""

    def __init__(self, plan: Plan, dice: Dice, agenda: Agenda, staff: Staff, rows: list[Row], closed: Any) -> None:
        self.plan, self.dice, self.agenda, self.staff, self.rows, self.closed = plan, dice, agenda, staff, rows, closed
        self.net = plan.net
        self.choices = Choices(plan, dice)
        self.post = Post(self)
        self.effects = Effects(self, plan, dice, agenda, staff, self.choices)

    # -- ways in

    def begin(self, case: Case, start_event: str, tick: int, history: History) -> None:
        """A process instance of the case begins at a start event."""
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
            self.effects.look(case, tick)
        self._complete(case, node, item.scope, item.visit, tick, item)
        self.settle(case, tick)

    def occur(
        self, case: Case, scope: Scope, node: str, visit: int, tick: int, mail: Mail | None = None, trigger: int = 0
    ) -> None:
        """What a catch, boundary event or receive task waits for happens; `mail` is the message that brought it,
        `trigger` says which it is of an event that waits for several together.
        """
        self._complete(case, self.net.nodes[node], scope, visit, tick, None, mail, trigger)
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
        if not case.joins and not case.resets:
            return False
        for scope, join in sorted(case.joins, key=lambda pair: (pair[0], self.plan.rank[pair[1]])):
            flow = next((f for f in self.net.nodes[join].incoming if case.marking.get(("t", scope, f), 0)), None)
            if flow is None:
                case.joins.discard((scope, join))
            elif may_pass(self.net, case.marking, scope, flow):
                case.queue.append(("token", scope, flow))
                return True
        for scope, name in sorted(case.resets, key=lambda pair: (pair[0], self.plan.rank[pair[1]])):
            if ("g", scope, name) not in case.marking:
                case.resets.discard((scope, name))
            elif may_reset(self.net, case.marking, scope, name):
                case.queue.append(("reset", scope, name))
                return True
        return False

    def _move(self, case: Case, entry: tuple[Any, ...], tick: int) -> None:
        match entry:
            case ("token", scope, flow):
                self._pass(case, scope, flow, tick)
            case ("drained", scope, node_id, visit):
                node = self.net.nodes[node_id]
                inner = inside(node, scope, visit)
                if ("a", scope, node_id, visit) not in case.marking or case.marking.get(("n", inner), 0):
                    return
                if node.performs is None or not self._perform(case, node, scope, visit):
                    self._complete(case, node, scope, visit, tick, None)
            case ("reset", scope, node_id):
                self._reset(case, self.net.nodes[node_id], scope, tick)
            case ("empty", scope, node_id, visit):
                node = self.net.nodes[node_id]
                flows = self._decide(case, node, scope, visit, tick)
                if flows is not None:
                    step = Step(StepKind.CLOSE, scope, node_id, visit=visit, flows=flows)
                    self._fire(case, step, tick, case.waiting[(scope, node_id, visit)])
            case ("mail", scope, node_id, visit):
                self.post.take_kept(case, scope, node_id, visit, tick)

    def _pass(self, case: Case, scope: Scope, flow: str, tick: int) -> None:
        node = self.net.nodes[target(self.net, flow)]
        if not may_pass(self.net, case.marking, scope, flow):
            if node.behaviour is Behaviour.INCLUSIVE and case.marking.get(("t", scope, flow), 0):
                case.joins.add((scope, node.id))
            return
        if node.behaviour is Behaviour.COMPLEX and not self._activated(case, node, scope):
            return
        self._guard(case, node.id, tick)
        flows, instances = node.outgoing, 1
        if node.behaviour in _DECIDES or node.loop is not None:
            visit = case.marking.get(("v", path_of(scope), node.id), 0)
            if node.loop is not None:
                instances = self.choices.instances(case, node, scope, visit)
            else:
                decided = self._decide(case, node, scope, visit, tick)
                if decided is None:
                    return
                flows = decided
        step = Step(StepKind.PASS, scope, node.id, flow=flow, flows=flows, instances=instances)
        self._fire(case, step, tick, passes=True)

    def _activated(self, case: Case, node: Node, scope: Scope) -> bool:
        """Whether the condition of a complex gateway holds, with the number of its flows that have a token."""
        held = sum(1 for flow in node.incoming if case.marking.get(("t", scope, flow), 0))
        condition = self.plan.activations.get(node.id)
        return condition is None or self.choices.truth(case, condition, node.id, {ACTIVATION_COUNT: held})

    def _reset(self, case: Case, node: Node, scope: Scope, tick: int) -> None:
        self._guard(case, node.id, tick)
        flows = self.choices.reset_flows(case, node, scope, case.marking.get(("v", path_of(scope), node.id), 0))
        self._fire(case, Step(StepKind.RESET, scope, node.id, flows=flows), tick)

    def _perform(self, case: Case, node: Node, scope: Scope, visit: int) -> bool:
        """Take up what is left to do in an ad-hoc sub-process, one by one or all at once; whether anything was."""
        key = (scope, node.id, visit)
        left = case.to_perform.setdefault(key, list(node.performs or ()))
        now, later = (left[:1], left[1:]) if node.sequential else (left, [])
        case.to_perform[key] = later
        where = inside(node, scope, visit)
        for name in now:
            case.marking, _ = fire(self.net, case.marking, Step(StepKind.PERFORM, where, name))
            self.effects.lay(case, where, "^" + name, case.waiting.get(key, History()))
            case.queue.append(("token", where, "^" + name))
        return bool(now)

    def _ad_hoc_done(self, case: Case, scope: Scope, tick: int) -> None:
        """After each activity in an ad-hoc sub-process, all its runs, the completion condition is asked."""
        name, visit, _ = scope[-1]
        node = self.net.nodes.get(name)
        if node is None or node.performs is None or name not in self.plan.activations:
            return
        if not self.choices.truth(case, self.plan.activations[name], name):
            return
        case.to_perform[scope[:-1], name, visit] = []
        if node.cancels_rest and ("a", scope[:-1], name, visit) in case.marking:
            self._complete(case, node, scope[:-1], visit, tick, None)

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
        trigger: int = 0,
    ) -> None:
        self._guard(case, node.id, tick)
        flows = self._decide(case, node, scope, visit, tick)
        if flows is None:
            return
        again = satisfied = False
        framed = node.loop is not None and bool(scope) and scope[-1][0] == node.id
        if framed:
            again, satisfied = self.choices.loop_goes_on(case, node, scope)
        kept = mail.kept if mail is not None else ""
        step = Step(
            StepKind.COMPLETE, scope, node.id,
            visit=visit, flows=flows, again=again, satisfied=satisfied, kept=kept, trigger=trigger,
        )  # fmt: skip
        history = self._result(case, node, scope, visit, item, mail)
        self._fire(case, step, tick, history, item)
        if node.every and ("a", scope, node.id, visit) in case.marking:
            case.waiting[scope, node.id, visit] = history  # more has to come
            return
        if case.ended or (framed and ("o", scope[:-1], node.id, scope[-1][1]) in case.marking):
            return
        self._ad_hoc_done(case, scope[:-1] if framed else scope, tick)

    def _result(
        self, case: Case, node: Node, scope: Scope, visit: int, item: Item | None, mail: Mail | None
    ) -> History:
        """What the tokens that leave a node carry."""
        if item is not None:
            return History((item.name,), ())
        own = case.waiting.get((scope, node.id, visit), History())
        if node.behaviour is Behaviour.BOUNDARY:
            return self._left_by_boundary(case, case.marking, scope, node.id, visit)
        if mail is not None:
            pair = [mail.history, own] if mail.kept else [own, mail.history]  # a kept message came first
            return merged(pair)
        if node.behaviour is Behaviour.SUB_PROCESS:
            inside = case.gathered.pop((scope, node.id, visit, False), [])
            return merged(inside) if inside else own
        return own

    def _left_by_boundary(self, case: Case, marking: Marking, scope: Scope, name: str, visit: int) -> History:
        host = marking[("a", scope, name, visit)].belongs_to
        held = case.items.get((scope, *host))
        own = case.waiting.get((scope, name, visit), History())
        return History((held.name,), ()) if held is not None else own

    def _own(self, case: Case, effect: Effect, before: Marking) -> History:
        """What a node that reacts to what another one throws carries on."""
        key = (effect.scope, effect.node, effect.visit)
        if self.net.nodes[effect.node].behaviour is Behaviour.BOUNDARY and ("a", *key) in before:
            return self._left_by_boundary(case, before, *key)
        return case.waiting.get(key, History())

    def _decide(self, case: Case, node: Node, scope: Scope, visit: int, tick: int) -> tuple[str, ...] | None:
        """The flows taken; None where there is no way out, and the case has failed."""
        flows = self.choices.flows(case, node, scope, visit)
        if flows is None:
            self.fail(case, node, scope, visit, tick)
        return flows

    def fail(self, case: Case, node: Node, scope: Scope, visit: int, tick: int) -> None:
        case.failed = case.ended = True
        self._call_off(case, tick)
        self.rows.append(Row(tick, RowKind.FAILED, case.id, path_text(path_of(scope)), visit, node.id))
        self.closed(case)

    # -- firing

    def _fire(
        self,
        case: Case,
        step: Step,
        tick: int,
        history: History | None = None,
        item: Item | None = None,
        *,
        passes: bool = False,
    ) -> None:
        before = case.marking
        case.marking, effects = fire(self.net, before, step, passes=passes)
        for effect in effects:
            carried = history or _NOTHING
            if effect.consumed:
                history = carried = self.effects.consumed(case, effect)
            elif _reacts(effect, step):
                carried = merged([self._own(case, effect, before), carried])  # what is thrown came last
            self.effects.apply(case, effect, tick, carried, item, step)
            if case.ended:
                return

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


def _reacts(effect: Effect, step: Step) -> bool:
    """Whether another node than that of the step has come to its end by what the step threw."""
    if effect.node == step.node or step.kind is not StepKind.COMPLETE:
        return False
    return bool(effect.node) and effect.kind in (EffectKind.COMPLETED, EffectKind.FIRED)
