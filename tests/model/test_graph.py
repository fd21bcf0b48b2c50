"""The graphs over a model."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@st.composite
def tangles(draws: st.DrawFn) -> "nx.DiGraph[int]":
    """Up to eight vertices, joined at random; all is asked from 0."""
    count = draws(st.integers(1, 8))
    vertices = st.integers(0, count - 1)
    made: nx.DiGraph[int] = nx.DiGraph()
    made.add_nodes_from(range(count))
    made.add_edges_from(draws(st.sets(st.tuples(vertices, vertices), max_size=3 * count)))
    return made


@given(tangles())
def test_dominators_are_what_every_simple_path_goes_through(made: "nx.DiGraph[int]") -> None:
    for target in made:
        paths = [[0]] if target == 0 else list(nx.all_simple_paths(made, 0, target))
        common = set.intersection(*map(set, paths)) if paths else set()
        found = graph.dominators(made, [0], target)
        assert set(found) == common
        assert list(found) == [vertex for vertex in (paths[0] if paths else []) if vertex in common]


@given(tangles())
def test_there_is_a_path_around_just_what_does_not_dominate(made: "nx.DiGraph[int]") -> None:
    for target in made:
        on_every_path = graph.dominators(made, [0], target)
        for gate in made:
            path = graph.path_around(made, [0], target, avoiding=[gate])
            assert bool(path) is bool(on_every_path and gate not in on_every_path)


@given(tangles())
def test_a_path_around_is_a_shortest_one_and_the_first_of_these(made: "nx.DiGraph[int]") -> None:
    for target in made:
        path = graph.path_around(made, [0], target)
        if path:
            assert all(made.has_edge(*edge) for edge in pairwise(path))
            assert list(path) == min(nx.all_shortest_paths(made, 0, target))
        else:
            assert not nx.has_path(made, 0, target)


def test_no_path_leads_from_what_is_not_there() -> None:
    made: nx.DiGraph[str] = nx.DiGraph([("a", "b")])
    assert graph.path_around(made, ["x"], "b") == graph.path_around(made, ["a"], "x") == ()
    assert graph.path_around(made, ["a"], "b", avoiding=["a"]) == graph.dominators(made, ["a"], "x") == ()
