"""JSON from others, asked for what ought to stand there; what is wrong is gathered with its key path."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bpmn_tool.errors import Location, Problem
from bpmn_tool.scenario.places import Key, key_path


@dataclass(slots=True)
class Json:
    """A value with its key path. `problems` is shared by all of a file."""

    value: Any
    path: Path
    keys: tuple[Key, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def location(self) -> Location:
        return Location(path=str(self.path), key=key_path(self.keys) or None)

    def wrong(self, message: str) -> None:
        self.problems.append(Problem(message=message, location=self.location))

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, Mapping) and key in self.value

    def at(self, key: Key) -> "Json":
        """What stands at a key or place; nothing (None) where there is none."""
        found: Any = None
        if isinstance(self.value, Mapping):
            found = self.value.get(key)
        elif isinstance(self.value, list) and isinstance(key, int) and key < len(self.value):
            found = self.value[key]
        return Json(found, self.path, (*self.keys, key), self.problems)

    def first(self, *keys: str) -> "Json":
        """What stands at the first of these keys that is there."""
        return self.at(next((key for key in keys if key in self), keys[0]))

    def items(self) -> Iterator["Json"]:
        """The items of a list; nothing where there is none. An empty object is an empty list too."""
        if isinstance(self.value, list):
            for n in range(len(self.value)):
                yield self.at(n)
        elif self.value not in (None, {}):
            self.wrong("a list is wanted here")

    def pairs(self) -> Iterator[tuple[str, "Json"]]:
        """The entries of an object."""
        if isinstance(self.value, Mapping):
            for key in self.value:
                yield key, self.at(key)
        elif self.value is not None:
            self.wrong("an object is wanted here")

    def text(self) -> str:
        """A text (a number counts); what is none is wrong, and empty."""
        if isinstance(self.value, str | int | float) and not isinstance(self.value, bool):
            return str(self.value)
        self.wrong("a text is wanted here" if self.value is not None else "is missing")
        return ""

    def number(self) -> float:
        """A number, or a text that is one; what is none is wrong, and 0."""
        try:
            found = math.nan if isinstance(self.value, bool) or self.value is None else float(self.value)
        except (TypeError, ValueError, OverflowError):
            found = math.nan
        if not math.isfinite(found):
            self.wrong("a number is wanted here" if self.value is not None else "is missing")
            return 0.0
        return found
