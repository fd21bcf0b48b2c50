"""The simulator against queueing theory, as a table: ``python -m tests.theory.table [--jobs 2]``; some ten minutes.

Each of 100 seeds is an experiment of five replications with a mean and a standard error, so (mean - theory) / standard
error should be Student's t with four degrees of freedom: the distance of the hundred values from it is tested by
Kolmogorov and Smirnov. The half-width is that of the mean over all. The same with service times two per cent longer
than the theory is told has to fail.
"""

import argparse
import gc
import math
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy import stats

from tests.simulation.many_draws import Floats
from tests.theory.systems import SYSTEMS

SEEDS, REPLICATIONS = 100, 5
LONGER = 1.02


@dataclass(frozen=True)
class Result:
    """Of one quantity. `half` (of the 95 % interval) and `bias` are relative to the theory."""

    system: str
    what: str
    service: float
    theory: float
    mean: float
    half: float
    z: float
    p: float  # Kolmogorov-Smirnov, of the hundred t
    bias: float

    @property
    def holds(self) -> bool:
        return self.half <= 0.01 and self.p >= 0.01


def measured(number: int, service: float) -> list[Result]:
    """One system, with service times so many times as long as the theory is told."""
    system = SYSTEMS[number]
    gc.set_threshold(300_000, 20, 20)  # as replications are run
    with tempfile.TemporaryDirectory() as folder:
        found = [
            [system.observed(Path(folder), seed, replication, service) for replication in range(REPLICATIONS)]
            for seed in range(1, SEEDS + 1)
        ]
    values = {what: np.array([[each[what] for each in seed] for seed in found]) for what in system.theory}
    return [
        result(system.name, what, service, theory, values[what], system.bias) for what, theory in system.theory.items()
    ]


def result(name: str, what: str, service: float, theory: float, values: Floats, bias: float) -> Result:
    replications = values.shape[1]
    t = (values.mean(axis=1) - theory) / (values.std(axis=1, ddof=1) / math.sqrt(replications))
    error = values.std(ddof=1) / math.sqrt(values.size)
    return Result(
        system=name, what=what, service=service, theory=theory, mean=float(values.mean()),
        half=float(stats.t.ppf(0.975, values.size - 1) * error / theory),
        z=float((values.mean() - theory) / error),
        p=float(stats.kstest(t, stats.t(replications - 1).cdf).pvalue),
        bias=bias,
    )  # fmt: skip


def table(results: Iterator[Result]) -> Iterator[str]:
    yield f"{'system':<34}{'what':<15}{'service':>8}{'theory':>9}{'mean':>9}{'half':>8}{'z':>8}{'KS p':>10}{'bias':>9}"
    for each in results:
        yield (
            f"{each.system:<34}{each.what:<15}{each.service:>8.2f}{each.theory:>9.4f}{each.mean:>9.4f}{each.half:>8.2%}"
            f"{each.z:>8.2f}{each.p:>10.2g}{each.bias:>9.0e}  {'holds' if each.holds else 'fails'}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="the systems whose name has this in it")
    given = parser.parse_args()
    jobs = given.jobs
    chosen = [number for number, system in enumerate(SYSTEMS) if given.only.lower() in system.name.lower()]
    wanted = [(number, service) for number in chosen for service in (1.0, LONGER)]
    wrong = 0

    def all_results() -> Iterator[Result]:
        nonlocal wrong
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for found in pool.map(measured, *zip(*wanted, strict=True)):
                for each in found:
                    wrong += each.holds != (each.service == 1.0)
                    yield each

    for line in table(all_results()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"{wrong} not as they should be\n")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
