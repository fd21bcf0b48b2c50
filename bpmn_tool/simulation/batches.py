"""Batches: ready items that wait until there are enough of them, or long enough (docs/semantics.md, 6)."""

from dataclasses import dataclass, field

from bpmn_tool.errors import RunError
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.simulation.agenda import Agenda, Happening
from bpmn_tool.simulation.case import History, Item
from bpmn_tool.simulation.plan import BatchPlan

__all__ = ["Batches", "gathered"]
_BATCH_WAIT = 10  # the kind of this happening in the order of one tick


@dataclass(slots=True)
class _Pool:
    plan: BatchPlan
    items: list[Item] = field(default_factory=list)
    due: dict[int, int] = field(default_factory=dict)  # by id of the item: when it has waited long enough
    waits: dict[int, Happening] = field(default_factory=dict)


class Batches:
    """Items by task that no batch has taken yet. They are made up before each allocation."""

    def __init__(self, line: TimeLine) -> None:
        self.line = line
        self.pools: dict[str, _Pool] = {}
        self._touched: dict[str, None] = {}

    def add(self, item: Item, tick: int, agenda: Agenda) -> None:
        plan = item.work.batch
        assert plan is not None
        element = item.work.element
        pool = self.pools.setdefault(element, _Pool(plan))
        pool.items.append(item)
        self._touched[element] = None
        if plan.wait is None:
            return
        try:
            due = self.line.add(tick, plan.wait)
        except ValueError as error:
            raise RunError(f"tasks.{element}.batch.wait: {error}") from None
        pool.due[id(item)] = due
        order = (item.order[0], _BATCH_WAIT, *item.order[2:])

        def over(_now: int) -> None:
            self._touched[element] = None

        case = item.case.id if item.case is not None else ""
        pool.waits[id(item)] = agenda.at(due, order, over, case=case)

    def released(self, tick: int) -> list[list[Item]]:
        """The batches that are made up now, each with its oldest item first."""
        found = []
        for element in self._touched:
            pool = self.pools[element]
            waiting = sorted((i for i in pool.items if not i.done), key=lambda i: (i.ready, i.order))
            while waiting and (len(waiting) >= pool.plan.least or pool.due.get(id(waiting[0]), tick + 1) <= tick):
                taken, waiting = waiting[: pool.plan.most], waiting[len(waiting[: pool.plan.most]) :]
                for item in taken:
                    self.forget(item)
                found.append(taken)
            pool.items = waiting
        self._touched.clear()
        return found

    def forget(self, item: Item) -> None:
        """An item that waits no more."""
        pool = self.pools[item.work.element]
        pool.due.pop(id(item), None)
        if (happening := pool.waits.pop(id(item), None)) is not None:
            happening.alive = False

    def waiting(self) -> list[Item]:
        return [item for pool in self.pools.values() for item in pool.items if not item.done]


def gathered(members: list[Item]) -> Item:
    """Several items as one, with the address, order and priority of the oldest."""
    oldest = members[0]
    whole = Item(
        work=oldest.work,
        case=oldest.case,
        name=oldest.name,
        scope=oldest.scope,
        visit=oldest.visit,
        order=oldest.order,
        history=History(),
        enabled=oldest.enabled,
        path=oldest.path,
        ready=oldest.ready,
        priority=oldest.priority,
        released=oldest.released,
        members=members,
    )
    for member in members:
        member.together = whole
    return whole
