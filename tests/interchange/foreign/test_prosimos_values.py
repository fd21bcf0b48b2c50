"""Distributions of Prosimos, held against SciPy's classes, whose parameters their oldest form has."""

from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign import Draft, import_files
from bpmn_tool.interchange.foreign.amounts import Amounts
from bpmn_tool.interchange.foreign.json_reader import Json
from bpmn_tool.interchange.foreign.prosimos_values import distribution
from tests.interchange.foreign.drawn import moments, prosimos


def written(name: str, parameters: list[float], draft: Draft) -> tuple[Any, list[str]]:
    said = {"distribution_name": name, "distribution_params": [{"value": each} for each in parameters]}
    source = Json(said, Path("p.json"))
    found = distribution(source, draft, Amounts(unit=1.0))
    return found, [problem.message for problem in source.problems]


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return prosimos(tmp_path)


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("fix", [120, 0, 1], (120, 0)),
        ("expon", [600, 0, 1e9], stats.expon(scale=600).stats()),
        ("expon", [600, 100, 1e9], stats.expon(loc=100, scale=500).stats()),
        ("expon", [100, 500, 0, 1e9], stats.expon(loc=100, scale=500).stats()),
        ("norm", [600, 60, 0, 1e9], stats.norm(600, 60).stats()),
        ("norm", [600, 300, 300, 900], stats.truncnorm(-1, 1, 600, 300).stats()),
        ("uniform", [100, 300], stats.uniform(100, 200).stats()),
        ("uniform", [100, 200, 0, 1e9], stats.uniform(100, 200).stats()),
        ("lognorm", [600, 90_000, 0, 1e9], (600, 90_000)),
        ("lognorm", [0.5, 0, 400, 0, 1e9], stats.lognorm(0.5, 0, 400).stats()),
        ("gamma", [600, 90_000, 0, 1e9], (600, 90_000)),
        ("gamma", [4, 0, 150, 0, 1e9], stats.gamma(4, 0, 150).stats()),
        ("triang", [0.25, 100, 400, 0, 1e9], stats.triang(0.25, 100, 400).stats()),
    ],
)
def test_a_distribution_has_the_mean_and_spread_that_its_parameters_say(
    name: str, parameters: list[float], expected: tuple[float, float], draft: Draft
) -> None:
    found, problems = written(name, parameters, draft)
    assert problems == []
    mean, deviation = moments(found)
    assert mean == pytest.approx(float(expected[0]), rel=2e-3)
    assert deviation == pytest.approx(float(expected[1]) ** 0.5, rel=2e-2, abs=1e-9)


def test_a_histogram_is_its_midpoints(draft: Draft) -> None:
    said = {"histogram_data": {"cdf": [0.25, 1.0], "bin_midpoints": [60, 120]}}
    found = distribution(Json(said, Path("p.json")), draft, Amounts(unit=1.0))
    assert moments(found)[0] == pytest.approx(0.25 * 60 + 0.75 * 120)


def test_the_older_form_is_said(draft: Draft) -> None:
    written("expon", [1800, 180, 0, 5400], draft)
    assert [n.message for n in draft.notes if "older form" in n.message] == [
        "expon of 4 parameters is the older form: 1800 and an exponential of 180"
    ]


def test_what_has_no_form_is_an_open_question(draft: Draft) -> None:
    assert written("exponnorm", [1, 2, 3, 0, 9], draft)[0] == "?"
    assert written("cauchy", [1, 2], draft)[0] == "?"


def test_a_mean_below_the_least_value_is_wrong(draft: Draft) -> None:
    assert written("expon", [100, 600, 1e9], draft)[1] == [
        "expon of 100, 600, 1e+09: the mean is not above the least value"
    ]


def test_all_that_is_wrong_comes_at_once_with_its_key(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        prosimos(
            tmp_path,
            arrival_time_distribution={"distribution_name": "fix", "distribution_params": [{"value": "soon"}]},
            resource_calendars=[{"id": "c", "time_periods": [{"from": "MOONDAY", "to": "MONDAY", "beginTime": "09:00", "endTime": "10:00"}]}],  # noqa: E501
        )  # fmt: skip
    assert [(str(p.location.key), p.message) for p in caught.value.problems] == [
        ("resource_calendars[0].time_periods[0]", "'MOONDAY' is no day of the week"),
        ("arrival_time_distribution.distribution_params[0].value", "a number is wanted here"),
    ]


def test_a_file_that_is_no_parameters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text("[1, 2]")
    with pytest.raises(InputError, match="no parameter file of Prosimos"):
        import_files("prosimos", [_model(tmp_path), path])


def _model(folder: Path) -> Path:
    from tests.interchange.foreign.drawn import model

    return model(folder)
