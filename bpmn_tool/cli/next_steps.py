"""``bpmn-tool`` without a verb: three next steps for what lies in the folder."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bpmn_tool.cli.console import safe, say
from bpmn_tool.messages import _

DEPTH: Final = 3
LIMIT: Final = 5_000
"""Entries that are looked at: enough for a project, and an answer at once in somebody's home folder."""

_SKIPPED = {"node_modules", "__pycache__", "dist", "build", "tests"}


def show_next_steps(folder: Path = Path()) -> None:
    """Print what one can do here next."""
    heading, steps = next_steps(folder)
    say(safe(heading))
    say()
    width = max(len(command) for command, _why in steps)
    for command, why in steps:
        say(f"  [bold]{safe(command.ljust(width))}[/bold]  {safe(why)}")
    say()
    say(_("All commands: bpmn-tool --help"))


def next_steps(folder: Path) -> tuple[str, list[tuple[str, str]]]:
    """A sentence on what is here, and three commands with what each does."""
    files = sorted(_files(folder), key=lambda path: (len(path.parts), path))
    models = [path for path in files if path.suffix == ".bpmn"]
    studies = [path for path in files if path.name == "study.toml"]
    if studies:
        return _("There is a study here."), _with_study(studies[0], models)
    if models:
        return _("There are models here, and no study yet."), _with_models(models[0])
    return _("There is no model here yet."), [
        ("bpmn-tool study", _("see what a study gives: the one that ships, in about two minutes")),
        ("bpmn-tool init FILE.bpmn -o my-study", _("start from your own drawing")),
        ("bpmn-tool show FILE.bpmn", _("see what your drawing holds")),
    ]


def _with_study(study: Path, models: list[Path]) -> list[tuple[str, str]]:
    where = models[0].parts[0] if models and len(models[0].parts) > 1 else "."
    return [
        (f"bpmn-tool study {_quoted(study)}", _("simulate every variant and write the report")),
        (f"bpmn-tool check {_quoted(where)}", _("find what is wrong, and where nobody is named")),
        (f"bpmn-tool test {_quoted(where)}", _("play the stories")),
    ]


def _with_models(model: Path) -> list[tuple[str, str]]:
    return [
        (f"bpmn-tool show {_quoted(model)}", _("see what it holds")),
        (f"bpmn-tool check {_quoted(model)}", _("find what is wrong, and where nobody is named")),
        (f"bpmn-tool init {_quoted(model)} -o my-study", _("make a study of it")),
    ]


def _quoted(path: Path | str) -> str:
    return shlex.quote(Path(path).as_posix())


def _files(folder: Path) -> Iterator[Path]:
    """Files to :data:`DEPTH` folders down and at most :data:`LIMIT` of them, as paths relative to the folder."""
    seen = 0
    for here, folders, names in os.walk(folder):
        below = Path(here).relative_to(folder)
        deep = len(below.parts) >= DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if name[0] != "." and name not in _SKIPPED)
        for name in sorted(names):
            seen += 1
            if seen > LIMIT:
                return
            yield below / name
