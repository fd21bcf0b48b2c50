"""What the colours, frames and signs on a drawing mean, above it."""

from dataclasses import dataclass

from bpmn_tool.messages import _
from bpmn_tool.reports.overlays import Overlay, Tint, rows
from bpmn_tool.reports.palette import BLACK, GREY, VERMILLION, WHITE, heat
from bpmn_tool.reports.pen import Ink, Pen
from bpmn_tool.reports.shapes import Scene
from bpmn_tool.reports.text import plain, width, wrap

_ROW = 30.0
_LINE = 18.0
_NOTE = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """Words for the heat: what it is, and the value at the dark end."""

    words: str
    top: str
    bottom: str = "0"


def draw(scene: Scene, legend: Legend | None, overlay: Overlay | None) -> None:
    """Above the drawing at its left: the scale of the heat, the sign of what nobody holds, and what is laid over it."""
    pen, by = scene.pen, scene.by
    if pen.left > pen.right:
        return
    x, y = pen.left, pen.top - 62.0 * by
    if scene.marks.heat and scene.marks.heat_top > 0:
        said = legend or Legend(words=_("value"), top=f"{scene.marks.heat_top:g}")
        x += _scale(pen, said, x, y, by) + 50 * by
    if scene.marks.undefined:
        ink = Ink(stroke=VERMILLION, fill=WHITE, thickness=3.2 * by, dashes=(7 * by, 4 * by))
        pen.box(x, y + 12 * by, 44 * by, 24 * by, ink, 6 * by)
        pen.write(x + 54 * by, y + 24 * by, _("nobody is named for this"), 12 * by, align="left")
        x += (70 + 7 * len(_("nobody is named for this"))) * by
    if overlay is not None:
        _overlay(pen, overlay, x, y, by)


def _scale(pen: Pen, said: Legend, x: float, y: float, by: float) -> float:
    """Words, colours from light to dark, the values at both ends; returns the width taken."""
    steps, step, tall = 40, 6.0 * by, 14.0 * by
    words = plain(said.words)
    pen.write(x, y, words, 12 * by, align="left")
    for index in range(steps):
        pen.box(x + index * step, y + 12 * by, step + 0.4, tall, Ink(fill=heat((index + 0.5) / steps), thickness=0))
    pen.box(x, y + 12 * by, steps * step, tall, Ink(stroke=GREY, thickness=0.8 * by))
    pen.write(x, y + 36 * by, plain(said.bottom), 11 * by, align="left")
    pen.write(x + steps * step, y + 36 * by, plain(said.top), 11 * by, align="right")
    return max(steps * step, width(words, 12 * by))


def sign(pen: Pen, x: float, y: float, tint: Tint, by: float) -> None:
    """A disc with the sign of a tint."""
    pen.circle(x, y, 8 * by, Ink(stroke=WHITE, fill=tint.stroke, thickness=1.0))
    pen.write(x, y, tint.sign, 11 * by, colour=WHITE if tint.sign else BLACK, bold=True)


def _overlay(pen: Pen, overlay: Overlay, x: float, y: float, by: float) -> None:
    """A row a tint, upwards from the drawing: an area, a line, what they mean and how many there are."""
    notes = [line for note in overlay.notes for line in wrap(plain(note), _NOTE * by, 12 * by)]
    shown = rows(overlay)
    top = y - ((len(shown) - 2) * _ROW + len(notes) * _LINE - 6) * by
    for number, (tint, count) in enumerate(shown):
        middle = top + number * _ROW * by
        dashes = None if tint.dashes is None else (tint.dashes[0] * by, tint.dashes[1] * by)
        frame = Ink(
            stroke=tint.stroke if tint.framed else BLACK,
            fill=tint.fill or WHITE,
            thickness=(2.4 if tint.framed else 1.2) * by,
            dashes=dashes if tint.framed else None,
        )
        pen.box(x, middle - 10 * by, 36 * by, 20 * by, frame, 5 * by)
        if tint.sign:
            sign(pen, x, middle - 10 * by, tint, by)
        pen.line(
            [(x + 44 * by, middle), (x + 80 * by, middle)], Ink(stroke=tint.stroke, thickness=2.4 * by, dashes=dashes)
        )
        pen.write(x + 90 * by, middle, f"{tint.words} ({count})", 12 * by, align="left")
    below = top + (len(shown) * _ROW - 4) * by
    for number, line in enumerate(notes):
        pen.write(x, below + number * _LINE * by, line, 12 * by, align="left")
