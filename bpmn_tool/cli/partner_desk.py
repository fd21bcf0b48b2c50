"""What every action of `partner` starts from: the models, their one register, and the sign-offs beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from bpmn_tool.cli.check_groups import files_of
from bpmn_tool.comparison.agreement import Standing, Task, standings
from bpmn_tool.comparison.asked import asked_of
from bpmn_tool.comparison.meaning import meaning_of
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.sign_off_store import Store, store_of
from bpmn_tool.messages import _, named
from bpmn_tool.model.elements import Element, Model
from bpmn_tool.register import Partner, Register

Paths = Annotated[list[Path], typer.Argument(help=_("BPMN files, or folders with them."), metavar="PATH...")]
Whose = Annotated[
    str,
    typer.Argument(help=_("A partner, by its id or a name in the register."), metavar="PARTNER", show_default=False),
]
RegisterFile = Annotated[
    Path | None,
    typer.Option(
        "--register", metavar="FILE", help=_("The register of partners and roles, if it is not found near the models.")
    ),
]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`models` by the path of their file from the root of the project."""

    models: Mapping[str, Model]
    register: Register
    register_path: str
    store: Store

    def partner(self, word: str) -> Partner:
        """The partner that is meant. Raises InputError with those that there are."""
        found = self.register.partners.get(self.register.meant(word)) or self.register.partner_of(word)
        if found is None:
            known = ", ".join(self.register.partners)
            raise InputError(
                Problem(
                    message=f"has no partner '{word}'; there is {known}", location=Location(path=self.register_path)
                )
            )
        return found

    def tasks(self, partner: str) -> tuple[Task, ...]:
        """All that is asked of a partner, model by model."""
        return tuple(
            Task(asked=asked, meaning=meaning_of(model, self.register, asked), model=file)
            for file, model in self.models.items()
            for asked in asked_of(model, self.register, partner)
        )

    def standings(self, partner: str) -> tuple[Standing, ...]:
        """How each of its steps stands."""
        return standings(self.tasks(partner), self.store.chain(partner), cache(self.store.facts), self.models.keys())

    def partners(self) -> tuple[str, ...]:
        """Those of whom anything is asked, or who said anything."""
        kept = set(self.store.partners_with_files(self.register.partners))
        return tuple(
            each
            for each in self.register.partners
            if each in kept or any(asked_of(model, self.register, each) for model in self.models.values())
        )


def desk_of(paths: Iterable[Path], register: Path | None = None) -> Desk:
    """Reads everything. Raises InputError with all that is wrong: no register, two of them, a model that is none."""
    from bpmn_tool.interchange.register_toml import read_register

    files = files_of(paths)
    found = register or _register_of(files)
    return Desk(
        models=_models(files), register=read_register(str(found)), register_path=str(found), store=store_of(found)
    )


def _register_of(files: Sequence[Path]) -> Path:
    from bpmn_tool.interchange.check_settings import read_check_settings, register_near, shown_path
    from bpmn_tool.interchange.safe_paths import root_of

    found: dict[Path, Path] = {}
    for file in files:
        near = read_check_settings(root_of(file)).register or register_near(file)
        if near is None:
            message = "no register of partners is near it; --register FILE names one"
            raise InputError(Problem(message=message, location=Location(path=str(file))))
        found.setdefault(near.resolve(), near)
    if len(found) > 1:
        raise InputError(_("These models have several registers: ask about those of one at a time."))
    return Path(shown_path(next(iter(found.values()))))


def _models(files: Iterable[Path]) -> dict[str, Model]:
    from bpmn_tool.interchange.bpmn_xml import read_model

    models: dict[str, Model] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            models[from_root(file)] = read_model(file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return models


def from_root(file: Path) -> str:
    """How sign-offs call a file: by its path from the root of the project."""
    from bpmn_tool.interchange.safe_paths import root_of

    return file.resolve().relative_to(root_of(file)).as_posix()


def file_hash(model: Model) -> str:
    """SHA-256 of the file of a model."""
    from hashlib import sha256

    return sha256(b"".join(source.data for source in model.sources)).hexdigest()


def step_name(element: Element) -> str:
    """What a step is called, in the language in use where the model says it."""
    return " ".join(named({**element.statement.names}, element.label).split()) if _speaks(element) else element.label


def _speaks(element: Element) -> bool:
    from bpmn_tool.messages import language

    return language() in element.statement.names
