"""The signs of BPMN (2.0.2, chapter 7 and the figures of 10): what stands inside events, gateways and activities.

All are drawn around a centre with a given half size, so that they follow the diagram's own sizes.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, assert_never

from bpmn_tool.model.elements import Event, EventKind, Gateway, GatewayKind, TaskKind, TriggerKind
from bpmn_tool.reports.palette import BLACK, WHITE, text_on
from bpmn_tool.reports.pen import Ink, Pen, Point

Draw = Callable[[Pen, float, float, float, str, str | None], None]
"""Pen, centre x and y, half size, colour of lines, colour of areas (None: open)."""


def envelope(pen: Pen, x: float, y: float, r: float, stroke: str, fill: str | None) -> None:
    """A message; the flap of a filled one is in the background's colour."""
    w, h = r, r * 0.68
    pen.box(
        x - w, y - h, 2 * w, 2 * h, Ink(stroke=stroke, fill=fill or (WHITE if stroke != WHITE else None), thickness=1.1)
    )
    flap = [(x - w, y - h), (x, y + h * 0.15), (x + w, y - h)]
    pen.line(flap, Ink(stroke=text_on(fill) if fill else stroke, thickness=1.1))


def _clock(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    pen.circle(x, y, r, Ink(stroke=stroke, thickness=1.1))
    marks = []
    for hour in range(12):
        angle = hour * math.pi / 6
        marks.append([_at(x, y, r * 0.82, angle), _at(x, y, r * 0.98, angle)])
    marks.append([_at(x, y, r * 0.72, math.radians(15)), (x, y), _at(x, y, r * 0.5, math.radians(95))])
    pen.lines(marks, Ink(stroke=stroke, thickness=1.0, round_cap=True))


def _at(x: float, y: float, r: float, angle: float) -> Point:
    """At an angle clockwise from twelve o'clock."""
    return (x + r * math.sin(angle), y - r * math.cos(angle))


def _shape(points: tuple[Point, ...]) -> Draw:
    def draw(pen: Pen, x: float, y: float, r: float, stroke: str, fill: str | None) -> None:
        pen.polygon([(x + a * r, y + b * r) for a, b in points], Ink(stroke=stroke, fill=fill, thickness=1.1))

    return draw


def _rewind(pen: Pen, x: float, y: float, r: float, stroke: str, fill: str | None) -> None:
    for start in (-1.0, -0.05):
        points = [(x + start * r, y), (x + (start + 0.95) * r, y - 0.7 * r), (x + (start + 0.95) * r, y + 0.7 * r)]
        pen.polygon(points, Ink(stroke=stroke, fill=fill, thickness=1.1))


def _sheet(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    pen.box(x - 0.7 * r, y - 0.9 * r, 1.4 * r, 1.8 * r, Ink(stroke=stroke, thickness=1.1))
    rows = [[(x - 0.5 * r, y + k * r), (x + 0.5 * r, y + k * r)] for k in (-0.55, -0.18, 0.18, 0.55)]
    pen.lines(rows, Ink(stroke=stroke, thickness=1.0))


def _disc(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    pen.circle(x, y, r, Ink(stroke=stroke, fill=stroke, thickness=1.0))


def _turned(angle: float, points: tuple[Point, ...]) -> tuple[Point, ...]:
    c, s = math.cos(angle), math.sin(angle)
    return tuple((a * c - b * s, a * s + b * c) for a, b in points)


_PLUS: Final = (
    *((-0.3, -1.0), (0.3, -1.0), (0.3, -0.3), (1.0, -0.3), (1.0, 0.3), (0.3, 0.3)),
    *((0.3, 1.0), (-0.3, 1.0), (-0.3, 0.3), (-1.0, 0.3), (-1.0, -0.3), (-0.3, -0.3)),
)
_PENTAGON: Final = tuple((math.sin(k * 0.4 * math.pi), -math.cos(k * 0.4 * math.pi)) for k in range(5))
_THIN_PLUS: Final = tuple(
    (math.copysign(0.2, a) if abs(a) == 0.3 else a, math.copysign(0.2, b) if abs(b) == 0.3 else b) for a, b in _PLUS
)
_CROSS: Final = _turned(math.pi / 4, _THIN_PLUS)

_TRIGGERS: Final[Mapping[TriggerKind, Draw]] = {
    TriggerKind.MESSAGE: envelope,
    TriggerKind.TIMER: _clock,
    TriggerKind.SIGNAL: _shape(((0.0, -0.9), (0.95, 0.7), (-0.95, 0.7))),
    TriggerKind.ERROR: _shape(((-0.85, 0.8), (-0.35, -0.6), (0.25, 0.15), (0.85, -0.85), (0.35, 0.65), (-0.25, -0.1))),
    TriggerKind.ESCALATION: _shape(((0.0, -0.95), (0.75, 0.85), (0.0, 0.1), (-0.75, 0.85))),
    TriggerKind.CONDITIONAL: _sheet,
    TriggerKind.LINK: _shape(
        ((-0.95, -0.35), (0.15, -0.35), (0.15, -0.8), (0.95, 0.0), (0.15, 0.8), (0.15, 0.35), (-0.95, 0.35))
    ),
    TriggerKind.COMPENSATE: _rewind,
    TriggerKind.CANCEL: _shape(_CROSS),
    TriggerKind.TERMINATE: _disc,
}
_SIZES: Final[Mapping[TriggerKind, float]] = {
    TriggerKind.TIMER: 0.68,
    TriggerKind.TERMINATE: 0.6,
    TriggerKind.CANCEL: 0.62,
}


def event(
    pen: Pen, node: Event, x: float, y: float, r: float, stroke: str, background: str, outline: str = BLACK
) -> None:
    """Rings and trigger of an event with radius `r`; `outline` is seen against what lies around it, not inside."""
    open_ring = (node.kind is EventKind.BOUNDARY and not node.cancel_activity) or (
        node.kind is EventKind.START and not node.is_interrupting
    )
    dashes = (4.0, 3.0) if open_ring else None
    thick = 3.2 if node.kind is EventKind.END else 1.4
    pen.circle(x, y, r, Ink(stroke=outline, fill=background, thickness=thick, dashes=dashes))
    if node.kind in {EventKind.CATCH, EventKind.THROW, EventKind.BOUNDARY}:
        pen.circle(x, y, r - 3, Ink(stroke=stroke, thickness=1.1, dashes=dashes))
    filled = stroke if node.kind in {EventKind.END, EventKind.THROW} else None
    if len(node.definitions) > 1:
        points = _PLUS if node.parallel_multiple else _PENTAGON
        _shape(points)(pen, x, y, r * 0.55, stroke, filled)
    elif node.trigger is not None:
        _TRIGGERS[node.trigger](pen, x, y, r * _SIZES.get(node.trigger, 0.52), stroke, filled)


def gateway(pen: Pen, node: Gateway, x: float, y: float, r: float, stroke: str, *, marked: bool) -> None:
    """What stands in the diamond; `marked` whether an exclusive one shows its cross."""
    match node.kind:
        case GatewayKind.EXCLUSIVE:
            if marked:
                _shape(_CROSS)(pen, x, y, r * 0.42, stroke, stroke)
        case GatewayKind.INCLUSIVE:
            pen.circle(x, y, r * 0.48, Ink(stroke=stroke, thickness=2.2))
        case GatewayKind.PARALLEL:
            _shape(_THIN_PLUS)(pen, x, y, r * 0.5, stroke, stroke)
        case GatewayKind.EVENT_BASED:
            pen.circle(x, y, r * 0.6, Ink(stroke=stroke, thickness=1.0))
            if not node.instantiate:
                pen.circle(x, y, r * 0.5, Ink(stroke=stroke, thickness=1.0))
            _shape(_PLUS if node.event_gateway_type == "Parallel" else _PENTAGON)(pen, x, y, r * 0.32, stroke, None)
        case GatewayKind.COMPLEX:
            reach = r * 0.5
            spokes = [[_at(x, y, reach, k * math.pi / 4), _at(x, y, -reach, k * math.pi / 4)] for k in range(4)]
            pen.lines(spokes, Ink(stroke=stroke, thickness=2.4))
        case _ as never:
            assert_never(never)


def _person(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    pen.circle(x, y - 0.45 * r, 0.42 * r, Ink(stroke=stroke, thickness=1.1))
    shoulders = [(x - 0.85 * r, y + 0.95 * r), (x - 0.8 * r, y + 0.35 * r), (x - 0.35 * r, y + 0.02 * r)]
    other = [(2 * x - a, b) for a, b in reversed(shoulders)]
    pen.polygon([*shoulders, *other], Ink(stroke=stroke, thickness=1.1))


def _hand(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    outline = (
        *(
            (-0.95, -0.05),
            (-0.35, -0.65),
            (0.25, -0.65),
            (0.25, -0.38),
            (-0.2, -0.38),
            (0.95, -0.38),
            (0.95, -0.08),
            (0.25, -0.08),
        ),
        *(
            (0.95, -0.08),
            (0.95, 0.2),
            (0.25, 0.2),
            (0.85, 0.2),
            (0.85, 0.48),
            (0.2, 0.48),
            (0.7, 0.48),
            (0.7, 0.75),
            (-0.5, 0.75),
        ),
        (-0.95, 0.4),
    )
    _shape(outline)(pen, x, y, r, stroke, None)


def _rows(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    w, h = 0.95 * r, 0.75 * r
    pen.box(x - w, y - h, 2 * w, 0.5 * h, Ink(stroke=stroke, fill="#c9ced6", thickness=1.0))
    pen.box(x - w, y - h, 2 * w, 2 * h, Ink(stroke=stroke, thickness=1.1))
    pen.lines(
        [[(x - w, y + 0.25 * h), (x + w, y + 0.25 * h)], [(x - 0.3 * w, y - 0.5 * h), (x - 0.3 * w, y + h)]],
        Ink(stroke=stroke, thickness=1.0),
    )


def _gear(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    rim = []
    for tooth in range(8):
        for radius, turn in ((0.72, -0.3), (0.98, -0.18), (0.98, 0.18), (0.72, 0.3)):
            rim.append(_at(x, y, radius * r, (tooth + turn) * math.pi / 4))
    pen.polygon(rim, Ink(stroke=stroke, thickness=1.0))
    pen.circle(x, y, 0.33 * r, Ink(stroke=stroke, thickness=1.0))


def _scroll(pen: Pen, x: float, y: float, r: float, stroke: str, _fill: str | None) -> None:
    outline = (
        (-0.45, -0.95),
        (0.85, -0.95),
        (0.45, -0.4),
        (0.75, 0.4),
        (0.45, 0.95),
        (-0.85, 0.95),
        (-0.5, 0.4),
        (-0.85, -0.4),
    )
    _shape(outline)(pen, x, y, r, stroke, None)
    rows = [
        [(x + a * r, y + b * r), (x + (a + 0.75) * r, y + b * r)] for a, b in ((-0.55, -0.5), (-0.48, 0.0), (-0.3, 0.5))
    ]
    pen.lines(rows, Ink(stroke=stroke, thickness=0.9))


_TASKS: Final[Mapping[TaskKind, Draw]] = {
    TaskKind.USER: _person,
    TaskKind.MANUAL: _hand,
    TaskKind.BUSINESS_RULE: _rows,
    TaskKind.SERVICE: _gear,
    TaskKind.SCRIPT: _scroll,
    TaskKind.SEND: lambda pen, x, y, r, stroke, _fill: envelope(pen, x, y, r, stroke, stroke),
    TaskKind.RECEIVE: envelope,
}


def task(pen: Pen, kind: TaskKind, x: float, y: float, r: float, stroke: str) -> bool:
    """The sign of a task's kind; False for an abstract task, which has none."""
    draw = _TASKS.get(kind)
    if draw is not None:
        draw(pen, x, y, r, stroke, None)
    return draw is not None


def loop(pen: Pen, x: float, y: float, r: float, stroke: str) -> None:
    """A standard loop: an arrow that bites its tail."""
    arc = [_at(x, y, r * 0.8, math.radians(a)) for a in range(-150, 151, 15)]
    pen.line(arc, Ink(stroke=stroke, thickness=1.4))
    tip = arc[0]
    pen.line(
        [(tip[0] - 0.75 * r, tip[1] - 0.05 * r), tip, (tip[0] - 0.05 * r, tip[1] - 0.75 * r)],
        Ink(stroke=stroke, thickness=1.4),
    )


def parallel_instances(pen: Pen, x: float, y: float, r: float, stroke: str) -> None:
    """Three upright strokes."""
    pen.lines(
        [[(x + k * r, y - 0.85 * r), (x + k * r, y + 0.85 * r)] for k in (-0.6, 0.0, 0.6)],
        Ink(stroke=stroke, thickness=2.0),
    )


def sequential_instances(pen: Pen, x: float, y: float, r: float, stroke: str) -> None:
    """Three level strokes."""
    pen.lines(
        [[(x - 0.85 * r, y + k * r), (x + 0.85 * r, y + k * r)] for k in (-0.6, 0.0, 0.6)],
        Ink(stroke=stroke, thickness=2.0),
    )


def ad_hoc(pen: Pen, x: float, y: float, r: float, stroke: str) -> None:
    """A tilde."""
    wave = [(x + (k / 10 - 1) * r, y - 0.35 * r * math.sin(k / 10 * math.pi)) for k in range(21)]
    pen.line(wave, Ink(stroke=stroke, thickness=2.0))


def compensation(pen: Pen, x: float, y: float, r: float, stroke: str) -> None:
    """Two triangles to the left."""
    _rewind(pen, x, y, r * 0.9, stroke, None)


def folded(pen: Pen, x: float, y: float, r: float, stroke: str) -> None:
    """A plus in a square: there is more inside."""
    pen.box(x - r, y - r, 2 * r, 2 * r, Ink(stroke=stroke, thickness=1.1))
    pen.lines(
        [[(x - 0.6 * r, y), (x + 0.6 * r, y)], [(x, y - 0.6 * r), (x, y + 0.6 * r)]], Ink(stroke=stroke, thickness=1.2)
    )
