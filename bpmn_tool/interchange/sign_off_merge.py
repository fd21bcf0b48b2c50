"""Two branches of a sign-off file joined: every line is kept as it stands, and one more names both heads."""

import heapq
from collections.abc import Sequence

from bpmn_tool.errors import InputError, Problem
from bpmn_tool.interchange.sign_off_lines import CONFLICT, broken, hash_of, heads, join_line, read_lines
from bpmn_tool.register.sign_offs import SignOff


def branches_in(data: bytes) -> tuple[bytes, ...]:
    """The two sides of a file in which git left conflict markers; the file itself where it left none."""
    if not any(line.startswith(CONFLICT) for line in data.split(b"\n")):
        return (data,)
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    where: tuple[int, ...] = (0, 1)
    for line in data.split(b"\n"):
        if line.startswith(b"<<<<<<<"):
            where = (0,)
        elif line.startswith(b"|||||||"):
            where = ()
        elif line.startswith(b"=======") and where != (0, 1):
            where = (1,)
        elif line.startswith(b">>>>>>>"):
            where = (0, 1)
        else:
            for side in where:
                sides[side].append(line)
    return b"\n".join(sides[0]), b"\n".join(sides[1])


def merged(branches: Sequence[tuple[bytes, str]], partner: str) -> bytes:
    """The lines of all branches (bytes, path), each once; a line that joins them where one is needed.

    A line stands after those that it follows; of those that could come next, the one with the earlier date, then the
    smaller hash. So the result is the same whoever joins, and joining again changes nothing. Raises InputError where a
    branch is no chain by itself.
    """
    lines: dict[str, tuple[SignOff, bytes]] = {}
    problems: list[Problem] = []
    for data, path in branches:
        read = read_lines(data, path)
        problems += broken([line for line, _raw in read], partner, path)
        lines.update({line.hash: (line, raw) for line, raw in read})
    if problems:
        raise InputError(problems)
    while len(ends := heads(line for line, _raw in lines.values())) > 1:
        raw = join_line(partner, ends[:2])
        joined = SignOff(partner=partner, previous=tuple(ends[:2]), hash=hash_of(raw))
        lines[joined.hash] = (joined, raw)
    return b"".join(raw + b"\n" for raw in _in_order(lines))


def _in_order(lines: dict[str, tuple[SignOff, bytes]]) -> list[bytes]:
    waits = {hash_: set(line.previous) for hash_, (line, _raw) in lines.items()}
    ready = [(lines[each][0].date, each) for each, before in waits.items() if not before]
    heapq.heapify(ready)
    found: list[bytes] = []
    while ready:
        _date, hash_ = heapq.heappop(ready)
        found.append(lines[hash_][1])
        for other, before in waits.items():
            if hash_ in before:
                before.discard(hash_)
                if not before:
                    heapq.heappush(ready, (lines[other][0].date, other))
    return found
