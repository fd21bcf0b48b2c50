from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.scenario.distributions import Constant, Triangular
from bpmn_tool.scenario.scenario import Provenance, Scenario

SCENARIO = """
name = "S"
model = "a.bpmn"
start = 2026-01-05T00:00:00
horizon = "P1W"
numbers = "numbers.csv"
[flows]
f = "?"
g = 0.5
[tasks.t]
role = "?"
duration = { triangular = ["PT1H", "?", "PT3H"] }
lag = { value = "?", source = "police" }
"""


def read(folder: Path, csv: str) -> Scenario:
    (folder / "numbers.csv").write_text(csv, encoding="utf-8")
    path = folder / "s.toml"
    path.write_text(SCENARIO)
    return read_scenario(path)


def failing(folder: Path, csv: str) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, csv)
    return str(caught.value).replace(f"{folder}/", "")


def test_rows_fill_questions(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "path,value,low,high,status,source,n,date\n"
        "flows.f,0.2,0.1,0.4,assumed,desk,,\n"
        "tasks.t.role,clerk,,,,,,\n"
        "tasks.t.duration.triangular.mode,PT2H,,,measured,log,12,2025\n"
        "tasks.t.lag,P1D,,,,,,\n",
    )
    assert found.flows["f"] == 0.2
    assert found.provenance["flows.f"] == Provenance(value=0.2, low=0.1, high=0.4, status="assumed", source="desk")
    assert found.tasks["t"].role == "clerk"
    assert found.tasks["t"].duration == Triangular(low=3_600_000_000, mode=7_200_000_000, high=10_800_000_000)
    assert found.provenance["tasks.t.duration"].status == "measured"
    assert found.tasks["t"].lag == Constant(value=86_400_000_000)
    assert found.provenance["tasks.t.lag"].source == "police"
    assert found.questions == ()


def test_a_sheet_as_a_european_spreadsheet_saves_it(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffpath;value;low\r\nflows.f;0,2;0,1\r\n").flows["f"] == 0.2


def test_a_row_without_a_value_leaves_the_question(tmp_path: Path) -> None:
    found = read(tmp_path, "path,question,value\nflows.f,How often?,\n")
    assert "flows.f" in [question.path for question in found.questions]


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("path,value\nflows.g,0.2\n", "numbers.csv:2: no open question stands at this path"),
        ("path,value\n\nflows.h,0.2\n", "numbers.csv:3: no open question stands at this path: there is no 'h'"),
        ("path,value\ntasks.tt.lag,PT1H\n", "numbers.csv:2: no open question stands at this path: there is no 'tt'"),
        ("path,value\ntasks.t.duration.triangular.low,PT1H\n", "numbers.csv:2: no open question stands at this path"),
        ("value\n0.2\n", "numbers.csv:1: there is no column 'path'"),
        ("path,value,hihg\nflows.f,0.2,1\n", "numbers.csv:1: unknown column 'hihg'; did you mean 'high'?"),
        ("path,path,value\n", "numbers.csv:1: the column 'path' stands twice"),
        ("path,value\n..f,0.2\n", "numbers.csv:2: '..f' is not a path"),
    ],
)
def test_wrong_rows(tmp_path: Path, csv: str, message: str) -> None:
    assert failing(tmp_path, csv).startswith(message)


def test_no_such_sheet(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(SCENARIO)
    with pytest.raises(InputError, match=r"s\.toml: numbers: cannot read 'numbers\.csv'"):
        read_scenario(path)
