"""A model drawn from its own diagram interchange: SVG with an id on each element, PNG, PDF.

Shapes and lines stand where the file puts them; names are wrapped to fit. Nodes can be coloured by a value (`heat`)
and the
elements that nobody holds marked. Several diagrams of a file are drawn one below the other. The same model gives the
same bytes.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from matplotlib.figure import Figure

from bpmn_tool.messages import _
from bpmn_tool.model.diagram import Diagram, Edge, Shape
from bpmn_tool.model.elements import Artifact, Element, Event, EventKind, Lane, Model, Participant, SubProcess
from bpmn_tool.reports import edges, shapes
from bpmn_tool.reports.palette import GREY, VERMILLION, WHITE, heat
from bpmn_tool.reports.pen import Ink, Pen
from bpmn_tool.reports.picture import settings, svg, write
from bpmn_tool.reports.shapes import Marks, Scene
from bpmn_tool.reports.text import plain, width

MARGIN = 16.0
_LARGEST_PICTURE = 12_000.0  # pixels of the longer side of a PNG
_RESOLUTION = 144.0


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
    prefix: str = "",
    standalone: bool = True,
) -> str:
    """The model as SVG text.

    `heat` colours nodes; `heat_top` is the value of the darkest colour, the largest unless given. `undefined` holds the
    ids of activities, lanes and participants that nobody holds. `prefix` and `standalone` are those of
    :func:`bpmn_tool.reports.picture.svg`.
    """
    values = heat or {}
    marks = Marks(heat=values, heat_top=heat_top or max(values.values(), default=0.0), undefined=frozenset(undefined))
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
        scene = Scene(pen, model, marks or Marks())
        for diagram in model.diagrams:
            _diagram(scene, diagram, titles, heading=len(model.diagrams) > 1)
        _legends(scene, legend)
        figure = pen.finish(MARGIN)
    return Drawn(figure=figure, titles=titles)


def _diagram(scene: Scene, diagram: Diagram, titles: dict[str, str], *, heading: bool) -> None:
    """One below what is there already."""
    moved = _moved(diagram, scene.pen.bottom + 60 if scene.pen.bottom > scene.pen.top else None)
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


def _title(scene: Scene, element: Element | None) -> str:
    """What a pointer that rests on it is told."""
    if element is None:
        return ""
    said = [plain(element.label)]
    if isinstance(element, Artifact) and element.text:
        said = [plain(" ".join(element.text.split()))]
    if element.id in scene.marks.undefined:
        said.append(_("nobody is named"))
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


def _legends(scene: Scene, legend: Legend | None) -> None:
    """Above the drawing at its left: the scale of the heat, and the sign of what nobody holds."""
    pen = scene.pen
    if pen.left > pen.right:
        return
    x, y = pen.left, pen.top - 62.0
    if scene.marks.heat and scene.marks.heat_top > 0:
        said = legend or Legend(words=_("value"), top=f"{scene.marks.heat_top:g}")
        x += _scale(pen, said, x, y) + 50
    if scene.marks.undefined:
        pen.box(x, y + 12, 44, 24, Ink(stroke=VERMILLION, fill=WHITE, thickness=3.2, dashes=(7, 4)), 6)
        pen.write(x + 54, y + 24, _("nobody is named for this"), 12, align="left")


def _scale(pen: Pen, said: Legend, x: float, y: float) -> float:
    """Words, colours from light to dark, the values at both ends; returns the width taken."""
    steps, step = 40, 6.0
    words = plain(said.words)
    pen.write(x, y, words, 12, align="left")
    for index in range(steps):
        pen.box(x + index * step, y + 12, step + 0.4, 14, Ink(fill=heat((index + 0.5) / steps), thickness=0))
    pen.box(x, y + 12, steps * step, 14, Ink(stroke=GREY, thickness=0.8))
    pen.write(x, y + 36, plain(said.bottom), 11, align="left")
    pen.write(x + steps * step, y + 36, plain(said.top), 11, align="right")
    return max(steps * step, width(words, 12))


def gids(text: str) -> Iterator[str]:
    """The element ids in an SVG of ours, in order."""
    start = ' data-element="'
    for part in text.split(start)[1:]:
        yield unescape(part.partition('"')[0])
