"""What is said in several places is said alike, and what is locked is all that is wanted."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": (), "requirements-test.lock": ("test",)}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def distribution(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ ]", requirement)[0].lower().replace("_", "-")


def locked(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^ ]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_the_lock_holds_all_that_is_asked_for(lock, extras):
    table = project()
    wanted = [*table["project"]["dependencies"], *table["dependency-groups"]["build"]]
    for extra in extras:
        wanted += table["project"]["optional-dependencies"][extra]
    assert {distribution(requirement) for requirement in wanted} <= locked(lock).keys()


def test_tests_run_on_the_versions_that_are_shipped():
    assert locked("requirements.lock").items() <= locked("requirements-test.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_a_hash(lock):
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert " /" not in text


def test_every_package_that_is_imported_is_asked_for():
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "bpmn_tool").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        for name in names(node)
    }
    told = project()["project"]
    extras = [each for name, needs in told["optional-dependencies"].items() if name != "test" for each in needs]
    wanted = {distribution(requirement) for requirement in [*told["dependencies"], *extras]}
    providers = packages_distributions()
    missing = {
        name
        for name in imported - sys.stdlib_module_names - {"bpmn_tool"}
        if not wanted & {distribution(provider) for provider in providers.get(name, [])}
    }
    assert missing == set()


def names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(level=0):
            return [node.module or ""]
        case _:
            return []


def test_the_licence_is_the_one_that_is_named():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert project()["project"]["license"] == "EUPL-1.2"
    assert "\n  license: EUPL-1.2\n" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")


def test_no_file_names_a_place_on_somebodys_machine():
    """Sources are read anywhere: no home folder, no folder of a build machine."""
    folders = re.compile(rb"(?<![\w.])/(?:home|Users|work|root|opt|tmp)/\w")
    sources = [
        path for folder in ("bpmn_tool", "processes", "simulations", "docs") for path in (ROOT / folder).rglob("*")
    ]
    assert [
        path
        for path in sources
        if path.is_file() and path.parent.name != "__pycache__" and folders.search(path.read_bytes())
    ] == []


def test_a_wheel_holds_the_study_that_ships_and_the_translations(tmp_path):
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    shipped = {
        path.relative_to(ROOT).as_posix()
        for folder in ("processes", "simulations")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".bpmn", ".toml"}
    }
    assert {f"bpmn_tool/shipped/{name}" for name in (*shipped, "bpmn-tool.toml")} <= names
    assert "bpmn_tool/locale/nl/LC_MESSAGES/bpmn_tool.mo" in names
    assert not {name for name in names if name.startswith(("tests/", "docs/", "processes/"))}
