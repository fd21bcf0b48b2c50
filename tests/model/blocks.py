"""Random block-structured models: what a block splits it joins again, so that each of them completes.

A block has one way in and one way out; what its kind may be is a list of names. `counts` says how many runs an activity
with a marker has, `enough` after how many its completion condition holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from bpmn_tool.model.elements import Model, MultiInstance, NodeBase, StandardLoop, TaskKind, TriggerKind
from tests.execution.drawing import (
    ad_hoc,
    boundary,
    by_event,
    call,
    catch,
    complex_gateway,
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
    transaction,
    undo,
    user,
)

SIMPLE = ("user", "service", "seq", "seq", "xor", "and", "or")
LOOPED = (*SIMPLE, "loop")
ALL = (*LOOPED, "sub", "sub", "throw", "catch", "race", "runs", "left", "aside", "stop", "fork")

UNDOING = ("undone", "cancelled")
REPEATABLE = (
    *ALL,
    "handled",
    "fails",
    "absorbed",
    "escalates",
    "called",
    "first",
    "adhoc",
    "several",
    "linked",
    "some",
)
EVERYTHING = (*REPEATABLE, "shouts", *UNDOING)

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
    joined: list[str] = field(default_factory=list)
    named: int = 0

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

    # -- events that are thrown and caught

    def name(self, letter: str) -> str:
        """What only one pair of thrower and catcher refers to."""
        self.named += 1
        return f"{letter}_{self.named}"

    def listener(self, scope: str, depth: int, *, on: str, interrupting: bool = True) -> None:
        """An event sub-process."""
        made = self.new(by_event, "H", scope)
        inner = self.block(depth, made)
        self.flow(self.new(start, "h", made, on=on, is_interrupting=interrupting), inner[0])

    def merged(self, host: str, event: str, depth: int, scope: str) -> tuple[str, str]:
        """What an event at the border begins comes back behind its host."""
        merge, inner = self.new(exclusive, "x", scope), self.block(depth, scope)
        self.flow(host, merge)
        self.flow(event, inner[0])
        self.flow(inner[1], merge)
        return host, merge

    def handled(self, depth: int, scope: str) -> tuple[str, str]:
        """A sub-process with an event sub-process that something from outside starts, or two."""
        made = self.inside(depth, scope)
        for _ in range(1 + self.pick(2)):
            on = ("timer", "message", "conditional", "signal:none", "message timer")[self.pick(5)]
            self.listener(made, depth, on=on, interrupting=bool(self.pick(2)))
        return self.single(made)

    def ends_badly(self, depth: int, scope: str, on: str, make: Callable[..., NodeBase]) -> str:
        """A sub-process that may come to an end event of this kind, beside other work or not."""
        made = self.new(make, "S", scope)
        first, decision = self.block(depth, made), self.new(exclusive, "x", made)
        self.flow(first[1], decision, self.new(end, "z", made, on=on))
        self.flow(decision, self.new(end, "e", made))
        if self.pick(2):
            self.block(depth, made)
        return made

    def fails(self, depth: int, scope: str) -> tuple[str, str]:
        error = self.name("E")
        made = self.ends_badly(depth, scope, f"error:{error}", sub)
        if self.pick(3) == 0:  # thrown deeper inside
            deeper = self.new(sub, "S", made)
            self.flow(self.new(user, "a", deeper), self.new(end, "z", deeper, on=f"error:{error}"))
        event = self.new(boundary, "b", scope, made, on=("error", f"error:{error}")[self.pick(2)])
        return self.merged(made, event, depth, scope)

    def absorbed(self, depth: int, scope: str) -> tuple[str, str]:
        kind = ("error", "escalation")[self.pick(2)]
        thrown = f"{kind}:{self.name('E')}"
        made = self.ends_badly(depth, scope, thrown, sub)
        interrupting = kind == "error" or bool(self.pick(2))
        self.listener(made, depth, on=(kind, thrown)[self.pick(2)], interrupting=interrupting)
        return self.single(made)

    def escalates(self, depth: int, scope: str) -> tuple[str, str]:
        thrown = f"escalation:{self.name('X')}"
        made = self.new(sub, "S", scope)
        first = self.block(depth, made)
        self.flow(first[1], self.new(throw, "t", made, on=thrown), self.new(user, "a", made))
        on = ("escalation", thrown, "escalation:nobody")[self.pick(3)]
        if self.pick(2):
            return self.merged(made, self.new(boundary, "b", scope, made, on=on), depth, scope)
        self.flow(self.new(boundary, "b", scope, made, on=on, cancel_activity=False), self.new(user, "a", scope))
        return self.single(made)

    def shouts(self, depth: int, scope: str) -> tuple[str, str]:
        """A signal that interrupts, or not, what goes on beside its throw."""
        signal = f"signal:{self.name('N')}"
        opens, closes = self.new(parallel, "p", scope), self.new(parallel, "p", scope)
        host = self.host(depth, scope)
        interrupting = bool(self.pick(2))
        event = self.new(boundary, "b", scope, host, on=signal, cancel_activity=interrupting)
        if interrupting:
            last = self.merged(host, event, depth, scope)[1]
        else:
            last = host
            self.flow(event, self.new(user, "a", scope))
        self.flow(opens, host)
        self.flow(last, closes)
        self.flow(opens, self.new(throw, "t", scope, on=signal), closes)
        return opens, closes

    def linked(self, depth: int, scope: str) -> tuple[str, str]:
        link, first, last = f"link:{self.name('L')}", self.block(depth, scope), self.block(depth, scope)
        self.flow(first[1], self.new(throw, "t", scope, on=link))
        self.flow(self.new(catch, "c", scope, on=link), last[0])
        return first[0], last[1]

    def several(self, depth: int, scope: str) -> tuple[str, str]:
        on = ("message timer", "message conditional signal:none")[self.pick(2)]
        return self.single(self.new(catch, "c", scope, on=on, parallel_multiple=bool(self.pick(2))))

    # -- other scopes and counts

    def called(self, depth: int, scope: str) -> tuple[str, str]:
        process = self.name("Q")
        made = self.new(call, "C", scope, process)
        inner = self.block(depth, process)
        self.flow(self.new(start, "s", process), inner[0])
        return self.single(made)

    def first(self, depth: int, scope: str) -> tuple[str, str]:
        """A complex gateway that goes on with what has come; the rest ends there."""
        made = self.new(sub, "S", scope)
        opens, closes = self.new(parallel, "p", made), self.new(complex_gateway, "k", made)
        for _ in range(2 + self.pick(2)):
            inner = self.block(depth, made)
            self.flow(opens, inner[0])
            self.flow(inner[1], closes)
        self.flow(closes, self.new(user, "a", made))
        return self.single(made)

    def adhoc(self, depth: int, scope: str) -> tuple[str, str]:
        more = {"ordering": "Sequential"} if self.pick(2) else {}
        made = self.new(ad_hoc, "D", scope, cancel_remaining_instances=bool(self.pick(2)), **more)
        self.flow(self.new(user, "a", made), self.new(user, "a", made))
        self.block(depth, made)
        return self.single(made)

    def some(self, depth: int, scope: str) -> tuple[str, str]:
        """As many tokens as the next activity needs."""
        number = 2 + self.pick(2)
        first = self.new(user, "a", scope, completion_quantity=number)
        last = self.new(user, "a", scope, start_quantity=number)
        self.flow(first, last)
        return first, last

    # -- compensation

    def undoable(self, depth: int, scope: str) -> str:
        if self.pick(3):
            host = self.new(user, "a", scope)
        else:
            host = self.host(depth, scope) if "runs" in self.kinds else self.inside(depth, scope)
        event = self.new(boundary, "b", scope, host, on="compensate")
        self.joined.append(f"{event}>{self.new(undo, 'u', scope)}")
        return host

    def undone(self, depth: int, scope: str) -> tuple[str, str]:
        """Done, and undone or not."""
        host, inner = self.undoable(depth, scope), self.block(depth, scope)
        split, merge = self.new(exclusive, "x", scope), self.new(exclusive, "x", scope)
        on = ("compensate", f"compensate:{host}", "compensate:!")[self.pick(3)]
        self.flow(host, inner[0])
        self.flow(inner[1], split, self.new(throw, "t", scope, on=on), merge)
        self.flow(split, merge)
        return host, merge

    def cancelled(self, depth: int, scope: str) -> tuple[str, str]:
        made = self.ends_badly(depth, scope, "cancel", transaction)
        self.undoable(depth, made)
        return self.merged(made, self.new(boundary, "b", scope, made, on="cancel"), depth, scope)


setattr(_Maker, "or", _Maker.or_)
setattr(_Maker, "and", _Maker.and_)


def blocks(pick: Pick, kinds: tuple[str, ...] = ALL, depth: int = 4) -> Blocks:
    """`pick(n)` chooses a number below n."""
    maker = _Maker(pick, kinds)
    first, last = maker.block(depth, "P")
    maker.nodes += [start("s"), end("e")]
    maker.flow("s", first)
    maker.flow(last, "e")
    return Blocks(draw(maker.nodes, *maker.lines, joined=" ".join(maker.joined)), maker.counts, maker.enough)
