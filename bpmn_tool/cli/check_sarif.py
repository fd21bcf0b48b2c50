"""Findings as SARIF 2.1.0 (OASIS), which GitHub, GitLab and editors show beside the line of the file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from bpmn_tool import __version__
from bpmn_tool.checks import RULES, Rule
from bpmn_tool.cli.console import plain
from bpmn_tool.errors import Location, Problem
from bpmn_tool.results.finding import Finding, Severity

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def sarif_text(findings: Sequence[Finding], problems: Sequence[Problem]) -> str:
    """One run with all findings: `problems` are why files could not be checked, and become notifications of the tool.

    What the file itself says to ignore is there as suppressed, with the reason.
    """
    known = {rule.name: rule for rule in RULES}
    names = list(dict.fromkeys(finding.rule for finding in findings))
    driver = {
        "name": "bpmn-tool",
        "semanticVersion": __version__,
        "rules": [_rule(name, known.get(name)) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not problems, "toolExecutionNotifications": [*map(_told, problems)]}],
        "results": [_result(finding, names.index(finding.rule)) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str, rule: Rule | None) -> dict[str, Any]:
    """A rule of ours that failed, or an ignore that fits nothing, has a name and no more."""
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": rule.why},
        "fullDescription": {"text": f"{rule.why} ({rule.whence})"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    place: dict[str, Any] = _physical(finding.location)
    if finding.element:
        place["logicalLocations"] = [{"name": plain(finding.element), "kind": "element"}]
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": plain(finding.message)},
        "locations": [place],
        "partialFingerprints": {"bpmnElement/v1": f"{finding.rule}:{finding.element}"},
    }
    if finding.ignored_because:
        result["suppressions"] = [{"kind": "inSource", "justification": plain(finding.ignored_because)}]
    return result


def _told(problem: Problem) -> dict[str, Any]:
    places: Iterable[dict[str, Any]] = [_physical(problem.location)] if problem.location.path else []
    return {"level": "error", "message": {"text": plain(problem.message)}, "locations": list(places)}


def _physical(place: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.path)}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    return {"physicalLocation": physical}


def _uri(path: str) -> str:
    """Relative paths stay so, since they are meant from the folder of the repository."""
    where = Path(path)
    return where.as_uri() if where.is_absolute() else quote(where.as_posix())
