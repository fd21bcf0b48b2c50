"""The token rules and SpiffWorkflow, over random models, with structure and without, and the models that ship.

What a case does is possible by the token rules, what the token rules offer a case does, and after each both offer the
same.

Execution knows nothing of the token rules, so that agreement is evidence for both.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from bpmn_tool.errors import RunError
from bpmn_tool.execution.beginnings import beginnings
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.net import Behaviour
from bpmn_tool.model.tokens import Step, StepKind
from tests.agreement.pair import Difference, Pair, Undecided
from tests.agreement.tangles import tangle
from tests.execution.drawing import by_event, catch, draw, parallel, start, sub, throw, user
from tests.model.blocks import ALL, EVERYTHING, LOOPED, SIMPLE, Blocks, blocks

T = TypeVar("T")
ACTS = 40
KINDS = (SIMPLE, LOOPED, ALL, EVERYTHING, EVERYTHING)
SHIPPED = sorted((Path(__file__).parents[2] / "processes").glob("*/*.bpmn"))


class Dice(Random):
    """Draws; every other time what was drawn least before, so that rare branches are met too."""

    def __init__(self, seed: int, drawn: Counter[Any] | None = None) -> None:
        super().__init__(seed)
        self.drawn = Counter() if drawn is None else drawn

    def one_of(self, offers: Sequence[T]) -> T:
        found = offers[self.randrange(len(offers))]
        if self.randrange(2):
            found = min(offers, key=lambda offer: (self.drawn[self.key(offer)], self.random()))
        self.drawn[self.key(found)] += 1
        return found

    @staticmethod
    def key(offer: Any) -> object:
        return (offer.node, offer.flows) if isinstance(offer, Step) else offer


def made(seed: int) -> tuple[Dice, Blocks]:
    chance = Dice(seed)
    while True:
        each = blocks(chance.randrange, KINDS[seed % len(KINDS)], depth=3 + seed % 3)
        if 8 <= len(each.model.flow_nodes) <= 60:
            return chance, each


def pair_of(each: Blocks) -> Pair:
    return Pair(each.model, each.counts, each.enough, data=each.data)


def play_case(pair: Pair, chance: Dice, acts: int = ACTS) -> int:
    """Do in the case what it offers, drawn; how much was done."""
    for done in range(acts):
        case = pair.case
        offers: list[tuple[object, ...]] = [
            ("complete", work.activity, None, None, work.instance) for work in case.work()
        ]
        for decision in case.decisions():
            offers += [("choose", flow) for flow in decision.flows]
            if pair.net.nodes[decision.gateway].behaviour is Behaviour.INCLUSIVE:
                offers.append(("choose", *(flow for flow in decision.flows if flow != decision.default)))
        offers += [("message", element) for element in case.awaited()]
        if case.next_timer is not None:
            offers.append(("wait_for_timer",))
        if not offers:
            return done
        verb, *arguments = chance.one_of(offers)
        pair.act(str(verb), *arguments)
    return acts


def play_tokens(pair: Pair, chance: Dice, acts: int = ACTS) -> int:
    """Do in the case what the token rules offer, drawn; the case has to do just that."""
    for done in range(acts):
        marking = min(pair.markings, key=lambda each: sorted(map(repr, each.items())))
        possible = [step for step in pair.possible(marking) if pair.is_outside(step)]
        if not possible:
            return done
        step = chance.one_of(possible)
        node = pair.net.nodes[step.node]
        if step.kind is StepKind.PERFORM:
            pair.act("perform", node.id)  # which need not be told
            continue
        if pair.is_choice(step):
            did = pair.act("choose", *step.flows)
        elif node.behaviour in (Behaviour.WORK, Behaviour.SUB_PROCESS):
            did = pair.act("complete", node.id, None, None, pair.run_number(marking, step.scope))
        elif pair.is_timer(node.id) and len(node.triggers) == 1:
            pair.act("wait_for_timer")  # the clock says which
            continue
        else:
            did = pair.act("occurs", node.id, step.trigger)
        meant = node.container if node.behaviour is Behaviour.EVENT_START else node.id
        if not any(element in (node.id, meant) for _, element, _ in did):
            raise Difference(f"the token rules have {step}, the case did {did}")
    return acts


def agree(seed: int) -> Pair:
    chance, each = made(seed)
    pair = pair_of(each)
    pair.act("start", "s")
    (play_case if seed % 2 else play_tokens)(pair, chance)
    return pair


def agree_on_tangle(seed: int) -> int:
    """How many steps of a model without structure agreed; it may go round in no time, or fit in too many ways."""
    chance = Dice(seed)
    pair = Pair(tangle(chance), kept=24, firings=60)
    with suppress(RunError, Undecided):
        pair.act("start", "s")
        (play_case if seed % 2 else play_tokens)(pair, chance, 12)
    return pair.steps


def test_nothing_begins_behind_a_catch_that_another_catcher_of_the_same_signal_ends() -> None:
    nodes = [start("s"), parallel("p"), user("w"), throw("t", on="signal:A"), catch("c", on="signal:A"), sub("S")]
    nodes += [
        user("u", container="S"),
        by_event("H"),
        start("h", on="signal:A", container="H"),
        user("v", container="H"),
    ]
    pair = Pair(draw(nodes, "s > p > w > t", "p > c > S", "h > v"))
    pair.act("start", "s")
    did = pair.act("complete", "w")
    assert ("enabled", "H", ()) in did
    assert ("enabled", "S", ()) not in did


def test_random_models_agree() -> None:
    assert sum(agree(seed).steps for seed in range(200)) > 4000


def test_models_without_structure_agree() -> None:
    assert sum(map(agree_on_tangle, range(150))) > 1800


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(1, 6))
def test_thousands_of_random_models_agree(thousand: int) -> None:
    assert sum(agree(seed).steps for seed in range(1000 * thousand, 1000 * thousand + 1000)) > 20_000


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(1, 6))
def test_thousands_of_models_without_structure_agree(thousand: int) -> None:
    assert sum(map(agree_on_tangle, range(1000 * thousand, 1000 * thousand + 1000))) > 12_000


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_models_that_ship_agree(path: Path) -> None:
    model, drawn = read_model(path), Counter[Any]()
    completed, met = 0, set[str]()
    for seed in range(160):
        chance, begin = Dice(seed, drawn), beginnings(model)
        pair = Pair(model, ask=True)
        pair.act("start", begin[seed // 2 % len(begin)])
        (play_case if seed % 2 else play_tokens)(pair, chance, acts=150)
        completed += pair.case.completed
        met |= {element for _, element, _ in pair.case.log}
    assert completed
    assert len(met) > 0.9 * len(model.flow_nodes)
