"""Many numbers of :mod:`bpmn_tool.simulation.draws` at once, with NumPy; and their bytes in the order of addresses.

``python -m tests.simulation.many_draws | dieharder -a -g 200`` (docs/random-numbers.md has the result). The order is
the one in which a simulation might ask: a run over cases, all else alike, then over visits, elements, replications
and seeds, and again with another seed, replication, case, visit and element. No address comes twice.
"""

import sys
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from bpmn_tool.simulation.draws import address

Words = np.ndarray[Any, np.dtype[np.uint64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
#: numbers in a run over one coordinate
RUN: Final = 4096
COORDINATES: Final = ("case", "visit", "element", "replication", "seed")


def words(seed: Any, replication: Any, number: Any, purpose: int, visit: Any, where: Any) -> Words:
    """``x0 + 2^32 x1`` of Philox4x32-10 at each address; what is one number counts for all."""
    k0, k1, visits, a = (np.asarray(each, np.uint64) for each in (seed, replication, visit, where))
    shape = np.broadcast_shapes(k0.shape, k1.shape, np.shape(number), visits.shape, a.shape)
    c0, c1, c2, c3 = (
        np.array(np.broadcast_to(np.asarray(each, np.uint64), shape))
        for each in (number, visits | np.uint64(purpose << 24), a & _LOW, a >> _HALF)
    )
    p0, p1 = np.empty_like(c0), np.empty_like(c0)
    for _ in range(10):
        np.multiply(c0, _M0, out=p0)
        np.multiply(c2, _M1, out=p1)
        np.right_shift(p1, _HALF, out=c0)
        c0 ^= c1
        c0 ^= k0
        np.right_shift(p0, _HALF, out=c2)
        c2 ^= c3
        c2 ^= k1
        np.bitwise_and(p1, _LOW, out=c1)
        np.bitwise_and(p0, _LOW, out=c3)
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    c1 <<= _HALF
    c1 |= c0
    return c1


def uniforms(seed: Any, replication: Any, number: Any, purpose: int, visit: Any, where: Any) -> Floats:
    """What :func:`bpmn_tool.simulation.draws.uniform` gives at each address."""
    w = words(seed, replication, number, purpose, visit, where)
    return ((w >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52


def runs(turn: int, elements: Words) -> Iterator[Words]:
    """The five runs of a turn. Seeds differ from turn to turn (in the run over seeds, replications), and purposes from
    run to run, so that no address comes twice.
    """
    along = np.arange(RUN, dtype=np.uint64)
    case, visit, element = turn % 1000, turn % 3, int(elements[turn % RUN])
    yield words(turn + 1, turn, along, 0, visit, element)
    yield words(turn + 1, turn, case, 1, along, element)
    yield words(turn + 1, turn, case, 2, visit, elements)
    yield words(turn + 1, along, case, 3, visit, element)
    yield words(along, turn, case, 4, visit, element)


def element_addresses() -> Words:
    return np.array([address("stream", f"task_{n}") for n in range(RUN)], np.uint64)


def main() -> None:
    elements = element_addresses()
    turn = 0
    try:
        while True:
            sys.stdout.buffer.write(b"".join(run.astype("<u8").tobytes() for run in runs(turn, elements)))
            turn += 1
    except (BrokenPipeError, KeyboardInterrupt):  # whoever read has had enough
        sys.stderr.close()


if __name__ == "__main__":
    main()
