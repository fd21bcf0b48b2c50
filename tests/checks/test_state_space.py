"""Verdicts of small models by hand: what is sound, what is not and where, and what stays open."""

import tracemalloc
from dataclasses import replace

import pytest

from bpmn_tool.checks.environment import Environment
from bpmn_tool.checks.soundness import Soundness, Verdict, soundness, soundness_of
from bpmn_tool.checks.state_space import Limits, StateSpace
from bpmn_tool.model.elements import EventDefinition, Model, MultiInstance, NodeBase, StandardLoop, TriggerKind
from bpmn_tool.model.net_build import build
from tests.execution.drawing import (
    boundary,
    catch,
    draw,
    end,
    exclusive,
    inclusive,
    parallel,
    race,
    receive,
    start,
    sub,
    throw,
    user,
)

LIMITS = Limits(states=50_000, seconds=60)


def verdict(model: Model) -> Soundness:
    """By fewer situations, after all of them have said the same."""
    whole, found = soundness(model, LIMITS, reduced=False), soundness(model, LIMITS)
    assert (whole.verdict, set(whole.dead)) == (found.verdict, set(found.dead))
    assert {each.elements for each in whole.stuck} == {each.elements for each in found.stuck}
    return found


def branches(count: int, opens=parallel, closes=parallel) -> Model:
    nodes = [start("s"), opens("split"), closes("join"), end("e"), *(user(f"a{n}") for n in range(count))]
    return draw(nodes, "s > split", *(f"split > a{n} > join" for n in range(count)), "join > e")


# -- sound


@pytest.mark.parametrize(("opens", "closes"), [(parallel, parallel), (parallel, inclusive), (inclusive, inclusive)])
def test_what_a_gateway_splits_its_like_joins(opens, closes):
    assert verdict(branches(3, opens, closes)).verdict is Verdict.SOUND


@pytest.mark.parametrize("loop", [StandardLoop(), StandardLoop(test_before=True), MultiInstance()])
def test_an_activity_that_is_repeated_is_sound(loop):
    model = draw([start("s"), user("a", loop=loop), end("e")], "s > a > e")
    assert verdict(model).verdict is Verdict.SOUND


def test_a_round_with_a_way_out_is_sound():
    nodes = [start("s"), exclusive("m"), user("a"), exclusive("x"), end("e")]
    assert verdict(draw(nodes, "s > m > a > x > m", "x > e")).verdict is Verdict.SOUND


def test_a_terminate_event_ends_what_runs_beside():
    nodes = [start("s"), parallel("p"), user("a"), user("b"), end("z", trigger=TriggerKind.TERMINATE), end("e")]
    assert verdict(draw(nodes, "s > p > a > z", "p > b > e")).verdict is Verdict.SOUND


@pytest.mark.parametrize("count", [15, 17])
@pytest.mark.parametrize("closes", [parallel, inclusive])
def test_branches_side_by_side_cost_a_step_each(count, closes):
    found = soundness(branches(count, closes=closes))
    assert found.verdict is Verdict.SOUND
    assert found.states < 3 * count


# -- not safe


def test_two_tokens_on_one_flow():
    found = verdict(branches(2, closes=exclusive))
    assert found.verdict is Verdict.NOT_SOUND
    assert found.unsafe[0].elements == ("join-e",)


def test_the_path_to_two_tokens_is_a_shortest():
    found = soundness(branches(2, closes=exclusive))
    assert found.unsafe[0].shortest
    assert found.unsafe[0].path == ("s", "split", "a0", "join", "a1", "join")


def test_an_unbounded_counter_is_found_at_once():
    nodes = [start("s"), exclusive("m"), parallel("p"), user("a")]
    found = verdict(draw(nodes, "s > m > p > m", "p > a"))
    assert found.verdict is Verdict.NOT_SOUND
    assert ("p-a",) in {each.elements for each in found.unsafe}
    assert found.states < 20


def test_an_activity_that_begins_again_while_it_is_under_way():
    found = verdict(draw([start("s"), parallel("p"), user("a")], "s > p > a", "p > a"))
    assert [each.elements for each in found.unsafe] == [("a",)]


def test_two_branches_may_come_to_one_end_at_once():
    signal = EventDefinition(kind=TriggerKind.SIGNAL, ref="x")
    for ending in (end("e"), replace(end("e"), definitions=(signal,))):
        found = verdict(draw([start("s"), parallel("p"), ending], "s > p > e", "p > e"))
        assert found.verdict is Verdict.SOUND


def test_more_than_an_end_that_throws_has_flows():
    thrown = replace(end("e"), definitions=(EventDefinition(kind=TriggerKind.SIGNAL, ref="x"),))
    found = verdict(draw([start("s"), exclusive("m"), parallel("p"), thrown], "s > m > p > m", "p > e"))
    assert found.unsafe


def test_instances_of_one_activity_are_no_fault():
    model = draw([start("s"), user("a", loop=MultiInstance()), end("e")], "s > a > e")
    assert verdict(model).unsafe == ()


def test_a_quantity_says_how_many_tokens_are_meant():
    model = draw([start("s"), user("a", completion_quantity=2), user("b", start_quantity=2), end("e")], "s > a > b > e")
    assert verdict(model).verdict is Verdict.SOUND


# -- cannot complete


def test_a_join_that_waits_for_a_branch_not_taken():
    found = verdict(branches(2, opens=exclusive))
    assert [(each.elements, each.path) for each in found.stuck] == [
        (("join",), ("s", "split", "split-a0", "a0")),
        (("join",), ("s", "split", "split-a1", "a1")),
    ]
    assert set(found.dead) == {"join", "e"}


def test_a_round_without_a_way_out():
    found = verdict(draw([start("s"), exclusive("m"), user("a"), user("b")], "s > m > a > b > m"))
    assert [(each.elements, each.round) for each in found.stuck] == [(("m", "a", "b"), True)]


def test_a_sub_process_that_cannot_end():
    nodes = [start("s"), sub("S"), end("e"), *(n(i, container="S") for n, i in _SPLIT)]
    found = verdict(draw(nodes, "s > S > e", "x > a > p", "x > b > p"))
    assert {each.elements for each in found.stuck} == {("p",)}
    assert found.dead == ("e", "p")


_SPLIT = ((exclusive, "x"), (user, "a"), (user, "b"), (parallel, "p"))


def test_a_boundary_event_leads_out_of_it():
    nodes = [start("s"), sub("S"), end("e"), boundary("late", "S", after="PT1H")]
    nodes += [n(i, container="S") for n, i in _SPLIT]
    found = verdict(draw(nodes, "s > S > e", "late > e", "x > a > p", "x > b > p"))
    assert (found.stuck, found.dead) == ((), ("p", "S-e"))


def test_an_error_that_is_caught_at_the_border():
    nodes: list[NodeBase] = [start("s"), sub("S"), end("e"), boundary("caught", "S"), user("b")]
    nodes[3] = replace(nodes[3], definitions=(EventDefinition(kind=TriggerKind.ERROR),))  # type: ignore[call-arg]
    nodes += [parallel("p", container="S"), user("a", container="S")]
    nodes += [end("E", container="S", trigger=TriggerKind.ERROR)]
    found = verdict(draw(nodes, "s > S > e", "caught > b", "p > a", "p > E"))
    assert found.dead == ("e",)


def test_an_error_that_nobody_catches_ends_its_process():
    nodes = [start("s"), parallel("p"), user("a"), end("E", trigger=TriggerKind.ERROR), end("e")]
    assert verdict(draw(nodes, "s > p > a > e", "p > E")).verdict is Verdict.SOUND


# -- dead


def test_what_nothing_leads_to_is_dead():
    assert verdict(draw([start("s"), end("e"), user("a"), user("b")], "s > e", "a > b")).dead == ("a", "b")


def test_a_message_that_is_never_sent_leaves_an_arm_dead():
    nodes = [start("s"), race("g"), catch("c"), catch("t", after="PT1H"), end("e")]
    nodes += [start("S", container="Q"), throw("v", message=True, container="Q"), end("E", container="Q")]
    found = verdict(draw(nodes, "s > g > c > e", "g > t > e", "S > E", messages="m:v>c"))
    assert found.dead == ("c", "v")


def test_a_flow_that_no_token_comes_over():
    """The sub-process is left by its boundary event only."""
    nodes = [start("s"), sub("S"), exclusive("m"), end("e"), boundary("late", "S", after="PT1H")]
    nodes += [exclusive("x", container="S"), user("a", container="S"), start("b", container="S")]
    found = verdict(draw(nodes, "s > S > m > e", "late > m", "b > x > a > x"))
    assert found.dead == ("S-m",)


# -- over several pools


def _asks(*lines: str, messages: str, more=()) -> Model:
    nodes = [start("s"), throw("ask", message=True), receive("reply"), end("e")]
    nodes += [start("S", message=True, container="Q"), throw("answer", message=True, container="Q")]
    nodes += [end("E", container="Q"), *more]
    return draw(nodes, "s > ask > reply > e", *lines, messages=messages)


def test_a_process_that_a_message_begins():
    model = _asks("S > answer > E", messages="m:ask>S n:answer>reply")
    assert verdict(model).verdict is Verdict.SOUND


def test_an_answer_that_is_not_always_sent():
    more = (exclusive("x", container="Q"), end("silent", container="Q"))
    found = verdict(_asks("S > x > answer > E", "x > silent", messages="m:ask>S n:answer>reply", more=more))
    assert [(each.elements, each.path) for each in found.stuck] == [
        (("reply",), ("s", "ask", "S", "x", "x-silent", "silent"))
    ]


def test_a_message_from_a_black_box_may_come():
    nodes = [start("s"), receive("r"), end("e")]
    assert verdict(draw(nodes, "s > r > e", messages="m:box>r", boxes="box")).verdict is Verdict.SOUND


def test_a_message_that_an_interruption_comes_before():
    nodes: list[NodeBase] = [start("s"), sub("S"), end("e"), boundary("late", "S", after="PT1H")]
    nodes += [user("a", container="S"), throw("v", message=True, container="S")]
    nodes += [start("S2", container="Q"), receive("r", container="Q")]
    found = verdict(draw(nodes, "s > S > e", "late > e", "a > v", "S2 > r", messages="m:v>r"))
    assert {each.elements for each in found.stuck} == {("r",)}


@pytest.mark.parametrize("trigger", [TriggerKind.TERMINATE, TriggerKind.ERROR])
def test_a_message_that_an_end_comes_before(trigger):
    nodes: list[NodeBase] = [start("s"), parallel("p"), throw("v", message=True), end("z", trigger=trigger)]
    nodes += [start("S", container="Q"), receive("r", container="Q")]
    found = verdict(draw(nodes, "s > p > v", "p > z", "S > r", messages="m:v>r"))
    assert {each.elements for each in found.stuck} == {("r",)}


def test_a_message_that_nobody_takes_is_no_fault():
    nodes: list[NodeBase] = [start("s"), throw("v", message=True), end("e")]
    nodes += [start("S", container="Q"), exclusive("x", container="Q"), receive("r", container="Q")]
    nodes += [end("E", container="Q")]
    found = verdict(draw(nodes, "s > v > e", "S > x > r > E", "x > E", messages="m:v>r"))
    assert found.verdict is Verdict.SOUND


def test_what_piles_up_is_not_decided():
    nodes = [start("s"), exclusive("m"), throw("v", message=True), exclusive("x"), end("e")]
    nodes += [start("S", container="Q"), receive("r", container="Q"), end("E", container="Q")]
    found = verdict(draw(nodes, "s > m > v > x > m", "x > e", "S > r > E", messages="w:v>r"))
    assert (found.verdict, found.beyond) == (Verdict.NOT_DECIDED, ("w",))


def test_each_way_to_begin_is_taken_once():
    nodes: list[NodeBase] = [start("s"), start("t"), exclusive("m"), end("e")]
    assert verdict(draw(nodes, "s > m", "t > m", "m > e")).verdict is Verdict.SOUND


# -- what stays open


@pytest.mark.parametrize(
    ("limits", "spent"),
    [(Limits(states=100), "states"), (Limits(memory=100_000), "memory"), (Limits(seconds=0), "time")],
)
def test_a_limit_that_is_reached_is_said(limits, spent):
    found = soundness(branches(9), limits, reduced=False)
    assert (found.verdict, found.spent) == (Verdict.NOT_DECIDED, spent)
    assert (found.dead, found.stuck) == ((), ())


def test_more_ways_out_than_can_be_followed():
    found = soundness(branches(40, inclusive, inclusive))
    assert (found.verdict, found.spent) == (Verdict.NOT_DECIDED, "steps")


def test_what_many_flows_have_in_common_is_looked_for_once(monkeypatch):
    """A step with a thousand flows to the next took minutes to tell, after the second that was allowed for it."""
    model = draw(
        [start("s"), user("a"), user("b"), user("c"), end("e")], "s > a", *["a > b"] * 3, *["b > c"] * 40, "c > e"
    )
    asked: list[int] = []
    path = StateSpace.path

    def counted(self, state):
        asked.append(state)
        return path(self, state)

    monkeypatch.setattr(StateSpace, "path", counted)
    found = soundness(model, Limits(states=120))
    assert len(found.unsafe) >= 40
    assert len(asked) == len(set(asked))
    assert len(asked) < len(found.unsafe)


def test_what_breaks_the_standard_is_not_checked():
    found = soundness(draw([start("s"), end("e"), user("a")], "s > e", "e > a"))
    assert found.verdict is Verdict.NOT_CHECKED
    assert [each.rule for each in found.breaks] == ["end-event-outgoing"]


def test_the_last_model_is_looked_at_once():
    model = branches(2)
    assert soundness_of(model) is soundness_of(model)
    assert soundness_of(branches(3)) is not soundness_of(model)


def test_memory_is_not_underestimated():
    model = branches(7)
    space = StateSpace(Environment(model, build(model, once=True)), LIMITS)
    tracemalloc.start()
    space.explore()
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(space.space.parents) > 2_000
    assert used < space.memory < 2 * used
