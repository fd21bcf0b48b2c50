"""What configurations of Scylla become."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign import Draft, import_files
from tests.interchange.foreign.drawn import model, moments, notes

NS = 'xmlns:b="http://bsim.hpi.uni-potsdam.de/scylla/simModel"'
PEOPLE = """
<b:timetables><b:timetable id="Late">
<b:timetableItem from="MONDAY" to="FRIDAY" beginTime="14:00:00" endTime="18:00:00"/></b:timetable></b:timetables>
<b:resourceData>
<b:dynamicResource id="Student" defaultQuantity="3" defaultCost="10" defaultTimeUnit="MINUTES"
    defaultTimetableId="Late">
<b:instance name="Anna" cost="20"/></b:dynamicResource>
<b:dynamicResource id="Professor" defaultQuantity="2" defaultCost="50" defaultTimeUnit="HOURS"/></b:resourceData>"""


def scylla(folder: Path, inner: str, people: str = PEOPLE) -> Draft:
    head = 'id="C" processRef="P" processInstances="30" startDateTime="2016-08-01T09:00:00.000+02:00"'
    (folder / "global.xml").write_text(f"<b:globalConfiguration {NS}>{people}</b:globalConfiguration>")
    (folder / "sim.xml").write_text(
        f"<b:definitions {NS}><b:simulationConfiguration {head}>{inner}</b:simulationConfiguration></b:definitions>"
    )
    return import_files("scylla", [model(folder), folder / "global.xml", folder / "sim.xml"])


def task(duration: str, resources: str = "") -> str:
    lasts = f'<b:duration timeUnit="MINUTES">{duration}</b:duration>'
    return f'<b:task id="a">{lasts}<b:resources>{resources}</b:resources></b:task>'


def test_an_instance_without_a_timetable_is_always_there(tmp_path: Path) -> None:
    """As Scylla reads it: the timetable of the resource is that of the instances that are not named."""
    people = scylla(tmp_path, "").tables["roles"]["student"]["people"]
    assert people == [
        {"name": "Student 1", "calendar": "late", "cost_per_hour": 600},
        {"name": "Student 2", "calendar": "late", "cost_per_hour": 600},
        {"name": "Anna", "cost_per_hour": 1200},
    ]


def test_several_resources_are_needed_at_once_and_the_highest_priority_counts(tmp_path: Path) -> None:
    def resource(name: str, amount: int, priority: int) -> str:
        said = f"<b:assignmentDefinition><b:priority>{priority}</b:priority></b:assignmentDefinition>"
        return f'<b:resource id="{name}" amount="{amount}">{said}</b:resource>'

    fixed = "<b:constantDistribution><b:constantValue>30</b:constantValue></b:constantDistribution>"
    draft = scylla(tmp_path, task(fixed, resource("Student", 2, 1) + resource("Professor", 1, 3)))
    assert draft.tables["tasks"]["a"] == {"roles": {"student": 2, "professor": 1}, "duration": "PT30M", "priority": 3}
    assert "a task has one priority here: the highest of its resources" in notes(draft, "unclear")


@pytest.mark.parametrize(
    ("said", "mean", "deviation"),
    [
        ("erlangDistribution><b:order>4</b:order><b:mean>8</b:mean", 480, 240),
        ("binomialDistribution><b:probability>0.1</b:probability><b:amount>250</b:amount", 1500, 284.6),
        ("exponentialDistribution><b:mean>5</b:mean", 300, 300),
        ("triangularDistribution><b:lower>1</b:lower><b:peak>2</b:peak><b:upper>3</b:upper", 120, 24.495),
        ('empiricalDistribution><b:entry value="1" frequency="3"/><b:entry value="5" frequency="1"/', 120, 103.92),
    ],
)
def test_a_duration_has_the_mean_and_spread_that_its_values_say(
    said: str, mean: float, deviation: float, tmp_path: Path
) -> None:
    name = said.partition(">")[0].partition(" ")[0]
    draft = scylla(tmp_path, task(f"<b:{said}></b:{name}>".replace("/></b:", "/></b:")))
    found_mean, found_deviation = moments(draft.tables["tasks"]["a"]["duration"])
    assert found_mean == pytest.approx(mean, rel=2e-3)
    assert found_deviation == pytest.approx(deviation, rel=1e-2)


def test_branches_that_do_not_add_up_leave_the_rest(tmp_path: Path) -> None:
    flow = (
        '<b:outgoingSequenceFlow id="x_b"><b:branchingProbability>0.2</b:branchingProbability></b:outgoingSequenceFlow>'
    )
    draft = scylla(tmp_path, f'<b:exclusiveGateway id="x">{flow}</b:exclusiveGateway>')
    assert draft.tables["flows"] == {"x_b": 0.2}


def test_one_file_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sim.xml").write_text(f"<b:definitions {NS}/>")
    with pytest.raises(InputError, match="a globalConfiguration and a simulationConfiguration"):
        import_files("scylla", [model(tmp_path), tmp_path / "sim.xml"])
