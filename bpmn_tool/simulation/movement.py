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
    Scope,
    Step,
    StepKind,
    fire,
    inside,
    may_pass,
    path_of,
    target,
)
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.agenda import Agenda
from bpmn_tool.simulation.case import Case, History, Item, Mail, merged, path_text
from bpmn_tool.simulation.choices import Choices
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.effects import Effects
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.simulation.post import Post
from bpmn_tool.simulation.staff import Staff

MAX_FIRINGS = 10_000  # of one case in one tick


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
                inner = inside(self.net.nodes[node_id], scope, visit)
                if ("a", scope, node_id, visit) in case.marking and not case.marking.get(("n", inner), 0):
                    self._complete(case, self.net.nodes[node_id], scope, visit, tick, None)
            case ("empty", scope, node_id, visit):
                node = self.net.nodes[node_id]
                flows = self._decide(case, node, scope, visit, tick)
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
            decided = self._decide(case, node, scope, visit, tick)
            if decided is None:
                return
            flows = decided
        elif node.loop is not None:
            instances = self.choices.instances(case, node, scope, visit)
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
        flows = self._decide(case, node, scope, visit, tick)
        if flows is None:
            return
        again = satisfied = False
        framed = node.loop is not None and bool(scope) and scope[-1][0] == node.id
        if framed:
            again, satisfied = self.choices.loop_goes_on(case, node, scope)
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

    def _decide(self, case: Case, node: Node, scope: Scope, visit: int, tick: int) -> tuple[str, ...] | None:
        """The flows taken; None where there is no way out, and the case has failed."""
        flows = self.choices.flows(case, node, scope, visit)
        if flows is None:
            self._fail(case, node, scope, visit, tick)
        return flows

    def _fail(self, case: Case, node: Node, scope: Scope, visit: int, tick: int) -> None:
        self.rows.append(Row(tick, RowKind.FAILED, case.id, path_text(path_of(scope)), visit, node.id))
        case.failed = case.ended = True
        self._call_off(case, tick)
        self.closed(case)

    # -- firing

    def _fire(
        self, case: Case, step: Step, tick: int, history: History | None = None, item: Item | None = None
    ) -> None:
        case.marking, effects = fire(self.net, case.marking, step)
        for effect in effects:
            if effect.consumed:
                history = self.effects.consumed(case, effect)
            self.effects.apply(case, effect, tick, history or History(), item, step)
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
