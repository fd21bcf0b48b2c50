import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.simulation.draws import address, uniform
from tests.simulation.many_draws import COORDINATES, RUN, Floats, element_addresses, runs, uniforms, words

WORD = st.integers(0, 2**32 - 1)
PLACES = st.lists(
    st.tuples(WORD, WORD, WORD, st.integers(0, 2**24 - 1), st.integers(0, 2**64 - 1)), min_size=1, max_size=20
)


@given(PLACES, st.integers(0, 255))
def test_many_at_once_are_those_one_by_one(places: list[tuple[int, int, int, int, int]], purpose: int):
    seed, replication, number, visit, where = (np.array(each, np.uint64) for each in zip(*places, strict=True))
    together = uniforms(seed, replication, number, purpose, visit, where)
    assert list(together) == [uniform(s, r, n, purpose, v, w) for s, r, n, v, w in places]


def test_the_bytes_are_those_of_the_addresses_in_their_order():
    elements = element_addresses()
    here = address("stream", "task_7")
    case, visit, element, replication, seed = runs(7, elements)
    for k in (0, 1, RUN - 1):
        assert _u(case[k]) == uniform(8, 7, k, 0, 1, here)
        assert _u(visit[k]) == uniform(8, 7, 7, 1, k, here)
        assert _u(element[k]) == uniform(8, 7, 7, 2, 1, address("stream", f"task_{k}"))
        assert _u(replication[k]) == uniform(8, k, 7, 3, 1, here)
        assert _u(seed[k]) == uniform(k, 7, 7, 4, 1, here)


def _u(word: np.uint64) -> float:
    return ((int(word) >> 12) + 0.5) / 2**52


def ranks(values: Floats) -> Floats:
    return np.argsort(np.argsort(values)).astype(np.float64)


@pytest.mark.parametrize("coordinate", COORDINATES)
@pytest.mark.parametrize("apart", [1, 2, 7])
def test_numbers_of_neighbouring_addresses_have_unrelated_ranks(coordinate: str, apart: int):
    """Spearman's correlation, over forty runs along each coordinate."""
    which, elements = COORDINATES.index(coordinate), element_addresses()
    found = []
    for turn in range(40):
        order = ranks((list(runs(turn, elements))[which] >> np.uint64(12)).astype(np.float64))
        found.append(np.corrcoef(order[:-apart], order[apart:])[0, 1])
    assert abs(np.mean(found)) < 4 / math.sqrt(40 * RUN)
    assert max(map(abs, found)) < 4.5 / math.sqrt(RUN)


def test_neighbouring_purposes_are_unrelated_too():
    along = np.arange(20_000)
    here = address("stream", "task")
    order = [ranks(uniforms(1, 0, along, purpose, 0, here)) for purpose in range(18)]
    for one, other in pairwise(order):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / math.sqrt(len(along))


def test_one_word_is_of_no_coordinate_alone():
    """All five change what is drawn."""
    base = words(1, 2, 3, 4, 5, 6)
    others = [words(2, 2, 3, 4, 5, 6), words(1, 3, 3, 4, 5, 6), words(1, 2, 4, 4, 5, 6), words(1, 2, 3, 4, 6, 6)]
    others += [words(1, 2, 3, 5, 5, 6), words(1, 2, 3, 4, 5, 7)]
    assert base not in others
