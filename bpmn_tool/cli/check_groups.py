"""Which files `check` is about, and with which settings: the models of a project that share a register are a group."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.checks import Choice
    from bpmn_tool.interchange.bpmnlintrc import Bpmnlintrc
    from bpmn_tool.interchange.check_settings import CheckSettings
    from bpmn_tool.model.elements import Model
    from bpmn_tool.register import Register

_ENDING: Final = ".bpmn"
_SKIPPED: Final = {"node_modules", "__pycache__"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line says; what is empty it does not."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = ""
    register: Path | None = None
    bpmnlintrc: Path | None = None


@dataclass(slots=True, kw_only=True)
class Group:
    """Models of one project that share a register; `not_asked` are rules of plug-ins that somebody wanted."""

    settings: "CheckSettings"
    register_path: str | None
    choice: "Choice"
    not_asked: tuple[str, ...] = ()
    files: list[Path] = field(default_factory=list)
    models: list["Model"] = field(default_factory=list)
    register: "Register | None" = None
    whole: bool = True  # no --select: what the project ignores in some files is ignored

    def choice_for(self, file: str) -> "Choice":
        """The rules for one file."""
        ignored = self.settings.ignores_in(Path(file)) if self.whole else frozenset()
        if not ignored:
            return self.choice
        return replace(self.choice, rules=tuple(rule for rule in self.choice.rules if rule.name not in ignored))


def names(texts: Iterable[str] | None) -> tuple[str, ...]:
    """Of an option that is repeatable and takes commas."""
    return tuple(name.strip() for text in texts or () for name in text.split(",") if name.strip())


def files_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Files as they are, each once, and every ``*.bpmn`` below folders. Raises InputError for paths without any."""
    found: dict[Path, None] = {}
    problems = []
    for path in paths:
        if path.is_dir():
            below = sorted(_below(path))
            found.update(dict.fromkeys(below))
            if not below:
                problems.append(Problem(message=f"holds no *{_ENDING} file", location=Location(path=str(path))))
        elif path.exists():
            found[path] = None
        else:
            problems.append(Problem(message="there is no such file or folder", location=Location(path=str(path))))
    if problems:
        raise InputError(problems)
    return tuple(found)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        yield from (Path(place, name) for name in files if name.lower().endswith(_ENDING))


def groups_of(files: Sequence[Path], asked: Asked) -> list[Group]:
    """What the command line asks for goes before the settings of a project. Raises InputError where either is wrong."""
    from bpmn_tool.interchange.check_settings import read_check_settings, register_near, shown_path
    from bpmn_tool.interchange.safe_paths import root_of

    chosen: dict[Path, tuple[CheckSettings, Choice, tuple[str, ...]]] = {}
    groups: dict[tuple[Path, str | None], Group] = {}
    for file in files:
        root = root_of(file)
        if root not in chosen:
            settings = read_check_settings(root)
            chosen[root] = (settings, *_choice(asked, settings))
        settings, choice, not_asked = chosen[root]
        register = settings.register or register_near(file)
        path = str(asked.register) if asked.register is not None else None if register is None else shown_path(register)
        if (root, path) not in groups:
            groups[root, path] = Group(
                settings=settings,
                register_path=path,
                choice=choice,
                not_asked=not_asked,
                whole=not asked.select,
            )
        groups[root, path].files.append(file)
    return list(groups.values())


def _choice(asked: Asked, settings: "CheckSettings") -> "tuple[Choice, tuple[str, ...]]":
    """The rules to ask, and those of plug-ins that cannot be."""
    from bpmn_tool.checks import BASIC, choose

    named = _bpmnlintrc(asked, settings)
    theirs = named.severities if named is not None else {}
    options: Mapping[str, Mapping[str, Any]] = named.options if named is not None else {}
    default = BASIC if named is None else None
    choose(select=asked.select, ignore=asked.ignore, profile=asked.profile or None)
    try:
        _ignored_in_files(settings)
        choose(
            select=settings.select,
            ignore=settings.ignore,
            profile=settings.profile or None,
            severities=settings.severities,
        )
    except InputError as error:
        place = Location(path=settings.path, key="check")
        raise InputError(replace(problem, location=place) for problem in error.problems) from None
    choice = choose(
        select=asked.select or settings.select,
        ignore=asked.ignore or (() if asked.select else settings.ignore),
        profile=asked.profile or settings.profile or default,
        severities={**theirs, **settings.severities},
        options=options,
    )
    return choice, named.plug_ins if named is not None else ()


def _ignored_in_files(settings: "CheckSettings") -> None:
    from bpmn_tool.checks import choose

    choose(ignore=dict.fromkeys(rule for rules in settings.ignore_in.values() for rule in rules))


def _bpmnlintrc(asked: Asked, settings: "CheckSettings") -> "Bpmnlintrc | None":
    from bpmn_tool.interchange.bpmnlintrc import read_bpmnlintrc
    from bpmn_tool.interchange.check_settings import shown_path

    if asked.bpmnlintrc is not None:
        return read_bpmnlintrc(asked.bpmnlintrc)
    if settings.bpmnlintrc is not None:
        return read_bpmnlintrc(settings.bpmnlintrc, shown=shown_path(settings.bpmnlintrc))
    return None


def not_asked_sentence(groups: Sequence[Group]) -> str | None:
    """What to say of rules of plug-ins; None where nobody wants any."""
    rules = dict.fromkeys(rule for group in groups for rule in group.not_asked)
    if not rules:
        return None
    return _("Not asked, since they are rules of plug-ins of bpmnlint: %(rules)s") % {"rules": ", ".join(rules)}
