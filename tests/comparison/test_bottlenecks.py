from dataclasses import replace

from bpmn_tool.comparison.bottlenecks import bottlenecks
from bpmn_tool.results.trace import Cause
from tests.comparison.made_up import scenario
from tests.results.rows import FACTS, stuck, whole_case


def test_the_role_that_most_waits_for_comes_first() -> None:
    found = bottlenecks(scenario("today", [whole_case(wait=50).replication()]))
    assert [(row.role.id, row.main_cause) for row in found.roles] == [
        ("board", Cause.CONTENTION),
        ("desk", Cause.CONTENTION),
    ]


def test_shares_of_waiting_sum_to_one() -> None:
    found = bottlenecks(scenario("today", [whole_case(wait=50).replication()]))
    assert round(sum(row.share for row in found.roles), 9) == 1.0


def test_waiting_for_nobody_is_no_bottleneck_but_an_undefined_place() -> None:
    facts = replace(FACTS, undefined={"b": "board"})
    result = scenario("today", [stuck()], facts)
    found = bottlenecks(result)
    assert found.causes_s[Cause.UNDEFINED] > 0
    assert {row.role.id: row.waiting_s for row in found.roles}["board"] * 1e6 == 5
    assert [place.element for place in found.undefined] == ["b"]


def test_handoffs_that_fail_come_first() -> None:
    found = bottlenecks(scenario("today", [stuck()]))
    assert (found.handoffs[0].handoff.id, found.handoffs[0].failed_share) == ("f1", 0.5)


def test_activities_stand_with_their_role() -> None:
    found = bottlenecks(scenario("today", [whole_case().replication()]))
    assert {row.role.id: [a.id for a in row.activities] for row in found.roles} == {"board": ["b"], "desk": ["a"]}
