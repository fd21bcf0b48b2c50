"""Findings as JUnit XML: a suite a model, a case a finding; those that make the exit code 1 have failed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bpmn_tool.cli.junit import CaseOfSuite, Suite, junit_text
from bpmn_tool.errors import Problem
from bpmn_tool.results.finding import Finding, Severity


def findings_as_junit(
    findings: Sequence[Finding],
    problems: Sequence[Problem],
    models: Sequence[str],
    failing: Collection[Severity],
    at: datetime,
) -> str:
    """`models` are the paths of those that were checked; one without a finding has a case that says so. What the file
    itself says to ignore is left out.
    """
    by_path: dict[str, list[CaseOfSuite]] = {path: [] for path in models}
    for finding in findings:
        if not finding.ignored_because:
            case = _of_finding(finding, failed=finding.severity in failing)
            by_path.setdefault(finding.location.path, []).append(case)
    for problem in problems:
        case = CaseOfSuite(name="read", place=problem.location.path, message=problem.message, text=str(problem))
        by_path.setdefault(problem.location.path, []).append(case)
    suites = [
        Suite(name=path or "bpmn-tool check", cases=cases or [CaseOfSuite(name="no findings", place=path)])
        for path, cases in by_path.items()
    ]
    return junit_text("bpmn-tool check", suites, at)


def _of_finding(finding: Finding, *, failed: bool) -> CaseOfSuite:
    name = f"{finding.severity.value} {finding.rule} {finding.element}".strip()
    shown = finding.message if failed else ""
    return CaseOfSuite(name=name, place=finding.location.path, message=shown, text=str(finding))
