"""What holds of every model, over random block-structured ones (BPMN 2.0.2, chapter 13)."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpmn_tool.model.elements import MultiInstance
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.model.net_build import build
from bpmn_tool.model.tokens import EMPTY, Effect, EffectKind, Marking, Step, StepKind, fire, steps
from tests.model.blocks import ALL, EVERYTHING, REPEATABLE, SIMPLE, UNDOING, Blocks, blocks
from tests.model.playing import Twin, checked, held, left_over

ROUNDS = 60
MANY = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Walk:
    """A way through a model, drawn; after `ROUNDS` steps by whatever leads out."""

    def __init__(self, made: Blocks, data: st.DataObject) -> None:
        self.net: Net = build(made.model)
        self.made, self.data = made, data
        self.effects: list[Effect] = []
        self.taken: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[Marking, Step, Marking, list[Effect]]]:
        marking, effects = fire(self.net, EMPTY, Step(StepKind.BEGIN, (), "s"))
        self.effects += effects
        number = 0
        while possible := list(steps(self.net, marking)):
            number += 1
            assert number < 30 * ROUNDS, "it does not come to an end"
            step = self.choose(possible, hurry=number > ROUNDS)
            after, effects = checked(self.net, marking, step)
            self.effects += effects
            yield marking, step, after, effects
            marking = after
        self.last = marking

    def choose(self, possible: list[Step], *, hurry: bool) -> Step:
        if hurry:
            out = [each for each in possible if self.leads_out(each)] or possible
            step = min(out, key=lambda each: (self.taken[each.node], *map(self.taken.__getitem__, each.flows)))
            self.taken.update((step.node, *step.flows))
        else:
            step = self.data.draw(st.sampled_from(possible))
        node = self.net.nodes[step.node]
        if step.kind is StepKind.PASS and isinstance(node.loop, MultiInstance):
            step = step._replace(instances=self.made.counts[node.id])
        return step

    def leads_out(self, step: Step) -> bool:
        return step.kind is not StepKind.PERFORM and not step.again and not self.net.nodes[step.node].recurs


KINDS = (ALL, EVERYTHING, (*SIMPLE, "sub", "fails", *UNDOING))
#: events that listen, and fire when they occur
LISTENING = (Behaviour.BOUNDARY, Behaviour.EVENT_START)


@st.composite
def models(draws: st.DrawFn, kinds: tuple[tuple[str, ...], ...] = KINDS) -> Blocks:
    return blocks(lambda n: draws(st.integers(0, n - 1)), draws(st.sampled_from(kinds)), depth=3)


@MANY
@given(models(), st.data())
def test_a_block_structured_model_completes_with_nothing_left(made: Blocks, data: st.DataObject) -> None:
    walk = Walk(made, data)
    for _ in walk:
        pass
    assert left_over(walk.last) == []
    assert [each.kind for each in walk.effects].count(EffectKind.ENDED) == 1


@MANY
@given(models(), st.data())
def test_what_waits_ends_once_and_no_token_is_lost(made: Blocks, data: st.DataObject) -> None:
    """What is enabled is completed or withdrawn, or a boundary event that fires; a token is put and taken."""
    walk = Walk(made, data)
    waits: Counter[object] = Counter()
    tokens: Counter[object] = Counter()
    for _, step, _, _ in walk:
        tokens.update([(step.scope, f"^{step.node}")] if step.kind is StepKind.PERFORM else [])
    for each in walk.effects:
        key = (each.scope, each.node, each.visit, each.outer)
        behaviour = walk.net.nodes[each.node].behaviour if each.node in walk.net.nodes else None
        match each.kind:
            case EffectKind.ENABLED:
                waits[key] += 1
            case EffectKind.COMPLETED:
                waits[key] -= 1
            case EffectKind.WITHDRAWN if behaviour is not Behaviour.EVENT_GATEWAY:
                waits[key] -= 1
            case EffectKind.FIRED if behaviour in LISTENING:
                waits[key] -= 1
        if each.kind not in (EffectKind.SENT, EffectKind.VANISHED):
            tokens.update((each.scope, flow) for flow in each.produced)
            tokens.subtract((each.scope, flow) for flow in each.consumed)
        elif each.kind is EffectKind.VANISHED:
            tokens.subtract((each.scope, flow) for flow in each.produced)
    assert {key: count for key, count in waits.items() if count} == {}
    assert {key: count for key, count in tokens.items() if count} == {}


@MANY
@given(models(), st.data())
def test_an_interrupted_activity_leaves_nothing_of_itself(made: Blocks, data: st.DataObject) -> None:
    walk = Walk(made, data)
    for marking, step, after, _ in walk:
        node = walk.net.nodes[step.node]
        if node.behaviour is Behaviour.BOUNDARY and node.interrupting:
            host = marking[("a", step.scope, step.node, step.visit)].belongs_to
            inside = [
                k
                for k in after
                if k[0] in "taon" and k[1][: len(step.scope)] == step.scope and len(k[1]) > len(step.scope)
            ]
            assert [k for k in inside if k[1][len(step.scope)][:2] == host] == []
            assert [k for k in after if k[0] in "ao" and k[1:] == (step.scope, *host)] == []
            assert [k for k in after if k[0] == "a" and k[1] == step.scope and after[k].belongs_to == host] == []
        if node.behaviour is Behaviour.TERMINATE:
            assert [k for k in after if k[0] in "taon" and k[1][: len(step.scope)] == step.scope] == []


@MANY
@given(models(), st.data())
def test_a_visit_is_never_given_twice(made: Blocks, data: st.DataObject) -> None:
    walk = Walk(made, data)
    for _ in walk:
        pass
    begun = Counter(
        (tuple(frame for frame in each.scope if frame[2] >= 0), each.node, each.visit)
        for each in walk.effects
        if (each.kind is EffectKind.ENABLED and not each.outer)
        or (
            each.kind is EffectKind.FIRED
            and each.node in walk.net.nodes
            and walk.net.nodes[each.node].behaviour not in LISTENING
        )
    )
    assert [key for key, count in begun.items() if count > 1] == []


@MANY
@given(models(), st.data())
def test_steps_are_offered_in_the_order_of_scope_node_and_visit(made: Blocks, data: st.DataObject) -> None:
    walk = Walk(made, data)
    for marking, _, _, _ in walk:
        for kind in StepKind:
            order = [(each.scope, each.node, each.visit) for each in steps(walk.net, marking) if each.kind is kind]
            assert order == sorted(order)


@MANY
@given(models(), st.data())
def test_a_step_that_is_not_offered_is_refused(made: Blocks, data: st.DataObject) -> None:
    """Some step of before, done again where it is no longer offered; but that more of the same may be performed in an
    ad-hoc sub-process is offered for what is not under way alone.
    """
    walk = Walk(made, data)
    before: list[Step] = []
    for marking, step, _, _ in walk:
        before += [step] if step.kind is not StepKind.PERFORM else []
        offered = {(each.kind, each.scope, each.node, each.visit) for each in steps(walk.net, marking)}
        old = data.draw(st.sampled_from(before)) if before else step
        if (old.kind, old.scope, old.node, old.visit) not in offered:
            with pytest.raises(ValueError, match="not possible"):
                fire(walk.net, marking, old)


@MANY
@given(models((REPEATABLE, (*SIMPLE, "sub", "fails", *UNDOING))), st.data())
def test_numbers_that_are_reused_change_nothing(made: Blocks, data: st.DataObject) -> None:
    """Step by step the same is held, and the same is possible. But for what a signal reaches, whose order is that of
    numbers, and for compensation of what was done twice, of which it does one.
    """
    walk = Walk(made, data)
    twin: Twin | None = None
    for marking, step, after, effects in walk:
        if twin is None:
            twin = Twin(walk.net)
            twin.fire(Step(StepKind.BEGIN, (), "s"), fire(walk.net, EMPTY, Step(StepKind.BEGIN, (), "s"))[1])
        assert held(twin.marking) == held(marking)
        twin.fire(step, effects)
        assert held(twin.marking) == held(after)
        assert len(twin.steps()) == len(list(steps(walk.net, after)))
