"""The measures on drawings small enough to count by eye."""

import pytest

from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape
from bpmn_tool.model.elements import Model
from tests.execution.drawing import draw, user
from tests.layout.metrics import Metrics, measure, straightened

MODEL: Model = draw([user(name) for name in "abcd"], "a > b", "c > d")


def drawing(
    places: dict[str, tuple[float, float]], lines: dict[str, list[tuple[float, float]]], **labels: Bounds
) -> Diagram:
    """Boxes of 10 by 10 at these corners."""
    return Diagram(
        shapes={n: Shape(element=n, bounds=Bounds(x=x, y=y, width=10, height=10)) for n, (x, y) in places.items()},
        edges={
            n: Edge(element=n, waypoints=tuple(points), label=labels.get(n.replace("-", "_")))
            for n, points in lines.items()
        },
    )


CORNERS = {"a": (0.0, 0.0), "b": (100.0, 100.0), "c": (0.0, 100.0), "d": (100.0, 0.0)}
CROSS = {"a-b": [(10.0, 10.0), (100.0, 100.0)], "c-d": [(10.0, 100.0), (100.0, 10.0)]}


@pytest.mark.parametrize(
    ("places", "lines", "found"),
    [
        (CORNERS, CROSS, {"crossings": 1}),
        (CORNERS, {"a-b": [(10, 5), (105, 5), (105, 100)]}, {"bends": 1, "through": 1}),  # over d
        ({**CORNERS, "d": (5, 5)}, {}, {"overlaps": 1}),
        ({**CORNERS, "d": (9, 9)}, {}, {}),  # they touch
        (CORNERS, {"a-b": [(10, 50), (90, 50)], "c-d": [(30, 50), (60, 50)]}, {"shared": 1}),
        (CORNERS, {"a-b": [(10, 5), (40, 5), (60, 5.2), (90, 5)]}, {}),  # straight to the eye
    ],
)  # fmt: skip
def test_what_is_counted(places, lines, found):
    counted = measure(MODEL, drawing(places, lines))
    expected = Metrics(**found)
    for name in ("crossings", "shared", "through", "overlaps", "bends", "labels"):
        assert getattr(counted, name) == getattr(expected, name), name


def test_lines_with_an_end_in_common_may_run_together():
    model = draw([user(name) for name in "abc"], "a > b", "a > c")
    places = {"a": (0.0, 0.0), "b": (100.0, 0.0), "c": (100.0, 50.0)}
    lines = {"a-b": [(10.0, 5.0), (100.0, 5.0)], "a-c": [(10.0, 5.0), (50.0, 5.0), (50.0, 55.0), (100.0, 55.0)]}
    assert measure(model, drawing(places, lines)).shared == 0


def test_labels_on_nodes_lines_and_each_other():
    on_d = Bounds(x=95, y=2, width=10, height=6)
    assert measure(MODEL, drawing(CORNERS, {"a-b": CROSS["a-b"]}, a_b=on_d)).labels == 1
    on_the_crossing = Bounds(x=50, y=50, width=10, height=10)
    assert measure(MODEL, drawing(CORNERS, CROSS, a_b=on_the_crossing)).labels == 1
    both = measure(MODEL, drawing(CORNERS, CROSS, a_b=on_the_crossing, c_d=on_the_crossing))
    assert both.labels == 3  # each on the other's line, and on each other


def test_length_and_area():
    counted = measure(MODEL, drawing(CORNERS, {"a-b": [(0.0, 0.0), (300.0, 400.0)]}))
    assert (counted.length, counted.area) == (500, 12)  # 110 by 110 pixels are 12 thousand


def test_points_that_turn_nothing_go():
    edge = Edge(element="e", waypoints=((0, 0), (10, 0), (20, 0), (20, 30)))
    assert straightened(edge) == [(0, 0), (20, 0), (20, 30)]


def test_a_boundary_event_may_lie_on_its_host():
    from tests.execution.drawing import boundary

    model = draw([user("a"), boundary("x", "a")], "x > a")
    places = {"a": (0.0, 0.0), "x": (5.0, 5.0)}
    assert measure(model, drawing(places, {})).overlaps == 0
