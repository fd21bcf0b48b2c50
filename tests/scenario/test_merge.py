from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.scenario.merge import merge
from bpmn_tool.scenario.scenario import Scenario

ids = st.sampled_from(["a", "b", "c"])
numbers = st.floats(0, 1) | st.fixed_dictionaries({"value": st.floats(0, 1)}, optional={"status": st.just("assumed")})
durations = st.sampled_from(["PT1H", "PT2H"]) | st.sampled_from(
    [{"exponential": "PT1H"}, {"uniform": ["PT1H", "PT2H"]}, {"uniform": {"low": "PT1H", "high": "PT3H"}}]
)
tasks = st.fixed_dictionaries({}, optional={"duration": durations, "lag": durations, "cost": numbers})
people = st.one_of(st.fixed_dictionaries({"count": st.integers(1, 5)}), st.just({"people": [{"name": "R1"}]}))
files: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["x", "y"]),
        "flows": st.dictionaries(ids, numbers),
        "tasks": st.dictionaries(ids, tasks),
        "roles": st.dictionaries(ids, people),
    },
)


def merged(base: Any, own: Any) -> Any:
    problems: list[tuple[str, str]] = []
    result = merge(Scenario, base, own, problems)
    assert problems == []
    return result


def wrong(base: Any, own: Any) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = []
    merge(Scenario, base, own, problems)
    return problems


@given(files)
def test_over_nothing_is_itself(own: Any) -> None:
    assert merged({}, own) == own


@given(files)
def test_nothing_over_a_file_is_that_file(base: Any) -> None:
    assert merged(base, {}) == base


@given(files, files)
def test_once_more_changes_nothing(base: Any, own: Any) -> None:
    once = merged(base, own)
    assert merged(once, own) == once


@given(files, files)
def test_arguments_stay_as_they_were(base: Any, own: Any) -> None:
    before = repr((base, own))
    merged(base, own)
    assert repr((base, own)) == before


@given(files, files)
def test_exclusive_keys_never_meet(base: Any, own: Any) -> None:
    for role in merged(base, own).get("roles", {}).values():
        assert ("count" in role) != ("people" in role)


def test_tables_merge_and_the_rest_replaces() -> None:
    base = {"tasks": {"t": {"cost": 1, "lag": "P1D"}, "u": {"cost": 2}}, "model": ["a", "b"]}
    own = {"tasks": {"t": {"cost": 3}}, "model": ["c"]}
    assert merged(base, own) == {"tasks": {"t": {"cost": 3, "lag": "P1D"}, "u": {"cost": 2}}, "model": ["c"]}


def test_a_part_of_the_same_distribution() -> None:
    base = {"tasks": {"t": {"duration": {"triangular": ["PT1H", "PT2H", "PT4H"], "status": "assumed"}}}}
    own = {"tasks": {"t": {"duration": {"triangular": {"mode": "PT3H"}}}}}
    assert merged(base, own)["tasks"]["t"]["duration"] == {
        "triangular": {"low": "PT1H", "mode": "PT3H", "high": "PT4H"},
        "status": "assumed",
    }


def test_another_distribution_replaces_with_what_stood_beside_it() -> None:
    base = {"tasks": {"t": {"duration": {"exponential": "PT1H", "max": "PT2H", "status": "assumed"}}}}
    own = {"tasks": {"t": {"duration": {"uniform": ["PT1H", "PT2H"]}}}}
    assert merged(base, own)["tasks"]["t"]["duration"] == {"uniform": ["PT1H", "PT2H"]}


def test_a_stream_of_its_own_takes_away_the_choice_among_the_demand() -> None:
    base = {"arrivals": {"e": {"of": "d", "when": "x", "probability": 0.5, "delay": "P1D", "hours": "office"}}}
    own = {"arrivals": {"e": {"rate": "1 per day"}}}
    assert merged(base, own)["arrivals"]["e"] == {"rate": "1 per day", "hours": "office"}


def test_roles_for_role() -> None:
    assert merged({"tasks": {"t": {"role": "a"}}}, {"tasks": {"t": {"roles": {"b": 2}}}}) == {
        "tasks": {"t": {"roles": {"b": 2}}}
    }


def test_provenance_over_a_plain_number() -> None:
    assert merged({"flows": {"f": 0.3}}, {"flows": {"f": {"status": "assumed"}}}) == {
        "flows": {"f": {"value": 0.3, "status": "assumed"}}
    }


def test_unset_takes_away() -> None:
    base = {"tasks": {"t": {"lag": "P1D", "cost": 1}}, "flows": {"f": 0.1}, "warm_up": "P1M"}
    own = {"tasks": {"t": {"lag": "unset"}}, "flows": {"f": "unset"}, "warm_up": "unset"}
    assert merged(base, own) == {"tasks": {"t": {"cost": 1}}, "flows": {}}


def test_unset_of_nothing_is_a_problem() -> None:
    assert wrong({}, {"flows": {"f": "unset"}}) == [("flows.f", "nothing is inherited here that could be unset")]
