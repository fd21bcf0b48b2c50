"""A model drawn from its own diagram interchange: SVG with an id on each element, PNG, PDF.

Shapes and lines stand where the file puts them; names are wrapped to fit. Nodes can be coloured by a value (`heat`)
and the
elements that nobody holds marked. Several diagrams of a file are drawn one below the other. The same model gives the
same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise
from pathlib import Path

from matplotlib.figure import Figure

from bpmn_tool.messages import _
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape
from bpmn_tool.model.elements import Artifact, Element, Event, EventKind, Lane, Model, Participant, SubProcess
from bpmn_tool.reports import edges, shapes
from bpmn_tool.reports.palette import BLACK, BLUE, COVERED, GREY, VERMILLION, WHITE, heat
from bpmn_tool.reports.pen import Ink, Pen
from bpmn_tool.reports.picture import settings, svg, write
from bpmn_tool.reports.shapes import Marks, Scene
from bpmn_tool.reports.text import plain, width

MARGIN = 16.0
_LARGEST_PICTURE = 12_000.0  # pixels of the longer side of a PNG
_RESOLUTION = 144.0
_READABLE = 1300.0  # width up to which a drawing fitted to a page can be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """Words for the heat: what it is, and the value at the dark end."""

    words: str
    top: str
    bottom: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure with the tooltip of each id in it."""

    figure: Figure
    titles: Mapping[str, str]


def has_diagram(model: Model) -> bool:
    """Whether there is anything to draw."""
    return any(diagram.shapes or diagram.edges for diagram in model.diagrams)


def diagram_svg(
    model: Model,
    *,
    title: str = "",
    heat: Mapping[str, float] | None = None,
    heat_top: float | None = None,
    legend: Legend | None = None,
    undefined: AbstractSet[str] = frozenset(),
    numbered: Sequence[str] = (),
    covered: Mapping[str, bool] | None = None,
    prefix: str = "",
    standalone: bool = True,
) -> str:
    """The model as SVG text.

    `heat` colours nodes; `heat_top` is the value of the darkest colour, the largest unless given. `undefined` holds the
    ids of activities, lanes and participants that nobody holds; those in `numbered` get a number from 1. `covered` says
    of nodes and sequence flows whether any story goes through them. `prefix` and
    `standalone` are those of :func:`bpmn_tool.reports.picture.svg`.
    """
    values = heat or {}
    top = heat_top or max(values.values(), default=0.0)
    marks = Marks(
        heat=values,
        heat_top=top,
        undefined=frozenset(undefined),
        numbered=tuple(numbered),
        covered=covered or {},
    )
    drawn = draw(model, marks, legend)
    name = title or next((d.name for d in model.diagrams if d.name), "") or _("Process diagram")
    return svg(drawn.figure, title=plain(name), titles=drawn.titles, prefix=prefix, standalone=standalone)


def write_diagram(
    model: Model,
    path: Path,
    *,
    heat: Mapping[str, float] | None = None,
    legend: Legend | None = None,
    undefined: AbstractSet[str] = frozenset(),
) -> None:
    """Write .svg, .png or .pdf. Raises ValueError for another ending, OSError where the file cannot be written."""
    values = heat or {}
    marks = Marks(heat=values, heat_top=max(values.values(), default=0.0), undefined=frozenset(undefined))
    drawn = draw(model, marks, legend)
    longest = max(drawn.figure.get_size_inches())
    write(
        drawn.figure,
        path,
        lambda: diagram_svg(model, heat=heat, legend=legend, undefined=undefined),
        resolution=min(_RESOLUTION, _LARGEST_PICTURE / longest),
    )


def draw(model: Model, marks: Marks | None = None, legend: Legend | None = None) -> Drawn:
    """All diagrams of the model on one figure."""
    titles: dict[str, str] = {}
    with settings():
        pen = Pen()
        scene = Scene(pen, model, marks or Marks(), _enlargement(model))
        placed = [_diagram(scene, diagram, titles, heading=len(model.diagrams) > 1) for diagram in model.diagrams]
        for diagram in placed:
            _numbers(scene, diagram)
        _legends(scene, legend)
        figure = pen.finish(MARGIN)
    return Drawn(figure=figure, titles=titles)


def _diagram(scene: Scene, diagram: Diagram, titles: dict[str, str], *, heading: bool) -> Diagram:
    """One below what is there already; returns it as it was placed."""
    moved = _moved(diagram, scene.pen.bottom + 60 if scene.pen.bottom > scene.pen.top else None)
    scene = replace(scene, obstacles=tuple(_obstacles(scene.model, moved)))
    if heading and diagram.name and moved.shapes:
        left = min(shape.bounds.x for shape in moved.shapes.values())
        top = min(shape.bounds.y for shape in moved.shapes.values())
        scene.pen.write(left, top - 24, plain(diagram.name), 13, align="left", bold=True)
    for shape in sorted(
        moved.shapes.values(), key=lambda s: (_layer(scene.model.get(s.element)), -s.bounds.width * s.bounds.height)
    ):
        if _layer(scene.model.get(shape.element)) < _FRONT:
            _shape(scene, shape, titles)
    # A message flow starts with a ring on the border of its node, so that it lies in front.
    messages = [edge for edge in moved.edges.values() if edge.element in scene.model.message_flows]
    for edge in moved.edges.values():
        if edge.element not in scene.model.message_flows:
            _edge(scene, edge, titles)
    for shape in sorted(moved.shapes.values(), key=lambda s: _layer(scene.model.get(s.element))):
        if _layer(scene.model.get(shape.element)) >= _FRONT:
            _shape(scene, shape, titles)
    for edge in messages:
        _edge(scene, edge, titles)
    for edge in moved.edges.values():
        element = scene.model.get(edge.element)
        if edges.words_of(element):
            with scene.pen.group(_own(f"{edge.element}-label", titles)):
                edges.label(scene, edge, element)
    return moved


def _obstacles(model: Model, diagram: Diagram) -> Iterator[Bounds]:
    for edge in diagram.edges.values():
        for (x1, y1), (x2, y2) in pairwise(edge.waypoints):
            yield Bounds(x=min(x1, x2) - 0.5, y=min(y1, y2) - 0.5, width=abs(x1 - x2) + 1, height=abs(y1 - y2) + 1)
    for shape in diagram.shapes.values():
        if _layer(model.get(shape.element)) >= _FRONT:
            yield shape.bounds


def _own(gid: str, taken: dict[str, str]) -> str:
    """The id, or with a number where a second diagram draws the same element."""
    found, number = gid, 2
    while found in taken:
        found, number = f"{gid}-{number}", number + 1
    taken[found] = ""
    return found


def _edge(scene: Scene, edge: Edge, titles: dict[str, str]) -> None:
    element = scene.model.get(edge.element)
    gid = _own(edge.element, titles)
    titles[gid] = _flow_title(scene.model, element)
    with scene.pen.group(gid):
        edges.draw(scene, edge, element)


def _shape(scene: Scene, shape: Shape, titles: dict[str, str]) -> None:
    element = scene.model.get(shape.element)
    gid = _own(shape.element, titles)
    titles[gid] = _title(scene, element)
    with scene.pen.group(gid):
        shapes.draw(scene, shape, element)
        if element is not None and scene.marks.covered.get(element.id) is False:
            b, off = shape.bounds, 4.0
            ink = Ink(stroke=VERMILLION, thickness=2.4 * min(scene.by, 1.8), dashes=(5, 4))
            scene.pen.box(b.x - off, b.y - off, b.width + 2 * off, b.height + 2 * off, ink, 6.0)


def _title(scene: Scene, element: Element | None) -> str:
    """What a pointer that rests on it is told."""
    if element is None:
        return ""
    said = [plain(element.label)]
    if isinstance(element, Artifact) and element.text:
        said = [plain(" ".join(element.text.split()))]
    if element.id in scene.marks.undefined:
        said.append(_("nobody is named"))
    if (is_covered := scene.marks.covered.get(element.id)) is not None:
        said.append(_("a story goes through it") if is_covered else _("no story goes through it"))
    return " – ".join(said)


def _flow_title(model: Model, element: Element | None) -> str:
    if element is None:
        return ""
    source, target = getattr(element, "source_ref", None), getattr(element, "target_ref", None)
    ends = [found.label for ref in (source, target) if ref and (found := model.get(ref)) is not None]
    said = f"{element.name.strip()}: " if element.name.strip() else ""
    return plain(said + " → ".join(ends)) if len(ends) == 2 else plain(element.label)


_FRONT = 4


def _layer(element: Element | None) -> int:
    """What is drawn first lies at the back: pools, lanes, groups and boxes around others; then lines; then the rest."""
    match element:
        case Participant():
            return 0
        case Lane():
            return 1
        case SubProcess():
            return 2
        case Artifact(kind="group"):
            return 3
        case Event(kind=EventKind.BOUNDARY):
            return _FRONT + 1
        case _:
            return _FRONT


def _moved(diagram: Diagram, top: float | None) -> Diagram:
    """The diagram shifted down so that it starts at `top`."""
    if top is None:
        return diagram
    ys = [s.bounds.y for s in diagram.shapes.values()] + [y for e in diagram.edges.values() for _x, y in e.waypoints]
    if not ys:
        return diagram
    by = top - min(ys)

    def shape(old: Shape) -> Shape:
        label = None if old.label is None else replace(old.label, y=old.label.y + by)
        return replace(old, bounds=replace(old.bounds, y=old.bounds.y + by), label=label)

    def edge(old: Edge) -> Edge:
        label = None if old.label is None else replace(old.label, y=old.label.y + by)
        return replace(old, waypoints=tuple((x, y + by) for x, y in old.waypoints), label=label)

    return replace(
        diagram,
        shapes={key: shape(old) for key, old in diagram.shapes.items()},
        edges={key: edge(old) for key, old in diagram.edges.items()},
    )


def _enlargement(model: Model) -> float:
    """How much larger marks on a large drawing are, so that they show when all of it is fitted to a page."""
    xs = [x for d in model.diagrams for s in d.shapes.values() for x in (s.bounds.x, s.bounds.right)]
    return max(1.0, (max(xs) - min(xs)) / _READABLE) if xs else 1.0


def _numbers(scene: Scene, diagram: Diagram) -> None:
    """Beside the nodes that the reader's attention is drawn to, where it hides no words and little else."""
    radius = 9 * scene.by
    for number, element in enumerate(scene.marks.numbered, 1):
        shape = diagram.shapes.get(element)
        if shape is not None:
            x, y = min(_around(shape.bounds, radius), key=lambda place: _hidden(scene, diagram, place, radius))
            scene.pen.circle(x, y, radius, Ink(fill=BLACK, thickness=0))
            scene.pen.write(x, y, str(number), 12 * scene.by, colour=WHITE, bold=True)


def _around(b: Bounds, r: float) -> list[tuple[float, float]]:
    """Places for a disc at a node, the best one first."""
    out = r * 0.75
    middle_x, middle_y = b.centre
    return [
        (middle_x, b.y - r),
        (b.right + out, b.y - out),
        (b.x - out, b.y - out),
        (middle_x, b.bottom + r),
        (b.right + out, b.bottom + out),
        (b.x - out, b.bottom + out),
        (b.right + r, middle_y),
        (b.x - r, middle_y),
    ]


def _hidden(scene: Scene, diagram: Diagram, place: tuple[float, float], r: float) -> float:
    """How much a disc would hide: words count far more than the nodes that it touches."""
    disc = Bounds(x=place[0] - r, y=place[1] - r, width=2 * r, height=2 * r)
    words = sum(
        disc.overlaps(Bounds(x=left, y=top, width=right - left, height=bottom - top))
        for left, top, right, bottom in scene.pen.written
    )
    nodes = sum(
        disc.overlaps(shape.bounds)
        for shape in diagram.shapes.values()
        if _layer(scene.model.get(shape.element)) >= _FRONT
    )
    return 10.0 * words + nodes


def _legends(scene: Scene, legend: Legend | None) -> None:
    """Above the drawing at its left: the scale of the heat, and the sign of what nobody holds."""
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
    if scene.marks.covered:
        _coverage_legend(pen, x, y, by)


def _coverage_legend(pen: Pen, x: float, y: float, by: float) -> None:
    """How what stories go through is drawn, and how what they do not."""
    rows = (
        (
            _("a story goes through it"),
            Ink(stroke=BLACK, fill=COVERED, thickness=1.2 * by),
            Ink(stroke=BLUE, thickness=2.6 * by),
        ),
        (
            _("no story goes through it"),
            Ink(stroke=VERMILLION, fill=WHITE, thickness=2.4 * by, dashes=(5 * by, 4 * by)),
            Ink(stroke=VERMILLION, thickness=2.0 * by, dashes=(4 * by, 4 * by)),
        ),
    )
    for number, (words, area, line) in enumerate(rows):
        top = y + (number * 30 - 8) * by
        pen.box(x, top, 36 * by, 20 * by, area, 5 * by)
        pen.line([(x + 44 * by, top + 10 * by), (x + 80 * by, top + 10 * by)], line)
        pen.write(x + 90 * by, top + 10 * by, words, 12 * by, align="left")


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


def gids(text: str) -> Iterator[str]:
    """The element ids in an SVG of ours, in order."""
    start = ' data-element="'
    for part in text.split(start)[1:]:
        yield unescape(part.partition('"')[0])
