from dataclasses import replace

import pytest

from bpmn_tool.messages import set_language
from bpmn_tool.reports import words
from bpmn_tool.results.summary import Estimate, StudyResult, Unit, Verdict
from bpmn_tool.results.trace import Cause
from tests.reports.made_up import DAY, comparison, scenario, study


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (90, "90 seconds"),
        (1800, "30 minutes"),
        (3 * 3600, "3 hours"),
        (DAY, "24 hours"),
        (34.23 * DAY, "34.2 days"),
        (400 * DAY, "400 days"),
        (5 * 365 * DAY, "5 years"),
        (None, "–"),
    ],
)
def test_durations_are_said_in_the_unit_that_reads_best(seconds: float | None, said: str) -> None:
    assert words.duration(seconds) == said


def test_one_of_a_unit_is_singular() -> None:
    assert words.duration(DAY, words.TIME_UNITS[3]) == "1 day"


def test_a_mean_is_as_precise_as_its_interval() -> None:
    on = words.scale(Unit.SECONDS, 34 * DAY)
    assert words.estimate(Estimate(mean=34.2345 * DAY, half_width=1.31 * DAY, n=9), on) == "34.2 ± 1.3 days"


def test_a_share_is_a_percentage_with_its_interval() -> None:
    on = words.scale(Unit.SHARE, 0.3)
    assert words.estimate(Estimate(mean=0.2214, half_width=0.044, n=9), on) == "22.1 ± 4.4%"


def test_a_difference_carries_its_sign() -> None:
    on = words.scale(Unit.SHARE, 0.3)
    assert words.estimate(Estimate(mean=0.0214, half_width=0.01, n=9), on, sign=True).startswith("+")
    assert words.estimate(Estimate(mean=-0.0214, half_width=0.01, n=9), on, sign=True).startswith("−")


def test_no_observation_is_no_number() -> None:
    assert words.estimate(Estimate(mean=None, half_width=None), words.scale(Unit.COUNT, 1)) == words.NOTHING


def test_a_single_run_has_no_interval() -> None:
    assert words.estimate(Estimate(mean=3.0, half_width=None, n=1), words.scale(Unit.COUNT, 3)) == "3"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_verdict_has_words(verdict: Verdict) -> None:
    assert words.verdict(verdict)


@pytest.mark.parametrize("cause", list(Cause))
def test_each_cause_has_words(cause: Cause) -> None:
    assert words.cause(cause)


@pytest.mark.parametrize("unit", list(Unit))
def test_each_unit_has_a_scale(unit: Unit) -> None:
    assert words.scale(unit, 1.0).factor > 0


def test_an_unknown_status_is_unstated() -> None:
    assert words.status("guessed by a friend") == "unstated"


def test_the_answer_is_on_the_first_measure() -> None:
    assert words.answer(study())[0] == (
        "With TO-BE: integrated hub, “Time to first human contact” goes from 111 days to 42 days on average. "
        "Whoever never gets there counts as 365 days."
    )


def test_the_answer_does_not_hide_what_got_worse() -> None:
    assert "worse on “Files wrongly opened”" in words.answer(study())[1]


def _with_first(verdict: Verdict) -> StudyResult:
    made = study()
    variant = made.comparisons[0]
    rows = {**variant.kpis, "first_contact": replace(variant.kpis["first_contact"], verdict=verdict)}
    return replace(made, comparisons=(replace(variant, kpis=rows),))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.WORSE, "does worse"),
        (Verdict.NO_DIFFERENCE, "No difference"),
        (Verdict.NOT_COMPARABLE, "cannot be compared"),
    ],
)
def test_the_answer_claims_nothing_where_nothing_is_better(verdict: Verdict, said: str) -> None:
    assert said in words.answer(_with_first(verdict))[0]


def test_of_several_alternatives_the_best_is_named() -> None:
    made = study()
    base = made.scenarios[0]
    best = scenario("Best of all", 0.2, 0.01)
    several = replace(
        made, scenarios=(*made.scenarios, best), comparisons=(*made.comparisons, comparison("Best of all", base, best))
    )
    assert words.answer(several)[0].startswith("Of the alternatives, Best of all does best")


def test_a_single_scenario_is_not_compared() -> None:
    assert (
        "nothing to compare it with"
        in words.answer(replace(study(), comparisons=(), scenarios=study().scenarios[:1]))[0]
    )


def test_a_study_without_scenarios_has_no_answer() -> None:
    assert words.answer(replace(study(), comparisons=(), scenarios=())) == (
        "Nothing was simulated, so there is no answer.",
    )


def test_the_rest_does_not_repeat_what_the_only_alternative_was_said_to_do() -> None:
    assert "Time to first human contact" not in words.answer(_with_first(Verdict.NO_DIFFERENCE))[1]


def test_numbers_follow_the_language() -> None:
    set_language("nl")
    assert words.number(1234.5, 0.5) == "1.234,50"


@pytest.mark.parametrize(("days", "said"), [(1, "1 dag"), (2, "2 dagen")])
def test_durations_follow_the_language(days: int, said: str) -> None:
    set_language("nl")
    assert words.duration(days * words.DAY, words.TIME_UNITS[3]) == said


def test_a_role_without_a_name_is_its_id_in_words() -> None:
    assert words.role_name(study().scenarios[0], "safe_space_host, mayor") == "safe space host, Mayor"


def test_the_answer_is_read_with_what_it_rests_on() -> None:
    assert words.grounds(study()).startswith("Of the 8 numbers that went in, 3 are measured or taken from a source")
