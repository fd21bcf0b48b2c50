"""What a file says to ignore: ``<tool:ignore rule="..." because="..."/>`` on the element that a finding is about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from bpmn_tool.checks.rule import Rule
from bpmn_tool.checks.rules import RULES
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model
from bpmn_tool.results.finding import Finding, Severity

IGNORES_NOTHING: Final = "ignores-nothing"
"""Stands for the rule's name where an element tells a rule to be quiet that says nothing of it; not to be ignored."""


def in_the_file(model: Model, asked: Sequence[Rule], findings: Iterable[Finding]) -> list[Finding]:
    """The findings, with the reason on those that are to be ignored, and one for each ignore that fits none of them."""
    used: set[tuple[str, str]] = set()
    marked = []
    for finding in findings:
        element = model.get(finding.element)
        because = element.statement.ignored.get(finding.rule, "") if element is not None else ""
        if because:
            used.add((finding.element, finding.rule))
        marked.append(replace(finding, ignored_because=because) if because else finding)
    return [*marked, *_unused(model, {rule.name for rule in asked}, used)]


def _unused(model: Model, asked: set[str], used: set[tuple[str, str]]) -> Iterator[Finding]:
    known = {rule.name for rule in RULES}
    for element in model.elements():
        for rule in element.statement.ignored:
            if rule not in known:
                message = _("'%(name)s' is to ignore the rule '%(rule)s', which there is not")
            elif rule in asked and (element.id, rule) not in used:
                message = _("'%(name)s' is to ignore the rule '%(rule)s', which finds nothing there: take it out")
            else:
                continue
            yield Finding(
                rule=IGNORES_NOTHING,
                severity=Severity.WARNING,
                message=message % {"name": element.label, "rule": rule},
                element=element.id,
                location=element.location,
            )
