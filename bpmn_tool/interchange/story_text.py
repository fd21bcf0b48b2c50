"""A story as the TOML that people read and change."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bpmn_tool.interchange.toml_text import text_value

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def story_text(story: Mapping[str, Any]) -> str:
    """The file's text from its tables, in the order of docs/scenario.md.

    >>> story = {"format": 1, "name": "A", "steps": [{"do": "a", "set": {"x": True}}], "expect": {"ends": ["e"]}}
    >>> print(story_text(story), end="")
    format = 1
    name = "A"
    <BLANKLINE>
    [[steps]]
    do = "a"
    set = { x = true }
    <BLANKLINE>
    [expect]
    ends = ["e"]
    """
    head = [_line(key, value) for key, value in story.items() if key not in ("steps", "expect") and value != {}]
    blocks = ["\n".join(head)]
    blocks += ["\n".join(["[[steps]]", *(_line(key, value) for key, value in step.items())]) for step in story["steps"]]
    blocks.append("\n".join(["[expect]", *(_line(key, value) for key, value in story["expect"].items())]))
    return "\n\n".join(blocks) + "\n"


def _line(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else text_value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return text_value(value)
        case datetime():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(_line(key, item) for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case _:
            return "[" + ", ".join(map(_value, value)) + "]"
