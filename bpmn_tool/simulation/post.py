"""Messages of a case: sent along message flows, lost, declined or delayed, received by one catch, a start event or a
black box, or kept.
"""

from collections import deque
from typing import TYPE_CHECKING

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.model.elements import TriggerKind
from bpmn_tool.model.net import Behaviour
from bpmn_tool.model.tokens import Scope, Step, StepKind, fire, path_of
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.case import Case, History, Mail, path_text
from bpmn_tool.simulation.dice import chance
from bpmn_tool.simulation.draws import Purpose

if TYPE_CHECKING:
    from bpmn_tool.simulation.movement import Movement


class Post:
    """Carries messages for :class:`~bpmn_tool.simulation.movement.Movement`."""

    def __init__(self, movement: "Movement") -> None:
        self.movement = movement
        self.plan = movement.plan
        self.dice = movement.dice
        self.rows = movement.rows
        self.handoff_flows = frozenset(movement.plan.facts.handoffs)
        self._kept = 0  # how many messages have been kept so far: the oldest is taken first

    def handoff_name(self, case: Case, flow: str, scope: Scope, number: int) -> str:
        return f"{case.id}/{flow}/{path_text(path_of(scope))}/{number}"

    def fate(self, case: Case, flow: str, scope: Scope, number: int) -> tuple[RowKind | None, int]:
        """Lost, else declined, else (None, delay in ticks)."""
        plan = self.plan.handoffs.get(flow)
        if plan is None:
            return None, 0
        path = path_of(scope)
        for kind, purpose, value in (
            (RowKind.LOST, Purpose.LOST, plan.lost),
            (RowKind.DECLINED, Purpose.DECLINED, plan.declined),
        ):
            try:
                likely = chance(value, case.attributes)
            except (ExpressionError, ValueError) as error:
                raise RunError(f"handoffs.{flow}: {error} (case {case.id})") from None
            if likely > 0.0 and self.dice.of(case, purpose, flow, number, path) < likely:
                return kind, 0
        if plan.delay is None:
            return None, 0
        u = self.dice.of(case, Purpose.DELAY, flow, number, path)
        return None, self.movement.choices.ticks(case, plan.delay, u, f"handoffs.{flow}.delay")

    # -- sending

    def send(self, case: Case, flow: str, sender: str, scope: Scope, visit: int, tick: int, history: History) -> None:
        """A message leaves: it is due at once, or after the delay of its handoff."""
        path = path_of(scope)
        number = case.count(flow, scope)
        self.rows.append(Row(tick, RowKind.SENT, case.id, path_text(path), visit, sender, flows=(flow,)))
        if flow in self.handoff_flows:
            history = History(history.predecessors, (self.handoff_name(case, flow, scope, number),))
        kind, delay = self.fate(case, flow, scope, number)
        if kind is not None:
            name = history.handoffs or (self.handoff_name(case, flow, scope, number),)
            self.rows.append(Row(tick, kind, case.id, path_text(path), number, flow, handoffs=name))
            if kind is RowKind.LOST:
                return
            history = History(history.predecessors, ())
        declined = kind is RowKind.DECLINED
        arrives = self.plan.handoffs[flow].declines_to if declined else self.plan.net.messages[flow][1]
        counts = arrives not in self.plan.black_boxes
        case.on_way += counts

        def deliver(now: int) -> None:
            case.on_way -= counts
            self._deliver(case, flow, arrives, scope, number, now, history)

        order = (case.key, 8 if delay else 3, self.plan.rank[flow], path, number)
        self.movement.agenda.at(tick + delay, order, deliver, case=case.id if counts else "")

    # -- receiving

    def _deliver(
        self, case: Case, flow: str, arrives: str, scope: Scope, number: int, tick: int, history: History
    ) -> None:
        if arrives in self.plan.black_boxes:
            self._black_box(case, flow, arrives, scope, number, tick, history)
            return
        if case.ended:
            return
        node = self.plan.net.nodes[arrives]
        if node.behaviour is Behaviour.START:
            self._received(case, flow, arrives, scope, number, tick)
            self.movement.begin(case, arrives, tick, history)
            return
        waits = case.since.get(arrives)
        if waits:
            place, visit = waits[0]
            self._received(case, flow, arrives, place, visit, tick)
            self._brings(case, place, arrives, visit, tick, Mail(flow, history))
            return
        if node.instantiates:
            self._received(case, flow, arrives, scope, number, tick)
            self.movement.begin(case, arrives, tick, history)
            return
        case.marking, _ = fire(self.plan.net, case.marking, Step(StepKind.KEEP, (), "", flow=self._box(flow, arrives)))
        self._kept += 1
        case.mail.setdefault(self._box(flow, arrives), deque()).append((self._kept, history))
        self.movement.settle(case, tick)

    def _box(self, flow: str, arrives: str) -> str:
        """Where a message is kept: by its flow and by whom it waits for (a declined one waits elsewhere)."""
        return flow if self.plan.net.messages[flow][1] == arrives else f"{flow}>{arrives}"

    def take_kept(self, case: Case, scope: Scope, node: str, visit: int, tick: int) -> None:
        """A catch has begun to wait: the oldest message kept for it is its own."""
        if (scope, visit) not in case.since.get(node, ()):
            return
        boxes = {self._box(flow, node): flow for flow in self.plan.mail_into[node]}
        box = min((each for each in boxes if each in case.mail), key=lambda each: case.mail[each][0][0], default=None)
        if box is None:
            return
        _, history = case.mail[box].popleft()
        if not case.mail[box]:
            del case.mail[box]
        self._received(case, boxes[box], node, scope, visit, tick)
        self._brings(case, scope, node, visit, tick, Mail(boxes[box], history, box))

    def _brings(self, case: Case, scope: Scope, node: str, visit: int, tick: int, mail: Mail) -> None:
        """The message that a node waits for is there; of an event that waits for several things, one of them."""
        rules = self.plan.net.nodes[node]
        trigger, open_ = 0, [0]
        if rules.every:
            came = case.marking[("a", scope, node, visit)].occurred
            open_ = [n for n, t in enumerate(rules.triggers) if t.kind is TriggerKind.MESSAGE and n not in came]
            trigger = open_[0]
            if len(open_) == 1:  # it waits for no more messages
                case.since[node].remove((scope, visit))
        self.movement.occur(case, scope, node, visit, tick, mail, trigger)
        if rules.every and len(open_) > 1:
            self.take_kept(case, scope, node, visit, tick)

    def _received(self, case: Case, flow: str, element: str, scope: Scope, visit: int, tick: int) -> None:
        path = path_text(path_of(scope))
        self.rows.append(Row(tick, RowKind.RECEIVED, case.id, path, visit, element, flows=(flow,)))

    # -- black boxes

    def _black_box(
        self, case: Case, flow: str, participant: str, scope: Scope, number: int, tick: int, history: History
    ) -> None:
        """It takes the message, and answers if it has something to answer."""
        path = path_of(scope)
        visit = case.count(f"received by {participant}", scope)
        self.rows.append(
            Row(
                tick, RowKind.RECEIVED, case.id, path_text(path), visit, participant,
                flows=(flow,), handoffs=history.handoffs,
            )
        )  # fmt: skip
        box = self.plan.black_boxes[participant]
        replies = box.replies.get(flow, ())
        if box.absent or not replies or case.ended:
            return
        try:
            likely = chance(box.answers, case.attributes)
        except (ExpressionError, ValueError) as error:
            raise RunError(f"black_boxes.{participant}.answers: {error} (case {case.id})") from None
        if likely < 1.0 and self.dice.of(case, Purpose.ANSWER, flow, number, path) >= likely:
            return
        reply = replies[0][0]
        if len(replies) > 1:
            reply = _weighted(replies, self.dice.of(case, Purpose.REPLY, flow, number, path))
        delay = 0
        if box.response is not None:
            u = self.dice.of(case, Purpose.RESPONSE, participant, visit, path)
            delay = self.movement.choices.ticks(case, box.response, u, f"black_boxes.{participant}.response")
        case.on_way += 1

        def answer(now: int) -> None:
            case.on_way -= 1
            if not case.ended:
                self.send(case, reply, participant, scope, visit, now, History(history.predecessors, ()))
                self.movement.settle(case, now)  # it may have been lost, and been the last that the case waited for

        order = (case.key, 8, self.plan.rank[participant], path, visit)
        self.movement.agenda.at(tick + delay, order, answer, case=case.id)


def _weighted(options: tuple[tuple[str, float], ...], u: float) -> str:
    total = sum(weight for _, weight in options)
    upto = 0.0
    for name, weight in options:
        upto += weight / total
        if u < upto:
            return name
    return options[-1][0]
