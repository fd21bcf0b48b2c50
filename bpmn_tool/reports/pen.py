"""Drawing in the units of a BPMN diagram (y downwards) on a matplotlib figure, in groups that become ``<g id="...">``.

The figure grows with what is drawn: :meth:`Pen.finish` sets its size to the extent of all marks.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from bpmn_tool.reports import text as words
from bpmn_tool.reports.palette import BLACK, WHITE
from bpmn_tool.reports.picture import MARK, UNITS_PER_INCH, new_figure

Point = tuple[float, float]

#: how much of a line below words still shows
_HALO = 0.75

_MOVE, _LINE, _CURVE, _CLOSE = map(int, (Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CLOSEPOLY))
#: a circle's quarter by a cubic Bézier curve
_KAPPA = 0.5522847498307936


class _Group(Artist):
    """Artists that are drawn together, between the tags of one SVG group."""

    def __init__(self, gid: str) -> None:
        super().__init__()
        self.set_gid(MARK + gid)
        self.members: list[Artist] = []

    def draw(self, renderer: Any) -> None:
        """Called by matplotlib."""
        renderer.open_group("element", gid=self.get_gid())
        for member in self.members:
            member.draw(renderer)
        renderer.close_group("element")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """How a line or area looks: `fill` None leaves it open; `dashes` in units; `thickness` 0 draws no line."""

    stroke: str = BLACK
    fill: str | None = None
    thickness: float = 1.4
    dashes: tuple[float, ...] | None = None
    round_cap: bool = False
    opacity: float | None = None

    def patch(self) -> dict[str, Any]:
        """As keyword arguments of a matplotlib patch."""
        return {
            "facecolor": self.fill or "none",
            "edgecolor": self.stroke if self.thickness else "none",
            "linewidth": self.thickness,
            "linestyle": (0, self.dashes) if self.dashes else "-",
            "capstyle": "round" if self.round_cap else "butt",
            "joinstyle": "round",
            "alpha": self.opacity,
        }


class Pen:
    """See the module. Use inside :func:`bpmn_tool.reports.picture.settings`."""

    def __init__(self) -> None:
        self.figure: Figure = new_figure(10, 10)
        self._place = Affine2D()
        self._transform = self._place + self.figure.dpi_scale_trans
        self._group: _Group | None = None
        self.left = self.top = math.inf
        self.right = self.bottom = -math.inf
        #: left, top, right, bottom of each line of words
        self.written: list[tuple[float, float, float, float]] = []

    @contextmanager
    def group(self, gid: str) -> Iterator[None]:
        """What is drawn inside belongs to the element with this id."""
        group = _Group(gid)
        self.figure.add_artist(group)
        before, self._group = self._group, group
        try:
            yield
        finally:
            self._group = before

    def finish(self, margin: float) -> Figure:
        """The figure, cut to what was drawn with a margin around it."""
        if self.left > self.right:
            self.left = self.top = 0.0
            self.right = self.bottom = 1.0
        width, height = self.right - self.left + 2 * margin, self.bottom - self.top + 2 * margin
        self.figure.set_size_inches(width / UNITS_PER_INCH, height / UNITS_PER_INCH)
        self._place.clear().translate(margin - self.left, -self.bottom - margin).scale(
            1 / UNITS_PER_INCH, -1 / UNITS_PER_INCH
        )
        return self.figure

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self._transform)
        artist.set_figure(self.figure)
        if self._group is not None:
            self._group.members.append(artist)
        else:
            self.figure.add_artist(artist)

    def reach(self, x: float, y: float) -> None:
        """Let the figure hold this point."""
        self.left, self.right = min(self.left, x), max(self.right, x)
        self.top, self.bottom = min(self.top, y), max(self.bottom, y)

    def path(self, vertices: Sequence[Point], codes: Sequence[int], ink: Ink) -> None:
        """Any path of matplotlib."""
        for x, y in vertices:
            self.reach(x, y)
        self._add(PathPatch(Path(vertices, codes), **ink.patch()))

    def line(self, points: Sequence[Point], ink: Ink) -> None:
        """An open line through points."""
        self.path(points, [_MOVE] + [_LINE] * (len(points) - 1), ink)

    def polygon(self, points: Sequence[Point], ink: Ink) -> None:
        """A closed area."""
        self.path([*points, points[0]], [_MOVE] + [_LINE] * (len(points) - 1) + [_CLOSE], ink)

    def lines(self, strokes: Sequence[Sequence[Point]], ink: Ink) -> None:
        """Several open lines as one path."""
        vertices = [point for stroke in strokes for point in stroke]
        codes = [_MOVE if index == 0 else _LINE for stroke in strokes for index in range(len(stroke))]
        self.path(vertices, codes, ink)

    def circle(self, x: float, y: float, radius: float, ink: Ink) -> None:
        """A circle by four curves."""
        k = radius * _KAPPA
        vertices = [
            (x + radius, y),
            *((x + radius, y + k), (x + k, y + radius), (x, y + radius)),
            *((x - k, y + radius), (x - radius, y + k), (x - radius, y)),
            *((x - radius, y - k), (x - k, y - radius), (x, y - radius)),
            *((x + k, y - radius), (x + radius, y - k), (x + radius, y)),
            (x + radius, y),
        ]
        self.path(vertices, [_MOVE, *[_CURVE] * 12, _CLOSE], ink)

    def box(self, x: float, y: float, width: float, height: float, ink: Ink, radius: float = 0.0) -> None:
        """A rectangle, with rounded corners where `radius` says so."""
        r = min(radius, width / 2, height / 2)
        if r <= 0:
            self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], ink)
            return
        k = r * (1 - _KAPPA)
        right, bottom = x + width, y + height
        vertices = [
            (x + r, y),
            (right - r, y),
            *((right - k, y), (right, y + k), (right, y + r)),
            (right, bottom - r),
            *((right, bottom - k), (right - k, bottom), (right - r, bottom)),
            (x + r, bottom),
            *((x + k, bottom), (x, bottom - k), (x, bottom - r)),
            (x, y + r),
            *((x, y + k), (x + k, y), (x + r, y)),
            (x + r, y),
        ]
        side = [_LINE, _CURVE, _CURVE, _CURVE]
        self.path(vertices, [_MOVE, *side * 4, _CLOSE], ink)

    def write(
        self,
        x: float,
        y: float,
        line: str,
        size: float,
        *,
        colour: str = BLACK,
        align: str = "center",
        turned: bool = False,
        bold: bool = False,
    ) -> None:
        """One line with its middle at (x, y); `turned` reads upwards."""
        half = words.width(line, size) / 2
        start = {"center": -half, "left": 0.0, "right": -2 * half}[align]
        along = (start, start + 2 * half)
        corners = [(x + b, y - a) if turned else (x + a, y + b) for a in along for b in (-size * 0.6, size * 0.6)]
        for corner in corners:
            self.reach(*corner)
        xs, ys = zip(*corners, strict=True)
        self.written.append((min(xs), min(ys), max(xs), max(ys)))
        # The base line stands a third of the size below the middle of capitals; said so and not left to the renderer,
        # whose own idea of the middle depends on the letters.
        shift = size * 0.36
        place = (x + shift, y) if turned else (x, y + shift)
        self._add(
            Text(
                *place,
                line,
                fontsize=size,
                color=colour,
                ha=align,
                va="baseline",
                rotation=90 if turned else 0,
                rotation_mode="anchor",
                fontweight="bold" if bold else "normal",
                parse_math=False,
            )
        )

    def block(
        self,
        x: float,
        y: float,
        fitted: words.Fitted,
        *,
        colour: str = BLACK,
        align: str = "center",
        turned: bool = False,
        halo: bool = False,
    ) -> None:
        """Lines with their common middle at (x, y). `halo` lays white behind them."""
        step = fitted.size * words.LINE_HEIGHT
        first = -(len(fitted.lines) - 1) / 2
        if halo and fitted.lines:
            wide = max(words.width(line, fitted.size) for line in fitted.lines) + 3
            start = x - wide / 2 if align == "center" else x - 1.5
            self.box(start, y - fitted.height / 2, wide, fitted.height, Ink(fill=WHITE, thickness=0, opacity=_HALO))
        for index, line in enumerate(fitted.lines):
            offset = (first + index) * step
            self.write(
                *((x + offset, y) if turned else (x, y + offset)),
                line,
                fitted.size,
                colour=colour,
                align=align,
                turned=turned,
            )
