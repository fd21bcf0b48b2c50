"""Random models without any structure: nodes of all kinds, flows from anywhere to anywhere, loops, scopes in scopes.

Most of them are no good as processes: tokens get lost, meet, multiply. What a case does with them is what the token
rules say all the same.
"""

from dataclasses import dataclass, field
from random import Random

from bpmn_tool.model.elements import GatewayKind, Model, NodeBase, TaskKind
from tests.execution.drawing import (
    boundary,
    by_event,
    call,
    catch,
    complex_gateway,
    draw,
    end,
    gateway,
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

_PLAIN = ("user", "user", "service", "exclusive", "parallel", "inclusive", "exclusive", "catch", "throw", "wide")
_MORE = (
    "signal",
    "error",
    "escalation",
    "sub",
    "call",
    "race",
    "complex",
    "needs",
    "compensate",
    "done",
    "transaction",
    "fails",
)
#: sub-processes that work in them leaves by what it throws
_LEAVES = {"transaction": "cancel", "fails": "error:E"}
_SIGNALS = ("A", "B")


@dataclass
class _Tangle:
    dice: Random
    nodes: list[NodeBase] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    def name(self, letter: str) -> str:
        return f"{letter}{len(self.nodes)}"

    def add(self, node: NodeBase) -> str:
        self.nodes.append(node)
        return node.id

    def fill(self, scope: str, depth: int) -> None:
        """Nodes of a scope: a tree from where it begins, and further flows."""
        first = self.add(start(self.name("s") if scope != "P" else "s", container=scope))
        reached, loose, targets = [first], [first], []
        for _ in range(2 + self.dice.randrange(5)):
            kind = self.dice.choice((*_PLAIN, *_MORE) if depth else _PLAIN)
            ins, outs = self.make(kind, scope, depth)
            if ins is not None:
                source = self.dice.choice(reached)
                self.lines.append(f"{source} > {ins}")
                loose = [each for each in loose if each != source]
                targets.append(ins)
            reached += outs
            loose += outs
        for _ in range(self.dice.randrange(4)):
            if targets and len(reached) > 1:
                self.lines.append(f"{self.dice.choice(reached[1:])} > {self.dice.choice(targets)}")
        for source in dict.fromkeys(loose):
            if self.dice.randrange(2):
                self.lines.append(f"{source} > {self.add(self.ending(scope))}")
        if depth and self.dice.randrange(4) == 0:
            self.listener(scope, depth)

    def ending(self, scope: str) -> NodeBase:
        on = self.dice.choice(("", "", "terminate", "signal:A", "error:E", "escalation:X"))
        return end(self.name("e"), on=on, container=scope)

    def listener(self, scope: str, depth: int) -> None:
        made = self.add(by_event(self.name("H"), container=scope))
        self.fill(made, depth - 1)
        on = self.dice.choice(("message", "signal:A", "error", "error:E", "escalation", "timer"))
        interrupting = "error" in on or bool(self.dice.randrange(2))
        begins = next(node for node in self.nodes if node.container == made and node.id.startswith("s"))
        place = self.nodes.index(begins)
        self.nodes[place] = start(begins.id, on=on, is_interrupting=interrupting, container=made)

    def make(self, kind: str, scope: str, depth: int) -> tuple[str | None, list[str]]:
        """A node: where a flow may lead to, and where flows may come from."""
        match kind:
            case "exclusive" | "parallel" | "inclusive":
                made = self.add(gateway(self.name(kind[0]), GatewayKind(f"{kind}Gateway"), container=scope))
            case "complex":
                made = self.add(complex_gateway(self.name("k"), container=scope))
            case "catch":
                on = self.dice.choice(("message", "timer", "signal:A", "signal:B", "message timer", "message signal:A"))
                every = self.dice.randrange(3) == 0
                made = self.add(catch(self.name("c"), on=on, container=scope, parallel_multiple=every))
            case "throw":
                made = self.add(throw(self.name("t"), container=scope))
            case "signal":
                made = self.add(throw(self.name("t"), on=f"signal:{self.dice.choice(_SIGNALS)}", container=scope))
            case "escalation":
                made = self.add(throw(self.name("t"), on="escalation:X", container=scope))
            case "compensate":
                made = self.add(
                    throw(self.name("t"), on=self.dice.choice(("compensate", "compensate:!")), container=scope)
                )
            case "error":
                return self.add(end(self.name("z"), on="error:E", container=scope)), []
            case "race":
                return self.race(scope)
            case "user" | "wide":
                more = {"start_quantity": 2} if kind == "wide" else {}
                made = self.add(user(self.name("a"), container=scope, **more))
                return made, [made, *self.border(made, scope, "message timer signal:A")]
            case "needs":
                made = self.add(user(self.name("a"), container=scope, completion_quantity=2))
            case "done":
                made = self.add(user(self.name("a"), container=scope))
                event = self.add(boundary(self.name("b"), made, on="compensate", container=scope))
                self.joined.append(f"{event}>{self.add(undo(self.name('u'), container=scope))}")
            case "service":
                made = self.add(task(self.name("v"), TaskKind.SERVICE, container=scope))
            case _:
                return self.inner(kind, scope, depth)
        return made, [made]

    def race(self, scope: str) -> tuple[str, list[str]]:
        opens = self.add(race(self.name("g"), container=scope))
        arms = [self.add(catch(self.name("c"), on="message", container=scope))]
        arms.append(self.add(receive(self.name("r"), container=scope)))
        self.lines += [f"{opens} > {arm}" for arm in arms]
        return opens, arms

    def inner(self, kind: str, scope: str, depth: int) -> tuple[str, list[str]]:
        if kind == "call":
            process = f"Q{len(self.nodes)}"
            made = self.add(call(self.name("C"), process, container=scope))
            self.fill(process, depth - 1)
        else:
            make = transaction if kind == "transaction" else sub
            made = self.add(make(self.name("S"), container=scope))
            self.fill(made, depth - 1)
            if kind in _LEAVES:
                begins = next(node.id for node in self.nodes if node.container == made)
                work = self.add(user(self.name("a"), container=made))
                last = self.add(end(self.name("z"), on=_LEAVES[kind], container=made))
                self.lines.append(f"{begins} > {work} > {last}")
        catches = "error error:E escalation escalation:X message signal:A" + " cancel" * (kind == "transaction")
        found = self.border(made, scope, catches)
        for on in ("error", "error:E") if kind == "fails" else ():
            found.append(self.add(boundary(self.name("b"), made, on=on, container=scope)))
        return made, [made, *found]

    def border(self, host: str, scope: str, on: str) -> list[str]:
        found = []
        while self.dice.randrange(3) == 0:
            what = self.dice.choice(on.split())
            interrupting = what.startswith(("error", "cancel")) or bool(self.dice.randrange(2))
            event = boundary(self.name("b"), host, on=what, cancel_activity=interrupting, container=scope)
            found.append(self.add(event))
        return found


def tangle(dice: Random) -> Model:
    made = _Tangle(dice)
    made.fill("P", 2)
    return draw(made.nodes, *made.lines, joined=" ".join(made.joined))
