"""What Prosimos parameters become: people, ways, attributes, priorities, batches, arrivals."""

from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.interchange.foreign import Draft
from tests.interchange.foreign.drawn import fixed, notes, prosimos


def resource(name: str, calendar: str = "always", **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "cost_per_hour": 20, "amount": 1, "calendar": calendar, **more}


ALWAYS = {"id": "always", "time_periods": [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00", "endTime": "23:59:59.999"}]}  # fmt: skip  # noqa: E501
OFFICE = {"id": "office", "time_periods": [{"from": "MONDAY", "to": "FRIDAY", "beginTime": "09:00:00", "endTime": "17:00:00"}]}  # fmt: skip  # noqa: E501


def staffed(tmp_path: Path, resources: list[dict[str, Any]], tasks: dict[str, dict[str, float]], **more: Any) -> Draft:
    return prosimos(
        tmp_path,
        resource_profiles=[{"id": "p", "name": "Desk", "resource_list": resources}],
        resource_calendars=[ALWAYS, OFFICE],
        task_resource_distribution=[
            {"task_id": task, "resources": [{"resource_id": r, **fixed(s)} for r, s in by.items()]}
            for task, by in tasks.items()
        ],
        **more,
    )


def test_resources_alike_are_a_count(tmp_path: Path) -> None:
    draft = staffed(tmp_path, [resource("r1"), resource("r2", amount=2)], {"a": {"r1": 60, "r2": 60}})
    assert draft.tables["roles"] == {"desk": {"count": 3, "cost_per_hour": 20}}
    assert draft.tables["tasks"]["a"] == {"role": "desk", "duration": "PT1M"}


def test_resources_that_differ_are_people_with_durations_of_their_own(tmp_path: Path) -> None:
    draft = staffed(tmp_path, [resource("r1"), resource("r2", "office")], {"a": {"r1": 60, "r2": 120}})
    assert draft.tables["roles"]["desk"]["people"] == [
        {"name": "r1", "cost_per_hour": 20, "durations": {"a": "PT1M"}},
        {"name": "r2", "calendar": "office", "cost_per_hour": 20, "durations": {"a": "PT2M"}},
    ]


def test_a_resource_of_two_sets_holds_two_roles(tmp_path: Path) -> None:
    draft = staffed(tmp_path, [resource("r1"), resource("r2")], {"a": {"r1": 60, "r2": 60}, "b": {"r2": 60}})
    tasks = draft.tables["tasks"]
    assert (tasks["a"]["role"], tasks["b"]["role"]) == ("desk", "r2")
    assert draft.tables["roles"]["desk"]["people"][1]["also"] == ["r2"]


def test_a_calendar_that_is_not_there_is_said(tmp_path: Path) -> None:
    draft = staffed(tmp_path, [resource("r1", "nowhere")], {"a": {"r1": 60}})
    assert "there is no calendar 'nowhere': always there" in notes(draft, "unclear")


def test_shares_that_do_not_add_up_are_divided(tmp_path: Path) -> None:
    paths = [{"path_id": "x_b", "value": 3}, {"path_id": "x_e", "value": 1}]
    draft = prosimos(tmp_path, gateway_branching_probabilities=[{"gateway_id": "x", "probabilities": paths}])
    assert draft.tables["flows"] == {"x_e": 0.25}  # the other gets the rest
    assert "the probabilities of 'x' add up to 4: they are divided by it" in notes(draft, "mended")


def test_a_condition_takes_its_way_and_else_the_default(tmp_path: Path) -> None:
    paths = [{"path_id": "x_b", "value": 0.5, "condition_id": "big"}, {"path_id": "x_e", "value": 0.5}]
    rules = [{"id": "big", "rules": [[{"attribute": "size", "comparison": ">", "value": "7"}]]}]
    draft = prosimos(
        tmp_path,
        case_attributes=[{"name": "size", "type": "continuous", "values": {"distribution_name": "uniform", "distribution_params": [{"value": 0}, {"value": 10}]}}],  # noqa: E501
        branch_rules=rules,
        gateway_branching_probabilities=[{"gateway_id": "x", "probabilities": paths}],
    )  # fmt: skip
    assert draft.tables["flows"] == {
        "x_b": "(0.5 if size > 7 else 0) / ((0.5 if size > 7 else 0)) if (size > 7) else 0",
        "x_e": "0 if (size > 7) else 1",
    }
    assert draft.tables["attributes"]["size"] == {"uniform": [0, 10]}


def test_the_lower_level_goes_first(tmp_path: Path) -> None:
    rule = {"attribute": "client type", "comparison": "=", "value": "BUSINESS"}
    draft = staffed(
        tmp_path,
        [resource("r1")],
        {"a": {"r1": 60}},
        case_attributes=[{"name": "client type", "type": "discrete", "values": [{"key": "REGULAR", "value": 0.8}, {"key": "BUSINESS", "value": 0.2}]}],  # noqa: E501
        prioritisation_rules=[{"priority_level": 2, "rules": [[{"attribute": "client type", "comparison": "=", "value": "REGULAR"}]]},  # noqa: E501
                              {"priority_level": 1, "rules": [[rule]]}],
    )  # fmt: skip
    expected = '2 if client_type == "BUSINESS" else 1 if client_type == "REGULAR" else 0'
    assert draft.tables["tasks"]["a"]["priority"] == expected
    assert draft.tables["attributes"]["client_type"] == {"choice": {"REGULAR": 0.8, "BUSINESS": 0.2}}


@pytest.mark.parametrize(
    ("rules", "batch"),
    [
        ([[{"attribute": "size", "comparison": ">=", "value": 3}]], {"min": 3}),
        ([[{"attribute": "size", "comparison": "=", "value": 3}]], {"min": 3, "max": 3}),
        ([[{"attribute": "size", "comparison": ">", "value": 3}], [{"attribute": "large_wt", "comparison": ">", "value": 3600}]],  # noqa: E501
         {"min": 4, "wait": "PT1H"}),
        ([[{"attribute": "large_wt", "comparison": ">=", "value": 60}]], {"min": 1_000_000, "wait": "PT1M"}),
    ],
)  # fmt: skip
def test_batches_are_released_by_size_or_time(tmp_path: Path, rules: Any, batch: dict[str, Any]) -> None:
    said = {"task_id": "a", "type": "Sequential", "firing_rules": rules, "size_distrib": [], "duration_distrib": []}
    draft = prosimos(tmp_path, batch_processing=[said])
    assert draft.tables["tasks"]["a"]["batch"] == {**batch, "mode": "each"}


def test_arrivals_while_shut_are_a_rate_over_open_time_as_high_in_the_long_run(tmp_path: Path) -> None:
    """By hand: 40 open hours a week at one an hour, and at each of five openings one more, but for the small chance
    that the interval outlasts the night (16 h, and 64 h at the weekend).
    """
    exponential = {"distribution_name": "expon", "distribution_params": [{"value": 3600}, {"value": 0}, {"value": 1e9}]}
    draft = prosimos(tmp_path, arrival_time_distribution=exponential, arrival_time_calendar=OFFICE["time_periods"])
    rate, _, unit = draft.tables["arrivals"]["s"]["rate"].partition(" ")
    assert unit == "per week"
    assert float(rate) == pytest.approx(45.0, rel=2e-4)
    assert draft.tables["calendars"]["arrivals"] == {"hours": {"mon-fri": "09:00-17:00"}}


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    draft = prosimos(tmp_path, multitask={"type": "local"}, colour="blue")
    assert notes(draft, "dropped") == ["several tasks at the same time by one resource", "not known here"]
