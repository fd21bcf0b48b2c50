"""What `check` is told by files: the ``[check]`` table of ``bpmn-tool.toml``, and which register belongs to a model.

The table, by example (every key may be left out; what is given on the command line goes before)::

    [check]
    register = "processes/partners.toml"   # from this file's folder, and below it
    profile = "basic"                      # or another set of rules
    bpmnlintrc = ".bpmnlintrc"             # bpmnlint's own settings: its rules on top of the profile, or instead of it
    select = ["undefined-role"]            # only these rules
    ignore = ["unused-role"]               # not these
    strict = true                          # warnings count too: exit 1
    [check.severity]
    superfluous-gateway = "warning"        # a rule that is named here is asked too
    no-implicit-end = "off"                # ... but for this
    [check.ignore_in]
    "processes/old/*.bpmn" = ["dead-activity"]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import ROOT_FILE, inside, root_of
from bpmn_tool.interchange.toml_file import read_toml
from bpmn_tool.results.finding import Severity
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
    bpmnlintrc: str = ""
    severity: dict[str, Literal["error", "warning", "info", "off"]] = Field(default_factory=dict)
    ignore_in: dict[str, tuple[str, ...]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The settings of one project, from the file `path`; `register` with links resolved, None where it is not named."""

    path: str = ""
    register: Path | None = None
    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    severities: Mapping[str, Severity | None] = field(default_factory=dict)  # None: off
    ignore_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # pattern of a path below `root` -> rules
    bpmnlintrc: Path | None = None
    root: Path | None = None

    def ignores_in(self, file: Path) -> frozenset[str]:
        """The rules that are not asked about this file."""
        if not self.ignore_in or self.root is None or not file.resolve().is_relative_to(self.root):
            return frozenset()
        below = file.resolve().relative_to(self.root).as_posix()
        return frozenset(rule for glob, rules in self.ignore_in.items() if fnmatchcase(below, glob) for rule in rules)


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
        register=_file(root, table.register_, shown, "register"),
        bpmnlintrc=_file(root, table.bpmnlintrc, shown, "bpmnlintrc"),
        severities={rule: None if word == "off" else Severity(word) for rule, word in table.severity.items()},
        ignore_in=table.ignore_in,
        root=root,
        profile=table.profile,
        select=table.select,
        ignore=table.ignore,
        strict=table.strict,
    )


def _below_check(problem: Problem) -> Problem:
    key = f"check.{problem.location.key}" if problem.location.key else "check"
    return replace(problem, location=replace(problem.location, key=key))


def _file(root: Path, named: str, shown: str, key: str) -> Path | None:
    if not named:
        return None
    place = Location(path=shown, key=key_path(("check", key)))
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
