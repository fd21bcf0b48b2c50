"""``bpmn-tool import``."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ended

Cli = Callable[..., Ended]


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "tests" / "readme" / "permit-bpsim.bpmn", tmp_path)
    monkeypatch.chdir(tmp_path)


IMPORT = ("import", "bpsim", "permit-bpsim.bpmn", "-o", "permit.toml")


def test_what_is_written_is_simulated(cli: Cli) -> None:
    assert cli(*IMPORT).code == 0
    told = json.loads(cli("simulate", "permit.toml", "--replications", "2", "--jobs", "1", "--json").out)
    assert told["cases"]["completed"] == told["cases"]["arrived"] > 800
    assert told["activities"]["check_application"]["role"] == "clerk"


def test_strict_refuses_with_each_note_and_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    ended = cli(*IMPORT, "--strict")
    assert (ended.code, ended.err.count("error:")) == (2, 3)
    assert not (tmp_path / "permit.toml").exists()


def test_a_file_that_is_there_stays_unless_forced(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "permit.toml").write_text("mine")
    ended = cli(*IMPORT)
    assert (ended.code, "--force" in ended.err, (tmp_path / "permit.toml").read_text()) == (2, True, "mine")
    assert cli(*IMPORT, "--force").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "excel", "permit-bpsim.bpmn", "-o", "x.toml"), "they are: prosimos, bpsim, qbp, scylla"),
        (("import", "prosimos", "permit-bpsim.bpmn", "-o", "x.toml"), "a file with parameters (.json) is wanted"),
        (("import", "prosimos", "p.json", "-o", "x.toml"), "a BPMN file is wanted"),
        (("import", "bpsim", "permit-bpsim.bpmn", "-o", "x.toml", "--scenario", "S9"), "there are: today"),
    ],
)
def test_what_cannot_be_imported_says_what_to_do(cli: Cli, arguments: tuple[str, ...], says: str) -> None:
    ended = cli(*arguments)
    assert (ended.code, says in ended.err) == (2, True)


def test_models_elsewhere_get_the_root_of_a_project(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    ended = cli("import", "bpsim", "permit-bpsim.bpmn", "-o", "in/permit.toml", "--json")
    assert [Path(path).name for path in json.loads(ended.out)["written"]] == ["bpmn-tool.toml", "permit.toml"]
    assert cli("simulate", "in/permit.toml", "--replications", "1", "--jobs", "1").code == 0
