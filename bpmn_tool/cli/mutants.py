"""What ``bpmn-tool test --mutate`` tells: which small faults in a process no story notices."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bpmn_tool.cli.console import progress, say, table
from bpmn_tool.messages import _, format_number, format_percent

if TYPE_CHECKING:
    from bpmn_tool.scenario.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A fault that no story noticed; `line` is that of the element in its file."""

    path: str
    line: int | None
    element: str
    name: str
    what: str


@dataclass(slots=True)
class Survey:
    """How many faults were tried and found. `all` is how many there are to try; faults that make a model which cannot
    be executed count nowhere else.
    """

    all: int = 0
    tried: int = 0
    found: int = 0
    survivors: list[Survivor] = field(default_factory=list)
    stopped: bool = False


def tried(stories: Sequence["Story"], register: Path | None) -> Survey:
    """Put every fault into every model and play its stories. Ctrl-C keeps what was tried until then."""
    from bpmn_tool.cli.run import register_near
    from bpmn_tool.execution.mutation import is_found, mutants
    from bpmn_tool.interchange.bpmn_xml import read_model

    by_model: dict[tuple[Path, ...], list[Story]] = {}
    for story in stories:
        by_model.setdefault(story.model, []).append(story)
    survey = Survey()
    faulty = []
    for paths, told in by_model.items():
        model = read_model(*paths)
        roles = register_near(paths[0], register)
        faulty += [(model, each, told, roles) for each in mutants(model)]
    survey.all = len(faulty)
    try:
        with progress(len(faulty), _("Trying faults")) as advance:
            for model, mutant, told, roles in faulty:
                noticed = is_found(mutant, told, roles)
                survey.tried += noticed is not None
                survey.found += noticed is True
                if noticed is False:
                    element = model.get(mutant.element)
                    place = None if element is None else element.location
                    survey.survivors.append(
                        Survivor(
                            path=_shown(place.path if place is not None and place.path else model.path),
                            line=None if place is None else place.line,
                            element=mutant.element,
                            name="" if element is None else element.label,
                            what=mutant.what,
                        )
                    )
                advance()
    except KeyboardInterrupt:
        survey.stopped = True
    return survey


def as_json(survey: Survey) -> dict[str, Any]:
    return {
        "all": survey.all,
        "tried": survey.tried,
        "found": survey.found,
        "survivors": survey.survivors,
        "stopped": survey.stopped,
    }


def show(survey: Survey) -> None:
    rows = [
        (f"{each.path}:{each.line}" if each.line is not None else each.path, each.element, each.name, each.what)
        for each in survey.survivors
    ]
    if rows:
        table([_("Place"), _("Element"), _("Name"), _("Fault that no story notices")], rows)
    say(how_far(survey))


def how_far(survey: Survey) -> str:
    names = {
        "found": format_number(survey.found),
        "tried": format_number(survey.tried),
        "share": format_percent(survey.found / survey.tried) if survey.tried else "-",
        "all": format_number(survey.all),
    }
    if survey.stopped:
        return _("%(found)s of %(tried)s faults are noticed by a story (%(share)s); there are %(all)s to try.") % names
    return _("%(found)s of %(tried)s faults are noticed by a story (%(share)s).") % names


def _shown(path: str) -> str:
    from bpmn_tool.cli.test import shown

    return shown(path)
