"""Random block-structured models: what a block splits it joins again, so that each of them completes.

A block has one way in and one way out; what its kind may be is a list of names. `counts` says how many runs an activity
with a marker has, `enough` after how many its completion condition holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from bpmn_tool.model.elements import Model, MultiInstance, NodeBase, StandardLoop, TaskKind, TriggerKind
from tests.execution.drawing import (
    boundary,
    catch,
    draw,
    end,
    exclusive,
    inclusive,
    parallel,
    race,
    receive,
    start,
    sub,
    task,
    throw,
    user,
)

SIMPLE = ("user", "service", "seq", "seq", "xor", "and", "or")
LOOPED = (*SIMPLE, "loop")
ALL = (*LOOPED, "sub", "sub", "throw", "catch", "race", "runs", "left", "aside", "stop", "fork")

Pick = Callable[[int], int]


@dataclass
class Blocks:
    """A model, and what its data say."""

    model: Model
    counts: dict[str, int]
    enough: dict[str, int]

    @property
    def data(self) -> dict[str, int]:
        return {f"{activity}_instances": count for activity, count in self.counts.items()}


@dataclass
class _Maker:
    pick: Pick
    kinds: tuple[str, ...]
    nodes: list[NodeBase] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    enough: dict[str, int] = field(default_factory=dict)

    def new(self, make: Callable[..., NodeBase], letter: str, scope: str, *arguments: object, **more: object) -> str:
        id = f"{letter}{len(self.nodes)}"
        self.nodes.append(make(id, *arguments, container=scope, **more))
        return id

    def flow(self, *steps: str) -> None:
        self.lines += [f"{a} > {b}" for a, b in pairwise(steps)]

    def block(self, depth: int, scope: str) -> tuple[str, str]:
        kind = self.kinds[self.pick(len(self.kinds))] if depth > 0 else ("user", "service")[self.pick(2)]
        return getattr(self, kind)(depth - 1, scope)  # type: ignore[no-any-return]

    def single(self, node: str) -> tuple[str, str]:
        return node, node

    def user(self, depth: int, scope: str) -> tuple[str, str]:
        return self.single(self.new(user, "a", scope))

    def service(self, depth: int, scope: str) -> tuple[str, str]:
        return self.single(self.new(task, "v", scope, TaskKind.SERVICE))

    def throw(self, depth: int, scope: str) -> tuple[str, str]:
        return self.single(self.new(throw, "t", scope))

    def catch(self, depth: int, scope: str) -> tuple[str, str]:
        if self.pick(2):
            return self.single(self.new(catch, "c", scope, after=self.after()))
        return self.single(self.new(receive, "r", scope))

    def after(self) -> str:
        """How long a timer runs; none for a message."""
        return f"PT{1 + self.pick(3)}H" if self.pick(3) == 0 else ""

    def seq(self, depth: int, scope: str) -> tuple[str, str]:
        first, second = self.block(depth, scope), self.block(depth, scope)
        self.flow(first[1], second[0])
        return first[0], second[1]

    def split(self, make: Callable[..., NodeBase], letter: str, depth: int, scope: str) -> tuple[str, str]:
        opens, closes = self.new(make, letter, scope), self.new(make, letter, scope)
        for _ in range(2 + (self.pick(3) == 0)):
            inner = self.block(depth, scope)
            self.flow(opens, inner[0])
            self.flow(inner[1], closes)
        return opens, closes

    def xor(self, depth: int, scope: str) -> tuple[str, str]:
        return self.split(exclusive, "x", depth, scope)

    def or_(self, depth: int, scope: str) -> tuple[str, str]:
        return self.split(inclusive, "o", depth, scope)

    def and_(self, depth: int, scope: str) -> tuple[str, str]:
        return self.split(parallel, "p", depth, scope)

    def loop(self, depth: int, scope: str) -> tuple[str, str]:
        merge, back = self.new(exclusive, "x", scope), self.new(exclusive, "x", scope)
        there, again = self.block(depth, scope), self.user(depth, scope)
        self.flow(merge, there[0])
        self.flow(there[1], back, again[0])
        self.flow(again[1], merge)
        after = self.new(throw, "t", scope)  # there is always a way out
        self.flow(back, after)
        return merge, after

    def race(self, depth: int, scope: str) -> tuple[str, str]:
        gateway, merge = self.new(race, "g", scope), self.new(exclusive, "x", scope)
        for make, letter in ((catch, "c"), (receive, "r")):
            inner = self.block(depth, scope)
            more = {"after": self.after()} if make is catch else {}
            self.flow(gateway, self.new(make, letter, scope, **more), inner[0])
            self.flow(inner[1], merge)
        return gateway, merge

    def inside(self, depth: int, scope: str, *, stops: bool = False, **more: object) -> str:
        """A sub-process, with or without a start event, whose tokens end at an end event or not."""
        made = self.new(sub, "S", scope, **more)
        first, last = self.block(depth, made)
        if self.pick(2):
            self.flow(self.new(start, "s", made), first)
        if stops:
            fork, stop = self.new(parallel, "p", made), self.new(end, "z", made, trigger=TriggerKind.TERMINATE)
            beside = self.block(depth, made)
            self.flow(last, fork, beside[0])
            self.flow(fork, self.new(user, "a", made), stop)
        elif self.pick(2):
            self.flow(last, self.new(end, "e", made))
        return made

    def sub(self, depth: int, scope: str) -> tuple[str, str]:
        return self.single(self.inside(depth, scope))

    def stop(self, depth: int, scope: str) -> tuple[str, str]:
        return self.single(self.inside(depth, scope, stops=True))

    def fork(self, depth: int, scope: str) -> tuple[str, str]:
        """In a sub-process of its own, an activity with two outgoing flows, that merge without a gateway in some."""
        made = self.new(sub, "S", scope)
        first, last = self.user(depth, made)
        second, third = self.block(depth, made), self.block(depth, made)
        self.flow(last, second[0])
        self.flow(last, third[0])
        if self.pick(2):
            after = self.user(depth, made)
            self.flow(second[1], after[0])
            self.flow(third[1], after[0])
        if not self.pick(2):
            self.flow(self.new(start, "s", made), first)
        return self.single(made)

    def runs(self, depth: int, scope: str) -> tuple[str, str]:
        """An activity with a marker."""
        marker: StandardLoop | MultiInstance
        count, enough = self.pick(4), 0
        if self.pick(2):
            enough = self.pick(3)
            done = f"numberOfCompletedInstances >= {enough}" if enough else ""
            marker = MultiInstance(is_sequential=bool(self.pick(2)), completion_condition=done)
        else:
            marker = StandardLoop(test_before=bool(self.pick(2)))
        made = self.inside(depth, scope, loop=marker) if self.pick(2) else self.new(user, "a", scope, loop=marker)
        self.counts[made] = count
        if enough:
            self.enough[made] = enough
        return self.single(made)

    def host(self, depth: int, scope: str) -> str:
        match self.pick(3):
            case 0:
                return self.new(user, "a", scope)
            case 1:
                return self.inside(depth, scope)
            case _:
                return self.runs(depth, scope)[0]

    def left(self, depth: int, scope: str) -> tuple[str, str]:
        """An activity with an interrupting boundary event, that comes back behind it."""
        host, merge = self.host(depth, scope), self.new(exclusive, "x", scope)
        self.flow(host, merge)
        for _ in range(1 + self.pick(2)):
            inner = self.block(depth, scope)
            self.flow(self.new(boundary, "b", scope, host, after=self.after()), inner[0])
            self.flow(inner[1], merge)
        return host, merge

    def aside(self, depth: int, scope: str) -> tuple[str, str]:
        """An activity with boundary events that do not interrupt; what they begin ends by itself."""
        host = self.host(depth, scope)
        for _ in range(1 + self.pick(2)):
            inner = self.block(depth, scope)
            event = self.new(boundary, "b", scope, host, after=self.after(), cancel_activity=False)
            self.flow(event, inner[0])
        return self.single(host)


setattr(_Maker, "or", _Maker.or_)
setattr(_Maker, "and", _Maker.and_)


def blocks(pick: Pick, kinds: tuple[str, ...] = ALL, depth: int = 4) -> Blocks:
    """`pick(n)` chooses a number below n."""
    maker = _Maker(pick, kinds)
    first, last = maker.block(depth, "P")
    maker.nodes += [start("s"), end("e")]
    maker.flow("s", first)
    maker.flow(last, "e")
    return Blocks(draw(maker.nodes, *maker.lines), maker.counts, maker.enough)
