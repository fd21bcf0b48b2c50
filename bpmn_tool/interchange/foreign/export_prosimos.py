"""A scenario as parameters of Prosimos 2 (JSON): mean, spread, least and most of each distribution."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bpmn_tool.instants.iso8601 import Duration, parse_duration
from bpmn_tool.instants.units import SECOND
from bpmn_tool.interchange.foreign.amounts import moments, number
from bpmn_tool.interchange.foreign.draft import NOBODY
from bpmn_tool.interchange.foreign.outgoing import (
    Outgoing,
    Staff,
    fixed,
    in_seconds,
    interval,
    only_door,
    scaled,
    shares,
    staff_of,
    week_of,
)
from bpmn_tool.interchange.foreign.weekly import DAY_NAMES
from bpmn_tool.model.elements import Event, EventKind, TimerKind
from bpmn_tool.scenario.distributions import (
    Choice,
    Constant,
    Distribution,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Normal,
    Probability,
    Uniform,
)
from bpmn_tool.scenario.places import Key
from bpmn_tool.scenario.scenario import Task

_ALWAYS: Final = "always"
_SECONDS: Final = float(SECOND)


def prosimos(out: Outgoing) -> bytes:
    """The parameter file."""
    scenario = out.scenario
    said = f"say --total_cases {scenario.cases}" if scenario.cases is not None else "say --total_cases there"
    out.mended(f"how many cases, from when and how often does not stand in the file: {said}", out.at("cases"))
    calendars: dict[str, list[dict[str, str]]] = {}
    profiles, assigned = _staff(out, calendars)
    door = only_door(out)
    document = {
        "resource_profiles": profiles,
        **(_arrivals(out, *door) if door is not None else {}),
        "gateway_branching_probabilities": [
            {"gateway_id": gateway.id, "probabilities": _probabilities(shares(out, gateway))}
            for gateway in out.decisions()
        ],
        "task_resource_distribution": assigned,
        "resource_calendars": [{"id": id_, "name": id_, "time_periods": periods} for id_, periods in calendars.items()],
        "event_distribution": list(_events(out)),
        "batch_processing": list(_batches(out)),
        "case_attributes": list(_attributes(out)),
        "prioritisation_rules": [],
        "branch_rules": [],
    }
    if door is None:
        out.unclear("no arrivals go along: Prosimos needs some", out.at("arrivals"))
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _probabilities(by_flow: Mapping[str, float]) -> list[dict[str, Any]]:
    return [{"path_id": flow, "value": number(share)} for flow, share in by_flow.items()]


# -- people


def _staff(out: Outgoing, calendars: dict[str, list[dict[str, str]]]) -> tuple[list[Any], list[Any]]:
    """Profiles, one a role with all whose own role it is; and for each task who does it in what time."""
    resources: dict[str, dict[str, Any]] = {}
    home: dict[str, str] = {}
    assigned = []
    for task in out.tasks():
        seats = out.seats(task)
        if len(seats) > 1:
            out.unclear(f"of {len(seats)} people at once one goes along", out.at("tasks", task.id, "roles"))
        staff = (
            staff_of(out, seats[0]) if seats else [Staff(id=NOBODY, amount=10_000, calendar=None, cost_per_hour=0.0)]
        )
        if not seats:
            out.mended(f"nobody is needed for '{task.id}': there {NOBODY} does it", out.at("tasks", task.id))
        elif not staff:
            out.unclear(f"nobody holds the role '{seats[0]}'", out.at("roles", seats[0]))
        said = out.scenario.tasks.get(task.id, Task())
        lasts = []
        for each in staff:
            home.setdefault(each.id, seats[0] if seats else NOBODY)
            resources.setdefault(each.id, _resource(out, each, calendars))["assigned_tasks"].append(task.id)
            length = each.durations.get(task.id, said.duration) or Constant(value=0.0)
            where = ("tasks", task.id, "duration")
            lasts.append(
                {"resource_id": each.id, **_distribution(out, scaled(length, 1 / each.speed), _SECONDS, *where)}
            )
        assigned.append({"task_id": task.id, "resources": lasts})
        _left_behind(out, task.id, said)
    profiles = [
        {"id": role, "name": role, "resource_list": [resources[id_] for id_, own in home.items() if own == role]}
        for role in dict.fromkeys(home.values())
    ]
    return profiles, assigned


def _resource(out: Outgoing, staff: Staff, calendars: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    name = staff.calendar or _ALWAYS
    if name not in calendars:
        calendars[name] = _periods(out, staff.calendar)
    return {
        "id": staff.id, "name": staff.id, "cost_per_hour": number(staff.cost_per_hour), "amount": staff.amount,
        "calendar": name, "assigned_tasks": [],
    }  # fmt: skip


def _periods(out: Outgoing, calendar: str | None) -> list[dict[str, str]]:
    if calendar is None:
        return [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00", "endTime": "23:59:59.999999"}]
    periods = []
    for day, stretches in enumerate(week_of(out, calendar).joined()):
        for begin, end in stretches:
            last = "23:59:59.999999" if end == 24 * 60 else f"{end // 60:02d}:{end % 60:02d}:00"
            name = DAY_NAMES[day]
            periods.append(
                {"from": name, "to": name, "beginTime": f"{begin // 60:02d}:{begin % 60:02d}:00", "endTime": last}
            )
    return periods


def _left_behind(out: Outgoing, task: str, said: Task) -> None:
    for key, usual in (("lag", None), ("cost", 0.0), ("priority", 0.0)):
        if getattr(said, key) != usual:
            out.dropped("there is no place for this there", out.at("tasks", task, key))


# -- arrivals, events, batches, attributes


def _arrivals(out: Outgoing, id_: str, door: Any) -> dict[str, Any]:
    return {
        "arrival_time_distribution": _distribution(out, interval(out, id_, door), _SECONDS, "arrivals", id_),
        "arrival_time_calendar": _periods(out, door.hours),
    }


def _events(out: Outgoing) -> Iterator[dict[str, Any]]:
    for node in out.model.flow_nodes.values():
        if not isinstance(node, Event) or node.kind in (EventKind.START, EventKind.END, EventKind.THROW):
            continue
        said = out.scenario.events.get(node.id)
        after = said.after if said is not None else None
        if after is None:
            timer = next((d for d in node.definitions if d.timer is TimerKind.DURATION), None)
            try:
                after = parse_duration(timer.text) if timer is not None else None
            except ValueError:
                after = None
        if after is None:
            continue
        if node.kind is EventKind.BOUNDARY:
            out.dropped("an event at a border", out.at("events", node.id))
            continue
        if said is not None and said.probability != 1.0:
            out.dropped("that an event may not occur", out.at("events", node.id, "probability"))
        place = out.at("events", node.id, "after")
        length = Constant(value=fixed(out, after, place)) if isinstance(after, Duration) else after
        yield {"event_id": node.id, **_distribution(out, length, _SECONDS, "events", node.id, "after")}


def _batches(out: Outgoing) -> Iterator[dict[str, Any]]:
    for task, said in out.scenario.tasks.items():
        if (batch := said.batch) is None:
            continue
        rules = [[_rule("size", ">=", batch.min)]] if batch.min < 1_000_000 else []
        if batch.max is not None and rules:
            rules[0].append(_rule("size", "<=", batch.max))
        if batch.wait is not None:
            wait = in_seconds(fixed(out, batch.wait, out.at("tasks", task, "batch", "wait")))
            rules.append([_rule("large_wt", ">=", number(wait))])
        together = batch.mode == "together"
        sizes = range(1, (batch.max or batch.min) + 1) if together and batch.min < 1_000_000 else range(1, 2)
        yield {
            "task_id": task,
            "type": "Parallel" if together else "Sequential",
            "size_distrib": [],
            "duration_distrib": [
                {"key": str(n), "value": 1 / n} for n in sizes
            ],  # there a batch of n takes n times as long
            "firing_rules": rules,
        }


def _rule(attribute: str, comparison: str, value: Any) -> dict[str, Any]:
    return {"attribute": attribute, "comparison": comparison, "value": value}


def _attributes(out: Outgoing) -> Iterator[dict[str, Any]]:
    for name, drawn in out.scenario.attributes.items():
        match drawn:
            case Choice():
                total = sum(weight for _, weight in drawn.options)
                options = {str(value): weight / total for value, weight in drawn.options}
                yield _discrete(name, options)
            case Probability(probability=float() as likely):
                out.mended("true and false are texts there", out.at("attributes", name))
                yield _discrete(name, {"true": likely, "false": 1 - likely})
            case Constant(value=str() as text):
                yield _discrete(name, {text: 1.0})
            case _ if isinstance(drawn, Probability) or (isinstance(drawn, Constant) and isinstance(drawn.value, bool)):
                out.dropped("an attribute that depends on the case", out.at("attributes", name))
            case _:
                yield {"name": name, "type": "continuous", "values": _distribution(out, drawn, 1.0, "attributes", name)}


def _discrete(name: str, options: Mapping[str, float]) -> dict[str, Any]:
    return {"name": name, "type": "discrete", "values": [{"key": k, "value": number(v)} for k, v in options.items()]}


# -- distributions


def _distribution(out: Outgoing, drawn: Distribution, unit: float, *keys: Key) -> dict[str, Any]:
    """`unit`: what one of a number is here, a microsecond or one."""
    least, most = drawn.minimum or 0.0, drawn.maximum if drawn.maximum is not None else math.inf
    match drawn:
        case Constant(value=int() | float() as value) if not isinstance(value, bool):
            name, given = "fix", [float(value)]
        case Exponential():
            name, given = "expon", [drawn.mean + least, least, min(most, least + 50 * drawn.mean)]
        case Uniform() if drawn.minimum is None and drawn.maximum is None:
            name, given = "uniform", [drawn.low, drawn.high]
        case Normal():
            name, given = "norm", [drawn.mean, drawn.sd, least, min(most, drawn.mean + 10 * drawn.sd)]
        case Lognormal() | Gamma():
            name = "lognorm" if isinstance(drawn, Lognormal) else "gamma"
            return _by_variance(name, drawn.mean / unit, drawn.sd / unit, least / unit, most / unit)
        case Erlang():
            out.mended("an Erlang is a gamma there", out.at(*keys))
            return _by_variance(
                "gamma", drawn.mean / unit, drawn.mean / unit / math.sqrt(drawn.k), least / unit, most / unit
            )
        case _:
            return _like(out, drawn, unit, *keys)
    return {"distribution_name": name, "distribution_params": [{"value": number(each / unit)} for each in given]}


def _by_variance(name: str, mean: float, sd: float, least: float, most: float) -> dict[str, Any]:
    given = [mean, sd**2, least, min(most, mean + 1000 * sd)]
    return {"distribution_name": name, "distribution_params": [{"value": number(each)} for each in given]}


def _like(out: Outgoing, drawn: Distribution, unit: float, *keys: Key) -> dict[str, Any]:
    """A gamma of the same mean and spread."""
    try:
        mean, sd = moments(drawn)
    except ValueError as error:
        out.unclear(f"{drawn.kind}: {error}; no time at all there", out.at(*keys))
        mean = sd = 0.0
    else:
        mean, sd = float(f"{mean:.6g}"), float(f"{sd:.6g}")
        out.mended(f"{drawn.kind} is a gamma of the same mean and spread there", out.at(*keys))
    if sd == 0:
        return {"distribution_name": "fix", "distribution_params": [{"value": number(mean / unit)}]}
    return _by_variance("gamma", mean / unit, sd / unit, 0.0, math.inf)
