"""What import and export could not take over as it stands, for people and programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpmn_tool.cli.console import safe, say
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.interchange.foreign import Note


def say_notes(notes: "Sequence[Note]") -> None:
    """The notes by kind, those that matter most first."""
    from bpmn_tool.interchange.foreign.draft import HEADS

    for kind, head in HEADS.items():
        listed = [note for note in notes if note.kind is kind]
        if listed:
            say(_(head))
            for note in listed:
                say(safe(f"  {note}"))


def notes_json(notes: "Sequence[Note]") -> list[dict[str, object]]:
    return [
        {
            "kind": note.kind,
            "message": note.message,
            "path": note.location.path,
            "line": note.location.line,
            "key": note.location.key,
        }
        for note in notes
    ]
