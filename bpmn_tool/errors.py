"""What can go wrong, and where.

::

    BpmnToolError                 anything this package raises on purpose
    ├── InputError                a file or an option cannot be used; holds *all* problems found, exit 2
    │   └── NotSimulated          ... because an element of the model has no simulation semantics here
    ├── ExpressionError           an expression cannot be parsed or evaluated; callers make it a Problem with a place
    └── RunError                  a run had to stop: a loop in zero time, a limit that the user can raise
    InterruptedRun                Ctrl-C; carries what was finished (not an error)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """Where something stands: a file with a line (XML), or a file with a key path (TOML)."""

    path: str = ""
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        place = self.path
        if self.line is not None:
            place += f":{self.line}"
        if self.key:
            place += f": {self.key}" if place else self.key
        return place


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why input cannot be used; `message` says what is wrong and, where it can, what to do."""

    message: str
    location: Location = Location()

    def __str__(self) -> str:
        place = str(self.location)
        return f"{place}: {self.message}" if place else self.message


class BpmnToolError(Exception):
    """Base of everything that this package raises on purpose."""


class InputError(BpmnToolError):
    """Input cannot be used. `problems` holds all that was found, in order of place, never only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        match problems:
            case str():
                found: tuple[Problem, ...] = (Problem(message=problems),)
            case Problem():
                found = (problems,)
            case _:
                found = tuple(problems)
        self.problems = found
        super().__init__("\n".join(map(str, found)))


class NotSimulated(InputError):
    """The model holds elements that the simulator refuses, by name, place and reason."""


class ExpressionError(BpmnToolError):
    """An expression cannot be parsed or evaluated; `position` is the 0-based column where it went wrong."""

    def __init__(self, message: str, *, position: int | None = None) -> None:
        self.position = position
        super().__init__(message)


class RunError(BpmnToolError):
    """A run had to stop; the message names the loop or the limit and what raises it."""


class InterruptedRun(Exception):
    """The user stopped the run; `finished` is what was complete by then."""

    def __init__(self, finished: Any) -> None:
        self.finished = finished
        super().__init__("interrupted")
