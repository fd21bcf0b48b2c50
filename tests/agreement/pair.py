"""A case on SpiffWorkflow and the token rules side by side: what the case tells is replayed on markings.

Where a log entry fits several tokens (runs of a multi-instance), all markings that fit are kept; agreement is that one
of them is left, and that it offers what the case offers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import Event, Model, MultiInstance, StandardLoop, Task, TaskKind, TriggerKind
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.model.net_build import build
from bpmn_tool.model.tokens import EMPTY, Marking, Scope, Step, StepKind, fire, steps

KEPT = 200
_COMPLETES = frozenset({Behaviour.CATCH, Behaviour.BOUNDARY, Behaviour.WORK, Behaviour.RECEIVE, Behaviour.SUB_PROCESS})
_DECIDE = frozenset({Behaviour.EXCLUSIVE, Behaviour.INCLUSIVE})
AUTOMATIC = (TaskKind.SERVICE, TaskKind.SCRIPT, TaskKind.SEND)


class Difference(AssertionError):
    """What one of the two does and the other does not."""


@dataclass(frozen=True)
class Offer:
    """What may be done: work by run of the multi-instance or loop, events awaited, gateways that wait for a choice."""

    work: Counter[tuple[str, int | None]]
    waits: Counter[str]
    gateways: frozenset[str]


class Logged(Case):
    """A case that keeps what its specs tell: activities enabled, and nodes completed with the flows that they took."""

    def __init__(self, model: Model, **more: Any) -> None:
        self.log: list[tuple[str, str, tuple[str, ...]]] = []
        self._flows: list[str] = []
        super().__init__(model, **more)
        self._told = self._agenda.sink
        self._agenda.sink = self._hear

    def _hear(self, token: Any, what: str) -> None:
        self._told(token, what)
        element = token.task_spec.element.id
        match what:
            case "flow":
                self._flows.append(token.flow)
            case "enabled" if token.instance is None:  # the runs of a multi-instance or loop are its own business
                self.log.append((what, element, ()))
            case "completed":
                own = [f for f in self._flows if self.model.sequence_flows[f].source_ref == element]
                self.log.append((what, element, tuple(own)))
                self._flows.clear()

    def offer(self) -> Offer:
        held = (token.task_spec.element for token in self._agenda.waiting.values())
        return Offer(
            Counter((work.activity, work.instance) for work in self.work()),
            Counter(each.id for each in held if isinstance(each, Event | Task)),
            frozenset(decision.gateway for decision in self.decisions()),
        )


class Pair:
    """`counts`: runs of activities with a marker; `enough`: completions after which a completion condition holds."""

    def __init__(
        self,
        model: Model,
        counts: Mapping[str, int] | None = None,
        enough: Mapping[str, int] | None = None,
        **more: Any,
    ) -> None:
        self.counts, self.enough = counts or {}, enough or {}
        self.case = Logged(model, **more)
        self.net: Net = build(model)
        self.markings: set[Marking] = {EMPTY}
        self.steps = 0
        self.read = 0

    def act(self, verb: str, *arguments: Any, **named: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        """Do it in the case, replay what it did on the markings, and compare; what it did."""
        getattr(self.case, verb)(*arguments, **named)
        did = self.case.log[self.read :]
        self.read = len(self.case.log)
        for entry in did:
            self.steps += 1
            self.markings = {after for marking in self.markings for after in self.replay(marking, *entry)}
            if not self.markings:
                raise Difference(f"{entry} is not possible by the token rules, in {did}")
            self.markings = set(list(self.markings)[:KEPT])
        offered = self.case.offer()
        rest = {marking for marking in self.markings if self.offer(marking) == offered}
        if not rest:
            others = [self.offer(marking) for marking in self.markings]
            raise Difference(f"the case offers {offered}, the token rules {others}, after {did}")
        self.markings = rest
        over = {not any(key[0] in "taon" for key in marking) for marking in rest}
        if self.case.completed not in over:
            raise Difference(f"completed: {self.case.completed} in the case, {over} by the token rules, after {did}")
        return did

    # -- the case's log on a marking

    def replay(self, marking: Marking, what: str, element: str, flows: tuple[str, ...]) -> Iterator[Marking]:
        node = self.net.nodes[element]
        if node.behaviour is Behaviour.EVENT_GATEWAY or (what == "enabled" and self.is_arm(element)):
            yield marking  # it is said when the race is over, or with the gateway
            return
        if node.behaviour is Behaviour.START and node.container in self.case.model.processes:
            marking, _ = fire(self.net, marking, Step(StepKind.BEGIN, (), element))
        kind = StepKind.COMPLETE if what == "completed" and node.behaviour in _COMPLETES else StepKind.PASS
        for step in self.possible(marking):
            if (step.node, step.kind) != (element, kind):
                continue
            if what == "enabled" or node.loop is not None or sorted(step.flows) == sorted(flows):
                yield self.silent(fire(self.net, marking, step)[0])

    def possible(self, marking: Marking) -> Iterator[Step]:
        """Steps as the data have them: numbers of instances, loops once more, completion conditions."""
        for step in steps(self.net, marking):
            if (said := self.by_data(marking, step)) is not None:
                yield said

    def by_data(self, marking: Marking, step: Step) -> Step | None:
        node = self.net.nodes[step.node]
        written = node.loop.cardinality.strip() if isinstance(node.loop, MultiInstance) else ""
        count = int(written) if written else self.counts.get(node.id, 1)
        match step.kind, node.loop:
            case StepKind.PASS, MultiInstance():
                return step._replace(instances=count)
            case StepKind.PASS, StandardLoop():
                return step if step.instances == (min(count, 1) if node.loop.test_before else 1) else None
            case StepKind.COMPLETE, MultiInstance() | StandardLoop():
                outer = marking[("o", step.scope[:-1], node.id, step.scope[-1][1])]
                if isinstance(node.loop, StandardLoop):
                    return step if step.again == (outer.done + 1 < count) else None
                enough = 0 < self.enough.get(node.id, 0) <= outer.done + 1 and outer.done + 1 < outer.total
                return step if step.satisfied == enough else None
            case _:
                return step

    def silent(self, marking: Marking) -> Marking:
        """On past what a case does not tell: tokens that come to an event that waits, loops without a run."""
        while True:
            for step in self.possible(marking):
                waits = self.net.nodes[step.node].behaviour in (Behaviour.CATCH, Behaviour.EVENT_GATEWAY)
                if step.kind is StepKind.CLOSE or (step.kind is StepKind.PASS and waits):
                    marking, _ = fire(self.net, marking, step)
                    break
            else:
                return marking

    def is_timer(self, element: str) -> bool:
        return self.net.nodes[element].trigger is TriggerKind.TIMER

    def is_arm(self, element: str) -> bool:
        return any(element in node.arms for node in self.net.nodes.values())

    # -- what a marking offers

    def offer(self, marking: Marking) -> Offer:
        work: Counter[tuple[str, int | None]] = Counter()
        waits: Counter[str] = Counter()
        for key in marking:
            if key[0] == "a":
                match self.net.nodes[key[2]].behaviour:
                    case Behaviour.WORK:
                        work[key[2], self.run_number(marking, key[1])] += 1
                    case Behaviour.CATCH | Behaviour.BOUNDARY | Behaviour.RECEIVE:
                        waits[key[2]] += 1
                    case _:
                        pass
        possible = list(self.possible(marking))
        work.update((f"{s.kind.value} {s.node}", None) for s in possible if not self.is_outside(s))  # not at rest
        return Offer(work, waits, frozenset(step.node for step in possible if self.is_choice(step)))

    def is_choice(self, step: Step) -> bool:
        node = self.net.nodes[step.node]
        return step.kind is StepKind.PASS and node.behaviour in _DECIDE and len(node.outgoing) > 1

    def is_outside(self, step: Step) -> bool:
        """Whether somebody outside has to do it; all else a case at rest has done."""
        element = self.case.model.flow_nodes[step.node]
        if step.kind is StepKind.COMPLETE and self.net.nodes[step.node].behaviour is not Behaviour.SUB_PROCESS:
            return not (isinstance(element, Task) and element.kind in AUTOMATIC)
        return self.is_choice(step)

    def run_number(self, marking: Marking, scope: Scope) -> int | None:
        """Which run of the nearest multi-instance or loop around."""
        for depth in range(len(scope) - 1, 0, -1):
            frame = scope[depth]
            if frame[2] >= 0:
                return frame[2]
            if (outer := marking.get(("o", scope[:depth], frame[0], frame[1]))) is not None:
                return int(outer.done)
        return None
