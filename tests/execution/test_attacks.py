"""Text from a file is never run: each attack that SpiffWorkflow's own engine falls for is refused or has no effect."""

from pathlib import Path

import pytest

from bpmn_tool.errors import BpmnToolError, RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import Model, MultiInstance, StandardLoop, TaskKind
from tests.execution.drawing import catch, draw, end, exclusive, parallel, script, start, task, user


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
    ]


@pytest.mark.parametrize("place", range(6))
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
