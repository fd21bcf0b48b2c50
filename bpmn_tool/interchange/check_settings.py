"""What `check` is told by files: the ``[check]`` table of ``bpmn-tool.toml``, and which register belongs to a model.

The table, by example (every key may be left out; what is given on the command line goes before)::

    [check]
    register = "processes/partners.toml"   # from this file's folder, and below it
    profile = "basic"                      # or "public-authority"
    select = ["undefined-role"]            # only these rules
    ignore = ["unused-role"]               # not these
    strict = true                          # warnings count too: exit 1
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import Field

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import ROOT_FILE, inside, root_of
from bpmn_tool.interchange.toml_file import read_toml
from bpmn_tool.scenario.places import key_path
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.validate import read_table

REGISTER: Final = "partners.toml"
PROCESSES: Final = "processes"


class CheckTable(Table):
    """The ``[check]`` table as written; what is empty was not given."""

    register_: str = Field(default="", alias="register")
    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The settings of one project, from the file `path`; `register` with links resolved, None where it is not named."""

    path: str = ""
    register: Path | None = None
    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False


def read_check_settings(root: Path) -> CheckSettings:
    """The settings of a project's folder, nothing set where it has none. Raises InputError with all that is wrong."""
    file = root / ROOT_FILE
    if not file.is_file():
        return CheckSettings()
    shown = shown_path(file)
    raw = read_toml(file, shown=shown).get("check", {})
    if not isinstance(raw, dict):
        raise InputError(Problem(message="has to be a table", location=Location(path=shown, key="check")))
    try:
        table = read_table(CheckTable, raw, path=shown)
    except InputError as error:
        raise InputError(map(_below_check, error.problems)) from None
    return CheckSettings(
        path=shown,
        register=_register(root, table.register_, shown) if table.register_ else None,
        profile=table.profile,
        select=table.select,
        ignore=table.ignore,
        strict=table.strict,
    )


def _below_check(problem: Problem) -> Problem:
    key = f"check.{problem.location.key}" if problem.location.key else "check"
    return replace(problem, location=replace(problem.location, key=key))


def _register(root: Path, named: str, shown: str) -> Path:
    place = Location(path=shown, key=key_path(("check", "register")))
    try:
        path = inside(named, folder=root, root=root)
    except ValueError as error:
        raise InputError(Problem(message=str(error), location=place)) from None
    if not path.is_file():
        raise InputError(Problem(message=f"there is no file '{named}'", location=place))
    return path


def register_near(model: Path) -> Path | None:
    """The nearest ``partners.toml`` or ``processes/partners.toml`` above a model, up to the project's root.

    Without a project (no ``bpmn-tool.toml`` above) only its own folder and the one around it are looked at.
    """
    for folder in _folders(model):
        for candidate in (folder / REGISTER, folder / PROCESSES / REGISTER):
            if candidate.is_file():
                return candidate
    return None


def _folders(model: Path) -> Iterator[Path]:
    root, folder = root_of(model), model.resolve().parent
    if not (root / ROOT_FILE).is_file():
        yield from (folder, folder.parent)
        return
    while folder != root:
        yield folder
        folder = folder.parent
    yield root


def shown_path(path: Path) -> str:
    """As messages show it: from here where it lies below, else whole."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
