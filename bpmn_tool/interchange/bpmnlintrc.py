"""A team's ``.bpmnlintrc``: which rules of bpmnlint it wants, and how much each weighs.

JSON, as bpmnlint reads it: ``extends`` takes ``bpmnlint:recommended``, ``bpmnlint:correctness`` or ``bpmnlint:all``,
``rules`` a severity a rule (``off``, ``info``, ``warn``, ``error``, or 0 to 3), with options as a pair ``["warn",
{...}]``. Rules of plug-ins are JavaScript and cannot be asked here: they are named in `plug_ins`, so that somebody is
told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bpmn_tool.checks.bpmnlint import ALL, SETS
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.json_file import read_json
from bpmn_tool.results.finding import Severity

SEVERITIES: Final[Mapping[object, Severity | None]] = {
    "off": None,
    0: None,
    "warn": Severity.WARNING,
    "warning": Severity.WARNING,
    1: Severity.WARNING,
    "error": Severity.ERROR,
    2: Severity.ERROR,
    "info": Severity.INFO,
    3: Severity.INFO,
}
_OWN: Final = "bpmnlint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bpmnlintrc:
    """`severities`: None for a rule that is off. `options` of rules that have some; `plug_ins`: what is not asked."""

    severities: Mapping[str, Severity | None]
    options: Mapping[str, Mapping[str, Any]]
    plug_ins: tuple[str, ...] = ()


def read_bpmnlintrc(path: Path, *, shown: str | None = None) -> Bpmnlintrc:
    """Raises InputError with all that is wrong. `shown`: how messages call the file."""
    reading = _Reading(str(path) if shown is None else shown)
    document = reading.document(read_json(path, shown=shown))
    reading.extends(document.get("extends", []))
    reading.rules(document.get("rules", {}))
    if reading.problems:
        raise InputError(reading.problems)
    return Bpmnlintrc(
        severities=reading.severities, options=reading.options, plug_ins=tuple(dict.fromkeys(reading.plug_ins))
    )


class _Reading:
    """One file while it is read, with all that was found until then."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.severities: dict[str, Severity | None] = {}
        self.options: dict[str, Mapping[str, Any]] = {}
        self.plug_ins: list[str] = []

    def wrong(self, message: str, key: str | None = None) -> None:
        self.problems.append(Problem(message=message, location=Location(path=self.path, key=key)))

    def document(self, content: object) -> dict[str, Any]:
        if not isinstance(content, dict):
            self.wrong('has to be an object, as {"extends": "bpmnlint:recommended"}')
            raise InputError(self.problems)
        return content

    def extends(self, value: object) -> None:
        for name in [value] if isinstance(value, str) else value if isinstance(value, list) else [None]:
            if not isinstance(name, str):
                self.wrong("has to be the name of a set, or a list of such", "extends")
            elif name.startswith("plugin:"):
                self.plug_ins.append(name)
            elif (set_ := SETS.get(name.removeprefix(f"{_OWN}:"))) is not None and ":" in name:
                self.severities.update(set_)
            else:
                known = ", ".join(f"{_OWN}:{each}" for each in SETS)
                self.wrong(f"there is no set '{name}'; there is {known}, and plugin:NAME/SET", "extends")

    def rules(self, value: object) -> None:
        if not isinstance(value, dict):
            self.wrong("has to be an object, with a severity for each rule", "rules")
            return
        for written, setting in value.items():
            for severity, options in self._setting(written, setting):
                self._rule(written, severity, options)

    def _rule(self, written: str, severity: Severity | None, options: Mapping[str, Any]) -> None:
        name = written.removeprefix(f"{_OWN}/")
        if "/" in name:
            if severity is not None:
                self.plug_ins.append(name)
        elif name in ALL:
            self.severities[name] = severity
            if options:
                self.options[name] = options
        else:
            self.wrong("is no rule of bpmnlint", f"rules.{written}")

    def _setting(self, written: str, setting: object) -> Iterator[tuple[Severity | None, Mapping[str, Any]]]:
        pair = setting if isinstance(setting, list) and len(setting) in (1, 2) else [setting]
        severity = pair[0].lower() if isinstance(pair[0], str) else pair[0]
        options = pair[1] if len(pair) > 1 else {}
        known = isinstance(severity, str | int) and not isinstance(severity, bool) and severity in SEVERITIES
        if known and isinstance(options, dict):
            yield SEVERITIES[severity], options
        else:
            self.wrong('has to be "off", "info", "warn" or "error", or a list of that and options', f"rules.{written}")
