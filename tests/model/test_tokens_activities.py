"""Activities, a small model a rule of BPMN 2.0.2, 13.3; visits and paths by docs/semantics.md, 5."""

import pytest

from bpmn_tool.model.elements import MultiInstance, StandardLoop, TriggerKind
from bpmn_tool.model.tokens import Step, StepKind, options, path_of
from tests.execution.drawing import boundary, catch, draw, end, exclusive, parallel, start, sub, user
from tests.model.playing import Play

# -- sequence flows, 13.3.1


def test_several_outgoing_flows_of_an_activity_all_get_a_token() -> None:
    play = Play(draw([start("s"), user("a"), user("b"), user("c")], "s > a > b", "a > c"))
    assert play("s", "a", "a") == ["completed a"]
    assert play.held == "a-b a-c"


def test_each_token_that_comes_to_an_activity_begins_it_by_itself() -> None:
    play = Play(
        draw(
            [start("s"), parallel("p"), user("a"), user("b"), user("c"), end("e")],
            "s > p > a > c",
            "p > b > c",
            "c > e",
        )
    )
    play("s", "p", "a", "a", "b", "b", "c", "c")
    assert play.held == "c c"
    play.do("c", visit=1)
    assert play("e", "c", "e") == ["fired e/1", "ended P"]


CONDITIONAL = draw(
    [start("s"), user("a"), user("b"), user("c"), user("d"), user("e")],
    "s > a > b",
    "a > c [x]",
    "a > d [y]",
    "a > e [default]",
)


def test_conditional_flows_go_with_the_unconditional_and_the_default_where_none_of_them_does() -> None:
    net = Play(CONDITIONAL).net
    assert sorted(options(net, net.nodes["a"])) == [
        ("a-b", "a-c"),
        ("a-b", "a-c", "a-d"),
        ("a-b", "a-d"),
        ("a-b", "a-e"),
    ]


def test_an_activity_of_conditional_flows_alone_does_not_end_there() -> None:
    """10.3: where no condition holds and there is no default, the case has failed; it is no way to go on."""
    net = Play(draw([start("s"), user("a"), user("b")], "s > a", "a > b [x]")).net
    assert list(options(net, net.nodes["a"])) == [("a-b",)]


def test_unconditional_flows_are_never_left_out() -> None:
    play = Play(CONDITIONAL)
    play("s", "a")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(play.steps("a")[0]._replace(flows=("a-c",)))


# -- sub-processes, 13.3.4


SUB = draw(
    [start("s"), sub("S"), user("z"), start("i", container="S"), user("a", container="S"), user("b", container="S")],
    "s > S > z",
    "i > a",
    "i > b",
)


def test_a_sub_process_begins_at_its_start_event() -> None:
    play = Play(SUB)
    assert play("s", "S") == ["enabled S", "fired"]
    assert play.held == "S ^i"


def test_a_sub_process_completes_when_nothing_is_left_in_it() -> None:
    play = Play(SUB)
    play("s", "S", "i", "a", "b", "a")
    assert play("b") == ["completed b", "drained S"]
    assert play("S") == ["completed S"]
    assert play.held == "S-z"


def test_a_sub_process_does_not_complete_before() -> None:
    play = Play(SUB)
    play("s", "S", "i", "a", "a")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.COMPLETE, (("P", 0, -1),), "S", flows=("S-z",)))


def test_without_a_start_event_everything_without_an_incoming_flow_begins() -> None:
    play = Play(
        draw(
            [
                start("s"),
                sub("S"),
                user("a", container="S"),
                user("b", container="S"),
                user("c", container="S"),
                boundary("x", "a", container="S"),
            ],
            "s > S",
            "a > c",
            "x > c",
        )
    )
    play("s", "S")
    assert play.held == "S ^a ^b"


def test_several_start_events_of_a_sub_process_all_begin() -> None:
    play = Play(
        draw(
            [
                start("s"),
                sub("S"),
                start("i", container="S"),
                start("k", container="S"),
                user("a", container="S"),
                user("b", container="S"),
            ],
            "s > S",
            "i > a",
            "k > b",
        )
    )
    play("s", "S", "i", "k")
    assert play.held == "S i-a k-b"


def test_a_sub_process_in_which_nothing_begins_is_done_at_once() -> None:
    play = Play(draw([start("s"), sub("S"), user("a", container="S"), user("b", container="S")], "s > S", "a > b > a"))
    assert play("s", "S") == ["enabled S", "drained S"]
    assert play("S") == ["completed S", "ended P"]


def test_sub_processes_within_one_another_end_from_the_inside() -> None:
    play = Play(draw([start("s"), sub("S"), sub("T", container="S"), user("a", container="T")], "s > S"))
    play("s", "S", "T", "a")
    assert play("a") == ["completed a", "drained T"]
    assert play("T") == ["completed T", "drained S"]
    assert play("S") == ["completed S", "ended P"]


# -- loops, 13.3.6


LOOP = draw([start("s"), user("a", loop=StandardLoop(maximum=3)), end("e")], "s > a > e")


def test_a_loop_runs_its_activity_again_with_a_visit_of_its_own() -> None:
    play = Play(LOOP)
    assert play("s", "a") == ["enabled a*", "enabled a"]
    assert play.do("a", again=True) == ["completed a", "enabled a/1"]
    assert play.do("a") == ["completed a/1", "completed a*"]
    assert play.held == "a-e"


def test_a_loop_runs_no_oftener_than_its_maximum() -> None:
    play = Play(LOOP)
    play("s", "a")
    play.do("a", again=True)
    play.do("a", again=True)
    assert {step.again for step in play.steps("a")} == {False}


def test_a_loop_that_is_tested_before_may_run_not_once() -> None:
    play = Play(draw([start("s"), user("a", loop=StandardLoop(test_before=True)), end("e")], "s > a > e"))
    play("s")
    assert [step.instances for step in play.steps("a")] == [1, 0]
    assert play.do("a", instances=0) == ["enabled a*", "drained a*"]
    assert play("a") == ["completed a*"]
    assert play.held == "a-e"


def test_two_loops_of_no_run_side_by_side_both_complete() -> None:
    play = Play(
        draw(
            [start("s"), parallel("p"), user("a", loop=StandardLoop(test_before=True)), end("e")],
            "s > p > a > e",
            "p > a",
        )
    )
    play("s", "p")
    play.do("a", instances=0)
    play.do("a", instances=0)
    play("a", "a", "e", "e")
    assert play.held == ""


def test_a_loop_tested_after_runs_once_at_least() -> None:
    play = Play(LOOP)
    play("s")
    assert [step.instances for step in play.steps("a")] == [1]


def test_a_later_round_of_a_looped_activity_goes_on_counting_visits() -> None:
    play = Play(
        draw(
            [start("s"), exclusive("m"), user("a", loop=StandardLoop()), exclusive("x"), end("e")],
            "s > m > a > x > m",
            "x > e",
        )
    )
    play("s", "m", "a")
    play.do("a", again=True)
    assert play("a", "x>m", "m", "a") == ["enabled a/2*", "enabled a/2"]


def test_visits_of_an_activity_in_a_loop_of_gateways_go_up() -> None:
    play = Play(draw([start("s"), exclusive("m"), user("a"), exclusive("x"), end("e")], "s > m > a > x > m", "x > e"))
    play("s", "m", "a", "a", "x>m", "m")
    assert play("a") == ["enabled a/1"]


def test_a_sub_process_in_a_loop_begins_anew_each_time() -> None:
    play = Play(
        draw([start("s"), sub("S", loop=StandardLoop(maximum=2)), user("a", container="S"), user("z")], "s > S > z")
    )
    play("s", "S", "a")
    assert play("a") == ["completed a", "drained S"]
    assert play.do("S", again=True) == ["completed S", "enabled S/1", "fired /1"]
    assert play("a") == ["enabled a/1"]
    play("a", "S")
    assert play.held == "S-z"


# -- multi-instances, 13.3.7


def multi(**more: object) -> Play:
    play = Play(draw([start("s"), user("a", loop=MultiInstance(**more)), end("e")], "s > a > e"))  # type: ignore[arg-type]
    play("s")
    return play


def test_parallel_instances_are_all_enabled_at_once() -> None:
    play = multi()
    assert play.do("a", instances=3) == ["enabled a*", "enabled a", "enabled a", "enabled a"]
    assert [path_of(step.scope) for step in play.steps("a")] == [(("a", 0, i),) for i in range(3)]


def test_a_multi_instance_completes_with_its_last_instance() -> None:
    play = multi()
    play.do("a", instances=3)
    assert play.do("a", path=(2,)) == ["completed a"]
    assert play.do("a", path=(0,)) == ["completed a"]
    assert play.do("a", path=(1,)) == ["completed a", "completed a*"]
    assert play.held == "a-e"


def test_sequential_instances_are_enabled_one_after_another() -> None:
    play = multi(is_sequential=True)
    assert play.do("a", instances=2) == ["enabled a*", "enabled a"]
    assert play("a") == ["completed a", "enabled a"]
    assert play.steps("a")[0].scope[-1] == ("a", 0, 1)
    assert play("a") == ["completed a", "completed a*"]


@pytest.mark.parametrize("is_sequential", [False, True])
def test_no_instances_complete_at_once(is_sequential: bool) -> None:
    play = multi(is_sequential=is_sequential)
    assert play.do("a", instances=0) == ["enabled a*", "drained a*"]
    assert play("a") == ["completed a*"]
    assert play("e") == ["fired e", "ended P"]


def test_a_multi_instance_that_has_instances_is_not_closed_as_empty() -> None:
    play = multi()
    play.do("a", instances=1)
    with pytest.raises(ValueError, match="not possible"):
        play.fire(Step(StepKind.CLOSE, (("P", 0, -1),), "a", flows=("a-e",)))


def test_a_completion_condition_interrupts_the_instances_left_over() -> None:
    play = multi(completion_condition="enough")
    play.do("a", instances=3)
    assert play.do("a", path=(1,), satisfied=True) == ["completed a", "withdrawn a", "withdrawn a", "completed a*"]
    assert play.held == "a-e"


def test_a_completion_condition_spares_sequential_instances_their_begin() -> None:
    play = multi(completion_condition="enough", is_sequential=True)
    play.do("a", instances=3)
    assert play.do("a", satisfied=True) == ["completed a", "completed a*"]


def test_without_a_completion_condition_none_is_offered() -> None:
    play = multi()
    play.do("a", instances=3)
    assert {step.satisfied for step in play.steps("a")} == {False}


INSTANCES = draw(
    [start("s"), sub("S", loop=MultiInstance()), start("i", container="S"), user("a", container="S"), end("e")],
    "s > S > e",
    "i > a",
)


def test_visits_are_counted_in_each_instance_by_itself() -> None:
    play = Play(INSTANCES)
    play("s")
    play.do("S", instances=2)
    play("i", "i")
    assert play("a") == ["enabled a"]
    assert play("a") == ["enabled a"]
    assert [path_of(step.scope) for step in play.steps("a")] == [(("S", 0, 0),), (("S", 0, 1),)]


def test_an_instance_of_a_sub_process_is_done_when_nothing_is_left_in_it() -> None:
    play = Play(INSTANCES)
    play("s")
    play.do("S", instances=2)
    for instance in (1, 0):
        play.do("i", path=(instance,))
        play.do("a", path=(instance,))
        assert play.do("a", path=(instance,)) == ["completed a", "drained S"]
    assert play.do("S", path=(1,)) == ["completed S"]
    assert play.do("S", path=(0,)) == ["completed S", "completed S*"]
    assert play("e") == ["fired e", "ended P"]


def test_a_second_visit_of_a_multi_instance_has_paths_of_its_own() -> None:
    play = Play(
        draw(
            [start("s"), exclusive("m"), user("a", loop=MultiInstance()), exclusive("x"), end("e")],
            "s > m > a > x > m",
            "x > e",
        )
    )
    play("s", "m", "a", "a", "x>m", "m", "a")
    assert path_of(play.steps("a")[0].scope) == (("a", 1, 0),)
    assert play("a") == ["completed a", "completed a/1*"]


def test_a_plain_sub_process_adds_nothing_to_the_path() -> None:
    play = Play(SUB)
    play("s", "S", "i", "a")
    scope = next(step.scope for step in play.steps("a"))
    assert len(scope) == 2
    assert path_of(scope) == ()


# -- what is taken away


def test_a_boundary_event_takes_all_instances_with_it() -> None:
    """13.5.3; the completion of the activity is its boundary event."""
    play = Play(draw([start("s"), user("a", loop=MultiInstance()), boundary("b", "a"), user("z")], "s > a", "b > z"))
    play("s")
    play.do("a", instances=2)
    assert play("b") == ["withdrawn a", "withdrawn a", "withdrawn a*", "fired b"]
    assert play.held == "b-z"


def test_a_boundary_event_takes_all_that_is_in_a_sub_process() -> None:
    model = draw(
        [
            start("s"),
            sub("S"),
            boundary("b", "S"),
            boundary("c", "S"),
            user("z"),
            parallel("p", container="S"),
            user("a", container="S"),
            sub("T", container="S", loop=MultiInstance()),
            boundary("n", "T", container="S"),
            catch("k", container="T"),
        ],
        "s > S",
        "b > z",
        "p > a",
        "p > T",
        "p > a",
    )
    play = Play(model)
    play("s", "S", "p", "a", "T", "k")
    assert play.held == "(b) (c) (n) S T T* a k p-a'"
    assert play("b") == [
        "withdrawn a",
        "withdrawn n",
        "withdrawn T*",
        "vanished p-a'",
        "withdrawn T",
        "withdrawn k",
        "withdrawn c",
        "withdrawn S",
        "fired b",
    ]
    assert play.held == "b-z"


def test_a_loop_that_is_left_by_its_boundary_event_is_gone() -> None:
    play = Play(draw([start("s"), user("a", loop=StandardLoop()), boundary("b", "a"), user("z")], "s > a", "b > z"))
    play("s", "a")
    play.do("a", again=True)
    assert play("b") == ["withdrawn a/1", "withdrawn a*", "fired b"]
    assert play.held == "b-z"


def test_the_end_of_an_instance_leaves_the_others_alone() -> None:
    model = draw(
        [
            start("s"),
            sub("S", loop=MultiInstance()),
            parallel("p", container="S"),
            user("a", container="S"),
            end("x", container="S", trigger=TriggerKind.TERMINATE),
        ],
        "s > S",
        "p > a",
        "p > x",
    )
    play = Play(model)
    play("s")
    play.do("S", instances=2)
    play.do("p", path=(0,))
    play.do("p", path=(1,))
    assert play.do("x", path=(0,)) == ["fired x", "vanished p-a", "drained S"]
    assert play.held == "S S S* p-a p-x"
