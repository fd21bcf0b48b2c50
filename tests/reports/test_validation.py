from dataclasses import replace

from bpmn_tool.reports import validation
from bpmn_tool.reports.blocks import Badge, Grid, Paragraph
from bpmn_tool.results.summary import Observation, ScenarioResult, Unit
from tests.reports.made_up import scenario, study

DAY = 86400.0


def seen(reproduced: bool | None, reason: str = "", high: float | None = 50 * DAY) -> Observation:
    return Observation(
        kpi="cycle_time", statistic="median", unit=Unit.SECONDS, observed=40 * DAY, n=31, simulated=38 * DAY,
        low=None if reproduced is None else 30 * DAY, high=None if reproduced is None else high,
        reproduced=reproduced, reason=reason, period="2025", source="case list",
    )  # fmt: skip


def result(*observations: Observation) -> ScenarioResult:
    return replace(scenario("Today", 1.0, 0.0), observations=observations)


def test_what_is_reproduced_is_said_in_a_sentence() -> None:
    assert validation.summary(result(seen(True))) == "Today reproduces what really happened (one number)."
    (sentence,) = validation.sentences(result(seen(True)), "EUR")
    assert "40 days observed (31 cases, 2025), 38 days simulated" in sentence
    assert "30 days to 50 days: it is reproduced." in sentence


def test_what_is_not_is_named_and_warned_of() -> None:
    assert "does not reproduce what really happened: " in validation.summary(result(seen(True), seen(False)))
    made = study()
    blocks = validation.blocks(replace(made, scenarios=(result(seen(False)), *made.scenarios[1:])))
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].tone == "warn"
    (grid,) = (block for block in blocks if isinstance(block, Grid))
    badges = [cell for row in grid.rows for cell in row if isinstance(cell, Badge)]
    assert [badge.tone for badge in badges] == ["bad"]


def test_without_a_verdict_the_reason_is_given() -> None:
    assert "could not be held against" in validation.summary(result(seen(None, "n is not given")))
    (sentence,) = validation.sentences(result(seen(None, "n is not given")), "EUR")
    assert "does not say of how many cases (n)" in sentence


def test_a_limit_that_is_never_reached_is_said_so() -> None:
    (sentence,) = validation.sentences(result(seen(True, high=float("inf"))), "EUR")
    assert "30 days to never" in sentence


def test_where_nothing_was_observed_nothing_is_said() -> None:
    assert validation.summary(result()) == ""
    assert validation.blocks(study()) == ()
