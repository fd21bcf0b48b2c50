"""BPSim 1.0 and 2.0 (WfMC): scenarios of simulation parameters inside a BPMN file."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import InputError
from bpmn_tool.instants.iso8601 import exact_ticks, parse_duration
from bpmn_tool.instants.units import SECOND
from bpmn_tool.interchange.foreign.amounts import UNITS, duration, number
from bpmn_tool.interchange.foreign.arrivals import put_intervals
from bpmn_tool.interchange.foreign.bpsim_calendars import read_calendars
from bpmn_tool.interchange.foreign.bpsim_flows import put_decisions
from bpmn_tool.interchange.foreign.bpsim_resources import Resources
from bpmn_tool.interchange.foreign.bpsim_scenarios import Meant, Parameters, meant
from bpmn_tool.interchange.foreign.bpsim_values import CONSTANT, Units, constant, lasting, plain, value_of, values_of
from bpmn_tool.interchange.foreign.draft import DEFAULT_CASES, DEFAULT_START, FOLLOW_UP, Draft
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.interchange.foreign.xml_reader import Xml, read_xml
from bpmn_tool.model.elements import Event, EventKind, Gateway, SequenceFlow, Task

_HANDS_ON: Final = ("SetUpTime", "ProcessingTime", "ValidationTime", "ReworkTime", "Duration")
_BEFORE: Final = ("TransferTime", "QueueTime", "WaitTime")
_HUMAN: Final = frozenset({"task", "userTask", "manualTask", "businessRuleTask"})


def read_bpsim(draft: Draft, files: Sequence[Path], scenario: str | None) -> None:
    """Puts what a scenario says into ours. Raises InputError with all that is wrong with it."""
    roots = [read_xml(path) for path in files]
    found = meant(roots, scenario, draft)
    units = Units(UNITS.get((found.attribute("baseTimeUnit") or "min").lower(), 60.0))
    weeks = read_calendars(found.calendars, draft)
    _scenario(found, draft, units)
    resources = Resources(draft, found, weeks, units)
    for parameters in found.elements.values():
        _element(parameters, draft, units, weeks, resources)
    resources.put()
    put_decisions(draft, found)
    _rest_of_tasks(draft, found)
    if problems := [problem for root in roots for problem in root.problems] + [
        problem for each in found.chain for problem in each.problems
    ]:
        raise InputError(list(dict.fromkeys(problems)))


def _scenario(found: Meant, draft: Draft, units: Units) -> None:
    place = found.chain[0].location
    start = value_of(found.own("Start"), draft)
    moment = start.moment("value") if start is not None else None
    if moment is None:
        moment = DEFAULT_START
    draft.put("start", value=moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment)
    draft.put("time_zone", value="UTC")
    length = value_of(found.own("Duration"), draft)
    if length is not None:
        draft.put("horizon", value=_calendar_length(length, draft, units))
    else:
        draft.put("cases", value=DEFAULT_CASES)
        draft.put("follow_up", value=FOLLOW_UP)
        draft.mended(f"how long it runs is not said there: until {DEFAULT_CASES} cases have come", place)
    warm_up = value_of(found.own("Warmup"), draft)
    if warm_up is not None:
        draft.put("warm_up", value=_calendar_length(warm_up, draft, units))
    if (replications := found.attribute("replication")) is not None and replications.isdigit() and int(replications):
        draft.put("replications", value=int(replications))
    if (seed := found.attribute("seed")) is not None and seed.lstrip("-").isdigit():
        draft.put("seed", value=int(seed) % 2**32)
    if (currency := found.attribute("baseCurrencyUnit")) is not None:
        draft.put("costs", "currency", value=currency)
    own = found.own("PropertyParameters")
    for each in own.all("Property") if own is not None else ():
        if (value := value_of(each, draft)) is not None:
            draft.put("attributes", each.needed("name"), value=plain(value, draft))


def _calendar_length(value: Xml, draft: Draft, units: Units) -> str:
    if value.name == "DurationParameter":
        text = value.needed("value")
        try:
            parse_duration(text)
        except ValueError as error:
            value.wrong(str(error))
        return text
    return duration((constant(value, draft) or 0.0) * units.of(value, draft))


# -- elements


def _element(
    parameters: Parameters,
    draft: Draft,
    units: Units,
    weeks: Mapping[str, tuple[str | None, Week]],
    resources: Resources,
) -> None:
    node = draft.model.get(parameters.element)
    match node:
        case Task():
            _task(node, parameters, draft, units)
            resources.task(node, parameters)
        case Event():
            _event(node, parameters, draft, units, weeks)
        case SequenceFlow() | Gateway():
            pass  # bpsim_flows has them
        case None:
            draft.dropped(f"the model has no '{parameters.element}'", parameters.place.location)
            return
        case _ if resources.is_resource(parameters.element):
            pass
        case _:
            for each in parameters.by_name.values():
                if next(values_of(each), None) is not None:
                    draft.dropped(f"{each.name} of '{parameters.element}'", each.location)
    _properties(node, parameters, draft)


def _task(node: Task, parameters: Parameters, draft: Draft, units: Units) -> None:
    hands_on = _sum(parameters, _HANDS_ON, draft, units)
    if hands_on is not None:
        draft.put("tasks", node.id, "duration", value=hands_on)
    before = _sum(parameters, _BEFORE, draft, units)
    if before is not None:
        draft.put("tasks", node.id, "lag", value=before)
    if (priority := constant(value_of(parameters.get("Priority"), draft), draft)) is not None:
        draft.put("tasks", node.id, "priority", value=number(priority))
    if (cost := constant(value_of(parameters.get("FixedCost"), draft), draft)) is not None:
        draft.put("tasks", node.id, "cost", value=number(cost))
    for name, why in (
        ("UnitCost", "a cost that rises with the time of the work: only people cost by the hour here"),
        ("Interruptible", "whether work may be put down: off duty it pauses here"),
        ("Condition", "a condition of a task"),
        ("TriggerCount", "how often a task may begin"),
        ("Probability", "the probability of a task: that of the flow to it counts"),
    ):
        each = parameters.get(name)
        if each is not None and next(values_of(each), None) is not None:
            draft.dropped(why, each.location)


def _sum(parameters: Parameters, names: Sequence[str], draft: Draft, units: Units) -> Any:
    """Several times one after another: constants add up; of what is drawn one can be said, and nothing beside it."""
    values = [value for name in names if (value := value_of(parameters.get(name), draft)) is not None]
    if not values:
        return None
    if all(value.name in CONSTANT for value in values):
        total = 0.0
        for value in values:
            written = lasting(value, draft, units)
            total += 0.0 if written == "?" else exact_ticks(written) / SECOND
        return duration(total)
    drawn = next(value for value in values if value.name not in CONSTANT)
    for other in values:
        if other is not drawn:
            draft.unclear("a second time that is added to a drawn one is left out", other.location)
    return lasting(drawn, draft, units)


def _event(
    node: Event, parameters: Parameters, draft: Draft, units: Units, weeks: Mapping[str, tuple[str | None, Week]]
) -> None:
    timer = value_of(parameters.get("InterTriggerTimer"), draft)
    count = constant(value_of(parameters.get("TriggerCount"), draft), draft)
    probability = constant(value_of(parameters.get("Probability"), draft), draft)
    if node.kind is EventKind.START:
        if timer is not None:
            week = weeks.get(timer.get("validFor") or "", (None, None))[1]
            put_intervals(draft, lasting(timer, draft, units), week, timer.location, node.id)
        if count is not None:
            draft.put("cases", value=max(int(count), 1))
        return
    if timer is not None:
        draft.put("events", node.id, "after", value=lasting(timer, draft, units))
    if probability is not None:
        if not 0 <= probability <= 1:
            draft.unclear(f"{probability:g} is no probability", parameters.place.location)
        draft.put("events", node.id, "probability", value=number(min(max(probability, 0.0), 1.0)))
    if count is not None:
        draft.dropped("how often an event may occur", parameters.place.location)
    work = value_of(parameters.get("ProcessingTime"), draft)
    if work is not None:
        draft.dropped("the time that an event takes: it takes none here", work.location)


def _properties(node: Any, parameters: Parameters, draft: Draft) -> None:
    for name, each in parameters.by_name.items():
        if not name.startswith("Property:"):
            continue
        value = value_of(each, draft)
        if value is None:
            continue
        if isinstance(node, Event) and node.kind is EventKind.START and value.name != "ExpressionParameter":
            # a case has it from the start, by whichever door it came
            draft.put("attributes", each.needed("name"), value=plain(value, draft))
        else:
            draft.unclear(
                f"'{each.get('name')}' is set at '{node.id}': only a script in the model can do that here",
                value.location,
            )


def _rest_of_tasks(draft: Draft, found: Meant) -> None:
    """What nothing is said of takes no time and needs nobody there."""
    quick: list[str] = []
    alone: list[str] = []
    for node in draft.model.flow_nodes.values():
        if not isinstance(node, Task):
            continue
        if not draft.has("tasks", node.id, "duration") and node.kind.value != "receiveTask":
            draft.put("tasks", node.id, "duration", value="PT0S")
            quick.append(node.label)
        if (
            not draft.has("tasks", node.id, "role")
            and not draft.has("tasks", node.id, "roles")
            and node.kind.value in _HUMAN
        ):
            draft.put("tasks", node.id, "role", value="none")
            alone.append(node.label)
    if quick:
        draft.mended(f"nothing is said of the time of {', '.join(quick)}: none", found.chain[0].location)
    if alone:
        draft.mended(f"nobody is named for {', '.join(alone)}: nobody is needed", found.chain[0].location)
