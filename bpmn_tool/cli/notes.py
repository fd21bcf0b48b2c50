"""What import and export could not take over as it stands, for people and programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bpmn_tool.cli.console import safe, say
from bpmn_tool.messages import N_, _

if TYPE_CHECKING:
    from bpmn_tool.interchange.foreign import Note

_HEADS: Final = {
    "unclear": N_("Cannot mean what it says, or means something else on the other side:"),
    "dropped": N_("Not taken over:"),
    "mended": N_("Written otherwise:"),
}


def say_notes(notes: "Sequence[Note]") -> None:
    """The notes by kind, those that matter most first."""
    for kind, head in _HEADS.items():
        listed = [note for note in notes if note.kind.value == kind]
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
