"""Intervals between arrivals of other tools as arrivals of a scenario."""

import math
from collections.abc import Iterator
from typing import Any

from bpmn_tool.errors import Location
from bpmn_tool.instants.units import SECOND
from bpmn_tool.interchange.foreign.amounts import moments
from bpmn_tool.interchange.foreign.calendars import put_calendar
from bpmn_tool.interchange.foreign.draft import DEFAULT_CASES, Draft
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.model.elements import Event, EventKind, Model, SubProcess
from bpmn_tool.scenario.distribution_tables import distribution
from bpmn_tool.scenario.places import ValueProblems
from bpmn_tool.scenario.values import Context


def start_events(model: Model) -> Iterator[Event]:
    """Start events of processes, not of sub-processes."""
    for node in model.flow_nodes.values():
        inner = node.container and isinstance(model.flow_nodes.get(node.container), SubProcess)
        if isinstance(node, Event) and node.kind is EventKind.START and not inner:
            yield node


def put_intervals(draft: Draft, interval: Any, week: Week | None, place: Location, start: str | None = None) -> None:
    """Arrivals with this interval; while `week` is shut nobody comes. `start`: the start event, if the source says it.

    Tools that have such a calendar let the one interval that ends while it is shut end at the opening, and go on from
    there. Intervals of a scenario pass by day and night, so that a rate over the open hours stands for them, as high as
    theirs in the long run.
    """
    door = start or _only_start(draft, place)
    if door is None:
        return
    if interval == "?" or week is None or week.is_always:
        if interval != "?" and _moments(interval)[0] <= 0:
            _all_at_once(draft, door, None, place)
        else:
            draft.put("arrivals", door, "interval", value=interval)
        return
    mean, scv = _moments(interval)
    calendar = put_calendar(draft, "arrivals", week)
    if mean <= 0:
        _all_at_once(draft, door, calendar, place)
        return
    draft.put("arrivals", door, "rate", value=f"{arrivals_a_week(week, mean, scv):.9g} per week")
    draft.put("arrivals", door, "hours", value=calendar)
    draft.unclear(
        f"intervals of {mean:g} s on average that stop while it is shut: here a rate of as many a week, "
        "at any open moment alike, where there one stands at each opening",
        place,
    )


def arrivals_a_week(week: Week, mean: float, scv: float) -> float:
    """How many come in a week where the one interval that ends while it is shut ends at the opening. `mean` in seconds;
    `scv`: squared coefficient of variation.
    """
    # per opening one more than the open time alone has (renewal theory: (1 + scv) / 2), if the interval ends before
    extra = sum(1 - math.exp(-shut / mean) for shut in week.openings) * (1 + scv) / 2
    return week.open_seconds / mean + extra


def _all_at_once(draft: Draft, door: str, calendar: str | None, place: Location) -> None:
    draft.put("arrivals", door, "at_start", value=draft.tables.get("cases", DEFAULT_CASES))
    if calendar is not None:
        draft.put("arrivals", door, "hours", value=calendar)
    draft.mended("no time between arrivals: all cases are there at the start", place)


def _only_start(draft: Draft, place: Location) -> str | None:
    found = [event for event in start_events(draft.model) if not event.definitions] or list(start_events(draft.model))
    if not found:
        draft.unclear("the model has no start event for the arrivals", place)
        return None
    if len(found) > 1:
        draft.unclear(f"of {len(found)} start events the arrivals are taken to be those of {found[0].id}", place)
    return found[0].id


def _moments(interval: Any) -> tuple[float, float]:
    """Mean in seconds, and squared coefficient of variation, of a distribution as a scenario writes it."""
    try:
        mean, sd = moments(distribution(interval, Context(), durations=True))
    except (ValueProblems, ValueError):
        return 0.0, 0.0
    return (mean / SECOND, (sd / mean) ** 2) if mean > 0 else (0.0, 0.0)
