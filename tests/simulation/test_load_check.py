"""The load by the flow equations, against what can be worked out by hand, and against what is simulated."""

from pathlib import Path

import pytest

from bpmn_tool.simulation.engine_simpy import run
from bpmn_tool.simulation.load_check import load_check
from bpmn_tool.study import prepare

HEAD = """format = 1
name = "load"
model = "model.bpmn"
start = 2026-01-05T00:00:00
horizon = "P60D"
follow_up = "P60D"
[arrivals.s]
rate = "24 per day"
"""


def loads(folder: Path, nodes: str, flows: str, scenario: str) -> dict[str, float]:
    made = "".join(
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>'
        for way in flows.split(";")
        for a, b in zip(way.split(), way.split()[1:], strict=False)
    )
    bpmn = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x"><process id="P">'
    (folder / "model.bpmn").write_text(f"{bpmn}{nodes}{made}</process></definitions>", encoding="utf-8")
    (folder / "scenario.toml").write_text(HEAD + scenario, encoding="utf-8")
    plan = prepare(folder / "scenario.toml").simulation.plan
    found = load_check(plan, run(plan, seed=1, replication=0))
    return {each.role: each.load for each in found if each.load is not None}


def task(name: str, role: str, minutes: int) -> str:
    return f'[tasks.{name}]\nrole = "{role}"\nduration = {{ exponential = "PT{minutes}M" }}\n'


def role(name: str, count: int = 1) -> str:
    return f"[roles.{name}]\ncount = {count}\n"


def test_a_choice_and_a_parallel_block(tmp_path):
    """One case an hour: 0.6 of them go through b and c side by side."""
    nodes = '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="x"/><exclusiveGateway id="y"/>'
    nodes += '<parallelGateway id="p"/><parallelGateway id="q"/>'
    nodes += "".join(f'<userTask id="{name}"/>' for name in "abcd")
    scenario = "[flows]\nx_p = 0.6\n" + task("a", "one", 30) + task("b", "two", 90) + task("c", "three", 50)
    scenario += task("d", "one", 10) + role("one") + role("two", 2) + role("three")
    found = loads(tmp_path, nodes, "s a x p b q y d e; x y; p c q", scenario)
    assert found["one"] == pytest.approx((30 + 10) / 60, rel=0.01)
    assert found["two"] == pytest.approx(0.6 * 90 / 120, rel=0.01)
    assert found["three"] == pytest.approx(0.6 * 50 / 60, rel=0.01)


def test_work_that_comes_back_is_done_again(tmp_path):
    """With probability 0.3 back: 1 / (1 - 0.3) visits (a geometric number)."""
    nodes = (
        '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="m"/><exclusiveGateway id="x"/><userTask id="a"/>'
    )
    scenario = "[flows]\nx_m = 0.3\n" + task("a", "one", 30) + role("one")
    found = loads(tmp_path, nodes, "s m a x e; x m", scenario)
    assert found["one"] == pytest.approx(30 / 60 / 0.7, rel=0.01)


def test_who_is_overloaded_hides_nobody_behind(tmp_path):
    """Twice what `one` can do comes in: only half of it ever gets to `two`, who is asked for all of it all the same."""
    nodes = '<startEvent id="s"/><endEvent id="e"/><userTask id="a"/><userTask id="b"/>'
    scenario = task("a", "one", 120) + task("b", "two", 54) + role("one") + role("two")
    found = loads(tmp_path, nodes, "s a b e", scenario)
    assert found["one"] == pytest.approx(2.0, rel=0.01)
    assert found["two"] == pytest.approx(0.9, rel=0.01)


def test_a_border_takes_away_as_often_as_it_did(tmp_path):
    """A task of exactly an hour that a timer of half an hour always ends: nothing comes behind it."""
    nodes = (
        '<startEvent id="s"/><endEvent id="e"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><endEvent id="f"/>'
    )
    nodes += '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>PT30M</timeDuration>'
    nodes += "</timerEventDefinition></boundaryEvent>"
    scenario = (
        '[tasks.a]\nrole = "one"\nduration = { constant = "PT1H" }\n' + task("b", "two", 30) + task("c", "three", 30)
    )
    scenario += role("one", 4) + role("two") + role("three")
    found = loads(tmp_path, nodes, "s a b e; t c f", scenario)
    assert found["two"] == 0.0
    assert found["three"] == pytest.approx(0.5, rel=0.05)


def test_part_time_and_standing_work_count(tmp_path):
    nodes = '<startEvent id="s"/><endEvent id="e"/><userTask id="a"/>'
    scenario = task("a", "one", 6) + '[background.desk]\nrole = "one"\nhours_per_week = 14\nper = "role"\n'
    scenario += "[roles.one]\ncount = 2\nshare = 0.5\n"
    found = loads(tmp_path, nodes, "s a e", scenario)
    assert found["one"] == pytest.approx(0.1 + 14 / 168, rel=0.02)
