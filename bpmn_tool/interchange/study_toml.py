"""Study, KPI and story files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import inside, root_of
from bpmn_tool.interchange.toml_file import read_toml
from bpmn_tool.scenario.kpis import STANDARD, Kpi, KpiFile, better_of
from bpmn_tool.scenario.places import key_path
from bpmn_tool.scenario.story import Story
from bpmn_tool.scenario.study import Study
from bpmn_tool.scenario.validate import read_table
from bpmn_tool.scenario.values import nearest


def read_study(path: Path | str, *, allow_outside: bool = False) -> Study:
    """The study of a file, with the KPIs of its `kpis.file` as `definitions`. Raises InputError with everything that
    is wrong.
    """
    file = Path(path)
    shown = str(file)
    paths = _Paths(file, allow_outside)
    raw = read_toml(file)
    for key in ("baseline", "variants", "stories"):
        paths.absolute(raw, key)
    if isinstance(raw.get("kpis"), dict):
        paths.absolute(raw["kpis"], "file", "kpis")
    paths.done()
    study = read_table(Study, raw, path=shown)
    definitions = read_kpis(study.kpis.file, shown=paths.shown(study.kpis.file)) if study.kpis.file else {}
    problems = [
        Problem(message=message, location=Location(path=shown, key=key)) for key, message in _wrong(study, definitions)
    ]
    if problems:
        raise InputError(problems)
    return study.model_copy(update={"path": shown, "definitions": definitions})


def read_kpis(path: Path, *, shown: str | None = None) -> Mapping[str, Kpi]:
    """The KPIs of a file by their ids. Raises InputError."""
    shown = str(path) if shown is None else shown
    kpis = read_table(KpiFile, read_toml(path, shown=shown), path=shown).kpis
    known = frozenset(kpis) | frozenset(STANDARD)
    problems = [
        Problem(
            message=f"no KPI is called '{name}'{nearest(name, known)}",
            location=Location(path=shown, key=key_path(("kpis", id_, "ratio", n))),
        )
        for id_, kpi in kpis.items()
        for n, name in enumerate(kpi.ratio or ())
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return kpis


def read_story(path: Path | str, *, allow_outside: bool = False, root: Path | None = None) -> Story:
    """The story of a file. Raises InputError with everything that is wrong."""
    file = Path(path)
    paths = _Paths(file, allow_outside, root)
    raw = read_toml(file)
    if isinstance(raw.get("model"), str):
        raw["model"] = [raw["model"]]
    paths.absolute(raw, "model")
    paths.done()
    return read_table(Story, raw, path=str(file)).model_copy(update={"file": str(file)})


def story_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Every story below folders (``*.toml``, sorted), and files as they are."""
    for path in paths:
        yield from sorted(path.rglob("*.toml")) if path.is_dir() else (path,)


def _wrong(study: Study, definitions: Mapping[str, Kpi]) -> Iterator[tuple[str, str]]:
    known = frozenset(definitions) | frozenset(STANDARD)
    for n, name in enumerate(study.kpis.verdict):
        key = key_path(("kpis", "verdict", n))
        if name not in known:
            yield key, f"no KPI is called '{name}'{nearest(name, known)}"
        elif better_of(name, definitions) is None:
            yield key, f"'{name}' does not say what is 'better', so that no verdict can rest on it"
    if study.precision is not None and study.precision.kpi not in known:
        yield "precision.kpi", f"no KPI is called '{study.precision.kpi}'{nearest(study.precision.kpi, known)}"
    for key, path in (
        ("baseline", study.baseline),
        *((key_path(("variants", n)), p) for n, p in enumerate(study.variants)),
    ):
        if not path.is_file():
            yield key, f"there is no file '{path.name}'"
    seen: set[Path] = set()
    for n, path in enumerate(study.scenarios):
        if path in seen:
            yield key_path(("variants", n - 1)), f"'{path.name}' stands in this study twice"
        seen.add(path)
    for n, path in enumerate(study.stories):
        if not path.exists():
            yield key_path(("stories", n)), f"there is no file or folder '{path.name}'"


class _Paths:
    """The paths that one file names."""

    def __init__(self, file: Path, allow_outside: bool, root: Path | None = None) -> None:
        self.file = file
        self.folder = file.resolve().parent
        self.root = None if allow_outside else (root or root_of(file)).resolve()
        self.problems: list[Problem] = []

    def absolute(self, table: dict[str, Any], key: str, *above: str) -> None:
        """A path, or a list of them, in place."""
        value = table.get(key)
        if isinstance(value, str):
            table[key] = self._one(value, (*above, key))
        elif isinstance(value, list):
            table[key] = [self._one(v, (*above, key, n)) if isinstance(v, str) else v for n, v in enumerate(value)]

    def _one(self, named: str, keys: tuple[str | int, ...]) -> str:
        try:
            return str(inside(named, folder=self.folder, root=self.root))
        except ValueError as error:
            self.problems.append(
                Problem(message=str(error), location=Location(path=str(self.file), key=key_path(keys)))
            )
            return named

    def shown(self, path: Path) -> str:
        """A path as messages call it: beside this file as that was given."""
        return str(self.file.parent / path.relative_to(self.folder)) if path.is_relative_to(self.folder) else str(path)

    def done(self) -> None:
        if self.problems:
            raise InputError(self.problems)
