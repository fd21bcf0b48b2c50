"""Takes provenance, open questions and unknown keys off what a file says, so that plain values remain to be
validated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bpmn_tool.scenario.distribution_tables import kind_of, long_form
from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.scenario import Provenance, Question
from bpmn_tool.scenario.shapes import ListOf, MapOf, PathOf, Plain, Shape, TableOf, ValueOf, shapes_of
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.values import described, nearest

PROVENANCE_KEYS: Final = ("low", "high", "status", "source", "n", "date")
STATUSES: Final = ("measured", "sourced", "assumed", "set", "unstated")
OPEN: Final = "?"


@dataclass(slots=True)
class Unwrapped:
    """What was taken off, by path; `problems` are (path, message)."""

    provenance: dict[str, Provenance] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


class _Open:
    """Stands for a value that is an open question."""


_OPEN: Final = _Open()


def unwrap(cls: type[Table], raw: Mapping[str, Any], out: Unwrapped) -> dict[str, Any]:
    """The plain content of a table: lists as tuples, and under "?" the keys whose value is open. What it finds goes
    to `out`.
    """
    return _table(cls, raw, (), out)


def _table(cls: type[Table], raw: Mapping[str, Any], at: tuple[Key, ...], out: Unwrapped) -> dict[str, Any]:
    shapes = shapes_of(cls)
    plain: dict[str, Any] = {}
    open_keys = set()
    for key, value in raw.items():
        if key not in shapes:
            out.problems.append((key_path((*at, key)), f"unknown key{nearest(key, tuple(shapes))}"))
            continue
        found = _value(shapes[key], value, (*at, key), out)
        if found is _OPEN:
            open_keys.add(key)
        else:
            plain[key] = found
    if open_keys:
        plain[OPEN] = frozenset(open_keys)
    return plain


def _value(shape: Shape, raw: Any, at: tuple[Key, ...], out: Unwrapped) -> Any:
    match shape:
        case ValueOf():
            return _leaf(shape, raw, at, out)
        case _ if raw == OPEN:
            out.questions.append(Question(path=key_path(at)))
            return _OPEN
        case TableOf(cls) if isinstance(raw, Mapping):
            return _table(cls, raw, at, out)
        case MapOf(item) if isinstance(raw, Mapping):
            found = {key: _value(item, value, (*at, key), out) for key, value in raw.items()}
            return {key: value for key, value in found.items() if value is not _OPEN}
        case ListOf(item) if isinstance(raw, list | tuple):
            return tuple(v for n, value in enumerate(raw) if (v := _value(item, value, (*at, n), out)) is not _OPEN)
        case PathOf() if isinstance(raw, str):
            return Path(raw)
        case TableOf() | MapOf() | ListOf() | PathOf() | Plain():
            return _tuples(raw)


def _leaf(shape: ValueOf, raw: Any, at: tuple[Key, ...], out: Unwrapped) -> Any:
    inner, beside = raw, {}
    if isinstance(raw, Mapping) and "value" in raw:
        inner = raw["value"]
        beside = {key: raw[key] for key in raw if key != "value"}
        for key in sorted(beside.keys() - set(PROVENANCE_KEYS)):
            out.problems.append((key_path((*at, key)), f"unknown key{nearest(key, PROVENANCE_KEYS)}"))
    elif shape.leaf.distribution and kind_of(raw) is not None:
        beside = {key: raw[key] for key in raw if key in PROVENANCE_KEYS}
        inner = {key: raw[key] for key in raw if key not in PROVENANCE_KEYS}
    elif isinstance(raw, Mapping) and raw and set(raw) <= set(PROVENANCE_KEYS):
        out.problems.append((key_path(at), "'value' is missing"))
        return _OPEN
    path = key_path(at)
    out.provenance[path] = _provenance(inner, beside, path, out)
    questions = _questions(inner, at)
    out.questions += [Question(path=question, source=out.provenance[path].source) for question in questions]
    return _OPEN if questions else _tuples(inner)


def _provenance(value: Any, beside: Mapping[str, Any], path: str, out: Unwrapped) -> Provenance:
    status = beside.get("status", "unstated")
    if status not in STATUSES:
        out.problems.append((f"{path}.status", f"{described(status)} is not one of measured, sourced, assumed"))
        status = "unstated"
    if status == "measured":
        for key in ("n", "date"):
            if key not in beside:
                out.problems.append((path, f"a measured value states its '{key}'"))
    n = beside.get("n")
    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 1):
        out.problems.append((f"{path}.n", f"a number of observations is wanted here, not {described(n)}"))
        n = None
    return Provenance(
        value=_tuples(value),
        low=beside.get("low"),
        high=beside.get("high"),
        status=status,
        source=str(beside.get("source", "")),
        n=n,
        date=str(beside.get("date", "")),
    )


def _questions(raw: Any, at: tuple[Key, ...]) -> list[str]:
    """The paths of every "?" in a value, on the long form of distributions."""
    if raw == OPEN:
        return [key_path(at)]
    match long_form(raw):
        case Mapping() as table:
            return [path for key, value in table.items() for path in _questions(value, (*at, key))]
        case list() | tuple() as items:
            return [path for n, value in enumerate(items) for path in _questions(value, (*at, n))]
        case _:
            return []


def _tuples(raw: Any) -> Any:
    """The same with tuples for lists, since what is resolved does not change."""
    match raw:
        case Mapping():
            return {key: _tuples(value) for key, value in raw.items()}
        case list() | tuple():
            return tuple(map(_tuples, raw))
        case _:
            return raw
