"""The oracle's part on allocation: which work comes first, who of those who are free does it, and from when on others
were passed over (docs/semantics.md, 4 to 6), by going through the rows of a trace and looking at all there is.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.agreement.naive import Block, truth

if TYPE_CHECKING:
    from tests.agreement.items import Item
    from tests.agreement.people import People


class Choosing:
    """What happened up to a row: who holds what, who is free since when, and what waits."""

    def __init__(self, people: "People") -> None:
        self.people, self.world = people, people.world
        self.place = {label: n for n, label in enumerate(self.world.duty)}
        self.held: dict[str, list[str]] = defaultdict(list)  # what somebody left stands before what they are at
        self.free_since: dict[str, int] = dict.fromkeys(self.world.duty, 0)
        self.waiting: dict[str, Item] = {}
        self.left = {name: len(members) for name, members in people.wholes.items()}
        self.attributes: dict[str, dict[str, Any]] = defaultdict(dict)
        self.priority: dict[str, float] = {}

    def check(self) -> Iterator[str]:
        begun: set[str] = set()
        for row in self.people.rows:
            item = self.people.items.get(row.get("item", ""))
            if row["kind"] in ("arrived", "assigned"):
                self.attributes[row["case"]].update(row.get("data", {}))
            if item is None:
                continue
            if row["kind"] == "ready":
                self.waiting[item.name] = item
                self.priority[item.name] = self._priority(item)
            elif row["kind"] == "started":
                self.waiting.pop(item.name, None)
                if item.whole not in begun and item.whole in self.people.items:
                    begun.add(item.whole)
                    yield from self._first(item, row["tick"])
                    yield from self._whom(item, row["tick"])
                    for label in item.resources:
                        self.held[label].append(item.whole)
            elif row["kind"] in ("completed", "interrupted", "withdrawn"):
                self.waiting.pop(item.name, None)
                self._over(item, row["tick"])
        yield from self._passed_over()

    def _over(self, item: "Item", tick: int) -> None:
        if item.start is None:
            return
        self.left[item.whole] -= 1
        for label in item.resources if not self.left[item.whole] else ():
            if self.held[label][-1:] == [item.whole] and len(self.held[label]) == 1:
                self.free_since[label] = tick
            self.held[label] = [each for each in self.held[label] if each != item.whole]

    def _priority(self, item: "Item") -> float:
        if item.element in self.world.said.get("background", {}):
            return float("-inf")
        said = self.world.task(item.element).get("priority", 0)
        return float(truth(said, self.attributes[item.row["case"]]) if isinstance(said, str) else said)

    # -- who

    def _whom(self, item: "Item", tick: int) -> Iterator[str]:
        seats = self._seats(item, item.start or 0)
        if seats is None:
            return  # said elsewhere
        found = self._assigned(item, seats, tick, called=False)
        if found is None and self._calls(item):
            found = self._assigned(item, seats, tick, called=True)
        if found is not None and tuple(found) != item.resources:
            yield f"{item.name} at {tick}: done by {item.resources}, though {tuple(found)} come first"

    def _assigned(self, item: "Item", seats: Sequence[str], tick: int, *, called: bool) -> list[str] | None:
        """The first way to fill the seats, in their order and in that of those who may."""
        barred, wanted = self.people.limit_at(item)
        place = next((n for n, role in enumerate(seats) if role in self.world.roles_of.get(wanted, ())), -1)
        if wanted and place < 0:
            return None
        options = []
        for n, role in enumerate(seats):
            there = [each for each in self.world.held.get(role, ()) if self.world.duty[each].on(tick)]
            free = sorted((each for each in there if not self.held[each]), key=self._turn)
            busy = sorted((each for each in there if called and self._may_be_called(each)), key=self._turn)
            allowed = [each for each in (*free, *busy) if each not in barred]
            options.append([each for each in allowed if (each == wanted) == (n == place)] if wanted else allowed)
        return _filled(options, ())

    def _turn(self, label: str) -> tuple[int, int, int]:
        return len(self.world.roles_of[label]), self.free_since[label], self.place[label]

    def _may_be_called(self, label: str) -> bool:
        return bool(self.held[label]) and not self.people.gate(self.people.items[self.held[label][-1]])

    def _calls(self, item: "Item") -> bool:
        gate = self.people.gate(item)
        return bool(gate) and self.world.said["gates"][gate].get("reserve") is not False

    def _seats(self, item: "Item", tick: int) -> tuple[str, ...] | None:
        """Those that somebody has to take at a tick; None where it cannot start then."""
        gate = self.people.gate(item)
        if not gate:
            return self.world.seats(item.element)
        occasion = self.people.occasion(gate, tick)
        return None if occasion is None else self.people.showing(gate, item.element, occasion)

    # -- what

    def _first(self, started: "Item", tick: int) -> Iterator[str]:
        """Nothing that might have started now comes before what does."""
        first = self.people.items[started.whole]
        mine = (not self._calls(first), *self._rank(first, tick)[1:])  # it may have taken the last place of its gate
        best: dict[str, tuple[Any, ...]] = {}
        for name, item in self.waiting.items():
            if not self._is_plain(item) or self._not_made_up(item, tick):
                continue
            rank = (*self._rank(item, tick), name)
            if rank[:-1] < mine and (item.element not in best or rank < best[item.element]):
                best[item.element] = rank  # of one task it is enough to look at the first
        for rank in best.values():
            item = self.waiting[rank[-1]]
            if self._might_start(item, tick):
                yield f"{started.name} at {tick}: starts before {item.name}, which could and comes first"

    def _is_plain(self, item: "Item") -> bool:
        """Not standing work, nor what only certain people may do, nor of a role where nobody is passed over; nor done
        together with others, in the turn of the oldest.
        """
        seats = self.world.seats(item.element)
        strict = any(self.world.said["roles"].get(role, {}).get("strict_order") for role in seats or ())
        task = self.world.task(item.element)
        limited = "same_person_as" in task or "not_same_person_as" in task
        limited |= "batch" in task and self.people.is_together(item)
        return seats is not None and not strict and not limited and self.priority[item.name] > float("-inf")

    def _not_made_up(self, item: "Item", tick: int) -> bool:
        return "batch" in self.world.task(item.element) and self.people.released.get(item.name, tick + 1) > tick

    def _rank(self, item: "Item", tick: int) -> tuple[Any, ...]:
        reserves = self._calls(item) and self._is_open(self.people.gate(item), tick)
        return (not reserves, -self.priority[item.name], item.ready, self._order(item))

    def _order(self, item: "Item") -> tuple[Any, ...]:
        """Standing work of a case comes after its steps."""
        *door, element, path, visit = self.people.order(item)
        return (*door, item.element in self.world.said.get("background", {}), element, path, visit)

    def _is_open(self, gate: str, tick: int) -> bool:
        return any(a <= tick < b for a, b in self.people.open_for(gate))

    def _might_start(self, item: "Item", tick: int) -> bool:
        gate = self.people.gate(item)
        if gate and not self._is_open(gate, tick):
            return False
        seats = self._seats(item, tick)
        return seats is not None and self._assigned(item, seats, tick, called=False) is not None

    # -- passed over

    @cached_property
    def _starts(self) -> list[tuple[int, int, "Item"]]:
        """(number of the row, tick, item) of each start, once of what is done together."""
        found, seen = [], set()
        for n, row in enumerate(self.people.rows):
            item = self.people.items.get(row.get("item", ""))
            if row["kind"] == "started" and item is not None and item.whole not in seen:
                seen.add(item.whole)
                found.append((n, row["tick"], self.people.items.get(item.whole, item)))
        return found

    def _passed_over(self) -> Iterator[str]:
        """From the first start of something later by somebody whom this needs, waiting is because of priority."""
        rows: dict[str, int] = {}
        for n, row in enumerate(self.people.rows):
            if row["kind"] == "ready":
                rows[row["item"]] = n
        for name, item in self.people.items.items():
            until = item.start if item.start is not None else item.end
            if item.ready is None or until is None or until == item.ready or self.world.seats(item.element) is None:
                continue
            if "batch" in self.world.task(item.element):
                continue
            turn = next(
                (
                    tick
                    for n, tick, other in self._starts
                    if n > rows[name] and tick < until and self._passes(other, item, tick)
                ),
                until,
            )
            for cause, part in (("contention", (item.ready, turn)), ("priority", (turn, until))):
                ticks = self._servable(item, part)
                if item.waits.get(cause, 0) != ticks:
                    yield f"{name}: {cause} is {ticks}, not {item.waits.get(cause, 0)}"

    def _passes(self, other: "Item", item: "Item", tick: int) -> bool:
        if other is item or (other.ready, self._order(other)) <= (item.ready, self._order(item)):
            return False
        gate = self.people.gate(item)
        if gate and not self._is_open(gate, tick):
            return False
        seats = self._seats(item, tick) or ()
        return any(role in seats for label in other.resources for role in self.world.roles_of[label])

    def _servable(self, item: "Item", part: Block) -> int:
        return self.people.servable_for(item, part) if part[0] < part[1] else 0


def _filled(options: Sequence[Sequence[str]], taken: tuple[str, ...]) -> list[str] | None:
    if len(taken) == len(options):
        return list(taken)
    for label in options[len(taken)]:
        if label not in taken and (found := _filled(options, (*taken, label))) is not None:
            return found
    return None
