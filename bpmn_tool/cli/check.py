"""``bpmn-tool check``: what is wrong with models, and where nobody is responsible."""

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from bpmn_tool.cli.check_groups import Asked, Group, files_of, groups_of, names, not_asked_sentence
from bpmn_tool.cli.console import emit_json, progress, safe, say, say_error, wants_json
from bpmn_tool.cli.failures import CANNOT_RUN, INTERRUPTED, as_object, line
from bpmn_tool.cli.findings import counts, show_findings
from bpmn_tool.cli.simulating import Jobs
from bpmn_tool.cli.source_lines import SourceLines
from bpmn_tool.errors import Problem
from bpmn_tool.messages import N_, _, format_number, ngettext
from bpmn_tool.results.finding import Finding, Severity

SHOWN: Final = 10
"""Findings shown on the terminal; the rest is counted."""

_PROFILE = N_(
    "Which set of rules: basic (the default: standard, soundness, roles, handoffs), public-authority (those about "
    "grounds, persons and data as well), or bpmnlint's correctness or recommended."
)
_REGISTER = N_(
    "The register of partners and roles; else [check] register in bpmn-tool.toml, else partners.toml near the models."
)
_BPMNLINTRC = N_("Settings of bpmnlint: its rules and severities, instead of a profile or on top of --profile.")


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
    bpmnlintrc: Annotated[Path | None, typer.Option(metavar="FILE", help=_(_BPMNLINTRC))] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Warnings count too: exit 1 where there are any."))
    ] = False,
    require_signed: Annotated[
        bool, typer.Option("--require-signed", help=_("Steps that their partner has not accepted as they are, too."))
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help=_("Show every finding, not only the first ten."))] = False,
    sarif: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help=_("Write the findings as SARIF 2.1.0 as well."))
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help=_("Write the findings as JUnit XML as well."))
    ] = None,
    jobs: Jobs = None,
) -> int:
    """Find what is wrong with models, and where nobody is responsible.

    Exit 0: no error (warnings and infos may be left); 1: an error, or with --strict a warning; 2: it cannot be checked,
    or not all of it.
    """
    from bpmn_tool.cli.checking import findings_of, read

    asked = Asked(
        select=names(select), ignore=names(ignore), profile=profile or "", register=register, bpmnlintrc=bpmnlintrc
    )
    groups = groups_of(files_of(paths), asked)
    with progress(2 * sum(len(group.files) for group in groups), _("Checking")) as advance:
        unread = read(groups, advance)
        every, stopped = findings_of(groups, advance, whole=not unread, jobs=jobs)
    if require_signed:
        from bpmn_tool.cli.require_signed import not_signed

        every += not_signed(groups)
    lines = SourceLines(model for group in groups for model in group.models)
    every = [replace(finding, location=lines.with_line(finding.location)) for finding in every]
    findings = [finding for finding in every if not finding.ignored_because]
    problems = (*unread, *([Problem(message=stopped)] if stopped else []))
    failing = {Severity.ERROR}
    if strict or any(group.settings.strict for group in groups):
        failing.add(Severity.WARNING)
    _write(sarif, junit, every, problems, groups, failing)
    if wants_json():
        errors = {"errors": [as_object(problem) for problem in problems]} if problems else {}
        emit_json("check", {**_document(every, groups), **errors})
    else:
        _print(findings, groups, lines, limit=len(findings) if everything else SHOWN)
        _say_what_does_not_count(len(every) - len(findings), groups)
        _say_what_was_not_checked(unread)
    sys.stdout.flush()
    for problem in unread:
        say_error(line(problem))
    if stopped:
        say_error(stopped)
        return INTERRUPTED
    if unread:
        return CANNOT_RUN
    return int(any(finding.severity in failing for finding in findings))


# -- how it is said


def _write(
    sarif: Path | None,
    junit: Path | None,
    every: Sequence[Finding],
    unread: Sequence[Problem],
    groups: Sequence[Group],
    failing: Collection[Severity],
) -> None:
    """The files that were asked for, before anything is printed: where one cannot be written, nothing is said."""
    from bpmn_tool.interchange.replace_file import replace_file

    if sarif is not None:
        from bpmn_tool.cli.check_sarif import sarif_text

        replace_file(sarif, sarif_text(every, unread).encode())
    if junit is not None:
        from bpmn_tool.cli.check_junit import findings_as_junit

        models = [model.path for group in groups for model in group.models]
        replace_file(junit, findings_as_junit(every, unread, models, failing, datetime.now(UTC)).encode())


def _document(every: Sequence[Finding], groups: Sequence[Group]) -> dict[str, object]:
    """The object that docs/cli.md promises."""
    findings = [finding for finding in every if not finding.ignored_because]
    return {
        "findings": [_row(finding) for finding in findings],
        "ignored": [{**_row(each), "because": each.ignored_because} for each in every if each.ignored_because],
        "counts": {severity.value: sum(f.severity is severity for f in findings) for severity in Severity},
        "models": [{"path": model.path, "register": group.register_path} for group in groups for model in group.models],
        "not_asked": list(dict.fromkeys(rule for group in groups for rule in group.not_asked)),
    }


def _row(finding: Finding) -> Mapping[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.location.path,
        "line": finding.location.line,
        "element": finding.element,
        "message": finding.message,
        "witness": finding.witness,
        "not_stated": finding.not_stated,
    }


def _print(findings: Sequence[Finding], groups: Sequence[Group], lines: SourceLines, *, limit: int) -> None:
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


def _say_what_does_not_count(ignored: int, groups: Sequence[Group]) -> None:
    if ignored:
        sentence = ngettext(
            "%(count)s more is ignored by the file itself (--json has it, with the reason).",
            "%(count)s more are ignored by the files themselves (--json has them, with the reasons).",
            ignored,
        )
        say(sentence % {"count": format_number(ignored)})
    if (not_asked := not_asked_sentence(groups)) is not None:
        say(safe(not_asked))


def _say_what_was_not_checked(unread: Sequence[Problem]) -> None:
    count = len({problem.location.path for problem in unread})
    if count:
        sentence = ngettext(
            "%(count)s file cannot be read and is not checked; what is asked of all models together is not asked.",
            "%(count)s files cannot be read and are not checked; what is asked of all models together is not asked.",
            count,
        )
        say(sentence % {"count": format_number(count)})
