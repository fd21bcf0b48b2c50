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
from bpmn_tool.reports import edges, legends, shapes
from bpmn_tool.reports.legends import Legend
from bpmn_tool.reports.overlays import Overlay, Tint
from bpmn_tool.reports.palette import BLACK, WHITE
from bpmn_tool.reports.pen import Ink, Pen
from bpmn_tool.reports.picture import settings, svg, write
from bpmn_tool.reports.shapes import Marks, Scene
from bpmn_tool.reports.text import plain

MARGIN = 16.0
_LARGEST_PICTURE = 12_000.0  # pixels of the longer side of a PNG
_RESOLUTION = 144.0
_READABLE = 1300.0  # width up to which a drawing fitted to a page can be read


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
    overlay: Overlay | None = None,
    prefix: str = "",
    standalone: bool = True,
) -> str:
    """The model as SVG text.

    `heat` colours nodes; `heat_top` is the value of the darkest colour, the largest unless given. `undefined` holds the
    ids of activities, lanes and participants that nobody holds; those in `numbered` get a number from 1, unless the
    `overlay` has numbers of its own. `prefix` and `standalone` are those of :func:`bpmn_tool.reports.picture.svg`.
    """
    values = heat or {}
    laid = overlay or Overlay()
    marks = Marks(
        heat=values,
        heat_top=heat_top or max(values.values(), default=0.0),
        undefined=frozenset(undefined),
        numbered=laid.numbered or tuple(numbered),
        tints=laid.tints,
    )
    drawn = draw(model, marks, legend, laid)
    name = title or next((d.name for d in model.diagrams if d.name), "") or _("Process diagram")
    return svg(drawn.figure, title=plain(name), titles=drawn.titles, prefix=prefix, standalone=standalone)


def write_diagram(
    model: Model,
    path: Path,
    *,
    title: str = "",
    heat: Mapping[str, float] | None = None,
    legend: Legend | None = None,
    undefined: AbstractSet[str] = frozenset(),
    overlay: Overlay | None = None,
) -> None:
    """Write .svg, .png or .pdf. Raises ValueError for another ending, OSError where the file cannot be written."""
    values = heat or {}
    laid = overlay or Overlay()
    marks = Marks(
        heat=values,
        heat_top=max(values.values(), default=0.0),
        undefined=frozenset(undefined),
        numbered=laid.numbered,
        tints=laid.tints,
    )
    drawn = draw(model, marks, legend, laid)
    longest = max(drawn.figure.get_size_inches())
    write(
        drawn.figure,
        path,
        lambda: diagram_svg(model, title=title, heat=heat, legend=legend, undefined=undefined, overlay=overlay),
        resolution=min(_RESOLUTION, _LARGEST_PICTURE / longest),
    )


def draw(
    model: Model, marks: Marks | None = None, legend: Legend | None = None, overlay: Overlay | None = None
) -> Drawn:
    """All diagrams of the model on one figure."""
    titles: dict[str, str] = {}
    with settings():
        pen = Pen()
        scene = Scene(pen, model, marks or Marks(), _enlargement(model))
        placed = [_diagram(scene, diagram, titles, heading=len(model.diagrams) > 1) for diagram in model.diagrams]
        for diagram in placed:
            _numbers(scene, diagram)
        legends.draw(scene, legend, overlay)
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
        if edges.words_of(element, scene.model):
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
    tint = scene.marks.tints.get(edge.element)
    titles[gid] = _flow_title(scene.model, element) + (f" – {tint.words}" if tint is not None else "")
    with scene.pen.group(gid):
        edges.draw(scene, edge, element)


def _shape(scene: Scene, shape: Shape, titles: dict[str, str]) -> None:
    element = scene.model.get(shape.element)
    gid = _own(shape.element, titles)
    titles[gid] = _title(scene, element)
    with scene.pen.group(gid):
        shapes.draw(scene, shape, element)
        if (tint := scene.marks.tints.get(shape.element)) is not None and tint.framed:
            _frame(scene, shape.bounds, tint)


def _frame(scene: Scene, b: Bounds, tint: Tint) -> None:
    """Around a node, with the sign of what it says at the upper left."""
    off, by = 4.0, min(scene.by, 1.8)
    ink = Ink(stroke=tint.stroke, thickness=2.4 * by, dashes=tint.dashes)
    scene.pen.box(b.x - off, b.y - off, b.width + 2 * off, b.height + 2 * off, ink, 6.0)
    if tint.sign:
        legends.sign(scene.pen, b.x - off, b.y - off, tint, by)


def _title(scene: Scene, element: Element | None) -> str:
    """What a pointer that rests on it is told."""
    if element is None:
        return ""
    said = [plain(element.label)]
    if isinstance(element, Artifact) and element.text:
        said = [plain(" ".join(element.text.split()))]
    if element.id in scene.marks.undefined:
        said.append(_("nobody is named"))
    if (tint := scene.marks.tints.get(element.id)) is not None:
        said.append(tint.words)
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


def gids(text: str) -> Iterator[str]:
    """The element ids in an SVG of ours, in order."""
    start = ' data-element="'
    for part in text.split(start)[1:]:
        yield unescape(part.partition('"')[0])
