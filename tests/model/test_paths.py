"""What can be reached without what: against the token rules, against brute force, and by hand."""

from collections import deque
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    EventKind,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    Task,
    TriggerKind,
)
from bpmn_tool.model.net_build import build
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.tokens import REUSING, EffectKind, Step, StepKind, fire, steps
from tests.execution.drawing import boundary, catch, draw, end, exclusive, parallel, receive, start, sub, user
from tests.model.blocks import ALL, Blocks, blocks

#: of these the paths are exactly those of the token rules; an inclusive join, a second thread in a sub-process and what
#: ends one early may have paths that no token takes
EXACT = ("user", "service", "seq", "seq", "xor", "and", "loop", "race", "left", "sub", "throw", "catch")
MOST = 300
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def models(kinds: tuple[str, ...], depth: int) -> st.SearchStrategy[Blocks]:
    @st.composite
    def made(draws: st.DrawFn) -> Blocks:
        return blocks(lambda n: draws(st.integers(0, n - 1)), kinds, depth=depth)

    return made().filter(lambda each: len(activities(each.model)) > 1)


def reached_by_tokens(made: Blocks, gate: str) -> set[str] | None:
    """All nodes that the token rules come to though the gate is never complete; None where there is too much
    to try.
    """
    net = build(made.model)
    found: set[str] = set()
    seen, queue, fired = {REUSING}, deque([REUSING]), 0
    while queue:
        marking = queue.popleft()
        possible = steps(net, marking) if marking != REUSING else [Step(StepKind.BEGIN, (), "s")]
        for step in possible:
            fired += 1
            if fired > 10 * MOST:
                return None
            loop = net.nodes[step.node].loop
            if step.kind is StepKind.PASS and isinstance(loop, MultiInstance):
                step = step._replace(instances=made.counts[step.node])  # noqa: PLW2901
            after, effects = fire(net, marking, step)
            if any(each.node == gate and each.kind is EffectKind.COMPLETED for each in effects):
                continue
            found |= {each.node for each in effects if each.kind in (EffectKind.ENABLED, EffectKind.FIRED)}
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return found


def activities(model: Model) -> list[str]:
    return [node.id for node in model.flow_nodes.values() if isinstance(node, Task | SubProcess)]


@FEW
@given(models(EXACT, 3), st.data())
def test_a_step_is_reached_without_a_gate_just_where_tokens_come_to_it(made: Blocks, data: st.DataObject) -> None:
    assume(not made.counts)  # data say how often: no path does
    gate = data.draw(st.sampled_from(activities(made.model)))
    by_tokens = reached_by_tokens(made, gate)
    assume(by_tokens is not None)
    by_paths = paths_of(made.model).reached({Point(gate, done=True)})
    assert {node for node in activities(made.model) if Point(node) in by_paths} == {
        node for node in activities(made.model) if node in (by_tokens or ())
    }


@FEW
@given(models(ALL, 2), st.data())
def test_no_way_around_a_gate_that_tokens_take_is_missed(made: Blocks, data: st.DataObject) -> None:
    gate = data.draw(st.sampled_from(activities(made.model)))
    by_tokens = reached_by_tokens(made, gate)
    assume(by_tokens is not None)
    by_paths = paths_of(made.model).reached({Point(gate, done=True)})
    assert {node for node in filter(None, by_tokens or ()) if Point(node) not in by_paths} == set()


@st.composite
def tangles(draws: st.DrawFn) -> Model:
    """A process of tasks and exclusive gateways, joined at random."""
    count = draws(st.integers(2, 9))
    names = [f"n{number}" for number in range(count)]
    nodes = [exclusive(name) if draws(st.booleans()) else user(name) for name in names]
    pairs = draws(st.sets(st.tuples(st.sampled_from(["s", *names]), st.sampled_from(names)), max_size=3 * count))
    return draw([start("s"), *nodes], *(f"{a} > {b}" for a, b in sorted(pairs)))


@settings(max_examples=200)
@given(tangles(), st.data())
def test_a_path_around_is_drawn_begins_at_a_start_and_avoids_the_gate(model: Model, data: st.DataObject) -> None:
    gate, target = (data.draw(st.sampled_from(sorted(set(model.flow_nodes) - {"s"}))) for _ in range(2))
    assume(gate != target)
    paths = paths_of(model)
    reached = paths.reached({Point(gate, done=True)})
    path = paths.around(Point(target), reached)
    assert bool(path) is (target in _brute_force(model, gate))
    if path:
        nodes, flows = path[::2], path[1::2]
        assert (nodes[0], nodes[-1]) == ("s", target)
        assert gate not in nodes
        drawn = [(model.sequence_flows[flow].source_ref, model.sequence_flows[flow].target_ref) for flow in flows]
        assert drawn == list(pairwise(nodes))
        assert len(set(path)) == len(path)


def _brute_force(model: Model, gate: str) -> set[str]:
    """What flows lead to from the start, if none is followed out of the gate."""
    found = {"s"}
    while (
        more := {flow.target_ref for flow in model.sequence_flows.values() if flow.source_ref in found - {gate}} - found
    ):
        found |= more
    return found


def without(model: Model, gate: str, *targets: str) -> list[str]:
    """Those of the targets that are reached without the gate."""
    reached = paths_of(model).reached({Point(gate, done=gate in model.flow_nodes)})
    return [target for target in targets if Point(target) in reached]


def test_of_two_paths_as_short_the_first_by_ids() -> None:
    model = draw([start("s"), exclusive("x"), user("b"), user("a"), user("z")], "s > x > b > z", "x > a > z")
    paths = paths_of(model)
    assert paths.around(Point("z"), paths.reached()) == ("s", "s-x", "x", "x-a", "a", "a-z", "z")


def test_a_flow_can_be_the_gate() -> None:
    model = draw([start("s"), exclusive("x"), user("a"), user("b")], "s > x > a", "x > b", "a > b")
    assert without(model, "x-a", "a", "b") == ["b"]


def test_a_sub_process_is_not_complete_when_it_is_left() -> None:
    nodes = [start("s"), sub("S"), user("i", container="S"), boundary("t", "S", after="PT1H"), user("a"), user("b")]
    assert without(draw(nodes, "s > S > a", "t > b"), "S", "i", "a", "b") == ["i", "b"]


def test_what_stands_in_a_sub_process_is_complete_before_what_follows_it() -> None:
    model = draw([start("s"), sub("S"), user("i", container="S"), user("a")], "s > S > a")
    assert without(model, "i", "a") == []


def test_a_link_leads_on() -> None:
    link = (EventDefinition(kind=TriggerKind.LINK, name="on"),)
    out = Event(id="out", kind=EventKind.THROW, definitions=link, container="P")
    into = Event(id="into", kind=EventKind.CATCH, definitions=link, container="P")
    model = draw([start("s"), out, into, user("g"), user("a")], "s > g > out", "into > a")
    assert (without(model, "g", "a"), without(model, "nothing", "a")) == ([], ["a"])


def test_a_start_event_waits_for_a_message_that_is_drawn() -> None:
    nodes = [start("s"), user("g"), user("told"), start("t", message=True, container="Q"), user("a", container="Q")]
    model = draw(nodes, "s > g > told", "t > a", messages="m:told>t")
    assert (without(model, "g", "t", "a"), without(model, "nothing", "a")) == ([], ["a"])


def test_a_message_of_a_black_box_may_come_at_any_time() -> None:
    nodes = [start("s"), user("g"), user("told"), start("t", message=True, container="Q"), user("a", container="Q")]
    model = draw(nodes, "s > g > told", "t > a", messages="m:told>t n:box>t", boxes="box")
    assert without(model, "g", "a") == ["a"]


@pytest.mark.parametrize("waits", [receive, catch])
def test_an_answer_comes_after_what_it_answers(waits) -> None:
    nodes = [start("s"), user("ask"), waits("r"), user("a")]
    other = [start("t", message=True, container="Q"), user("g", container="Q"), end("u", container="Q")]
    model = draw([*nodes, *other], "s > ask > r > a", "t > g > u", messages="m:ask>t n:u>r")
    assert without(model, "g", "r", "a") == ["r"]


def test_a_parallel_join_waits_for_all() -> None:
    nodes = [start("s"), parallel("f"), user("g"), user("b"), parallel("j"), user("a")]
    assert without(draw(nodes, "s > f > g > j > a", "f > b > j"), "g", "b", "j", "a") == ["b"]


def test_what_nothing_leads_to_is_never_reached() -> None:
    assert without(draw([start("s"), user("a"), user("b")], "s > a"), "nothing", "a", "b") == ["a"]


def test_a_process_without_a_start_event_begins_where_no_flow_leads_to() -> None:
    assert without(draw([user("a"), user("b"), user("c")], "a > b"), "a", "a", "b", "c") == ["a", "c"]


def test_gateways_are_complete_when_tokens_leave_them() -> None:
    model = draw([start("s"), exclusive("x"), user("a")], "s > x > a")
    assert without(model, "x", "x", "a") == ["x"]


@pytest.mark.parametrize(
    ("marker", "found"),
    [
        (StandardLoop(test_before=True), ["a"]),
        (StandardLoop(), []),
        (MultiInstance(cardinality="many"), ["a"]),
        (MultiInstance(cardinality="3"), []),
    ],
)
def test_a_gate_in_what_may_have_no_run_is_gone_around(marker, found) -> None:
    nodes = [start("s"), sub("S", loop=marker), user("g", container="S"), user("a")]
    assert without(draw(nodes, "s > S > a"), "g", "a") == found
