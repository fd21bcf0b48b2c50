"""One rule asked about models: what it yields becomes findings with a place, and a rule that fails is one as well."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.errors import Location
from bpmn_tool.messages import _
from bpmn_tool.results.finding import Finding, Severity

RULE_CRASHED: Final = "rule-crashed"
"""Stands for the rule's name where a rule failed; it can be neither selected nor ignored."""


def found(rules: Iterable[Rule], checked: Checked) -> Iterator[Finding]:
    """All that these rules say, rule by rule as each yields."""
    for rule in rules:
        try:
            for violation in rule.find(checked):
                yield _finding(rule, Violation(*violation), checked)
        except Exception as failure:  # noqa: BLE001  one broken rule must not silence the others
            yield _crashed(rule, failure, checked)


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Of rules that miss the same fact in the same file only the first says so, and names the others."""
    kept: dict[tuple[str, str], Finding] = {}
    others: dict[tuple[str, str], list[str]] = {}
    all_ = list(findings)
    for finding in all_:
        if finding.not_stated:
            key = (finding.location.path, finding.message)
            if kept.setdefault(key, finding) is not finding and finding.rule != kept[key].rule:
                others.setdefault(key, []).append(finding.rule)
    for finding in all_:
        key = (finding.location.path, finding.message)
        if not finding.not_stated or (kept[key] is finding and key not in others):
            yield finding
        elif kept[key] is finding:
            message = _("%(message)s (asked for by %(rules)s as well)")
            values = {"message": finding.message, "rules": ", ".join(dict.fromkeys(others[key]))}
            yield replace(finding, message=message % values)


def _finding(rule: Rule, violation: Violation, checked: Checked) -> Finding:
    return Finding(
        rule=rule.name,
        severity=violation.severity or rule.severity,
        message=violation.message,
        element=violation.element,
        location=violation.location or _location(violation.element, checked),
        witness=violation.witness,
        not_stated=violation.not_stated,
    )


def _location(element_id: str, checked: Checked) -> Location:
    for model in checked.models:
        if (element := model.get(element_id)) is not None:
            return element.location
    return Location(path=checked.models[0].path)


def _crashed(rule: Rule, failure: Exception, checked: Checked) -> Finding:
    values = {"rule": rule.name, "failure": f"{type(failure).__name__}: {failure}"}
    return Finding(
        rule=RULE_CRASHED,
        severity=Severity.ERROR,
        message=_("the rule '%(rule)s' failed (%(failure)s): a fault of ours; please report it, the other rules ran")
        % values,
        location=Location(path=checked.models[0].path),
    )
