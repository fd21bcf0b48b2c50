import json
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.run_json import read_run

ACTIVITY = {"name": "A", "count": 2.5, "waiting": {"total_s": 10.0}, "processing": {"total_s": 4.0}}
RUN = {"schema": "bpmn-tool/simulate/1", "name": "today", "activities": {"a": {**ACTIVITY, "causes": {"undefined": 4}}}}


def written(folder: Path, content: object) -> Path:
    (folder / "simulate.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_what_a_run_left_is_read(tmp_path: Path) -> None:
    name, activities = read_run(written(tmp_path, RUN))
    assert (name, activities["a"].count, activities["a"].waited_s) == ("today", 2.5, 6.0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "no result of simulate"),
        ({**RUN, "schema": "bpmn-tool/compare/1"}, "no result of simulate"),
        ({**RUN, "activities": {"a": {**ACTIVITY, "count": "many"}}}, "activities.a.count"),
    ],
)
def test_anything_else_is_refused_with_its_place(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_run(written(tmp_path, content))


def test_a_folder_without_a_run_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"simulate SCENARIO\.toml --out"):
        read_run(tmp_path)
