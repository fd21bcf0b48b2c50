"""Handoffs, read off the rows of one replication: work that passed from one role to another, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from bpmn_tool.results.facts import Facts
from bpmn_tool.results.trace import Replication, Row, RowKind
from bpmn_tool.results.work_items import WorkItem

#: kinds of row whose `flows` are taken, so that a handoff over one of them begins there
BEGINS = frozenset({RowKind.ARRIVED, RowKind.FIRED, RowKind.COMPLETED, RowKind.SENT, RowKind.DECLINED})


class HandoffOutcome(Enum):
    ACCEPTED = "accepted"  # the receiver's item started, or the message of `accepted_by` came
    DECLINED = "declined"
    LOST = "lost"
    WITHDRAWN = "withdrawn"  # the item that it reached was taken away before anybody began
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One passing of work over `flow`. `settled` is None while it is open.

    `waiting`: the ticks that the item it reached stood ready, where this handoff was the last to arrive.
    `late`: accepted after `accept_within`, or open for longer than that.
    """

    id: str  # case/flow/path/n
    flow: str
    case: str
    source: str  # role
    target: str  # role of the item it reached; until then, of the flow's target
    begun: int
    outcome: HandoffOutcome
    settled: int | None = None
    late: bool = False
    bounce: bool = False
    waiting: int = 0
    sender: str = ""  # item
    item: str = ""  # reached


@dataclass(slots=True)
class _Draft:
    id: str
    flow: str
    case: str
    begun: int
    sender: str
    outcome: HandoffOutcome = HandoffOutcome.OPEN
    settled: int | None = None
    item: str = ""

    def settle(self, outcome: HandoffOutcome, tick: int) -> None:
        if self.outcome is HandoffOutcome.OPEN:
            self.outcome, self.settled = outcome, tick


class _Reader:
    """One pass over the rows."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.flows = frozenset(facts.handoffs)
        self.drafts: dict[str, _Draft] = {}
        self.counters: dict[tuple[str, str, str], int] = defaultdict(int)
        self.reached: dict[str, tuple[str, ...]] = {}  # item -> handoffs
        self.answers: dict[str, list[str]] = defaultdict(list)  # message flow back -> handoff flows
        for flow, back in facts.accepted_by.items():
            self.answers[back].append(flow)
        self.unanswered: dict[tuple[str, str], list[_Draft]] = defaultdict(list)  # (case, flow), oldest first

    def read(self, row: Row) -> None:
        if row.flows and row.kind in BEGINS:
            self.begin(row)
        match row.kind:
            case RowKind.ENABLED if row.item and row.handoffs:
                self.reached[row.item] = row.handoffs
                for draft in self.named(row.handoffs):
                    draft.item = row.item
            case RowKind.STARTED if row.item in self.reached:
                self.accept(self.reached[row.item], row.tick)
            case RowKind.WITHDRAWN if row.item in self.reached:
                self.settle(self.reached[row.item], HandoffOutcome.WITHDRAWN, row.tick)
            case RowKind.WITHDRAWN:  # a token on its way, or a wait without work
                self.settle(row.handoffs, HandoffOutcome.WITHDRAWN, row.tick)
            case RowKind.LOST:
                self.settle(row.handoffs, HandoffOutcome.LOST, row.tick)
            case RowKind.DECLINED:
                self.settle(row.handoffs, HandoffOutcome.DECLINED, row.tick)
            case RowKind.FIRED | RowKind.RECEIVED:
                self.accept(row.handoffs, row.tick)
            case _:
                pass
        if row.kind is RowKind.RECEIVED:
            self.answer(row)

    def begin(self, row: Row) -> None:
        for flow in row.flows:
            if flow not in self.flows:
                continue
            key = (row.case, flow, row.path)
            number = self.counters[key]
            self.counters[key] += 1
            sender = row.item or (row.predecessors[-1] if row.predecessors else "")
            draft = _Draft(f"{row.case}/{flow}/{row.path}/{number}", flow, row.case, row.tick, sender)
            self.drafts[draft.id] = draft
            if flow in self.facts.accepted_by:
                self.unanswered[row.case, flow].append(draft)

    def named(self, ids: Iterable[str]) -> Iterable[_Draft]:
        return (self.drafts[name] for name in ids if name in self.drafts)

    def settle(self, ids: Iterable[str], outcome: HandoffOutcome, tick: int) -> None:
        for draft in self.named(ids):
            draft.settle(outcome, tick)

    def accept(self, ids: Iterable[str], tick: int) -> None:
        for draft in self.named(ids):
            if draft.flow not in self.facts.accepted_by:
                draft.settle(HandoffOutcome.ACCEPTED, tick)

    def answer(self, row: Row) -> None:
        """One message back accepts one handoff: the oldest of its case that is open."""
        for back in row.flows:
            for flow in self.answers.get(back, ()):
                for draft in self.unanswered[row.case, flow]:
                    if draft.outcome is HandoffOutcome.OPEN:
                        draft.settle(HandoffOutcome.ACCEPTED, row.tick)
                        break


def handoffs(
    replication: Replication, facts: Facts, items: Iterable[WorkItem], ends: Mapping[str, int] | None = None
) -> tuple[Handoff, ...]:
    """All handoffs as they began; `items` are of the same replication, `ends` when its cases ended."""
    reader = _Reader(facts)
    for row in replication.rows:
        reader.read(row)
    by_id = {item.id: item for item in items}
    for draft in reader.drafts.values():
        item = by_id.get(draft.item)
        if not draft.sender and item is not None and item.predecessors:
            draft.sender = item.predecessors[-1]
    receivers = {draft.id: _receiver(draft, by_id, facts) for draft in reader.drafts.values()}
    finish = _Finish(replication.end, facts, by_id, reader.drafts, receivers, ends or {})
    return tuple(finish.handoff(draft) for draft in reader.drafts.values())


def _receiver(draft: _Draft, items: Mapping[str, WorkItem], facts: Facts) -> str:
    source, target = _roles(draft.flow, facts)
    item = items.get(draft.item)
    reached = facts.owner.get(item.element, "") if item is not None else ""
    return reached if reached and reached != source else target


def _roles(flow: str, facts: Facts) -> tuple[str, str]:
    source, target = facts.flow_ends.get(flow, ("", ""))
    return facts.owner.get(source, ""), facts.owner.get(target, "")


@dataclass(slots=True)
class _Finish:
    end: int
    facts: Facts
    items: Mapping[str, WorkItem]
    drafts: Mapping[str, _Draft]
    receivers: Mapping[str, str]
    ends: Mapping[str, int]

    def handoff(self, draft: _Draft) -> Handoff:
        source, target = _roles(draft.flow, self.facts)[0], self.receivers[draft.id]
        return Handoff(
            id=draft.id,
            flow=draft.flow,
            case=draft.case,
            source=source,
            target=target,
            begun=draft.begun,
            outcome=draft.outcome,
            settled=draft.settled,
            late=self.late(draft),
            bounce=self.bounce(draft, source, target),
            waiting=self.waiting(draft),
            sender=draft.sender,
            item=draft.item,
        )

    def late(self, draft: _Draft) -> bool:
        within = self.facts.accept_within.get(draft.flow)
        if within is None:
            return False
        match draft.outcome:
            case HandoffOutcome.ACCEPTED:
                return draft.settled is not None and draft.settled - draft.begun > within
            case HandoffOutcome.OPEN:
                return self.ends.get(draft.case, self.end) - draft.begun > within
            case _:
                return False

    def bounce(self, draft: _Draft, source: str, target: str) -> bool:
        """It goes back to where its sender's item came from."""
        sender = self.items.get(draft.sender)
        if sender is None:
            return False
        return any(
            _roles(self.drafts[name].flow, self.facts)[0] == target and self.receivers[name] == source
            for name in sender.handoffs
            if name in self.drafts
        )

    def waiting(self, draft: _Draft) -> int:
        """What the item waited is booked once: to the last handoff from the predecessor that arrived last."""
        item = self.items.get(draft.item)
        if item is None:
            return 0
        known = [name for name in item.handoffs if name in self.drafts]
        last = item.predecessors[-1] if item.predecessors else ""
        booked = [name for name in known if self.drafts[name].sender == last] or known
        return item.waiting if booked[-1] == draft.id else 0
