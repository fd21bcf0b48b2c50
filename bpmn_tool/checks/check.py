"""Rules asked about models; what they yield becomes findings with a place."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from bpmn_tool.checks.asking import found, merged
from bpmn_tool.checks.rule import Checked, Rule
from bpmn_tool.checks.rules import GAPS, RULES
from bpmn_tool.errors import InputError, Problem
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Finding

BASIC: Final = "basic"
PUBLIC_AUTHORITY: Final = "public-authority"
PROFILES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {BASIC: tuple(rule for rule in RULES if rule not in GAPS), PUBLIC_AUTHORITY: RULES}
)
"""The rules of each profile. `basic`: the standard, soundness, roles and handoffs; `public-authority`: all."""


def check(
    model: Model,
    register: Register | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = BASIC,
) -> tuple[Finding, ...]:
    """All that the rules say of one model, in order of file and line; rules about a set of models are left out.

    `select`: only these rules (all of the profile if none is named); `ignore`: not these.
    Raises InputError for a rule or profile that there is not.
    """
    rules = [rule for rule in chosen(select, ignore, profile) if not rule.once]
    return in_order(merged(found(rules, Checked(models=(model,), register=register))))


def check_all(
    models: Sequence[Model],
    register: Register | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = BASIC,
) -> tuple[Finding, ...]:
    """As :func:`check`, for models that share a register; rules about the whole set are asked once."""
    rules = chosen(select, ignore, profile)
    single = [rule for rule in rules if not rule.once]
    findings = [each for model in models for each in merged(found(single, Checked(models=(model,), register=register)))]
    return in_order((*findings, *_together(rules, models, register)))


def check_together(
    models: Sequence[Model],
    register: Register | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = BASIC,
) -> tuple[Finding, ...]:
    """What the rules about the whole set say of models that share a register, and nothing else."""
    return in_order(_together(chosen(select, ignore, profile), models, register))


def _together(rules: Iterable[Rule], models: Sequence[Model], register: Register | None) -> Iterable[Finding]:
    return (
        found([rule for rule in rules if rule.once], Checked(models=tuple(models), register=register)) if models else ()
    )


def chosen(select: Iterable[str], ignore: Iterable[str], profile: str) -> tuple[Rule, ...]:
    """The rules to ask. Raises InputError with every name that is none."""
    selected, ignored = tuple(select), tuple(ignore)
    known = tuple(rule.name for rule in RULES)
    problems = [
        Problem(message=f"there is no rule '{name}'{_nearest(name, known)}")
        for name in dict.fromkeys((*selected, *ignored))
        if name not in known
    ]
    if profile not in PROFILES:
        problems.append(Problem(message=f"there is no profile '{profile}'; there is {', '.join(PROFILES)}"))
    if problems:
        raise InputError(problems)
    rules = tuple(rule for rule in RULES if rule.name in selected) if selected else PROFILES[profile]
    return tuple(rule for rule in rules if rule.name not in ignored)


def _nearest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; there is {', '.join(known)}"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By file and line; at one place in order of the rules, and of one rule as it yields."""
    order = {rule.name: number for number, rule in enumerate(RULES)}

    def key(finding: Finding) -> tuple[str, int, int]:
        place = finding.location
        return (place.path, place.line or 0, order.get(finding.rule, len(order)))

    return tuple(sorted(findings, key=key))
