"""Events, messages, beginnings and ends, a small model a rule of BPMN 2.0.2, 13.2 and 13.5."""

import pytest

from bpmn_tool.model.elements import TriggerKind
from bpmn_tool.model.tokens import Step, StepKind, on_way
from tests.execution.drawing import boundary, catch, draw, end, inclusive, parallel, receive, start, sub, throw, user
from tests.model.playing import Play

ONE = (("P", 0, -1),)

# -- beginning and end of a process, 13.2 and 13.5.1


def test_a_process_begins_at_a_start_event_and_ends_with_its_last_token() -> None:
    play = Play(draw([start("s"), user("a"), end("e")], "s > a > e"), "s")
    assert play("s") == ["fired s"]
    assert play("a") == ["enabled a"]
    assert play("a") == ["completed a"]
    assert play("e") == ["fired e", "ended P"]
    assert play.held == ""


def test_a_process_goes_on_after_an_end_event_while_there_are_tokens() -> None:
    """13.5.6."""
    play = Play(draw([start("s"), user("a"), end("e")], "s > e", "s > a"))
    assert play("s", "e") == ["fired e"]
    play("a")
    assert play("a") == ["completed a", "ended P"]


def test_each_start_event_begins_an_instance_of_its_own() -> None:
    play = Play(draw([start("s"), start("t"), user("a")], "s > a", "t > a"), "s", "t")
    play("s", "t", "a", "a")
    assert [step.scope for step in play.steps("a")] == [(("P", 0, -1),), (("P", 1, -1),)]
    assert play("a") == ["completed a", "ended P"]


def test_visits_go_on_counting_over_the_instances_of_a_case() -> None:
    """Semantics 5: a message-started instance adds no path."""
    play = Play(draw([start("s"), user("a")], "s > a"), "s", "s")
    play("s", "s", "a")
    assert play("a") == ["enabled a/1"]


def test_a_process_without_a_start_event_begins_wherever_nothing_comes_in() -> None:
    play = Play(draw([user("a"), user("b"), user("c"), boundary("x", "a")], "a > c", "x > c"), "P")
    assert play.held == "^a ^b"


def test_nothing_begins_at_a_name_that_is_neither() -> None:
    play = Play(draw([start("s"), user("a")], "s > a"))
    with pytest.raises(ValueError, match="not possible"):
        play.begin("P")


def test_joins_of_two_instances_do_not_share_tokens() -> None:
    play = Play(draw([start("s"), start("t"), parallel("j"), end("e")], "s > j", "t > j > e"), "s", "t")
    play("s", "t")
    assert play.may == []


# -- intermediate events, 13.5.2


def test_a_throwing_event_passes_at_once() -> None:
    play = Play(draw([start("s"), throw("t"), user("a")], "s > t > a"))
    assert play("s", "t") == ["fired t"]
    assert play.held == "t-a"


def test_a_catching_event_waits() -> None:
    play = Play(draw([start("s"), catch("c", after="PT1H"), user("a")], "s > c > a"))
    assert play("s", "c") == ["enabled c"]
    assert play.held == "c"
    assert play("c") == ["completed c"]


# -- boundary events, 13.5.3

GUARDED = [start("s"), user("a"), boundary("b", "a"), boundary("c", "a", after="PT1H"), user("y"), user("z")]


def test_boundary_events_listen_from_enabled_to_end() -> None:
    play = Play(draw(GUARDED, "s > a > y", "b > z", "c > z"))
    assert play("s", "a") == ["enabled a", "enabled b", "enabled c"]
    assert play("a") == ["withdrawn b", "withdrawn c", "completed a"]
    assert play.held == "a-y"


def test_an_interrupting_event_takes_the_token_of_its_activity() -> None:
    play = Play(draw(GUARDED, "s > a > y", "b > z", "c > z"))
    play("s", "a")
    assert play("b") == ["withdrawn c", "withdrawn a", "fired b"]
    assert play.held == "b-z"
    assert play("z", "z") == ["completed z", "ended P"]


def aside(**more: str) -> Play:
    play = Play(
        draw([start("s"), user("a"), boundary("b", "a", cancel_activity=False, **more), user("z")], "s > a", "b > z")
    )
    play("s", "a")
    return play


def test_a_message_may_come_again_beside_an_activity_that_goes_on() -> None:
    play = aside()
    assert play("b") == ["enabled b/1", "fired b"]
    assert play("b") == ["enabled b/2", "fired b/1"]
    assert play.held == "(b) a b-z b-z"
    assert play("a") == ["withdrawn b/2", "completed a"]


def test_events_beside_one_that_came_again_still_end_with_the_activity() -> None:
    again = boundary("b", "a", cancel_activity=False)
    play = Play(draw([start("s"), user("a"), again, boundary("c", "a", after="PT1H")], "s > a"))
    play("s", "a", "b")
    assert play("a") == ["withdrawn c", "withdrawn b/1", "completed a", "ended P"]


def test_a_timer_comes_once() -> None:
    play = aside(after="PT1H")
    assert play("b") == ["fired b"]
    assert play.held == "a b-z"


def test_a_timer_that_repeats_may_come_again() -> None:
    play = aside(cycle="R/PT1H")
    assert play("b") == ["enabled b/1", "fired b"]


def test_what_an_event_began_outlives_its_activity() -> None:
    play = aside()
    play("b", "a")
    assert play("z") == ["enabled z"]
    assert play("z") == ["completed z", "ended P"]


def test_a_boundary_event_of_one_visit_leaves_the_other_alone() -> None:
    play = Play(
        draw([start("s"), parallel("p"), user("a"), boundary("b", "a"), user("z")], "s > p > a", "p > a", "b > z")
    )
    play("s", "p", "a", "a")
    assert play.do("b", visit=1) == ["withdrawn a/1", "fired b/1"]
    assert play.held == "(b) a b-z"


def test_an_event_beside_a_sub_process_leaves_its_inside_alone() -> None:
    play = Play(
        draw(
            [start("s"), sub("S"), user("i", container="S"), boundary("b", "S", cancel_activity=False), user("z")],
            "s > S",
            "b > z",
        )
    )
    play("s", "S", "i", "b")
    assert play.held == "(b) S b-z i"


# -- terminate, 13.5.6

STOP = TriggerKind.TERMINATE


def test_a_terminate_end_event_ends_the_process_and_all_that_is_in_it() -> None:
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            boundary("b", "a"),
            sub("S"),
            user("i", container="S"),
            user("c"),
            end("x", trigger=STOP),
        ],
        "s > p > a",
        "p > S",
        "p > c",
        "p > x",
    )
    play = Play(model)
    play("s", "p", "a", "S", "i")
    assert play("x") == [
        "fired x",
        "withdrawn S",
        "withdrawn a",
        "withdrawn b",
        "vanished p-c",
        "withdrawn i",
        "ended P",
    ]
    assert play.held == ""


def test_a_terminate_end_event_in_a_sub_process_ends_that_alone() -> None:
    model = draw(
        [
            start("s"),
            parallel("p"),
            user("a"),
            sub("S"),
            parallel("q", container="S"),
            user("i", container="S"),
            end("x", container="S", trigger=STOP),
            user("z"),
        ],
        "s > p > a",
        "p > S > z",
        "q > i",
        "q > x",
    )
    play = Play(model)
    play("s", "p", "a", "S", "q", "i")
    assert play("x") == ["fired x", "withdrawn i", "drained S"]
    assert play("S") == ["completed S"]
    assert play.held == "S-z a"


def test_a_terminate_end_event_leaves_other_instances_of_its_process_alone() -> None:
    play = Play(draw([start("s"), start("t"), user("a"), end("x", trigger=STOP)], "s > a", "t > x"), "s", "t")
    play("s", "a", "t")
    assert play("x") == ["fired x", "ended P/1"]
    assert play.held == "a"


# -- messages

POST = draw(
    [
        start("s"),
        throw("t", message=True),
        user("a"),
        end("e"),
        start("r", message=True, container="Q"),
        receive("k", container="Q"),
        catch("c", container="Q"),
    ],
    "s > t > a > e",
    "r > k > c",
    messages="m:t>r n:a>k o:e>c",
)


def test_a_message_is_sent_by_an_event_when_it_fires_and_by_a_task_when_it_is_done() -> None:
    play = Play(POST)
    assert play("s", "t") == ["fired t", "sent m"]
    assert play("a") == ["enabled a"]
    assert play("a") == ["completed a", "sent n"]
    assert play("e") == ["fired e", "sent o", "ended P"]


def test_a_message_that_finds_nobody_is_kept_until_somebody_takes_it() -> None:
    play = Play(POST, "s", "r")
    play.fire(Step(StepKind.KEEP, (), "", flow="n"))
    play.fire(Step(StepKind.KEEP, (), "", flow="n"))
    play("r", "k")
    assert play.held == "^s k kept n kept n"
    step = play.steps("k")[0]._replace(kept="n")
    assert play.fire(step) == ["completed k"]
    assert play.held == "^s k-c kept n"


def test_a_message_that_was_not_kept_is_not_taken() -> None:
    play = Play(POST, "r")
    play("r", "k")
    with pytest.raises(ValueError, match="not possible"):
        play.fire(play.steps("k")[0]._replace(kept="n"))


def test_messages_kept_do_not_keep_a_process_open() -> None:
    play = Play(draw([start("s"), end("e")], "s > e"))
    play.fire(Step(StepKind.KEEP, (), "", flow="m"))
    assert play("s", "e") == ["fired e", "ended P"]


# -- handoffs (semantics 3)

DECLINED = draw([start("s"), user("a"), user("b"), user("c")], "s > a > b", "a > c")


def test_a_declined_token_goes_on_elsewhere() -> None:
    play = Play(draw([start("s"), user("a"), user("b"), user("c")], "s > a", "b > c"))
    play.fire(Step(StepKind.DIVERT, ONE, "", flow="^s", flows=("b-c",)))
    assert play.held == "b-c"
    play("c")
    assert play("c") == ["completed c", "ended P"]


def test_a_token_may_be_declined_onto_several_flows_and_each_counts() -> None:
    play = Play(DECLINED)
    play.fire(Step(StepKind.DIVERT, ONE, "", flow="^s", flows=("a-b", "a-c")))
    play("b", "b", "c")
    assert play("c") == ["completed c", "ended P"]


def test_a_token_on_its_way_is_not_taken_and_a_join_waits_for_it() -> None:
    """Semantics 3: a delayed handoff is on its way, a lost token rests where it is."""
    play = Play(draw([start("s"), parallel("p"), inclusive("j"), user("a")], "s > p > j > a", "p > j"))
    play("s", "p")
    away = on_way("p-j", 0)
    play.fire(Step(StepKind.DIVERT, ONE, "", flow="p-j", flows=(away,)))
    assert play.may == []
    play.fire(Step(StepKind.DIVERT, ONE, "", flow=away, flows=("p-j",)))
    play("j", "a")
    assert play("a") == ["completed a", "ended P"]


def test_no_token_no_declining() -> None:
    with pytest.raises(ValueError, match="not possible"):
        Play(DECLINED).fire(Step(StepKind.DIVERT, ONE, "", flow="a-b", flows=("a-c",)))
