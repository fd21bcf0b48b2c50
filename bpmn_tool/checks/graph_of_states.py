"""Questions about the graph of situations: from where something can be reached, and where it ends."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence

from bpmn_tool.checks.state_space import Space


class Neighbours:
    """What follows each situation, in two flat arrays."""

    def __init__(self, count: int, sources: Sequence[int], targets: Sequence[int]) -> None:
        self.first = array("I", bytes(4 * (count + 2)))
        for source in sources:
            self.first[source + 2] += 1
        for state in range(2, count + 2):
            self.first[state] += self.first[state - 1]
        self.there = array("I", bytes(4 * len(sources)))
        for source, there in zip(sources, targets, strict=True):
            self.there[self.first[source + 1]] = there
            self.first[source + 1] += 1

    def of(self, state: int) -> "array[int]":
        return self.there[self.first[state] : self.first[state + 1]]


def backwards(space: Space, goals: Iterable[int]) -> bytearray:
    """Marks each situation from which one of the goals can be reached."""
    before = Neighbours(len(space.parents), space.targets, space.sources)
    marked = bytearray(len(space.parents))
    todo = list(goals)
    for state in todo:
        marked[state] = 1
    while todo:
        for state in before.of(todo.pop()):
            if not marked[state]:
                marked[state] = 1
                todo.append(state)
    return marked


def bottoms(space: Space, marked: bytearray) -> list[list[int]]:
    """Of what is not marked, the parts that nothing leads out of, in the order of their first situations."""
    if all(marked):
        return []
    after = Neighbours(len(space.parents), space.sources, space.targets)
    rest = [state for state in range(len(marked)) if not marked[state]]
    found = []
    for part in components(rest, after):
        members = set(part)
        if all(there in members for state in part for there in after.of(state)):
            found.append(sorted(part))
    return sorted(found)


def components(states: Collection[int], after: Neighbours) -> Iterator[list[int]]:
    """Strongly connected components of what can be reached from these (Tarjan 1972, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in states:
        if root in index:
            continue
        work = [(root, iter(after.of(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            state, rest = work[-1]
            for there in rest:
                if there not in index:
                    index[there] = low[there] = len(index)
                    stack.append(there)
                    on_stack.add(there)
                    work.append((there, iter(after.of(there))))
                    break
                if there in on_stack:
                    low[state] = min(low[state], index[there])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[state])
                if low[state] == index[state]:
                    part: list[int] = []
                    while not part or part[-1] != state:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                    yield part
