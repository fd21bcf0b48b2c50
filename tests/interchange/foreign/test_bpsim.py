"""What a BPSim block becomes; the values are those of the schema."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign import Draft, import_files
from tests.interchange.foreign.drawn import model, moments, notes

_HEAD = (
    '<relationship type="BPSimData"><extensionElements><bpsim:BPSimData xmlns:bpsim="http://www.bpsim.org/schemas/1.0">'
)
_TAIL = "</bpsim:BPSimData></extensionElements><source>P</source><target>P</target></relationship>"


def scenario(inner: str, *, id_: str = "S1", own: str = "", attributes: str = "") -> str:
    return f'<bpsim:Scenario id="{id_}" {attributes}><bpsim:ScenarioParameters {own}/>{inner}</bpsim:Scenario>'


def of(element: str, group: str, inner: str) -> str:
    group = f"{group}Parameters"
    return f'<bpsim:ElementParameters elementRef="{element}"><bpsim:{group}>{inner}</bpsim:{group}></bpsim:ElementParameters>'  # noqa: E501


def parameter(name: str, value: str, attributes: str = "") -> str:
    return f"<bpsim:{name} {attributes}><bpsim:{value}/></bpsim:{name}>"


def bpsim(folder: Path, *scenarios: str, wanted: str | None = None, resources: str = "") -> Draft:
    return import_files("bpsim", [model(folder, resources + _HEAD + "".join(scenarios) + _TAIL)], scenario=wanted)


@pytest.mark.parametrize(
    ("value", "mean", "deviation"),
    [
        ('DurationParameter value="PT2M"', 120, 0),
        ('NumericParameter value="2"', 120, 0),
        ('NumericParameter value="2" timeUnit="hour"', 7200, 0),
        ('TriangularDistribution min="10" mode="16" max="30"', 1120, 249.8),
        ('NegativeExponentialDistribution mean="5"', 300, 300),
        ('GammaDistribution shape="4" scale="2"', 480, 240),
        ('ErlangDistribution mean="8" k="4"', 480, 240),
        ('WeibullDistribution shape="1" scale="3"', 180, 180),
        ('LogNormalDistribution mean="10" standardDeviation="4"', 600, 240),
        ('TruncatedNormalDistribution mean="20" standardDeviation="1" min="0" max="1000"', 1200, 60),
        ('PoissonDistribution mean="4"', 240, 120),
        ('BinomialDistribution trials="10" probability="0.5"', 300, 94.868),
        ('UniformDistribution min="1" max="3"', 120, 34.641),
    ],
)
def test_a_processing_time_has_the_mean_and_spread_that_its_parameters_say(
    value: str, mean: float, deviation: float, tmp_path: Path
) -> None:
    draft = bpsim(tmp_path, scenario(of("a", "Time", parameter("ProcessingTime", value)), own='baseTimeUnit="min"'))
    found_mean, found_deviation = moments(draft.tables["tasks"]["a"]["duration"])
    assert found_mean == pytest.approx(mean, rel=2e-3)
    assert found_deviation == pytest.approx(deviation, rel=1e-2, abs=1e-9)


def test_a_scenario_inherits_and_says_anew(tmp_path: Path) -> None:
    base = scenario(
        of("a", "Time", parameter("ProcessingTime", 'DurationParameter value="PT1M"'))
        + of("b", "Time", parameter("ProcessingTime", 'DurationParameter value="PT2M"'))
    )
    child = scenario(
        of("b", "Time", parameter("ProcessingTime", 'DurationParameter value="PT5M"')),
        id_="S2",
        attributes='inherits="S1"',
    )
    draft = bpsim(tmp_path, base, child, wanted="S2")
    tasks = draft.tables["tasks"]
    assert (tasks["a"]["duration"], tasks["b"]["duration"]) == ("PT1M", "PT5M")


def test_inheriting_from_nothing_is_said_and_a_circle_refused(tmp_path: Path) -> None:
    draft = bpsim(tmp_path, scenario("", attributes='inherits="S9"'))
    assert "it inherits from 'S9', and there is no such scenario" in notes(draft, "unclear")
    with pytest.raises(InputError, match="in a circle"):
        bpsim(tmp_path, scenario("", attributes='inherits="S1"'))


def test_a_scenario_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no BPSim scenario 'S7'; there are: S1"):
        bpsim(tmp_path, scenario(""), wanted="S7")


def test_a_probability_of_60_is_said(tmp_path: Path) -> None:
    draft = bpsim(
        tmp_path,
        scenario(
            of("x_b", "Control", parameter("Probability", 'FloatingParameter value="60"'))
            + of("x_e", "Control", parameter("Probability", 'FloatingParameter value="40"'))
        ),
    )
    assert "60 is no probability: they lie between 0 and 1" in notes(draft, "unclear")
    assert draft.tables["flows"] == {"x_e": 0.4}


def test_a_condition_asks_for_a_property(tmp_path: Path) -> None:
    draft = bpsim(
        tmp_path,
        scenario(
            of("s", "Property", parameter("Property", 'NumericParameter value="7"', 'name="amount"'))
            + of("x_b", "Control", parameter("Condition", "ExpressionParameter value=\"getProperty('amount') &gt; 5 and true()\""))  # noqa: E501
            + of("x_e", "Control", parameter("Condition", "ExpressionParameter value=\"bpsim:getProperty('amount') &lt;= 5\""))  # noqa: E501
        ),
    )  # fmt: skip
    assert draft.tables["attributes"] == {"amount": {"constant": 7}}
    unread = [note for note in notes(draft, "unclear") if "cannot be read" in note]
    assert ("x_b" in draft.tables["flows"]) != bool(unread)
    assert "amount <= 5" in draft.tables["flows"]["x_e"]


def test_a_continuous_value_that_a_loop_waits_for_is_found(tmp_path: Path) -> None:
    draft = bpsim(
        tmp_path,
        scenario(
            of("s", "Property", parameter("Property", 'UniformDistribution min="1" max="3"', 'name="n"'))
            + of("x_b", "Control", parameter("Condition", "ExpressionParameter value=\"getProperty('n') != 0\""))
        ),
    )
    assert any("drawn from an interval" in note for note in notes(draft, "unclear"))


def test_resources_have_number_calendar_and_cost(tmp_path: Path) -> None:
    office = "BEGIN:VEVENT\nDTSTART:20130104T090000\nDTEND:20130104T170000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\nEND:VEVENT"  # noqa: E501
    draft = bpsim(
        tmp_path,
        scenario(
            of("clerk", "Resource",
               parameter("Availability", 'BooleanParameter value="true" validFor="office"')
               + parameter("Quantity", 'NumericParameter value="3"'))
            + of("clerk", "Cost", parameter("UnitCost", 'FloatingParameter value="0.5"'))
            + of("a", "Resource", parameter("Selection", "ExpressionParameter value=\"bpsim:getResource('clerk',2)\""))
            + f'<bpsim:Calendar id="office" name="Office">{office}</bpsim:Calendar>',
            own='baseTimeUnit="min"',
        ),
        resources='<resource id="clerk" name="Clerk"/>',
    )  # fmt: skip
    assert draft.tables["roles"] == {"clerk": {"count": 3, "calendar": "office", "cost_per_hour": 30}}
    assert draft.tables["calendars"] == {"office": {"hours": {"mon-fri": "09:00-17:00"}}}
    assert draft.tables["tasks"]["a"]["roles"] == {"clerk": 2}


def test_a_resource_that_is_not_there_and_a_calendar_that_overlaps_are_said(tmp_path: Path) -> None:
    event = "BEGIN:VEVENT\nDTSTART:20130104T{}0000\nDTEND:20130104T{}0000\nRRULE:FREQ=DAILY\nEND:VEVENT\n"
    twice = event.format("09", "12") + event.format("11", "14")
    draft = bpsim(
        tmp_path,
        scenario(
            of("a", "Resource", parameter("Selection", "ExpressionParameter value=\"getResource('ghost',1)\""))
            + f'<bpsim:Calendar id="c">{twice}</bpsim:Calendar>'
        ),
    )
    assert {"there is no resource 'ghost'", "periods that overlap are joined"} <= set(notes(draft, "unclear"))
    assert draft.tables["calendars"]["c"]["hours"] == {"mon-sun": "09:00-14:00"}


def test_constants_add_up_and_a_second_drawn_time_is_said(tmp_path: Path) -> None:
    two = parameter("SetUpTime", 'DurationParameter value="PT1M"') + parameter(
        "ProcessingTime", 'NumericParameter value="4"'
    )
    drawn = parameter("SetUpTime", 'DurationParameter value="PT1M"') + parameter(
        "ProcessingTime", 'UniformDistribution min="1" max="3"'
    )
    draft = bpsim(tmp_path, scenario(of("a", "Time", two) + of("b", "Time", drawn), own='baseTimeUnit="min"'))
    assert draft.tables["tasks"]["a"]["duration"] == "PT5M"
    assert draft.tables["tasks"]["b"]["duration"] == {"uniform": ["PT1M", "PT3M"]}
    assert "a second time that is added to a drawn one is left out" in notes(draft, "unclear")


def test_a_model_without_a_block_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no BPSim scenario"):
        import_files("bpsim", [model(tmp_path)])
