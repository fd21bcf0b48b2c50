from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.scenario.ids import Ids, check_ids
from bpmn_tool.scenario.resolve import resolve
from bpmn_tool.scenario.scenario import Scenario

IDS = Ids(
    activities=frozenset({"talk", "read"}),
    start_events=frozenset({"begin"}),
    events=frozenset({"begin", "timer"}),
    sequence_flows=frozenset({"yes", "no"}),
    message_flows=frozenset({"referral", "answer"}),
    black_boxes=frozenset({"platform"}),
    roles=frozenset({"officer", "mayor"}),
    attributes=frozenset({"urgent"}),
)


def scenario(written: Any = None, **keys: Any) -> Scenario:
    head: dict[str, Any] = {"name": "S", "model": "a.bpmn", "start": datetime(2026, 1, 5), "horizon": "P1W"}  # noqa: DTZ001
    return resolve({**head, **keys}, path="s.toml", written=written)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"tasks": {"tolk": {}}}, "s.toml: tasks.tolk: no activity of the model has this id; did you mean 'talk'?"),
        ({"arrivals": {"timer": {"rate": "1 per day"}}}, "s.toml: arrivals.timer: no start event of the model has this id"),  # noqa: E501
        ({"flows": {"yess": 0.5}}, "s.toml: flows.yess: no sequence flow of the model has this id; did you mean 'yes'?"),  # noqa: E501
        ({"handoffs": {"x": {}}}, "s.toml: handoffs.x: no flow of the model has this id"),
        ({"events": {"timr": {}}}, "s.toml: events.timr: no event of the model has this id; did you mean 'timer'?"),
        ({"black_boxes": {"p": {}}}, "s.toml: black_boxes.p: no participant without a process of the model has this id"),  # noqa: E501
        ({"roles": {"oficer": {"count": 1}}}, "s.toml: roles.oficer: no role of the register or task has this id; did you mean 'officer'?"),  # noqa: E501
        ({"tasks": {"talk": {"role": "oficer"}}}, "s.toml: tasks.talk.role: no role is called 'oficer'; did you mean 'officer'?"),  # noqa: E501
        ({"tasks": {"talk": {"same_person_as": "reed"}}}, "s.toml: tasks.talk.same_person_as: no activity of the model has the id 'reed'"),  # noqa: E501
        ({"handoffs": {"referral": {"accepted_by": "answr"}}}, "s.toml: handoffs.referral.accepted_by: no flow of the model has the id 'answr'"),  # noqa: E501
        ({"flows": {"yes": "0.5 if urgnt else 1"}}, "s.toml: flows.yes: '0.5 if urgnt else 1': no parameter or attribute is called 'urgnt'; did you mean 'urgent'?"),  # noqa: E501
        ({"tasks": {"talk": {"duration": {"by": "x", "yes": "PT1H", "no": "PT2H"}}}}, "s.toml: tasks.talk.duration.by: 'x': no parameter or attribute"),  # noqa: E501
    ],
)  # fmt: skip
def test_unknown_id(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_ids(scenario(**keys), IDS)
    assert str(caught.value).startswith(message)


def test_all_known() -> None:
    found = scenario(
        tasks={"talk": {"role": "officer", "priority": "1 if urgent and old else 0"}},
        attributes={"old": True},
        handoffs={"referral": {"accepted_by": "answer"}, "yes": {}},
        roles={"officer": {"count": 1}},
    )
    assert check_ids(found, IDS).dropped == ()


def test_inherited_ids_are_dropped_and_listed() -> None:
    found = scenario(
        written=[("tasks", "talk")],
        tasks={"talk": {"cost": 1}, "gone": {"cost": 2, "duration": "?"}},
        flows={"gone_too": 0.2},
    )
    checked = check_ids(found, IDS)
    assert checked.dropped == ("tasks.gone", "flows.gone_too")
    assert set(checked.scenario.tasks) == {"talk"}
    assert set(checked.scenario.provenance) == {"tasks.talk.cost"}
    assert checked.scenario.questions == ()


def test_people_for_a_role_that_the_scenario_itself_gives_work() -> None:
    found = scenario(tasks={"talk": {"role": "clerk"}}, roles={"clerk": {"count": 1}})
    assert check_ids(found, IDS).dropped == ()


def test_without_a_register_any_role_will_do() -> None:
    found = scenario(tasks={"talk": {"role": "x"}}, roles={"y": {"count": 1}})
    assert check_ids(found, replace(IDS, roles=None)).dropped == ()
