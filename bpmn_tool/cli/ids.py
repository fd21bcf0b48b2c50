"""``bpmn-tool ids``: the same step gets the same id, so that two models can be compared for good."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import _, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.comparison.pairing import Pairing
    from bpmn_tool.model.elements import Model

_PROJECT_FILES: Final = (".toml", ".csv", ".json")
_SKIPPED: Final = {"node_modules", "__pycache__", "dist", "build"}
_MOST_FILES: Final = 5_000
_WORD: Final = re.compile(r"[\w.:-]*\w")


def command(
    file: Annotated[Path, typer.Argument(help=_("The BPMN file whose ids change."), metavar="FILE")],
    like: Annotated[
        Path, typer.Option(help=_("The model with the ids to take over."), metavar="OLD", show_default=False)
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Write without asking."))] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=_("Write here; else into the file itself."), metavar="FILE")
    ] = None,
) -> int:
    """Give the same step the same id as in another model.

    Proposes pairs by name, kind and neighbours, and after a yes writes each id with all that refers to it, the diagram
    too, and no other byte. What could be meant twice is left alone.
    """
    from bpmn_tool.comparison.pairing import pair
    from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
    from bpmn_tool.interchange.id_splice import rename
    from bpmn_tool.interchange.replace_file import replace_file

    to = output or file
    if output is not None or yes:
        _refuse_what_is_no_file(to)
    data = file.read_bytes()
    model, theirs = read_bytes(data, str(file)), read_model(like)
    pairing = pair(theirs, model)
    new_of = _proposed(pairing, theirs, model)
    renamed = rename(data, new_of, str(file))
    mentions = list(_mentions(file, new_of))
    if not wants_json():
        _show(file, like, new_of, pairing, theirs, model)
    written = bool(new_of) and (yes or (not wants_json() and _agreed(to)))
    if written:
        _refuse_what_is_no_file(to)
        replace_file(to, renamed.data)
    if wants_json():
        document = {
            "path": str(file),
            "pairs": [_row(model, now, then) for now, then in new_of.items()],
            "written": str(to) if written else None,
            "left": [str(place) for place in renamed.left],
            "mentions": [{"path": str(path), "line": line, "id": id} for path, line, id in mentions],
        }
        emit_json("ids", document)
    elif new_of:
        _tell(to, written=written, left=renamed.left, mentions=mentions, again=(file, like))
    return 0


def _refuse_what_is_no_file(path: Path) -> None:
    """A new file is put in the place of the old one, which must not happen to a device, a pipe or a folder."""
    message = ""
    if path.exists() and not path.is_file():
        message = "is no ordinary file and is not replaced: name a file"
    elif not path.resolve().parent.is_dir():
        message = "cannot be written: there is no such folder"
    if message:
        raise InputError(Problem(message=message, location=Location(path=str(path))))


def _proposed(pairing: "Pairing", theirs: "Model", model: "Model") -> dict[str, str]:
    """Id in the file to the id to take over; made ids stand in no file."""
    made = {each.id for one in (theirs, model) for each in one.generated}
    return {now: then for then, now in pairing.renumbered if now not in made and then not in made}


def _row(model: "Model", now: str, then: str) -> dict[str, str]:
    from bpmn_tool.comparison.linked import kind_of

    element = model.get(now)
    assert element is not None
    return {"id": now, "like": then, "kind": kind_of(element), "name": " ".join(element.name.split())}


def _ends(model: "Model", id: str) -> str:
    """What a flow joins, by name; "" for anything else."""
    ends = [getattr(model.get(id), end, None) for end in ("source_ref", "target_ref")]
    elements = [model.get(end) for end in ends if end]
    return " → ".join(each.label for each in elements if each is not None)


def _show(
    file: Path, like: Path, new_of: Mapping[str, str], pairing: "Pairing", theirs: "Model", model: "Model"
) -> None:
    from bpmn_tool.cli.words import words_of

    rows = [_row(model, now, then) for now, then in new_of.items()]
    if rows:
        cells = [
            (words_of(row["kind"]), row["name"] or _ends(model, row["id"]), row["id"], row["like"]) for row in rows
        ]
        table([_("Kind"), _("Name"), _("Id in %(file)s") % {"file": file.name}, _("Id to take over")], cells)
    else:
        say(_("No id to take over: what can be told to be the same has the same id already."))
    paired = sum(node in pairing.new_of for node in theirs.flow_nodes)
    sentence = _("%(paired)s of %(all)s steps of %(like)s are found in %(file)s, %(same)s of them by their id.")
    same = sum(pairing.new_of.get(node) == node for node in theirs.flow_nodes)
    counts = {"paired": format_number(paired), "all": format_number(len(theirs.flow_nodes))}
    say(safe(sentence % {**counts, "like": like.name, "file": file.name, "same": format_number(same)}))


def _agreed(to: Path, ask: Callable[[str], str] | None = None) -> bool:
    """Ask on a terminal; nobody answers in a pipe."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    words = {"y", "yes", _("yes"), _("yes")[:1]}
    try:
        return (ask or input)(_("Write these ids into %(path)s? [y/N]") % {"path": to} + " ").strip().lower() in words
    except EOFError:
        say()
        return False


def _tell(
    to: Path,
    *,
    written: bool,
    left: "tuple[Location, ...]",
    mentions: list[tuple[Path, int, str]],
    again: tuple[Path, Path],
) -> None:
    if written:
        say(safe(_("Wrote %(path)s") % {"path": to}))
    else:
        elsewhere = [] if to == again[0] else ["-o", str(to)]
        words = shlex.join(["bpmn-tool", "ids", str(again[0]), "--like", str(again[1]), *elsewhere, "--yes"])
        say(safe(_("Nothing is written. To write it: %(command)s") % {"command": words}))
    if left:
        text = ngettext(
            "%(count)s attribute of a vendor holds an old id and stays as it is, at line %(lines)s.",
            "%(count)s attributes of vendors hold an old id and stay as they are, at lines %(lines)s.",
            len(left),
        )
        lines = ", ".join(str(place.line) for place in left[:10]) + (", …" if left[10:] else "")
        say(safe(text % {"count": format_number(len(left)), "lines": lines}))
    if mentions:
        say(_("Files of the project that mention an old id; change them by hand:"))
        for path, line, id in mentions:
            say(safe(f"  {path}:{line}: {id}"))


def _mentions(file: Path, ids: Mapping[str, str]) -> Iterator[tuple[Path, int, str]]:
    """Where scenarios, stories, registers and tables of the project name an id that goes: the first line of each."""
    from bpmn_tool.interchange.check_settings import shown_path
    from bpmn_tool.interchange.safe_paths import MAX_BYTES, root_of

    if not ids:
        return
    for path in _project_files(root_of(file)):
        if path.stat().st_size > MAX_BYTES:
            continue
        seen: set[str] = set()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            for word in _WORD.findall(line):
                for each in {word, *word.split(".")} & ids.keys() - seen:
                    seen.add(each)
                    yield Path(shown_path(path)), number, each


def _project_files(root: Path) -> Iterator[Path]:
    count = 0
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        for name in sorted(files):
            count += 1
            if count > _MOST_FILES:
                return
            if name.lower().endswith(_PROJECT_FILES):
                yield Path(place, name)
