"""One BPMNShape with its pen: pools, lanes, nodes, data, artifacts, each with its name where it can be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bpmn_tool.model.diagram import Bounds, Shape
from bpmn_tool.model.elements import (
    ActivityBase,
    Artifact,
    CallActivity,
    Data,
    Element,
    Event,
    Gateway,
    Lane,
    Model,
    MultiInstance,
    Other,
    Participant,
    RootElement,
    StandardLoop,
    SubProcess,
    SubProcessKind,
    Task,
)
from bpmn_tool.reports import colours, symbols
from bpmn_tool.reports.overlays import Tint
from bpmn_tool.reports.palette import BLACK, GREY, VERMILLION, WHITE, heat, text_on
from bpmn_tool.reports.pen import Ink, Pen, Point
from bpmn_tool.reports.text import Fitted, fit, plain, width, wrap

NAME: Final = 11.5
LABEL: Final = 9.5
LANE: Final = 11.0
#: width at which a name beside its node is wrapped
LABEL_WIDTH: Final = 96.0
HEADER: Final = 30.0
_SLACK = 2.0

_POOL = "#ffffff"
_LANE_LINE = "#8a919c"
_MARKER = 6.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is shown on top of the model.

    `heat` by element id, the value of the darkest colour, the elements that nobody holds, and those that get a number,
    from 1 in this order; `tints` by element id, of what is laid over it.
    """

    heat: Mapping[str, float] = field(default_factory=dict)
    heat_top: float = 0.0
    undefined: frozenset[str] = frozenset()
    numbered: tuple[str, ...] = ()
    tints: Mapping[str, Tint] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Nothing is laid over the drawing: it has the colours of its file."""
        return not (self.heat or self.tints or self.undefined)

    def background(self, element: str, default: str = WHITE) -> str:
        """The colour of an area."""
        tint = self.tints.get(element)
        if tint is not None and tint.fill is not None:
            return tint.fill
        value = self.heat.get(element)
        if not value or self.heat_top <= 0:
            return default
        return heat(value / self.heat_top)


@dataclass(frozen=True, slots=True)
class Scene:
    """What drawing a shape needs to know."""

    pen: Pen
    model: Model
    marks: Marks
    by: float = 1.0  # how much larger marks are than on a small drawing
    #: lines as flat boxes, and nodes: where a name without a place had better not stand
    obstacles: tuple[Bounds, ...] = ()

    def area(self, shape: Shape, default: str = WHITE) -> str:
        """The colour of the area of a shape: what is laid over it, else what the file says."""
        own = colours.of(shape.attributes).fill if self.marks.plain else None
        return self.marks.background(shape.element, own or default)

    def line(self, attributes: Mapping[str, str], default: str = BLACK) -> str:
        """The colour of a border or line, likewise."""
        own = colours.of(attributes).stroke if self.marks.plain else None
        return own or default


def draw(scene: Scene, shape: Shape, element: Element | None) -> None:
    """Draw a shape with its name."""
    match element:
        case Participant():
            _pool(scene, shape, element)
        case Lane():
            _lane(scene, shape, element)
        case Task() | SubProcess() | CallActivity():
            _activity(scene, shape, element)
        case Event():
            _event(scene, shape, element)
        case Gateway():
            _gateway(scene, shape, element)
        case Data():
            _data(scene, shape, element)
        case Artifact():
            _artifact(scene, shape, element)
        case RootElement() if element.kind == "message":
            x, y = shape.bounds.centre
            symbols.envelope(scene.pen, x, y, min(shape.bounds.width, shape.bounds.height * 1.4) / 2, BLACK, None)
            _beside(scene, shape, element.name)
        case _:
            _anything(scene, shape, element)


def _area(b: Bounds, margin: float = 0.0) -> tuple[float, float, float, float]:
    return (b.x + margin, b.y + margin, max(b.width - 2 * margin, 0.1), max(b.height - 2 * margin, 0.1))


def _undefined_ink(scene: Scene) -> Ink:
    by = min(scene.by, 1.8)
    return Ink(stroke=VERMILLION, thickness=3.2 * by, dashes=(7 * by, 4 * by))


def _outline_undefined(scene: Scene, shape: Shape, radius: float = 0.0) -> None:
    """Light stripes and a thick dashed outline; drawn over the area and under the name."""
    b = shape.bounds
    step = 9.0
    strokes: list[list[Point]] = []
    reach = b.width + b.height
    offset = step
    while offset < reach and len(strokes) < 2000:
        # from the upper or right side down to the left or lower one, all inside the box
        x1, y1 = (b.x + offset, b.y) if offset <= b.width else (b.right, b.y + offset - b.width)
        x2, y2 = (b.x, b.y + offset) if offset <= b.height else (b.x + offset - b.height, b.bottom)
        strokes.append([(x1, y1), (x2, y2)])
        offset += step
    if radius and strokes:
        strokes = strokes[1:-1] or strokes
    if strokes:
        scene.pen.lines(strokes, Ink(stroke="#f6c9a6", thickness=1.4))
    scene.pen.box(*_area(b), _undefined_ink(scene), radius)


def _pool(scene: Scene, shape: Shape, pool: Participant) -> None:
    b, pen = shape.bounds, scene.pen
    pen.box(*_area(b), Ink(stroke=scene.line(shape.attributes), fill=scene.area(shape, _POOL), thickness=1.6))
    undefined = pool.id in scene.marks.undefined
    if undefined:
        _outline_undefined(scene, shape)
    if pool.process_ref is None:
        fitted = fit(pool.label, b.width - 16, b.height - 8, size=12)
        pen.block(*b.centre, fitted, halo=undefined)
        if pool.maximum is not None:
            symbols.parallel_instances(pen, b.centre[0], b.bottom - 10, _MARKER, BLACK)
        return
    if shape.is_horizontal:
        pen.line([(b.x + HEADER, b.y), (b.x + HEADER, b.bottom)], Ink(thickness=1.2))
    else:
        pen.line([(b.x, b.y + HEADER), (b.right, b.y + HEADER)], Ink(thickness=1.2))
    _header(scene, shape, pool.label, 12.0)


def _header(scene: Scene, shape: Shape, name: str, size: float) -> None:
    """The name along the left side, turned; or along the top of a vertical pool."""
    b = shape.bounds
    if shape.is_horizontal:
        scene.pen.block(b.x + HEADER / 2, b.centre[1], fit(name, b.height - 8, HEADER - 3, size=size), turned=True)
    else:
        scene.pen.block(b.centre[0], b.y + HEADER / 2, fit(name, b.width - 8, HEADER - 3, size=size))


def _lane(scene: Scene, shape: Shape, lane: Lane) -> None:
    own = colours.of(shape.attributes).fill if scene.marks.plain else None
    stroke = scene.line(shape.attributes, _LANE_LINE)
    scene.pen.box(*_area(shape.bounds), Ink(stroke=stroke, fill=own, thickness=1.0))
    if lane.id in scene.marks.undefined:
        b = shape.bounds
        band = (
            Bounds(x=b.x, y=b.y, width=HEADER, height=b.height)
            if shape.is_horizontal
            else Bounds(x=b.x, y=b.y, width=b.width, height=HEADER)
        )
        _outline_undefined(scene, Shape(element=lane.id, bounds=band))
    if lane.name:
        _header(scene, shape, lane.label, LANE)


def _activity(scene: Scene, shape: Shape, node: Task | SubProcess | CallActivity) -> None:
    b, pen = shape.bounds, scene.pen
    background = scene.area(shape)
    ink = text_on(background)
    dashes = (2.0, 2.0) if isinstance(node, SubProcess) and node.triggered_by_event else None
    thick = 3.4 if isinstance(node, CallActivity) else 1.4
    pen.box(*_area(b), Ink(stroke=scene.line(shape.attributes), fill=background, thickness=thick, dashes=dashes), 10)
    undefined = node.id in scene.marks.undefined
    if undefined:
        _outline_undefined(scene, shape, 10)
    if isinstance(node, SubProcess) and node.kind is SubProcessKind.TRANSACTION:
        pen.box(*_area(b, 3), Ink(thickness=1.1), 8)
    expanded = shape.is_expanded and not isinstance(node, Task) and _drawn_around(scene, node)
    top = 4.0
    if isinstance(node, Task) and min(b.width, b.height) >= 40:
        size = min(8.0, b.height / 8)
        if symbols.task(pen, node.kind, b.x + 5 + size, b.y + 5 + size, size, ink):
            top = 2 * size + 7
    bottom = _markers(scene, shape, node, ink, expanded=expanded)
    if expanded:
        pen.block(b.centre[0], b.y + 14, fit(node.name, b.width - 24, 22, size=NAME), colour=ink)
        return
    _inside(scene, b, node.name, top=top, bottom=bottom, colour=ink, halo=undefined)


def _drawn_around(scene: Scene, node: SubProcess | CallActivity) -> bool:
    """Whether it is drawn around its own nodes, or around nothing yet (an expanded call activity, an event
    sub-process).
    """
    return isinstance(node, CallActivity) or bool(scene.model.nodes_in(node.id)) or node.triggered_by_event


def _inside(
    scene: Scene, b: Bounds, name: str, *, top: float, bottom: float, colour: str = BLACK, halo: bool = False
) -> None:
    """A name in the middle of a box; it keeps clear of the signs at the top left and below."""
    if not name.strip():
        return
    inner = b.width - 12
    room = b.height - top - bottom
    fitted = fit(name, inner, room, size=NAME)
    middle = b.centre[1]
    half = fitted.height / 2
    low, high = b.y + top + half, b.bottom - bottom - half
    middle = min(max(middle, low), max(high, low))
    scene.pen.block(b.centre[0], middle, fitted, colour=colour, halo=halo)


_Marker = Callable[[Pen, float, float, float, str], None]


def _markers(scene: Scene, shape: Shape, node: ActivityBase, colour: str, *, expanded: bool) -> float:
    """The signs along the lower edge; returns the room that they take."""
    found: list[_Marker] = []
    match node.loop:
        case StandardLoop():
            found.append(symbols.loop)
        case MultiInstance(is_sequential=True):
            found.append(symbols.sequential_instances)
        case MultiInstance():
            found.append(symbols.parallel_instances)
        case None:
            pass
    if isinstance(node, SubProcess | CallActivity) and not expanded and not shape.is_expanded:
        found.append(symbols.folded)
    if node.is_for_compensation:
        found.append(symbols.compensation)
    if isinstance(node, SubProcess) and node.kind is SubProcessKind.AD_HOC:
        found.append(symbols.ad_hoc)
    b = shape.bounds
    for index, sign in enumerate(found):
        x = b.centre[0] + (index - (len(found) - 1) / 2) * 2.8 * _MARKER
        sign(scene.pen, x, b.bottom - _MARKER - 4, _MARKER, colour)
    return 2 * _MARKER + 6 if found else 4.0


def _event(scene: Scene, shape: Shape, node: Event) -> None:
    x, y = shape.bounds.centre
    background = scene.area(shape)
    radius = min(shape.bounds.width, shape.bounds.height) / 2
    stroke, outline = scene.line(shape.attributes, text_on(background)), scene.line(shape.attributes)
    symbols.event(scene.pen, node, x, y, radius, stroke, background, outline)
    if node.id in scene.marks.undefined:
        scene.pen.circle(x, y, radius + 3, _undefined_ink(scene))
    _beside(scene, shape, node.name)


def _gateway(scene: Scene, shape: Shape, node: Gateway) -> None:
    b = shape.bounds
    x, y = b.centre
    background = scene.area(shape)
    stroke, outline = scene.line(shape.attributes, text_on(background)), scene.line(shape.attributes)
    scene.pen.polygon([(x, b.y), (b.right, y), (x, b.bottom), (b.x, y)], Ink(stroke=outline, fill=background))
    symbols.gateway(scene.pen, node, x, y, min(b.width, b.height) / 2, stroke, marked=shape.is_marker_visible)
    if node.id in scene.marks.undefined:
        scene.pen.polygon(
            [(x, b.y - 3), (b.right + 3, y), (x, b.bottom + 3), (b.x - 3, y)],
            _undefined_ink(scene),
        )
    _beside(scene, shape, node.name)


def _beside(scene: Scene, shape: Shape, name: str) -> None:
    """A name outside its node: where the file says, else below."""
    if not name.strip():
        return
    fitted = beside(name, shape.label)
    if shape.label is None:
        x, top = _free_place(scene, shape.bounds, fitted)
    else:
        x, top = shape.label.centre[0], shape.label.y
        if (
            abs(x - shape.bounds.centre[0]) < shape.bounds.width / 2
            and shape.bounds.centre[1] < top < shape.bounds.bottom + 4
        ):
            top = shape.bounds.bottom + 4
        x = _clear_of(shape, x, top, fitted)
    scene.pen.block(x, top + fitted.height / 2, fitted, halo=True)


def beside(name: str, label: Bounds | None) -> Fitted:
    """The lines of a name outside its node: as wide as its place in the file, unless it gets far higher than that
    place; its author saw it in another font.
    """
    words = plain(name)
    usual = Fitted(wrap(words, max(LABEL_WIDTH, label.width if label else 0.0), LABEL), LABEL)
    if label is None or label.width <= 0 or label.height <= 0:
        return usual
    narrow = Fitted(wrap(words, label.width + _SLACK, LABEL), LABEL)
    longest = max(width(word, LABEL) for word in words.split())
    fits = narrow.height <= label.height * 1.2 + 2 and longest <= label.width + _SLACK
    return narrow if fits else usual


def _free_place(scene: Scene, b: Bounds, fitted: Fitted) -> tuple[float, float]:
    """The middle and the top of a name for which the file has no place: below its node unless a line runs there."""
    half = max(width(line, fitted.size) for line in fitted.lines) / 2
    above, below = b.y - 4 - fitted.height, b.bottom + 4
    places = [
        (b.centre[0], below),
        (b.centre[0], above),
        (b.centre[0] - 5 - half, below),
        (b.centre[0] + 5 + half, below),
        (b.centre[0] - 5 - half, above),
        (b.centre[0] + 5 + half, above),
    ]

    def hits(place: tuple[float, float]) -> int:
        box = Bounds(x=place[0] - half, y=place[1], width=2 * half, height=fitted.height)
        return sum(box.overlaps(other) for other in scene.obstacles)

    return min(places, key=hits)


def _clear_of(shape: Shape, x: float, top: float, fitted: Fitted) -> float:
    """A label beside its node whose lines are wider here than where it was placed is moved away from the node."""
    b, label = shape.bounds, shape.label
    if label is None or top >= b.bottom or top + fitted.height <= b.y:
        return x
    half = max(width(line, fitted.size) for line in fitted.lines) / 2
    if label.x >= b.centre[0]:
        return max(x, b.right + 3 + half) if label.x >= b.right - 2 else x
    return min(x, b.x - 3 - half) if label.right <= b.x + 2 else x


def _data(scene: Scene, shape: Shape, data: Data) -> None:
    b, pen = shape.bounds, scene.pen
    if data.kind.startswith("dataStore"):
        _store(pen, b)
    else:
        fold = min(12.0, b.width / 3)
        pen.polygon(
            [(b.x, b.y), (b.right - fold, b.y), (b.right, b.y + fold), (b.right, b.bottom), (b.x, b.bottom)],
            Ink(fill=WHITE, thickness=1.2),
        )
        pen.line([(b.right - fold, b.y), (b.right - fold, b.y + fold), (b.right, b.y + fold)], Ink(thickness=1.2))
        if data.kind in {"dataInput", "dataOutput"}:
            filled = BLACK if data.kind == "dataOutput" else None
            x, y, r = b.x + 4, b.y + 9, 6.0
            points = [
                (x, y - r / 2),
                (x + r, y - r / 2),
                (x + r, y - r),
                (x + 2 * r, y),
                (x + r, y + r),
                (x + r, y + r / 2),
                (x, y + r / 2),
            ]
            pen.polygon(points, Ink(fill=filled, thickness=1.0))
        if data.is_collection or _refers_to_collection(scene.model, data):
            symbols.parallel_instances(pen, b.centre[0], b.bottom - 8, 5.5, BLACK)
    state = f" [{data.state}]" if data.state else ""
    _beside(scene, shape, f"{data.name}{state}".strip())


def _refers_to_collection(model: Model, data: Data) -> bool:
    referred = model.data.get(data.ref or "")
    return referred is not None and referred.is_collection


def _store(pen: Pen, b: Bounds) -> None:
    """A drum: the upper rim as two arcs, the body below it."""
    rim = min(b.height / 7, 10.0)
    left, right = b.x, b.right

    def arc(y: float, sign: float) -> list[tuple[float, float]]:
        half = b.width / 2
        return [
            (left + half * (1 - k / 10), y + sign * rim * (1 - ((k / 10 - 0) ** 2)) ** 0.5) for k in range(10, -11, -1)
        ]

    body = [*arc(b.y + rim, -1), (right, b.bottom - rim), *reversed(arc(b.bottom - rim, 1)), (left, b.y + rim)]
    pen.polygon(body, Ink(fill=WHITE, thickness=1.2))
    for k in range(3):
        pen.line(arc(b.y + rim + k * 4, 1), Ink(thickness=1.0))


def _artifact(scene: Scene, shape: Shape, artifact: Artifact) -> None:
    b, pen = shape.bounds, scene.pen
    if artifact.kind == "group":
        pen.box(*_area(b), Ink(stroke=GREY, thickness=1.4, dashes=(8, 3, 1.5, 3)), 10)
        if name := _group_name(scene.model, artifact):
            fitted = Fitted(wrap(plain(name), b.width - 10, LABEL), LABEL)
            x, y = (b.centre[0], b.y - fitted.height / 2 - 2) if shape.label is None else shape.label.centre
            pen.block(x, y, fitted, colour=GREY, halo=True)
        return
    said = artifact.text or artifact.name
    pen.line([(b.x + 10, b.y), (b.x, b.y), (b.x, b.bottom), (b.x + 10, b.bottom)], Ink(thickness=1.2))
    fitted = fit(said, max(b.width - 10, 20), max(b.height - 2, LABEL), size=NAME, smallest=7)
    if fitted.cut:  # rather beyond the box, which is open to the right and below, than unreadable or cut off
        fitted = Fitted(wrap(plain(said), max(b.width - 10, 60), LABEL), LABEL)
    pen.block(
        b.x + 6, b.y + 2 + fitted.height / 2 if fitted.height > b.height - 4 else b.centre[1], fitted, align="left"
    )


def _group_name(model: Model, group: Artifact) -> str:
    """A group is called as the value of its category (BPMN 2.0.2, 8.4.1.2)."""
    value = model.get(group.attributes.get("categoryValueRef", ""))
    return group.name or (value.attributes.get("value", "") if value is not None else "")


def _anything(scene: Scene, shape: Shape, element: Element | None) -> None:
    """What has no sign of its own here (choreographies, conversations, elements of other files): a box with its
    name.
    """
    b = shape.bounds
    scene.pen.box(*_area(b), Ink(stroke=GREY, fill=WHITE, thickness=1.2, dashes=(5, 3)), 6)
    name = element.name if element is not None else ""
    if isinstance(element, Other) and not name:
        name = element.kind
    _inside(scene, b, name, top=3, bottom=3, colour=GREY)
