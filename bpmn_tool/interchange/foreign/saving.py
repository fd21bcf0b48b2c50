"""Writes an imported scenario where `simulate` finds its model."""

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.writing import scenario_text
from bpmn_tool.interchange.replace_file import replace_file
from bpmn_tool.interchange.safe_paths import ROOT_FILE, root_of
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.scenario.scenario import Question

_ROOT = "# The root of a project: the paths in studies and scenarios stay below this folder.\n"


@dataclass(frozen=True, slots=True)
class Saved:
    """`written`: files, the scenario last; `questions`: what is still open in it."""

    written: list[Path]
    questions: tuple[Question, ...]


def save(draft: Draft, path: Path, *, origin: Sequence[Path]) -> Saved:
    """Writes the scenario, and the root file of a project above it and its models where there is none.

    Raises InputError, OSError; the file is whole or not there.
    """
    text = scenario_text(draft, name=path.stem.replace("_", " "), folder=path.parent, origin=origin)
    path.parent.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    if (root := _root_wanted(path, draft.files)) is not None:
        replace_file(root, _ROOT.encode())
        written.append(root)
    replace_file(path, text.encode())
    return Saved([*written, path], read_scenario(path).questions)


def _root_wanted(path: Path, models: Sequence[Path]) -> Path | None:
    """The root file that the paths in the scenario need, None where they are below one already."""
    root = root_of(path)
    places = [model.resolve() for model in models]
    if all(place.is_relative_to(root) for place in places):
        return None
    common = Path(commonpath([path.parent.resolve(), *places]))
    if common.is_file():
        common = common.parent
    if (root / ROOT_FILE).is_file() or common == Path(common.anchor):
        raise InputError("the model does not lie in the same project as the scenario: put them side by side")
    return common / ROOT_FILE
