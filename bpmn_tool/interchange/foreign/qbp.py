"""The QBP block of BIMP, inside a BPMN file (schema 201212). All times in it are seconds; a `timeUnit` is how a form
shows them.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import InputError, Problem
from bpmn_tool.interchange.foreign.amounts import Amounts, number
from bpmn_tool.interchange.foreign.arrivals import put_intervals
from bpmn_tool.interchange.foreign.calendars import is_open, put_calendar
from bpmn_tool.interchange.foreign.decisions import put_by_flow
from bpmn_tool.interchange.foreign.draft import DEFAULT_START, FOLLOW_UP, Draft
from bpmn_tool.interchange.foreign.staff import Worker, put_roles
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.interchange.foreign.xml_reader import Xml, read_xml
from bpmn_tool.model.elements import Event, Task

NAMESPACE: Final = "http://www.qbp-simulator.com/Schema201212"
_SECONDS: Final = Amounts(unit=1.0)


def read_qbp(draft: Draft, files: Sequence[Path], _scenario: str | None) -> None:
    """Puts what the block says into the scenario. Raises InputError with all that is no such block."""
    found = [block for path in files for block in read_xml(path).within("processSimulationInfo", [NAMESPACE])]
    if not found:
        raise InputError("there is no QBP block (processSimulationInfo) in the model")
    block = found[0]
    for other in found[1:]:
        draft.dropped("a second QBP block", other.location)
    draft.put("start", value=block.moment("startDateTime") or DEFAULT_START)
    draft.put("time_zone", value="UTC")
    draft.put("cases", value=max(int(block.number("processInstances")), 1))
    draft.put("follow_up", value=FOLLOW_UP)
    if (currency := block.get("currency")) not in (None, "EUR"):
        draft.put("costs", "currency", value=currency)
    weeks, default = _timetables(block, draft)
    arrivals = block.one("arrivalRateDistribution")
    if arrivals is None:
        block.wrong("there is no arrivalRateDistribution")
    else:
        put_intervals(draft, _distribution(arrivals, draft), default, arrivals.location)
    _work(block, draft, weeks, default)
    flows = block.one("sequenceFlows")
    put_by_flow(
        draft,
        {f.needed("elementId"): (f.number("executionProbability"), f.location) for f in flows.all("sequenceFlow")}
        if flows is not None
        else {},
    )
    if (options := block.one("statsOptions")) is not None and options.element.attrib:
        draft.dropped("cases left out of the statistics: see warm_up", options.location)
    if block.problems:
        raise InputError(_once(block.problems))


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _timetables(block: Xml, draft: Draft) -> tuple[dict[str, tuple[str | None, Week]], Week | None]:
    """Timetable -> calendar of the scenario (None: always) and its week; and the week of the arrivals."""
    found: dict[str, tuple[str | None, Week]] = {}
    default: Week | None = None
    for table in (each for tables in block.all("timetables") for each in tables.all("timetable")):
        week = _week(table, draft)
        if week is None:
            continue
        name = put_calendar(draft, table.get("name") or table.needed("id"), week)
        found[table.needed("id")] = (name, week)
        if table.get("default") in ("true", "1"):
            default = week
    return found, default


def _week(table: Xml, draft: Draft) -> Week | None:
    week = Week()
    for rule in (each for rules in table.all("rules") for each in rules.all("rule")):
        first = rule.needed("fromWeekDay")
        try:
            week.add(first, rule.get("toWeekDay") or first, rule.needed("fromTime"), rule.needed("toTime"))
        except ValueError as error:
            rule.wrong(str(error))
    return week if is_open(draft, week, table.location) else None


def _work(block: Xml, draft: Draft, weeks: Mapping[str, tuple[str | None, Week]], default: Week | None) -> None:
    resources = {r.needed("id"): r for rs in block.all("resources") for r in rs.all("resource")}
    durations: dict[str, dict[str, Any]] = {id_: {} for id_ in resources}
    tasks: dict[str, list[str]] = {}
    for element in (each for elements in block.all("elements") for each in elements.all("element")):
        id_ = element.needed("elementId")
        node = draft.model.flow_nodes.get(id_)
        said = element.one("durationDistribution")
        lasts = _distribution(said, draft) if said is not None else "PT0S"
        if isinstance(node, Event):
            draft.put("events", id_, "after", value=lasts)
        elif not isinstance(node, Task):
            draft.dropped(f"the model has no task '{id_}'", element.location)
        else:
            _task(element, draft, id_, lasts, durations, tasks)
    always = {calendar: name for calendar, (name, _) in weeks.items()}
    shared = next((name for name, week in weeks.values() if week is default), None)
    put_roles(draft, [_worker(r, draft, always, shared, durations[id_]) for id_, r in resources.items()], tasks)


def _task(
    element: Xml,
    draft: Draft,
    id_: str,
    lasts: Any,
    durations: Mapping[str, dict[str, Any]],
    tasks: dict[str, list[str]],
) -> None:
    named = [r.text for ids in element.all("resourceIds") for r in ids.all("resourceId")]
    for resource in named:
        if resource not in durations:
            draft.unclear(f"there is no resource '{resource}'", element.location)
        else:
            durations[resource][id_] = lasts
            tasks.setdefault(id_, []).append(resource)
    if id_ not in tasks:
        draft.put("tasks", id_, value={"role": "none", "duration": lasts})
        draft.mended(f"'{id_}' needs nobody", element.location)
    if element.number("fixedCost", 0.0):
        draft.put("tasks", id_, "cost", value=number(element.number("fixedCost")))
    for key in ("costThreshold", "durationThreshold"):
        if element.number(key, 0.0):
            draft.dropped(f"{key}: a measure with 'within' can count it", element.location)


def _worker(
    resource: Xml, draft: Draft, calendars: Mapping[str, str | None], shared: str | None, durations: Mapping[str, Any]
) -> Worker:
    table = resource.get("timetableId")
    if table is not None and table not in calendars:
        draft.unclear(f"there is no timetable '{table}': always there", resource.location)
    amount = resource.number("totalAmount", 1.0)
    if amount < 0 or not amount.is_integer():
        resource.wrong("totalAmount is a whole number of people")
    return Worker(
        id=resource.needed("id"),
        name=resource.get("name") or resource.needed("id"),
        amount=max(int(amount), 0),
        calendar=shared if table is None else calendars.get(table),
        cost_per_hour=resource.number("costPerHour", 0.0),
        durations=durations,
    )


def _distribution(said: Xml, draft: Draft) -> Any:
    try:
        return _made(said, draft)
    except (ValueError, ArithmeticError) as error:
        said.wrong(str(error))
        return "?"


def _made(said: Xml, draft: Draft) -> Any:
    kind = said.needed("type").upper()
    match kind:
        case "FIXED":
            return _SECONDS.constant(said.number("mean"))
        case "EXPONENTIAL":
            return _SECONDS.exponential(said.number("arg1"))
        case "NORMAL":
            return _SECONDS.normal(said.number("mean"), said.number("arg1"))
        case "UNIFORM":
            return _SECONDS.uniform(said.number("arg1"), said.number("arg2"))
        case "TRIANGULAR":
            return _SECONDS.triangular(said.number("arg1"), said.number("mean"), said.number("arg2"))
        case "LOGNORMAL":
            return _SECONDS.lognormal(said.number("mean"), math.sqrt(said.number("arg1")))
        case "GAMMA":
            return _SECONDS.gamma(said.number("mean"), math.sqrt(said.number("arg1")))
        case "HISTOGRAM":
            bins = [each for bins in said.all("histogramDataBins") for each in bins.all("histogramData")]
            parts = [(each.number("probability"), each.one("distribution")) for each in bins]
            return {"mixture": [[number(share), _made(part, draft)] for share, part in parts if part is not None]}
        case _:
            raise ValueError(f"'{kind}' is no distribution of QBP")
