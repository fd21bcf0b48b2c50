"""``bpmn-tool export``: a scenario as simulation parameters of another tool."""

from pathlib import Path
from typing import Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.notes import notes_json, say_notes
from bpmn_tool.cli.simulating import AllowOutside
from bpmn_tool.messages import _


def command(
    format_: Annotated[str, typer.Argument(help=_("prosimos or bpsim."), metavar="FORMAT")],
    scenario: Annotated[Path, typer.Argument(help=_("A scenario file."), metavar="SCENARIO.toml")],
    out: Annotated[Path, typer.Option("--out", "-o", help=_("The file to write."), metavar="FILE")],
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Refuse where anything is not taken over as it stands."))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=_("Replace the file if it is there."))] = False,
    allow_outside: AllowOutside = False,
) -> int:
    """Write a scenario as simulation parameters of another tool."""
    from bpmn_tool.errors import InputError, Problem
    from bpmn_tool.interchange.foreign.exports import export
    from bpmn_tool.interchange.replace_file import replace_file

    if out.exists() and not force:
        raise InputError(f"{out} is there already: name another file, or replace it with --force")
    data, notes = export(format_, scenario, allow_outside=allow_outside)
    if strict and notes:
        raise InputError([Problem(message=note.message, location=note.location) for note in notes])
    replace_file(out, data)
    if wants_json():
        emit_json("export", {"written": out, "notes": notes_json(notes)})
    else:
        say(safe(_("Wrote %(path)s") % {"path": out}))
        say_notes(notes)
    return 0
