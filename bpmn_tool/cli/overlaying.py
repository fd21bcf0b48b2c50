"""What ``diagram`` lays over a drawing, read or worked out from what the command line names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.model.elements import Model
    from bpmn_tool.reports.legends import Legend
    from bpmn_tool.reports.overlays import Overlay
    from bpmn_tool.results.finding import Finding


class Heat(StrEnum):
    WAITING = "waiting"
    LOAD = "load"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """What a drawing is given beside its model."""

    title: str = ""
    heat: Mapping[str, float] = field(default_factory=dict)
    legend: "Legend | None" = None
    overlay: "Overlay | None" = None


def heat(kind: Heat, folder: Path, model: "Model") -> Laid:
    """Activities by what a simulation found: how long work waited there, how long it took, how often it was done."""
    from bpmn_tool.interchange.run_json import read_run
    from bpmn_tool.reports import words
    from bpmn_tool.reports.legends import Legend

    name, activities = read_run(folder)
    match kind:
        case Heat.WAITING:
            values = {key: each.waited_s for key, each in activities.items()}
            said, finding = _("Days that work waited at each step, in one repetition"), _("work waits longest at")
        case Heat.LOAD:
            values = {key: each.processing.total_s for key, each in activities.items()}
            said, finding = _("Hours of work at each step, in one repetition"), _("most work is done at")
        case _:
            values = {key: each.count for key, each in activities.items()}
            said, finding = _("How often each step comes up, in one repetition"), _("what comes up most often is")
    values = {key: value for key, value in values.items() if value > 0 and key in model.flow_nodes}
    if not values:
        message = f"none of its {len(activities)} steps has anything to show in {model.path}: is it of another model?"
        raise InputError(Problem(message=message, location=Location(path=str(folder))))
    top = max(values, key=lambda key: (values[key], key))
    most = values[top]
    scale = {
        Heat.WAITING: words.duration(most, words.TIME_UNITS[3]),
        Heat.LOAD: words.duration(most, words.TIME_UNITS[2]),
        Heat.VOLUME: words.number(most),
    }[kind]
    title = f"{name}: {finding} “{model.flow_nodes[top].label}”"
    return Laid(title=title, heat=values, legend=Legend(words=said, top=scale))


def findings(file: Path, model: "Model", profile: str) -> Laid:
    """What `check` finds."""
    from bpmn_tool.reports.overlays import of_findings

    drawn = {element for diagram in model.diagrams for element in (*diagram.shapes, *diagram.edges)}
    return Laid(title=_("What check finds"), overlay=of_findings(_checked(file, profile), drawn))


def witness(file: Path, model: "Model", rule: str, profile: str) -> Laid:
    """The way to the first trouble of a rule."""
    from bpmn_tool.reports.overlays import of_witness

    every = [each for each in _checked(file, profile) if each.witness]
    found = [each for each in every if each.rule == rule]
    if not found:
        known = ", ".join(sorted({each.rule for each in every})) or _("none")
        message = f"no finding of '{rule}' shows a way to it; findings that do: {known}"
        raise InputError(Problem(message=message, location=Location(path=str(file))))
    return Laid(title=f"{found[0].rule}: {found[0].message}", overlay=of_witness(found[0], model))


def _checked(file: Path, profile: str) -> "list[Finding]":
    from bpmn_tool.cli.check_groups import Asked, files_of, groups_of
    from bpmn_tool.cli.checking import findings_of, read

    groups = groups_of(files_of([file]), Asked(profile=profile))
    if problems := read(groups, lambda: None):
        raise InputError(problems)
    every, _stopped = findings_of(groups, lambda: None, whole=True, jobs=1)
    return [each for each in every if not each.ignored_because]


def story(path: Path, file: Path, model: "Model") -> Laid:
    """The way of a recorded case, as far as it gets."""
    from bpmn_tool.cli.run import register_near
    from bpmn_tool.execution.stories import play
    from bpmn_tool.interchange.study_toml import read_story
    from bpmn_tool.reports.overlays import of_story

    result = play(model, register_near(file), read_story(path))
    if result.trace is None:
        raise InputError(Problem(message=result.message or "cannot be played", location=Location(path=str(path))))
    title = result.name if result.passed else f"{result.name}: {result.message}"
    return Laid(title=title, overlay=of_story(result.trace))


def changes(old: Path, file: Path, model: "Model") -> Laid:
    """What differs from an older file, by meaning."""
    from bpmn_tool.cli.run import register_near
    from bpmn_tool.comparison.structure import diff
    from bpmn_tool.interchange.bpmn_xml import read_model
    from bpmn_tool.reports.overlays import of_diff

    found = diff(read_model(old), model, register_near(old), register_near(file))
    return Laid(title=_("What changed since %(old)s") % {"old": old.name}, overlay=of_diff(found))
