"""Rules asked about models; what they yield becomes findings with a place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bpmn_tool.checks.asking import found, merged
from bpmn_tool.checks.choice import BASIC, Choice, choose
from bpmn_tool.checks.ignored import in_the_file
from bpmn_tool.checks.rule import Checked, Rule
from bpmn_tool.checks.rules import RULES
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Finding


def check(
    model: Model,
    register: Register | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = BASIC,
) -> tuple[Finding, ...]:
    """All that the rules say of one model, in order of file and line; rules about a set of models are left out, and so
    is what the file itself says to ignore.

    `select`: only these rules (all of the profile if none is named); `ignore`: not these.
    Raises InputError for a rule or profile that there is not.
    """
    return _counted(check_model(model, register, choose(select=select, ignore=ignore, profile=profile)))


def check_all(
    models: Sequence[Model],
    register: Register | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = BASIC,
) -> tuple[Finding, ...]:
    """As :func:`check`, for models that share a register; rules about the whole set are asked once."""
    choice = choose(select=select, ignore=ignore, profile=profile)
    findings = [each for model in models for each in check_model(model, register, choice)]
    return _counted((*findings, *check_together(models, register, choice)))


def check_model(model: Model, register: Register | None, choice: Choice) -> list[Finding]:
    """What the chosen rules say of one model, also what its file says to ignore (marked so)."""
    rules = [rule for rule in choice.rules if not rule.once]
    findings = merged(found(rules, Checked(models=(model,), register=register, options=choice.options)))
    return in_the_file(model, rules, _graded(findings, choice))


def check_together(models: Sequence[Model], register: Register | None, choice: Choice) -> list[Finding]:
    """What the chosen rules about a whole set say of models that share a register, and nothing else."""
    rules: list[Rule] = [rule for rule in choice.rules if rule.once] if models else []
    checked = Checked(models=tuple(models), register=register, options=choice.options)
    return list(_graded(found(rules, checked), choice))


def _graded(findings: Iterable[Finding], choice: Choice) -> Iterable[Finding]:
    for finding in findings:
        severity = choice.severities.get(finding.rule, finding.severity)
        yield finding if severity is finding.severity else replace(finding, severity=severity)


def _counted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return in_order(finding for finding in findings if not finding.ignored_because)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By file and line; at one place in order of the rules, and of one rule as it yields."""
    order = {rule.name: number for number, rule in enumerate(RULES)}

    def key(finding: Finding) -> tuple[str, int, int]:
        place = finding.location
        return (place.path, place.line or 0, order.get(finding.rule, len(order)))

    return tuple(sorted(findings, key=key))
