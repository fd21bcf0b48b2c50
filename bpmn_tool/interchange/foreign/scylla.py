"""Configurations of Scylla: a global one (people, timetables) and one a process, beside the BPMN files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign.amounts import UNITS, Amounts, duration, number
from bpmn_tool.interchange.foreign.calendars import is_open, put_calendar
from bpmn_tool.interchange.foreign.decisions import is_decision, put_shares
from bpmn_tool.interchange.foreign.draft import DEFAULT_START, Draft
from bpmn_tool.interchange.foreign.staff import MAX_PEOPLE
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.interchange.foreign.xml_reader import Xml, read_xml
from bpmn_tool.model.elements import EventKind, Task
from bpmn_tool.register.partners import identifier

_NO_PRIORITY: Final = -1  # of what has none there


def read_scylla(draft: Draft, files: Sequence[Path], _scenario: str | None) -> None:
    """Puts what the configurations say into the scenario. Raises InputError with all that is none."""
    roots = [read_xml(path) for path in files]
    globals_ = [root for root in roots if root.name == "globalConfiguration"]
    processes = [each for root in roots for each in root.all("simulationConfiguration")]
    if not globals_ or not processes:
        raise InputError("Scylla: a globalConfiguration and a simulationConfiguration at least are wanted")
    draft.put("time_zone", value="UTC")
    _global(globals_, draft)
    roles = _people(globals_, draft)
    _times(processes, draft)
    for process in processes:
        _process(process, draft, roles)
    if problems := [problem for root in roots for problem in root.problems]:
        raise InputError(list(dict.fromkeys(problems)))


def _global(globals_: Sequence[Xml], draft: Draft) -> None:
    for other in globals_[1:]:
        draft.dropped("a second globalConfiguration", other.location)
    for each in globals_[0].all():
        if each.name == "randomSeed":
            draft.put("seed", value=int(each.text_number()) % 2**32)
        elif each.name == "zoneOffset" and each.text not in ("+00:00", "Z", ""):
            draft.mended(f"times are read as local ones; there they are at {each.text}", each.location)
        elif each.name == "resourceAssignmentOrder" and each.text.strip(",") not in (
            "priority,simulationTime",
            "simulationTime",
        ):
            draft.unclear(f"work is given out by priority, then by time, not by {each.text}", each.location)


# -- people


def _people(globals_: Sequence[Xml], draft: Draft) -> dict[str, str]:
    """Resource there -> role here."""
    calendars = dict(_timetables(globals_[0], draft))
    roles: dict[str, str] = {}
    for resource in (each for data in globals_[0].all("resourceData") for each in data.all("dynamicResource")):
        id_ = resource.needed("id")
        role = identifier(id_) or "role"
        while role in roles.values():
            role += "_2"
        roles[id_] = role
        draft.put("roles", role, value=_role(resource, draft, calendars))
    return roles


def _timetables(root: Xml, draft: Draft) -> Iterator[tuple[str, str | None]]:
    for table in (each for tables in root.all("timetables") for each in tables.all("timetable")):
        week, id_ = Week(), table.needed("id")
        for item in table.all("timetableItem"):
            try:
                week.add(*(item.needed(key) for key in ("from", "to", "beginTime", "endTime")))
            except ValueError as error:
                item.wrong(str(error))
        if is_open(draft, week, table.location):
            yield id_, put_calendar(draft, id_, week)


def _role(resource: Xml, draft: Draft, calendars: Mapping[str, str | None]) -> dict[str, Any]:
    count = int(resource.number("defaultQuantity"))
    named = list(resource.all("instance"))
    default = _calendar(resource, "defaultTimetableId", draft, calendars)
    cost = _hourly(resource, "defaultCost", "defaultTimeUnit", resource)
    if not 0 <= count <= MAX_PEOPLE or len(named) > count:
        resource.wrong(f"{count} of them, and {len(named)} named")
        return {"count": 1}
    if not named:
        return {
            "count": count,
            **({"calendar": default} if default else {}),
            **({"cost_per_hour": cost} if cost else {}),
        }
    people = [_person(f"{resource.needed('id')} {n + 1}", default, cost) for n in range(count - len(named))]
    for each in named:
        # an instance without a timetable is always there, also where the resource has one
        calendar = _calendar(each, "timetableId", draft, calendars)
        its = _hourly(each, "cost", "timeUnit", resource) if each.get("cost") is not None else cost
        people.append(_person(each.needed("name"), calendar, its))
    return {"people": people}


def _person(name: str, calendar: str | None, cost: float) -> dict[str, Any]:
    return {"name": name, **({"calendar": calendar} if calendar else {}), **({"cost_per_hour": cost} if cost else {})}


def _calendar(each: Xml, key: str, draft: Draft, calendars: Mapping[str, str | None]) -> str | None:
    named = each.get(key)
    if named is not None and named not in calendars:
        draft.unclear(f"there is no timetable '{named}': always there", each.location)
    return calendars.get(named or "")


def _hourly(each: Xml, key: str, unit: str, default: Xml) -> int | float:
    per = UNITS.get((each.get(unit) or default.get("defaultTimeUnit") or "HOURS").lower())
    if per is None:
        each.wrong(f"'{each.get(unit)}' is no unit of time")
        return 0
    return number(round(each.number(key, 0.0) * 3600 / per, 9))


# -- processes


def _times(processes: Sequence[Xml], draft: Draft) -> None:
    starts = [moment for process in processes if (moment := process.moment("startDateTime")) is not None]
    ends = [moment for process in processes if (moment := process.moment("endDateTime")) is not None]
    begin = min(starts, default=DEFAULT_START)
    draft.put("start", value=begin)
    draft.put("cases", value=sum(max(int(process.number("processInstances")), 1) for process in processes))
    if len(set(starts)) > 1:
        draft.unclear(f"all processes begin at the first start, {begin.isoformat()}", processes[0].location)
    if ends:
        length = (max(ends) - begin).total_seconds()
        if length > 0:
            draft.put("horizon", value=duration(length))
            draft.put("follow_up", value="P1Y")
            draft.mended("what is open at the end is followed on here, for a year at most", processes[0].location)
        else:
            processes[0].wrong("endDateTime is not after startDateTime")


def _process(process: Xml, draft: Draft, roles: Mapping[str, str]) -> None:
    if process.get("randomSeed") is not None:
        draft.dropped("a seed of its own", process.location)
    for each in process.all():
        id_ = each.get("id") or ""
        if id_ and each.name != "resources" and id_ not in draft.model.flow_nodes:
            draft.dropped(f"the model has no '{id_}'", each.location)
        elif each.name == "startEvent":
            if (rate := each.one("arrivalRate")) is not None:
                draft.put("arrivals", id_, "interval", value=_time(rate))
        elif each.name == "subProcess":
            _sub_process(each, draft, roles)
        elif each.name.lower().endswith("task"):
            _task(each, draft, id_, roles)
        elif each.name in ("exclusiveGateway", "inclusiveGateway"):
            _gateway(each, draft, id_)
        elif each.name == "boundaryEvents":
            _boundary_events(each, draft)
        elif each.name not in ("duration", "resources"):
            draft.dropped(f"{each.name} is not known here", each.location)
        if (events := each.one("boundaryEvents")) is not None and each.name != "subProcess":
            _boundary_events(events, draft)


def _sub_process(each: Xml, draft: Draft, roles: Mapping[str, str]) -> None:
    for key in ("duration", "resources"):
        if (said := each.one(key)) is not None:
            draft.dropped(f"{key} of a sub-process: what is inside takes its time", said.location)
    _process(each, draft, roles)


def _task(each: Xml, draft: Draft, id_: str, roles: Mapping[str, str]) -> None:
    if not isinstance(draft.model.flow_nodes[id_], Task):
        draft.dropped(f"'{id_}' is no task in the model", each.location)
        return
    task: dict[str, Any] = {}
    seats: dict[str, int] = {}
    priorities: list[int] = []
    for resource in (r for rs in each.all("resources") for r in rs.all("resource")):
        if (named := resource.needed("id")) not in roles:
            draft.unclear(f"there is no resource '{named}'", resource.location)
            continue
        seats[roles[named]] = int(resource.number("amount", 1.0))
        said = [p for a in resource.all("assignmentDefinition") for p in a.all("priority")]
        priorities.append(int(said[0].text_number()) if said else _NO_PRIORITY)
    match list(seats.items()):
        case []:
            task["role"] = "none"
        case [(role, 1)]:
            task["role"] = role
        case _:
            task["roles"] = seats
    if (lasts := each.one("duration")) is not None:
        task["duration"] = _time(lasts)
    else:
        task["duration"] = "PT0S"
        draft.mended("a task without a duration takes no time", each.location)
    if priorities and max(priorities) != _NO_PRIORITY:
        task["priority"] = max(priorities)
        if len(set(priorities)) > 1:
            draft.unclear("a task has one priority here: the highest of its resources", each.location)
    draft.put("tasks", id_, value=task)


def _gateway(each: Xml, draft: Draft, id_: str) -> None:
    if not is_decision(draft, id_):
        draft.dropped(f"'{id_}' is no decision in the model", each.location)
        return
    shares: dict[str, float] = {}
    for flow in each.all("outgoingSequenceFlow"):
        known = draft.model.sequence_flows.get(flow.needed("id"))
        if known is None or known.source_ref != id_:
            draft.dropped(f"'{id_}' has no way out '{flow.get('id')}'", flow.location)
        elif (share := flow.one("branchingProbability")) is not None:
            shares[known.id] = share.text_number()
    if shares:
        put_shares(draft, id_, shares, {}, each.location)


def _boundary_events(events: Xml, draft: Draft) -> None:
    listed = list(events.all("boundaryEvent"))
    for event in listed:
        id_ = event.needed("id")
        node = draft.model.flow_nodes.get(id_)
        if getattr(node, "kind", None) is not EventKind.BOUNDARY:
            draft.dropped(f"the model has no boundary event '{id_}'", event.location)
            continue
        if (share := event.one("eventProbability")) is not None:
            draft.put("events", id_, "probability", value=number(share.text_number()))
        if (rate := event.one("arrivalRate")) is not None:
            draft.put("events", id_, "after", value=_time(rate))
    if len(listed) > 1:
        draft.unclear(
            "there at most one of these events occurs; here each for itself, and the first wins", events.location
        )


# -- times


def _time(said: Xml) -> Any:
    """A distribution with its unit; "?" where there is none, which is wrong."""
    unit = UNITS.get((said.get("timeUnit") or "").lower())
    if unit is None:
        said.wrong(f"'{said.get('timeUnit')}' is no unit of time")
        return "?"
    for child in said.all():
        try:
            if (made := _made(child, Amounts(unit=unit))) is not None:
                return made
        except (ValueError, ArithmeticError) as error:
            child.wrong(str(error))
            return "?"
    said.wrong("there is no distribution that is known here")
    return "?"


def _made(said: Xml, amounts: Amounts) -> Any:
    def value(name: str) -> float:
        found = said.one(name)
        if found is None:
            raise ValueError(f"{said.name} needs '{name}'")
        return found.text_number()

    match said.name:
        case "constantDistribution":
            return amounts.constant(value("constantValue"))
        case "exponentialDistribution":
            return amounts.exponential(value("mean"))
        case "uniformDistribution":
            return amounts.uniform(value("lower"), value("upper"))
        case "triangularDistribution":
            return amounts.triangular(value("lower"), value("peak"), value("upper"))
        case "normalDistribution":
            return amounts.normal(value("mean"), value("standardDeviation"))
        case "erlangDistribution":
            return amounts.erlang(value("mean"), value("order"))
        case "binomialDistribution":
            return amounts.binomial(int(value("amount")), value("probability"))
        case "poissonDistribution":
            return amounts.poisson(value("mean"))
        case "empiricalDistribution" | "arbitraryFiniteProbabilityDistribution":
            entries = list(said.all("entry"))
            return amounts.empirical([e.number("value") for e in entries], [e.number("frequency") for e in entries])
        case _:
            return None
