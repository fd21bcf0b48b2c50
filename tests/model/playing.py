"""The token game by hand: ``play = Play(model); play("s", "x>a")`` fires one step after another.

What holds of every step is asked each time: the input is left as it was, the counts are those of a recount, and a play
beside it that reuses numbers holds the same.

A golden trace is a table, a step a line, what it did, and what is held then::

    begin s | fired     | ^s
    s       | fired s   | s-a
    a       | enabled a | a
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bpmn_tool.model.elements import Model
from bpmn_tool.model.marking import Done
from bpmn_tool.model.net import Net
from bpmn_tool.model.net_build import build
from bpmn_tool.model.tokens import EMPTY, REUSING, Effect, EffectKind, Marking, Scope, Step, StepKind, fire, steps


def recount(net: Net, marking: Marking) -> dict[Scope, int]:
    """What each process or sub-process instance holds: its tokens, and nodes that hold one."""
    held: Counter[Scope] = Counter()
    for key, value in marking.items():
        match key:
            case ("t", scope, _):
                held[scope] += value
            case ("o", scope, _, _):
                held[scope] += 1
            case ("a", scope, node, _):
                is_body = net.nodes[node].loop is not None and scope[-1][0] == node
                held[scope] += value.belongs_to is None and not is_body
    return +held


def checked(net: Net, marking: Marking, step: Step) -> tuple[Marking, list[Effect]]:
    before = dict(marking)
    after, effects = fire(net, marking, step)
    assert dict(marking) == before
    assert {key[1]: value for key, value in after.items() if key[0] == "n"} == recount(net, after)
    return after, effects


def left_over(marking: Marking) -> list[object]:
    """All but the numbers of visits and instances."""
    return [key for key in marking if key[0] in "taon"]


class Play:
    """A marking under way. What a step did is a list of texts: ``enabled a/1`` is visit 1, ``*`` a multi-instance or
    loop as a whole.
    """

    def __init__(self, model: Model, *at: str, twin: bool = True) -> None:
        """Without a `twin` no play that reuses numbers runs beside it: of what was done twice it compensates one."""
        self.net = build(model)
        self.marking = EMPTY
        self.twin = Twin(self.net) if twin else None
        for start in at or ("s",):
            self.begin(start)

    def begin(self, start: str) -> list[str]:
        return self.fire(Step(StepKind.BEGIN, (), start))

    def fire(self, step: Step) -> list[str]:
        self.marking, effects = checked(self.net, self.marking, step)
        if self.twin is not None:
            self.twin.fire(step, effects)
            assert held(self.twin.marking) == held(self.marking)
            assert sorted(map(_alike, self.twin.steps())) == sorted(map(_alike, self.steps()))
        return [_text(effect) for effect in effects if effect.node or effect.produced]

    def __call__(self, *words: str) -> list[str]:
        """Each word is a node, or a node and where it sends its tokens: ``x>a+b``; what the last one did."""
        did: list[str] = []
        for word in words:
            node, _, to = word.partition(">")
            did = self.do(node, to=to)
        return did

    def do(self, node: str, *, to: str = "", instances: int | None = None, **wanted: Any) -> list[str]:
        """The step of `node` with this `visit`, `path` (instances of multi-instances around), `again`, `satisfied`."""
        wanted = {"again": False, "satisfied": False} | wanted
        found = [each for each in self.steps(node) if self._fits(each, to, wanted)]
        assert found, f"{node} may not do this; there is {list(steps(self.net, self.marking))}"
        same = found[0]._replace(flows=())
        assert len({each.flows for each in found if each._replace(flows=()) == same}) == 1, f"say where {node} goes"
        return self.fire(found[0] if instances is None else found[0]._replace(instances=instances))

    def _fits(self, step: Step, to: str, wanted: dict[str, Any]) -> bool:
        targets = sorted(self.net.flows[flow][1] for flow in step.flows)
        if to and targets != sorted(to.split("+")):
            return False
        path = tuple(frame[2] for frame in step.scope if frame[2] >= 0)
        return all((path if key == "path" else getattr(step, key)) == value for key, value in wanted.items())

    def steps(self, node: str = "") -> list[Step]:
        return [step for step in steps(self.net, self.marking) if node in ("", step.node)]

    @property
    def may(self) -> list[str]:
        """Nodes that may do something now, each once a way to do it."""
        return sorted({(step.node, step.scope, step.visit): step.node for step in self.steps()}.values())

    @property
    def held(self) -> str:
        return held(self.marking)


def held(marking: Marking) -> str:
    """Tokens by flow, nodes that hold one, events (that listen), and multi-instances or loops* as wholes; [gateways]
    that wait for reset; messages kept; {what} can be compensated, in order of completion.
    """
    words = []
    for key, value in marking.items():
        match key[0]:
            case "t":
                words += [key[2]] * value
            case "a":
                words.append(key[2] if value.belongs_to is None else f"({key[2]})")
            case "o":
                words.append(f"{key[2]}*")
            case "m":
                words += [f"kept {key[1]}"] * value
            case "g":
                words.append(f"[{key[2]}]")
            case "c":
                words.append("{" + " ".join(map(_done, value)) + "}")
    return " ".join(sorted(words))


def _done(done: Done) -> str:
    inside = " ".join(map(_done, done.inside))
    return f"{done.node}({inside})" if inside else done.node


class Twin:
    """The same play from REUSING: each step is the one that does the same there, under the numbers given there."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.marking = REUSING
        self.scopes: dict[Scope, Scope] = {(): ()}
        self.visits: dict[tuple[Scope, str, int, bool], int] = {}

    def fire(self, step: Step, effects: list[Effect]) -> None:
        outer = step.kind is StepKind.CLOSE
        visit = self.visits.get((step.scope, step.node, step.visit, outer), step.visit)
        twin = step._replace(scope=self.scopes[step.scope], visit=visit)
        self.marking, same = checked(self.net, self.marking, twin)
        assert sorted(map(_what, same)) == sorted(map(_what, effects))
        for here, there in zip(effects, same, strict=True):
            if here.kind in (EffectKind.ENABLED, EffectKind.FIRED):
                assert _what(here) == _what(there)
                self.scopes[here.scope] = there.scope
                self.visits[here.scope, here.node, here.visit, here.outer] = there.visit

    def steps(self) -> list[Step]:
        return list(steps(self.net, self.marking))


def _what(effect: Effect) -> tuple[str, ...]:
    return (effect.kind.value, effect.node, *effect.consumed, "", *effect.produced, str(effect.outer))


def _alike(step: Step) -> tuple[Any, ...]:
    """A step without its numbers."""
    words = (step.kind.value, step.node, step.flow, step.flows, tuple(frame[0] for frame in step.scope))
    return (*words, step.instances, step.again, step.satisfied, step.trigger)


# -- golden traces


def golden(model: Model, table: str, *, twin: bool = True) -> Play:
    """Play a table ``step | effects | held``, each asserted in full; a fourth column is what may happen then.

    A step is a node and where it goes (``x>a+b``), with ``x3`` instances, ``#1`` the visit, ``@0.1`` the path,
    ``again``, ``enough`` (the completion condition holds), ``!1`` the trigger, ``reset``, ``close``,
    ``done`` (of what waits, where a token waits too); or ``begin s``, ``keep m``, ``perform a``.
    """
    play = Play.__new__(Play)
    play.net, play.marking = build(model), EMPTY
    play.twin = Twin(play.net) if twin else None
    for number, (step, *want) in enumerate(_rows(table), 1):
        did = ", ".join(_play(play, step.split()))
        got = [did, play.held, " ".join(play.may)][: len(want)]
        assert got == want, f"row {number}, {step}: {got} is not {want}"
    return play


def _rows(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def _play(play: Play, words: list[str]) -> list[str]:
    match words:
        case ["begin", where]:
            return play.begin(where)
        case ["keep", flow]:
            return play.fire(Step(StepKind.KEEP, (), "", flow=flow))
        case ["perform", node]:  # also what is under way already
            inner = next(k for k in play.marking if k[0] == "a" and node in (play.net.nodes[k[2]].performs or ()))
            return play.fire(Step(StepKind.PERFORM, (*inner[1], (inner[2], inner[3], -1)), node))
        case [node, *how]:
            name, _, to = node.partition(">")
            return play.do(name, to=to, **_how(how))
        case _:
            raise AssertionError(words)


def _how(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words:
        match word[0], word[1:]:
            case _ if word == "again":
                found["again"] = True
            case _ if word == "done":
                found["kind"] = StepKind.COMPLETE
            case _ if word == "enough":
                found["satisfied"] = True
            case _ if word in ("reset", "close"):
                found["kind"] = StepKind(word)
            case "x", number:
                found["instances"] = int(number)
            case "#", number:
                found["visit"] = int(number)
            case "!", number:
                found["trigger"] = int(number)
            case "@", path:
                found["path"] = tuple(map(int, path.split(".")))
            case _:
                raise AssertionError(word)
    return found


def _text(effect: Effect) -> str:
    match effect.kind:
        case EffectKind.SENT | EffectKind.VANISHED:
            return f"{effect.kind.value} {effect.produced[0]}"
        case _:
            star = "*" if effect.outer else ""
            visit = f"/{effect.visit}" if effect.visit else ""
            return f"{effect.kind.value} {effect.node}{visit}{star}".rstrip()
