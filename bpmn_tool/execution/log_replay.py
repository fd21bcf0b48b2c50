"""Cases of an event log run on SpiffWorkflow: a log says what was done in which order, not which way a decision went or
what came from outside. That is inferred by search: from where the case stands, the ways that lead nearest to what was
done next are tried first, and the search goes back where one leads nowhere.

The order of the log is held against the model, its times are not: a timer may occur whenever what comes next needs it.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final, TypeAlias

from bpmn_tool.errors import RunError
from bpmn_tool.execution.beginnings import starts
from bpmn_tool.execution.case import Case, Decision
from bpmn_tool.execution.evaluation import RUNS
from bpmn_tool.execution.replayable import Replayable
from bpmn_tool.model.elements import Event, EventKind, Gateway, GatewayKind, Model

MOST_RUNS: Final = 400
"""Cases begun anew in the search for one, before it is given up as undecided."""
MOST_SILENT: Final = 60
"""Choices and events in a row without anything of the log."""
MOST_RUNS_TO_END: Final = 40
"""The same, once all of the log is done and only its end is looked for."""
MOST_ALIKE: Final = 3
"""How often the search goes on from where a case offers the same; what it offers is not all that it is."""

_FAR: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something done in a log. `meant`: the activities that its name may mean, none where the model has no such."""

    activity: str
    at: str = ""
    meant: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One case of a log, in order of completion. `completed`: whether it is said, or to be taken, to have ended."""

    name: str
    steps: tuple[Step, ...]
    completed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Where a case left the model. `step` None: all was done, and the case could not end. `decided` False: the search
    was given up.
    """

    case: str
    number: int  # of the step, from 0
    step: Step | None
    open: tuple[str, ...]  # what could be done there
    decided: bool = True


#: what is done in a case: (verb, arguments)
Act: TypeAlias = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class _Search:
    made: Replayable
    logged: Logged
    distances: "Distances"
    data: Mapping[str, Any]
    furthest: tuple[int, tuple[str, ...]] = (-1, ())
    runs: int = 0
    at_end: int = 0
    seen: Counter[object] = field(default_factory=Counter)

    def run(self) -> Left | None:
        for number, step in enumerate(self.logged.steps):
            if not step.meant:
                return Left(case=self.logged.name, number=number, step=step, open=())
        first = self.logged.steps[0].meant if self.logged.steps else ()
        begin = sorted(starts(self.made.executable.model), key=lambda each: self.distances.least(each, first))
        todo: list[tuple[tuple[Act, ...], int]] = [((("start", (each,)),), 0) for each in reversed(begin)]
        while todo:
            acts, silent = todo.pop()
            if self.runs >= MOST_RUNS or self.at_end >= MOST_RUNS_TO_END:
                return self._left(decided=self.at_end > 0)
            self.runs += 1
            if (case := self._again(acts)) is None:
                continue
            more, number, all_fits = self._follow(case, sum(act[0] == "complete" for act in acts))
            acts = (*acts, *more)
            silent = 0 if more else silent + 1
            if all_fits:
                return None
            self.at_end += number == len(self.logged.steps)
            if silent < MOST_SILENT and self._is_new(case, number):
                todo += [((*acts, act), silent) for act in reversed(list(self._options(case, number)))]
        return self._left(decided=True)

    def _is_new(self, case: Case, number: int) -> bool:
        """Whether the case has stood like this a few times at most: so far done, and offering the same."""
        offers = (
            number,
            tuple(sorted((work.activity, work.instance or 0) for work in case.work())),
            tuple(sorted(decision.gateway for decision in case.decisions())),
            tuple(sorted(case.awaited())),
        )
        self.seen[offers] += 1
        return self.seen[offers] <= MOST_ALIKE

    def _left(self, *, decided: bool) -> Left:
        number, offered = self.furthest
        step = self.logged.steps[number] if 0 <= number < len(self.logged.steps) else None
        return Left(case=self.logged.name, number=max(number, 0), step=step, open=offered, decided=decided)

    def _again(self, acts: Sequence[Act]) -> Case | None:
        case = Case(self.made.executable, data=self.data)
        try:
            for act in acts:
                _do(case, act)
        except RunError:
            return None
        return case

    def _follow(self, case: Case, number: int) -> tuple[tuple[Act, ...], int, bool]:
        """Do what the log says as long as it is open: what was done, how far it came, and whether all fits."""
        acts: list[Act] = []
        steps = self.logged.steps
        while number < len(steps):
            offered = [work.activity for work in case.work()]
            meant = next((each for each in offered if each in steps[number].meant), None)
            if meant is None:
                break
            act: Act = ("complete", (meant,))
            try:
                _do(case, act)
            except RunError:
                break
            acts.append(act)
            number += 1
        if number > self.furthest[0]:
            offers = dict.fromkeys(work.activity for work in case.work() if not work.free)
            self.furthest = (number, tuple(offers))
        ended = number == len(steps) and (case.completed or not self.logged.completed)
        return tuple(acts), number, ended

    def _options(self, case: Case, number: int) -> Iterator[Act]:
        """What may happen that stands in no log, what leads nearest to the next step first."""
        wanted = self.logged.steps[number].meant if number < len(self.logged.steps) else ()
        found: list[tuple[int, int, Act]] = []
        for decision in case.decisions():
            for flows in self._ways(decision):
                targets = [self.made.executable.model.sequence_flows[flow].target_ref for flow in flows]
                near = min(self.distances.least(target, wanted) for target in targets)
                found.append((near, len(flows), ("choose", flows)))
        least = self.distances.least
        found += [(least(element, wanted), 0, ("message", (element,))) for element in case.awaited()]
        free = [work.activity for work in case.work() if work.free]
        found += [(least(activity, wanted), 0, ("complete free", (activity,))) for activity in free]
        yield from (act for _near, _size, act in sorted(found, key=lambda each: each[:2]))

    def _ways(self, decision: Decision) -> Iterator[tuple[str, ...]]:
        node = self.made.executable.model.flow_nodes[decision.gateway]
        yield from ((flow,) for flow in decision.flows)
        if isinstance(node, Gateway) and node.kind is GatewayKind.INCLUSIVE:
            others = [flow for flow in decision.flows if flow != decision.default]
            for size in range(2, min(len(others), 6) + 1):
                yield from combinations(others, size)


def _do(case: Case, act: Act) -> None:
    verb, arguments = act
    match verb:
        case "start":
            case.start(*arguments)
        case "choose":
            case.choose(*arguments)
        case "message":
            case.message(arguments[0])
        case _:
            case.complete(arguments[0])


def fits(made: Replayable, logged: Logged, distances: "Distances") -> Left | None:
    """None where the case of a log can be run; else where it left the model."""
    counts = Counter(each for step in logged.steps for each in step.meant)
    data = {RUNS.format(activity=node): _times(made.model, node, counts) for node in made.counted}
    return _Search(made, logged, distances, data).run()


def _times(model: Model, node: str, counts: Mapping[str, int]) -> int:
    """How often an activity with a marker was done; of a sub-process, what was done most often inside."""
    return max(counts.get(each, 0) for each in (node, *(inside.id for inside in model.nodes_below(node))))


@dataclass(slots=True)
class Distances:
    """How many steps lie between two nodes at least, through sub-processes, borders and messages too; a guide for the
    search, which may be wrong and costs time then, not truth.
    """

    model: Model
    _before: dict[str, list[str]] = field(init=False)
    _ends: tuple[str, ...] = field(init=False)
    _to: dict[str, dict[str, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        nodes = self.model.flow_nodes.values()
        self._ends = tuple(node.id for node in nodes if isinstance(node, Event) and node.kind is EventKind.END)
        self._before = {}
        for source, target in self._arrows():
            self._before.setdefault(target, []).append(source)

    def least(self, node: str, wanted: Sequence[str]) -> int:
        """To the nearest of these; far where none can be reached, or none is wanted but an end."""
        return min((self._distances(each).get(node, _FAR) for each in wanted or self._ends), default=_FAR)

    def _distances(self, target: str) -> dict[str, int]:
        if target not in self._to:
            found = {target: 0}
            queue = deque([target])
            while queue:
                node = queue.popleft()
                for before in self._before.get(node, ()):
                    if before not in found:
                        found[before] = found[node] + 1
                        queue.append(before)
            self._to[target] = found
        return self._to[target]

    def _arrows(self) -> Iterator[tuple[str, str]]:
        for flow in self.model.sequence_flows.values():
            yield flow.source_ref, flow.target_ref
        for message in self.model.message_flows.values():
            if message.source_ref in self.model.flow_nodes and message.target_ref in self.model.flow_nodes:
                yield message.source_ref, message.target_ref
        for node in self.model.flow_nodes.values():
            if isinstance(node, Event) and node.attached_to_ref is not None:
                yield node.attached_to_ref, node.id
            if node.container in self.model.flow_nodes:
                if not node.incoming:
                    yield node.container, node.id
                if not node.outgoing:
                    yield node.id, node.container
