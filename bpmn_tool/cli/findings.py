"""Findings on the terminal: what matters most first, each with its place and its line; the rest is counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bpmn_tool.cli.console import console, plain, safe, say
from bpmn_tool.cli.source_lines import SourceLines
from bpmn_tool.cli.way import way
from bpmn_tool.messages import _, format_number, ngettext
from bpmn_tool.results.finding import Finding, Severity

SHOWN_PER_RULE: Final = 4
"""As many of one rule come before the others get their turn."""

_BESIDE: Final = 18
"""Columns that the number of a line takes, and that it may be set in."""
_LEAST: Final = 20
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


def show_findings(findings: Sequence[Finding], lines: SourceLines, *, limit: int) -> None:
    """Print the first `limit` and a count of the others."""
    ordered = most_important_first(findings)
    for finding in ordered[:limit]:
        _show(finding, lines)
    if ordered:
        say()
    if rest := ordered[limit:]:
        say(safe(_rest(rest)), hang=2)


def most_important_first(findings: Iterable[Finding]) -> list[Finding]:
    """By severity; then some of each rule before more of any, in order of the rules; then as they came."""
    from bpmn_tool.checks import RULES

    order = {rule.name: number for number, rule in enumerate(RULES)}
    seen: Counter[tuple[Severity, str]] = Counter()
    keyed = []
    for finding in findings:
        turn = seen[finding.severity, finding.rule] // SHOWN_PER_RULE
        seen[finding.severity, finding.rule] += 1
        keyed.append(((_WEIGHT[finding.severity], turn, order.get(finding.rule, -1)), finding))
    return [finding for _key, finding in sorted(keyed, key=lambda pair: pair[0])]


def counts(findings: Iterable[Finding]) -> str:
    """How many of each severity, in words."""
    of = Counter(finding.severity for finding in findings)
    errors, warnings, infos = of[Severity.ERROR], of[Severity.WARNING], of[Severity.INFO]
    return ", ".join(
        (
            ngettext("%(count)s error", "%(count)s errors", errors) % {"count": format_number(errors)},
            ngettext("%(count)s warning", "%(count)s warnings", warnings) % {"count": format_number(warnings)},
            ngettext("%(count)s info", "%(count)s infos", infos) % {"count": format_number(infos)},
        )
    )


def _show(finding: Finding, lines: SourceLines) -> None:
    place, rule = safe(finding.location), safe(f"[{finding.rule}]")
    severity = f"[{_STYLES[finding.severity]}]{finding.severity.value}{rule}[/]"
    named = not finding.element or f"'{finding.element}'" in finding.message
    element = "" if named else f" ({finding.element})"
    say(f"{place}: {severity} {safe(finding.message + element)}", hang=2)
    if (text := lines.text(finding.location)) is not None:
        say(f"[dim]{finding.location.line:>7} │[/dim] {safe(_in_one_line(plain(text)))}")
    model = lines.model(finding.location)
    if model is not None and finding.witness and finding.rule in _with_a_path():
        shown = _("how: %(way)s") % {"way": way(model, finding.witness)}
        say(f"          {safe(shown)}")


def _in_one_line(text: str) -> str:
    """As much of a source line as the terminal has room for beside its number."""
    where = console()
    room = max(where.width - _BESIDE, _LEAST)
    return text if not where.is_terminal or len(text) <= room else text[: room - 1] + "…"


def _with_a_path() -> set[str]:
    from bpmn_tool.checks import RULES

    return {rule.name for rule in RULES if rule.path}


def _rest(findings: Sequence[Finding]) -> str:
    sentence = ngettext(
        "and %(count)s more (--all shows it): %(rules)s",
        "and %(count)s more (--all shows them): %(rules)s",
        len(findings),
    )
    rules = Counter(finding.rule for finding in findings)
    named = ", ".join(f"{format_number(count)} {rule}" for rule, count in rules.items())
    return sentence % {"count": format_number(len(findings)), "rules": named}
