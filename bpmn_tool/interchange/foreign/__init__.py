"""Simulation parameters of other tools as scenarios, with a note of all that could not be taken over as it stood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.foreign.bpsim import read_bpsim
from bpmn_tool.interchange.foreign.draft import Draft, Note, NoteKind
from bpmn_tool.interchange.foreign.prosimos import read_prosimos
from bpmn_tool.interchange.foreign.qbp import read_qbp
from bpmn_tool.interchange.foreign.scylla import read_scylla
from bpmn_tool.interchange.foreign.writing import scenario_text

__all__ = ["FORMATS", "Draft", "Format", "Note", "NoteKind", "import_files", "scenario_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What another tool writes. `beside`: suffixes of its parameter files beside the BPMN files, empty where the
    parameters stand in those; `read(draft, parameter files, the scenario that is wanted)`.
    """

    name: str
    title: str
    beside: tuple[str, ...]
    read: Callable[[Draft, Sequence[Path], str | None], None]


FORMATS: Final[Mapping[str, Format]] = {
    each.name: each
    for each in (
        Format(name="prosimos", title="Prosimos (JSON)", beside=(".json",), read=read_prosimos),
        Format(name="bpsim", title="BPSim 1.0 and 2.0 (inside BPMN)", beside=(), read=read_bpsim),
        Format(name="qbp", title="QBP of BIMP (inside BPMN)", beside=(), read=read_qbp),
        Format(name="scylla", title="Scylla (XML)", beside=(".xml",), read=read_scylla),
    )
}


def import_files(name: str, files: Sequence[Path], *, scenario: str | None = None) -> Draft:
    """What these files say, as a draft of a scenario. `scenario`: which of several, by id or name.

    Raises InputError with all that is wrong with the files.
    """
    if name not in FORMATS:
        raise InputError(f"'{name}' is no format that can be imported; they are: {', '.join(FORMATS)}")
    wanted = FORMATS[name]
    beside = [path for path in files if path.suffix.lower() in wanted.beside]
    models = [path for path in files if path not in beside]
    if not models:
        raise InputError(f"{wanted.title}: a BPMN file is wanted")
    if wanted.beside and not beside:
        raise InputError(
            f"{wanted.title}: a file with parameters ({', '.join(wanted.beside)}) is wanted beside the model"
        )
    draft = Draft(model=read_model(*models), files=tuple(models))
    wanted.read(draft, beside or models, scenario)
    return draft
