"""What may stand at each key of a table, read off the classes: so that one description serves checks, merging,
provenance and editors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from bpmn_tool.scenario.tables import Table, keys_of
from bpmn_tool.scenario.values import Leaf


@dataclass(frozen=True, slots=True)
class TableOf:
    cls: type[Table]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A table whose keys are ids or names."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Shape"


@dataclass(frozen=True, slots=True)
class ValueOf:
    """A value that may carry provenance."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class PathOf:
    """The path of a file."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Anything else: a text, a truth value, a date."""


Shape = TableOf | MapOf | ListOf | ValueOf | PathOf | Plain


@cache
def shapes_of(cls: type[Table]) -> Mapping[str, Shape]:
    """The shape of every key of a table, by the key as written."""
    return {key: _shape(info.annotation, tuple(info.metadata)) for key, info in keys_of(cls).items()}


def _shape(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    for item in metadata:
        if isinstance(item, Leaf):
            return ValueOf(item)
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *rest = get_args(annotation)
        return _shape(base, tuple(rest))
    if origin in (Union, UnionType):
        found = [shape for part in get_args(annotation) if part is not NoneType and (shape := _shape(part)) != Plain()]
        return found[0] if len(found) == 1 and len(get_args(annotation)) == 2 else Plain()
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return TableOf(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Path):
        return PathOf()
    if origin is tuple:
        return ListOf(_shape(get_args(annotation)[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return MapOf(_shape(get_args(annotation)[1]))
    return Plain()
