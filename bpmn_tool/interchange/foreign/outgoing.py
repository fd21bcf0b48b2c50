"""A scenario on its way to another tool's file, with a note of all that does not go along unchanged."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.instants.hours import parse_hours
from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.units import DAY, SECOND, WEEK
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.foreign.arrivals import arrivals_a_week
from bpmn_tool.interchange.foreign.draft import Note, Noting
from bpmn_tool.interchange.foreign.weekly import DAY_NAMES, Week
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.model.elements import Gateway, GatewayKind, Model, SubProcess, Task
from bpmn_tool.model.net_build import build
from bpmn_tool.register import Register
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.distributions import Constant, Distribution, Exponential
from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.scenario import Arrivals, Calendar, Person, Role, Scenario
from bpmn_tool.simulation.planning_roles import Roles
from bpmn_tool.simulation.samplers import sampler

_DECIDES = (GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE)
#: sections that no format here has a place for
_NOWHERE = ("demand", "gates", "background", "handoffs", "black_boxes", "observed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who fills a role: `amount` alike; `durations` and `speed` are those of one person."""

    id: str
    amount: int
    calendar: str | None
    cost_per_hour: float
    speed: float = 1.0
    durations: Mapping[str, Distribution] = field(default_factory=dict)


@dataclass
class Outgoing(Noting):
    """What an export reads, and the notes that it makes."""

    model: Model
    scenario: Scenario
    roles: Roles
    notes: list[Note] = field(default_factory=list)

    def at(self, *keys: Key) -> Location:
        """A place in the scenario."""
        return Location(path=self.scenario.path, key=key_path(keys))

    def tasks(self) -> Iterator[Task]:
        return (node for node in self.model.flow_nodes.values() if isinstance(node, Task))

    def decisions(self) -> Iterator[Gateway]:
        for node in self.model.flow_nodes.values():
            if isinstance(node, Gateway) and node.kind in _DECIDES and len(node.outgoing) > 1:
                yield node

    def seats(self, task: Task) -> tuple[str, ...]:
        return self.roles.seats.get(task.id, ())


def outgoing(scenario: Scenario, model: Model, register: Register | None) -> Outgoing:
    """The scenario, with a note of what no other tool's file has a place for."""
    out = Outgoing(model, scenario, Roles(model, register, scenario, build(model)))
    for section in _NOWHERE:
        for id_ in getattr(scenario, section):
            out.dropped("there is no place for this there", out.at(section, id_))
    for task, said in scenario.tasks.items():
        for key in ("gate", "same_person_as", "not_same_person_as", "instances", "repeat"):
            if getattr(said, key) is not None:
                out.dropped("there is no place for this there", out.at("tasks", task, key))
        if isinstance(out.model.flow_nodes.get(task), SubProcess):
            out.dropped("a sub-process takes the time of what is inside there", out.at("tasks", task))
    for role, held in scenario.roles.items():
        for key, usual in (("off_duty", "pause"), ("strict_order", False)):
            if getattr(held, key) != usual:
                out.dropped("there is no place for this there", out.at("roles", role, key))
        if held.share != 1.0 or any(person.share not in (None, 1.0) for person in held.people):
            out.unclear("a part-time share: whole hours of the calendar there", out.at("roles", role, "share"))
    if scenario.costs.once or scenario.costs.overtime_factor != 1.0:
        out.dropped("costs of overtime, and once", out.at("costs"))
    return out


def staff_of(out: Outgoing, role: str) -> list[Staff]:
    """All who hold a role, by their own role too."""
    found: list[Staff] = []
    for name, held in out.scenario.roles.items():
        if name == role and held.count is not None:
            amount = held.count if isinstance(held.count, int) else 10_000
            if held.count == "unlimited":
                out.mended("unlimited is ten thousand there", out.at("roles", role, "count"))
            found.append(Staff(id=role, amount=amount, calendar=held.calendar, cost_per_hour=held.cost_per_hour))
        for n, person in enumerate(held.people):
            if name == role or role in person.also:
                found.append(_person(name, n, person, held))
    return found


def _person(role: str, n: int, person: Person, held: Role) -> Staff:
    cost = held.cost_per_hour if person.cost_per_hour is None else person.cost_per_hour
    return Staff(
        id=person.name or f"{role}_{n + 1}",
        amount=1,
        calendar=person.calendar or held.calendar,
        cost_per_hour=cost,
        speed=person.speed,
        durations=person.durations,
    )


# -- numbers


def in_seconds(ticks: float) -> float:
    return ticks / SECOND


def fixed(out: Outgoing, length: Duration, place: Location) -> float:
    """A duration on the calendar as ticks; months are 30 days, and said."""
    if length.years or length.months:
        out.mended("a month is 30 days there, a year 365", place)
    days = 365 * length.years + 30 * length.months + length.days
    return float(length.ticks + WEEK * length.weeks + DAY * days)


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """All its durations times a factor."""
    if factor == 1.0:
        return distribution
    changes: dict[str, Any] = {}
    for name in (*distribution.units, "minimum", "maximum"):
        value = getattr(distribution, name)
        if isinstance(value, tuple):
            changes[name] = tuple(each * factor for each in value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            changes[name] = value * factor
    return replace(distribution, **changes)


def quantiles(distribution: Distribution, bins: int) -> list[float]:
    """Ends of so many bins that are equally likely; of the outer ones, near the ends."""
    draw = sampler(distribution)
    return [float(draw(min(max(n / bins, 1e-6), 1 - 1e-6), {})) for n in range(bins + 1)]


def shares(out: Outgoing, gateway: Gateway) -> dict[str, float]:
    """How likely each way is; alike, and said, where that depends on the case."""
    said = {flow: out.scenario.flows[flow] for flow in gateway.outgoing if flow in out.scenario.flows}
    numbers = {flow: float(share) for flow, share in said.items() if not isinstance(share, CaseExpression)}
    if not said or len(numbers) < len(said):
        out.unclear("which way depends on the case: all alike there", out.at("flows", gateway.id))
        return dict.fromkeys(gateway.outgoing, 1 / len(gateway.outgoing))
    missing = [flow for flow in gateway.outgoing if flow not in numbers]
    rest = max(1 - math.fsum(numbers.values()), 0.0) if gateway.kind is GatewayKind.EXCLUSIVE else 0.0
    return {flow: numbers.get(flow, rest / len(missing) if missing else 0.0) for flow in gateway.outgoing}


def week_of(out: Outgoing, name: str | None) -> Week:
    """The hours of a calendar; round the clock without one."""
    week = Week()
    if name is None:
        week.add("MONDAY", "SUNDAY", "00:00", "24:00")
        return week
    calendar: Calendar = out.scenario.calendars[name]
    if calendar.holidays is not None or calendar.absences:
        out.dropped("holidays and absences: weekly hours there", out.at("calendars", name))
    read = parse_hours(calendar.hours if calendar.hours is not None else "always")
    for day, stretches in enumerate(read.days):
        for begin, end in stretches:
            week.add(DAY_NAMES[day], DAY_NAMES[day], _clock(begin), _clock(end))
    return week


def _clock(tick: int) -> str:
    minutes = tick // (60 * SECOND)
    if minutes > 24 * 60:
        minutes -= 24 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


# -- arrivals


def only_door(out: Outgoing) -> tuple[str, Arrivals] | None:
    """The one start event with arrivals of its own that goes along."""
    found: tuple[str, Arrivals] | None = None
    for id_, door in out.scenario.arrivals.items():
        if door.of is not None or door.file is not None:
            out.unclear("who comes from a demand or a file does not go along", out.at("arrivals", id_))
        elif found is not None:
            out.dropped("arrivals at a second start event", out.at("arrivals", id_))
        else:
            found = id_, door
            for key in ("months", "surges", "size", "attributes"):
                if getattr(door, key):
                    out.dropped("there is no place for this there", out.at("arrivals", id_, key))
    return found


def interval(out: Outgoing, id_: str, door: Arrivals) -> Distribution:
    """Between arrivals. A rate over open hours becomes the interval that has as many a week (see ``arrivals.py``)."""
    if door.interval is not None:
        if door.hours is not None:
            out.unclear("intervals stop while it is shut there", out.at("arrivals", id_, "hours"))
        return door.interval
    if door.every is not None:
        return Constant(value=fixed(out, door.every, out.at("arrivals", id_, "every")))
    if door.rate is not None:
        a_week = door.rate.per_tick * WEEK
        week = week_of(out, door.hours)
        if door.hours is not None:
            out.unclear("a rate: at each opening one stands there", out.at("arrivals", id_, "rate"))
        return Exponential(mean=_mean(a_week, week) * SECOND)
    return Constant(value=0.0)


def _mean(a_week: float, week: Week) -> float:
    """Mean interval in seconds of which so many fall in a week, with one at each opening where it ends before."""
    low, high = 1e-6, 1e12
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if arrivals_a_week(week, middle, scv=1.0) > a_week else (low, middle)
    return math.sqrt(low * high)


def read(path: Path | str, *, allow_outside: bool = False) -> Outgoing:
    """A scenario with its model and register. Raises InputError."""
    scenario = read_scenario(path, allow_outside=allow_outside)
    if scenario.questions:
        raise InputError(
            [
                Problem(message="is still open: answer it first", location=Location(path=scenario.path, key=each.path))
                for each in scenario.questions
            ]
        )
    register = read_register(scenario.register_) if scenario.register_ is not None else None
    return outgoing(scenario, read_model(*scenario.model), register)
