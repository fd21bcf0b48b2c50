from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bpmn_tool.reports import plots
from bpmn_tool.reports.picture import settings, svg
from bpmn_tool.reports.plots import Plot
from bpmn_tool.results.summary import Filling, ScenarioResult, StudyResult
from tests.reports.made_up import study

SINGLE: dict[str, Callable[[StudyResult], Plot | None]] = {
    "verdicts": plots.verdicts,
    "waiting_by_role": plots.waiting_by_role,
    "waiting_by_handoff": plots.waiting_by_handoff,
    "handoff_outcomes": plots.handoff_outcomes,
    "utilisation": plots.utilisation,
    "undefined_roles": plots.undefined_roles,
}


def _all(made: StudyResult) -> list[Plot]:
    several = (*plots.time_curves(made), *plots.over_time(made))
    return [plot for plot in (*(make(made) for make in SINGLE.values()), *several) if plot is not None]


PLOTS = {plot.id: plot for plot in _all(study())}


def _emptied(**changes: Any) -> StudyResult:
    made = study()
    return replace(made, scenarios=tuple(replace(s, **changes) for s in made.scenarios))


def _svg(plot: Plot, width: float) -> str:
    with settings():
        figure = plot.draw(width)
    return svg(figure, title=plot.title, description=plot.description)


def test_there_is_a_figure_for_each_question() -> None:
    assert set(PLOTS) == {
        "comparison",
        "time-first_contact",
        "time-cycle_time",
        "waiting-by-role",
        "waiting-by-handoff",
        "handoffs",
        "utilisation",
        "open-cases",
        "queues",
        "undefined",
    }


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_each_figure_has_words_and_a_table(plot: Plot) -> None:
    assert plot.title
    assert plot.description
    assert plot.table.rows
    assert {len(row) for row in plot.table.rows} == {len(plot.table.headers)}


@pytest.mark.parametrize("width", [840.0, 330.0])
@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_each_figure_is_the_same_bytes_twice(plot: Plot, width: float) -> None:
    assert _svg(plot, width) == _svg(plot, width)


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_each_figure_names_the_scenarios(plot: Plot) -> None:
    assert "AS-IS" in _svg(plot, 840)


@pytest.mark.parametrize(
    ("make", "changes"),
    [
        ("waiting_by_role", {"roles": {}}),
        ("utilisation", {"roles": {}}),
        ("waiting_by_handoff", {"handoffs": {}}),
        ("handoff_outcomes", {"handoffs": {}}),
        ("undefined_roles", {"undefined": ()}),
        ("verdicts", {"kpis": {}}),
    ],
)
def test_nothing_to_show_is_no_figure(make: str, changes: dict[str, Any]) -> None:
    assert SINGLE[make](_emptied(**changes)) is None


def test_a_curve_stays_below_the_share_that_never_arrives() -> None:
    curve = next(p for p in plots.time_curves(study()) if p.id == "time-first_contact")
    got_there = [row[4] for row in curve.table.rows]
    assert got_there == ["80.0%", "96.0%"]


def test_waiting_at_nobody_does_not_dwarf_the_rest() -> None:
    plot = plots.waiting_by_role(study())
    assert plot is not None
    assert "Online outreach worker" not in plot.title
    assert any("5,000" in cell for row in plot.table.rows for cell in row)


def test_names_from_files_are_escaped() -> None:
    made = study(names=("<script>x</script>", "[/a] \u202e"))
    for plot in _all(made):
        text = _svg(plot, 840)
        assert "<script" not in text
        assert "\u202e" not in text.split("</title>")[1].split("</desc>")[-1]


def _one(scenario: ScenarioResult) -> StudyResult:
    return replace(study(), scenarios=(scenario,), comparisons=())


def test_one_scenario_is_drawn_without_a_comparison() -> None:
    assert [plot.id for plot in _all(_one(study().scenarios[0]))] == list(PLOTS)


def test_the_warm_up_that_was_looked_for_is_shown() -> None:
    made = study()
    curve = tuple(20 * (1 - 0.9**day) for day in range(100))
    scenarios = [replace(s, filling=Filling(warm_up=40, own=30, open_cases=curve)) for s in made.scenarios[:1]]
    plot = plots.warm_up(replace(made, scenarios=(*scenarios, *made.scenarios[1:])))
    assert plot is not None
    assert plot.title == "The first 40 days are left out: until then the office fills"
    assert plot.table.rows == ((made.scenarios[0].name, "30", "40", "20.0"),)
    assert "<svg" in _svg(plot, 840.0)
    assert plots.warm_up(made) is None
