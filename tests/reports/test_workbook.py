import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bpmn_tool.reports.workbook import write_workbook
from tests.reports.made_up import study

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}


def test_all_tables_are_there_with_numbers_as_numbers(tmp_path: Path) -> None:
    made = study()
    write_workbook(made, tmp_path / "x.xlsx")
    found = parts(tmp_path / "x.xlsx")
    names = [sheet.get("name") for sheet in ET.fromstring(found["xl/workbook.xml"]).iter(f"{MAIN}sheet")]  # noqa: S314  our own
    assert names == ["Comparison", "Measures", "Repetitions", "Steps", "Roles", "Handoffs", "Made from"]
    cells = ET.fromstring(found["xl/worksheets/sheet2.xml"]).iter(f"{MAIN}c")  # noqa: S314  our own
    numbers = {float(cell.findtext(f"{MAIN}v") or "nan") for cell in cells if cell.get("t") != "s"}
    means = {kpi.estimate.mean for s in made.scenarios for kpi in s.kpis.values() if kpi.estimate.mean}
    assert means
    assert all(any(mean == pytest.approx(number, rel=1e-12) for number in numbers) for mean in means)


@pytest.mark.parametrize("nasty", ["=1+1", '=HYPERLINK("http://x")', "+1", "@SUM(A1)", "http://x"])
def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path, nasty: str) -> None:
    made = study()
    wrong = replace(made.scenarios[0], name=nasty)
    write_workbook(replace(made, scenarios=(wrong, *made.scenarios[1:])), tmp_path / "x.xlsx")
    found = parts(tmp_path / "x.xlsx")
    assert not any("<f>" in text or "<hyperlink" in text for text in found.values())


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(study(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_workbook(study(), tmp_path / "nowhere" / "x.xlsx")
