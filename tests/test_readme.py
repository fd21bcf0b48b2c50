"""The README's ten minutes, done as a newcomer does them: its commands run, its answers are filled in, on a file as
Camunda Modeler writes it.
"""

import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

SECTION = "## Your own process in ten minutes"
OTHERS = "## Models from other tools"


@pytest.fixture
def section(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    return text.split(SECTION)[1].split("\n## ")[0]


@pytest.fixture
def commands(section):
    return re.findall(r"^\s*\$ (.*)$", section, re.MULTILINE)


@pytest.fixture
def answers(section):
    (block,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    return re.sub(r"^   ", "", block, flags=re.MULTILINE)


@pytest.fixture
def desk(root, tmp_path, monkeypatch):
    """An empty folder with the drawing in it, as the working folder."""
    shutil.copy(root / "tests" / "readme" / "permit.bpmn", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(command):
    """A command line as the README writes it, without the tool's name."""
    first, *rest = shlex.split(command)
    assert first == "bpmn-tool"
    return rest


def fill_in(path: Path, answers: str):
    """Each table of the answers takes the place of the one with its questions."""
    text = path.read_text(encoding="utf-8")
    for table in tomllib.loads(answers):
        for name in tomllib.loads(answers)[table] if table != "flows" else [None]:
            header = re.escape(f"[{table}]" if name is None else f"[{table}.{name}]")
            text = re.sub(rf"^{header}.*?(?=^\[|\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    path.write_text(text + "\n" + answers, encoding="utf-8")


def test_the_drawing_has_no_lanes_and_is_of_camunda_modeler(root):
    text = (root / "tests" / "readme" / "permit.bpmn").read_text(encoding="utf-8")
    assert "<bpmn:lane" not in text
    assert 'exporter="Camunda Modeler"' in text


def test_the_readme_walks_through(cli, desk, commands, answers):
    init, simulate, compare, study = map(words, commands)
    assert cli(*init).code == 0
    scenario = desk / "permit" / "permit.toml"
    assert '"?"' in scenario.read_text(encoding="utf-8")

    refused = cli(*simulate)
    assert refused.code == 2
    assert "permit.toml" in refused.err

    fill_in(scenario, answers)
    done = cli(*simulate, "--replications", "3", "--json")
    assert done.code == 0, done.err
    result = json.loads(done.out)
    assert result["cases"]["completed"] > 1000
    assert result["roles"]["clerk"]["utilisation"] > result["roles"]["officer"]["utilisation"] / 10

    compared = cli(*compare, "--replications", "3", "--json")
    assert compared.code == 0, compared.err
    difference = json.loads(compared.out)["variants"][0]["kpis"]["waiting_time"]["difference"]
    assert difference["mean"] < 0

    reported = cli(*study, "--replications", "2", "--jobs", "1")
    assert reported.code == 0, reported.err
    assert "<svg" in (desk / "report.html").read_text(encoding="utf-8")


def test_init_run_again_keeps_the_answers(cli, desk, commands, answers):
    init = words(commands[0])
    cli(*init)
    scenario = desk / "permit" / "permit.toml"
    fill_in(scenario, answers)
    before = tomllib.loads(scenario.read_text(encoding="utf-8"))
    assert cli(*init).code == 0
    after = tomllib.loads(scenario.read_text(encoding="utf-8"))
    assert {key: after[key] for key in before} == before


@pytest.fixture
def others(root):
    return (root / "README.md").read_text(encoding="utf-8").split(OTHERS)[1].split("\n## ")[0]


def test_the_tour_of_other_models_runs(cli, root, desk, commands, answers, others):
    for name in ("permit-new.bpmn", "permit-stuck.bpmn"):
        shutil.copy(root / "tests" / "readme" / name, desk)
    cli(*words(commands[0]))
    fill_in(desk / "permit" / "permit.toml", answers)
    tour = [words(command) for command in re.findall(r"^\s*\$ (.*)$", others, re.MULTILINE)]
    assert [each[0] for each in tour] == ["show", "check", "diff", "ids", "simulate", "replay"]
    for verb, *rest in tour:
        ended = cli(verb, *rest, *(["--replications", "1"] if verb == "simulate" else []))
        assert ended.code == (1 if verb == "check" else 0), ended.err
        if verb == "check":
            shown = re.findall(r"^ *(permit-stuck.*|how: .*)$", others, re.MULTILINE)
            assert len(shown) == 2
            for line in shown:
                assert line.removesuffix(" ...") in ended.out


def test_what_the_tour_requires_is_looked_for(cli, root, desk, others):
    (table,) = re.findall(r"```toml\n(.*?)```", others, re.DOTALL)
    (desk / "partners.toml").write_text("format = 1\n" + table, encoding="utf-8")
    drawing = (root / "tests" / "readme" / "permit-stuck.bpmn").read_text(encoding="utf-8")
    (desk / "merged.bpmn").write_text(drawing.replace("parallelGateway", "exclusiveGateway"), encoding="utf-8")
    ended = cli("check", "merged.bpmn", "--select", "required-before", "--json")
    assert ended.code == 1
    (finding,) = json.loads(ended.out)["findings"]
    assert finding["element"] == finding["witness"][-1] == "decide"
    assert "hear_neighbours" not in finding["witness"]
