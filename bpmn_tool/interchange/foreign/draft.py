"""A scenario under way from another tool's file: what goes into it, and a note of all that does not go in unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import Location
from bpmn_tool.messages import N_
from bpmn_tool.model.elements import Model

#: how many cases run where the source does not say
DEFAULT_CASES: Final = 1000
#: and from when: local time, a Monday
DEFAULT_START: Final = datetime.fromisoformat("2026-01-05T00:00:00")
#: how long cases are followed: other tools run until the last is done
FOLLOW_UP: Final = "P10Y"
#: who does what needs nobody, in files of tools in which somebody has to
NOBODY: Final = "nobody_in_particular"


class NoteKind(Enum):
    """What became of something in the source."""

    DROPPED = "dropped"  # a scenario has no place for it, and a run does without
    MENDED = "mended"  # it is written otherwise, and means what was meant
    UNCLEAR = "unclear"  # it cannot mean what it says, or means something else here


#: what stands over the notes of each kind, those that matter most first
HEADS: Final[Mapping[NoteKind, str]] = {
    NoteKind.UNCLEAR: N_("Cannot mean what it says, or means something else on the other side:"),
    NoteKind.DROPPED: N_("Not taken over:"),
    NoteKind.MENDED: N_("Written otherwise:"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that a scenario does not say as its source does, with the place there."""

    kind: NoteKind
    message: str
    location: Location = Location()

    def __str__(self) -> str:
        place = str(self.location)
        return f"{place}: {self.message}" if place else self.message


class Noting:
    """Keeps notes, each once."""

    notes: list[Note]

    def dropped(self, message: str, location: Location) -> None:
        self._note(NoteKind.DROPPED, message, location)

    def mended(self, message: str, location: Location) -> None:
        self._note(NoteKind.MENDED, message, location)

    def unclear(self, message: str, location: Location) -> None:
        self._note(NoteKind.UNCLEAR, message, location)

    def _note(self, kind: NoteKind, message: str, location: Location) -> None:
        note = Note(kind=kind, message=message, location=location)
        if note not in self.notes:
            self.notes.append(note)


@dataclass
class Draft(Noting):
    """`tables` is the content of the scenario as a TOML file has it, without `format` and `model`."""

    model: Model
    files: tuple[Path, ...]  # BPMN files
    tables: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def put(self, *keys: str, value: Any) -> None:
        """Sets a key of the scenario; tables on the way are made."""
        table = self.tables
        for key in keys[:-1]:
            table = table.setdefault(key, {})
        table[keys[-1]] = value

    def has(self, *keys: str) -> bool:
        """Whether a key stands in the scenario."""
        table: Any = self.tables
        for key in keys:
            if not isinstance(table, dict) or key not in table:
                return False
            table = table[key]
        return True
