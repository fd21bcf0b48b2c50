"""Every TOML block of docs/scenario.md is read by the reader that it is for."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.interchange.study_toml import read_kpis, read_story, read_study

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```toml (\w+)\n(.*?)```", (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8"), re.DOTALL)

#: what single blocks lean on: a block extends it
BASE = """
name = "Base"
model = "a.bpmn"
start = 2026-01-05T00:00:00
horizon = "P1Y"
[calendars.office]
hours = { mon-fri = "09:00-17:00" }
[demand.person_in_need]
rate = "1 per day"
[gates.livcr]
every = "P1W"
[attributes]
severity = 1
"""

READERS: dict[str, Callable[[Path], object]] = {
    "scenario": read_scenario,
    "kpis": read_kpis,
    "study": read_study,
    "story": read_story,
    "register": read_register,
}


@pytest.mark.parametrize(("kind", "text"), BLOCKS, ids=[f"{n}-{kind}" for n, (kind, _) in enumerate(BLOCKS)])
def test_block_is_read(kind: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(BASE)
    for name in ("as_is.toml", "hub.toml"):
        (tmp_path / name).touch()
    (tmp_path / "stories").mkdir()
    kpis = next(block for kind_, block in BLOCKS if kind_ == "kpis")
    (tmp_path / "kpis.toml").write_text(kpis)
    path = tmp_path / "block.toml"
    path.write_text('extends = "base.toml"\n' + text if kind == "scenario" else text)
    assert READERS[kind](path)


def test_every_kind_of_file_has_a_block() -> None:
    assert {kind for kind, _ in BLOCKS} == set(READERS)


def test_every_key_of_a_scenario_stands_on_the_page() -> None:
    from bpmn_tool.scenario.scenario import Scenario
    from bpmn_tool.scenario.shapes import ListOf, MapOf, TableOf, shapes_of
    from bpmn_tool.scenario.tables import Table

    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    waiting: list[type[Table]] = [Scenario]
    missing: list[str] = []
    while waiting:
        for key, shape in shapes_of(waiting.pop()).items():
            if not re.search(rf"\b{key}\b", page):
                missing.append(key)
            inner = shape
            while isinstance(inner, MapOf | ListOf):
                inner = inner.item
            if isinstance(inner, TableOf):
                waiting.append(inner.cls)
    assert missing == []
