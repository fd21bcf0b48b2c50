import random
from math import log

import pytest

from bpmn_tool.results.pooled import Run, quantile_half_width


def runs(dice: random.Random, count: int, cases: int) -> list[Run]:
    return [Run.of([dice.expovariate(1) for _ in range(cases)], [], 0) for _ in range(count)]


def test_cells_differ_by_less_than_a_quarter_of_a_per_cent_from_what_falls_in_them():
    dice = random.Random(1)  # noqa: S311
    for time in (10 ** dice.uniform(-3, 9) for _ in range(1000)):
        (cell,) = Run.of([time], [], 0).reached
        assert cell == pytest.approx(time, rel=0.002)
    assert list(Run.of([0.0], [], 0).reached) == [0.0]


def test_one_replication_says_nothing_of_its_spread():
    assert quantile_half_width(runs(random.Random(1), 1, 100), 0.5) is None  # noqa: S311


def test_what_is_not_reached_without_some_of_them_has_no_interval():
    got, never = Run.of([1.0] * 60, [], 0), Run.of([], [], 55)
    assert quantile_half_width([got, never], 0.5) is None


def test_replications_that_are_alike_leave_no_doubt():
    assert quantile_half_width([Run.of([1.0, 2.0, 4.0], [9.0], 1)] * 8, 0.5) == 0.0


@pytest.mark.slow
def test_its_intervals_cover_the_true_median_and_ninth_decile_about_as_often_as_they_say():
    """400 experiments of 40 replications with 50 exponential times each; Wilson's interval of 95 % at that number is
    92 to 97.
    """
    dice = random.Random(7)  # noqa: S311
    hits = {0.5: 0, 0.9: 0}
    for _ in range(400):
        each = runs(dice, 40, 50)
        pooled = sorted(time for run in each for time in run.reached.elements())
        for p in hits:
            half = quantile_half_width(each, p)
            assert half is not None
            hits[p] += abs(pooled[int(p * len(pooled))] + log(1 - p)) <= half
    assert all(0.92 <= count / 400 <= 0.97 for count in hits.values()), hits
