import math
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.simulation.draws import Purpose, address, finalise, mix, no_show, philox, uniform
from bpmn_tool.simulation.uniforms import U_MAX, U_MIN

WORD = st.integers(0, 2**32 - 1)
DOUBLE_WORD = st.integers(0, 2**64 - 1)
ALL_ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [  # Random123, tests/kat_vectors, philox4x32 10
        ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ALL_ONES,) * 4, (ALL_ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers_of_random123(counter, key, words):
    assert philox(counter, key) == words


@given(WORD, WORD, WORD, st.integers(0, 255), st.integers(0, 2**24 - 1), DOUBLE_WORD)
def test_uniform_is_made_of_the_first_two_words(seed, replication, number, purpose, visit, address):
    counter = (number, purpose << 24 | visit, address % 2**32, address // 2**32)
    x0, x1, _, _ = philox(counter, (seed, replication))
    w = x0 + 2**32 * x1
    assert uniform(seed, replication, number, purpose, visit, address) == ((w >> 12) + 0.5) / 2**52


@given(WORD, WORD, WORD, DOUBLE_WORD)
def test_uniform_is_an_odd_multiple_of_its_unit_inside_the_interval(seed, replication, number, address):
    u = uniform(seed, replication, number, Purpose.DURATION, 0, address)
    assert U_MIN <= u <= U_MAX
    assert (u * 2**53) % 2 == 1


def test_the_ends_of_the_interval_are_representable():
    assert 0.0 < ((0 >> 12) + 0.5) / 2**52 == U_MIN
    assert 1.0 > (((2**64 - 1) >> 12) + 0.5) / 2**52 == U_MAX


def test_a_golden_number():
    u = uniform(1, 2, 3, Purpose.LAG, 4, address("concern_voiced", "clarify_signal"))
    assert u == 0.5669793206125796


def test_an_address_is_blake2b_of_stream_and_element():
    digest = blake2b(b"stream\0\xc3\xa9", digest_size=8).digest()
    assert address("stream", "é") == sum(byte << 8 * i for i, byte in enumerate(digest))
    assert address("a", "bc") != address("ab", "c")


def test_splitmix64_known_answers():
    # the first three outputs of splitmix64 with seed 1234567 (Rosetta Code, after Vigna's splitmix64.c)
    state, outputs = 1234567, []
    for _ in range(3):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        outputs.append(finalise(state))
    assert outputs == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@given(DOUBLE_WORD, st.integers(0, 2**20), st.integers(0, 2**24 - 1))
def test_mix_is_what_the_semantics_say(start, instance, visit):
    name = int.from_bytes(blake2b(b"sub", digest_size=8).digest(), "little")
    word = start ^ ((name + 0x9E3779B97F4A7C15 * (1 + instance + 2**32 * visit)) % 2**64)
    assert mix(start, "sub", instance, visit) == finalise(word)


def test_paths_do_not_meet():
    start = address("s", "e")
    paths = {mix(start, name, i, v) for name in ("a", "b") for i in range(50) for v in range(50)}
    paths |= {mix(mix(start, "a", i, 0), "b", j, 0) for i in range(20) for j in range(20)}
    assert len(paths) == 2 * 50 * 50 + 400


def test_purposes_keep_their_numbers():
    numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 32]
    assert [purpose.value for purpose in Purpose] == numbers
    assert [purpose.name for purpose in (Purpose(2), Purpose(10), Purpose(14), Purpose(17))] == [
        *("BRANCH", "ANSWER", "DOOR", "REPLY")
    ]


def test_seats_have_purposes_of_their_own():
    assert [no_show(seat) for seat in range(3)] == [32, 33, 34]
    with pytest.raises(ValueError, match="seats"):
        no_show(224)


@pytest.mark.parametrize("coordinate", range(6))
def test_numbers_along_each_coordinate_look_uniform_and_unrelated(coordinate):
    base = [7, 3, 11, 1, 2, address("s", "e")]
    n = 4000
    us = np.empty(n)
    for i in range(n):
        place = list(base)
        place[coordinate] = i % 256 if coordinate == 3 else base[coordinate] + i
        if coordinate == 3:  # purposes are few: go on with the next visit
            place[4] = i // 256
        us[i] = uniform(*place)
    counts = np.bincount((us * 20).astype(int), minlength=20)
    chi2 = float(((counts - n / 20) ** 2 / (n / 20)).sum())
    assert chi2 < 43.8  # 0.1 % of chi-squared with 19 degrees of freedom
    assert abs(np.corrcoef(us[:-1], us[1:])[0, 1]) < 4 / math.sqrt(n)
