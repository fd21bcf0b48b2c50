import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIXTURE = Path(__file__).parents[1] / "interchange" / "fixtures" / "without_lanes.bpmn"


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    return Path(shutil.copy(FIXTURE, tmp_path / "request.bpmn"))


def test_says_what_it_wrote_and_what_is_next(drawing: Path, cli: Callable[..., Any]) -> None:
    ended = cli("init", drawing, "-o", drawing.parent / "study")
    assert ended.code == 0
    assert "7 open questions in" in " ".join(ended.out.split())
    assert "bpmn-tool simulate" in ended.out


def test_json(drawing: Path, cli: Callable[..., Any]) -> None:
    ended = cli("init", drawing, "-o", drawing.parent / "study", "--json")
    found = json.loads(ended.out)
    assert found["schema"] == "bpmn-tool/init/1"
    assert len(found["written"]) == 4
    assert len(next(iter(found["questions"].values()))) == 7


def test_a_sheet_elsewhere_is_refused(drawing: Path, cli: Callable[..., Any]) -> None:
    ended = cli("init", drawing, "-o", drawing.parent / "study", "--sheet", "../x.csv")
    assert ended.code == 2
    assert "'../x.csv' is not the name of a file" in ended.err
