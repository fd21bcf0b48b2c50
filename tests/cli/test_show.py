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
        "processes": [
            {"id": "P", "name": "", "flow_nodes": {"startEvent": 1, "task": 2}, "sequence_flows": 2, "lanes": 1}
        ],
        "participants": [
            {"id": "city", "name": "City [/a]", "process": "P"},
            {"id": "box", "name": "Box", "process": None},
        ],
        "message_flows": 1,
        "elements": 11,
    }


def test_show_as_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(file)]) == 0
    out = capsys.readouterr().out
    assert "City [/a]" in out
    assert "1 startEvent, 2 task" in out
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
