"""``bpmn-tool replay``."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ended

Cli = Callable[..., Ended]
MODEL = ROOT / "processes" / "as_is" / "local_pcve.bpmn"
SCENARIO = ROOT / "simulations" / "mechelen" / "as_is.toml"


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from bpmn_tool.cli import main

    file = tmp_path_factory.mktemp("replay") / "t.jsonl"
    assert main(["simulate", str(SCENARIO), "--replications", "1", "--trace", str(file)]) == 0
    return file


def changed(trace: Path, folder: Path, old: str, new: str) -> Path:
    file = folder / "changed.jsonl"
    text = trace.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_every_case_of_the_shipped_scenario_fits(cli: Cli, trace: Path) -> None:
    ended = cli("replay", trace, "--model", MODEL)
    assert (ended.code, "106 of 106 cases fit." in ended.out) == (0, True)


def test_json_has_the_counts(cli: Cli, trace: Path) -> None:
    told = json.loads(cli("replay", trace, "--model", MODEL, "--json").out)
    assert (told["schema"], told["cases"], told["fit"], told["misfits"]) == ("bpmn-tool/replay/1", 106, 106, [])
    assert told["timers_checked"]
    assert told["cases_per_second"] > 0


def test_a_case_that_does_not_fit_is_told_with_its_first_difference(cli: Cli, trace: Path, tmp_path: Path) -> None:
    file = changed(trace, tmp_path, '"flows":["danger_no"]', '"flows":["danger_yes"]')
    ended = cli("replay", file, "--model", MODEL, "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["fit"], len(told["misfits"])) == (1, 105, 1)
    assert told["misfits"][0]["at"].startswith("2026-")
    shown = cli("replay", file, "--model", MODEL)
    assert (shown.code, told["misfits"][0]["case"] in shown.out) == (1, True)


def test_a_trace_of_another_model_is_refused(cli: Cli, trace: Path, tmp_path: Path) -> None:
    file = changed(trace, tmp_path, '"element":"concern_voiced","kind":"arrived"', '"element":"x","kind":"arrived"')
    ended = cli("replay", file, "--model", MODEL)
    assert (ended.code, "another model" in ended.err) == (2, True)


@pytest.mark.parametrize("name", ["log.csv", "none.jsonl"])
def test_what_is_no_trace_is_refused(cli: Cli, tmp_path: Path, name: str) -> None:
    assert cli("replay", tmp_path / name, "--model", MODEL).code == 2


def test_a_trace_without_cases_is_refused(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text('{"trace":1,"semantics":1,"seed":1,"replication":0}\n')
    assert cli("replay", file, "--model", MODEL).code == 2


def test_control_c_keeps_what_was_replayed(cli: Cli, trace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bpmn_tool.execution import replay as module

    real, done = module.replay, []

    def stopping(*arguments: object) -> object:
        done.append(1)
        if len(done) > 3:
            raise KeyboardInterrupt
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "replay", stopping)
    ended = cli("replay", trace, "--model", MODEL)
    assert (ended.code, "3 cases were replayed" in ended.err) == (130, True)


def test_a_log_of_a_simulation_fits_and_one_that_left_the_model_says_where(cli: Cli, tmp_path: Path) -> None:
    import shutil

    shutil.copy(ROOT / "tests" / "readme" / "permit-bpsim.bpmn", tmp_path)
    model, scenario, log = tmp_path / "permit-bpsim.bpmn", tmp_path / "s.toml", tmp_path / "l.csv"
    assert cli("import", "bpsim", model, "-o", scenario).code == 0
    run = ("--set", "horizon=P5D", "--replications", "1", "--jobs", "1", "--log", log)
    assert cli("simulate", scenario, *run).code == 0
    ended = cli("replay", log, "--model", model)
    assert (ended.code, "cases fit." in ended.out) == (0, True)
    lines = log.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if ",check_application," in line)
    log.write_text("\n".join([*lines[:place], *lines[place + 1 :]]) + "\n", encoding="utf-8")
    told = json.loads(cli("replay", log, "--model", model, "--json").out)
    (misfit,) = told["misfits"]
    assert (misfit["activity"], misfit["step"], misfit["open"]) == ("Decide", 0, ["check_application"])
