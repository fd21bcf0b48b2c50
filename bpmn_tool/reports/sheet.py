"""A figure laid out by hand, in pixels from the top left: axes, rows with labels, legends that flow. Nothing overlaps
by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from bpmn_tool.reports import text
from bpmn_tool.reports.palette import BLACK, GREY, LIGHT
from bpmn_tool.reports.picture import new_figure

SIZE = 12.0
SMALL = 11.0
#: below this width labels stand above their rows instead of beside them
NARROW = 520.0
_SWATCH = 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers behind a figure, as they are shown. `numeric` columns (0-based) are set flush right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = field(default_factory=frozenset)
    caption: str = ""


class Sheet:
    """A figure of `width` pixels that is filled from the top; :attr:`y` is where the next thing goes."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.figure: Figure = new_figure(width, height)
        self.y = 0.0

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose data area is this box."""
        box = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SIZE,
        colour: str = BLACK,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        """One line with its middle at `y`."""
        self.figure.text(
            x / self.width,
            1 - y / self.height,
            text.plain(words),
            fontsize=size,
            color=colour,
            ha=align,
            va="center_baseline",
            fontweight="bold" if bold else "normal",
        )

    def paragraph(
        self, x: float, y: float, lines: Sequence[str], *, size: float = SIZE, colour: str = BLACK, bold: bool = False
    ) -> float:
        """Lines from `y` down; returns the height taken."""
        for index, line in enumerate(lines):
            self.write(x, y + (index + 0.5) * size * text.LINE_HEIGHT, line, size=size, colour=colour, bold=bold)
        return len(lines) * size * text.LINE_HEIGHT

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, edge: str = "none", hatch: str = ""
    ) -> None:
        """A filled rectangle."""
        self.figure.add_artist(
            Rectangle(
                (x / self.width, 1 - (y + height) / self.height),
                width / self.width,
                height / self.height,
                transform=self.figure.transFigure,
                facecolor=colour,
                edgecolor=edge,
                hatch=hatch or None,
                linewidth=0.8 if edge != "none" else 0,
            )
        )

    def rule(
        self,
        x: float,
        y: float,
        to_x: float,
        to_y: float,
        colour: str = LIGHT,
        thickness: float = 1.0,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """A straight line."""
        self.figure.add_artist(
            Line2D(
                [x / self.width, to_x / self.width],
                [1 - y / self.height, 1 - to_y / self.height],
                transform=self.figure.transFigure,
                color=colour,
                linewidth=thickness,
                linestyle=(0, dashes) if dashes else "-",
            )
        )

    def legend(self, entries: Sequence[tuple[str, str]], *, left: float = 0.0, y: float = 0.0) -> float:
        """Swatches with words, from left to right and on new lines; returns the height taken (see
        :func:`legend_height`).
        """
        for colour, lines, x, top in legend_places(entries, self.width - left):
            self.box(left + x, y + top + 3, _SWATCH, _SWATCH, colour)
            self.paragraph(left + x + _SWATCH + 5, y + top, lines, size=SMALL)
        return legend_height(entries, self.width - left)


def legend_places(entries: Sequence[tuple[str, str]], width: float) -> list[tuple[str, list[str], float, float]]:
    """Colour, lines, left and top of each entry of a legend."""
    places: list[tuple[str, list[str], float, float]] = []
    x = top = row = 0.0
    for colour, words in entries:
        lines = text.wrap(words, width - _SWATCH - 6, SMALL)
        wide = _SWATCH + 5 + max((text.width(line, SMALL) for line in lines), default=0.0)
        if x > 0 and x + wide > width:
            x, top, row = 0.0, top + row + 3, 0.0
        places.append((colour, lines, x, top))
        x += wide + 16
        row = max(row, len(lines) * SMALL * text.LINE_HEIGHT)
    return places


def legend_height(entries: Sequence[tuple[str, str]], width: float) -> float:
    """How much room :meth:`Sheet.legend` takes, with the gap below it."""
    places = legend_places(entries, width)
    if not places:
        return 0.0
    return max(top + len(lines) * SMALL * text.LINE_HEIGHT for _colour, lines, _x, top in places) + 8


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where the labels of rows stand: to the left in `width` pixels, or above each row."""

    width: float
    above: bool
    lines: tuple[tuple[str, ...], ...]

    def row_height(self, index: int, bar: float) -> float:
        """Height of a row whose own mark needs `bar`."""
        words = len(self.lines[index]) * SIZE * text.LINE_HEIGHT
        return words + bar + 2 if self.above else max(words, bar) + 2


def gutter(labels: Sequence[str], total: float, widest_share: float = 0.36) -> Gutter:
    """Decide where labels go on a sheet of `total` pixels, and wrap them."""
    if total < NARROW:
        return Gutter(
            width=0.0, above=True, lines=tuple(tuple(text.wrap(text.plain(label), total - 4, SIZE)) for label in labels)
        )
    limit = total * widest_share
    lines = tuple(tuple(text.wrap(text.plain(label), limit, SIZE)) for label in labels)
    widest = max((text.width(line, SIZE) for row in lines for line in row), default=0.0)
    return Gutter(width=widest + 12, above=False, lines=lines)


def bare(axes: Axes, *, grid: str = "x") -> None:
    """A quiet frame: no ticks' marks, light lines behind the data along one axis."""
    axes.tick_params(length=0, labelsize=SMALL)
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis="x" if grid == "x" else "y", color=LIGHT, linewidth=0.8)
    for side in ("top", "right", "left" if grid == "x" else "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom" if grid == "x" else "left"].set_color(GREY)
