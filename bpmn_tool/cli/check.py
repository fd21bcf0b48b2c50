"""``bpmn-tool check``: what is wrong with models, and where nobody is responsible."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bpmn_tool.cli.console import Advance, emit_json, progress, safe, say, say_error, wants_json
from bpmn_tool.cli.failures import CANNOT_RUN, INTERRUPTED, as_object, line
from bpmn_tool.cli.findings import counts, show_findings
from bpmn_tool.cli.source_lines import SourceLines
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import N_, _, format_number, ngettext
from bpmn_tool.results.finding import Finding, Severity

if TYPE_CHECKING:
    from bpmn_tool.interchange.check_settings import CheckSettings
    from bpmn_tool.model.elements import Model
    from bpmn_tool.register import Register

SHOWN: Final = 10
"""Findings shown on the terminal; the rest is counted."""
_ENDING = ".bpmn"
_SKIPPED = {"node_modules", "__pycache__"}

_PROFILE = N_(
    "Which set of rules: basic (the default: standard, soundness, roles, handoffs), or public-authority (those about "
    "grounds, persons and data as well)."
)
_REGISTER = N_(
    "The register of partners and roles; else [check] register in bpmn-tool.toml, else partners.toml near the models."
)


def command(
    paths: Annotated[list[Path], typer.Argument(help=_("BPMN files, or folders with them."), metavar="PATH...")],
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help=_("Only this rule; repeatable, or with commas."))
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help=_("Not this rule; repeatable, or with commas."))
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help=_(_PROFILE))] = None,
    register: Annotated[Path | None, typer.Option(metavar="FILE", help=_(_REGISTER))] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Warnings count too: exit 1 where there are any."))
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help=_("Show every finding, not only the first ten."))] = False,
) -> int:
    """Find what is wrong with models, and where nobody is responsible.

    Exit 0: no error (warnings and infos may be left); 1: an error, or with --strict a warning; 2: it cannot be checked,
    or not all of it.
    """
    asked = _Rules(select=_split(select), ignore=_split(ignore), profile=profile or "")
    groups = _groups(tuple(_files(paths)), asked, register)
    with progress(2 * sum(len(group.files) for group in groups), _("Checking")) as advance:
        unread = _read(groups, advance)
        findings, stopped = _findings(groups, advance, whole=not unread)
    lines = SourceLines(model for group in groups for model in group.models)
    findings = [replace(finding, location=lines.with_line(finding.location)) for finding in findings]
    if wants_json():
        problems = (*unread, *([Problem(message=stopped)] if stopped else []))
        errors = {"errors": [as_object(problem) for problem in problems]} if problems else {}
        emit_json("check", {**_document(findings, groups), **errors})
    else:
        _print(findings, groups, lines, limit=len(findings) if everything else SHOWN)
        _say_what_was_not_checked(unread)
    sys.stdout.flush()
    for problem in unread:
        say_error(line(problem))
    if stopped:
        say_error(stopped)
        return INTERRUPTED
    if unread:
        return CANNOT_RUN
    counted = {Severity.ERROR}
    if strict or any(group.settings.strict for group in groups):
        counted.add(Severity.WARNING)
    return int(any(finding.severity in counted for finding in findings))


# -- which files, with which settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """Which rules to ask; what is empty was not said."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    profile: str


@dataclass(slots=True, kw_only=True)
class _Group:
    """Models of one project that share a register."""

    settings: "CheckSettings"
    register_path: str | None
    rules: _Rules
    files: list[Path] = field(default_factory=list)
    models: list["Model"] = field(default_factory=list)
    register: "Register | None" = None


def _split(names: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for text in names or () for name in text.split(",") if name.strip())


def _files(paths: Iterable[Path]) -> Iterator[Path]:
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
    yield from found


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        yield from (Path(place, name) for name in files if name.lower().endswith(_ENDING))


def _groups(files: Sequence[Path], asked: _Rules, named: Path | None) -> list[_Group]:
    """`asked` and the `named` register are those of the command line; they go before the settings of a project."""
    from bpmn_tool.interchange.check_settings import read_check_settings, register_near, shown_path
    from bpmn_tool.interchange.safe_paths import root_of

    settings_of: dict[Path, CheckSettings] = {}
    groups: dict[tuple[Path, str | None], _Group] = {}
    for file in files:
        root = root_of(file)
        if root not in settings_of:
            settings_of[root] = read_check_settings(root)
        settings = settings_of[root]
        register = settings.register or register_near(file)
        path = str(named) if named is not None else None if register is None else shown_path(register)
        if (root, path) not in groups:
            groups[root, path] = _Group(settings=settings, register_path=path, rules=_rules(asked, settings))
        groups[root, path].files.append(file)
    return list(groups.values())


def _rules(asked: _Rules, settings: "CheckSettings") -> _Rules:
    """What the command line asks for, else what the project says. Raises InputError for rules that there are not."""
    from bpmn_tool.checks import BASIC, chosen

    profile = settings.profile or BASIC
    chosen(asked.select, asked.ignore, asked.profile or BASIC)
    try:
        chosen(settings.select, settings.ignore, profile)
    except InputError as error:
        place = Location(path=settings.path, key="check")
        raise InputError(replace(problem, location=place) for problem in error.problems) from None
    return _Rules(
        select=asked.select or settings.select,
        ignore=asked.ignore or (() if asked.select else settings.ignore),
        profile=asked.profile or profile,
    )


def _read(groups: Sequence[_Group], advance: Advance) -> list[Problem]:
    """Reads registers and models, and returns the problems of the models that cannot be read.

    Raises one InputError with the problems of all files where a register, or every model, cannot be read.
    """
    from bpmn_tool.interchange.bpmn_xml import read_model
    from bpmn_tool.interchange.register_toml import read_register

    problems: list[Problem] = []
    registers_are_read = True
    for group in groups:
        try:
            group.register = None if group.register_path is None else read_register(group.register_path)
        except InputError as error:
            problems += error.problems
            registers_are_read = False
        for file in group.files:
            try:
                group.models.append(read_model(file))
            except InputError as error:
                problems += error.problems
            except OSError as error:
                problems.append(Problem(message=error.strerror or str(error), location=Location(path=str(file))))
            advance()
    problems = list(dict.fromkeys(problems))
    if problems and not (registers_are_read and any(group.models for group in groups)):
        raise InputError(problems)
    return problems


def _findings(groups: Sequence[_Group], advance: Advance, *, whole: bool) -> tuple[list[Finding], str]:
    """Those of each model, and those of all models together if these are the `whole`.

    Where the user stops it, those of the models that were checked until then, and what to say of it; only these are
    left in the groups. Raises KeyboardInterrupt where there are none.
    """
    from bpmn_tool.checks import check, check_together, in_order

    found: list[list[Finding]] = [[] for _group in groups]
    checked = [0 for _group in groups]
    stopped = ""
    try:
        for number, group in enumerate(groups):
            rules = group.rules
            for model in group.models:
                found[number] += check(
                    model, group.register, select=rules.select, ignore=rules.ignore, profile=rules.profile
                )
                checked[number] += 1
                advance()
            if whole:
                found[number] += check_together(
                    group.models, group.register, select=rules.select, ignore=rules.ignore, profile=rules.profile
                )
    except KeyboardInterrupt:
        if not any(checked):
            raise
        stopped = _stopped(sum(checked), sum(len(group.models) for group in groups))
        for group, done in zip(groups, checked, strict=True):
            del group.models[done:]
    return [finding for of_group in found for finding in in_order(of_group)], stopped


def _stopped(done: int, models: int) -> str:
    sentence = _("Stopped; %(done)s of %(models)s models were checked, and the findings are those of these.")
    return sentence % {"done": format_number(done), "models": format_number(models)}


# -- how it is said


def _document(findings: Sequence[Finding], groups: Sequence[_Group]) -> dict[str, object]:
    """The object that docs/cli.md promises."""
    return {
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "path": finding.location.path,
                "line": finding.location.line,
                "element": finding.element,
                "message": finding.message,
                "witness": finding.witness,
                "not_stated": finding.not_stated,
            }
            for finding in findings
        ],
        "counts": {severity.value: sum(f.severity is severity for f in findings) for severity in Severity},
        "models": [{"path": model.path, "register": group.register_path} for group in groups for model in group.models],
    }


def _print(findings: Sequence[Finding], groups: Sequence[_Group], lines: SourceLines, *, limit: int) -> None:
    show_findings(findings, lines, limit=limit)
    models = sum(len(group.models) for group in groups)
    checked = ngettext("%(count)s model checked: %(findings)s", "%(count)s models checked: %(findings)s", models)
    say(safe(checked % {"count": format_number(models), "findings": counts(findings)}))
    undecided = len({finding.location.path for finding in findings if finding.rule == "soundness-not-decided"})
    if undecided:
        sentence = ngettext(
            "Of %(count)s model it is not decided whether it is sound (soundness-not-decided says why).",
            "Of %(count)s models it is not decided whether they are sound (soundness-not-decided says why).",
            undecided,
        )
        say(sentence % {"count": format_number(undecided)})
    for path in dict.fromkeys(group.register_path for group in groups):
        if path is None:
            say(_("No register found: the name of any lane counts as a role. --register FILE names one."))
        else:
            say(safe(_("Register: %(path)s") % {"path": path}))


def _say_what_was_not_checked(unread: Sequence[Problem]) -> None:
    count = len({problem.location.path for problem in unread})
    if count:
        sentence = ngettext(
            "%(count)s file cannot be read and is not checked; what is asked of all models together is not asked.",
            "%(count)s files cannot be read and are not checked; what is asked of all models together is not asked.",
            count,
        )
        say(sentence % {"count": format_number(count)})
