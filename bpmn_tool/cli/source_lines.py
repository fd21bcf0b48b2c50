"""The line of a file that a finding is about, to be shown below it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bpmn_tool.errors import Location

if TYPE_CHECKING:
    from bpmn_tool.model.elements import Model

WIDTH: Final = 160
"""Characters of a line that are shown: some files are one long line."""


class SourceLines:
    """The lines of files that were read; those of a register are read when they are asked for."""

    def __init__(self, models: "Iterable[Model]") -> None:
        models = tuple(models)
        self._models = {source.path: model for model in models for source in model.sources}
        self._sources = {source.path: source for model in models for source in model.sources}
        self._lines: dict[str, list[str]] = {}

    def with_line(self, place: Location) -> Location:
        """The same place with its line, where a key path says which table of a TOML file is meant."""
        if place.line is not None or place.key is None:
            return place
        for number, line in enumerate(self._of(place.path), start=1):
            if line.partition("#")[0].strip() == f"[{place.key}]":
                return replace(place, line=number, key=None)
        return place

    def model(self, place: Location) -> "Model | None":
        """The model that the place is in."""
        return self._models.get(place.path)

    def text(self, place: Location) -> str | None:
        """The line, shortened; None where there is none."""
        lines = self._of(place.path)
        if place.line is None or not 0 < place.line <= len(lines):
            return None
        line = lines[place.line - 1].strip()
        return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"

    def _of(self, path: str) -> list[str]:
        if path not in self._lines:
            self._lines[path] = self._read(path)
        return self._lines[path]

    def _read(self, path: str) -> list[str]:
        if (source := self._sources.get(path)) is not None:
            return source.data.decode(source.encoding, errors="replace").split("\n")
        from pathlib import Path

        from bpmn_tool.interchange.safe_paths import read_bytes

        return read_bytes(Path(path)).decode("utf-8-sig", errors="replace").split("\n")
