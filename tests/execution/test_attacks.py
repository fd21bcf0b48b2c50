"""Text from a file is never run: each attack that SpiffWorkflow's own engine falls for is refused or has no effect."""

from dataclasses import replace
from pathlib import Path

import pytest

from bpmn_tool.errors import BpmnToolError, InputError, RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import Event, Model, MultiInstance, StandardLoop, TaskKind
from tests.execution.drawing import (
    ad_hoc,
    boundary,
    by_event,
    catch,
    complex_gateway,
    draw,
    end,
    exclusive,
    parallel,
    script,
    start,
    task,
    throw,
    user,
)


def models(attack: str) -> list[Model]:
    """The attack in each place where a text of a file is read."""
    service = TaskKind.SERVICE
    return [
        draw([start("s"), script("t", f"x = {attack}"), end("e")], "s > t > e"),
        draw([start("s"), exclusive("x"), end("a"), end("b")], "s > x", f"x > a [{attack}]", "x > b [default]"),
        draw([start("s"), catch("c", after=attack), end("e")], "s > c > e"),
        draw([start("s"), task("t", service, loop=MultiInstance(cardinality=attack)), end("e")], "s > t > e"),
        draw(
            [start("s"), task("t", service, loop=MultiInstance(cardinality="1", completion_condition=attack))], "s > t"
        ),
        draw([start("s"), task("t", service, loop=StandardLoop(condition=attack, maximum=1))], "s > t"),
        draw([start("s"), written(catch("c", on="conditional"), attack)], "s > c"),
        draw([start("s"), user("u"), written(boundary("b", "u", on="conditional"), attack)], "s > u"),
        draw([start("s"), user("u"), boundary("b", "u", cycle=attack)], "s > u"),
        draw([start("s"), parallel("p"), complex_gateway("k", activation_condition=attack)], "s > p > k", "p > k"),
        draw([start("s"), ad_hoc("D", completion_condition=attack), user("u", container="D")], "s > D"),
        draw([start("s"), written(catch("c", on="timer message"), attack)], "s > c"),
    ]


def written(event: Event, text: str) -> Event:
    return replace(event, definitions=tuple(replace(each, text=text) for each in event.definitions))


@pytest.mark.parametrize("place", range(12))
@pytest.mark.parametrize(
    "attack",
    [
        "__import__('os').system('touch {file}')",
        "().__class__.__base__.__subclasses__()",
        "open('{file}', 'w').write('x')",
        "eval(\"open('{file}', 'w')\")",
        "(lambda: open('{file}', 'w'))()",
        "'x' * 10 ** 12",
        "9 ** 9 ** 9 ** 9",
    ],
)
def test_an_attack_ends_in_an_error_and_has_no_effect(tmp_path: Path, attack: str, place: int) -> None:
    file = tmp_path / "touched"
    try:
        case = Case(models(attack.format(file=file))[place])
        case.start()
        case.wait("P1D")
    except BpmnToolError:
        pass
    assert not file.exists()


def test_data_are_data_whatever_they_say(tmp_path: Path) -> None:
    file = tmp_path / "touched"
    case = Case(
        draw(
            [start("s"), user("a"), exclusive("x"), end("b"), end("c")],
            "s > a > x",
            "x > b [y == 1]",
            "x > c [default]",
        )
    )
    case.start()
    case.complete("a", {"y": f"open('{file}', 'w')"})
    assert (case.trace().ends, file.exists()) == (("c",), False)


def test_a_number_of_instances_that_would_fill_the_memory_is_refused() -> None:
    case = Case(draw([start("s"), user("t", loop=MultiInstance(cardinality="10 ** 9"))], "s > t"))
    with pytest.raises(RunError, match="at most"):
        case.start()


def test_tokens_that_multiply_without_end_are_stopped() -> None:
    nodes = [start("s"), exclusive("m"), parallel("p")]
    case = Case(draw(nodes, "s > m > p", "p > m", "p > m"), firings=500)
    with pytest.raises(RunError, match="round in a loop"):
        case.start()


def test_a_task_that_would_put_tokens_without_number_is_refused() -> None:
    model = draw([start("s"), task("t", TaskKind.SERVICE, completion_quantity=10**9)], "s > t")
    with pytest.raises(InputError, match="quantity"):
        Case(model)


def test_a_process_that_begins_itself_without_end_is_stopped() -> None:
    model = draw([start("s", on="signal:A"), throw("t", on="signal:A")], "s > t")
    with pytest.raises(RunError, match="round in a loop"):
        Case(model, firings=500).start()


def test_an_event_that_sets_itself_off_without_end_is_stopped() -> None:
    inside = [by_event("H"), start("h", on="signal:A", is_interrupting=False, container="H")]
    model = draw(
        [start("s"), throw("t", on="signal:A"), *inside, throw("v", on="signal:A", container="H")], "s > t", "h > v"
    )
    with pytest.raises(RunError, match="round in a loop"):
        Case(model, firings=500).start()


def test_a_cycle_of_no_time_at_all_is_refused_or_stopped() -> None:
    model = draw(
        [start("s"), user("a"), boundary("b", "a", cycle="R/PT0S", cancel_activity=False), end("e")], "s > a > e"
    )
    with pytest.raises(BpmnToolError):
        Case(model, firings=500).start()


def test_a_handler_that_calls_itself_without_end_is_stopped() -> None:
    nodes = [start("s"), exclusive("m"), task("a", TaskKind.SERVICE), boundary("b", "a", on="compensate")]
    nodes += [task("u", TaskKind.SERVICE, is_for_compensation=True), throw("t", on="compensate")]
    model = draw(nodes, "s > m > a > t > m", joined="b>u")
    with pytest.raises(RunError, match="round in a loop"):
        Case(model, firings=500).start()
