"""Whole numbers to pixels along one axis.

Cells of given sizes with gaps between, each gap made of zones with tracks and of borders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bpmn_tool.layout.tracks import Zone

TRACK: Final = 12
"""Pixels between two tracks."""


@dataclass(slots=True, kw_only=True)
class Part:
    """A zone with `tracks` tracks, `pad` pixels free before the first and behind the last, `least` pixels wide in all.

    Then perhaps borders.
    """

    zone: Zone
    tracks: int = 0
    pad: int = 14
    least: int = 0
    borders: tuple[str, ...] = ()  # keys of what ends or begins right behind the zone

    @property
    def width(self) -> int:
        used = 2 * self.pad + TRACK * (self.tracks - 1) if self.tracks else 0
        return max(self.least, used)


@dataclass(slots=True)
class Ruler:
    """Where everything lies after :func:`lay`."""

    cells: list[tuple[float, float]] = field(default_factory=list)  # start and size
    zones: dict[tuple[int, Zone], float] = field(default_factory=dict)  # of the first track
    borders: dict[str, float] = field(default_factory=dict)
    end: float = 0.0

    def middle(self, cell: int) -> float:
        start, size = self.cells[cell]
        return start + size / 2

    def track(self, gap: int, zone: Zone, track: int) -> float:
        return self.zones[gap, zone] + TRACK * track


def lay(start: float, gaps: Mapping[int, Sequence[Part]], sizes: Sequence[float]) -> Ruler:
    """Gap 0, cell 0, gap 1, … the last gap."""
    ruler, cursor = Ruler(), start
    for i in range(len(sizes) + 1):
        for part in gaps[i]:
            used = TRACK * max(0, part.tracks - 1)
            ruler.zones[i, part.zone] = cursor + (part.width - used) / 2
            cursor += part.width
            for border in part.borders:
                ruler.borders[border] = cursor
        if i < len(sizes):
            ruler.cells.append((cursor, sizes[i]))
            cursor += sizes[i]
    ruler.end = cursor
    return ruler
