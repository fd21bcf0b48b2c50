"""People at work: who is free and on duty, which ready item starts, who is called away, and how long it takes
(docs/semantics.md, 4.2 and 6).
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.model.tokens import Path, path_of
from bpmn_tool.results.trace import Cause, Row, RowKind
from bpmn_tool.simulation.agenda import Agenda, Happening
from bpmn_tool.simulation.batches import Batches, gathered
from bpmn_tool.simulation.case import Done, Item
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.draws import Purpose
from bpmn_tool.simulation.gates import Gate
from bpmn_tool.simulation.plan import GatePlan, Limits, Plan, ResourcePlan
from bpmn_tool.simulation.service import MAX_TICK, fill, limited
from bpmn_tool.simulation.waiting import NO_LIMITS, Waiting

#: (minus priority, tick when ready, order, serial, item): items of one queue stand in this order
Entry = tuple[float, int, Any, int, Item]
#: items that may stand for one another: one task, and one excluded or demanded person
Kind = str | tuple[str, Limits]


@dataclass(slots=True)
class Resource:
    """One person. `left`: the work that waits while they are at a gate."""

    plan: ResourcePlan
    index: int
    item: Item | None = None
    free_since: int = 0
    left: Item | None = None


class Staff:
    """Allocates ready items to resources. `completed(item, tick)` is called when work is done."""

    def __init__(self, plan: Plan, dice: Dice, rows: list[Row], completed: Callable[[Item, int], None]) -> None:
        self.plan, self.dice, self.rows, self.completed = plan, dice, rows, completed
        self.resources = [Resource(resource, index) for index, resource in enumerate(plan.resources)]
        self._holders = {role: [self.resources[index] for index in held] for role, held in plan.by_role.items()}
        self.gates: dict[str, Gate] = {}
        self.batches = Batches(plan.time_line)
        self.waiting = Waiting(plan, self._gate)
        self.absent: list[Item] = []  # items that wait for somebody undefined
        self._queues: dict[Kind, list[Entry]] = {}
        self._missed: dict[str, tuple[int, list[Entry]]] = {}  # gate -> occasion, those who lost their place at it
        self._moved: list[Kind] = []  # queues that have another head, in the middle of a pass
        self._serial = 0
        self._ends: dict[int, list[Happening]] = {}  # by id of the item: what is due while it is at work
        self._at_work: dict[int, Item] = {}  # batches done together
        self._halted: dict[int, Item] = {}  # work from which a gate called somebody
        self._named = _named(plan)
        self._calls = any(work.gate is not None and work.gate.reserve for work in plan.works.values())
        self.agenda: Agenda

    # -- queues

    def ready(self, item: Item, tick: int) -> None:
        """An item's lag is over: it joins the queue of its task, or those who wait for a batch."""
        item.ready = tick
        self._say(RowKind.READY, item, tick)
        if item.work.absent:
            self.absent.append(item)
        elif item.work.batch is not None:
            self.batches.add(item, tick, self.agenda)
        else:
            self._limit(item, tick)
            self._queue(item)

    def _queue(self, item: Item) -> None:
        self._push(item)
        self.waiting.add(item)

    def _push(self, item: Item) -> None:
        self._serial += 1
        entry = (-item.priority, item.ready, item.order, self._serial, item)
        heapq.heappush(self._queues.setdefault(_kind(item), []), entry)

    def waiting_items(self) -> list[Item]:
        """Items that wait for people, a gate or a batch, not for somebody undefined."""
        entries = [entry for heap in self._queues.values() for entry in heap]
        entries += [entry for _, missed in self._missed.values() for entry in missed]
        found = [entry[-1] for entry in entries if not entry[-1].done and entry[-1].start < 0]
        return [each for item in found for each in item.members or [item]] + self.batches.waiting()

    def going_on(self) -> list[Item]:
        """Items under way of which the agenda knows nothing of their own: those of a batch done together, and those
        that wait for somebody who is at a gate.
        """
        wholes = {**self._at_work, **self._halted}.values()
        return [each for whole in wholes for each in whole.members or [whole]]

    def _release(self, tick: int) -> None:
        """Batches are made up."""
        for items in self.batches.released(tick):
            for item in items:
                item.released = tick
            together = items[0].work.batch is not None and items[0].work.batch.together
            for item in [gathered(items)] if together and len(items) > 1 else items:
                self._queue(item)

    # -- same or not the same person

    def _limit(self, item: Item, tick: int) -> None:
        """Who may take a seat of an item, as far as its case has come."""
        work = item.work
        if (other := work.same_as or work.not_same_as) is None or item.case is None:
            return
        done = item.case.done_by.get(other, ())
        last = max(
            done, key=lambda each: (_shared(each.path, path_of(item.scope)), each.tick, each.order), default=None
        )
        if last is None or not last.resources:
            found = NO_LIMITS
        elif work.same_as is not None:
            found = Limits(wanted=last.resources[0])
        else:
            found = Limits(barred=tuple(sorted(last.resources)))
        if item.limits and item.limits[-1][1] == found:
            return
        item.limits.append((tick, found))

    def _begun(self, item: Item, tick: int) -> None:
        """Work has begun that other work of its case names: who may do that is known now."""
        if item.case is None or item.work.element not in self._named:
            return
        done = Done(path_of(item.scope), tick, item.order, tuple(item.resources))
        item.case.done_by.setdefault(item.work.element, []).append(done)
        for other in item.case.items.values():
            if other.work.element in self._named[item.work.element] and other.ready >= 0 and other.start < 0:
                before = _kind(other)
                self._limit(other, tick)
                if (now := _kind(other)) != before:
                    self._push(other)
                    self._moved += [before, now]

    # -- allocation

    def allocate(self, tick: int) -> bool:
        """One pass over ready items by (higher priority, ready tick, order), those of open gates that reserve first.
        True where something started that needs no time.
        """
        self._release(tick)
        if self._missed:
            self._give_places(tick)
        again = False
        if self._queues:
            shut: set[str] = set()
            for heads in self._turns(tick):
                again |= self._pass(heads, tick, shut)
        if self._queues or self._missed:
            self._wake(tick)
        return again

    def _turns(self, tick: int) -> Iterator[list[Entry]]:
        first: list[Entry] = []
        then: list[Entry] = []
        for kind in list(self._queues):
            if heap := self._live(kind):
                work = heap[0][-1].work
                if not self._calls and len(work.seats) == 1 and not self._anybody(work.seats[0]):
                    continue  # as when all are busy: nothing to be looked for one by one
                gate = work.gate
                now = gate is not None and gate.reserve and self._gate(gate).open_at(tick)
                (first if now else then).append(heap[0])
        if first:
            yield first
        yield then

    def _pass(self, heads: list[Entry], tick: int, shut: set[str]) -> bool:
        again = False
        heapq.heapify(heads)
        while heads:
            entry = heapq.heappop(heads)
            item = entry[-1]
            kind = _kind(item)
            queue = self._live(kind)
            if not queue or queue[0] is not entry:
                continue  # it has moved, or stood here twice
            gate = None
            seats: tuple[str, ...] | None = item.work.seats
            if item.work.gate is not None:
                gate = self._gate(item.work.gate)
                if not gate.open_at(tick):
                    continue
                gate.say_who_is_missing(tick)
                seats = gate.seats(item.work, gate.number)
            if seats is None:
                if gate is None or gate.plan.capacity is None:
                    continue  # there is no place to lose
                self._lose_place(heapq.heappop(queue), gate, tick)
            elif (chosen := self._chosen(item, seats, tick, shut)) is None:
                continue
            else:
                heapq.heappop(queue)
                again |= self._start(item, chosen, tick)
            if heap := self._live(kind):
                heapq.heappush(heads, heap[0])
            for each in self._moved:
                if heap := self._live(each):
                    heapq.heappush(heads, heap[0])
            self._moved.clear()
        return again

    def _live(self, kind: Kind) -> list[Entry]:
        """A queue without what was withdrawn or has moved at its head."""
        heap = self._queues.get(kind)
        if heap is None:
            return []
        while heap and ((item := heap[0][-1]).done or item.start >= 0 or _kind(item) != kind):
            heapq.heappop(heap)
        if not heap:
            del self._queues[kind]
        return heap

    def _lose_place(self, entry: Entry, gate: Gate, tick: int) -> None:
        """Below the quorum an item waits for the next occasion; the place that it would have had is gone."""
        gate.take(tick)
        self._missed.setdefault(gate.plan.id, (gate.number, []))[1].append(entry)

    def _give_places(self, tick: int) -> None:
        """Who lost a place at an occasion that is over waits for the next one."""
        for name, (occasion, entries) in list(self._missed.items()):
            gate = self.gates[name]
            gate.current(tick)
            if gate.number != occasion:
                del self._missed[name]
                for entry in entries:
                    if not entry[-1].done:
                        self._push(entry[-1])

    def _chosen(self, item: Item, seats: tuple[str, ...], tick: int, shut: set[str]) -> list[int] | None:
        """A resource for each seat, or None where the item cannot start now."""
        if len(seats) == 1 and not item.limits and item.work.gate is None:
            return self._first(seats[0], tick, shut)
        limits = item.limits[-1][1] if item.limits else NO_LIMITS
        found = [self._free(role, tick) if role not in shut else [] for role in seats]
        chosen = fill(limited(self.plan.resources, seats, limits, found))
        if chosen is None and item.work.gate is not None and item.work.gate.reserve:
            found = [
                [*free, *self._at_other_work(role, tick)] if role not in shut else []
                for role, free in zip(seats, found, strict=True)
            ]
            chosen = fill(limited(self.plan.resources, seats, limits, found))
        if chosen is None:
            shut.update(role for role in seats if role in self.plan.strict_roles)
        return chosen

    def _first(self, role: str, tick: int, shut: set[str]) -> list[int] | None:
        """What `_chosen` gives for one seat that anybody of a role may take, as nearly all work has."""
        best = min(self._there(role, tick), key=self._preference, default=None) if role not in shut else None
        if best is not None:
            return [best]
        if role in self.plan.strict_roles:
            shut.add(role)
        return None

    def _anybody(self, role: str) -> bool:
        """Whether somebody of a role is not at work, on duty or not."""
        return any(each.item is None for each in self._holders.get(role, ()))

    def _there(self, role: str, tick: int) -> list[int]:
        """Free resources of a role on duty."""
        return [
            each.index for each in self._holders.get(role, ()) if each.item is None and each.plan.calendar.on_duty(tick)
        ]

    def _free(self, role: str, tick: int) -> list[int]:
        """Likewise, by (roles held, since when free, position)."""
        return sorted(self._there(role, tick), key=self._preference)

    def _at_other_work(self, role: str, tick: int) -> list[int]:
        """Resources of a role on duty at work of no gate, likewise."""
        found = [
            index
            for index in self.plan.by_role.get(role, ())
            if (item := self.resources[index].item) is not None
            and item.work.gate is None
            and self.resources[index].plan.calendar.on_duty(tick)
        ]
        return sorted(found, key=self._preference)

    def _preference(self, index: int) -> tuple[int, int, int]:
        resource = self.resources[index]
        return (len(resource.plan.roles), resource.free_since, index)

    def _wake(self, tick: int) -> None:
        """Look again when a gate opens or somebody's duty begins or ends, where an item waits for it."""
        soonest = MAX_TICK
        calendars: dict[Calendar, None] = {}
        for name in self._missed:
            soonest = min(soonest, self.gates[name].next_open(tick) or MAX_TICK)
        for heap in self._queues.values():
            work = heap[0][-1].work
            reserve = False
            if work.gate is not None:
                gate = self._gate(work.gate)
                soonest = min(soonest, gate.next_open(tick) or MAX_TICK)
                if not gate.open_at(tick):
                    continue
                reserve = work.gate.reserve
            for role in work.seats:
                for index in self.plan.by_role.get(role, ()):
                    held = self.resources[index].item
                    if held is None or (reserve and held.work.gate is None):
                        calendars[self.resources[index].plan.calendar] = None
        for calendar in calendars:
            soonest = min(soonest, calendar.next_change(tick) or MAX_TICK)
        if soonest < MAX_TICK:
            self.agenda.wake(soonest)

    # -- work

    def _start(self, item: Item, chosen: list[int], tick: int) -> bool:
        data: dict[str, Any] = {}
        if item.work.gate is not None:
            gate = self._gate(item.work.gate)
            gate.take(tick)
            if vacant := gate.vacant(item.work, gate.number):
                data["no_show"] = list(vacant)
            if called := self._call(chosen, tick):
                data["called_from"] = called
        if item.members:
            data["batch"] = item.name
            self._at_work[id(item)] = item
        item.start, item.resources = tick, chosen
        for each in item.members:
            each.start, each.resources = tick, chosen
        for each in item.members or (item,):
            self.waiting.book(each, tick)
        for index in chosen:
            self.resources[index].item = item
            self.waiting.passed_over(self.resources[index].plan.roles, item, tick)
        for each in item.members or (item,):
            self._say(RowKind.STARTED, each, tick, self._labels(each), each.waits, data or None)
        try:
            item.remaining = self._length(item)
        except (ExpressionError, ValueError) as error:
            raise RunError(f"tasks.{item.work.element}.duration: {error} (case {_case_id(item)})") from None
        if self._named:
            for each in item.members or (item,):
                self._begun(each, tick)
        return self._go_on(item, tick) == tick

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

    def _go_on(self, item: Item, tick: int) -> int:
        """Nobody who holds an item is away: it goes on now, or when all are on duty. Returns when it will end."""
        calendar = self._calendar(item.resources)
        due = self._ends[id(item)] = []
        self._halted.pop(id(item), None)
        if item.paused and calendar is not None and not calendar.on_duty(tick):
            item.since = tick
            opens = calendar.next_open(tick)
            if opens < MAX_TICK:

                def take_up(now: int) -> None:
                    self._go_on(item, now)

                due.append(self._change(item, opens, take_up))
            return opens
        if item.paused:
            self._resume(item, tick)
        item.since = tick
        end = tick + item.remaining if calendar is None else calendar.end_of_work(tick, item.remaining)
        if end >= MAX_TICK:
            raise RunError(
                f"'{item.work.element}' would end after more than a hundred thousand years: see its duration"
            )
        due.append(self.agenda.at(end, item.order, lambda now: self._end(item, now), case=_keeps_open(item)))
        if calendar is not None:
            self._pauses(item, calendar, tick, end)
        return end

    def _pauses(self, item: Item, calendar: Calendar, tick: int, end: int) -> None:
        """Pause and resume with the duty of those who hold the item."""
        stop = calendar.next_change(tick)
        if stop is None or stop >= end:
            return
        due = self._ends[id(item)]

        def pause(now: int) -> None:
            self._pause(item, now)
            due.append(self._change(item, calendar.next_open(now), resume))

        def resume(now: int) -> None:
            self._resume(item, now)
            self._pauses(item, calendar, now, end)

        due.append(self._change(item, stop, pause))

    def _change(self, item: Item, tick: int, run: Callable[[int], None]) -> Happening:
        return self.agenda.at(tick, item.order, run, case=_keeps_open(item), change=True)

    def _pause(self, item: Item, tick: int) -> None:
        item.paused = True
        for each in item.members or (item,):
            self._say(RowKind.PAUSED, each, tick)

    def _resume(self, item: Item, tick: int) -> None:
        item.paused = False
        for each in item.members or (item,):
            self._say(RowKind.RESUMED, each, tick)

    def _end(self, item: Item, tick: int) -> None:
        self._free_all(item, tick)
        item.done = True
        for each in list(item.members) or [item]:
            if each is item or not each.done:
                each.done = True
                self.completed(each, tick)

    def _free_all(self, item: Item, tick: int) -> None:
        """Those who held an item are free, or go back to the work from which a gate called them."""
        for happening in self._ends.pop(id(item), ()):
            happening.alive = False
        self._at_work.pop(id(item), None)
        self._halted.pop(id(item), None)
        back: dict[int, Item] = {}
        for index in item.resources:
            resource = self.resources[index]
            if resource.item is not item:
                resource.left = None  # at a gate; there is nothing to come back to
                continue
            resource.item, resource.left = resource.left, None
            if resource.item is None:
                resource.free_since = tick
            else:
                resource.item.away -= 1
                back[id(resource.item)] = resource.item
        for other in sorted(back.values(), key=lambda each: each.order):
            if not other.away:
                self._go_on(other, tick)

    def _call(self, chosen: list[int], tick: int) -> dict[str, str]:
        """Those of them who are at other work leave it, which pauses and keeps them: by label, what they left."""
        found: dict[str, str] = {}
        for index in chosen:
            resource = self.resources[index]
            if (item := resource.item) is None:
                continue
            found[resource.plan.label] = item.name
            resource.left = item
            item.away += 1
            if item.away == 1:
                self._halt(item, tick)
        return found

    def _halt(self, item: Item, tick: int) -> None:
        for happening in self._ends.pop(id(item), ()):
            happening.alive = False
        calendar = self._calendar(item.resources)
        item.remaining -= tick - item.since if calendar is None else calendar.worked(item.since, tick)
        item.since = tick
        self._halted[id(item)] = item
        if not item.paused:
            self._pause(item, tick)

    def remove(self, item: Item, tick: int) -> None:
        """Work that its scope takes away: interrupted where it had started, else withdrawn."""
        item.done = True
        if item.start >= 0:
            self._leave_work(item, tick)
            self._say(RowKind.INTERRUPTED, item, tick, self._labels(item))
            return
        if item.ready >= 0:
            self.waiting.book(item, tick)
            self._leave_queue(item)
        self._say(RowKind.WITHDRAWN, item, tick, waits=item.waits or None)

    def _leave_work(self, item: Item, tick: int) -> None:
        whole = item.together
        if whole is None:
            self._free_all(item, tick)
            return
        whole.members.remove(item)
        if not whole.members and not whole.done:
            whole.done = True
            self._free_all(whole, tick)

    def _leave_queue(self, item: Item) -> None:
        """What is left of a batch goes on in the name of its oldest."""
        if item.work.batch is not None and item.released < 0 and not item.work.absent:
            self.batches.forget(item)
        if (whole := item.together) is None:
            return
        whole.done = True
        whole.members.remove(item)
        if whole.members:
            rest = gathered(whole.members)
            rest.passed_over = whole.passed_over
            self._queue(rest)

    # -- small things

    def _gate(self, plan: GatePlan) -> Gate:
        if plan.id not in self.gates:
            self.gates[plan.id] = Gate(plan, self.dice, self.rows)
        return self.gates[plan.id]

    def _labels(self, item: Item) -> tuple[str, ...]:
        return tuple([self.resources[index].plan.label for index in item.resources])

    def _say(
        self,
        kind: RowKind,
        item: Item,
        tick: int,
        resources: tuple[str, ...] = (),
        waits: dict[Cause, int] | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        case = item.case.id if item.case is not None else ""
        self.rows.append(
            Row(
                tick, kind, case, item.path, item.visit, item.work.element, (), item.name, resources, data,
                waits=waits,
            )
        )  # fmt: skip


#: the kind of background work in the order of one tick (docs/semantics.md, 4)
BACKGROUND = 11


def _case_id(item: Item) -> str:
    return item.case.id if item.case is not None else ""


def _keeps_open(item: Item) -> str:
    """The case that this work keeps from being stuck: none for standing work."""
    return "" if item.order[1] == BACKGROUND else _case_id(item)


def _kind(item: Item) -> Kind:
    return (item.work.element, item.limits[-1][1]) if item.limits else item.work.element


def _shared(one: Path, other: Path) -> int:
    """How many enclosing multi-instances and calls two pieces of work have in common."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _named(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Work that other work names, with what names it."""
    found: dict[str, tuple[str, ...]] = {}
    for work in plan.works.values():
        if (other := work.same_as or work.not_same_as) is not None:
            found[other] = (*found.get(other, ()), work.element)
    return found
