"""People at work: who is free and on duty, which ready item starts, how long it takes, and why it waited
(docs/semantics.md, 4.2, 6 and 8).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.model.tokens import path_of
from bpmn_tool.results.trace import Cause, Row, RowKind
from bpmn_tool.simulation.agenda import Agenda, Happening
from bpmn_tool.simulation.case import Item
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.draws import Purpose
from bpmn_tool.simulation.plan import GatePlan, Plan, ResourcePlan, WorkPlan
from bpmn_tool.simulation.service import MAX_TICK, fill, service


@dataclass(slots=True)
class Resource:
    plan: ResourcePlan
    item: Item | None = None
    free_since: int = 0


class Gate:
    """Which occasion is next or on, how much of it is left, and when it was open for work so far."""

    def __init__(self, plan: GatePlan) -> None:
        self.plan = plan
        self.number = 0
        self.used = 0
        self.spent_at: int | None = None
        self.windows: list[tuple[int, int]] = []  # when work could start, of past occasions

    def current(self, tick: int) -> tuple[int, int] | None:
        """The occasion that is on at `tick` or comes next."""
        while (occasion := self.plan.occasion(self.number)) is not None and occasion[1] <= tick:
            self.windows.append((occasion[0], self.spent_at if self.spent_at is not None else occasion[1]))
            self.number, self.used, self.spent_at = self.number + 1, 0, None
        return occasion

    def open_at(self, tick: int) -> bool:
        occasion = self.current(tick)
        return occasion is not None and occasion[0] <= tick and self.spent_at is None

    def take(self, tick: int) -> None:
        """One start of this occasion's capacity."""
        self.used += 1
        if self.plan.capacity is not None and self.used >= self.plan.capacity:
            self.spent_at = tick

    def next_open(self, tick: int) -> int | None:
        """The first tick after `tick` at which it opens."""
        occasion = self.current(tick)
        if occasion is not None and occasion[0] <= tick:
            occasion = self.plan.occasion(self.number + 1)
        return None if occasion is None else occasion[0]

    def available(self, begin: int, end: int) -> list[tuple[int, int]]:
        """The parts of [begin, end) in which it was open and not spent; `end` is not after now."""
        occasion = self.current(end)
        parts = list(self.windows)
        if occasion is not None and occasion[0] < end:
            parts.append((occasion[0], end if self.spent_at is None else min(self.spent_at, end)))
        return [(max(a, begin), min(b, end)) for a, b in parts if a < end and b > begin and b > a]


@dataclass(slots=True)
class Queues:
    """Ready items by task, and by role those that nobody has passed over yet."""

    by_task: dict[str, list[tuple[float, int, Any, int, Item]]] = field(default_factory=dict)
    unmarked: dict[str, list[tuple[int, Any, int, Item]]] = field(default_factory=dict)
    absent: list[Item] = field(default_factory=list)


class Staff:
    """Allocates ready items to resources. `completed(item, tick)` is called when work is done."""

    def __init__(self, plan: Plan, dice: Dice, rows: list[Row], completed: Callable[[Item, int], None]) -> None:
        self.plan, self.dice, self.rows, self.completed = plan, dice, rows, completed
        self.resources = [Resource(resource) for resource in plan.resources]
        self.gates: dict[str, Gate] = {}
        self.queues = Queues()
        self._serial = 0
        self._ends: dict[int, list[Happening]] = {}  # by id of the item: what is due while it is at work
        self.agenda: Agenda

    # -- queues

    def ready(self, item: Item, tick: int) -> None:
        """An item's lag is over: it joins the queue of its task."""
        item.ready = tick
        self._say(RowKind.READY, item, tick)
        if item.work.absent:
            self.queues.absent.append(item)
            return
        self._serial += 1
        entry = (-item.priority, tick, item.order, self._serial, item)
        heapq.heappush(self.queues.by_task.setdefault(item.work.element, []), entry)
        for role in dict.fromkeys(item.work.seats):
            heapq.heappush(self.queues.unmarked.setdefault(role, []), (tick, item.order, self._serial, item))

    def waiting_items(self) -> list[Item]:
        """Items that wait for people or a gate, not for somebody undefined."""
        return [e[-1] for heap in self.queues.by_task.values() for e in heap if not e[-1].done and e[-1].start < 0]

    # -- allocation

    def allocate(self, tick: int) -> bool:
        """One pass over ready items by (higher priority, ready tick, order). True where something started that needs
        no time.
        """
        again = False
        heads = [heap[0] for element in list(self.queues.by_task) if (heap := self._live(element))]
        heapq.heapify(heads)
        shut: set[str] = set()
        while heads:
            item = heapq.heappop(heads)[-1]
            chosen = self._seats(item, tick, shut)
            if chosen is None:
                continue
            heapq.heappop(self.queues.by_task[item.work.element])
            again |= self._start(item, chosen, tick)
            if heap := self._live(item.work.element):
                heapq.heappush(heads, heap[0])
        self._wake(tick)
        return again

    def _live(self, element: str) -> list[tuple[float, int, Any, int, Item]]:
        """The queue of a task without what was withdrawn at its head."""
        heap = self.queues.by_task[element]
        while heap and heap[0][-1].done:
            heapq.heappop(heap)
        if not heap:
            del self.queues.by_task[element]
        return heap

    def _seats(self, item: Item, tick: int, shut: set[str]) -> list[int] | None:
        """A resource for each seat, or None where the item cannot start now."""
        work = item.work
        if work.gate is not None and not self._gate(work.gate).open_at(tick):
            return None
        candidates = [self._free(role, tick) if role not in shut else [] for role in work.seats]
        chosen = fill(candidates)
        if chosen is None:
            shut.update(role for role in work.seats if role in self.plan.strict_roles)
        return chosen

    def _free(self, role: str, tick: int) -> list[int]:
        """Free resources of a role on duty, by (roles held, since when free, position)."""
        found = [
            index
            for index in self.plan.by_role.get(role, ())
            if self.resources[index].item is None and self.resources[index].plan.calendar.on_duty(tick)
        ]
        return sorted(found, key=self._preference)

    def _preference(self, index: int) -> tuple[int, int, int]:
        resource = self.resources[index]
        return (len(resource.plan.roles), resource.free_since, index)

    def _wake(self, tick: int) -> None:
        """Look again when a gate opens or somebody's duty begins or ends, where an item waits for it."""
        soonest = MAX_TICK
        calendars: dict[Calendar, None] = {}
        for heap in self.queues.by_task.values():
            work = heap[0][-1].work
            if work.gate is not None:
                gate = self._gate(work.gate)
                soonest = min(soonest, gate.next_open(tick) or MAX_TICK)
                if not gate.open_at(tick):
                    continue
            for role in work.seats:
                for index in self.plan.by_role.get(role, ()):
                    if self.resources[index].item is None:
                        calendars[self.resources[index].plan.calendar] = None
        for calendar in calendars:
            soonest = min(soonest, calendar.next_change(tick) or MAX_TICK)
        if soonest < MAX_TICK:
            self.agenda.wake(soonest)

    # -- work

    def _start(self, item: Item, chosen: list[int], tick: int) -> bool:
        item.start, item.resources = tick, chosen
        if item.work.gate is not None:
            self._gate(item.work.gate).take(tick)
        self.book(item, tick)
        for index in chosen:
            self.resources[index].item = item
            self._pass_over(index, item, tick)
        self._say(RowKind.STARTED, item, tick, resources=self._labels(item), waits=item.waits)
        try:
            length = self._length(item)
        except (ExpressionError, ValueError) as error:
            raise RunError(f"tasks.{item.work.element}.duration: {error} (case {_case_id(item)})") from None
        calendar = self._calendar(chosen)
        end = tick + length if calendar is None else calendar.end_of_work(tick, length)
        if end >= MAX_TICK:
            raise RunError(
                f"'{item.work.element}' would end after more than a hundred thousand years: see its duration"
            )
        self._ends[id(item)] = [
            self.agenda.at(end, item.order, lambda now: self._end(item, now), case=_keeps_open(item))
        ]
        if calendar is not None:
            self._pauses(item, calendar, tick, end)
        return end == tick

    def _length(self, item: Item) -> int:
        """Ticks of work: one u, read through each resource's own distribution and divided by its speed; the longest
        counts.
        """
        work = item.work
        if item.case is None or item.order[1] == BACKGROUND:
            attributes: dict[str, Any] = {}
            u = 0.5
        else:
            attributes = item.case.attributes
            u = self.dice.of(item.case, Purpose.DURATION, work.element, item.visit, path_of(item.scope))
        if not item.resources:
            return work.duration(u, attributes) if work.duration else 0
        lengths = []
        for index in item.resources:
            plan = self.resources[index].plan
            sampler = plan.durations.get(work.element, work.duration)
            lengths.append(sampler(u, attributes, plan.speed) if sampler else 0)
        return max(lengths)

    def _calendar(self, chosen: list[int]) -> Calendar | None:
        """When all of these work; None for always."""
        key = tuple(index for index in chosen if not self.resources[index].plan.finish)
        if not key:
            return None
        if key not in self.plan.joint_calendars:
            calendars = list(dict.fromkeys(self.resources[index].plan.calendar for index in key))
            self.plan.joint_calendars[key] = calendars[0] if len(calendars) == 1 else Calendar.intersect(calendars)
        return self.plan.joint_calendars[key]

    def _pauses(self, item: Item, calendar: Calendar, tick: int, end: int) -> None:
        """Pause and resume with the duty of those who hold the item."""
        stop = calendar.next_change(tick)
        if stop is None or stop >= end:
            return

        def pause(now: int) -> None:
            self._say(RowKind.PAUSED, item, now)
            due.append(self.agenda.at(calendar.next_open(now), item.order, resume, case=_keeps_open(item), change=True))

        def resume(now: int) -> None:
            self._say(RowKind.RESUMED, item, now)
            self._pauses(item, calendar, now, end)

        due = self._ends[id(item)]
        due.append(self.agenda.at(stop, item.order, pause, case=_keeps_open(item), change=True))

    def _end(self, item: Item, tick: int) -> None:
        self._release(item, tick)
        item.done = True
        self.completed(item, tick)

    def _release(self, item: Item, tick: int) -> None:
        for happening in self._ends.pop(id(item), ()):
            happening.alive = False
        for index in item.resources:
            self.resources[index].item = None
            self.resources[index].free_since = tick

    def remove(self, item: Item, tick: int) -> None:
        """Work that its scope takes away: interrupted where it had started, else withdrawn."""
        item.done = True
        if item.start >= 0:
            self._release(item, tick)
            self._say(RowKind.INTERRUPTED, item, tick, resources=self._labels(item))
            return
        if item.ready >= 0:
            self.book(item, tick)
        self._say(RowKind.WITHDRAWN, item, tick, waits=item.waits or None)

    # -- causes of waiting

    def book(self, item: Item, until: int) -> None:
        """Books each tick of [ready, until) to one cause. Undefined, then batching, unavailability, priority,
        contention.
        """
        waits = dict.fromkeys(Cause, 0)
        item.waits = waits
        if until == item.ready:
            return
        if item.work.absent:
            waits[Cause.UNDEFINED] = until - item.ready
            return
        turn = until if item.passed_over < 0 else item.passed_over
        for begin, end, cause in ((item.ready, turn, Cause.CONTENTION), (turn, until, Cause.PRIORITY)):
            open_parts = [(begin, end)] if end > begin else []
            if item.work.gate is not None:
                open_parts = self._gate(item.work.gate).available(begin, end) if end > begin else []
            length = sum(b - a for a, b in open_parts)
            servable = sum(self._servable(item.work, a, b) for a, b in open_parts)
            waits[Cause.BATCHING] += end - begin - length
            waits[Cause.UNAVAILABILITY] += length - servable
            waits[cause] += servable

    def _servable(self, work: WorkPlan, begin: int, end: int) -> int:
        if not work.seats:
            return end - begin
        if work.seats not in self.plan.services:
            self.plan.services[work.seats] = service(self.plan, work.seats)
        return self.plan.services[work.seats].ticks(begin, end)

    def _pass_over(self, index: int, item: Item, tick: int) -> None:
        """Every item before this one that still waits for a role of this resource has been passed over, unless its
        gate is shut.
        """
        mine = (item.ready, item.order)
        for role in self.resources[index].plan.roles:
            heap = self.queues.unmarked.get(role)
            kept = []
            while heap and heap[0][:2] < mine:
                entry = heapq.heappop(heap)
                other = entry[-1]
                if other.done or other.start >= 0 or other.passed_over >= 0:
                    continue
                if other.work.gate is not None and not self._gate(other.work.gate).open_at(tick):
                    kept.append(entry)
                else:
                    other.passed_over = tick
            for entry in kept:
                heapq.heappush(self.queues.unmarked[role], entry)

    # -- small things

    def _gate(self, plan: GatePlan) -> Gate:
        if plan.id not in self.gates:
            self.gates[plan.id] = Gate(plan)
        return self.gates[plan.id]

    def _labels(self, item: Item) -> tuple[str, ...]:
        return tuple(self.resources[index].plan.label for index in item.resources)

    def _say(self, kind: RowKind, item: Item, tick: int, **more: Any) -> None:
        self.rows.append(
            Row(tick, kind, _case_id(item), item.path, item.visit, item.work.element, item=item.name, **more)
        )


#: the kind of background work in the order of one tick (docs/semantics.md, 4)
BACKGROUND = 11


def _case_id(item: Item) -> str:
    return item.case.id if item.case is not None else ""


def _keeps_open(item: Item) -> str:
    """The case that this work keeps from being stuck: none for standing work."""
    return "" if item.order[1] == BACKGROUND else _case_id(item)
