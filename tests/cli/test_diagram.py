from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.bpmn_text import two_pools


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "model.bpmn"
    path.write_text(two_pools(), encoding="utf-8")
    return path


@pytest.mark.parametrize(("ending", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_the_ending_says_what_is_written(
    cli: Callable[..., Any], drawn: Path, tmp_path: Path, ending: str, start: bytes
) -> None:
    out = tmp_path / f"out.{ending}"
    assert cli("diagram", drawn, "-o", out).code == 0
    assert out.read_bytes().startswith(start)


def test_another_ending_is_refused_before_anything_is_read(cli: Callable[..., Any], tmp_path: Path) -> None:
    ended = cli("diagram", tmp_path / "missing.bpmn", "-o", tmp_path / "out.gif")
    assert ended.code == 2
    assert ".svg, .png or .pdf" in ended.err


def test_a_file_without_layout_is_told_what_to_do(cli: Callable[..., Any], drawn: Path, tmp_path: Path) -> None:
    text = two_pools()
    drawn.write_text(text[: text.index("<bpmndi:BPMNDiagram")] + "</definitions>", encoding="utf-8")
    ended = cli("diagram", drawn, "-o", tmp_path / "out.svg")
    assert ended.code == 2
    assert "bpmn-tool layout" in ended.err


def test_json_counts_what_was_drawn(cli: Callable[..., Any], drawn: Path, tmp_path: Path) -> None:
    import json

    ended = cli("diagram", drawn, "-o", tmp_path / "out.svg", "--json")
    document = json.loads(ended.out)
    assert (document["schema"], document["shapes"], document["edges"]) == ("bpmn-tool/diagram/1", 9, 6)
