"""What holds of every model: fewer situations say the same as all; blocks are sound, and with a wrong join not."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bpmn_tool.checks.soundness import Soundness, Verdict, soundness
from bpmn_tool.checks.state_space import Limits
from bpmn_tool.model.elements import Gateway, GatewayKind, Model, SubProcess
from tests.checks.random_models import JOINS, PLAIN, RICH, THROWS, WILD, Pick, mutated, unstructured
from tests.model.blocks import ALL, blocks

#: blocks that are joined again; what runs aside in a round, and a fork into one activity, may be there twice
JOINED = tuple(kind for kind in ALL if kind not in ("aside", "fork"))
NO_RACE = tuple(kind for kind in JOINED if kind != "race")
ASIDE = tuple(kind for kind in ALL if kind not in ("loop", "fork"))

KINDS: dict[str, Callable[[Pick], Model]] = {
    "gateways": partial(unstructured, kinds=PLAIN),
    "activities_and_events": partial(unstructured, kinds=RICH),
    "two_pools": partial(unstructured, kinds=RICH, pools=2),
    "inclusive_joins": partial(unstructured, kinds=JOINS),
    "errors": partial(unstructured, kinds=THROWS),
    "errors_and_signals_over_two_pools": partial(unstructured, kinds=THROWS, pools=2),
    "what_acts_at_a_distance": partial(unstructured, kinds=WILD),
    "blocks_with_a_fault": mutated,
}

LAWS = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def compared(model: Model, limits: Limits) -> Soundness | None:
    """Look at all situations, and at fewer; None where all of them are too many."""
    whole = soundness(model, limits, reduced=False)
    if whole.spent or whole.verdict is Verdict.NOT_CHECKED:
        return None
    fewer = soundness(model, replace(limits, states=10 * limits.states))
    if whole.beyond or fewer.beyond:  # a search ends near the first that it does not follow: each sees other ones there
        assert fewer.verdict is not Verdict.SOUND
        return None
    assert bool(fewer.unsafe) == bool(whole.unsafe)
    if whole.unsafe:
        return whole
    assert fewer.verdict is whole.verdict
    assert set(fewer.dead) == set(whole.dead)
    assert bool(fewer.stuck) == bool(whole.stuck)
    assert _waiting(fewer) == _waiting(whole)
    assert fewer.states <= whole.states
    return whole


def _waiting(found: Soundness) -> set[tuple[str, ...]] | None:
    """Where it is left waiting: the same places, as long as all are told."""
    return None if found.more_stuck or any(each.round for each in found.stuck) else {e.elements for e in found.stuck}


def drawn(draws: Callable[[st.SearchStrategy[int]], int]) -> Pick:
    return lambda n: draws(st.integers(0, n - 1))


@pytest.mark.parametrize("kind", KINDS)
def test_fewer_situations_say_the_same(kind: str) -> None:
    @LAWS
    @given(st.data())
    def law(data: st.DataObject) -> None:
        compared(KINDS[kind](drawn(data.draw)), Limits(states=400, seconds=20))

    law()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_fewer_situations_say_the_same_of_thousands(kind: str) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(2_000):
        whole = compared(KINDS[kind](_dice(seed)), Limits(states=2_000, seconds=60))
        if whole is not None:
            verdicts[_told(whole)] += 1
    sys.stdout.write(f"{kind}: {dict(verdicts)}\n")
    assert verdicts["sound"] > 100
    assert verdicts["not safe"] > 100


def _dice(seed: int) -> Pick:
    return random.Random(seed).randrange  # noqa: S311  no secret


def _told(found: Soundness) -> str:
    if found.verdict is Verdict.SOUND:
        return "sound"
    return "not safe" if found.unsafe else "cannot complete" if found.stuck else "dead"


@LAWS
@given(st.data(), st.sampled_from([JOINED, ASIDE]))
def test_blocks_are_sound(data: st.DataObject, kinds: tuple[str, ...]) -> None:
    model = blocks(drawn(data.draw), kinds, depth=3).model
    assume(_begins_everywhere(model))
    found = soundness(model, Limits(states=20_000, seconds=60))
    assume(found.verdict is not Verdict.NOT_CHECKED)  # an event and a receive task behind one gateway
    assert found.verdict is Verdict.SOUND


def test_a_parallel_block_that_an_exclusive_gateway_joins_is_not_safe() -> None:
    tried = 0
    for seed in range(300):
        model = blocks(_dice(seed), NO_RACE, depth=3).model
        if not _begins_everywhere(model):
            continue
        gateways = [node for node in model.flow_nodes.values() if isinstance(node, Gateway)]
        joins = [node for node in gateways if _joins_live_branches(model, node)]
        for join in joins[:1]:
            wrong = replace(join, kind=GatewayKind.EXCLUSIVE)
            found = soundness(replace(model, flow_nodes={**model.flow_nodes, join.id: wrong}))
            if found.verdict is not Verdict.NOT_CHECKED:
                tried += 1
                assert found.unsafe, (seed, join.id)
    sys.stdout.write(f"{tried} of 300 models have a parallel block with branches that live\n")
    assert tried > 50


def _begins_everywhere(model: Model) -> bool:
    """Whether each sub-process has a start event, or a node without an incoming flow: a round at its head has none."""
    inside = [model.nodes_in(node.id) for node in model.flow_nodes.values() if isinstance(node, SubProcess)]
    return all(any(not node.incoming for node in nodes) for nodes in inside)


def _joins_live_branches(model: Model, node: Gateway) -> bool:
    """Whether this is the join of a parallel block, and something comes after it; each branch of a block comes to its
    end.
    """
    return node.kind is GatewayKind.PARALLEL and len(node.incoming) > 1 and bool(node.outgoing)
