"""The layout beside that of the authors, as numbers: ``python -m tests.layout.quality CORPORA [--files 30]``.

The shipped processes and public models of one diagram each, the largest first among those of each folder in turn. The
layout never sees the authors' drawing: it is made from the model alone.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from itertools import zip_longest
from pathlib import Path

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.layout.place import layout
from bpmn_tool.model.elements import Model
from tests.layout.metrics import Metrics, measure

SHIPPED = sorted(Path("processes").rglob("*.bpmn"))
NAMES = [f.name for f in fields(Metrics)]


def public(corpora: Path, count: int) -> list[Model]:
    """From each folder in turn its largest model that is left."""
    folders: dict[str, list[Model]] = {}
    for path in sorted(corpora.rglob("*.bpmn")):
        try:
            model = read_model(path)
        except InputError:
            continue
        if len(model.diagrams) == 1 and len(model.diagrams[0].shapes) > 8 and len(model.flow_nodes) > 5:
            folders.setdefault(str(path.relative_to(corpora).parent), []).append(model)
    for models in folders.values():
        models.sort(key=lambda each: (-len(each.flow_nodes), each.path))
    turns = zip_longest(*folders.values())
    return [model for turn in turns for model in turn if model is not None][:count]


def rows(models: list[Model]) -> Iterator[tuple[str, Metrics, Metrics, float]]:
    for model in models:
        begun = time.perf_counter()
        ours = layout(model)
        yield (
            Path(model.path).stem,
            measure(model, model.diagrams[0]),
            measure(model, ours),
            time.perf_counter() - begun,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--files", type=int, default=30)
    said = parser.parse_args()
    sys.stdout.write(f"{'':<34}" + "".join(f"{name:>16}" for name in NAMES) + "\n")
    for title, models in (
        ("shipped", [read_model(path) for path in SHIPPED]),
        ("public", public(said.corpora, said.files)),
    ):
        theirs, ours = Metrics(), Metrics()
        for name, their, our, _seconds in rows(models):
            theirs, ours = theirs + their, ours + our
            _line(name, their, our)
        _line(f"{title}: {len(models)} in all", theirs, ours)
    return 0


def _line(name: str, theirs: Metrics, ours: Metrics) -> None:
    cells = (f"{getattr(theirs, each)} > {getattr(ours, each)}" for each in NAMES)
    sys.stdout.write(f"{name[:33]:<34}" + "".join(f"{cell:>16}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
