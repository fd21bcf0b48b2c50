"""Which element of one model is which of another: by id, and for the rest by name, kind and neighbourhood.

An element whose id changed is paired only where nothing else could be meant: its kind and name are the same, and

1. no other element of either model has that kind and name in the same container, and its neighbours do not speak
   against it; or
2. it has more neighbours in common with the other than against, and with nobody else as many; or
3. all that is around it to a distance of three links is the same, and of no other element.

What could be meant twice stays unpaired. Pairing one lets its neighbours be told apart, so that it spreads from what is
known; each element is looked at when a neighbour was paired, so that the time is near to linear in the size of the
models. All steps are symmetric: swapping the models swaps the pairs, and nothing else. (The third is colour refinement:
Weisfeiler and Leman 1968.)
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bpmn_tool.comparison.linked import WEAK, Linked, linked
from bpmn_tool.model.elements import Model

Look = tuple[str, str, str, str | None]
"""Family, kind, name and container (None where that is not paired): what has to be equal."""

_CROWD: Final = 16  # candidates at one link: more than that cannot be told apart by it
_HUB: Final = 64  # links of one element: more than that, and it is looked at once in a pass
_PASSES: Final = 25
_RADIUS: Final = 3
_SINGLES: Final = frozenset({"definitions", "collaboration", "process"})
"""Kinds of which the only one of a model is the only one of the other, named or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Old id to new id of all elements that are in both; and of those whose id changed, in order of the old model."""

    new_of: Mapping[str, str]
    renumbered: tuple[tuple[str, str], ...]

    @property
    def old_of(self) -> Mapping[str, str]:
        return {new: old for old, new in self.new_of.items()}


def pair(old: Model, new: Model) -> Pairing:
    """Pair the elements of two models; pure, deterministic, never a guess."""
    return pair_linked(linked(old), linked(new))


def pair_linked(old: Linked, new: Linked) -> Pairing:
    """As :func:`pair`, for graphs that are there already."""
    search = _Search(_Half(old), _Half(new))
    search.run()
    new_of = {id: search.old.pair[id] for id in old.elements if id in search.old.pair}
    made = {each.id for each in old.model.generated}, {each.id for each in new.model.generated}
    return Pairing(
        new_of=new_of,
        renumbered=tuple(
            (before, after)
            for before, after in new_of.items()
            if before != after
            and not (before in made[0] and after in made[1])
            and old.kinds[before][1] != "definitions"  # nothing refers to it, and some tools renew it when they save
        ),
    )


class _Half:
    """One of the two models, and what is known of it in this pass."""

    def __init__(self, graph: Linked) -> None:
        self.graph = graph
        self.pair: dict[str, str] = {}  # to the id in the other model
        self.looks: dict[str, Look] = {}
        self.at: dict[tuple[str, str, Look], list[str]] = {}  # (label, target, look): the unpaired that link so

    def open(self) -> list[str]:
        return [id for id in self.graph.elements if id not in self.pair]

    def look(self, id: str, token: Mapping[str, str]) -> Look:
        return (*self.graph.kinds[id], self.graph.names[id], token.get(self.graph.within[id]))


@dataclass(frozen=True, slots=True)
class _Vote:
    """What the links of two elements say of their being the same."""

    strong: int  # neighbours in common
    weak: int  # lane and sub-process in common
    against: int  # neighbours of one that are not the other's, or do not look like any of its own

    @property
    def score(self) -> int:
        return self.strong + self.weak - self.against


class _Search:
    def __init__(self, old: _Half, new: _Half) -> None:
        self.old, self.new = old, new
        self.back: dict[str, str] = new.pair

    def run(self) -> None:
        ours, theirs = self.old.graph, self.new.graph
        self._commit(
            (id, id) for id in ours.elements if id in theirs.kinds and ours.kinds[id][0] == theirs.kinds[id][0]
        )
        for _ in range(_PASSES):
            if not (self.old.open() and self.new.open()):
                return
            self._prepare()
            if not (self._spread(self._by_name()) or self._commit(self._by_surroundings())):
                return

    def _commit(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        found = list(pairs)
        for before, after in found:
            self.old.pair[before] = after
            self.new.pair[after] = before
        return found

    def _prepare(self) -> None:
        """Looks by what is paired now, and the index of who links where."""
        token = {after: after for after in self.new.pair}
        for half, tokens in ((self.old, dict(self.old.pair)), (self.new, token)):
            half.looks = {id: half.look(id, tokens) for id in half.graph.elements}
            half.at = {}
            for id in half.open():
                for label, target in half.graph.links[id]:
                    half.at.setdefault((label, target, half.looks[id]), []).append(id)

    # -- by name

    def _by_name(self) -> list[tuple[str, str]]:
        """Elements that alone have their look in each of the models."""
        ours, theirs = (self._alone(half) for half in (self.old, self.new))
        return self._commit(
            (before, theirs[look])
            for look, before in ours.items()
            if look in theirs and before not in self.old.pair and theirs[look] not in self.new.pair
            if not self._contradicted(before, theirs[look])
        )

    def _alone(self, half: _Half) -> dict[Look, str]:
        counts = Counter(half.looks.values())
        return {
            look: id
            for id, look in half.looks.items()
            if counts[look] == 1 and not half.graph.is_flow(id) and (look[2] or look[1] in _SINGLES)
        }

    def _contradicted(self, before: str, after: str) -> bool:
        """Neighbours of both are known, and none of them in common."""
        links = {(label, self.old.pair.get(to)) for label, to in self.old.graph.links[before] if label not in WEAK}
        known = {link for link in links if link[1] is not None}
        others = {(label, to) for label, to in self.new.graph.links[after] if label not in WEAK and to in self.new.pair}
        return bool(known and others) and not known & others

    # -- by neighbours

    def _spread(self, found: list[tuple[str, str]]) -> bool:
        """Pair by neighbours until nothing more comes of it; whether anything was paired, `found` included."""
        any_found = bool(found)
        near = set(self.old.open()), set(self.new.open())
        while found := self._commit(self._mutual(*near)):
            any_found = True
            near = (
                self._around(self.old, (before for before, _ in found)),
                self._around(self.new, (after for _, after in found)),
            )
        return any_found

    def _around(self, half: _Half, ids: Iterable[str]) -> set[str]:
        links = half.graph.links
        return {to for id in ids for _, to in links[id] if to not in half.pair and len(links[to]) <= _HUB}

    def _mutual(self, near_old: Iterable[str], near_new: Iterable[str]) -> list[tuple[str, str]]:
        """Pairs of which each is the one best choice of the other."""
        forth = {id: self._best(id, self.old, self.new) for id in near_old}
        back = {id: self._best(id, self.new, self.old) for id in near_new}
        for id in [each for each in forth.values() if each is not None and each not in back]:
            back[id] = self._best(id, self.new, self.old)
        for id in [each for each in back.values() if each is not None and each not in forth]:
            forth[id] = self._best(id, self.old, self.new)
        return sorted((before, after) for before, after in forth.items() if after and back.get(after) == before)

    def _best(self, id: str, here: _Half, there: _Half) -> str | None:
        """The element of the other model with more votes than any other, and enough."""
        best: str | None = None
        most = 0
        for candidate in self._candidates(id, here, there):
            vote = self._vote(id, candidate, here, there)
            if vote.score < most or not self._enough(id, vote, here, there, candidate):
                continue
            best, most = (candidate, vote.score) if vote.score > most else (None, most)
        return best

    def _candidates(self, id: str, here: _Half, there: _Half) -> dict[str, None]:
        look = here.looks[id]
        found: dict[str, None] = {}
        for label, to in here.graph.links[id]:
            if (other := here.pair.get(to)) is None or len(here.at.get((label, to, look), ())) > _CROWD:
                continue
            crowd = there.at.get((label, other, look), ())
            if len(crowd) <= _CROWD:
                found.update(dict.fromkeys(each for each in crowd if each not in there.pair))
        return found

    def _vote(self, id: str, candidate: str, here: _Half, there: _Half) -> _Vote:
        ours = {(label, other) for label, to in here.graph.links[id] if (other := here.pair.get(to)) is not None}
        theirs = {(label, to) for label, to in there.graph.links[candidate] if to in there.pair}
        shared = ours & theirs
        weak = sum(label in WEAK for label, _ in shared)
        against = len(ours - shared), len(theirs - shared)
        mine, yours = self._strangers(id, here), self._strangers(candidate, there)
        differ = (mine - yours).total(), (yours - mine).total()
        return _Vote(strong=len(shared) - weak, weak=weak, against=max(against[0] + differ[0], against[1] + differ[1]))

    def _strangers(self, id: str, half: _Half) -> Counter[tuple[str, str, str]]:
        """The neighbours that are not paired, flows apart, as far as one can see: link, kind and name."""
        graph = half.graph
        unpaired = ((label, to) for label, to in graph.links[id] if to not in half.pair and not graph.is_flow(to))
        return Counter((label, graph.kinds[to][1], graph.names[to]) for label, to in unpaired)

    def _enough(self, id: str, vote: _Vote, here: _Half, there: _Half, candidate: str) -> bool:
        if here.graph.is_flow(id):  # a flow is where it leads from and to
            return self._ends(id, here) == self._ends(candidate, there, paired=True)
        return vote.score > 0 if here.graph.names[id] else vote.strong > vote.against

    def _ends(self, id: str, half: _Half, *, paired: bool = False) -> tuple[str | None, ...]:
        """Where a flow begins and ends, as ids of the other model, or of its own where they are `paired`."""
        element = half.graph.elements[id]
        refs = [getattr(element, "source_ref", None), getattr(element, "target_ref", None)]
        if paired:
            return tuple(ref if ref in half.pair else ref and f"?{ref}" for ref in refs)
        return tuple(half.pair.get(ref) if ref else ref for ref in refs)

    # -- by all that is around

    def _by_surroundings(self) -> list[tuple[str, str]]:
        """Elements that alone have their colour in each model, colours being all that is around to a distance."""
        numbers: dict[Hashable, int] = {}
        ours, theirs = (self._colours(half, numbers) for half in (self.old, self.new))
        return [
            (before, theirs[colour])
            for colour, before in ours.items()
            if colour in theirs and before not in self.old.pair and theirs[colour] not in self.new.pair
            if not self.old.graph.is_flow(before)
        ]

    def _colours(self, half: _Half, numbers: dict[Hashable, int]) -> dict[int, str]:
        """The elements whose colour no other of the model has. `numbers` gives equal things the same number."""

        def number(thing: Hashable) -> int:
            return numbers.setdefault(thing, len(numbers))

        forth = half is self.old
        colour = {
            id: number(("paired", half.pair[id] if forth else id) if id in half.pair else ("open", half.looks[id]))
            for id in half.graph.elements
        }
        for _ in range(_RADIUS):
            colour = {
                id: number((colour[id], tuple(sorted((label, colour[to]) for label, to in half.graph.links[id]))))
                for id in half.graph.elements
            }
        counts = Counter(colour.values())
        return {value: id for id, value in colour.items() if counts[value] == 1}
