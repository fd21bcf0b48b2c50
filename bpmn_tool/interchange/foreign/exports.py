"""Scenarios as simulation parameters of other tools, by the name of the format."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign.draft import Note
from bpmn_tool.interchange.foreign.export_bpsim import bpsim
from bpmn_tool.interchange.foreign.export_prosimos import prosimos
from bpmn_tool.interchange.foreign.outgoing import Outgoing, read

EXPORTS: Final[Mapping[str, Callable[[Outgoing], bytes]]] = {"prosimos": prosimos, "bpsim": bpsim}


def export(name: str, scenario: Path, *, allow_outside: bool = False) -> tuple[bytes, list[Note]]:
    """The file, and what does not go along unchanged. Raises InputError with all that is wrong."""
    if name not in EXPORTS:
        raise InputError(f"'{name}' is no format that can be exported; they are: {', '.join(EXPORTS)}")
    out = read(scenario, allow_outside=allow_outside)
    data = EXPORTS[name](out)
    return data, out.notes
