"""``--set path=value``: one more layer over a scenario, by the same paths as problems and questions have, on the long
form of distributions.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from bpmn_tool.scenario.merge import UNSET, Problems, merge
from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.scenario.shapes import ListOf, MapOf, Plain, Shape, TableOf, ValueOf, shapes_of

_PART = re.compile(r'\.?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|\[(?P<index>\d+)\]|(?P<bare>[^.\[\]"=\s]+))')


def parse_path(text: str) -> tuple[Key, ...]:
    """``roles.a."b.c".people[0]`` as keys. Raises ValueError."""
    keys: list[Key] = []
    position = 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or (position == 0 and text.startswith(".")):
            raise ValueError(f"{text!r} is not a path such as tasks.ID.duration.triangular.mode")
        if part["index"] is not None:
            keys.append(int(part["index"]))
        elif part["quoted"] is not None:
            keys.append(re.sub(r"\\(.)", r"\1", part["quoted"]))
        else:
            keys.append(part["bare"])
        position = part.end()
    if not keys:
        raise ValueError("a path is missing before '='")
    return tuple(keys)


def parse_override(text: str) -> tuple[tuple[Key, ...], Any]:
    """``path=value``: the keys and the value as TOML reads it; what is not TOML is a text. Raises ValueError."""
    match = re.match(r'(?P<path>(?:"(?:[^"\\]|\\.)*"|[^"=])+)=(?P<value>.*)\Z', text, re.DOTALL)
    if match is None:
        raise ValueError(f"{text!r} is not of the form path=value")
    return parse_path(match["path"].strip()), parse_value(match["value"].strip())


def parse_value(text: str) -> Any:
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # no TOML, or a number or a nesting that Python does not read
        return text
    return read["value"] if len(read) == 1 else text


def override(raw: Mapping[str, Any], keys: Sequence[Key], value: Any, problems: Problems) -> dict[str, Any]:
    """The content of a scenario with one value set; its status becomes "set"."""
    return merge(Scenario, raw, _layer(TableOf(Scenario), raw, tuple(keys), value, (), problems), problems)


def _layer(shape: Shape, base: Any, keys: tuple[Key, ...], value: Any, at: tuple[Key, ...], problems: Problems) -> Any:
    if isinstance(shape, ValueOf):
        return _set_leaf(base, keys, value)
    if not keys:
        return value
    key, *rest = keys
    here = (*at, key)
    match shape, key:
        case TableOf(cls), str():
            inner = shapes_of(cls).get(key, Plain())
        case MapOf(item), str():
            inner = item
        case ListOf(item), int() if isinstance(base, list | tuple) and key < len(base):
            items = list(base)
            items[key] = _replaced(items[key], tuple(rest), value)
            return items
        case Plain(), _ if not isinstance(base, list | tuple):
            return _replaced(base, keys, value)
        case _:
            problems.append((key_path(here), "there is no such place"))
            return base
    found = base.get(key) if isinstance(base, Mapping) else None
    return {key: _layer(inner, found, tuple(rest), value, here, problems)}


def _set_leaf(base: Any, keys: tuple[Key, ...], value: Any) -> Any:
    if value == UNSET and not keys:
        return value
    if any(isinstance(key, int) for key in keys):
        table = _replaced(base, keys, value)
    elif keys:
        table = _replaced({}, keys, value)
    else:
        table = value if isinstance(value, Mapping) else {"value": value}
    return {**table, "status": "set", "source": "--set"} if isinstance(table, Mapping) else table


def _replaced(raw: Any, keys: tuple[Key, ...], value: Any) -> Any:
    if not keys:
        return value
    key, *rest = keys
    if isinstance(key, int):
        items = list(raw) if isinstance(raw, list | tuple) else []
        if key >= len(items):
            return items
        items[key] = _replaced(items[key], tuple(rest), value)
        return items
    table = dict(raw) if isinstance(raw, Mapping) else {}
    table[key] = _replaced(table.get(key), tuple(rest), value)
    return table
