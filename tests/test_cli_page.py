"""docs/cli.md says what the command line takes and gives: its verbs and options, its commands as they stand there, and
the keys of their JSON.
"""

import json
import re
import shlex
import shutil
from collections.abc import Iterator

import pytest

from bpmn_tool.cli.commands import COMMANDS
from tests.test_readme import SECTION, fill_in

VERBS = [row.verb for row in COMMANDS]
COMMON = {"--json", "--lang", "--help"}
SIMULATING = {"study", "simulate", "compare", "bottlenecks"}
MORE = "..."


@pytest.fixture(scope="module")
def page() -> str:
    from tests.conftest import ROOT

    return (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.fixture
def sections(page):
    """Verb -> what stands below its heading."""
    parts = re.split(r"^## (\S+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture
def desk(root, tmp_path, monkeypatch, cli):
    """A folder with the README's drawings, after its ten minutes."""
    for path in (root / "tests" / "readme").glob("*.bpmn"):
        shutil.copy(path, tmp_path)
    shutil.copytree(root / "tests" / "readme" / "partners", tmp_path / "partners")
    monkeypatch.chdir(tmp_path)
    section = (root / "README.md").read_text(encoding="utf-8").split(SECTION)[1].split("\n## ")[0]
    (answers,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    assert cli("init", "permit.bpmn", "-o", "permit").code == 0
    scenario = tmp_path / "permit" / "permit.toml"
    fill_in(scenario, re.sub(r"^   ", "", answers, flags=re.MULTILINE))
    year = scenario.read_text(encoding="utf-8")
    assert 'horizon = "P1Y"' in year
    scenario.write_text(year.replace('horizon = "P1Y"', 'horizon = "P8W"'), encoding="utf-8")  # the same keys, sooner


def options_of(help_text: str) -> set[str]:
    """The long options that a help text lists."""
    return set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", help_text.split("\nOptions:\n")[1], re.MULTILINE))


def options_on(section: str) -> set[str]:
    """The long options in the first column of the tables of a section."""
    cells = re.findall(r"^\| (`-.*?) \| ", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"(?<=`)--[a-z-]+", cell)}


def test_each_verb_has_its_section_in_the_order_of_the_work(sections):
    assert list(sections) == VERBS


def test_the_list_at_the_top_has_each_verb(page):
    assert re.findall(r"^\| \[`(\w+)`\]\(#\w+\) \|", page, re.MULTILINE) == VERBS


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.verb)
def test_the_options_of_a_verb_are_those_of_its_help(cli, sections, row):
    calls: list[tuple[str, ...]] = [(row.verb, action.verb) for action in row.actions] or [(row.verb,)]
    options = set().union(*(options_of(cli(*call, "--help").out) for call in calls))
    assert options_on(sections[row.verb]) == options - COMMON


@pytest.mark.parametrize("row", [row for row in COMMANDS if row.actions], ids=lambda row: row.verb)
def test_the_actions_of_a_verb_are_on_the_page(sections, row):
    assert re.findall(r"^\| `(\w+)", sections[row.verb], re.MULTILINE) == [action.verb for action in row.actions]


def test_the_options_of_all_verbs_are_on_the_page(page):
    assert options_on(page.split("## For all verbs")[1].split("\n## ")[0]) == COMMON


def test_without_a_verb_there_are_the_language_the_version_and_help(cli):
    assert options_of(cli("--help").out.split("\nCommands:")[0]) == {"--lang", "--version", "--help"}


def blocks(page: str) -> Iterator[tuple[str, int, str | None]]:
    """Command lines with their exit code, and the JSON that stands below the last of a block."""
    for commands, shown in re.findall(r"```console\n(.*?)```\n(?:```json\n(.*?)```)?", page, re.DOTALL):
        *others, last = commands.splitlines()
        for line in (*others, last):
            command, _, code = line.removeprefix("$ bpmn-tool ").partition("  # exit ")
            yield command, int(code or 0), shown if line == last else None


def differences(shown: object, given: object, where: str = "$") -> list[str]:
    """Where what is shown has other keys than what is given, or another kind of value."""
    match shown, given:
        case dict(), dict():
            missing = [f"{where}.{key} is not given" for key in shown.keys() - given.keys() - {MORE}]
            untold = [] if MORE in shown else [f"{where}.{key} is not shown" for key in given.keys() - shown.keys()]
            inside = (differences(shown[key], given[key], f"{where}.{key}") for key in shown.keys() & given.keys())
            return [*missing, *untold, *(each for found in inside for each in found)]
        case [first, *_], [*found]:
            return differences(first, found[0], f"{where}[0]") if found else []
        case [], [_, *_]:
            return [f"{where} is not empty"]
        case (None, _) | (_, None) | ([], []):
            return []
        case (bool(), bool()) | (str(), str()):
            return []
        case (int() | float(), int() | float()):
            return []
    return [f"{where}: {shown!r} is shown, {given!r} is given"]


def test_each_command_ends_as_the_page_says_and_gives_the_keys_that_it_shows(cli, desk, page):
    run: set[str] = set()
    shown_of: set[str] = set()
    for command, code, shown in blocks(page):
        verb, *words = shlex.split(command)
        ended = cli(verb, *words, *(["--jobs", "1"] if verb in SIMULATING else []))
        assert ended.code == code, f"{command}: {ended.err}"
        run.add(verb)
        if shown is not None:
            assert differences(json.loads(shown), json.loads(ended.out)) == [], command
            shown_of.add(verb)
    assert run == shown_of == set(VERBS)


WRONG = [
    ({"a": 1}, {}),
    ({}, {"a": 1}),
    ({"a": 1}, {"a": "1"}),
    ([{"a": 1}], [{"b": 1}]),
    ([], [1]),
    ({"a": {}}, {"a": 1}),
]


@pytest.mark.parametrize(("shown", "given"), WRONG)
def test_a_wrong_example_is_noticed(shown, given):
    assert differences(shown, given)
