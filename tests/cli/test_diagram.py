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


HUB = Path("processes") / "to_be" / "integrated_hub.bpmn"
TODAY = Path("processes") / "as_is" / "local_pcve.bpmn"
STORY = Path("processes") / "stories" / "local_pcve"


def test_each_overlay_marks_something(cli: Callable[..., Any], root: Path, tmp_path: Path) -> None:
    import json

    said = ("--set", "horizon=P2M", "--set", "warm_up=P1M", "--replications", 1, "--out", tmp_path / "run")
    assert cli("simulate", root / "simulations" / "mechelen" / "as_is.toml", *said).code == 0
    story = next(iter(sorted((root / STORY).glob("*.toml"))))
    for words in (
        ("--heat", "waiting", "--run", tmp_path / "run"),
        ("--heat", "load", "--run", tmp_path / "run"),
        ("--heat", "volume", "--run", tmp_path / "run"),
        ("--findings", "--profile", "public-authority"),
        ("--story", story),
        ("--diff", root / HUB),
    ):
        ended = cli("diagram", root / TODAY, "-o", tmp_path / "out.svg", *words, "--json")
        assert ended.code == 0, ended.err
        document = json.loads(ended.out)
        assert document["marked"] > 3, words
        assert document["title"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--heat", "waiting"), "--heat and --run go together"),
        (("--findings", "--witness", "dead-activity"), "at a time"),
        (("--witness", "no-such-rule"), "no finding of 'no-such-rule'"),
        (("--diagram", "no-such-diagram"), "has no diagram 'no-such-diagram'"),
        (("--heat", "waiting", "--run", "."), "simulate SCENARIO.toml --out"),
    ],
)
def test_what_cannot_be_drawn_says_why(
    cli: Callable[..., Any], drawn: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ended = cli("diagram", drawn, "-o", tmp_path / "out.svg", *words)
    assert ended.code == 2
    assert said in ended.err
    assert not (tmp_path / "out.svg").exists()


def test_the_way_to_a_trouble_is_drawn(cli: Callable[..., Any], tmp_path: Path) -> None:
    stuck = Path(__file__).parents[1] / "checks" / "rules" / "cannot-complete"
    found = sorted(stuck.glob("invalid_*.bpmn"))
    assert found
    laid_out = tmp_path / "stuck.bpmn"
    assert cli("layout", found[0], "-o", laid_out).code == 0
    ended = cli("diagram", laid_out, "-o", tmp_path / "out.svg", "--witness", "cannot-complete")
    assert ended.code == 0, ended.err
    assert "the way there" in (tmp_path / "out.svg").read_text(encoding="utf-8")


def test_the_colours_of_the_file_give_way_to_an_overlay(cli: Callable[..., Any], drawn: Path, tmp_path: Path) -> None:
    namespace = "http://bpmn.io/schema/bpmn/biocolor/1.0"
    more = f'<bpmndi:BPMNShape xmlns:b="{namespace}" b:fill="#ffe0b2" '
    text = two_pools().replace("<bpmndi:BPMNShape ", more)
    drawn.write_text(text, encoding="utf-8")
    out = tmp_path / "out.svg"
    assert cli("diagram", drawn, "-o", out).code == 0
    assert "#ffe0b2" in out.read_text(encoding="utf-8")
    assert cli("diagram", drawn, "-o", out, "--findings").code == 0
    assert "#ffe0b2" not in out.read_text(encoding="utf-8")
