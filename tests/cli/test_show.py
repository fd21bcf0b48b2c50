"""``bpmn-tool show`` and ``bpmn-tool layout`` on a small file."""

import json
from pathlib import Path

import pytest

from bpmn_tool.cli import main

TEXT = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<collaboration id="C"><participant id="city" name="City [/a]" processRef="P"/><participant id="box" name="Box"/>
<messageFlow id="m" sourceRef="a" targetRef="box"/></collaboration>
<process id="P"><laneSet><lane id="l"/></laneSet><startEvent id="s"/><task id="a"/><task id="b"/>
<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow sourceRef="a" targetRef="b"/></process></definitions>"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.bpmn"
    path.write_text(TEXT)
    return path


def test_show_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(file), "--json"]) == 0
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert model == {
        "path": str(file),
        "exporter": "",
        "processes": [
            {"id": "P", "name": "", "flow_nodes": {"startEvent": 1, "task": 2}, "sequence_flows": 2, "lanes": 1}
        ],
        "participants": [
            {"id": "city", "name": "City [/a]", "process": "P"},
            {"id": "box", "name": "Box", "process": None},
        ],
        "message_flows": 1,
        "event_definitions": {},
        "loops": {},
        "data": {},
        "artifacts": {},
        "root_elements": {},
        "others": {"collaboration": 1},
        "vendors": {},
        "diagrams": [],
        "elements": 11,
        "without_id": 1,
        "remarks": 0,
    }


WITH_MORE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:v" exporter="Ed" v:a="1"
exporterVersion="7" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"><message id="msg"/><process id="P">
<startEvent id="s"><timerEventDefinition/></startEvent><task id="t" v:colour="red"><extensionElements><v:x y="1"/>
<v:x/></extensionElements><standardLoopCharacteristics/></task><dataObject id="d"/><textAnnotation id="n"/>
<receiveTask id="r" messageRef="gone"/><note xmlns=""/></process>
<di:BPMNDiagram id="g"><di:BPMNPlane bpmnElement="P" v:wide="9"/></di:BPMNDiagram></definitions>"""


@pytest.fixture
def more(tmp_path: Path) -> Path:
    path = tmp_path / "more.bpmn"
    path.write_text(WITH_MORE)
    return path


def test_show_counts_what_is_there(more: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(more), "--json"]) == 0
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert model["exporter"] == "Ed 7"
    assert model["event_definitions"] == {"timerEventDefinition": 1}
    assert model["loops"] == {"standardLoopCharacteristics": 1}
    assert (model["data"], model["artifacts"]) == ({"dataObject": 1}, {"textAnnotation": 1})
    assert model["root_elements"] == {"message": 1}
    assert model["vendors"] == {"": 1, "urn:v": 5}
    assert model["diagrams"] == [{"id": "g", "plane": "P", "shapes": 0, "edges": 0}]
    assert model["remarks"] == 2  # a reference to nowhere, and an element in no namespace


def test_show_says_what_is_there(more: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(more)]) == 0
    out = capsys.readouterr().out
    assert "Triggers of events: 1 × timer" in out
    assert "  5 urn:v" in out
    assert "  1 (in no namespace)" in out
    assert "Written by Ed 7" in out
    assert "2 things are wrong with the file" in out


def test_show_as_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(file)]) == 0
    out = capsys.readouterr().out
    assert "City [/a]" in out
    assert "1 × start event, 2 × task" in out
    assert "1 element has no id in the file" in out


def test_show_lists_the_problems_of_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.bpmn").write_text("<a>")
    assert main(["show", str(tmp_path / "a.bpmn"), str(tmp_path / "b.bpmn")]) == 2
    err = capsys.readouterr().err
    assert "a.bpmn:1" in err
    assert "b.bpmn:1" in err


def test_layout_writes_a_diagram_and_nothing_else(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "placed.bpmn"
    assert main(["layout", str(file), "-o", str(out)]) == 0
    written = out.read_text()
    assert written.startswith(TEXT.removesuffix("</definitions>"))
    assert written.count("<bpmndi:BPMNShape ") == 6


def test_layout_twice_is_layout_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layout", str(file), "-o", str(file)]) == 0
    once = file.read_bytes()
    assert main(["layout", str(file), "-o", str(file), "--json"]) == 0
    assert file.read_bytes() == once
    assert '"shapes": 6' in capsys.readouterr().out


def test_a_folder_is_refused_with_what_to_do(cli, tmp_path):
    ended = cli("show", tmp_path)
    assert (ended.code, ended.err) == (2, f"{tmp_path}: error: is a folder: name a file\n")
