"""A variant over what it extends, by the shapes of the tables.

Tables merge key by key; everything else replaces. A key that excludes an inherited one (another distribution, `rate`
for `of`, `people` for
`count`) removes it, with what only made sense beside it. ``"unset"`` removes an inherited key.
"""

from collections.abc import Mapping
from typing import Any, Final

from bpmn_tool.scenario.distribution_tables import kind_of, long_form
from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.shapes import ListOf, MapOf, PathOf, Plain, Shape, TableOf, ValueOf, shapes_of
from bpmn_tool.scenario.tables import Table

UNSET: Final = "unset"
_MISSING: Final = object()
Problems = list[tuple[str, str]]


def merge(cls: type[Table], base: Mapping[str, Any], own: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """`own` over `base`; what is wrong in `own` goes to `problems` as (key path, message). Neither argument is
    changed.
    """
    return _table(cls, base, own, (), problems)


def _table(
    cls: type[Table], base: Mapping[str, Any], own: Mapping[str, Any], at: tuple[Key, ...], problems: Problems
) -> dict[str, Any]:
    shapes = shapes_of(cls)
    excluded = {key for key in base if key not in own and _excluded(cls, key, own)}
    excluded |= {
        dependent
        for key in base
        if key in excluded or own.get(key) == UNSET
        for dependent in cls.DEPENDENT.get(key, ())
        if dependent not in own
    }
    result = {key: value for key, value in base.items() if key not in excluded}
    for key, value in own.items():
        _put(result, key, shapes.get(key, Plain()), value, (*at, key), problems)
    return result


def _excluded(cls: type[Table], key: str, own: Mapping[str, Any]) -> bool:
    return any(
        key in group and any(other in own and own[other] != UNSET for other in group if other != key)
        for group in cls.EXCLUSIVE
    )


def _put(result: dict[str, Any], key: str, shape: Shape, value: Any, at: tuple[Key, ...], problems: Problems) -> None:
    if value == UNSET:
        if result.pop(key, _MISSING) is _MISSING:
            problems.append((key_path(at), "nothing is inherited here that could be unset"))
        return
    result[key] = _value(shape, result.get(key, _MISSING), value, at, problems)


def _value(shape: Shape, base: Any, own: Any, at: tuple[Key, ...], problems: Problems) -> Any:
    match shape:
        case TableOf(cls) if isinstance(own, Mapping):
            return _table(cls, base if isinstance(base, Mapping) else {}, own, at, problems)
        case MapOf(item) if isinstance(own, Mapping):
            result = dict(base) if isinstance(base, Mapping) else {}
            for key, value in own.items():
                _put(result, key, item, value, (*at, key), problems)
            return result
        case ValueOf() if isinstance(own, Mapping):
            return _leaf(base, own, at, problems)
        case TableOf() | MapOf() | ValueOf() | ListOf() | PathOf() | Plain():
            return own


def _leaf(base: Any, own: Mapping[str, Any], at: tuple[Key, ...], problems: Problems) -> Any:
    if not isinstance(base, Mapping):
        base = {} if base is _MISSING else {"value": base}
    kinds = _kinds(own)
    if kinds and kinds != _kinds(base):
        base = {}
    kind = kind_of(own)
    if kind is None or not isinstance(own[kind], Mapping):
        return _plain_table(base, own, at, problems)
    inherited = long_form(base).get(kind)
    inner = _plain_table(inherited if isinstance(inherited, Mapping) else {}, own[kind], (*at, kind), problems)
    return {**_plain_table(base, {key: value for key, value in own.items() if key != kind}, at, problems), kind: inner}


def _kinds(table: Mapping[str, Any]) -> frozenset[str]:
    kind = kind_of(table)
    return frozenset({kind} if kind else {"value"} & table.keys())


def _plain_table(
    base: Mapping[str, Any], own: Mapping[str, Any], at: tuple[Key, ...], problems: Problems
) -> dict[str, Any]:
    result = dict(base)
    for key, value in own.items():
        _put(result, key, Plain(), value, (*at, key), problems)
    return result
