"""What import-linter and ruff cannot hold; the layers themselves are contracts in pyproject.toml."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

import bpmn_tool

PACKAGE = Path(bpmn_tool.__file__).parent
SOURCES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
RUNS_TEXT_AS_CODE = {"eval", "exec", "compile", "__import__"}
UNSAFE_FORMATS = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}
ENDS_THE_PROGRAM = {"exit", "quit", "_exit", "abort"}


@cache
def tree(source: str) -> ast.Module:
    return ast.parse(SOURCES[source].read_bytes())


def imported(nodes) -> set[str]:
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def called(source: str) -> set[str]:
    """Names of plain calls; ``re.compile`` is not ``compile``."""
    calls = [node.func for node in ast.walk(tree(source)) if isinstance(node, ast.Call)]
    return {function.id for function in calls if isinstance(function, ast.Name)}


@pytest.mark.parametrize("source", SOURCES)
def test_no_text_is_run_as_code(source):
    assert called(source) & RUNS_TEXT_AS_CODE == set()


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_unpickled(source):
    assert imported(ast.walk(tree(source))) & UNSAFE_FORMATS == set()


@pytest.mark.parametrize("source", [source for source in SOURCES if source != "cli/frame.py"])
def test_modules_are_not_imported_by_a_name_from_a_file(source):
    assert "import_module" not in called(source)


@pytest.mark.parametrize("source", [source for source in SOURCES if not source.startswith(("cli/", "__main__"))])
def test_only_the_command_line_ends_the_program(source):
    left = {
        node.func.attr
        for node in ast.walk(tree(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"sys", "os"}
    }
    assert left & ENDS_THE_PROGRAM == set()


def test_networkx_is_imported_only_when_a_graph_is_asked_for():
    at_import = {source for source in SOURCES if "networkx" in imported(tree(source).body)}
    assert at_import == set()


@pytest.mark.parametrize("source", [source for source in SOURCES if source.startswith("cli/")])
def test_a_verb_imports_nothing_heavy_before_it_is_called(source):
    third_party = imported(tree(source).body) - sys.stdlib_module_names
    assert third_party <= {"typer", "bpmn_tool"}
