"""The compiled draws are those of `draws.py` and of the quantile functions, to the bit."""

import random

import pytest

pytest.importorskip("numba", reason="the extra `compiled` is not installed")

from bpmn_tool.simulation import compiled_kernel, draws
from bpmn_tool.simulation.quantile_forms import Exponential, Triangular, Uniform
from bpmn_tool.simulation.samplers import Whole


def test_uniforms_are_the_same():
    dice = random.Random(5)  # noqa: S311
    for _ in range(2000):
        seed, replication, number = (dice.getrandbits(32) for _ in range(3))
        purpose, visit, address = dice.getrandbits(8), dice.getrandbits(24), dice.getrandbits(64)
        expected = draws.uniform(seed, replication, number, purpose, visit, address)
        found = compiled_kernel.uniform(seed, replication, number, purpose, visit, compiled_kernel.U64(address))
        assert found == expected


@pytest.mark.parametrize(
    ("form", "quantile", "parameters"),
    [
        (compiled_kernel.EXPONENTIAL, Exponential(3.3e9), (3.3e9, 0.0, 0.0)),
        (compiled_kernel.UNIFORM, Uniform(1e6, 7.7e8), (1e6, 7.7e8, 0.0)),
        (compiled_kernel.TRIANGULAR, Triangular(1e6, 3e7, 7.7e8), (1e6, 3e7, 7.7e8)),
    ],
)
def test_durations_are_the_same(form, quantile, parameters):
    import numpy as np

    dice = random.Random(6)  # noqa: S311
    whole = Whole(lambda u, _: quantile(u), quantile)
    for _ in range(2000):
        u, speed = dice.random(), dice.uniform(0.3, 3.0)
        assert compiled_kernel.duration(form, np.array(parameters), u, speed) == whole(u, {}, speed)
