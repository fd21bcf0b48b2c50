"""How many tokens begin and leave what: quantities, complex gateways, what begins a process, links, several triggers,
and inclusive joins beside races (BPMN 2.0.2, 10.5.1, 13.2, 13.3, 13.4).
"""

from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import Model, TaskKind
from tests.execution.drawing import (
    boundary,
    catch,
    complex_gateway,
    draw,
    end,
    exclusive,
    inclusive,
    parallel,
    race,
    receive,
    start,
    task,
    throw,
    user,
)
from tests.execution.playing import begun, on, path, played


def test_an_activity_begins_when_as_many_tokens_are_there_as_it_needs() -> None:
    nodes = [start("s"), parallel("p"), user("a"), user("b"), user("u", start_quantity=2), end("e")]
    assert played(draw(nodes, "s > p > a > u > e", "p > b > u"), "a", "b", "u") == "s p a b u e"


def test_an_activity_puts_as_many_tokens_on_its_flows_as_it_says() -> None:
    model = draw([start("s"), task("a", TaskKind.SERVICE, completion_quantity=3), end("e")], "s > a > e")
    assert played(model) == "s a e e e"


def test_tokens_that_are_too_few_wait() -> None:
    case = begun(draw([start("s"), user("u", start_quantity=2), end("e")], "s > u > e"))
    assert (path(case), case.trace().waiting) == ("s …", ("u",))


# complex gateways


def discriminator(condition: str) -> Model:
    nodes = [start("s"), parallel("p"), user("a"), user("b"), user("c"), end("e")]
    join = complex_gateway("k", activation_condition=condition)
    return draw([*nodes, join], "s > p > a > k > e", "p > b > k", "p > c > k")


def test_a_complex_gateway_fires_when_its_condition_holds_and_once() -> None:
    assert played(discriminator("activationCount >= 2"), "b", "a", "c") == "s p b a k e c"


def test_a_complex_gateway_without_a_condition_fires_on_the_first_token() -> None:
    assert played(discriminator(""), "b", "a", "c") == "s p b k e a c"


def test_after_its_reset_a_complex_gateway_starts_anew() -> None:
    nodes = [start("s"), parallel("p"), user("a"), user("b"), complex_gateway("k"), user("w"), end("e"), user("v")]
    model = draw([*nodes, inclusive("m")], "s > m > p > a > k > w", "p > b > k", "w > m [n < 2]", "w > e [default]")
    words = ("a", "b", "w!n=1", "a", "b", "w!n=2")
    assert played(model, *words).split().count("k") == 2


def test_on_reset_flows_with_a_condition_get_a_token() -> None:
    nodes = [start("s"), parallel("p"), user("a"), user("b"), complex_gateway("k"), end("x"), end("y")]
    model = draw(nodes, "s > p > a > k", "p > b > k", "k > x [waitingForStart]", "k > y [not waitingForStart]")
    assert played(model, "a", "b") == "s p a k x b y"


# what begins a process


def test_a_receive_task_may_begin_a_process() -> None:
    sender = [start("s"), throw("t", message=True)]
    begins = [receive("r", instantiate=True, container="Q"), user("u", container="Q")]
    model = draw([*sender, *begins], "s > t", "r > u", messages="m:t>r")
    assert played(model, "u") == "s t r u"


def arms(kind: str) -> Model:
    gateway = race("g", instantiate=True, event_gateway_type=kind)
    return draw([gateway, catch("a"), catch("b"), user("u"), user("v")], "g > a > u", "g > b > v")


def test_an_arm_of_a_race_may_begin_a_process_and_the_others_are_not_awaited() -> None:
    case = Case(arms("Exclusive"))
    case.start("a")
    assert (case.awaited(), on(case, "u")) == ((), "a u")


def test_all_arms_of_a_parallel_one_have_to_come() -> None:
    case = Case(arms("Parallel"))
    case.start("b")
    assert case.awaited() == ("a",)
    assert on(case, "v", "a", "u") == "b v a u"


# links and several triggers


def test_a_link_goes_on_at_its_other_end() -> None:
    model = draw([start("s"), throw("t", on="link:L"), catch("c", on="link:L"), end("e")], "s > t", "c > e")
    case = begun(model)
    assert (path(case), case.trace().flows) == ("s t c e", ("s-t", "c-e"))


def test_any_of_several_triggers_is_enough() -> None:
    model = draw([start("s"), catch("c", on="message signal:A"), end("e")], "s > c > e", roots="signal:A")
    assert played(model, "A") == "s c e"
    assert played(model, "c") == "s c e"


def test_of_a_parallel_multiple_every_one_has_to_come() -> None:
    event = catch("c", on="message signal:A timer", parallel_multiple=True)
    case = begun(draw([start("s"), event, end("e")], "s > c > e", roots="signal:A"))
    on(case, "A", "P1D")
    assert (path(case), case.awaited()) == ("s …", ("c",))
    assert on(case, "c") == "s c e"


def test_a_boundary_event_of_several_triggers_occurs_again_but_not_by_its_timer() -> None:
    event = boundary("b", "u", on="message timer", cancel_activity=False)
    model = draw([start("s"), user("u"), event, end("e"), end("f")], "s > u > e", "b > f")
    assert played(model, "P1D", "P1D", "b", "b", "u") == "s b f b f b f u e"


# inclusive joins


def test_an_inclusive_join_counts_what_waits_behind_a_race_once() -> None:
    nodes = [start("s"), parallel("p"), race("g"), catch("t", after="PT1H"), catch("u"), exclusive("m"), user("c")]
    model = draw([*nodes, inclusive("j"), end("e")], "s > p > g > t > m > j", "g > u > j", "p > c > m", "j > e")
    case = begun(model)
    assert on(case, "c") == "s p c m j e …"  # from the gateway, a token may come by the flow that has one
    assert on(case, "u") == "s p c m j e g u j e"


def test_an_inclusive_join_waits_for_a_boundary_event_that_listens() -> None:
    nodes = [start("s"), parallel("p"), user("a"), boundary("b", "a", on="message", cancel_activity=False), user("c")]
    model = draw([*nodes, inclusive("j"), end("e"), end("f")], "s > p > a > f", "b > j", "p > c > j", "j > e")
    case = begun(model)
    assert on(case, "c") == "s p c …"
    assert on(case, "a") == "s p c a f j e"
