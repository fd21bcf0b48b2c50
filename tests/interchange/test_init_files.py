import shutil
import tomllib
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.init_files import Initialised, init_files
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.interchange.scenario_ids import held_against
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.interchange.study_toml import read_study
from bpmn_tool.results.trace import RowKind
from bpmn_tool.simulation.engine_simpy import run as simulate
from bpmn_tool.simulation.planning import make_plan

FIXTURE = Path(__file__).parent / "fixtures" / "without_lanes.bpmn"
PROCESSES = Path(__file__).parents[2] / "processes"
ANSWERS = {
    "arrivals.StartEvent_1.rate": '"2 per day"',
    "calendars.office.hours": '{ mon-fri = "09:00-17:00" }',
    "flows.Flow_0yes111": "0.8",
    "roles.clerk.count": "1",
    "role": '"clerk"',
    "duration": '"PT30M"',
}


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    return Path(shutil.copy(FIXTURE, tmp_path / "request.bpmn"))


def run(drawing: Path) -> Initialised:
    return init_files([drawing], drawing.parent / "study")


def scenario_of(drawing: Path) -> Path:
    return drawing.parent / "study" / "request.toml"


def questions(drawing: Path) -> list[str]:
    return [question.path for question in read_scenario(scenario_of(drawing)).questions]


def answer(path: Path) -> None:
    """Fills every "?" of a scenario as a person would: line by line."""
    table, lines = "", []
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("["):
            table = line[1:].partition("]")[0]
        key = line.partition(" = ")[0]
        if '= "?"' in line:
            value = ANSWERS.get(f"{table}.{key}") or ANSWERS[key]
            line = line.replace('"?"', value, 1)  # noqa: PLW2901
        lines.append(line)
    path.write_text("".join(lines))


def test_every_question_and_nothing_else(drawing: Path) -> None:
    run(drawing)
    assert questions(drawing) == [
        "arrivals.StartEvent_1.rate",
        "calendars.office.hours",
        "flows.Flow_0yes111",
        "tasks.Activity_0decide.duration",
        "tasks.Activity_0decide.role",
        "tasks.Activity_1ml2q9x.duration",
        "tasks.Activity_1ml2q9x.role",
    ]


def test_names_stand_behind_ids(drawing: Path) -> None:
    run(drawing)
    text = scenario_of(drawing).read_text()
    assert "[tasks.Activity_1ml2q9x]  # Read request\n" in text
    assert 'Flow_0yes111 = "?"  # yes: Complete? -> Decide; the rest goes to Refused\n' in text


def test_the_study_is_one(drawing: Path) -> None:
    done = run(drawing)
    study = read_study(done.study)
    assert study.baseline == scenario_of(drawing).resolve()
    assert study.kpis.verdict == ("cycle_time", "waiting_time", "cost")


def test_filled_in_it_can_be_simulated(drawing: Path) -> None:
    run(drawing)
    path = scenario_of(drawing)
    answer(path)
    run(drawing)  # the roles that were named get their tables
    assert questions(drawing) == ["roles.clerk.count"]
    answer(path)
    scenario = read_scenario(path)
    assert scenario.questions == ()
    assert scenario.register_ is not None
    model, register = read_model(*scenario.model), read_register(scenario.register_)
    assert held_against(scenario, model, register).dropped == ()
    replication = simulate(make_plan(model, register, scenario), seed=1, replication=0)
    assert any(row.kind is RowKind.COMPLETED and row.element == "Activity_0decide" for row in replication.rows)


def test_again_changes_nothing(drawing: Path) -> None:
    first = run(drawing)
    before = {path: path.read_bytes() for path in first.written}
    again = run(drawing)
    assert again.written == []
    assert {path: path.read_bytes() for path in before} == before


def test_after_a_change_it_adds_keeps_and_lists(drawing: Path) -> None:
    run(drawing)
    path = scenario_of(drawing)
    path.write_text(path.read_text().replace('"?"', '"PT5M"  # said by the desk', 1) + "# mine\n")
    before = path.read_text()
    drawing.write_text(drawing.read_text().replace("Activity_0decide", "Activity_0new"))
    done = run(drawing)
    after = path.read_text()
    assert after.startswith(before)
    assert tomllib.loads(after)["tasks"]["Activity_0new"] == {"role": "?", "duration": "?"}
    assert done.lost == [(path, "tasks.Activity_0decide")]


def test_a_new_decision_joins_the_table_of_flows(drawing: Path) -> None:
    run(drawing)
    drawing.write_text(drawing.read_text().replace("Flow_0no2222", "A_no").replace("Flow_0yes111", "B_yes"))
    done = run(drawing)
    flows = tomllib.loads(scenario_of(drawing).read_text())["flows"]
    assert flows == {"Flow_0yes111": "?", "B_yes": "?"}
    assert (scenario_of(drawing), "flows.Flow_0yes111") in done.lost


def test_what_is_answered_in_another_way_is_not_asked(drawing: Path) -> None:
    run(drawing)
    path = scenario_of(drawing)
    path.write_text(
        path.read_text().replace('rate = "?"', 'every = "P1W"').replace('role = "?"', "roles = { clerk = 2 }")
    )
    done = run(drawing)
    assert [key for _, key in done.added] == ["roles.clerk.count", "roles.clerk.calendar"]


def test_a_table_written_in_line_is_left_to_its_writer(drawing: Path) -> None:
    run(drawing)
    path = scenario_of(drawing)
    text = path.read_text().partition("# Decisions")[0].replace("[tasks.Activity_0decide]", "[tasks.gone]")
    inline = text.partition("[calendars.office]")
    path.write_text(inline[0] + "flows = { other = 0.5 }\n" + inline[1] + inline[2])
    assert (path, "flows.Flow_0yes111") in run(drawing).by_hand


def test_a_sheet_asks_the_same(drawing: Path) -> None:
    folder = drawing.parent / "study"
    init_files([drawing], folder, sheet="numbers.csv")
    sheet = folder / "numbers.csv"
    rows = sheet.read_text().splitlines()
    assert [row.partition(",")[0] for row in rows[1:]] == questions(drawing)
    assert "tasks.Activity_0decide.role,Who does 'Decide'?,,,,,,," in rows
    sheet.write_text(sheet.read_text().replace("Who does 'Decide'?,", "Who does 'Decide'?,clerk"))
    assert read_scenario(scenario_of(drawing)).tasks["Activity_0decide"].role == "clerk"


def test_two_drawings_share_what_has_the_same_id(tmp_path: Path) -> None:
    (tmp_path / "bpmn-tool.toml").touch()
    files = [
        Path(shutil.copy(PROCESSES / name, tmp_path)) for name in ("as_is/local_pcve.bpmn", "to_be/integrated_hub.bpmn")
    ]
    folder = tmp_path / "study"
    init_files(files, folder)
    variant = tomllib.loads((folder / "integrated_hub.toml").read_text())
    assert variant["extends"] == "local_pcve.toml"
    assert "clarify_signal" not in variant["tasks"]
    register = read_register(folder / "partners.toml")
    assert register.roles["prevention_officer"].partner in register.partners


def test_drawings_of_one_name(tmp_path: Path, drawing: Path) -> None:
    other = Path(shutil.copy(FIXTURE, tmp_path / "study.bpmn"))
    done = init_files([drawing, other], tmp_path / "out")
    assert [path.name for path in done.scenarios] == ["request.toml", "study_scenario.toml"]


def test_a_drawing_of_another_project(tmp_path: Path, drawing: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "bpmn-tool.toml").touch()
    with pytest.raises(InputError, match="do not lie in the same project"):
        init_files([drawing], folder)
