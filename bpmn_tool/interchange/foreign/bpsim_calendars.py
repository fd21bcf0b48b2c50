"""Calendars of BPSim (iCalendar, RFC 5545) as weekly hours."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from bpmn_tool.interchange.foreign.calendars import is_open, put_calendar
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.weekly import DAY_CODES, DAY_NAMES, Week
from bpmn_tool.interchange.foreign.xml_reader import Xml

_MAX_TEXT: Final = 100_000


def read_calendars(calendars: Mapping[str, Xml], draft: Draft) -> dict[str, tuple[str | None, Week]]:
    """Calendar there -> its name here (None: always) and its week. What is no weekly calendar is left out, and said."""
    found: dict[str, tuple[str | None, Week]] = {}
    for id_, each in calendars.items():
        week = _week(each, draft)
        if week is not None:
            found[id_] = (put_calendar(draft, each.get("name") or id_, week), week)
    return found


def _week(calendar: Xml, draft: Draft) -> Week | None:
    from icalendar import Calendar

    text = calendar.text
    if len(text) > _MAX_TEXT:
        draft.unclear("a calendar of more than 100,000 characters is not read", calendar.location)
        return None
    if "BEGIN:VCALENDAR" not in text:
        text = f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR"
    try:
        events = list(Calendar.from_ical("\r\n".join(line.strip() for line in text.splitlines())).walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        draft.unclear(f"this is no iCalendar: {error}", calendar.location)
        return None
    week = Week()
    for event in events:
        _add(event, week, calendar, draft)
    return week if is_open(draft, week, calendar.location) else None


def _add(event: Any, week: Week, calendar: Xml, draft: Draft) -> None:
    begin = getattr(event.get("DTSTART"), "dt", None)
    if begin is None:
        draft.unclear("an event without a start", calendar.location)
        return
    length = _length(event, begin)
    if not timedelta() < length <= timedelta(days=1):
        draft.unclear("an event that is longer than a day, or has no length, is not taken over", calendar.location)
        return
    days = _days_of(event.get("RRULE"), begin, calendar, draft)
    for key in ("EXDATE", "RDATE", "EXRULE"):
        if event.get(key) is not None:
            draft.dropped(f"{key}: single days of a calendar are absences here", calendar.location)
    start = datetime.combine(begin, datetime.min.time()) if not isinstance(begin, datetime) else begin
    end = start + length
    closing = "24:00" if end.time() == datetime.min.time() else end.strftime("%H:%M:%S")
    for day in days:
        try:
            week.add(DAY_NAMES[day], DAY_NAMES[day], start.strftime("%H:%M:%S"), closing)
        except ValueError as error:
            draft.unclear(str(error), calendar.location)


def _length(event: Any, begin: date) -> timedelta:
    if event.get("DURATION") is not None and isinstance(event.get("DURATION").dt, timedelta):
        return event.get("DURATION").dt  # type: ignore[no-any-return]  # what the library gives
    end = getattr(event.get("DTEND"), "dt", None)
    if end is None:
        return timedelta(days=1) if not isinstance(begin, datetime) else timedelta()
    try:
        return end - begin  # type: ignore[no-any-return]
    except TypeError:  # one with a zone, one without
        return timedelta()


def _days_of(rule: Any, begin: date, calendar: Xml, draft: Draft) -> Iterable[int]:
    """Days of the week on which an event is, 0 for Monday."""
    if rule is None:
        draft.unclear("an event that does not recur is read as one of every week", calendar.location)
        return [begin.weekday()]
    frequency = str(next(iter(rule.get("FREQ", [])), "")).upper()
    if any(
        rule.get(key) for key in ("UNTIL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYWEEKNO", "BYYEARDAY")
    ) or any(int(each) != 1 for each in rule.get("INTERVAL", [])):
        draft.unclear("a rule with an end or with gaps is read as one of every week", calendar.location)
    named = [str(day)[-2:].upper() for day in rule.get("BYDAY", [])]
    if frequency == "DAILY" and not named:
        return range(7)
    if frequency in ("WEEKLY", "DAILY"):
        return [DAY_CODES.index(day) for day in named if day in DAY_CODES] or [begin.weekday()]
    draft.unclear(f"a rule by '{frequency.lower()}' is read as one of every week", calendar.location)
    return [begin.weekday()]
