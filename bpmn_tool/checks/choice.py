"""Which rules are asked, and how much what they find weighs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from bpmn_tool.checks.bpmnlint import SETS
from bpmn_tool.checks.rule import Rule
from bpmn_tool.checks.rules import GAPS, RULES, STYLE
from bpmn_tool.errors import InputError, Problem
from bpmn_tool.results.finding import Severity

BASIC: Final = "basic"
PUBLIC_AUTHORITY: Final = "public-authority"
PROFILES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        BASIC: tuple(rule for rule in RULES if rule not in GAPS and rule not in STYLE),
        PUBLIC_AUTHORITY: tuple(rule for rule in RULES if rule not in STYLE),
        **{name: tuple(rule for rule in RULES if rule.name in set_) for name, set_ in SETS.items() if name != "all"},
    }
)
"""The rules of each profile. `basic`: the standard, soundness, roles and handoffs; `public-authority`: also the gaps;
`correctness` and `recommended`: bpmnlint's sets, with its severities.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`severities` are those that are not the rules' own, `options` of rules that take any; both by name."""

    rules: tuple[Rule, ...]
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))


def choose(
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str | None = BASIC,
    severities: Mapping[str, Severity | None] = MappingProxyType({}),
    options: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Choice:
    """Only `select` if anything is named there, else the rules of the profile (none for None) and those that have a
    severity; not those of `ignore` or without one (None). Raises InputError with every name that is none.
    """
    selected, ignored = tuple(select), tuple(ignore)
    _refuse_unknown((*selected, *ignored, *severities), profile)
    of_profile = {rule.name for rule in PROFILES[profile]} if profile is not None else set()
    on = {name for name, severity in severities.items() if severity is not None}
    off = severities.keys() - on
    wanted = set(selected) if selected else (of_profile | on) - off
    known = RULES if profile is None else (*RULES, *(rule for rule in PROFILES[profile] if rule not in RULES))
    return Choice(
        rules=tuple(rule for rule in known if rule.name in wanted and rule.name not in ignored),
        severities={**SETS.get(profile or "", {}), **{name: each for name, each in severities.items() if each}},
        options=options,
    )


def _refuse_unknown(names: Iterable[str], profile: str | None) -> None:
    known = tuple(rule.name for rule in RULES)
    problems = [
        Problem(message=f"there is no rule '{name}'{_nearest(name, known)}")
        for name in dict.fromkeys(names)
        if name not in known
    ]
    if profile is not None and profile not in PROFILES:
        problems.append(Problem(message=f"there is no profile '{profile}'; there is {', '.join(PROFILES)}"))
    if problems:
        raise InputError(problems)


def _nearest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; there is {', '.join(known)}"
