"""The situations that a model can come to, found breadth first (docs/soundness.md).

A situation is kept as a short string of bytes: the numbers of what it is made of, each thing numbered once. What a
number stands for is judged once as well: whether it is one too many, or more than we follow.
"""

import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, Final

from immutables import Map

from bpmn_tool.checks.environment import Environment
from bpmn_tool.model.marking import Effect, EffectKind, Marking, Step
from bpmn_tool.model.net import Behaviour

KEPT: Final = 2
"""Messages of one flow that are followed at a time."""
INSTANCES: Final = 2
"""Instances of one process, and nested calls of one activity, that are followed at a time."""
_COMPARED: Final = 8
"""Situations that differ by messages alone and are compared with a later one."""
STEPS: Final = 70_000
"""Steps out of one situation that are followed."""
NEAR: Final = 500
"""Situations looked at beside those that were found before the first that is not safe, or where messages pile up."""

Key = tuple[Any, ...]
#: what of the steps to look at, of all that may happen
Choose = Callable[[Marking, list[Step]], Sequence[Step]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far to look: situations, bytes of memory, seconds of this processor."""

    states: int = 1_000_000
    memory: int = 1_000_000_000
    seconds: float = 600.0


@dataclass(slots=True, kw_only=True)
class Space:
    """What was found. Situations are numbered in the order in which they were found, 0 is the first.

    `unsafe`: ids of flows and activities that were there twice -> the first situation; `beyond`: ids of message flows
    and processes of which there were more than are followed -> the first situation. Neither is followed further.
    """

    parents: "array[int]" = field(default_factory=lambda: array("q"))
    sources: "array[int]" = field(default_factory=lambda: array("I"))
    targets: "array[int]" = field(default_factory=lambda: array("I"))
    ends: list[int] = field(default_factory=list)  # nothing may happen
    unsafe: dict[str, int] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    happened: set[str] = field(default_factory=set)
    spent: str = ""  # the limit that was reached: states, memory, time, or steps of one situation


class StateSpace:
    """Looks at all situations, or as far as the limits allow."""

    def __init__(self, environment: Environment, limits: Limits, choose: Choose | None = None) -> None:
        self.environment = environment
        self.limits = limits
        self.choose = choose
        self.space = Space()
        self.things: list[tuple[Key, Any]] = []
        self._numbers: dict[tuple[Key, Any], int] = {}
        self._states: dict[bytes, int] = {}
        self._codes: list[bytes] = []
        self._by = array("I")
        self._bad: dict[int, str] = {}
        self._messages: dict[int, tuple[str, int]] = {}
        self._with_messages: dict[bytes, list[int]] = {}
        self._far: dict[int, str] = {}
        self._until = time.process_time() + limits.seconds
        self._next = 0
        self._thing_bytes = 0
        self._state_bytes = 0

    def explore(self, until: Callable[[], bool] = lambda: False) -> Space:
        """Everything from the beginning on, or from where it was left, `until` enough was found."""
        if not self._codes:
            self._number(self.environment.initial(), -1, 0)
        while self._next < len(self._codes) and not self.space.spent and not self._enough() and not until():
            if self._next not in self.space.cut:
                self.expand(self._next)
            self._next += 1
        return self.space

    def _enough(self) -> bool:
        """Where something is not safe, or piles up, there is no more to prove: what else is wrong nearby is looked for,
        and no more.
        """
        first = min((*self.space.unsafe.values(), *self.space.beyond.values()), default=None)
        return first is not None and self._next > NEAR + first

    def expand(self, state: int, *, fully: bool = False) -> None:
        """Look at what may happen in one situation."""
        marking = self.marking(state)
        possible = list(islice(self.environment.steps(marking), STEPS + 1))
        if len(possible) > STEPS:  # an inclusive split of very many ways
            self.space.spent = "steps"
            return
        if not possible:
            self.space.ends.append(state)
            return
        chosen = possible if fully or self.choose is None else self.choose(marking, possible)
        edges = len(self.space.targets)
        taken = set(map(id, chosen))
        self._take(state, marking, [(n, step) for n, step in enumerate(possible) if id(step) in taken])
        if len(taken) < len(possible) and not self.space.cut.isdisjoint(self.space.targets[edges:]):
            self._take(state, marking, [(n, step) for n, step in enumerate(possible) if id(step) not in taken])

    def _take(self, state: int, marking: Marking, steps: Iterable[tuple[int, Step]]) -> None:
        """Steps, each with its number among all that may happen there."""
        space = self.space
        for number, (by, step) in enumerate(steps):
            after, effects = self.environment.after(marking, step)
            _remember(space.happened, effects)
            there = self._number(after, state, by)
            space.sources.append(state)
            space.targets.append(there)
            if not number & 63 and time.process_time() > self._until:
                space.spent = "time"
            if space.spent:
                return

    def marking(self, state: int) -> Marking:
        """The situation of this number."""
        numbers = array("I", self._codes[state])
        return Map([self.things[number] for number in numbers])

    def number(self, marking: Marking) -> int | None:
        """The number of a situation, if it was found."""
        return self._states.get(self._code(marking))

    def _number(self, marking: Marking, parent: int, by: int) -> int:
        """The number of a situation that was come to from another by one of the steps there."""
        code = self._code(marking)
        if (known := self._states.get(code)) is not None:
            return known
        state = len(self._codes)
        self._states[code] = state
        self._codes.append(code)
        self.space.parents.append(parent)
        self._by.append(by)
        self._state_bytes += len(code)
        self._judge(state, code)
        if state + 1 >= self.limits.states:
            self.space.spent = "states"
        elif self.memory > self.limits.memory:
            self.space.spent = "memory"
        return state

    def _code(self, marking: Marking) -> bytes:
        numbers = self._numbers
        found = []
        for thing in marking.items():
            number = numbers.get(thing)
            found.append(self._new(thing) if number is None else number)
        found.sort()
        return array("I", found).tobytes()

    @property
    def memory(self) -> int:
        """Bytes that the situations take, as estimated from measurements (tests/checks/test_state_space.py)."""
        edges = len(self.space.sources) * 8 + len(self._with_messages) * 350
        return len(self._codes) * 234 + self._state_bytes + edges + self._thing_bytes

    # -- what a situation is made of

    def _new(self, thing: tuple[Key, Any]) -> int:
        number = self._numbers[thing] = len(self.things)
        self.things.append(thing)
        self._thing_bytes += 900 + 200 * len(thing[0][1] if len(thing[0]) > 1 else ())
        key, value = thing
        if key[0] == "m":
            self._messages[number] = (key[1], value)
        if name := self._too_many(key, value):
            self._bad[number] = name
        if name := self._too_far(key, value):
            self._far[number] = name
        return number

    def _too_many(self, key: Key, value: Any) -> str:
        """The flow that holds more tokens than one, or the node that waits twice."""
        match key:
            case ("t", _, flow) if value > self.environment.most:
                return str(flow).removeprefix("^")
            case ("a", _, node, visit) if visit >= self._most_at(node) and value.belongs_to is None:
                return str(node)
            case ("o", _, node, visit) if visit >= self.environment.most:
                return str(node)
            case _:
                return ""

    def _most_at(self, name: str) -> int:
        """How many tokens a node may hold at once. An end that throws does no work twice where two flows come to it at
        the same time; more than it has flows came over one of them twice.
        """
        node = self.environment.net.nodes[name]
        ends = node.behaviour is Behaviour.RAISE and not node.outgoing
        return self.environment.most * (max(1, len(node.incoming)) if ends else 1)

    def _too_far(self, key: Key, value: Any) -> str:
        match key:
            case ("m", flow) if value > KEPT:
                return str(flow)
            case ("n", scope) if len(scope) == 1 and scope[0][1] >= INSTANCES:
                return str(scope[0][0])
            case ("n", scope) if len(scope) > INSTANCES:
                inner = scope[-1][0]
                node = self.environment.net.nodes.get(inner)
                again = sum(frame[0] == inner for frame in scope) > INSTANCES * (
                    1 + (node is not None and node.loop is not None)
                )
                return str(inner) if again else ""
            case _:
                return ""

    def _judge(self, state: int, code: bytes) -> None:
        numbers = array("I", code)
        for number in numbers:
            if (name := self._bad.get(number)) is not None:
                self.space.unsafe.setdefault(name, state)
                self.space.cut.add(state)
            if (name := self._far.get(number)) is not None:
                self.space.beyond.setdefault(name, state)
                self.space.cut.add(state)
        if self.environment.bound:
            self._judge_messages(state, numbers)

    def _judge_messages(self, state: int, numbers: "array[int]") -> None:
        """Whether it is as it was on the way here but for messages more: then they pile up (Karp and Miller 1969)."""
        control = array("I", [number for number in numbers if number not in self._messages]).tobytes()
        there = self._messages_of(numbers)
        before = self._with_messages.setdefault(control, [])
        for earlier in before:
            less = self._messages_of(array("I", self._codes[earlier]))
            more = [flow for flow, count in there.items() if count > less.get(flow, 0)]
            grows = more and all(there.get(flow, 0) >= count for flow, count in less.items())
            if grows and self._is_before(earlier, state):
                self.space.beyond.setdefault(more[0], state)
                self.space.cut.add(state)
                return
        if len(before) < _COMPARED:
            before.append(state)

    def _messages_of(self, numbers: "array[int]") -> dict[str, int]:
        return dict(self._messages[number] for number in numbers if number in self._messages)

    def _is_before(self, earlier: int, state: int) -> bool:
        while state > earlier:
            state = self.space.parents[state]
        return state == earlier

    # -- how a situation is come to

    def path(self, state: int) -> Iterator[Step]:
        """The steps from the first situation to this one."""
        states = [state]
        while (parent := self.space.parents[states[-1]]) >= 0:
            states.append(parent)
        states.reverse()
        for before, there in pairwise(states):
            possible = self.environment.steps(self.marking(before))
            yield next(islice(possible, self._by[there], None))


_HAPPENS: Final = frozenset({EffectKind.FIRED, EffectKind.COMPLETED, EffectKind.ENABLED})


def _remember(happened: set[str], effects: list[Effect]) -> None:
    """What has happened: nodes and flows by id; a node that was enabled as ``+`` and its id."""
    for effect in effects:
        if effect.kind in _HAPPENS:
            happened.add(f"+{effect.node}" if effect.kind is EffectKind.ENABLED else effect.node)
            happened.update(effect.produced)
