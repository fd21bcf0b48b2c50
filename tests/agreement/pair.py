"""A case on SpiffWorkflow and the token rules side by side: what the case tells is replayed on markings.

Where a log entry fits several tokens (runs of a multi-instance), all markings that fit are kept; agreement is that one
of them is left, and that it offers what the case offers. What one firing sets off at once (catchers of what it throws,
the handlers of a compensation) is due: the case has to tell just that next.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from bpmn_tool.errors import RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.events import occur, triggers_of
from bpmn_tool.model.elements import Event, Model, MultiInstance, StandardLoop, Task, TaskKind, TriggerKind
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.model.net_build import build
from bpmn_tool.model.tokens import EMPTY, Effect, EffectKind, Marking, Scope, Step, StepKind, fire, inside, steps

KEPT = 200
_ACTIVITIES = frozenset({Behaviour.WORK, Behaviour.RECEIVE, Behaviour.SUB_PROCESS})
_COMPLETES = _ACTIVITIES | {Behaviour.CATCH, Behaviour.BOUNDARY}
_DECIDE = frozenset({Behaviour.EXCLUSIVE, Behaviour.INCLUSIVE, Behaviour.COMPLEX})
_LISTENS = frozenset({Behaviour.CATCH, Behaviour.BOUNDARY, Behaviour.RECEIVE, Behaviour.EVENT_START})
AUTOMATIC = (TaskKind.SERVICE, TaskKind.SCRIPT, TaskKind.SEND)

Entry: TypeAlias = tuple[str, str, tuple[str, ...]]
State: TypeAlias = tuple[Marking, tuple[tuple[str, str], ...]]
"""A marking, and what has happened in it that the case has still to tell, in order of the alphabet."""


class Difference(AssertionError):
    """What one of the two does and the other does not."""


class Undecided(Exception):
    """There are more markings that fit than are kept, and of those kept none fits any more."""


@dataclass(frozen=True)
class Offer:
    """What may be done: work by run of the multi-instance or loop, events awaited, gateways that wait for a choice."""

    work: Counter[tuple[str, int | None]]
    waits: Counter[str]
    gateways: frozenset[str]


class Logged(Case):
    """A case that keeps what its specs tell: activities enabled, nodes completed with the flows that they took, events
    thrown, and triggers that came where others are still waited for.
    """

    def __init__(self, model: Model, **more: Any) -> None:
        self.log: list[Entry] = []
        self._flows: list[str] = []
        self._sources: dict[str, str] = {}
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
            case "completed" | "reset":
                own = [flow for flow in self._flows if self._source(flow) == element]
                self.log.append((what, element, tuple(own)))
                self._flows.clear()
            case "thrown":
                self.log.append((what, element, ()))
            case "came":
                self.log.append((what, element, (str(token._get_internal_data("by")),)))

    def _source(self, flow: str) -> str:
        found = self.model.sequence_flows.get(flow)
        return found.source_ref if found is not None else flow.partition("→")[0]

    def occurs(self, element: str, number: int) -> None:
        """One of the triggers of an event comes, whatever it is."""
        for token in sorted(self._agenda.waiting.values(), key=lambda token: token.id):
            definition = triggers_of(token)
            if definition is None or token.task_spec.element.id != element:
                continue
            if number in (n for n, _ in definition.open(token)):
                occur(token, number)
                self._runtime.settle()
                return
        raise Difference(f"the case does not wait for trigger {number} of {element}")

    def offer(self) -> Offer:
        held = (token.task_spec.element for token in self._agenda.waiting.values())
        loose = ((token.task_spec.element.id, token.run_number) for token in self._agenda.ad_hoc.values())
        return Offer(
            Counter([*((work.activity, work.instance) for work in self.work() if not work.free), *loose]),
            Counter(each.id for each in held if isinstance(each, Event | Task)),
            frozenset(decision.gateway for decision in self.decisions()),
        )


def in_words(state: State) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """By which states are put in order, whatever the hashes of this run."""
    return sorted(map(repr, state[0].items())), state[1]


class Pair:
    """`counts`: runs of activities with a marker; `enough`: completions after which a completion condition holds."""

    def __init__(
        self,
        model: Model,
        counts: Mapping[str, int] | None = None,
        enough: Mapping[str, int] | None = None,
        kept: int = KEPT,
        **more: Any,
    ) -> None:
        self.counts, self.enough = counts or {}, enough or {}
        self.case = Logged(model, **more)
        self.net: Net = build(model)
        self.arms = {arm for node in self.net.nodes.values() for arm in node.arms}
        self.states: set[State] = {(EMPTY, ())}
        self.steps = 0
        self.read = 0
        self.kept = kept
        self.left_out = False

    @property
    def markings(self) -> set[Marking]:
        return {marking for marking, _ in self.states}

    def act(self, verb: str, *arguments: Any, **named: Any) -> list[Entry]:
        """Do it in the case, replay what it did on the markings, and compare; what it did."""
        taken_up = self.takes_up(verb, *arguments)
        stopped: RunError | None = None
        try:
            getattr(self.case, verb)(*arguments, **named)
        except RunError as error:  # what it did until then is compared all the same
            stopped = error
        did = self.case.log[self.read :]
        self.read = len(self.case.log)
        if verb == "start" and arguments[0] in self.net.begins:
            self.states = {self.silent(self.begun(state, arguments[0])) for state in self.states}
        if taken_up:
            self.states = {state for before in self.states for state in self.performed(before, arguments[0])}
        for entry in did:
            self.steps += 1
            before = self.before = self.states
            self.states = {after for state in before for after in self.replay(state, *entry)}
            if not self.states and self.left_out:
                raise Undecided
            if not self.states:
                due = {due for _, due in before}
                raise Difference(f"{entry} is not possible by the token rules, where {due} is due, in {did}")
            self.left_out = self.left_out or len(self.states) > self.kept
            if len(self.states) > self.kept:  # the same ones in each run
                self.states = set(sorted(self.states, key=in_words)[: self.kept])
        if stopped is not None:
            raise stopped
        if not (told := {state for state in self.states if not state[1]}):
            raise Difference(f"the case has not told {[due for _, due in self.states]}, after {did}")
        offered = self.case.offer()
        rest = {state for state in told if self.offer(state[0]) == offered}
        if not rest and self.left_out:
            raise Undecided
        if not rest:
            others = [self.offer(marking) for marking, _ in told]
            raise Difference(f"the case offers {offered}, the token rules {others}, after {did}")
        self.states = rest
        over = {not any(key[0] in "taon" for key in marking) for marking, _ in rest}
        if self.case.completed not in over:
            raise Difference(f"completed: {self.case.completed} in the case, {over} by the token rules, after {did}")
        return did

    def begun(self, state: State, where: str) -> State:
        """A process instance begins, which is not told."""
        marking, effects = fire(self.net, state[0], Step(StepKind.BEGIN, (), where))
        return marking, tuple(sorted((*state[1], *filter(None, map(self.told, effects)))))

    def takes_up(self, verb: str, element: str = "", *_: Any) -> bool:
        """Whether an act takes up something in an ad-hoc sub-process."""
        if verb != "complete":
            return verb == "perform"
        work = [each for each in self.case.work() if each.activity == element]
        performed = any(element in (node.performs or ()) for node in self.net.nodes.values())
        done = any(token.task_spec.element.id == element for token in self.case._finishable())
        return performed and not done and bool(work) and all(each.free for each in work)

    def performed(self, state: State, element: str) -> Iterator[State]:
        """What is taken up in an ad-hoc sub-process, told or not."""
        for key in state[0]:
            if key[0] == "a" and element in ((node := self.net.nodes[key[2]]).performs or ()):
                taken = Step(StepKind.PERFORM, inside(node, key[1], key[3]), element)
                with suppress(ValueError):  # one at a time, and something is under way
                    yield self.silent((fire(self.net, state[0], taken)[0], state[1]))

    # -- the case's log on a marking

    def replay(self, state: State, what: str, element: str, flows: tuple[str, ...]) -> Iterator[State]:
        marking, due = state
        node = self.net.nodes[element]
        if (what, element) in due:
            left = list(due)
            left.remove((what, element))
            yield self.silent((marking, tuple(left)))
            return
        if node.behaviour is Behaviour.EVENT_GATEWAY or (what == "enabled" and element in self.arms):
            yield state  # it is said when the race is over, or with the gateway
            return
        found = list(self.direct(marking, what, element, flows))
        if not found and node.instantiates:
            begun, _ = fire(self.net, marking, Step(StepKind.BEGIN, (), element))
            found = list(self.direct(begun, what, element, flows))
        if not found:  # taken up in an ad-hoc sub-process
            for step in steps(self.net, marking):
                if step.kind is StepKind.PERFORM and step.node == element:
                    found += self.direct(fire(self.net, marking, step)[0], what, element, flows)
        for after, effects in found:
            told = Counter(filter(None, map(self.told, effects))) + self.came(marking, after)
            own = ("completed" if what == "reset" else what, element)
            told.subtract([own] if own in told else [])
            yield self.silent((after, tuple(sorted((*due, *told.elements())))))

    def direct(
        self, marking: Marking, what: str, element: str, flows: tuple[str, ...]
    ) -> Iterator[tuple[Marking, list[Effect]]]:
        node = self.net.nodes[element]
        if what == "thrown":
            for step in self.possible(marking):
                if step.node == element and step.kind is StepKind.PASS:
                    holds, effects = fire(self.net, marking, step)
                    visit = next(each.visit for each in effects if each.node == element)
                    throw = Step(StepKind.COMPLETE, step.scope, element, visit=visit, flows=node.outgoing)
                    yield fire(self.net, holds, throw)
            return
        kinds = {
            "enabled": StepKind.COMPLETE if node.by_event else StepKind.PASS,
            "completed": StepKind.COMPLETE if node.behaviour in _COMPLETES else StepKind.PASS,
            "came": StepKind.COMPLETE,
            "reset": StepKind.RESET,
        }
        for step in self.possible(marking):
            about = self.net.nodes[step.node]
            meant = about.container if node.by_event and about.behaviour is Behaviour.EVENT_START else step.node
            passes = what == "completed" and node.instantiates and step.kind is StepKind.PASS
            if meant != element or not (step.kind is kinds[what] or passes):
                continue
            if what == "came" and str(step.trigger) not in flows:
                continue
            taken = sorted(step.flows * node.gives)
            if what in ("enabled", "came") or node.loop is not None or taken == sorted(flows):
                yield fire(self.net, marking, step)

    def came(self, before: Marking, after: Marking) -> Counter[tuple[str, str]]:
        """Events that wait for several triggers and got one more."""
        return Counter(
            ("came", key[2])
            for key, value in after.items()
            if key[0] == "a" and self.net.nodes[key[2]].every and key in before
            for _ in range(len(value.occurred) - len(before[key].occurred))
        )

    def told(self, effect: Effect) -> tuple[str, str] | None:
        """What a case tells of an effect."""
        node = self.net.nodes.get(effect.node)
        if node is None or node.behaviour is Behaviour.EVENT_GATEWAY:
            return None
        match effect.kind:
            case EffectKind.ENABLED if node.behaviour in _ACTIVITIES and effect.node not in self.arms:
                return ("enabled", effect.node) if effect.outer or node.loop is None else None
            case EffectKind.COMPLETED if not effect.outer:
                return "completed", effect.node
            case EffectKind.FIRED:
                return "completed", effect.node
            case _:
                return None

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

    def silent(self, state: State) -> State:
        """On past what a case does not tell: tokens that come to an event that waits, loops without a run, tokens that
        wait for more of them.
        """
        marking, due = state
        while True:
            for step in self.possible(marking):
                waits = self.net.nodes[step.node].behaviour in (Behaviour.CATCH, Behaviour.EVENT_GATEWAY)
                if step.kind is StepKind.CLOSE or (step.kind is StepKind.PASS and waits):
                    marking, effects = fire(self.net, marking, step)
                    told = [each for each in map(self.told, effects) if each is not None]
                    due = tuple(sorted((*due, *told)))
                    break
            else:
                return marking, due

    def is_timer(self, element: str) -> bool:
        return self.net.nodes[element].trigger is TriggerKind.TIMER

    # -- what a marking offers

    def offer(self, marking: Marking) -> Offer:
        work: Counter[tuple[str, int | None]] = Counter()
        waits: Counter[str] = Counter()
        for key in marking:
            if key[0] == "a":
                behaviour = self.net.nodes[key[2]].behaviour
                if behaviour is Behaviour.WORK or self.net.nodes[key[2]].performs is not None:
                    work[key[2], self.run_number(marking, key[1])] += 1
                elif behaviour in _LISTENS:
                    waits[key[2]] += 1
        possible = list(self.possible(marking))
        work.update((f"{s.kind.value} {s.node}", None) for s in possible if not self.is_outside(s))  # not at rest
        return Offer(work, waits, frozenset(step.node for step in possible if self.is_choice(step)))

    def is_choice(self, step: Step) -> bool:
        node = self.net.nodes[step.node]
        return step.kind is StepKind.PASS and node.behaviour in _DECIDE and len(node.outgoing) > 1

    def is_outside(self, step: Step) -> bool:
        """Whether somebody outside has to do it; all else a case at rest has done."""
        element = self.case.model.flow_nodes[step.node]
        if step.kind is StepKind.PERFORM:
            return True
        if step.kind is StepKind.COMPLETE and self.net.nodes[step.node].behaviour is Behaviour.SUB_PROCESS:
            return self.net.nodes[step.node].performs is not None
        if step.kind is StepKind.COMPLETE:
            return not (isinstance(element, Task) and element.kind in AUTOMATIC)
        return self.is_choice(step)

    def run_number(self, marking: Marking, scope: Scope) -> int | None:
        """Which run of the nearest multi-instance or loop around."""
        for depth in range(len(scope) - 1, 0, -1):
            frame = scope[depth]
            if (outer := marking.get(("o", scope[:depth], frame[0], frame[1]))) is not None:
                return frame[2] if frame[2] >= 0 else int(outer.done)
        return None
