"""What a QBP block becomes. By its schema all times in it are seconds, whatever unit a form shows."""

import math
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign import Draft, import_files
from tests.interchange.foreign.drawn import model, moments, notes

_HEAD = (
    '<qbp:processSimulationInfo xmlns:qbp="http://www.qbp-simulator.com/Schema201212" processInstances="98" '
    'startDateTime="2011-06-20T18:44:00+02:00" currency="SEK">'
    '<qbp:arrivalRateDistribution type="FIXED" mean="600"><qbp:timeUnit>hours</qbp:timeUnit></qbp:arrivalRateDistribution>'  # noqa: E501
)


def qbp(folder: Path, inner: str = "") -> Draft:
    return import_files("qbp", [model(folder, f"{_HEAD}{inner}</qbp:processSimulationInfo>")])


def element(distribution: str, more: str = "", attributes: str = "") -> str:
    return (
        f'<qbp:elements><qbp:element elementId="a" {attributes}><qbp:durationDistribution {distribution}>{more}'
        "</qbp:durationDistribution><qbp:resourceIds><qbp:resourceId>R</qbp:resourceId></qbp:resourceIds></qbp:element></qbp:elements>"
    )


RESOURCE = '<qbp:resources><qbp:resource id="R" name="Clerk" totalAmount="3" costPerHour="20"/></qbp:resources>'


def test_instances_start_and_currency(tmp_path: Path) -> None:
    tables = qbp(tmp_path).tables
    assert (tables["cases"], tables["start"].isoformat(), tables["costs"]) == (
        98,
        "2011-06-20T16:44:00",
        {"currency": "SEK"},
    )
    assert tables["arrivals"]["s"] == {"interval": "PT10M"}


@pytest.mark.parametrize(
    ("distribution", "mean", "deviation"),
    [
        ('type="FIXED" mean="60" arg1="0" arg2="0"', 60, 0),
        ('type="EXPONENTIAL" mean="0" arg1="60" arg2="0"', 60, 60),
        ('type="NORMAL" mean="600" arg1="60" arg2="0"', 600, 60),
        ('type="UNIFORM" mean="3600" arg1="240" arg2="540"', 390, 300 / math.sqrt(12)),
        ('type="TRIANGULAR" mean="90" arg1="60" arg2="120"', 90, 60 / math.sqrt(24)),
        ('type="GAMMA" mean="600" arg1="90000"', 600, 300),
        ('type="LOGNORMAL" mean="600" arg1="90000"', 600, 300),
    ],
)
def test_a_duration_has_the_mean_and_spread_that_its_arguments_say(
    distribution: str, mean: float, deviation: float, tmp_path: Path
) -> None:
    draft = qbp(tmp_path, RESOURCE + element(distribution))
    found_mean, found_deviation = moments(draft.tables["tasks"]["a"]["duration"])
    assert found_mean == pytest.approx(mean, rel=2e-3)
    assert found_deviation == pytest.approx(deviation, rel=2e-2, abs=1e-9)
    assert draft.tables["roles"] == {"clerk": {"count": 3, "cost_per_hour": 20}}


def test_a_histogram_is_a_mixture(tmp_path: Path) -> None:
    bins = "".join(
        f'<qbp:histogramData probability="{share}"><qbp:distribution type="FIXED" mean="{mean}"/></qbp:histogramData>'
        for share, mean in ((25, 60), (75, 120))
    )
    draft = qbp(
        tmp_path, RESOURCE + element('type="HISTOGRAM"', f"<qbp:histogramDataBins>{bins}</qbp:histogramDataBins>")
    )
    assert moments(draft.tables["tasks"]["a"]["duration"])[0] == pytest.approx(105)


def test_a_resource_that_is_not_there_is_said_and_a_cost_kept(tmp_path: Path) -> None:
    draft = qbp(tmp_path, element('type="FIXED" mean="60"', attributes='fixedCost="12.5" durationThreshold="90"'))
    assert draft.tables["tasks"]["a"] == {"role": "none", "duration": "PT1M", "cost": 12.5}
    assert "there is no resource 'R'" in notes(draft, "unclear")
    assert any(note.startswith("durationThreshold") for note in notes(draft, "dropped"))


def test_shares_of_flows(tmp_path: Path) -> None:
    flows = "".join(
        f'<qbp:sequenceFlow elementId="{flow}" executionProbability="{share}"/>'
        for flow, share in (("x_b", 0.3), ("x_e", 0.7))
    )
    assert qbp(tmp_path, f"<qbp:sequenceFlows>{flows}</qbp:sequenceFlows>").tables["flows"] == {"x_b": 0.3}


def test_what_is_wrong_comes_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        qbp(tmp_path, RESOURCE + element('type="WAVY"'))
    assert [(p.location.line is not None, p.message) for p in caught.value.problems] == [
        (True, "'WAVY' is no distribution of QBP")
    ]
