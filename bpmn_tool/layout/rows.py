"""Which row each element of one band stands in, so that the longest way through the band is a straight line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PULL = 0.2
"""What a row nearer to the band that a flow leads to is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to place: its columns, its height in rows and which of these its flows are drawn at."""

    id: str
    first: int
    last: int
    height: int = 1
    port: int = 0
    before: tuple[str, ...] = ()  # items of the band that lead here, forwards
    below: frozenset[str] = frozenset()  # those of `before` that lead here from their lower border
    pull: int = 0  # flows to bands below, less those to bands above
    rank: int = 0  # how many columns follow on the longest way on; the one with most continues straight


@dataclass(slots=True)
class _Band:
    taken: dict[tuple[int, int], str] = field(default_factory=dict)
    lines: set[tuple[int, int]] = field(default_factory=set)  # cells that a straight flow passes
    row: dict[str, int] = field(default_factory=dict)
    low: int = 0
    high: int = 0


def arrange(items: Sequence[Item]) -> tuple[dict[str, int], int]:
    """The row of each item's port, from 0 down, and how many rows there are (one at least)."""
    by_id = {item.id: item for item in items}
    heirs = _heirs(items, by_id)
    band = _Band()
    for item in sorted(items, key=lambda i: (i.first, -i.rank)):
        _put(
            band, item, min(_candidates(band, item), key=lambda row: (_cost(band, item, row, by_id, heirs), row)), by_id
        )
    top = min((band.row[item.id] - item.port for item in items), default=0)
    bottom = max((band.row[item.id] - item.port + item.height for item in items), default=1)
    return {name: row - top for name, row in band.row.items()}, max(1, bottom - top)


def _heirs(items: Sequence[Item], by_id: Mapping[str, Item]) -> dict[str, str]:
    """For each item the one behind it that continues its line."""
    found: dict[str, Item] = {}
    for item in items:
        for before in item.before:
            best = found.get(before)
            if before not in item.below and (best is None or item.rank > best.rank):
                found[before] = item
    return {before: item.id for before, item in found.items() if before in by_id}


def _candidates(band: _Band, item: Item) -> list[int]:
    low, high = band.low - item.height - 1, band.high + item.height + 1
    return [row for row in range(low, high + 1) if not any(cell in band.taken for cell in _cells(item, row))]


def _cells(item: Item, row: int) -> list[tuple[int, int]]:
    top = row - item.port
    return [(r, c) for r in range(top, top + item.height) for c in range(item.first, item.last + 1)]


def _cost(band: _Band, item: Item, row: int, by_id: Mapping[str, Item], heirs: Mapping[str, str]) -> float:
    top, bottom = row - item.port, row - item.port + item.height - 1
    cost = 1.5 * max(0, bottom - band.high) + 2.0 * max(0, band.low - top)  # a new row, rather below than above
    cost += 3.0 * sum(cell in band.lines for cell in _cells(item, row))
    cost -= PULL * item.pull * row
    before = [name for name in item.before if name in band.row]
    if not before:
        cost += 0.3 * abs(row)
    for name in before:
        source = by_id[name]
        source_row = band.row[name]
        if name in item.below:
            floor = source_row - source.port + source.height
            cost += 1.0 * abs(row - floor) + (6.0 if row < floor else 0.0)
        elif heirs.get(name) == item.id:
            cost += 2.0 * abs(row - source_row)
            cost += 3.0 * (row == source_row and _blocked(band, source, item, row))
        else:
            cost += 0.8 * abs(row - source_row) + (2.5 if row == source_row else 0.0)
    return cost


def _between(source: Item, item: Item, row: int) -> list[tuple[int, int]]:
    return [(row, column) for column in range(source.last + 1, item.first)]


def _blocked(band: _Band, source: Item, item: Item, row: int) -> bool:
    return any(cell in band.taken or cell in band.lines for cell in _between(source, item, row))


def _put(band: _Band, item: Item, row: int, by_id: Mapping[str, Item]) -> None:
    for cell in _cells(item, row):
        band.taken[cell] = item.id
    for name in item.before:
        if band.row.get(name) == row and name not in item.below:
            band.lines.update(_between(by_id[name], item, row))
    band.row[item.id] = row
    band.low = min(band.low, row - item.port)
    band.high = max(band.high, row - item.port + item.height - 1)
