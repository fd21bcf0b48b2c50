import pytest

from bpmn_tool.layout.ways import Ways
from bpmn_tool.model.diagram import Bounds


def box(x: float, y: float) -> Bounds:
    return Bounds(x=x, y=y, width=100, height=80)


@pytest.mark.parametrize(
    ("target", "corners"),
    [((200, 0), 0), ((200, 200), 1), ((0, 200), 0), ((-200, 0), 2)],
)
def test_the_plainest_way_is_taken(target: tuple[float, float], corners: int) -> None:
    way = Ways({"a": box(0, 0), "b": box(*target)}, []).find(box(0, 0), box(*target), {"a", "b"})
    assert len(way) - 2 == corners


def test_it_goes_around_what_is_between() -> None:
    boxes = {"a": box(0, 0), "m": box(200, 0), "b": box(400, 0)}
    way = Ways(boxes, []).find(boxes["a"], boxes["b"], {"a", "b"})
    assert all(y < 0 or y > 80 for _x, y in way[1:-1])


def test_a_line_that_is_there_is_not_run_along() -> None:
    boxes = {"a": box(0, 0), "b": box(200, 200)}
    free = Ways(boxes, []).find(boxes["a"], boxes["b"], {"a", "b"})
    other = Ways(boxes, [free]).find(boxes["a"], boxes["b"], {"a", "b"})
    assert other != free


def test_flows_leave_boundary_events_downwards() -> None:
    event, target = Bounds(x=60, y=62, width=36, height=36), box(200, 200)
    assert Ways({}, []).find(event, target, set(), below=True)[0] == (78, 98)


def test_messages_go_up_and_down_where_both_would_do() -> None:
    boxes = {"a": box(0, 0), "b": box(250, 300)}
    way = Ways(boxes, []).find(boxes["a"], boxes["b"], set(boxes), upright=True)
    assert way[0][1] in (0, 80)
