"""Scenario files: `extends` merged, paths made absolute and kept inside the project, `numbers` filled in, ``--set``
applied, then resolved.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.csv_table import cells_of, read_csv
from bpmn_tool.interchange.numbers_csv import fill
from bpmn_tool.interchange.recorded_arrivals import read_arrivals
from bpmn_tool.interchange.safe_paths import inside, root_of
from bpmn_tool.interchange.toml_file import read_toml
from bpmn_tool.scenario.merge import merge
from bpmn_tool.scenario.overrides import override, parse_override
from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.resolve import resolve, sections
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.scenario.shapes import ListOf, MapOf, PathOf, Shape, TableOf, ValueOf, shapes_of

MAX_LEVELS = 20


@dataclass(slots=True)
class _Reading:
    """One call of :func:`read_scenario`: where paths may lead, and what was found wrong."""

    root: Path | None
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: str, key: str | None, message: str) -> None:
        self.problems.append(Problem(message=message, location=Location(path=path, key=key)))

    def path(self, named: Any, file: Path, key: str) -> str:
        """A path of a file, absolute; what is wrong becomes a problem."""
        if not isinstance(named, str) or named == "?":
            return str(named)
        try:
            return str(inside(named, folder=file.resolve().parent, root=self.root))
        except ValueError as error:
            self.add(str(file), key, str(error))
            return named


def read_scenario(
    path: Path | str, *, overrides: Iterable[str] = (), allow_outside: bool = False, root: Path | None = None
) -> Scenario:
    """The scenario of a file, with all it extends and ``path=value`` overrides. `root`: the folder that paths stay in
    (default: that of the project).

    Raises InputError with everything that is wrong, each with file and key path. Open questions are no error: see
    `Scenario.questions`.
    """
    file = Path(path)
    reading = _Reading(None if allow_outside else (root or root_of(file)).resolve())
    raw, own = _layers(file, reading, ())
    written = set(sections(own))
    for text in overrides:
        raw = _overridden(raw, text, written, reading)
    if reading.problems:
        raise InputError(reading.problems)
    scenario = resolve(raw, path=str(file), written=written, columns=_columns(raw, file))
    return _with_recorded(scenario)


def read_merged(path: Path | str, *, allow_outside: bool = False) -> dict[str, Any]:
    """The content of a scenario file with all it extends, as written, nothing resolved. Raises InputError."""
    file = Path(path)
    reading = _Reading(None if allow_outside else root_of(file).resolve())
    merged, _ = _layers(file, reading, ())
    if reading.problems:
        raise InputError(reading.problems)
    return merged


def _layers(file: Path, reading: _Reading, below: Sequence[Path]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The merged content of a file and all it extends, and the content of the file itself."""
    own = read_toml(file)
    extends, numbers = own.pop("extends", None), own.pop("numbers", None)
    if isinstance(own.get("model"), str) and own["model"] != "?":
        own["model"] = [own["model"]]
    own = _absolute(TableOf(Scenario), own, file, (), reading)
    base: dict[str, Any] = {}
    here = file.resolve()
    if extends is not None:
        base = _base(extends, file, [*below, here], reading)
    found: list[tuple[str, str]] = []
    merged = merge(Scenario, base, own, found)
    for key, message in found:
        reading.add(str(file), key, message)
    if numbers is not None:
        merged = _filled(merged, numbers, file, reading)
    return merged, own


def _base(extends: Any, file: Path, chain: Sequence[Path], reading: _Reading) -> dict[str, Any]:
    if not isinstance(extends, str):
        reading.add(str(file), "extends", "the path of a scenario is wanted here")
        return {}
    problems = len(reading.problems)
    path = Path(reading.path(extends, file, "extends"))
    if len(reading.problems) > problems:
        return {}
    if path in chain or len(chain) >= MAX_LEVELS:
        circle = " -> ".join(step.name for step in (*chain, path))
        reading.add(str(file), "extends", f"scenarios extend each other in a circle: {circle}")
        return {}
    if not path.is_file():
        reading.add(str(file), "extends", f"there is no file '{extends}'")
        return {}
    shown = _shown(path, file)
    merged, _ = _layers(shown, reading, chain)
    return merged


def _shown(path: Path, beside: Path) -> Path:
    """A path for messages, as the first file was given: relative where that was."""
    try:
        return beside.parent / path.relative_to(beside.resolve().parent)
    except ValueError:
        return path


def _absolute(shape: Shape, raw: Any, file: Path, at: tuple[Key, ...], reading: _Reading) -> Any:
    """All paths in the content of a file made absolute: those of files by shape, and those inside of empirical
    distributions.
    """
    match shape:
        case TableOf(cls) if isinstance(raw, Mapping):
            shapes = shapes_of(cls)
            return {k: _absolute(shapes[k], v, file, (*at, k), reading) if k in shapes else v for k, v in raw.items()}
        case MapOf(item) if isinstance(raw, Mapping):
            return {k: _absolute(item, v, file, (*at, k), reading) for k, v in raw.items()}
        case ListOf(item) if isinstance(raw, list):
            return [_absolute(item, v, file, (*at, n), reading) for n, v in enumerate(raw)]
        case PathOf() if raw != "unset":
            return reading.path(raw, file, key_path(at)) if isinstance(raw, str) else raw
        case ValueOf():
            return _each_column(raw, lambda named, keys: reading.path(named, file, key_path((*at, *keys))))
        case _:
            return raw


def _each_column(raw: Any, changed: Callable[[Any, tuple[Key, ...]], Any], at: tuple[Key, ...] = ()) -> Any:
    """A value in which each `empirical = { file = ... }` has another file."""
    match raw:
        case {"empirical": {"file": named, **rest}, **beside}:
            keys = (*at, "empirical", "file")
            return {**beside, "empirical": {"file": changed(named, keys), **rest}}
        case Mapping():
            return {key: _each_column(value, changed, (*at, key)) for key, value in raw.items()}
        case list():
            return [_each_column(value, changed, (*at, n)) for n, value in enumerate(raw)]
        case _:
            return raw


def _filled(merged: dict[str, Any], numbers: Any, file: Path, reading: _Reading) -> dict[str, Any]:
    if not isinstance(numbers, str):
        reading.add(str(file), "numbers", "the path of a CSV file is wanted here")
        return merged
    problems = len(reading.problems)
    path = Path(reading.path(numbers, file, "numbers"))
    if len(reading.problems) > problems:
        return merged
    filled, found = fill(merged, path, shown=str(_shown(path, file)), named_in=Location(path=str(file), key="numbers"))
    reading.problems += found
    return filled


def _overridden(raw: dict[str, Any], text: str, written: set[tuple[str, str]], reading: _Reading) -> dict[str, Any]:
    try:
        keys, value = parse_override(text)
    except ValueError as error:
        reading.add("", "--set", str(error))
        return raw
    if len(keys) > 1 and isinstance(keys[0], str) and isinstance(keys[1], str):
        written.add((keys[0], keys[1]))
    found: list[tuple[str, str]] = []
    changed = override(raw, keys, value, found)
    for key, message in found:
        reading.add("", f"--set {key}", message)
    return changed


def _columns(raw: Mapping[str, Any], file: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The cells of every column that an empirical distribution names."""
    wanted: list[tuple[str, str]] = []

    def note(table: Any) -> None:
        match table:
            case {"empirical": {"file": str(named), "column": str(column)}}:
                wanted.append((named, column))
            case Mapping():
                for value in table.values():
                    note(value)
            case list() | tuple():
                for value in table:
                    note(value)

    note(raw)
    columns = {}
    for named, column in dict.fromkeys(wanted):
        table = read_csv(Path(named), named_in=Location(path=str(file)))
        columns[named, column] = cells_of(table, column)
    return columns


def _with_recorded(scenario: Scenario) -> Scenario:
    """Doors with a `file` get its rows."""
    doors = dict(scenario.arrivals)
    for id_, door in scenario.arrivals.items():
        if door.file is not None:
            place = Location(path=scenario.path, key=key_path(("arrivals", id_, "file")))
            doors[id_] = door.model_copy(update={"recorded": read_arrivals(door.file, named_in=place)})
    return scenario.model_copy(update={"arrivals": doors}) if doors != scenario.arrivals else scenario
