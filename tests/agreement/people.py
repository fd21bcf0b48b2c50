"""The oracle's part on people: seats, gates, batches, pauses and why work waited, straight from docs/semantics.md."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.agreement.choosing import Choosing
from tests.agreement.items import Item
from tests.agreement.naive import Block, both, can_fill, number

if TYPE_CHECKING:
    from tests.agreement.oracle import World


#: who is barred from an item, and who has to do it
Limits = tuple[frozenset[str], str]
NOBODY: Limits = (frozenset(), "")


class People:
    """What a trace says of work, held against what the scenario says of people."""

    def __init__(
        self, world: "World", rows: Sequence[Mapping[str, Any]], items: Mapping[str, Item], run: tuple[int, int]
    ) -> None:
        self.world, self.rows, self.items, self.run = world, rows, items, run
        self.end = max((row["tick"] for row in rows), default=0)
        self.wholes: dict[str, list[Item]] = defaultdict(list)
        for item in items.values():
            if item.start is not None:
                self.wholes[item.whole].append(item)

    def check(self) -> Iterator[str]:
        yield from self._resources()
        for name, item in self.items.items():
            yield from self._seats(name, item)
            yield from self._limited(name, item)
            yield from self._waiting(name, item)
            yield from self._pauses(name, item)
        yield from self._gates()
        yield from self._no_shows()
        yield from self._together()
        yield from Choosing(self).check()

    def gate(self, item: Item) -> str:
        return str(self.world.task(item.element).get("gate", ""))

    # -- who has whom

    def _resources(self) -> Iterator[str]:
        """One thing at a time, but that a gate may call somebody from other work, who goes back to it."""
        held: dict[str, list[str]] = defaultdict(list)
        left = {name: len(members) for name, members in self.wholes.items()}
        for row in self.rows:
            item = self.items.get(row.get("item", ""))
            for label in row.get("data", {}).get("called_from", {}) if row["kind"] == "started" else ():
                if label not in row.get("resources", ()):
                    yield f"{row.get('item')} at {row['tick']}: {label}, said to come from elsewhere, is not there"
            for label in row.get("resources", ()):
                where = f"{row['kind']} of {row.get('item')} at {row['tick']}"
                if label not in self.world.duty:
                    yield f"{where}: nobody is called {label}"
                if row["kind"] == "started" and item is not None:
                    yield from self._taken(item, label, held[label], where)
            if item is not None and row["kind"] in ("completed", "interrupted") and item.start is not None:
                left[item.whole] -= 1
                if not left[item.whole]:
                    for label in item.resources:
                        held[label] = [each for each in held[label] if each != item.whole]

    def _taken(self, item: Item, label: str, held: list[str], where: str) -> Iterator[str]:
        called = item.data.get("called_from", {}).get(label)
        if held and held[-1] == item.whole:
            return
        if bool(held) != bool(called) or (held and held[-1] != self.items[called].whole):
            yield f"{where}: {label} is taken, but holds {held[-1:]}, said to come from {called}"
        elif called:
            gate = self.gate(item)
            if not gate or self.world.said["gates"][gate].get("reserve") is False:
                yield f"{where}: {label} is called away from {called} by no gate that may"
            elif self.gate(self.items[called]):
                yield f"{where}: {label} is called away from the work of a gate"
        held.append(item.whole)

    def _seats(self, name: str, item: Item) -> Iterator[str]:
        if item.start is None:
            return
        world = self.world
        seats = world.seats(item.element)
        if seats is None:
            yield f"{name}: started, though nobody holds its role"
            return
        if gate := self.gate(item):
            occasion = self.occasion(gate, item.start)
            if occasion is None:
                return  # said by _gates
            vacant = self._vacant(gate, item.element, occasion)
            if vacant != list(item.data.get("no_show", ())):
                yield f"{name}: nobody comes to its seats {vacant}, not to {item.data.get('no_show', ())}"
            showing = self.showing(gate, item.element, occasion)
            if showing is None:
                yield f"{name}: starts below the quorum"
                return
            seats = showing
        held = [world.roles_of.get(label, ()) for label in item.resources]
        if len(held) != len(seats) or any(seat not in roles for seat, roles in zip(seats, held, strict=False)):
            yield f"{name}: seats {seats}, taken by {item.resources}"
        if len(set(item.resources)) != len(item.resources):
            yield f"{name}: somebody has two seats"
        for label in item.resources:
            if label in world.duty and not world.duty[label].on(item.start):
                yield f"{name}: {label} starts off duty at {item.start}"

    # -- the same person or not

    @cached_property
    def _limits(self) -> Mapping[str, list[tuple[int, Limits]]]:
        """By item: who might take its seats, from which tick on."""
        found: dict[str, list[tuple[int, Limits]]] = {}
        begun: dict[tuple[str, str], list[Item]] = defaultdict(list)
        waiting: dict[tuple[str, str], list[Item]] = defaultdict(list)  # case, work that they name
        for row in self.rows:
            item = self.items.get(row.get("item", ""))
            if item is None:
                continue
            task = self.world.task(item.element)
            other = task.get("same_person_as") or task.get("not_same_person_as")
            case = str(row.get("case", ""))
            if row["kind"] == "ready" and other:
                waiting[case, other].append(item)
                found[item.name] = [(row["tick"], self._limit(item, begun[case, other]))]
            if row["kind"] in ("started", "withdrawn") and other and item in waiting[case, other]:
                waiting[case, other].remove(item)
            if row["kind"] == "started":
                begun[case, item.element].append(item)
                for each in waiting[case, item.element]:
                    found[each.name].append((row["tick"], self._limit(each, begun[case, item.element])))
        return found

    def _limit(self, item: Item, begun: Sequence[Item]) -> Limits:
        path = _path(item)

        def nearness(other: Item) -> tuple[Any, ...]:
            theirs = _path(other)
            shared = next((n for n, (a, b) in enumerate(zip(path, theirs, strict=False)) if a != b), None)
            return (min(len(path), len(theirs)) if shared is None else shared, other.start, self.order(other))

        if not begun or not (last := max(begun, key=nearness)).resources:
            return NOBODY
        if "same_person_as" in self.world.task(item.element):
            return frozenset(), last.resources[0]
        return frozenset(last.resources), ""

    def _limited(self, name: str, item: Item) -> Iterator[str]:
        if item.start is None or name not in self._limits:
            return
        barred, wanted = self._limits[name][-1][1]
        if barred & set(item.resources):
            yield f"{name}: {sorted(barred)} did the other work, and {item.resources} this"
        if wanted and wanted not in item.resources:
            yield f"{name}: {wanted} did the other work, but {item.resources} this"

    # -- waiting

    def _waiting(self, name: str, item: Item) -> Iterator[str]:
        until = item.start if item.start is not None else item.end
        if item.ready is None or until is None:
            return
        waits = item.waits
        if sum(waits.values()) != until - item.ready:
            yield f"{name}: waited {until - item.ready}, of which {sum(waits.values())} have a cause"
        seats = self.world.seats(item.element)
        if seats is None:
            if waits.get("undefined", 0) != until - item.ready:
                yield f"{name}: its role is undefined, but its waiting is booked to {sorted(waits)}"
            return
        begin = min(self.released.get(name, until), until) if "batch" in self.world.task(item.element) else item.ready
        parts = self._parts(item, (begin, until))
        open_for = sum(b - a for a, b, _ in parts)
        servable = self._served(item, parts)
        for cause, ticks in (
            ("undefined", 0),
            ("batching", until - item.ready - open_for),
            ("unavailability", open_for - servable),
        ):
            if waits.get(cause, 0) != ticks:
                yield f"{name}: {cause} is {ticks}, not {waits.get(cause, 0)}"

    def _parts(self, item: Item, within: Block) -> list[tuple[int, int, tuple[str, ...]]]:
        """When its gate was open to it, and on which seats."""
        begin, until = within
        seats = self.world.seats(item.element) or ()
        if not (gate := self.gate(item)):
            return [(begin, until, seats)] if until > begin else []
        return [
            (max(a, begin), min(b, until), showing)
            for n, (a, b) in enumerate(self.open_for(gate))
            if max(a, begin) < min(b, until) and (showing := self.showing(gate, item.element, n)) is not None
        ]

    def _served(self, item: Item, parts: Sequence[tuple[int, int, tuple[str, ...]]]) -> int:
        return sum(self._servable(showing, self._limits.get(item.name, []), (a, b)) for a, b, showing in parts)

    def servable_for(self, item: Item, within: Block) -> int:
        """Ticks in which those on duty could have done it, its gate being open."""
        return self._served(item, self._parts(item, within))

    def limit_at(self, item: Item) -> Limits:
        """Who might do it when it began."""
        return self._limits[item.name][-1][1] if item.name in self._limits else NOBODY

    def _servable(self, seats: tuple[str, ...], limits: Sequence[tuple[int, Limits]], part: Block) -> int:
        world = self.world
        held = {role: world.held.get(role, []) for role in seats}
        labels = {label for each in held.values() for label in each}
        blocks = {label: world.duty[label].blocks(*part) for label in labels}
        changes = [tick for tick, _ in limits if part[0] < tick < part[1]]
        breaks = sorted({*part, *changes, *(t for each in blocks.values() for block in each for t in block)})
        found = 0
        for a, b in pairwise(breaks):
            there = frozenset(label for label in labels if any(x <= a < y for x, y in blocks[label]))
            limit = next((each for tick, each in reversed(limits) if tick <= a), NOBODY)
            found += b - a if self._can_fill(seats, held, there, limit) else 0
        return found

    def _can_fill(
        self, seats: tuple[str, ...], held: Mapping[str, Sequence[str]], there: frozenset[str], limits: Limits
    ) -> bool:
        barred, wanted = limits
        if not wanted:
            return can_fill(seats, held, there - barred)
        place = next((n for n, role in enumerate(seats) if role in self.world.roles_of[wanted]), None)
        if place is None or wanted not in there:
            return False
        return can_fill((*seats[:place], *seats[place + 1 :]), held, there - {wanted})

    # -- pauses

    def _pauses(self, name: str, item: Item) -> Iterator[str]:
        if item.start is None:
            return
        end = item.end if item.end is not None else self.end
        working: list[Block] = [(item.start, end)] if end > item.start else []
        for label in item.resources:
            if label in self.world.duty and not self.world.finish[label]:
                working = both(working, self.world.duty[label].blocks(item.start, end))
        for a, b in sorted(self._away.get(item.whole, ())):
            working = both(working, [(0, a), (b, max(b, self.end) + 1)]) if a < b else working
        at, worked = item.start, []
        for pause in item.pauses:
            worked.append((at, pause[0]))
            at = pause[1] if len(pause) == 2 else end
        worked.append((at, end))
        worked = both([(item.start, end)], [(a, b) for a, b in worked if a < b])
        if worked != working:
            yield f"{name}: worked in {worked}, on duty in {working}"

    @cached_property
    def _away(self) -> Mapping[str, list[Block]]:
        """By the name in which work is done: when somebody who holds it is at a gate."""
        found: dict[str, list[Block]] = defaultdict(list)
        for members in self.wholes.values():
            until = max(self.end if item.end is None else item.end for item in members)
            for called in members[0].data.get("called_from", {}).values():
                assert members[0].start is not None
                found[self.items[called].whole].append((members[0].start, until))
        return found

    # -- gates

    def occasion(self, gate: str, tick: int) -> int | None:
        windows = self.world.windows(gate, self.end)
        return next((n for n, (begin, end) in enumerate(windows) if begin <= tick < end), None)

    def _vacant(self, gate: str, element: str, occasion: int) -> list[int]:
        """The seats of some work to which nobody comes."""
        before: Counter[str] = Counter()
        found = []
        for seat, role in enumerate(self.world.asked(element)):
            if self._stays_away(gate, role, before[role], occasion):
                found.append(seat)
            before[role] += 1
        return found

    def _stays_away(self, gate: str, role: str, place: int, occasion: int) -> bool:
        likely = self.world.said["gates"][gate].get("no_show", {}).get(role, 0.0)
        return bool(number(self.run, (gate, occasion, 0), "", 32 + place, role, 0, "") < likely)

    def showing(self, gate: str, element: str, occasion: int) -> tuple[str, ...] | None:
        asked = self.world.asked(element)
        gone = self._vacant(gate, element, occasion)
        if len(asked) - len(gone) < self.world.said["gates"][gate].get("quorum", len(asked)):
            return None if gone else self.world.seats(element)
        taken = self.world.seats(element) or ()
        return tuple(role for seat, role in enumerate(asked) if seat not in gone and role in taken)

    def _places(self, gate: str) -> list[int]:
        """When places of its capacity go, rising: by a start, or by an item below the quorum."""
        found = [
            members[0].start
            for members in self.wholes.values()
            if members[0].start is not None and self.gate(members[0]) == gate
        ]
        lost: set[tuple[int, str]] = set()
        for name, item in self.items.items():
            if self.gate(item) != gate or item.ready is None or self.world.seats(item.element) is None:
                continue
            begin = self.released.get(name, self.end + 1) if "batch" in self.world.task(item.element) else item.ready
            until = item.start if item.start is not None else item.end if item.end is not None else self.end + 1
            for n, (a, b) in enumerate(self.world.windows(gate, self.end)):
                looked = max(a, begin)
                if looked < min(b, until) and self.showing(gate, item.element, n) is None:
                    lost.add((looked, item.whole if self.is_together(item) else name))
        return sorted([*found, *(tick for tick, _ in lost)])

    def is_together(self, item: Item) -> bool:
        return bool(self.world.task(item.element).get("batch", {"mode": "each"}).get("mode", "together") == "together")

    def open_for(self, gate: str) -> list[Block]:
        """When a gate was open and not spent, by occasion."""
        if gate not in self._opened:
            capacity = self.world.said["gates"][gate].get("capacity")
            places = self._places(gate)
            found = []
            for begin, end in self.world.windows(gate, self.end):
                inside = [s for s in places if begin <= s < end]
                found.append((begin, inside[capacity - 1] if capacity and len(inside) >= capacity else end))
            self._opened[gate] = found
        return self._opened[gate]

    @cached_property
    def _opened(self) -> dict[str, list[Block]]:
        return {}

    def _gates(self) -> Iterator[str]:
        for gate, said in self.world.said.get("gates", {}).items():
            used: Counter[int] = Counter()
            for members in self.wholes.values():
                if self.gate(members[0]) != gate:
                    continue
                start = members[0].start
                assert start is not None
                occasion = self.occasion(gate, start)
                if occasion is None:
                    yield f"gate {gate}: something starts at {start}, when it is shut"
                    continue
                used[occasion] += 1
                if used[occasion] == said.get("capacity", -1) + 1:
                    yield f"gate {gate}: more than {said['capacity']} starts in its occasion {occasion}"
                if start > self.open_for(gate)[occasion][1]:
                    yield f"gate {gate}: something starts at {start}, when it is spent"

    def _no_shows(self) -> Iterator[str]:
        said: set[tuple[str, int]] = set()
        for row in self.rows:
            if row["kind"] != "no_show":
                continue
            gate, data = row["element"], row["data"]
            if self.occasion(gate, row["tick"]) != data["occasion"]:
                yield f"no_show at {row['tick']}: not in occasion {data['occasion']} of {gate}"
            if not self._stays_away(gate, data["role"], data["seat"], data["occasion"]):
                yield f"no_show at {row['tick']}: {data['role']} comes to {gate}"
            said.add((gate, data["occasion"]))

    # -- batches

    @cached_property
    def _batches(self) -> list[tuple[int, tuple[str, ...]]]:
        """(tick, items) of each batch as it is made up, with the oldest item first."""
        found: list[tuple[int, tuple[str, ...]]] = []
        tasks = {item.element for item in self.items.values()}
        for element in sorted(tasks):
            if (said := self.world.task(element).get("batch")) is None or self.world.seats(element) is None:
                continue
            items = [i for i in self.items.values() if i.element == element and i.ready is not None]
            found += self._made_up(said, sorted(items, key=lambda i: (i.ready, self.order(i))))
        return found

    def _made_up(self, said: Mapping[str, Any], items: Sequence[Item]) -> Iterator[tuple[int, tuple[str, ...]]]:
        due = {
            item.name: self.world.clock.add(item.ready or 0, said["wait"]) if "wait" in said else -1 for item in items
        }
        pool: list[Item] = []
        for tick in sorted({*(item.ready or 0 for item in items), *due.values()} - {-1}):
            pool = [i for i in pool if i.start is not None or i.end is None or i.end > tick]
            pool += [i for i in items if i.ready == tick and (i.start is not None or i.end != tick)]
            while pool and tick <= self.end and (len(pool) >= said["min"] or due[pool[0].name] == tick):
                taken = pool[: said.get("max")]
                pool = pool[len(taken) :]
                yield tick, tuple(item.name for item in taken)

    @cached_property
    def released(self) -> Mapping[str, int]:
        return {name: tick for tick, names in self._batches for name in names}

    def _together(self) -> Iterator[str]:
        """What is done together was made up together, starts at once, and has the same people."""
        batch = {name: names for _, names in self._batches for name in names}
        for whole, members in self.wholes.items():
            if len(members) > 1 and not self.is_together(members[0]):
                yield f"{whole}: done together, though each is for itself"
            for item in members:
                if item.name not in batch and "batch" in self.world.task(item.element):
                    yield f"{item.name}: started before its batch was made up"
                if batch.get(item.name) != batch.get(whole):
                    yield f"{item.name}: done together with {whole}, which is of another batch"
                if (item.start, item.resources) != (members[0].start, members[0].resources):
                    yield f"{item.name}: done together with {whole}, but not at once or not by the same"
            if self.is_together(members[0]) and "batch" in self.world.task(members[0].element):
                wanted = {n for n in batch.get(whole, ()) if self.items[n].start is not None}
                if wanted != {item.name for item in members}:
                    yield f"{whole}: its batch is {sorted(wanted)}"

    # -- order

    def order(self, item: Item) -> tuple[Any, ...]:
        case = str(item.row.get("case", ""))
        arrived = self._arrived.get(case)
        stream, person, entry = case.rsplit("/", 2) if case else ("", "0", "0")
        door = (arrived["tick"], arrived["element"].encode()) if arrived is not None else (-1, b"")
        return (*door, stream, int(person), int(entry), item.element.encode(), _path(item), item.row["visit"])

    @cached_property
    def _arrived(self) -> Mapping[str, Mapping[str, Any]]:
        return {row["case"]: row for row in self.rows if row["kind"] == "arrived"}


def _path(item: Item) -> tuple[tuple[str, int, int], ...]:
    """The multi-instances and calls around it: element, visit, instance."""
    found = re.findall(r"([^/]*)\[(\d+)\]@(\d+)", item.row.get("path", ""))
    return tuple((element, int(visit), int(instance)) for element, instance, visit in found)
