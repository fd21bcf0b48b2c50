"""What holds of every drawing, over random models; and what people expect of small ones."""

from itertools import combinations, pairwise

import pytest
from hypothesis import Phase, given, settings

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.layout.place import layout
from bpmn_tool.model.diagram import Bounds, Diagram
from bpmn_tool.model.elements import Event, MessageFlow, Model, SequenceFlow
from tests.interchange.bpmn_text import definitions
from tests.layout.random_models import models

many = settings(max_examples=60, phases=(Phase.explicit, Phase.generate), print_blob=False)


def around(model: Model, element: str) -> set[str]:
    """The element, the sub-processes around it, the host it sits on."""
    found = set()
    node = model.flow_nodes.get(element)
    while node is not None:
        found.add(node.id)
        if isinstance(node, Event) and node.attached_to_ref:
            found.add(node.attached_to_ref)
        node = model.flow_nodes.get(node.container)
    return found or {element}


def flows(model: Model) -> list[SequenceFlow | MessageFlow]:
    return [*model.sequence_flows.values(), *model.message_flows.values()]


def solid(model: Model, diagram: Diagram) -> dict[str, Bounds]:
    """All that is drawn but pools and lanes."""
    no = model.participants.keys() | model.lanes.keys()
    return {name: shape.bounds for name, shape in diagram.shapes.items() if name not in no}


@given(models())
@many
def test_everything_is_placed(model: Model) -> None:
    diagram = layout(model)
    assert model.flow_nodes.keys() | model.lanes.keys() | model.participants.keys() <= diagram.shapes.keys()
    assert diagram.edges.keys() >= model.sequence_flows.keys() | model.message_flows.keys()


@given(models())
@many
def test_no_nodes_overlap(model: Model) -> None:
    shapes = solid(model, layout(model))
    for (a, first), (b, second) in combinations(shapes.items(), 2):
        held = a in around(model, b) or b in around(model, a) or {a, b} - model.flow_nodes.keys()
        if not held:
            assert not first.overlaps(second), (a, b)


@given(models())
@many
def test_data_lies_on_no_task_gateway_or_event(model: Model) -> None:
    shapes = solid(model, layout(model))
    for data in model.data.keys() & shapes.keys():
        for node in shapes.keys() - {data}:
            assert not shapes[data].overlaps(shapes[node]) or model.nodes_in(node), (data, node)


@given(models())
@many
def test_what_a_sub_process_holds_stands_in_it(model: Model) -> None:
    diagram = layout(model)
    for node in model.flow_nodes.values():
        if node.container in model.flow_nodes:
            inner, outer = diagram.shapes[node.id].bounds, diagram.shapes[node.container].bounds
            assert outer.x <= inner.x
            assert outer.y <= inner.y
            assert inner.right <= outer.right
            assert inner.bottom <= outer.bottom


@given(models())
@many
def test_flows_are_orthogonal_and_pass_no_foreign_node(model: Model) -> None:
    diagram = layout(model)
    shapes = solid(model, diagram)
    for flow in flows(model):
        name = flow.id
        own = around(model, flow.source_ref) | around(model, flow.target_ref)
        points = diagram.edges[name].waypoints
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2
            for element, box in shapes.items():
                inside = (
                    min(x1, x2) < box.right and max(x1, x2) > box.x and min(y1, y2) < box.bottom and max(y1, y2) > box.y
                )
                assert not inside or element in own, (name, element)


@given(models())
@many
def test_flows_begin_and_end_on_the_outline(model: Model) -> None:
    diagram = layout(model)
    for flow in flows(model):
        points = diagram.edges[flow.id].waypoints
        for end, (x, y) in ((flow.source_ref, points[0]), (flow.target_ref, points[-1])):
            box = diagram.shapes[end].bounds
            assert box.x - 1 <= x <= box.right + 1
            assert box.y - 1 <= y <= box.bottom + 1


@given(models())
@many
def test_pools_and_lanes_hold_theirs_and_do_not_overlap(model: Model) -> None:
    diagram = layout(model)
    bands = [diagram.shapes[p].bounds for p in model.participants]
    assert not any(a.overlaps(b) for a, b in combinations(bands, 2))
    for node in model.flow_nodes.values():
        lane = model.lane_of(node.id)
        if lane is not None and node.container in model.processes and not isinstance(node, Event):
            box, band = diagram.shapes[node.id].bounds, diagram.shapes[lane.id].bounds
            assert band.y <= box.y
            assert box.bottom <= band.bottom


@given(models())
@settings(max_examples=30)
def test_the_same_model_gives_the_same_drawing(model: Model) -> None:
    assert layout(model) == layout(model)


def placed(body: str) -> Diagram:
    return layout(read_bytes(definitions(body).encode(), "model.bpmn"))


CHAIN = """<process id="P"><startEvent id="s"/><task id="a"/><exclusiveGateway id="g"/><task id="b"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
  <sequenceFlow id="f3" sourceRef="g" targetRef="b"/><sequenceFlow id="f4" sourceRef="b" targetRef="e"/>
  <sequenceFlow id="back" sourceRef="g" targetRef="a" name="again"/></process>"""


def test_a_chain_is_one_straight_line() -> None:
    diagram = placed(CHAIN)
    assert len({diagram.shapes[n].bounds.centre[1] for n in "sagbe"}) == 1
    assert all(len(diagram.edges[f].waypoints) == 2 for f in ("f1", "f2", "f3", "f4"))


def test_a_chain_reads_from_left_to_right() -> None:
    diagram = placed(CHAIN)
    places = [diagram.shapes[n].bounds.x for n in "sagbe"]
    assert places == sorted(places)


def test_a_named_flow_has_its_name_off_the_nodes() -> None:
    diagram = placed(CHAIN)
    label = diagram.edges["back"].label
    assert label is not None
    assert not any(shape.bounds.overlaps(label) for shape in diagram.shapes.values())


def test_bpmn_js_sizes() -> None:
    diagram = placed(CHAIN)
    sizes = {n: (diagram.shapes[n].bounds.width, diagram.shapes[n].bounds.height) for n in "sag"}
    assert sizes == {"s": (36, 36), "a": (100, 80), "g": (50, 50)}


def test_a_boundary_event_sits_on_the_lower_border_and_its_flow_leaves_downwards() -> None:
    diagram = placed("""<process id="P"><task id="t"/><boundaryEvent id="b" attachedToRef="t"/><task id="u"/>
      <sequenceFlow id="f" sourceRef="b" targetRef="u"/></process>""")
    event, host = diagram.shapes["b"].bounds, diagram.shapes["t"].bounds
    assert event.centre[1] == host.bottom
    assert host.x < event.centre[0] < host.right
    (x1, y1), (x2, y2) = diagram.edges["f"].waypoints[:2]
    assert (x1, y1) == (event.centre[0], event.bottom)
    assert (x2, y2 > y1) == (x1, True)


HANDOFF = """<collaboration id="C"><participant id="p1" processRef="P1"/><participant id="box" name="Box"/>
    <participant id="p2" processRef="P2"/><messageFlow id="m" sourceRef="a" targetRef="s"/></collaboration>
  <process id="P1"><task id="x"/><task id="a"/><sequenceFlow id="f" sourceRef="x" targetRef="a"/></process>
  <process id="P2"><startEvent id="s"/></process>"""


def test_a_handoff_arrives_no_further_left_than_it_left() -> None:
    diagram = placed(HANDOFF)
    assert diagram.shapes["s"].bounds.centre[0] >= diagram.shapes["a"].bounds.centre[0]


def test_pools_stand_in_document_order_and_black_boxes_are_thin() -> None:
    diagram = placed(HANDOFF)
    tops = [diagram.shapes[p].bounds.y for p in ("p1", "box", "p2")]
    assert tops == sorted(tops)
    assert diagram.shapes["box"].bounds.height == 60


@pytest.mark.parametrize("depth", [1, 2])
def test_nested_lanes_stand_in_theirs(depth: int) -> None:
    inner = '<lane id="in" name="I"><flowNodeRef>t</flowNodeRef></lane><lane id="other"/>'
    lanes = f'<lane id="out"><childLaneSet>{inner}</childLaneSet></lane>' if depth == 2 else inner
    diagram = placed(f"""<collaboration id="C"><participant id="p" processRef="P"/></collaboration>
      <process id="P"><laneSet>{lanes}</laneSet><task id="t"/></process>""")
    pool, lane = diagram.shapes["p"].bounds, diagram.shapes["in"].bounds
    assert lane.x == pool.x + 30 * depth
    assert lane.right == pool.right
    assert lane.bottom == diagram.shapes["other"].bounds.y


def test_data_far_away_is_not_joined_by_a_line() -> None:
    tasks = [f"t{i}" for i in range(9)]
    sequence = "".join(f'<sequenceFlow id="f{i}" sourceRef="t{i}" targetRef="t{i + 1}"/>' for i in range(8))
    tie = '<dataInputAssociation id="tie{0}"><sourceRef>r</sourceRef><targetRef>r</targetRef></dataInputAssociation>'
    inner = {"t0": tie.format(0), "t8": tie.format(8)}
    nodes = "".join(f'<task id="{t}">{inner.get(t, "")}</task>' for t in tasks)
    diagram = placed(
        f"""<process id="P"><dataObject id="o"/><dataObjectReference id="r" dataObjectRef="o"/>
        {nodes}{sequence}</process>"""
    )
    assert "tie0" in diagram.edges
    assert "tie8" not in diagram.edges


def test_a_message_to_a_far_black_box_goes_straight() -> None:
    """The box is as wide as all columns; the message must not be drawn to its middle."""
    tasks = "".join(
        f'<task id="t{i}"/><sequenceFlow id="f{i}" sourceRef="t{i}" targetRef="t{i + 1}"/>' for i in range(29)
    )
    diagram = placed(f"""<collaboration id="C"><participant id="p" processRef="P"/><participant id="box"/>
      <messageFlow id="m" sourceRef="t0" targetRef="box"/></collaboration>
      <process id="P">{tasks}<task id="t29"/></process>""")
    assert len(diagram.edges["m"].waypoints) == 2
