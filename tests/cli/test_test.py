"""``bpmn-tool test``."""

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_junit import is_in_shape
from tests.conftest import Ended

Cli = Callable[..., Ended]


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A copy of the as-is process with one story, to be changed."""
    shutil.copy(root / "bpmn-tool.toml", tmp_path)
    stories = tmp_path / "processes" / "stories" / "local_pcve"
    stories.mkdir(parents=True)
    (tmp_path / "processes" / "as_is").mkdir()
    shutil.copy(root / "processes" / "as_is" / "local_pcve.bpmn", tmp_path / "processes" / "as_is")
    shutil.copy(root / "processes" / "partners.toml", tmp_path / "processes")
    shutil.copy(root / "processes" / "stories" / "local_pcve" / "closed_no_action.toml", stories)
    return tmp_path


def test_the_stories_that_ship_pass_and_go_through_all_of_both_models(cli: Cli, root: Path) -> None:
    ended = cli("test", root / "processes", "--min-coverage", "100", "--json")
    told = json.loads(ended.out)
    assert [story for story in told["stories"] if not story["passed"]] == []
    assert ended.code == 0
    assert len(told["coverage"]) == 2
    assert len(told["stories"]) >= 6


def test_a_story_that_fails_exits_1_with_file_key_and_sentence(cli: Cli, project: Path) -> None:
    story = next(project.rglob("closed_no_action.toml"))
    story.write_text(story.read_text().replace('ends = ["', 'ends = ["case_closed", "'))
    ended = cli("test", project)
    assert ended.code == 1
    assert "closed_no_action.toml: expect.ends[0]: the case did not end at case_closed" in ended.out


def test_too_little_coverage_exits_1_and_names_what_no_story_goes_through(cli: Cli, project: Path) -> None:
    assert cli("test", project, "--min-coverage", "10").code == 0
    ended = cli("test", project, "--min-coverage", "90")
    assert (ended.code, "handed_to_police" in ended.out) == (1, True)


def broken(project: Path) -> Path:
    """A story that expects another end than there is, beside the one that passes."""
    story = next(project.rglob("closed_no_action.toml"))
    other = story.with_name("other.toml")
    other.write_text(story.read_text().replace('ends = ["', 'ends = ["case_closed", "'))
    return other


def test_junit_is_xml_with_a_case_a_story(cli: Cli, project: Path, tmp_path: Path) -> None:
    broken(project)
    file = tmp_path / "junit.xml"
    cli("test", project, "--junit", file)
    (suite,) = ET.fromstring(file.read_text())  # noqa: S314  our own
    assert is_in_shape(suite)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    cases = suite.findall("testcase")
    assert [case.find("failure") is not None for case in cases] == [False, True]
    assert "! " in (cases[1].findtext("failure") or "")
    figures = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert int(figures["coverage.city_process.nodes_covered"] or 0) > 5


def test_a_failed_story_shows_expected_happened_and_the_first_difference(cli: Cli, project: Path) -> None:
    broken(project)
    lines = cli("test", project).out.splitlines()
    assert "  Expected: the case ends at 'Case closed' (case_closed)" in lines
    assert any(line.startswith("  Happened: The case ended at") for line in lines)
    assert [line for line in lines if line.startswith("  !")] == ["  !  Case closed (case_closed): does not happen"]
    assert sum(line.startswith("  +") for line in lines) >= 5


def test_json_has_the_path_and_the_coverage_of_each_process(cli: Cli, project: Path) -> None:
    broken(project)
    told = json.loads(cli("test", project, "--json").out)
    passed, failed = sorted(told["stories"], key=lambda story: not story["passed"])
    assert "steps" not in passed
    assert [step["element"] for step in failed["steps"] if step["mark"] == "missing"] == ["case_closed"]
    assert failed["expected"]
    (model,) = told["coverage"]
    assert sum(process["nodes"] for process in model["processes"]) == model["nodes"]
    assert {"id", "name", "nodes_covered", "flows", "missed"} <= model["processes"][0].keys()


def test_coverage_is_drawn_with_what_no_story_goes_through(cli: Cli, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "coverage.svg"
    ended = cli("test", project, "--diagram", file)
    assert ended.code == 0
    text = file.read_text()
    assert text.count("no story goes through it") > 10
    assert text.count("a story goes through it") > 10
    titles = dict(re.findall(r'data-element="([^"]+)"[^>]*>\s*<title>([^<]*)</title>', text))
    assert titles["clarify_signal"].endswith("– a story goes through it")
    assert titles["first_talk"].endswith("no story goes through it")


def test_a_coverage_that_is_no_svg_is_refused(cli: Cli, project: Path) -> None:
    assert cli("test", project, "--diagram", "coverage.bmp").code == 2


def test_an_unknown_id_exits_2_with_its_key_and_the_nearest(cli: Cli, project: Path) -> None:
    story = next(project.rglob("closed_no_action.toml"))
    story.write_text(story.read_text().replace('do = "clarify_signal"', 'do = "clarify_signla"'))
    ended = cli("test", project)
    assert ended.code == 2
    assert "did you mean 'clarify_signal'?" in ended.err


def test_every_fault_of_every_file_is_told_at_once(cli: Cli, project: Path) -> None:
    folder = project / "processes" / "stories"
    (folder / "broken.toml").write_text("clock = ")
    (folder / "other.toml").write_text("clock = 2026-01-01T00:00:00Z\nnonsense = 1")
    ended = cli("test", project)
    assert (ended.code, "broken.toml" in ended.err, "nonsense" in ended.err) == (2, True, True)


@pytest.mark.parametrize("where", ["nowhere", "."])
def test_without_any_story_it_says_so(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("test", where).code == 2


def test_processes_stories_is_where_it_looks(cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert "1 story passed" in cli("test").out


def test_faults_that_no_story_notices_are_named(cli: Cli, project: Path) -> None:
    told = json.loads(cli("test", project, "--mutate", "--json").out)["mutants"]
    assert told["tried"] == told["found"] + len(told["survivors"])
    assert {"inform_police", "first_talk"} <= {each["element"] for each in told["survivors"]}
    assert "close_no_action" not in {each["element"] for each in told["survivors"]}


def test_a_survivor_is_named_with_its_place(cli: Cli, project: Path) -> None:
    told = json.loads(cli("test", project, "--mutate", "--json").out)["mutants"]
    survivor = told["survivors"][0]
    assert survivor["path"].endswith("local_pcve.bpmn")
    assert survivor["line"] > 1
    assert told["all"] >= told["tried"]
    assert not told["stopped"]


def test_control_c_keeps_the_faults_that_were_tried(cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bpmn_tool.execution import mutation

    real, asked = mutation.is_found, []

    def stopping(*arguments: object) -> object:
        asked.append(1)
        if len(asked) > 40:
            raise KeyboardInterrupt
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(mutation, "is_found", stopping)
    ended = cli("test", project, "--mutate", "--json")
    told = json.loads(ended.out)["mutants"]
    assert (ended.code, told["stopped"], 0 < told["tried"] <= 40) == (130, True, True)
    assert "there are" in ended.err
