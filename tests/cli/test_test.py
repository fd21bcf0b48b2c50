"""``bpmn-tool test``."""

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

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


def test_junit_is_xml_with_a_case_a_story(cli: Cli, project: Path, tmp_path: Path) -> None:
    story = next(project.rglob("closed_no_action.toml"))
    story.with_name("other.toml").write_text(story.read_text().replace('ends = ["', 'ends = ["case_closed", "'))
    file = tmp_path / "junit.xml"
    cli("test", project, "--junit", file)
    suite = ET.fromstring(file.read_text())  # noqa: S314  our own
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.find("failure") is not None for case in suite] == [False, True]


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
