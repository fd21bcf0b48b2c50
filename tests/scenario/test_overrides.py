from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.scenario.overrides import override, parse_override, parse_path
from bpmn_tool.scenario.places import key_path


def changed(raw: Any, text: str) -> Any:
    problems: list[tuple[str, str]] = []
    result = override(raw, *parse_override(text), problems)
    assert problems == []
    return result


keys = st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1) | st.integers(0, 99), min_size=1)


@given(keys.filter(lambda found: isinstance(found[0], str)))
def test_paths_are_read_as_they_are_written(found: list[str | int]) -> None:
    assert parse_path(key_path(found)) == tuple(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b=1", (("a", "b"), 1)),
        ("a=0.5", (("a",), 0.5)),
        ("a=true", (("a",), True)),
        ("a=PT3H", (("a",), "PT3H")),
        ("a=120 per year", (("a",), "120 per year")),
        ("a=x == 1", (("a",), "x == 1")),
        ('a."b.c=d"=[1, 2]', (("a", "b.c=d"), [1, 2])),
        ("a[1].b=x", (("a", 1, "b"), "x")),
    ],
)
def test_override_as_text(text: str, expected: Any) -> None:
    assert parse_override(text) == expected


@pytest.mark.parametrize("text", ["a", "=1", ".a=1", "a b=1"])
def test_not_an_override(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse_override(text)


def test_a_number_keeps_its_range_and_is_set() -> None:
    raw = {"flows": {"f": {"value": 0.1, "low": 0, "status": "assumed", "source": "S1"}}}
    assert changed(raw, "flows.f=0.2") == {"flows": {"f": {"value": 0.2, "low": 0, "status": "set", "source": "--set"}}}


def test_a_part_of_a_distribution_on_the_long_form() -> None:
    raw = {"tasks": {"t": {"duration": {"triangular": ["PT1H", "PT2H", "PT4H"]}}}}
    found = changed(raw, "tasks.t.duration.triangular.mode=PT3H")["tasks"]["t"]["duration"]
    assert found["triangular"] == {"low": "PT1H", "mode": "PT3H", "high": "PT4H"}


def test_a_constant_over_a_distribution() -> None:
    raw = {"tasks": {"t": {"duration": {"exponential": "PT1H", "max": "PT2H"}}}}
    found = changed(raw, "tasks.t.duration=PT3H")["tasks"]["t"]["duration"]
    assert found == {"value": "PT3H", "status": "set", "source": "--set"}


def test_count_over_people() -> None:
    assert changed({"roles": {"r": {"people": [{}]}}}, "roles.r.count=2")["roles"]["r"].keys() == {"count"}


def test_one_of_several_people() -> None:
    raw = {"roles": {"r": {"people": [{"name": "a"}, {"name": "b"}]}}}
    assert changed(raw, "roles.r.people[1].speed=2")["roles"]["r"]["people"] == [
        {"name": "a"},
        {"name": "b", "speed": 2},
    ]


def test_a_place_in_a_list_of_a_distribution() -> None:
    raw = {"tasks": {"t": {"duration": {"mixture": [[0.8, "PT1H"], [0.2, "PT2H"]]}}}}
    found = changed(raw, "tasks.t.duration.mixture[0][0]=0.5")["tasks"]["t"]["duration"]
    assert found["mixture"] == [[0.5, "PT1H"], [0.2, "PT2H"]]


def test_unset() -> None:
    assert changed({"tasks": {"t": {"lag": "P1D", "cost": 1}}}, "tasks.t.lag=unset") == {"tasks": {"t": {"cost": 1}}}


def test_no_such_person() -> None:
    problems: list[tuple[str, str]] = []
    override({"roles": {"r": {"people": []}}}, ("roles", "r", "people", 3, "speed"), 2, problems)
    assert problems == [("roles.r.people[3]", "there is no such place")]
