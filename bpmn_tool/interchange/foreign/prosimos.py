"""Simulation parameters of Prosimos (JSON beside a BPMN file), in the dialects that are in use."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import InputError, Location
from bpmn_tool.interchange.foreign.amounts import Amounts, number
from bpmn_tool.interchange.foreign.arrivals import put_intervals
from bpmn_tool.interchange.foreign.calendars import is_open, put_calendar
from bpmn_tool.interchange.foreign.decisions import is_decision, put_shares
from bpmn_tool.interchange.foreign.draft import DEFAULT_CASES, DEFAULT_START, FOLLOW_UP, NOBODY, Draft
from bpmn_tool.interchange.foreign.json_reader import Json
from bpmn_tool.interchange.foreign.prosimos_batches import put_batches
from bpmn_tool.interchange.foreign.prosimos_rules import UnknownAttribute, condition
from bpmn_tool.interchange.foreign.prosimos_values import distribution
from bpmn_tool.interchange.foreign.staff import Worker, put_roles
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.interchange.json_file import read_json
from bpmn_tool.model.elements import Event, Task
from bpmn_tool.register.partners import identifier

_SECONDS: Final = Amounts(unit=1.0)
_NUMBERS: Final = Amounts()
_READ: Final = frozenset(
    {
        "resource_profiles", "arrival_time_distribution", "arrival_time_calendar", "gateway_branching_probabilities",
        "task_resource_distribution", "task_resource_distributions", "resource_calendars", "event_distribution",
        "batch_processing", "case_attributes", "prioritisation_rules", "branch_rules", "model_type",
        "process_model", "granule_size",
    }
)  # fmt: skip
_DROPPED: Final[Mapping[str, str]] = {
    "event_attributes": "attributes that steps set",
    "global_attributes": "attributes that all cases share",
    "gateway_execution_limit": "how often a gateway may be passed",
    "multitask": "several tasks at the same time by one resource",
}


def read_prosimos(draft: Draft, files: Sequence[Path], _scenario: str | None) -> None:
    """Puts what a parameter file says into the scenario. Raises InputError with all that is no such file."""
    if len(files) > 1:
        raise InputError("one parameter file of Prosimos at a time")
    parameters = files[0]
    source = Json(read_json(parameters), parameters)
    if not isinstance(source.value, Mapping) or "resource_profiles" not in source:
        source.wrong("is no parameter file of Prosimos: it has no 'resource_profiles'")
        raise InputError(source.problems)
    draft.put("start", value=DEFAULT_START)  # a Monday
    draft.put("time_zone", value="UTC")
    draft.put("cases", value=DEFAULT_CASES)
    draft.put("follow_up", value=FOLLOW_UP)
    draft.mended(f"how many cases and from when is not said there: {DEFAULT_CASES}, from a Monday", source.location)
    attributes = _attributes(source, draft)
    calendars = _calendars(source, draft)
    _staff(source, draft, calendars)
    _arrivals(source, draft)
    _decisions(source, draft, attributes)
    _events(source, draft)
    _priorities(source, draft, attributes)
    put_batches(source.at("batch_processing"), draft)
    _rest(source, draft)
    if source.problems:
        raise InputError(source.problems)


def _rest(source: Json, draft: Draft) -> None:
    for key, each in source.pairs():
        if key in _DROPPED and each.value not in (None, [], {}):
            draft.dropped(_DROPPED[key], each.location)
        elif key not in _READ and key not in _DROPPED:
            draft.dropped("not known here", each.location)
    if "model_type" in source and source.at("model_type").text().upper() == "FUZZY":
        draft.unclear(
            "calendars with probabilities are read as open where the probability is above 0",
            source.at("model_type").location,
        )


# -- calendars


def _calendars(source: Json, draft: Draft) -> dict[str, str | None]:
    """Calendar there -> id here; None for round the clock."""
    found: dict[str, str | None] = {}
    for id_, periods, place in _listed_calendars(source.at("resource_calendars")):
        week = read_week(periods, draft, place)
        if week is not None:
            found[id_] = put_calendar(draft, id_, week)
    return found


def _listed_calendars(calendars: Json) -> Iterator[tuple[str, Json, Location]]:
    if isinstance(calendars.value, Mapping):  # the older form: by resource
        for id_, periods in calendars.pairs():
            yield id_, periods, periods.location
        return
    for each in calendars.items():
        yield each.at("id").text(), each.at("time_periods"), each.location


def read_week(periods: Json, draft: Draft, place: Location) -> Week | None:
    """The hours of a week, with what was mended; None where there are none."""
    week = Week()
    for period in periods.items():
        if "probability" in period and period.at("probability").number() <= 0:
            continue
        texts = [period.at(key).text() for key in ("from", "to", "beginTime", "endTime")]
        try:
            week.add(*texts)
        except ValueError as error:
            if all(texts):
                period.wrong(str(error))
    return week if is_open(draft, week, place) else None


# -- people


def _staff(source: Json, draft: Draft, calendars: Mapping[str, str | None]) -> None:
    found = list(_resources(source.at("resource_profiles")))
    resources = {each.at("id").text(): each for _, each in found}
    groups = {each.at("id").text(): group for group, each in found}
    durations: dict[str, dict[str, Any]] = {id_: {} for id_ in resources}
    tasks: dict[str, list[str]] = {}
    for task, resource, place in _assignments(
        source.first("task_resource_distribution", "task_resource_distributions")
    ):
        if resource not in resources:
            draft.unclear(f"there is no resource '{resource}' among the profiles", place.location)
        elif not isinstance(draft.model.flow_nodes.get(task), Task):
            draft.dropped(f"the model has no task '{task}'", place.location)
        elif resource == NOBODY:
            draft.put("tasks", task, value={"role": "none", "duration": distribution(place, draft, _SECONDS)})
        else:
            durations[resource][task] = distribution(place, draft, _SECONDS)
            tasks.setdefault(task, []).append(resource)
    workers = [_worker(id_, groups[id_], each, draft, calendars, durations[id_]) for id_, each in resources.items()]
    put_roles(draft, workers, tasks)
    for node in draft.model.flow_nodes.values():
        if isinstance(node, Task) and not draft.has("tasks", node.id, "role"):
            draft.unclear(f"nobody is named for the task '{node.label}' ({node.id})", source.location)


def _resources(profiles: Json) -> Iterator[tuple[str, Json]]:
    """(name of its profile, resource)"""
    groups = (each for _, each in profiles.pairs()) if isinstance(profiles.value, Mapping) else profiles.items()
    for profile in groups:
        name = profile.at("name").text() if "name" in profile else ""
        for each in profile.at("resource_list").items():
            yield name, each


def _assignments(tasks: Json) -> Iterator[tuple[str, str, Json]]:
    if isinstance(tasks.value, Mapping):  # the older form: task -> resource -> distribution
        for task, by_resource in tasks.pairs():
            for resource, place in by_resource.pairs():
                yield task, resource, place
        return
    for each in tasks.items():
        for place in each.at("resources").items():
            yield each.at("task_id").text(), place.at("resource_id").text(), place


def _worker(
    id_: str, group: str, each: Json, draft: Draft, calendars: Mapping[str, str | None], durations: Mapping[str, Any]
) -> Worker:
    calendar = str(each.at("calendar").value) if "calendar" in each else id_  # the older form names it by the resource
    if calendar not in calendars:
        draft.unclear(f"there is no calendar '{calendar}': always there", each.location)
    amount = each.at("amount").number() if "amount" in each else 1.0
    if not amount.is_integer() or amount < 0:
        each.at("amount").wrong("a whole number of people is wanted here")
        amount = 1.0
    return Worker(
        id=id_,
        name=each.at("name").text() if "name" in each else id_,
        group=group,
        amount=int(amount),
        calendar=calendars.get(calendar),
        cost_per_hour=each.at("cost_per_hour").number() if "cost_per_hour" in each else 0.0,
        durations=durations,
    )


# -- what comes in, and where it goes


def _arrivals(source: Json, draft: Draft) -> None:
    place = source.at("arrival_time_distribution")
    if place.value is None:
        draft.unclear("nothing is said of arrivals", source.location)
        return
    periods = source.at("arrival_time_calendar")
    week = read_week(periods, draft, periods.location) if periods.value else None
    put_intervals(draft, distribution(place, draft, _SECONDS), week, place.location)


def _decisions(source: Json, draft: Draft, attributes: Mapping[str, str]) -> None:
    rules = {each.at("id").text(): each.at("rules") for each in source.at("branch_rules").items()}
    for gateway, paths, place in _listed_gateways(source.at("gateway_branching_probabilities")):
        if not is_decision(draft, gateway):
            draft.dropped(f"the model has no decision '{gateway}'", place.location)
            continue
        shares = {flow: share.number() for flow, share, _ in paths if _is_out_of(draft, flow, gateway, share)}
        asked: dict[str, str] = {}
        try:
            for flow, share, named in paths:
                if named is not None and flow in shares:
                    if named.text() not in rules:
                        draft.unclear(f"there is no branch rule '{named.text()}'", share.location)
                    else:
                        asked[flow] = condition(rules[named.text()], attributes)
        except UnknownAttribute as error:
            draft.unclear(f"a condition asks for '{error}', which no case has: probabilities are taken", place.location)
            asked = {}
        put_shares(draft, gateway, shares, asked, place.location)


def _listed_gateways(gateways: Json) -> Iterator[tuple[str, list[tuple[str, Json, Json | None]], Json]]:
    """(gateway, [(flow, its probability, the id of its condition)], place)."""
    if isinstance(gateways.value, Mapping):
        for gateway, flows in gateways.pairs():
            yield gateway, [(flow, share, None) for flow, share in flows.pairs()], flows
        return
    for each in gateways.items():
        paths = [
            (
                path.at("path_id").text(),
                path.at("value"),
                path.at("condition_id") if path.at("condition_id").value else None,
            )
            for path in each.at("probabilities").items()
        ]
        yield each.at("gateway_id").text(), paths, each


def _is_out_of(draft: Draft, flow: str, gateway: str, share: Json) -> bool:
    known = draft.model.sequence_flows.get(flow)
    if known is None or known.source_ref != gateway:
        draft.dropped(f"the gateway '{gateway}' has no way out '{flow}'", share.location)
        return False
    return True


def _events(source: Json, draft: Draft) -> None:
    events = source.at("event_distribution")
    listed = (
        events.pairs() if isinstance(events.value, Mapping) else ((e.at("event_id").text(), e) for e in events.items())
    )
    for id_, place in listed:
        if isinstance(draft.model.flow_nodes.get(id_), Event):
            draft.put("events", id_, "after", value=distribution(place, draft, _SECONDS))
        else:
            draft.dropped(f"the model has no event '{id_}'", place.location)


# -- attributes


def _attributes(source: Json, draft: Draft) -> dict[str, str]:
    """Name there -> name here."""
    found: dict[str, str] = {}
    for each in source.at("case_attributes").items():
        name = each.at("name").text()
        here = found[name] = identifier(name) or "attribute"
        if here != name:
            draft.mended(f"the attribute '{name}' is called {here}", each.location)
        if each.at("type").text() == "discrete":
            options = {o.at("key").text(): number(o.at("value").number()) for o in each.at("values").items()}
            draft.put("attributes", here, "choice", value=options)
        else:
            draft.put("attributes", here, value=distribution(each.at("values"), draft, _NUMBERS))
    return found


def _priorities(source: Json, draft: Draft, attributes: Mapping[str, str]) -> None:
    """The lower level goes first there, the higher priority here; a case that no rule is about goes last."""
    levels: list[tuple[float, str]] = []
    for each in source.at("prioritisation_rules").items():
        try:
            levels.append((each.at("priority_level").number(), condition(each.at("rules"), attributes)))
        except UnknownAttribute as error:
            draft.unclear(f"a rule asks for '{error}', which no case has", each.location)
    if not levels:
        return
    levels.sort()
    parts = [f"{len(levels) - n} if {asked} else" for n, (_, asked) in enumerate(levels)]
    for task in draft.tables.get("tasks", {}):
        draft.put("tasks", task, "priority", value=f"{' '.join(parts)} 0")
