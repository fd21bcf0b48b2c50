"""``bpmn-tool import``: simulation parameters of other tools as a scenario."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.notes import notes_json, say_notes
from bpmn_tool.messages import _, ngettext

if TYPE_CHECKING:
    from bpmn_tool.interchange.foreign import Draft
    from bpmn_tool.scenario.scenario import Question


def command(
    format_: Annotated[str, typer.Argument(help=_("prosimos, bpsim, qbp or scylla."), metavar="FORMAT")],
    files: Annotated[list[Path], typer.Argument(help=_("The model, and the parameters beside it."), metavar="FILE...")],
    out: Annotated[Path, typer.Option("--out", "-o", help=_("The scenario to write."), metavar="SCENARIO.toml")],
    scenario: Annotated[
        str | None, typer.Option(help=_("Which scenario, where the file has several."), metavar="ID")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Refuse where anything is not taken over as it stands."))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=_("Replace the scenario if it is there."))] = False,
) -> int:
    """Write what other tools say of times, people and arrivals as a scenario."""
    from bpmn_tool.errors import InputError, Problem
    from bpmn_tool.interchange.foreign import import_files
    from bpmn_tool.interchange.foreign.saving import save

    if out.exists() and not force:
        raise InputError(f"{out} is there already: name another file, or replace it with --force")
    draft = import_files(format_, files, scenario=scenario)
    if strict and draft.notes:
        raise InputError([Problem(message=note.message, location=note.location) for note in draft.notes])
    saved = save(draft, out, origin=files)
    if wants_json():
        emit_json("import", {"written": saved.written, "notes": notes_json(draft.notes),
                             "questions": [question.path for question in saved.questions]})  # fmt: skip
    else:
        _print(draft, saved.written, saved.questions)
    return 0


def _print(draft: "Draft", written: list[Path], questions: "tuple[Question, ...]") -> None:
    for path in written:
        say(safe(_("Wrote %(path)s") % {"path": path}))
    say_notes(draft.notes)
    scenario = written[-1]
    if questions:
        n = len(questions)
        text = ngettext("%(n)s open question in %(path)s", "%(n)s open questions in %(path)s", n)
        say(safe(text % {"n": n, "path": scenario}))
        say(
            safe(
                _('Next: put a number in the place of each "?", then bpmn-tool simulate %(path)s') % {"path": scenario}
            )
        )
    else:
        say(safe(_("Next: bpmn-tool simulate %(path)s") % {"path": scenario}))
