"""The oracle's own game of tokens: a trace is played again, row by row, in scopes that open and close.

It holds what was laid on flows, what waits, what listens and what could be compensated, and says where a row could not
be, or where one is missing: an event without a cause, a catch passed over, work that outlives its scope.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from math import floor
from typing import Any, NamedTuple, Protocol

from tests.agreement.elements import GATEWAYS, SCOPES, Element, Trigger
from tests.agreement.naive import Clock, assigned, quantile, truth

Row = Mapping[str, Any]
_REMOVALS = ("withdrawn", "interrupted")
_MANY = ("parallelGateway", "inclusiveGateway", "complexGateway")


class World(Protocol):
    """What of the files the game asks for."""

    said: Mapping[str, Any]
    clock: Clock
    elements: dict[str, Element]
    flows: dict[str, tuple[str, str]]
    conditional: dict[str, str]
    messages: dict[str, tuple[str, str]]
    process: dict[str, str]
    handler: dict[str, str]
    boxes: set[str]


class Done(NamedTuple):
    """What was completed and can be undone: by `handler`, else by what was done inside."""

    activity: str
    handler: str
    inside: "tuple[Done, ...]" = ()


#: the work that something came from; None where it is not followed (messages, what is thrown, compensation)
Origin = frozenset[str] | None


@dataclass(eq=False, slots=True)
class Wait:
    """What holds a token, or listens (`host`, or the start of an event sub-process)."""

    node: Element
    visit: int
    scope: "Scope"
    tick: int
    outer: "Wait | None" = None
    is_outer: bool = False
    host: "Wait | None" = None
    listens: bool = False
    inside: "Scope | None" = None
    due: int | None = None
    any_time: bool = False
    held: bool = False  # its condition, when last seen
    turned: set[int] = field(default_factory=set)  # ticks at which it became true
    heard: list[int] = field(default_factory=list)  # ticks at which it was told
    told: set[str] = field(default_factory=set)  # kinds of what was thrown or sent to it
    race: "list[Wait] | None" = None
    gateway: str = ""
    created: int = 0
    runs: int = 0
    logs: dict[int, list[Done]] = field(default_factory=dict)
    instance: int = 0
    todo: list[Done] | None = None  # of a compensating throw
    undoes: bool = False  # a handler
    item: str = ""
    entered: Origin = None  # what its token came from
    ends: list[Origin] = field(default_factory=list)  # of a multi-instance or loop: what its bodies came to
    came: dict[str, int] = field(default_factory=dict)  # boundary timer -> how often it listened
    begun: int = -1  # number of the row in which it began, or in which work on it started

    def __str__(self) -> str:
        return f"{self.node.id}@{self.visit}"


@dataclass(eq=False, slots=True)
class Scope:
    container: str
    path: str
    owner: Wait | None
    around: "Scope | None"
    tokens: Counter[str] = field(default_factory=Counter)
    carried: dict[str, list[tuple[int, Origin]]] = field(default_factory=lambda: defaultdict(list))
    ends: list[Origin] = field(default_factory=list)  # what ended here came from
    waits: list[Wait] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)  # complex gateways that wait for reset
    performed: list[str] = field(default_factory=list)
    listened: dict[str, int] = field(default_factory=dict)  # starts of event sub-processes: how often
    lost: int = 0
    blurred: bool = False  # several of the kind at once, which the trace cannot tell apart
    finished: bool = False  # an ad-hoc sub-process whose condition holds

    def lay(self, flow: str, origin: Origin, number: int) -> None:
        self.tokens[flow] += 1
        self.carried[flow].append((number, None if self.blurred else origin))

    def lift(self, flow: str) -> Origin:
        """Takes the token that has lain longest."""
        self.tokens[flow] -= 1
        held = self.carried[flow]
        return held.pop(0)[1] if held else None

    def first(self, flows: list[str]) -> list[str]:
        """The flow whose token was laid first."""
        return sorted(flows, key=lambda flow: self.carried[flow][0][0] if self.carried[flow] else 0)[:1]

    def clear(self) -> None:
        self.tokens.clear()
        self.carried.clear()
        self.lost = 0

    def content(self) -> list[Wait]:
        return [wait for wait in self.waits if not wait.listens]

    def busy(self) -> bool:
        return bool(self.content() or self.lost or any(n > 0 for n in self.tokens.values()))


@dataclass(eq=False, slots=True)
class Case:
    id: str
    attributes: dict[str, Any]
    tick: int
    scopes: dict[tuple[str, str], Scope] = field(default_factory=dict)
    waits: dict[tuple[str, str, int], list[Wait]] = field(default_factory=lambda: defaultdict(list))
    dying: list[Scope] = field(default_factory=list)
    cleared: list[Scope] = field(default_factory=list)
    signalled: set[Wait] = field(default_factory=set)
    expected: list[Wait | None] = field(default_factory=list)  # who has to catch next; None: the case fails
    to_begin: list[str] = field(default_factory=list)  # start events that a signal sets off, after all who wait for it
    begun: dict[str, Element] = field(default_factory=dict)  # event sub-process -> the start that occurred
    visits: Counter[tuple[str, str]] = field(default_factory=Counter)
    undoing: list[Wait] = field(default_factory=list)
    on_way: int = 0
    assigned: int = -1  # the row that last assigned
    over: bool = False
    key: tuple[Any, ...] = ()  # its place among what is due in one tick


class Happening(NamedTuple):
    """Something that was due: in the row `at`, made due in an earlier row of its tick, or before it (-1)."""

    tick: int
    at: int
    made: int
    order: tuple[Any, ...]
    what: str


class Game:
    """Plays a trace. `u(purpose, case, element, visit, path)` gives random numbers."""

    def __init__(self, world: World, rows: Sequence[Row], u: Callable[[int, str, str, int, str], float]) -> None:
        self.world, self.rows, self.u = world, rows, u
        self.elements = world.elements
        self.cases: dict[str, Case] = {}
        self.delayed = set(world.said.get("handoffs", {}))
        self.number = -1
        self.laid = 0
        self.origin: Origin = None  # of what was taken last
        self.happened: list[Happening] = []
        self._reach: dict[tuple[str, str], frozenset[str]] = {}
        begun = {row["item"]: row for row in rows if row["kind"] == "started"}
        batches = {name: row.get("data", {}).get("batch", "") for name, row in begun.items()}
        self.together = {name: begun[whole] for name, whole in batches.items() if whole}

    def check(self) -> Iterator[str]:
        for number, row in enumerate(self.rows):
            self.number = number
            name = row.get("case", "")
            if not name or row["kind"] == "missed" or row.get("element", "") in self.world.said.get("background", {}):
                continue
            where = f"{row['kind']} of {row.get('element', '')} ({name}) at {row['tick']}"
            for sentence in self._row(row):
                yield f"{where}: {sentence}"
        for case in self.cases.values():
            if not case.over and case.on_way <= 0 and not any(s.busy() for s in case.scopes.values()):
                yield f"{case.id}: nothing of it is left, but it has not ended"
        yield from self._order()

    # -- the order of one tick

    def _order(self) -> Iterator[str]:
        """What is due in one tick happens least first; what is made due then joins."""
        for tick, group in groupby(self.happened, key=lambda each: each.tick):
            found = list(group)
            for n, later in enumerate(found):
                for earlier in found[max(0, n - 50) : n]:
                    if later.made < earlier.at and later.order < earlier.order:
                        yield f"{later.what} at {tick}: happens after {earlier.what}"

    def _happens(self, case: Case, wait: Wait, kind: int, path: str, made: int) -> None:
        key, visit = case.key, wait.visit
        oldest = self.together.get(self.rows[self.number].get("item", ""))
        if kind == 1 and oldest is not None and oldest["case"] in self.cases:  # done in the name of another case's item
            key, path, visit = self.cases[oldest["case"]].key, oldest.get("path", ""), oldest["visit"]
        frames = [] if not path else [_frame(each) for each in path.split("/")]
        order = (key, kind, wait.node.id.encode(), frames, visit)
        made = made if made >= 0 and self.rows[made]["tick"] == self.rows[self.number]["tick"] else -1
        what = f"{wait.node.id} of {case.id} (kind {kind})"
        self.happened.append(Happening(self.rows[self.number]["tick"], self.number, made, order, what))

    def _why_now(self, case: Case, wait: Wait, path: str, tick: int) -> None:
        """Notes what happens by itself, not as part of something else."""
        node = wait.node
        kinds = {each.kind for each in node.triggers}
        if node.raises:
            if kinds <= {"signal", "error", "escalation"}:
                self._happens(case, wait, 4 if kinds == {"signal"} else 2, path, wait.begun)
        elif node.triggers:
            if not wait.told and not wait.any_time and not node.every and (wait.due == tick) != (tick in wait.turned):
                turned = tick in wait.turned
                made = case.assigned if turned else wait.begun
                self._happens(case, wait, 5 if turned else 6, path, made)
        elif wait.inside is None and not wait.is_outer and node.kind not in (*GATEWAYS, "receiveTask"):
            self._happens(case, wait, 1, path, wait.begun)

    def _row(self, row: Row) -> Iterator[str]:
        kind = row["kind"]
        if kind == "arrived":
            case = self.cases[row["case"]] = Case(row["case"], dict(row.get("data", {})), row["tick"])
            stream, number, entry = case.id.rsplit("/", 2)
            case.key = (row["tick"], row["element"].encode(), stream, int(number), int(entry))
            self._begin(case, row["element"], frozenset())
            return
        if (known := self.cases.get(row["case"])) is None or known.over:
            return
        case = known
        yield from self._before(case, row)
        match kind:
            case "enabled":
                yield from self._enabled(case, row)
            case "fired" | "completed":
                yield from self._done(case, row)
            case "withdrawn" | "interrupted":
                yield from self._removed(case, row)
            case "assigned":
                yield from self._assigned(case, row)
            case "ready" | "started":
                self._begins_work(case, row)
            case "received":
                self._received(case, row)
            case "sent":
                case.on_way += self.world.messages[row["flows"][0]][1] not in self.world.boxes
            case "lost" | "declined":
                self._astray(case, row)
            case "failed":
                yield from self._failed(case, row)
            case "ended":
                yield from self._ended(case)

    # -- between rows

    def _before(self, case: Case, row: Row) -> Iterator[str]:
        removal = row["kind"] in _REMOVALS
        if row["tick"] > case.tick or not removal:
            for scope in case.dying:
                if scope.waits and not scope.blurred:
                    yield f"{', '.join(map(str, scope.waits))} outlived {scope.container}"
                if case.scopes.get((scope.container, scope.path)) is scope and not (scope.blurred and scope.waits):
                    del case.scopes[scope.container, scope.path]
            for scope in case.cleared:
                if scope.waits and not scope.blurred:
                    yield f"{', '.join(map(str, scope.waits))} outlived the end of {scope.container}"
            case.dying, case.cleared = [], []
        if not removal and row["kind"] in ("completed", "ready", "started", "assigned", "received", "ended"):
            yield from self._missed(case)
        if row["tick"] > case.tick:
            yield from self._missed(case)
            yield from self._overdue(case, row["tick"])
            case.tick = row["tick"]

    def _missed(self, case: Case) -> Iterator[str]:
        for wait in case.signalled:
            yield f"the signal did not reach {wait}"
        for who in case.expected:
            yield f"{who or 'the end of the case'} has not followed what was thrown"
        case.signalled, case.expected = set(), []

    def _overdue(self, case: Case, tick: int) -> Iterator[str]:
        for scope in case.scopes.values():
            for wait in scope.waits:
                if wait.node.every:
                    if not wait.any_time and self._all_came(wait, tick - 1):
                        yield f"all that {wait} waits for has come"
                    continue
                if wait.due is not None and wait.due < tick and not wait.any_time:
                    yield f"{wait} was due at {wait.due}"
                if any(turned < tick for turned in wait.turned):
                    yield f"the condition of {wait} became true at {wait.turned}"
            if scope.blurred:
                continue
            if scope.owner is not None and not scope.busy() and not scope.owner.undoes:
                yield f"{scope.container} has nothing left, but goes on"
            if scope.finished:
                yield f"{scope.container} goes on though its condition holds"
            for flow, n in scope.tokens.items():
                if n > 0 and flow not in self.delayed and not self._rests(scope, flow):
                    yield f"a token rests on {flow} and could go on"
            for name, taken in scope.taken.items():
                if self._nothing_more(scope, self.elements[name], taken):
                    yield f"{name} does not start anew"

    def _rests(self, scope: Scope, flow: str) -> bool:
        node = self.elements[flow[1:] if flow.startswith("^") else self.world.flows[flow][1]]
        if any(f in self.delayed for f in node.incoming):
            return True
        if node.needs > 1:
            return sum(scope.tokens[f] for f in node.incoming) < node.needs
        if len(node.incoming) < 2:
            return False
        match node.kind:
            case "parallelGateway":
                return any(scope.tokens[f] <= 0 for f in node.incoming)
            case "inclusiveGateway":
                return not self._nothing_more(scope, node, ())
            case "complexGateway":
                return True
        return False

    # -- scopes

    def _begin(self, case: Case, start: str, origin: Origin = None) -> None:
        process = self.world.process[start]
        scope = case.scopes.get((process, ""))
        if scope is None:
            scope = case.scopes[process, ""] = Scope(process, "", None, None)
        elif scope.busy():
            scope.blurred = True
        scope.lay("^" + start, origin, self._next())

    def _next(self) -> int:
        self.laid += 1
        return self.laid

    def _open(self, case: Case, wait: Wait, path: str) -> None:
        node = wait.node
        inner = node.called or node.id
        if node.called:
            path = f"{path}/{node.id}[0]@{wait.visit}".lstrip("/")
        scope = case.scopes.get((inner, path))
        if scope is not None and (scope.busy() or scope.waits):
            scope.blurred = True
        else:
            scope = case.scopes[inner, path] = Scope(inner, path, wait, wait.scope)
        wait.inside = scope
        if wait.scope.blurred:
            scope.blurred = True
        if node.by_event and node.id in case.begun:
            for flow in case.begun.pop(node.id).outgoing:
                scope.lay(flow, None, self._next())
        elif node.kind != "adHocSubProcess":
            for begin in self._begins(inner, called=bool(node.called)):
                scope.lay("^" + begin, wait.entered, self._next())

    def _begins(self, container: str, *, called: bool = False) -> list[str]:
        inside = [node for node in self.elements.values() if node.around == container]
        starts = [node for node in inside if node.kind == "startEvent"]
        if called and any(not node.triggers for node in starts):
            starts = [node for node in starts if not node.triggers]
        return [node.id for node in starts] or self._first(container)

    def _first(self, container: str) -> list[str]:
        return sorted(
            (
                node.id
                for node in self.elements.values()
                if node.around == container and not node.incoming and node.kind != "boundaryEvent"
                if not node.by_event and not node.for_compensation
            ),
            key=str.encode,
        )

    def _place(self, case: Case, node: Element, path: str) -> Scope | None:
        """The open scope in which a row stands."""
        container = node.around
        if node.kind == "startEvent" and self._by_event(node):
            listening = case.scopes.get((self.elements[container].around, path))
            inside = case.scopes.get((container, path))
            return inside if inside is not None and inside.tokens["^" + node.id] > 0 else listening
        found = case.scopes.get((container, path))
        if found is None and node.for_compensation:  # of what was done in a scope that is over
            found = case.scopes[container, path] = Scope(container, path, None, None)
        while found is None and node.catches("cancel") and container in self.elements:
            container = self.elements[container].around
            found = case.scopes.get((container, path))
        return found

    def _by_event(self, node: Element) -> bool:
        return node.around in self.elements and self.elements[node.around].by_event

    # -- enabled

    def _enabled(self, case: Case, row: Row) -> Iterator[str]:
        node, path, visit = self.elements[row["element"]], row.get("path", ""), row["visit"]
        outer = self._outer(case, node, path, row)
        outside = path.rpartition("/")[0] if node.loop == "mi" and outer is not None else path
        yield from self._numbered(case, node, path, visit)
        scope = self._place(case, node, outside)
        if scope is None:
            yield f"{node.around} is not open under '{outside}'"
            return
        wait = Wait(node, visit, scope, row["tick"], outer, begun=self.number)
        wait.is_outer = bool(node.loop) and outer is None
        if outer is None:
            yield from self._why(case, wait, row)
        else:
            outer.created += 1
            wait.instance = int(path.rpartition("[")[2].partition("]")[0]) if node.loop == "mi" else 0
            first = node.loop == "mi" or outer.created == 1
            wait.entered = outer.entered if first else None
        wait.item = row.get("item", "")
        if wait.item and wait.entered is not None and wait.entered != set(row.get("predecessors", ())):
            yield f"comes from {sorted(wait.entered)}, not from {row.get('predecessors', [])}"
        scope.waits.append(wait)
        case.waits[node.id, path, visit].append(wait)
        if (node.kind in SCOPES or node.called in self.world.process.values()) and not wait.is_outer:
            self._open(case, wait, path)
        elif node.triggers and not node.raises:
            self._listen(case, wait, path)

    def _outer(self, case: Case, node: Element, path: str, row: Row) -> Wait | None:
        """The multi-instance or loop of which this is a body."""
        if node.loop == "mi" and path.rpartition("/")[2].startswith(f"{node.id}["):
            at = int(path.rpartition("@")[2])
            found = case.waits.get((node.id, path.rpartition("/")[0], at), [])
        elif node.loop == "loop":
            found = [
                w for (name, where, _), ws in case.waits.items() if (name, where) == (node.id, path) for w in ws
                if w.is_outer
            ]  # fmt: skip
            busy = [w for w in self._waits(case) if w.outer in found]
            if busy and "item" not in row:
                found[0].scope.blurred = True
                return None
        else:
            return None
        return next((w for w in reversed(found) if w.is_outer), None)

    def _numbered(self, case: Case, node: Element, path: str, visit: int) -> Iterator[str]:
        """Visits count activations under a path."""
        key = (node.id, path)
        again = node.loop == "loop" or node.catches("cancel")
        if visit == case.visits[key]:
            case.visits[key] += 1
        elif not (again and visit == case.visits[key] - 1):
            yield f"visit {visit}, where {case.visits[key]} is next"

    def _why(self, case: Case, wait: Wait, row: Row) -> Iterator[str]:
        """What made it begin: tokens, a host, a gateway, something thrown, or something to be undone."""
        node, scope = wait.node, wait.scope
        if node.kind == "boundaryEvent":
            wait.listens = True
            hosts = [w for w in scope.waits if w.node.id == node.host and (w.is_outer or not w.outer)]
            wait.host = hosts[-1] if hosts else None
            wait.entered = hosts[-1].entered if hosts else None
            if not hosts:
                yield f"{node.host} is not at work"
        elif node.kind == "startEvent":
            wait.listens = True
        elif node.by_event and node.id in case.begun:
            pass
        elif node.for_compensation or node.by_event:
            yield from self._undo(case, wait)
        elif arming := self._armed(node):
            wait.gateway = arming
            races = [w.race for w in scope.waits if w.gateway == arming and w.race and w.race[0].node is not node]
            race = next((r for r in races if r and node.id not in {w.node.id for w in r}), None)
            wait.race = race if race is not None else []
            wait.entered = wait.race[0].entered if wait.race else None
            wait.race.append(wait)
            if race is None:
                wait.entered = scope.lift("!" + arming)
                if scope.tokens["!" + arming] < 0:
                    yield "its gateway has not fired"
        elif node.catches("cancel") and scope.container != node.around:
            pass
        else:
            yield from self._take(case, scope, node, row)
            wait.entered = self.origin

    def _armed(self, node: Element) -> str:
        sources = (self.world.flows[f][0] for f in node.incoming)
        return next((s for s in sources if self.elements[s].kind == "eventBasedGateway"), "")

    def _begins_work(self, case: Case, row: Row) -> None:
        wait = next(iter(reversed(case.waits.get((row["element"], row.get("path", ""), row["visit"]), []))), None)
        if wait is None:
            return
        if row["kind"] == "ready" and row["tick"] > wait.tick:
            self._happens(case, wait, 7, row.get("path", ""), -1)
        wait.begun = self.number

    # -- what makes events occur

    def _listen(self, case: Case, wait: Wait, path: str) -> None:
        node = wait.node
        condition = node.trigger("conditional")
        if condition is not None:
            wait.held = bool(truth(condition.text, case.attributes))
        said = self.world.said.get("events", {}).get(node.id, {})
        likely = said.get("probability", 1.0)
        timer = node.trigger("timer")
        if "after" not in said and timer is None:
            return
        numbers = (case.id, node.id, wait.visit, path)
        if not isinstance(likely, int | float) or _unclear(wait.scope):
            wait.any_time = True
            return
        again, most = 0, 1
        if not node.interrupting:
            form = timer.form if timer is not None and "after" not in said else ""
            most = _repeats(timer) if timer is not None and form == "timeCycle" else 1
            key = node.id
            counts = wait.host.came if wait.host is not None else wait.scope.listened
            again = counts.get(key, 0)
            counts[key] = again + 1
            if 0 <= most <= again:
                return
        if likely < 1.0 and self.u(16, *numbers) >= likely:
            return
        if "after" in said:
            after = said["after"]
            if isinstance(after, str):
                wait.due = self.world.clock.add(wait.tick, after)
            elif (value := quantile(after, self.u(8, *numbers))) is not None:
                wait.due = wait.tick + floor(value + 0.5)
            else:
                wait.any_time = True
            return
        assert timer is not None
        wait.due = self._moment(timer, wait.tick, first=not again)

    def _moment(self, timer: Trigger, tick: int, *, first: bool) -> int:
        clock = self.world.clock
        match timer.form:
            case "timeDate":
                return max(tick, clock.tick(datetime.fromisoformat(timer.text)))
            case "timeCycle":
                _, *begin, length = timer.text.split("/")
                if begin and first:
                    return max(tick, clock.tick(datetime.fromisoformat(begin[0])))
                return clock.add(tick, length)
        return clock.add(tick, timer.text)

    def _caused(self, wait: Wait, tick: int) -> bool:
        """Whether there is a reason; of an event that waits for several things together, whether all have come."""
        if wait.node.every and not wait.any_time:
            return self._all_came(wait, tick) and tick == max(
                [*(t for t in (wait.due,) if t is not None), *(min(wait.turned) for _ in wait.turned), *wait.heard]
            )
        return wait.any_time or wait.due == tick or tick in wait.turned or bool(wait.told)

    @staticmethod
    def _all_came(wait: Wait, tick: int) -> bool:
        kinds = [each.kind for each in wait.node.triggers]
        timed = wait.due is not None and wait.due <= tick
        there = {"timer": timed, "conditional": bool(wait.turned)}
        return all(there.get(kind, kind in wait.told) for kind in kinds) and len(wait.heard) >= kinds.count("message")

    # -- fired and completed

    def _done(self, case: Case, row: Row) -> Iterator[str]:
        node, path, visit = self.elements[row["element"]], row.get("path", ""), row["visit"]
        stack = case.waits.get((node.id, path, visit))
        if not stack:
            yield from self._passed(case, node, row)
            return
        wait = stack.pop()
        wait.scope.waits.remove(wait)
        scope = wait.scope
        self._why_now(case, wait, path, row["tick"])
        if wait.node.triggers and not node.raises:
            yield from self._occurred(case, wait, row)
            self._heard(case, wait)
        elif case.signalled or case.expected:
            yield from self._missed(case)
        if node.kind == "receiveTask" and not wait.told:
            yield "nothing was received"
        for other in scope.waits:
            if other in (wait.race or ()) or (other.host is wait and not scope.blurred):
                yield f"{other} still waits though {wait} is over"
        if wait.inside is not None:
            yield from self._closed(case, wait)
        yield from self._leaves(case, wait, row)

    def _leaves(self, case: Case, wait: Wait, row: Row) -> Iterator[str]:
        node, scope = wait.node, wait.scope
        self.origin = self._left(wait)
        if wait.outer is not None:
            wait.outer.ends.append(self.origin)
        yield from self._laid(case, scope, node, row, body=wait.outer is not None)
        self._remember(wait)
        if wait.outer is not None:
            wait.outer.runs += 1
        if wait.is_outer:
            yield from self._ran(case, wait)
        if node.raises:
            yield from self._thrown(case, wait, row)
        if not (node.triggers or wait.outer) or node.waits:
            yield from self._ad_hoc(case, scope, wait)

    @staticmethod
    def _left(wait: Wait) -> Origin:
        """What the tokens that leave it come from."""
        if wait.undoes or wait.scope.blurred or wait.node.catches("compensate") or wait.node.catches("cancel"):
            return None
        if wait.item:
            return frozenset([wait.item])
        if wait.is_outer:
            return _joined(wait.ends) if wait.ends else wait.entered
        if wait.told and not wait.node.raises:
            return None
        if wait.host is not None and wait.host.item:
            return frozenset([wait.host.item])
        if wait.inside is not None and wait.inside.ends:
            return _joined(wait.inside.ends)
        return wait.entered

    def _occurred(self, case: Case, wait: Wait, row: Row) -> Iterator[str]:
        node, tick = wait.node, row["tick"]
        if case.expected:
            who = case.expected.pop(0)
            if who is not wait:
                yield f"{who} should have caught what was thrown"
        elif case.signalled and wait not in case.signalled and not node.every:
            yield from self._missed(case)
        if not self._caused(wait, tick):
            yield "nothing made it occur"
        if node.kind == "startEvent":
            case.begun[node.around] = node
            if node.interrupting:
                self._all_gone(case, wait.scope)
                if wait.scope.waits and not wait.scope.blurred:
                    yield f"{', '.join(map(str, wait.scope.waits))} go on though it interrupts"
        elif node.kind == "boundaryEvent" and node.interrupting and wait.host is not None:
            if wait.host in wait.scope.waits and not wait.scope.blurred:
                yield f"{wait.host} goes on though it interrupts"
            left = [w for w in wait.scope.waits if w.host is wait.host]
            if left and not wait.scope.blurred:
                yield f"{', '.join(map(str, left))} still listen"

    @staticmethod
    def _all_gone(case: Case, scope: Scope) -> None:
        scope.clear()
        scope.taken.clear()
        scope.lost = 0
        case.cleared.append(scope)

    def _closed(self, case: Case, wait: Wait) -> Iterator[str]:
        inner = wait.inside
        assert inner is not None
        if not inner.blurred:
            if inner.waits:
                yield f"it ends while {', '.join(map(str, inner.waits))} go on inside"
            left = {flow: n for flow, n in inner.tokens.items() if n > 0}
            if (left or inner.lost) and wait.node.kind != "adHocSubProcess":
                yield f"it ends with tokens inside: {left}"
        if wait.node.kind == "adHocSubProcess" and not inner.finished:
            rest = [n for n in self._first(inner.container) if n not in inner.performed]
            if rest and not inner.blurred:
                yield f"{', '.join(rest)} was not done"
        if not (inner.blurred and (inner.busy() or inner.waits)):
            case.scopes.pop((inner.container, inner.path), None)

    def _ran(self, case: Case, wait: Wait) -> Iterator[str]:
        """How many instances or runs there were."""
        node = wait.node
        bodies = [w for w in wait.scope.waits if w.outer is wait]
        if bodies:
            yield f"it ends while {', '.join(map(str, bodies))} go on"
        task = self.world.said.get("tasks", {}).get(node.id, {})
        most = int(node.count) if node.count.isdigit() else None
        if node.loop == "mi":
            wanted = task.get("instances", most)
            if not isinstance(wanted, int):
                return
            if wait.runs != wanted and not (node.until and truth(node.until, case.attributes)):
                yield f"{wait.runs} instances of {wanted}"
            return
        wanted = task.get("repeat")
        if isinstance(wanted, int):
            wanted = wanted if most is None else min(wanted, most)
            if not node.before:
                wanted = max(1, wanted)
            if wait.runs != wanted:
                yield f"{wait.runs} runs, not {wanted}"
        elif wanted is None and node.until:
            if wait.runs != most and truth(node.until, case.attributes):
                yield f"it ends after {wait.runs} runs, though its condition holds"
        elif wanted is None and most is not None and wait.runs != most:
            yield f"{wait.runs} runs, not {most}"

    # -- tokens

    def _passed(self, case: Case, node: Element, row: Row) -> Iterator[str]:
        """A node that does not wait."""
        if case.signalled or (case.expected and node.kind != "startEvent"):
            yield from self._missed(case)
        path = row.get("path", "")
        yield from self._numbered(case, node, path, row["visit"])
        scope = self._place(case, node, path)
        if scope is None:
            yield f"{node.around} is not open under '{path}'"
            return
        waits = node.kind in ("boundaryEvent", "receiveTask", *SCOPES) or node.raises or node.waits
        if waits and scope.tokens["^" + node.id] <= 0:  # what begins a process passes at once
            yield "it was not waiting"
        yield from self._take(case, scope, node, row)
        yield from self._laid(case, scope, node, row)
        if node.kind == "eventBasedGateway":
            scope.lay("!" + node.id, self.origin, self._next())
        if node.catches("terminate"):
            self._all_gone(case, scope)

    def _take(self, case: Case, scope: Scope, node: Element, row: Row) -> Iterator[str]:
        places = [*node.incoming, "^" + node.id]
        around = scope.owner.node if scope.owner is not None else None
        if around is not None and around.kind == "adHocSubProcess" and not node.incoming:
            yield from self._performed(scope, node, around)
            self.origin = None if scope.owner is None else scope.owner.entered
            return
        there = [flow for flow in places if scope.tokens[flow] > 0]
        many = len(node.incoming) > 1 and node.kind in _MANY
        if node.kind == "parallelGateway" and many and len(there) < len(node.incoming):
            yield "joins without a token on each flow"
        if not there and not (many and node.id in scope.taken):
            yield "takes a token that is not there"
            return
        if node.kind == "complexGateway" and many:
            yield from self._complex(case, scope, node, there)
            return
        if node.kind == "inclusiveGateway" and many and not scope.blurred and not self._nothing_more(scope, node, ()):
            yield "joins though more can still come"
        taken = there if many else scope.first(there)
        if node.needs > 1:
            taken = [flow for flow in there for _ in range(scope.tokens[flow])][: node.needs]
            if len(taken) < node.needs:
                yield f"begins with {len(taken)} tokens of {node.needs}"
        self.origin = _joined([scope.lift(flow) for flow in taken])
        del row

    def _performed(self, scope: Scope, node: Element, around: Element) -> Iterator[str]:
        """What is taken up in an ad-hoc sub-process: each once, in the order of ids."""
        order = self._first(scope.container)
        if scope.blurred:
            return
        if [*scope.performed, node.id] != order[: len(scope.performed) + 1]:
            yield f"{node.id} is done after {scope.performed}"
        if around.sequential and scope.busy():
            yield "is begun beside something else"
        if scope.finished:
            yield "is begun though the condition of its sub-process holds"
        scope.performed.append(node.id)

    def _complex(self, case: Case, scope: Scope, node: Element, there: list[str]) -> Iterator[str]:
        if (before := scope.taken.pop(node.id, None)) is not None:
            if not scope.blurred and not self._nothing_more(scope, node, before):
                yield "starts anew though more can still come"
            there = [flow for flow in there if flow not in before]
        else:
            names = {**case.attributes, "activationCount": len(there)}
            if node.until and not truth(node.until, names):
                yield f"fires with {len(there)} flows"
            scope.taken[node.id] = tuple(there)
        self.origin = _joined([scope.lift(flow) for flow in there])

    def _laid(self, case: Case, scope: Scope, node: Element, row: Row, *, body: bool = False) -> Iterator[str]:
        flows = row.get("flows", [])
        if body or (node.kind == "startEvent" and self._by_event(node) and not flows):
            if flows:
                yield f"one of several goes on over {flows}"
            return
        counts: Counter[str] = Counter(flows)
        if not set(flows) <= set(node.outgoing) or any(n != node.gives for n in counts.values()):
            yield f"goes on over {flows}"
        yield from self._chosen(case, scope, node, row, set(flows))
        for flow in flows:
            scope.lay(flow, self.origin, self._next())
        if not flows and node.kind != "eventBasedGateway":
            scope.ends.append(self.origin)

    def _chosen(self, case: Case, scope: Scope, node: Element, row: Row, flows: set[str]) -> Iterator[str]:
        """Whether these are the flows that conditions and chance choose."""
        conditions, said = self.world.conditional, self.world.said.get("flows", {})
        out = [flow for flow in node.outgoing if flow != node.default]
        given = [flow for flow in out if flow in said]
        match node.kind:
            case "exclusiveGateway":
                if len(flows) != min(1, len(node.outgoing)):
                    yield f"an exclusive gateway goes on over {sorted(flows)}"
                if len(node.outgoing) > 1 and not given and node.default not in said:
                    first = next((f for f in out if truth(conditions[f], case.attributes)), node.default)
                    if flows != {first}:
                        yield f"conditions lead to {first}"
            case "inclusiveGateway" if len(node.outgoing) > 1:
                numbers = (row["visit"], row.get("path", ""))
                if given and all(isinstance(said[f], int | float) for f in out if f in said):
                    wanted = {f for f in given if self.u(2, case.id, f, *numbers) < said[f]}
                elif not given:
                    wanted = {f for f in out if truth(conditions[f], case.attributes)}
                else:
                    return
                if flows != (wanted or {node.default}):
                    yield f"goes on over {sorted(flows)}, not over {sorted(wanted) or node.default}"
            case "complexGateway" if len(node.incoming) > 1:
                sure = {f for f in out if f not in conditions and f not in said}
                if (node.id in scope.taken) != (sure <= flows) and sure:
                    yield f"a complex gateway goes on over {sorted(flows)}"
            case "eventBasedGateway":
                if flows:
                    yield f"an event gateway goes on over {sorted(flows)}"
            case _:
                sure = {f for f in out if node.kind in GATEWAYS or f not in conditions}
                if not sure <= flows or (node.outgoing and not flows):
                    yield f"goes on over {sorted(flows)}"

    # -- joins

    def _nothing_more(self, scope: Scope, join: Element, taken: tuple[str, ...]) -> bool:
        full = [f for f in join.incoming if f in taken or scope.tokens[f] > 0]
        empty = [f for f in join.incoming if f not in full]
        places = {w.gateway or w.node.id for w in scope.waits if w.node.kind != "startEvent" and w.outer is None}
        for flow, n in scope.tokens.items():
            if n > 0 and flow not in join.incoming and not flow.startswith("!"):
                places.add(flow[1:] if flow.startswith("^") else self.world.flows[flow][1])
        return not any(
            any(p in self._back(join, f) for f in empty) and not any(p in self._back(join, f) for f in full)
            for p in places
        )

    def _back(self, join: Element, flow: str) -> frozenset[str]:
        """From where a path leads to a flow without visiting the join."""
        if (join.id, flow) not in self._reach:
            found: set[str] = set()
            todo = [self.world.flows[flow][0]]
            while todo:
                node = self.elements[todo.pop()]
                if node.id not in found and node is not join:
                    found.add(node.id)
                    todo += [self.world.flows[f][0] for f in node.incoming] + ([node.host] if node.host else [])
            self._reach[join.id, flow] = frozenset(found)
        return self._reach[join.id, flow]

    # -- taken away

    def _removed(self, case: Case, row: Row) -> Iterator[str]:
        name, path = row["element"], row.get("path", "")
        if name in self.world.flows:
            for scope in case.scopes.values():
                around = self.elements[self.world.flows[name][0]].around
                if (scope.container, scope.path) == (around, path) and scope.tokens[name] > 0:
                    scope.lift(name)
            return
        stack = case.waits.get((name, path, row["visit"]))
        if not stack:
            yield "it was not waiting"
            return
        wait = stack.pop()
        wait.scope.waits.remove(wait)
        self._heard(case, wait)
        if wait.inside is not None:
            wait.inside.clear()
            case.dying.append(wait.inside)

    def _astray(self, case: Case, row: Row) -> None:
        """A handoff that was lost or declined."""
        name, path = row["element"], row.get("path", "")
        if name in self.world.messages:
            case.on_way -= row["kind"] == "lost" and self.world.messages[name][1] not in self.world.boxes
            return
        scope = case.scopes.get((self.elements[self.world.flows[name][0]].around, path))
        if scope is None:
            return
        scope.lift(name)
        if row["kind"] == "lost":
            scope.lost += 1
        else:
            there = self.world.said["handoffs"][name]["declines_to"]
            scope.lay(there, None, self._next())

    def _received(self, case: Case, row: Row) -> None:
        name = row["element"]
        if name in self.world.boxes:
            return
        case.on_way -= 1
        node = self.elements[name]
        stack = case.waits.get((name, row.get("path", ""), row["visit"]))
        if (stack and node.kind != "startEvent") or (stack and self._by_event(node)):
            stack[-1].told.add("message")
            stack[-1].heard.append(row["tick"])
        else:
            self._begin(case, name)

    def _assigned(self, case: Case, row: Row) -> Iterator[str]:
        data = row.get("data", {})
        script = self.elements[row["element"]].script
        if assigned(script, case.attributes) != data:
            yield f"assigns {data}, not {assigned(script, case.attributes)}"
        case.attributes.update(data)
        case.assigned = self.number
        for wait in self._waits(case):
            if (condition := wait.node.trigger("conditional")) and not wait.node.raises:
                now = bool(truth(condition.text, case.attributes))
                if now and not wait.held:
                    wait.turned.add(row["tick"])
                wait.held = now

    @staticmethod
    def _waits(case: Case) -> list[Wait]:
        return [wait for scope in case.scopes.values() for wait in scope.waits]

    # -- throwing

    def _thrown(self, case: Case, wait: Wait, row: Row) -> Iterator[str]:
        node = wait.node
        for trigger in node.triggers:
            match trigger.kind:
                case "signal":
                    self._signal(case, trigger)
                case "error" | "escalation" | "cancel" if _unclear(wait.scope):
                    for each in self._waits(case):
                        each.told |= {t.kind for t in each.node.triggers} & {trigger.kind}
                case "error" | "escalation":
                    caught = self._catcher(wait.scope, trigger)
                    if caught is not None:
                        caught.told.add(trigger.kind)
                    if caught is not None or trigger.kind == "error":
                        case.expected.append(caught)
                case "compensate" | "cancel":
                    yield from self._undone(case, wait, trigger)
                    if trigger.kind == "cancel":
                        self._cancelled(case, wait)
                case "terminate":
                    self._all_gone(case, wait.scope)
        del row

    def _signal(self, case: Case, thrown: Trigger) -> None:
        for wait in self._waits(case):
            if wait.node.raises or not thrown.key:
                continue
            if any(t.kind == "signal" and t.key == thrown.key for t in wait.node.triggers):
                wait.told.add("signal")
                wait.heard.append(case.tick)
                if not wait.node.every:
                    case.signalled.add(wait)
        for node in self.elements.values():
            begins = node.kind == "startEvent" and node.around not in self.elements
            if begins and any(t.kind == "signal" and t.key == thrown.key for t in node.triggers):
                case.to_begin.append(node.id)
        self._heard(case)

    def _heard(self, case: Case, wait: Wait | None = None) -> None:
        """One fewer to be reached by a signal; after the last, processes begin."""
        case.signalled -= {wait} if wait is not None else set()
        if not case.signalled:
            for start in case.to_begin:
                self._begin(case, start)
            case.to_begin = []

    def _catcher(self, scope: Scope, thrown: Trigger) -> Wait | None:
        """The nearest that catches, outward."""
        here: Scope | None = scope
        been: set[str] = set()
        while here is not None:
            inside = [w for w in here.waits if w.listens and w.node.kind == "startEvent" and w.node.around not in been]
            border: list[Wait] = []
            if here.owner is not None:
                host = here.owner.outer or here.owner
                border = [w for w in host.scope.waits if w.host is host]
            for listeners in (inside, border):
                found = [
                    (not t.key, w.node.id, w) for w in listeners for t in w.node.triggers
                    if t.kind == thrown.kind and t.key in ("", thrown.key)
                ]  # fmt: skip
                if found:
                    return min(found, key=lambda each: each[:2])[2]
            been.add(here.container)
            here = here.around
        return None

    def _cancelled(self, case: Case, wait: Wait) -> None:
        scope: Scope | None = wait.scope
        while scope is not None and (scope.owner is None or scope.owner.node.kind != "transaction"):
            scope = scope.around
        if scope is None or scope.owner is None:
            return
        host = scope.owner.outer or scope.owner
        border = [w for w in host.scope.waits if w.host is host and w.node.catches("cancel")]
        if border:
            border[0].told.add("cancel")
            case.expected.append(border[0])

    # -- compensation

    def _remember(self, wait: Wait) -> None:
        """What can be undone from here on."""
        node = wait.node
        inside = tuple(wait.inside.done) if wait.inside is not None else ()
        if node.triggers or wait.undoes or node.kind in GATEWAYS:
            return
        if wait.is_outer:
            for instance in sorted(wait.logs):
                wait.scope.done += wait.logs[instance]
            return
        handler = self.world.handler.get(node.id, "")
        if handler:
            inside = ()
        else:
            handler = next(
                (
                    sub.id for sub in self.elements.values() if sub.around == (node.called or node.id) and sub.by_event
                    for start in self.elements.values()
                    if start.around == sub.id and start.kind == "startEvent" and start.catches("compensate")
                ),
                "",
            )  # fmt: skip
        if handler or inside:
            done = Done(node.id, handler, inside)
            if wait.outer is not None:
                wait.outer.logs.setdefault(wait.instance, []).append(done)
            else:
                wait.scope.done.append(done)

    def _to_undo(self, case: Case, throw: Wait, *, take: bool) -> list[Done]:
        """What a throw undoes, in order."""
        scope = throw.scope
        if throw.node.catches("cancel"):
            return self._aborted(case, scope, take=take)
        trigger = throw.node.trigger("compensate")
        assert trigger is not None
        if scope.owner is not None and scope.owner.node.by_event and scope.around is not None:
            scope = scope.around
        here: Scope | None = scope
        while here is not None:
            logs = [here.done]
            if here.owner is not None and here.owner.outer is not None:
                logs.append(here.owner.outer.logs.get(here.owner.instance, []))
            for log in logs:
                meant = [done for done in log if not trigger.key or done.activity == trigger.key]
                if meant or not trigger.key:
                    if take:
                        log[:] = [done for done in log if done not in meant]
                    return list(_flat(meant))
            here = here.around
        return []

    def _aborted(self, case: Case, scope: Scope, *, take: bool) -> list[Done]:
        top: Scope | None = scope
        while top is not None and not (top.owner and top.owner.node.kind == "transaction"):
            top = top.around
        if top is None:
            return []
        below = [(d, s) for s in {*case.scopes.values(), top} if (d := _depth(s, top)) is not None]
        found: list[Done] = []
        for _, each in sorted(below, key=lambda pair: -pair[0]):
            logs = [w.logs[i] for w in each.waits if w.is_outer for i in sorted(w.logs)]
            for log in (*logs, each.done):
                found += _flat(log)
                if take:
                    log.clear()
        return found

    def _undo(self, case: Case, wait: Wait) -> Iterator[str]:
        """A handler begins: it has to be the next of something that undoes."""
        wait.undoes = True
        throws = [
            w for w in self._waits(case) if w.node.raises and (w.node.catches("cancel") or w.node.catches("compensate"))
        ]
        throws += case.undoing
        for throw in throws:
            todo = throw.todo if throw.todo is not None else self._to_undo(case, throw, take=False)
            if todo and todo[0].handler == wait.node.id:
                if throw.todo is None:
                    throw.todo = self._to_undo(case, throw, take=True)
                throw.todo.pop(0)
                return
        if not any(t.scope.blurred for t in throws):
            yield "nothing is undone by it now"

    def _undone(self, case: Case, wait: Wait, trigger: Trigger) -> Iterator[str]:
        if wait.todo is None:
            wait.todo = self._to_undo(case, wait, take=True)
        if not trigger.waits:
            case.undoing.append(wait)
        elif wait.todo and not wait.scope.blurred:
            yield f"{', '.join(done.activity for done in wait.todo)} is not undone"

    # -- ad hoc

    def _ad_hoc(self, case: Case, scope: Scope, wait: Wait) -> Iterator[str]:
        around = scope.owner.node if scope.owner is not None else None
        if around is None or around.kind != "adHocSubProcess" or wait.outer is not None or not around.until:
            return
        if truth(around.until, case.attributes) and around.cancels_rest:
            scope.finished = True
        yield from ()

    # -- the end

    def _failed(self, case: Case, row: Row) -> Iterator[str]:
        case.over = True
        node = self.elements.get(row["element"])
        if case.expected:
            if (who := case.expected.pop(0)) is not None:
                yield f"{who} should have caught what was thrown"
        elif node is not None and node.raises:
            yield "nothing was thrown"
        elif node is not None and node.default:
            yield "it has a default flow"

    def _ended(self, case: Case) -> Iterator[str]:
        case.over = True
        yield from self._missed(case)
        for scope in case.scopes.values():
            if scope.busy() and not scope.blurred:
                left = [*map(str, scope.content()), *(f for f, n in scope.tokens.items() if n > 0)]
                yield f"it ends while {', '.join(left)} is left in {scope.container}"


def _joined(origins: Sequence[Origin]) -> Origin:
    found: set[str] = set()
    for origin in origins:
        if origin is None:
            return None
        found |= origin
    return frozenset(found)


def _unclear(scope: Scope) -> bool:
    """Whether the trace does not say in which of several scopes something happens."""
    return scope.blurred or (scope.around is not None and _unclear(scope.around))


def _frame(text: str) -> tuple[str, int, int]:
    name, _, rest = text.rpartition("[")
    instance, _, visit = rest.partition("]@")
    return name, int(visit), int(instance)


def _repeats(timer: Trigger) -> int:
    first = timer.text.split("/")[0]
    return int(first[1:]) if first[1:] else -1


def _flat(log: Sequence[Done]) -> Iterator[Done]:
    """Last first; of what has no handler of its own, what was done inside."""
    for done in reversed(log):
        if done.handler:
            yield done
        else:
            yield from _flat(done.inside)


def _depth(scope: Scope, top: Scope) -> int | None:
    depth = 0
    here: Scope | None = scope
    while here is not None:
        if here is top:
            return depth
        here, depth = here.around, depth + 1
    return None
