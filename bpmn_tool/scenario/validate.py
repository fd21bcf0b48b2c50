"""From the content of a file to its data: provenance off, values resolved, and everything that is wrong as problems
with key paths.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.scenario.places import Key, ValueProblems, key_path
from bpmn_tool.scenario.tables import Table, toml_name
from bpmn_tool.scenario.unwrap import Unwrapped, unwrap
from bpmn_tool.scenario.values import Context, described

AnyTable = TypeVar("AnyTable", bound=Table)

#: what is wanted, by pydantic's type of error
_WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "mapping_type": "a table",
    "dict_type": "a table",
    "model_type": "a table",
    "datetime_type": "a local date and time such as 2026-01-05T00:00:00 (without quotes)",
    "date_type": "a date such as 2026-01-05 (without quotes)",
    "is_instance_of": "the path of a file",
    "path_type": "the path of a file",
    "string_too_short": "a text that is not empty",
}


def build(cls: type[AnyTable], plain: Mapping[str, Any], context: Context, out: Unwrapped) -> AnyTable | None:
    """The table from its plain content (see :func:`unwrap`); None, and problems in `out`, where it cannot be made."""
    try:
        return cls.model_validate(plain, context=context)
    except ValidationError as error:
        seen = set()
        for item in error.errors():
            for place in _places(item):
                if place not in seen:
                    seen.add(place)
                    out.problems.append(place)
        return None


def _places(item: Any) -> list[tuple[str, str]]:
    loc = _without_union_tags(tuple(item["loc"]))
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, ValueProblems):
        return [(key_path((*loc, *keys)), message) for keys, message in cause.problems]
    return [(key_path(loc), _message(item))]


def _without_union_tags(loc: tuple[Key, ...]) -> tuple[Key, ...]:
    """Pydantic puts the member of a union and `[key]` into a place; people wrote neither."""
    tags = {"str", "date", "datetime", "[key]", "tuple", "dict", "mapping"}
    return tuple(
        toml_name(key) if isinstance(key, str) else key
        for n, key in enumerate(loc)
        if n == 0 or not (isinstance(key, str) and (key in tags or "[" in key))
    )


def _message(item: Any) -> str:
    kind, given = item["type"], item.get("input")
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        expected = item["ctx"]["expected"]
        options = [text.strip("' ") for text in expected.replace(" or ", ", ").split(",")]
        close = get_close_matches(str(given), options, n=1)
        return f"{described(given)} is not one of {', '.join(options)}" + (
            f"; did you mean '{close[0]}'?" if close else ""
        )
    if kind in _WANTED:
        return f"{_WANTED[kind]} is wanted here, not {described(given)}"
    return str(item["msg"]).removeprefix("Value error, ")


def read_table(
    cls: type[AnyTable], raw: Mapping[str, Any], *, path: str = "", context: Context | None = None
) -> AnyTable:
    """A table without parameters of its own, such as a study or a story. Raises InputError with all problems."""
    out = Unwrapped()
    made = build(cls, unwrap(cls, raw, out), context or Context(), out)
    if out.questions:
        out.problems += [(question.path, "an open question cannot stand here") for question in out.questions]
    fail(out.problems, path)
    assert made is not None
    return made


def fail(problems: list[tuple[str, str]], path: str) -> None:
    """Raises InputError for (key path, message) pairs, if there are any."""
    if problems:
        raise InputError(
            Problem(message=message, location=Location(path=path, key=key or None)) for key, message in problems
        )
