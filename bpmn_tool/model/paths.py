"""What has to have happened before a step can begin: the points that tokens and messages pass, and what each waits for.

Every node is two points: its beginning (a token is there) and its completion (:attr:`Point.done`); a flow is one. A
point waits for one point of *each* of its groups: a parallel join for every branch, a message catch for its token and
for the sender. So "can it be reached without X?" is asked of the points without X's completion, in time linear in the
model (unit propagation in Horn formulas: Dowling and Gallier 1984).

What is decided where is left open: each way out of a decision may be taken, each boundary event may occur, an
inclusive or complex join may go on with any one of its flows. So a path that is found may be one that data rule out,
but none is missed. Refined where the drawing says it: a message whose senders are all drawn, and errors, escalations
and cancels that are caught by reference, come from where they are sent or thrown only.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import ref

from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.model.graph import directed, path_around


class Point(NamedTuple):
    """The beginning of an element (of a flow: its passing), or with `done` the completion of a flow node."""

    id: str
    done: bool = False


class Group(NamedTuple):
    """One of these has to be reached. `token`: the token comes from there; otherwise it is only waited for."""

    points: tuple[Point, ...]
    token: bool = True


@dataclass(frozen=True, kw_only=True)
class Paths:
    """`groups` are what each point waits for; those of `starts` wait for nothing."""

    starts: frozenset[Point]
    groups: Mapping[Point, tuple[Group, ...]]

    @cached_property
    def _waiting(self) -> Mapping[Point, tuple[tuple[Point, int], ...]]:
        """Whom a point helps on: (point, number of the group that it is in)."""
        found: dict[Point, list[tuple[Point, int]]] = {}
        for point, groups in self.groups.items():
            for number, group in enumerate(groups):
                for before in group.points:
                    found.setdefault(before, []).append((point, number))
        return {before: tuple(after) for before, after in found.items()}

    def reached(self, without: AbstractSet[Point] = frozenset()) -> set[Point]:
        """All points that can be reached though those of `without` never are."""
        found = set(self.starts - without)
        missing = {point: len(groups) for point, groups in self.groups.items()}
        met: set[tuple[Point, int]] = set()
        queue = list(found)
        while queue:
            for point, number in self._waiting.get(queue.pop(), ()):
                if (point, number) in met:
                    continue
                met.add((point, number))
                missing[point] -= 1
                if not missing[point] and point not in without and point not in found:
                    found.add(point)
                    queue.append(point)
        return found

    def moves(self, among: AbstractSet[Point]) -> Iterator[tuple[Point, Point]]:
        """How tokens and messages move among these points."""
        for point in among:
            for group in self.groups.get(point, ()):
                if group.token:
                    yield from ((before, point) for before in group.points if before in among)

    def around(self, target: Point, reached: AbstractSet[Point]) -> tuple[str, ...]:
        """The ids of a shortest path to one of the points that :meth:`reached` gave, from a start; of several as short
        the first by ids. Empty where there is none.
        """
        path = path_around(directed(reached, self.moves(reached)), self.starts & reached, target)
        return tuple(point.id for n, point in enumerate(path) if n == 0 or path[n - 1].id != point.id)


_last: "tuple[ref[Model], Paths] | None" = None


def paths_of(model: Model) -> Paths:
    """The points of all processes of a model, with its message flows; those of the last model are kept, since several
    rules ask for them.
    """
    global _last
    if (known := _last) is not None and known[0]() is model:
        return known[1]
    found = _paths_of(model)
    _last = (ref(model), found)
    return found


def _paths_of(model: Model) -> Paths:
    maker = _Maker(model)
    maker.make()
    return Paths(
        starts=frozenset(maker.starts), groups={point: tuple(groups) for point, groups in maker.groups.items()}
    )


class _Maker:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.starts: set[Point] = set()
        self.groups: dict[Point, list[Group]] = {}
        self.arriving: dict[str, list[str]] = {}  # node -> message flows that end there
        for flow in model.message_flows.values():
            self.arriving.setdefault(flow.target_ref, []).append(flow.id)
        self.calls: dict[str, list[str]] = {}  # process -> call activities of this model that call it
        for node in model.flow_nodes.values():
            if isinstance(node, CallActivity) and node.called_element in model.processes:
                self.calls.setdefault(node.called_element, []).append(node.id)
        pools = {pool.process_ref for pool in model.participants.values()}
        self.only_called = self.calls.keys() - pools
        #: sub-processes -> interrupting event sub-processes in them, by which they end as well
        self.handlers: dict[str, list[str]] = {}
        self.handled_by: dict[str, list[str]] = {}  # compensation handlers -> events that they are drawn to
        self.thrown: dict[tuple[TriggerKind, str | None], list[Event]] = {}
        self.begins: dict[str, frozenset[str]] = {}

    def make(self) -> None:
        self._gather()
        for process in self.model.processes:
            self._wait(Point(process), [Point(node) for node in sorted(self._beginning(process))])
        for node in self.model.flow_nodes.values():
            self._node(node)
        for sequence_flow in self.model.sequence_flows.values():
            self._wait(Point(sequence_flow.id), self._left(sequence_flow.source_ref))
        for message_flow in self.model.message_flows.values():
            self._message(message_flow.id, message_flow.source_ref)

    def _gather(self) -> None:
        for node in self.model.flow_nodes.values():
            if isinstance(node, SubProcess) and node.triggered_by_event and self._interrupts(node):
                self.handlers.setdefault(node.container, []).append(node.id)
            if isinstance(node, Event) and node.kind in (EventKind.THROW, EventKind.END):
                for definition in node.definitions:
                    ref = definition.name if definition.kind is TriggerKind.LINK else definition.ref
                    self.thrown.setdefault((definition.kind, ref), []).append(node)
        for artifact in self.model.artifacts.values():
            if artifact.source_ref and artifact.target_ref:
                self.handled_by.setdefault(artifact.target_ref, []).append(artifact.source_ref)

    def _interrupts(self, node: SubProcess) -> bool:
        starts = [each for each in self.model.nodes_in(node.id) if isinstance(each, Event) and _starts(each)]
        return any(each.is_interrupting and not each.has(TriggerKind.COMPENSATE) for each in starts)

    def _wait(self, point: Point, points: Iterable[Point], *, token: bool = True) -> None:
        self.groups.setdefault(point, []).append(Group(tuple(dict.fromkeys(points)), token))

    def _message(self, flow: str, sender: str) -> None:
        """Sent when a task is done, somewhere in a sub-process, or at any time by a pool."""
        node = self.model.flow_nodes.get(sender)
        process = self.model.process_of(sender)
        if node is not None:
            self._wait(Point(flow), [Point(sender, done=not isinstance(node, SubProcess | CallActivity))])
        elif process is not None and self.model.nodes_in(process):
            self._wait(Point(flow), [Point(process)])
        else:
            self.starts.add(Point(flow))

    def _node(self, node: FlowNode) -> None:
        begun, done = Point(node.id), Point(node.id, done=True)
        if node.incoming:
            flows = [Point(flow) for flow in node.incoming if flow in self.model.sequence_flows]
            if isinstance(node, Gateway) and node.kind is GatewayKind.PARALLEL:
                for flow in flows:
                    self._wait(begun, [flow])
            else:
                self._wait(begun, flows)
        else:
            self._begins(node, begun)
        self._wait(done, self._completed(node))
        if _waits_for_message(node):
            self._wait_for_messages(node, done)

    def _begins(self, node: FlowNode, begun: Point) -> None:
        """What a node without an incoming flow waits for."""
        if isinstance(node, Event) and node.kind is EventKind.BOUNDARY:
            self._attached(node, begun)
        elif isinstance(node, Event) and node.kind is EventKind.CATCH and node.trigger is TriggerKind.LINK:
            throws = self.thrown.get((TriggerKind.LINK, node.definitions[0].name), ())
            self._wait(begun, [Point(each.id, done=True) for each in throws if each.container == node.container])
        elif isinstance(node, SubProcess) and node.triggered_by_event:
            self._wait(begun, [Point(node.container, done=self._compensates(node))])
        elif _for_compensation(node) and node.id in self.handled_by:
            self._wait(begun, [Point(event, done=True) for event in self.handled_by[node.id]])
        elif node.container in self.model.flow_nodes:
            self._wait(begun, [Point(node.container)] if node.id in self._beginning(node.container) else [])
            if isinstance(node, Event) and node.has(TriggerKind.MESSAGE):
                self._wait_for_messages(node, begun)
        elif node.id in self._beginning(node.container):
            self._begins_process(node, begun)
        else:
            self._wait(begun, [])  # nothing leads to it

    def _begins_process(self, node: FlowNode, begun: Point) -> None:
        if _waits_for_message(node) or (isinstance(node, Event) and node.trigger in (None, TriggerKind.MESSAGE)):
            messages = self._messages(node)
            if messages:
                self._wait(begun, messages)
                return
        if node.container in self.only_called and not getattr(node, "definitions", ()):
            self._wait(begun, [Point(call) for call in self.calls[node.container]])
        else:
            self.starts.add(begun)

    def _beginning(self, container: str) -> frozenset[str]:
        if container not in self.begins:
            self.begins[container] = frozenset(node.id for node in self._begin(container))
        return self.begins[container]

    def _begin(self, container: str) -> list[FlowNode]:
        """Where a process or sub-process begins: at its start events, else at all that no flow leads to; and at what a
        message starts.
        """
        nodes = self.model.nodes_in(container)
        starts: list[FlowNode] = [node for node in nodes if isinstance(node, Event) and _starts(node)]
        loose = [node for node in nodes if not node.incoming and not _begins_otherwise(node)]
        holder = self.model.flow_nodes.get(container)
        if not starts or (isinstance(holder, SubProcess) and holder.kind is SubProcessKind.AD_HOC):
            return starts + [node for node in loose if node not in starts]
        return starts + [node for node in loose if getattr(node, "instantiate", False)]

    def _attached(self, node: Event, begun: Point) -> None:
        """A compensation waits until its host is done; what is caught by reference waits until it is thrown inside."""
        host = node.attached_to_ref or ""
        compensates = bool(node.definitions) and all(d.kind is TriggerKind.COMPENSATE for d in node.definitions)
        self._wait(begun, [Point(host, done=compensates)])
        if len(node.definitions) == 1 and node.trigger in _THROWN_INSIDE:
            definition = node.definitions[0]
            throws = self.thrown.get((definition.kind, definition.ref), ())
            inside = [Point(each.id, done=True) for each in throws if self._is_inside(each, host)]
            if inside and (definition.ref or definition.kind is TriggerKind.CANCEL):
                self._wait(begun, inside, token=False)

    def _is_inside(self, node: FlowNode, container: str) -> bool:
        holder = self.model.flow_nodes.get(node.container)
        while holder is not None:
            if holder.id == container:
                return True
            holder = self.model.flow_nodes.get(holder.container)
        return False

    def _messages(self, node: FlowNode) -> list[Point]:
        """The message flows that end at a node; none where one of them may come at any time."""
        flows = self.arriving.get(node.id, ())
        senders = [self.model.message_flows[flow].source_ref for flow in flows]
        return [Point(flow) for flow in flows] if all(map(self._is_drawn, senders)) else []

    def _is_drawn(self, sender: str) -> bool:
        process = self.model.process_of(sender)
        return process is not None and bool(self.model.nodes_in(process))

    def _wait_for_messages(self, node: FlowNode, point: Point) -> None:
        if messages := self._messages(node):
            self._wait(point, messages, token=False)

    def _completed(self, node: FlowNode) -> Iterator[Point]:
        """What completes a node that has begun."""
        holds = node.id if isinstance(node, SubProcess) else None
        if isinstance(node, CallActivity) and node.called_element in self.model.processes:
            holds = node.called_element
        if holds is None or not self._beginning(holds):  # where nothing begins, nothing is waited for
            yield Point(node.id)
            return
        if (isinstance(node, SubProcess) and node.kind is SubProcessKind.AD_HOC) or _may_have_no_run(node):
            yield Point(node.id)
        for inner in self.model.nodes_in(holds):
            if not inner.outgoing and not _leads_elsewhere(inner):
                yield from self._left(inner.id)

    def _left(self, node: str) -> Iterator[Point]:
        """By what the flows out of a node are taken: its completion, or that of what interrupted it from inside."""
        yield Point(node, done=True)
        for handler in self.handlers.get(node, ()):
            yield Point(handler, done=True)

    def _compensates(self, node: SubProcess) -> bool:
        starts = [each for each in self.model.nodes_in(node.id) if isinstance(each, Event) and _starts(each)]
        inside = node.container in self.model.flow_nodes
        return inside and bool(starts) and all(each.trigger is TriggerKind.COMPENSATE for each in starts)


_THROWN_INSIDE = frozenset({TriggerKind.ERROR, TriggerKind.ESCALATION, TriggerKind.CANCEL})


def _starts(node: Event) -> bool:
    return node.kind is EventKind.START


def _for_compensation(node: FlowNode) -> bool:
    return not isinstance(node, Event | Gateway) and node.is_for_compensation


def _may_have_no_run(node: FlowNode) -> bool:
    """Whether a marker lets it complete though nothing in it was done: a loop that tests before, or as many instances
    as data say.
    """
    match getattr(node, "loop", None):
        case StandardLoop() as loop:
            return loop.test_before
        case MultiInstance() as many:
            count = many.cardinality.strip()
            return not (count.isdecimal() and int(count) > 0)
        case _:
            return False


def _begins_otherwise(node: FlowNode) -> bool:
    """Nodes without an incoming flow that do not begin with what holds them."""
    match node:
        case Event():
            return node.kind is EventKind.BOUNDARY or (
                node.kind is EventKind.CATCH and node.trigger is TriggerKind.LINK
            )
        case SubProcess():
            return node.triggered_by_event or node.is_for_compensation
        case _:
            return _for_compensation(node)


def _waits_for_message(node: FlowNode) -> bool:
    """Whether it goes on only when a message comes: of an event with several triggers that any one of them lets go on,
    no.
    """
    match node:
        case Task():
            return node.kind is TaskKind.RECEIVE
        case Event(kind=EventKind.CATCH | EventKind.BOUNDARY):
            alone = len(node.definitions) == 1 or node.parallel_multiple
            return alone and node.has(TriggerKind.MESSAGE)
        case _:
            return False


def _leads_elsewhere(node: FlowNode) -> bool:
    """A node without an outgoing flow that does not help to complete what holds it."""
    match node:
        case Event(kind=EventKind.END):
            return node.trigger in (TriggerKind.ERROR, TriggerKind.CANCEL)
        case Event():
            return node.trigger in (TriggerKind.LINK, TriggerKind.COMPENSATE) and node.kind is not EventKind.CATCH
        case SubProcess():
            return node.triggered_by_event or node.is_for_compensation
        case _:
            return _for_compensation(node)


__all__ = ["Group", "Paths", "Point", "paths_of"]
