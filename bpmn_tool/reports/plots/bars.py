"""Horizontal bars in rows, stacked by kind, one block of rows for each scenario, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from bpmn_tool.reports import text
from bpmn_tool.reports.palette import GREY
from bpmn_tool.reports.plots.plot import number_axis
from bpmn_tool.reports.sheet import SIZE, SMALL, Sheet, bare, gutter, legend_height

_BAR = 16.0
_AXIS = 24.0
_TICK = 12.0  # room for half of the first number below the axis, where no labels stand to its left


@dataclass(frozen=True, slots=True)
class Row:
    """A label, the lengths of its stacked parts, and the words at the end of the bar."""

    label: str
    parts: tuple[float, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one heading; no heading where it is empty."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What to draw: `kinds` are colour and words of the stacked parts; `reference` a line at a value, with words;
    `top` the end of the axis.
    """

    blocks: Sequence[Block]
    kinds: Sequence[tuple[str, str]]
    axis: str
    suffix: str = ""
    reference: tuple[float, str] | None = None
    top: float | None = None


def draw(bars: Bars, width: float) -> Figure:
    """The figure, `width` pixels wide and as high as it has to be."""
    labels = [row.label for block in bars.blocks for row in block.rows]
    side = gutter(labels, width, 0.34)
    entries = [(colour, text.plain(words)) for colour, words in bars.kinds] if len(bars.kinds) > 1 else []
    heads = [text.wrap(text.plain(block.heading), width, SIZE, bold=True) for block in bars.blocks]
    tall = [side.row_height(index, _BAR) + 2 for index in range(len(labels))]
    line = SIZE * text.LINE_HEIGHT
    reference = SMALL * text.LINE_HEIGHT + 2 if bars.reference else 0.0
    heading = [len(lines) * line + 4 if lines else 0.0 for lines in heads]
    left = _TICK if side.above else side.width
    axis = text.wrap(bars.axis, width - left, SMALL)
    below = len(axis) * SMALL * text.LINE_HEIGHT + 4
    blocks = sum(heading) + sum(tall) + (reference + _AXIS + 10) * len(heads)
    sheet = Sheet(width, legend_height(entries, width) + blocks + below)
    sheet.y = sheet.legend(entries)
    room = 8 + max((text.width(row.words, SMALL) for block in bars.blocks for row in block.rows), default=0.0)
    top = bars.top or max((sum(row.parts) for block in bars.blocks for row in block.rows), default=1.0) or 1.0
    index = 0
    for block, lines, head in zip(bars.blocks, heads, heading, strict=True):
        sheet.paragraph(0, sheet.y, lines, bold=True)
        sheet.y += head + reference
        rows = tall[index : index + len(block.rows)]
        names = side.lines[index : index + len(block.rows)]
        _block(sheet, bars, block, rows, names, above=side.above, left=left, room=room, top=top)
        index += len(block.rows)
        sheet.y += sum(rows) + _AXIS + 10
    sheet.paragraph(left, sheet.y - 8, axis, size=SMALL, colour=GREY)
    return sheet.figure


def _block(
    sheet: Sheet,
    bars: Bars,
    block: Block,
    tall: Sequence[float],
    labels: Sequence[tuple[str, ...]],
    *,
    above: bool,
    left: float,
    room: float,
    top: float,
) -> None:
    wide = sheet.width - left - room - 2
    axes = sheet.axes(left, sheet.y, wide, sum(tall))
    done = 0.0
    for row, height, lines in zip(block.rows, tall, labels, strict=True):
        words_height = len(lines) * SIZE * text.LINE_HEIGHT
        at = done + (words_height + _BAR / 2 if above else height / 2)
        sheet.paragraph(0, sheet.y + (done if above else at - words_height / 2), lines)
        start = 0.0
        for length, (colour, _words) in zip(row.parts, bars.kinds, strict=True):
            axes.barh(at, length, left=start, height=_BAR - 2, color=colour, edgecolor="white", linewidth=0.5)
            start += length
        end = left + wide * min(start, top) / top
        sheet.write(end + 6, sheet.y + at, row.words, size=SMALL)
        done += height
    axes.set_xlim(0, top)
    axes.set_ylim(sum(tall), 0)
    axes.set_yticks([])
    if bars.reference is not None:
        value, said = bars.reference
        x = left + wide * value / top
        sheet.rule(x, sheet.y - 2, x, sheet.y + sum(tall), colour=GREY, thickness=1.4, dashes=(5, 3))
        fits = x + text.width(said, SMALL) / 2 <= sheet.width
        sheet.write(
            x if fits else sheet.width, sheet.y - 9, said, size=SMALL, colour=GREY, align="center" if fits else "right"
        )
    number_axis(axes, sheet.width, suffix=bars.suffix)
    bare(axes)
