"""The committed traces come out byte by byte (``python -m tests.simulation.golden --write`` writes them anew)."""

import json
from pathlib import Path

import pytest

from bpmn_tool.results.trace import RowKind
from tests.simulation.golden import FOLDER, NAMES, committed, golden, text


@pytest.mark.parametrize("name", NAMES)
def test_the_trace_is_the_committed_one(tmp_path: Path, name: str):
    assert text(golden(name, tmp_path)) == committed(name)


def test_there_are_twenty_and_nothing_else():
    assert len(NAMES) == 20
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(
        f"{name}.{end}" for name in NAMES for end in ("txt", "toml", "jsonl")
    )


def test_every_kind_of_row_stands_in_one():
    rows = (json.loads(line) for name in NAMES for line in committed(name).splitlines()[1:])
    assert {row["kind"] for row in rows} == {kind.value for kind in RowKind}
