"""The simulator against queueing theory (:mod:`tests.theory.table` has the table, :mod:`tests.theory.systems` what is
simulated), and that what it is held against is right.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from bpmn_tool.instants.units import MINUTE
from bpmn_tool.results.trace import RowKind
from tests.simulation.drawn import HEAD, ONE_TASK, run
from tests.simulation.many_draws import Floats
from tests.theory.systems import SYSTEMS, Jackson, Open, Repair
from tests.theory.table import LONGER, measured

MM1 = Open("M/M/1", load=0.5)


def test_one_server_is_lindleys_recursion_to_the_tick(tmp_path: Path):
    """W(n + 1) = max(0, W(n) + S(n) - A(n + 1)), in whole ticks."""
    n = MM1.customers
    head = HEAD.replace('horizon = "P28D"', f'cases = {n}\nfollow_up = "P28D"')
    ran = run(tmp_path, ONE_TASK, MM1.scenario(1.0), head=head, check=False)
    arrivals, services = (np.floor(each * MINUTE + 0.5).astype(np.int64) for each in MM1.inputs(1, 0))
    wait, expected = 0, []
    for i in range(n):
        wait = max(0, wait + int(services[i - 1]) - int(arrivals[i])) if i else 0
        expected.append(wait)
    started = [row for row in ran.rows if row.kind is RowKind.STARTED]
    found = {int(row.case.split("/")[1]): sum((row.waits or {}).values()) for row in started}
    # NumPy's log may differ from libm's in its last bit
    assert max(abs(found[i] - expected[i]) for i in range(n)) <= 1


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_a_replication_is_near_what_is_known(tmp_path: Path, system: Open | Repair | Jackson):
    """A glance at each, so that the slow test below does not rot: one replication, far from exact."""
    found = system.observed(tmp_path, 1, 0, 1.0)
    assert found.keys() == system.theory.keys()
    assert all(abs(found[what] / known - 1.0) < 0.7 for what, known in system.theory.items())


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(SYSTEMS)), ids=[system.name for system in SYSTEMS])
def test_it_is_as_theory_says_and_two_per_cent_longer_service_is_not(number: int):
    assert all(each.holds for each in measured(number, 1.0))
    assert not any(each.holds for each in measured(number, LONGER))


# -- what it is held against


@pytest.mark.parametrize(
    "queue",
    [Open("", load=0.5, memory=8), Open("", load=0.7, servers=4, memory=16), Open("", load=0.6, shape=2.0, memory=8)],
    ids=["M/M/1", "M/M/4", "M/G/1"],
)
def test_the_control_has_the_mean_that_is_known(queue: Open):
    rng = np.random.default_rng(1)
    services: Floats = rng.gamma(queue.shape, 1.0 / queue.shape, 400_000)
    control = queue.control(rng.exponential(queue.between, 400_000), services)
    batches = control[1_000:].reshape(-1, 500).mean(axis=1)
    assert abs(batches.mean() - queue.mean_after(queue.memory)) < 4 * batches.std() / math.sqrt(len(batches))


def test_spitzers_identity_and_the_chain_say_the_same_of_one_server():
    assert MM1.mean_after(20) == pytest.approx(MM1._found(20), rel=1e-12)


def test_after_many_customers_the_mean_is_that_of_the_formula():
    for queue in (MM1, Open("", load=0.5, servers=3), Open("", load=0.5, shape=2.0)):
        assert queue.mean_after(400) == pytest.approx(queue.theory["wait"], rel=1e-9)


def test_where_nobody_is_urgent_cobham_is_erlang():
    nobody = Open("", load=0.5, urgent=1e-12)
    assert nobody.theory["wait, others"] == pytest.approx(MM1.theory["wait"])
