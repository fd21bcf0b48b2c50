"""``bpmn-tool diff``: what changed between two models, or between two folders of them, by meaning."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, wants_json
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.model.elements import Model
    from bpmn_tool.register import Register

_ENDING = ".bpmn"


def command(
    old: Annotated[Path, typer.Argument(help=_("A BPMN file, or a folder with them."), metavar="OLD")],
    new: Annotated[Path, typer.Argument(help=_("The same after the change."), metavar="NEW")],
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=_(
                "The register of partners and roles; else the one of the project, or partners.toml near the models."
            ),
        ),
    ] = None,
    layout: Annotated[
        bool, typer.Option("--layout", help=_("List the shapes that moved, too; they count for --exit-code."))
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=_("Exit 1 where there is a difference, as git diff does."))
    ] = False,
) -> int:
    """Say what changed between two models, by meaning.

    Order, white space, prefixes and places on the drawing are no change. Exit 0, also where there are differences; with
    --exit-code 1 where there are some; 2: it cannot be compared.
    """
    from bpmn_tool.cli.differences import as_json, show_differences, whole
    from bpmn_tool.comparison.structure import diff

    folders = old.is_dir() or new.is_dir()
    pairs = _read(_paired(old, new), register)
    found = [(pair, diff(pair.old, pair.new, *pair.registers)) for pair in pairs]
    if wants_json():
        document = {"old": str(old), "new": str(new), **as_json(whole([each for _pair, each in found]))}
        if folders:
            document["files"] = [
                {"path": pair.name, "old": pair.paths[0], "new": pair.paths[1], **as_json(each)} for pair, each in found
            ]
        emit_json("diff", document)
    else:
        for pair, each in found:
            show_differences(pair.name if folders else None, pair.paths, each, pair.registers[1], layout=layout)
    differs = any(not (each.is_empty if layout else each.same_meaning) for _pair, each in found)
    return int(exit_code and differs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two models to compare; one of them is empty where a folder lacks the file, and has no path then."""

    name: str
    paths: tuple[str | None, str | None]
    old: "Model"
    new: "Model"
    registers: "tuple[Register | None, Register | None]"


def _paired(old: Path, new: Path) -> list[tuple[str, Path | None, Path | None]]:
    """Files that belong together: two files, or those of two folders by their names below them."""
    if gone := [path for path in (old, new) if not path.exists()]:
        raise InputError(
            Problem(message="there is no such file or folder", location=Location(path=str(path))) for path in gone
        )
    if not (old.is_dir() or new.is_dir()):
        return [(new.name, old, new)]
    if not (old.is_dir() and new.is_dir()):
        file = new if old.is_dir() else old
        message = "is a file, and the other a folder: compare two files, or two folders"
        raise InputError(Problem(message=message, location=Location(path=str(file))))
    ours, theirs = _below(old), _below(new)
    if not (ours or theirs):
        raise InputError(
            Problem(message=f"holds no *{_ENDING} file", location=Location(path=str(path))) for path in (old, new)
        )
    return [(name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})]


def _below(folder: Path) -> dict[str, Path]:
    found = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.lower().endswith(_ENDING):
                path = Path(place, name)
                found[path.relative_to(folder).as_posix()] = path
    return found


def _read(pairs: list[tuple[str, Path | None, Path | None]], register: Path | None) -> list[_Pair]:
    """All models with their registers. Raises one InputError with the problems of all files."""
    from bpmn_tool.interchange.bpmn_xml import read_each
    from bpmn_tool.model.elements import Model

    paths = [path for _name, *both in pairs for path in both if path is not None]
    models = dict(zip(paths, read_each(paths), strict=True))
    registers = _Registers(register)
    return [
        _Pair(
            name=name,
            paths=(None if old is None else str(old), None if new is None else str(new)),
            old=Model() if old is None else models[old],
            new=Model() if new is None else models[new],
            registers=(registers.near(old), registers.near(new)),
        )
        for name, old, new in pairs
    ]


class _Registers:
    """Reads each register once; the one that was named goes before those that lie near."""

    def __init__(self, named: Path | None) -> None:
        self.named = named
        self.known: dict[Path, Register] = {}

    def near(self, model: Path | None) -> "Register | None":
        from bpmn_tool.interchange.check_settings import read_check_settings, register_near, shown_path
        from bpmn_tool.interchange.register_toml import read_register
        from bpmn_tool.interchange.safe_paths import root_of

        path = self.named
        if path is None and model is not None:
            path = read_check_settings(root_of(model)).register or register_near(model)
        if path is None:
            return None
        if path not in self.known:
            self.known[path] = read_register(shown_path(path))
        return self.known[path]
