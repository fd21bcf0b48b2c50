"""Random numbers that are addressed, never streamed.

A number belongs to (seed, replication, case, purpose, visit, element). The same step then meets the same luck in the
same case in every variant. Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC'11), tested against Random123's known answers.
"""

from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Final

MASK_32: Final = 0xFFFFFFFF
MASK_64: Final = 0xFFFFFFFFFFFFFFFF
MAX_VISIT: Final = 2**24
_M0: Final = 0xD2511F53
_M1: Final = 0xCD9E8D57
_W0: Final = 0x9E3779B9  # golden ratio
_W1: Final = 0xBB67AE85  # sqrt(3) - 1
_GOLDEN_64: Final = 0x9E3779B97F4A7C15
_ULP: Final = 2.0**-52


class Purpose(IntEnum):
    """What a number is drawn for. New ones are appended below NO_SHOW; none is ever renumbered."""

    DURATION = 0
    LAG = 1
    BRANCH = 2
    REPEAT = 3
    INSTANCES = 4
    INTERVAL = 5
    GROUP_SIZE = 6
    ATTRIBUTE = 7
    TIMER = 8
    RESPONSE = 9
    ANSWER = 10
    LOST = 11
    DELAY = 12
    DECLINED = 13
    DOOR = 14
    DOOR_DELAY = 15
    EVENT_HAPPENS = 16
    REPLY = 17
    NO_SHOW = 32  # of seat 0; seat s has NO_SHOW + s, see `no_show`


def no_show(seat: int) -> int:
    """The purpose of the no-show of a gate's `seat`, counted from 0 among its seats of that role."""
    if not 0 <= seat < 256 - Purpose.NO_SHOW:
        raise ValueError(f"a gate has at most {256 - Purpose.NO_SHOW} seats of a role")
    return Purpose.NO_SHOW + seat


@lru_cache(maxsize=4096)
def round_keys(key0: int, key1: int) -> tuple[tuple[int, int], ...]:
    """The ten pairs of keys of the ten rounds."""
    return tuple(((key0 + i * _W0) & MASK_32, (key1 + i * _W1) & MASK_32) for i in range(10))


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10: four words of 32 bits from a counter of four and a key of two."""
    c0, c1, c2, c3 = counter
    for k0, k1 in round_keys(*key):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> 32) ^ c1 ^ k0
        c1 = p1 & MASK_32
        c2 = (p0 >> 32) ^ c3 ^ k1
        c3 = p0 & MASK_32
    return c0, c1, c2, c3


def uniform(seed: int, replication: int, number: int, purpose: int, visit: int, address: int) -> float:
    """The number of this address, in the open interval (0, 1): an odd multiple of 2^-53, never 0 or 1.

    seed, replication, number (of the case in its stream): below 2^32; purpose: below 256; visit: below 2^24; address:
    below 2^64, from `address` and `mix`. The plan checks these bounds; here they would cost time.
    """
    c0, c1, c2, c3 = number, purpose << 24 | visit, address & MASK_32, address >> 32
    for k0, k1 in round_keys(seed, replication):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> 32) ^ c1 ^ k0
        c1 = p1 & MASK_32
        c2 = (p0 >> 32) ^ c3 ^ k1
        c3 = p0 & MASK_32
    return ((c1 << 20 | c0 >> 12) + 0.5) * _ULP


def _blake2b_64(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=65_536)
def address(stream: str, element: str) -> int:
    """The address of an element in a stream, below 2^64, before any path is mixed in."""
    return _blake2b_64(f"{stream}\0{element}")


@lru_cache(maxsize=65_536)
def _hash(element: str) -> int:
    return _blake2b_64(element)


def mix(address: int, element: str, instance: int, visit: int) -> int:
    """`address` under one more enclosing element: a multi-instance or call; of an entry, with visit 0."""
    step = _GOLDEN_64 * (1 + instance + (visit << 32))
    return finalise(address ^ ((_hash(element) + step) & MASK_64))


def finalise(word: int) -> int:
    """The last step of splitmix64 (Steele, Lea, Flood, OOPSLA 2014): a bijection of 64 bits that spreads every bit."""
    word = ((word ^ word >> 30) * 0xBF58476D1CE4E5B9) & MASK_64
    word = ((word ^ word >> 27) * 0x94D049BB133111EB) & MASK_64
    return word ^ word >> 31
