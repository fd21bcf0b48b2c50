"""The token game by hand: ``play = Play(model); play("s", "x>a")`` fires one step after another.

What holds of every step is asked each time: the input is left as it was, and the counts are those of a recount.
"""

from collections import Counter
from typing import Any

from bpmn_tool.model.elements import Model
from bpmn_tool.model.net import Net
from bpmn_tool.model.net_build import build
from bpmn_tool.model.tokens import EMPTY, Effect, EffectKind, Marking, Scope, Step, StepKind, fire, steps


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

    def __init__(self, model: Model, *at: str) -> None:
        self.net = build(model)
        self.marking = EMPTY
        for start in at or ("s",):
            self.begin(start)

    def begin(self, start: str) -> list[str]:
        return self.fire(Step(StepKind.BEGIN, (), start))

    def fire(self, step: Step) -> list[str]:
        self.marking, effects = checked(self.net, self.marking, step)
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
        """Tokens by flow, nodes that hold one, events (that listen), and multi-instances or loops* as wholes."""
        words = []
        for key, value in self.marking.items():
            match key[0]:
                case "t":
                    words += [key[2]] * value
                case "a":
                    words.append(key[2] if value.belongs_to is None else f"({key[2]})")
                case "o":
                    words.append(f"{key[2]}*")
                case "m":
                    words += [f"kept {key[1]}"] * value
        return " ".join(sorted(words))


def _text(effect: Effect) -> str:
    match effect.kind:
        case EffectKind.SENT | EffectKind.VANISHED:
            return f"{effect.kind.value} {effect.produced[0]}"
        case _:
            star = "*" if effect.outer else ""
            visit = f"/{effect.visit}" if effect.visit else ""
            return f"{effect.kind.value} {effect.node}{visit}{star}".rstrip()
