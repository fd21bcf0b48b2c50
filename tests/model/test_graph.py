"""The graphs over a model."""

import pytest

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model import graph
from bpmn_tool.model.elements import Model

TEXT = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<collaboration id="C"><participant id="city" processRef="P"/><participant id="box"/>
  <messageFlow id="m" sourceRef="b" targetRef="box"/></collaboration>
<process id="P">
  <laneSet>
    <lane id="l1"><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef><flowNodeRef>sub</flowNodeRef></lane>
    <lane id="l2"><flowNodeRef>b</flowNodeRef></lane>
  </laneSet>
  <startEvent id="s"/><task id="a"/><task id="b"/><subProcess id="sub"><task id="inner"/></subProcess>
  <boundaryEvent id="t" attachedToRef="sub"/><task id="late"/><task id="alone"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
  <sequenceFlow id="f3" sourceRef="b" targetRef="a"/><sequenceFlow id="f4" sourceRef="b" targetRef="sub"/>
  <sequenceFlow id="f5" sourceRef="t" targetRef="late"/>
</process></definitions>"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read_bytes(TEXT, "graph.bpmn")


def test_tokens_reach_inside_sub_processes_and_behind_boundary_events(model: Model) -> None:
    reached = graph.reachable(graph.flow_graph(model, "P"), ["s"])
    assert reached == {"s", "a", "b", "sub", "inner", "t", "late"}


def test_a_loop_is_found(model: Model) -> None:
    assert {"a", "b"} in graph.loops(graph.flow_graph(model, "P"))


def test_handoffs_between_lanes_and_participants(model: Model) -> None:
    found = graph.handoff_graph(model)
    assert {(a, b): found.edges[a, b]["flows"] for a, b in found.edges if a != "city"} == {
        ("l1", "l2"): ["f2"],
        ("l2", "l1"): ["f3", "f4"],
        ("l2", "box"): ["m"],
        ("l1", "city"): ["f5"],
    }


def test_back_edges_are_left_out() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "c"), ("a", "c")]
    assert set(graph.without_back_edges("abc", edges)) == {("a", "b"), ("b", "c"), ("a", "c")}


def test_longest_paths_add_weights() -> None:
    weights = {("a", "b"): 1, ("b", "c"): 1, ("a", "c"): 1, ("c", "d"): 0}
    assert graph.longest_paths("abcd", weights) == {"a": 0, "b": 1, "c": 2, "d": 2}


def test_wishes_that_close_a_cycle_are_refused() -> None:
    assert graph.acyclic_with("abc", [("a", "b")], [("b", "c"), ("c", "a"), ("a", "c")]) == [("b", "c"), ("a", "c")]
