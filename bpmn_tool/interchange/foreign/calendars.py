"""Weeks of other tools as calendars of a scenario."""

from bpmn_tool.errors import Location
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.register.partners import identifier


def is_open(draft: Draft, week: Week, place: Location) -> bool:
    """Whether a week is open at all; says so where it is not, and what was read otherwise where it is."""
    if week.is_shut:
        draft.unclear("it is never open, and not taken over", place)
        return False
    if week.rounded:
        draft.mended(f"{', '.join(dict.fromkeys(week.rounded))} is read as the next whole minute", place)
    if week.doubled:
        draft.unclear("periods that overlap are joined", place)
    return True


def put_calendar(draft: Draft, wanted: str, week: Week) -> str | None:
    """The name of a calendar with these hours, new in the scenario; None for round the clock, which needs none."""
    if week.is_always:
        return None
    name = identifier(wanted) or "calendar"
    while draft.has("calendars", name):
        name += "_2"
    draft.put("calendars", name, "hours", value=week.hours)
    return name
