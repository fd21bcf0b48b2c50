"""Key paths as people write them, and several problems of one value at once."""

import re
from collections.abc import Iterable, Sequence

from bpmn_tool.errors import ExpressionError

Key = str | int
_BARE = re.compile(r"[A-Za-z0-9_\-]+")


def key_path(keys: Sequence[Key]) -> str:
    """``("tasks", "a.b", "roles", 0)`` as ``tasks."a.b".roles[0]``, the way TOML writes keys."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            quoted = key if _BARE.fullmatch(key) else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
            text += f".{quoted}" if text else quoted
    return text


class ValueProblems(ValueError):
    """Everything that is wrong with one value: (path below it, message) each. Raised inside validation only."""

    def __init__(self, problems: Iterable[tuple[tuple[Key, ...], str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(message for _, message in self.problems))


def one_problem(message: str, *keys: Key) -> ValueProblems:
    return ValueProblems([(keys, message)])


class Collector:
    """Gathers the problems of the parts of a value, so that all are reported, not the first."""

    def __init__(self) -> None:
        self.found: list[tuple[tuple[Key, ...], str]] = []

    def add(self, message: str, *keys: Key) -> None:
        self.found.append((keys, message))

    def at(self, *keys: Key) -> "_At":
        """A context that takes the problems raised in it as problems at `keys`."""
        return _At(self, keys)

    def done(self) -> None:
        """Raises what was gathered, if anything."""
        if self.found:
            raise ValueProblems(self.found)


class _At:
    def __init__(self, collector: Collector, keys: tuple[Key, ...]) -> None:
        self.collector, self.keys = collector, keys

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> bool:
        match error:
            case ValueProblems():
                self.collector.found.extend(((*self.keys, *keys), message) for keys, message in error.problems)
            case ExpressionError() | ValueError():
                self.collector.add(str(error), *self.keys)
            case _:
                return False
        return True
