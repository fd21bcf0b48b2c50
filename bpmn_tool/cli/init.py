"""``bpmn-tool init``: from one's own drawing to a study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.messages import _, ngettext

if TYPE_CHECKING:
    from bpmn_tool.interchange.init_files import Initialised


def command(
    files: Annotated[list[Path], typer.Argument(help=_("BPMN files: a scenario each."), metavar="FILE...")],
    out: Annotated[Path, typer.Option("--out", "-o", help=_("The folder of the study."), metavar="DIR")],
    sheet: Annotated[
        str | None, typer.Option(help=_("Ask the same as a table to mail round."), metavar="NUMBERS.csv")
    ] = None,
) -> int:
    """Start from your own drawing: register, study and scenario with every id filled in, and "?" where a number is
    needed.

    Run again after a change, it adds what is new, keeps what is there, and lists what lost its element.
    """
    from bpmn_tool.errors import InputError
    from bpmn_tool.interchange.init_files import init_files

    if sheet is not None and (Path(sheet).name != sheet or not sheet):
        raise InputError(f"'{sheet}' is not the name of a file: the sheet goes into the folder of the study")
    done = init_files(files, out, sheet=sheet)
    if wants_json():
        emit_json("init", _as_json(done))
    else:
        _print(done)
    return 0


def _as_json(done: "Initialised") -> dict[str, object]:
    return {
        "study": str(done.study),
        "written": [str(path) for path in done.written],
        "kept": [str(path) for path in done.kept],
        "added": [{"path": str(path), "key": key} for path, key in done.added],
        "lost": [{"path": str(path), "key": key} for path, key in done.lost],
        "by_hand": [{"path": str(path), "key": key} for path, key in done.by_hand],
        "questions": {str(path): [question.path for question in found] for path, found in done.questions.items()},
    }


def _print(done: "Initialised") -> None:
    for path in done.written:
        say(safe(_("Wrote %(path)s") % {"path": path}))
    for path in done.kept:
        say(safe(_("Kept %(path)s as it is") % {"path": path}))
    _print_places(_("Without an element in the drawing (remove or rename them, they stay as they are):"), done.lost)
    _print_places(_("To be added by hand:"), done.by_hand)
    say()
    for path, questions in done.questions.items():
        n = len(questions)
        text = ngettext("%(n)s open question in %(path)s", "%(n)s open questions in %(path)s", n)
        say(safe(text % {"n": n, "path": path}))
    first = done.scenarios[0]
    if any(done.questions.values()):
        say(safe(_('Next: put a number in the place of each "?", then bpmn-tool simulate %(path)s') % {"path": first}))
    else:
        say(safe(_("Next: bpmn-tool study %(path)s") % {"path": done.study}))


def _print_places(heading: str, places: list[tuple[Path, str]]) -> None:
    if places:
        say(heading)
        for path, key in places:
            say(safe(f"  {path}: {key}"))
