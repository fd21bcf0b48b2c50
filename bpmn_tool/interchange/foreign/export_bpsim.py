"""A scenario as a BPSim 1.0 block in a copy of its BPMN file, which keeps every other byte."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from bpmn_tool.errors import InputError
from bpmn_tool.instants.iso8601 import Duration, format_duration
from bpmn_tool.instants.units import SECOND
from bpmn_tool.interchange.foreign.amounts import number
from bpmn_tool.interchange.foreign.outgoing import (
    Outgoing,
    interval,
    only_door,
    quantiles,
    shares,
    staff_of,
    week_of,
)
from bpmn_tool.interchange.foreign.weekly import DAY_CODES
from bpmn_tool.interchange.xml_source import Tag, scan
from bpmn_tool.model.elements import EventKind
from bpmn_tool.scenario.distributions import (
    Choice,
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Histogram,
    Lognormal,
    Normal,
    Probability,
    Triangular,
    Uniform,
    Weibull,
)
from bpmn_tool.scenario.places import Key

NAMESPACE: Final = "http://www.bpsim.org/schemas/1.0"
_BINS: Final = 100
_SECONDS: Final = float(SECOND)
Group = tuple[str, list[str]]


def bpsim(out: Outgoing) -> bytes:
    """The model with the block in it. Raises InputError: the scenario has several models."""
    if len(out.scenario.model) != 1:
        raise InputError(f"{out.scenario.path}: a scenario of one model can be written into it, not of several")
    data = Path(out.scenario.model[0]).read_bytes()
    name, n = "exported", 1
    while f'id="{name}"'.encode() in data:
        n += 1
        name = f"exported_{n}"
    calendars: dict[str, str] = {}
    elements = [*_starts(out, calendars), *_tasks(out), *_ways(out), *_events(out)]
    people = list(_resources(out, calendars))
    elements += [_element(id_, groups) for id_, _, groups in people]
    block = "\n".join(
        [
            f'<bpsim:BPSimData xmlns:bpsim="{NAMESPACE}">',
            f'  <bpsim:Scenario id="{name}" name={quoteattr(out.scenario.name)}>',
            *(f"    {line}" for line in _own(out)),
            *(f"    {line}" for element in elements for line in element.splitlines()),
            *(f"    {_calendar(out, id_, name)}" for name, id_ in calendars.items()),
            "  </bpsim:Scenario>",
            "</bpsim:BPSimData>",
        ]
    )
    return _spliced(
        data, str(out.scenario.model[0]), block, [(id_, name) for id_, name, _ in people if not _is_there(out, id_)]
    )


def _own(out: Outgoing) -> Iterator[str]:
    scenario = out.scenario
    seed = f' replication="{scenario.replications}" seed="{scenario.seed}"'
    yield f'<bpsim:ScenarioParameters baseTimeUnit="s"{seed} baseCurrencyUnit={quoteattr(scenario.costs.currency)}>'
    yield f'  <bpsim:Start><bpsim:DateTimeParameter value="{scenario.start.isoformat()}"/></bpsim:Start>'
    if isinstance(scenario.horizon, Duration):
        yield f'  <bpsim:Duration><bpsim:DurationParameter value="{_iso(scenario.horizon)}"/></bpsim:Duration>'
    if scenario.warm_up is not None:
        out.dropped("there is no warm-up in BPSim 1.0", out.at("warm_up"))
    if scenario.time_zone != "UTC":
        out.dropped("there are no time zones there", out.at("time_zone"))
    yield "</bpsim:ScenarioParameters>"


def _iso(length: Duration) -> str:
    date = "".join(
        f"{n}{unit}"
        for n, unit in ((length.years, "Y"), (length.months, "M"), (7 * length.weeks + length.days, "D"))
        if n
    )
    time = format_duration(length.ticks)[1:] if length.ticks else ""
    return f"P{date}{time}" if date or time else "PT0S"


# -- elements


def _element(id_: str, groups: list[Group]) -> str:
    lines = [f"<bpsim:ElementParameters elementRef={quoteattr(id_)}>"]
    for group, parameters in groups:
        inside = "".join(f"\n    {each}" for each in parameters)
        lines.append(f"  <bpsim:{group}Parameters>{inside}\n  </bpsim:{group}Parameters>")
    return "\n".join([*lines, "</bpsim:ElementParameters>"])


def _starts(out: Outgoing, calendars: dict[str, str]) -> Iterator[str]:
    door = only_door(out)
    if door is None:
        out.unclear("no arrivals go along", out.at("arrivals"))
        return
    id_, said = door
    valid = f' validFor="{_calendar_id(calendars, said.hours)}"' if said.hours is not None else ""
    drawn = interval(out, id_, said)
    control = [_parameter("InterTriggerTimer", _value(out, drawn, _SECONDS, "arrivals", id_), valid)]
    if out.scenario.cases is not None:
        control.append(_parameter("TriggerCount", f'NumericParameter value="{out.scenario.cases}"'))
    groups: list[Group] = [("Control", control)]
    properties = list(_properties(out))
    if properties:
        groups.append(("Property", properties))
    yield _element(id_, groups)


def _properties(out: Outgoing) -> Iterator[str]:
    for name, drawn in out.scenario.attributes.items():
        match drawn:
            case Constant(value=bool() as truth):
                value = f'BooleanParameter value="{str(truth).lower()}"'
            case Constant(value=str() as text):
                value = f"StringParameter value={quoteattr(text)}"
            case Choice() | Probability():
                out.dropped("texts and truth values that are drawn have no place there", out.at("attributes", name))
                continue
            case _:
                value = _value(out, drawn, 1.0, "attributes", name)
        yield _parameter("Property", value, name=name)


def _tasks(out: Outgoing) -> Iterator[str]:
    for task in out.tasks():
        said = out.scenario.tasks.get(task.id)
        groups: list[Group] = []
        times = []
        if said is not None and said.lag is not None:
            times.append(_parameter("WaitTime", _value(out, said.lag, _SECONDS, "tasks", task.id, "lag")))
        if said is not None and said.duration is not None:
            drawn = _value(out, said.duration, _SECONDS, "tasks", task.id, "duration")
            times.append(_parameter("ProcessingTime", drawn))
        if times:
            groups.append(("Time", times))
        if seats := out.seats(task):
            asked = " and ".join(
                f"bpsim:getResource('{_id(out, role)}',{seats.count(role)})" for role in dict.fromkeys(seats)
            )
            groups.append(("Resource", [_parameter("Selection", f'ExpressionParameter value="{asked}"')]))
        if said is not None and said.priority != 0.0:
            if isinstance(said.priority, float):
                value = f'FloatingParameter value="{number(said.priority)}"'
                groups.append(("Priority", [_parameter("Priority", value)]))
            else:
                out.unclear("a priority that depends on the case", out.at("tasks", task.id, "priority"))
        if said is not None and said.cost:
            groups.append(("Cost", [_parameter("FixedCost", f'FloatingParameter value="{number(said.cost)}"')]))
        if said is not None and said.batch is not None:
            out.dropped("there are no batches there", out.at("tasks", task.id, "batch"))
        if groups:
            yield _element(task.id, groups)


def _ways(out: Outgoing) -> Iterator[str]:
    for gateway in out.decisions():
        for flow, share in shares(out, gateway).items():
            yield _element(
                flow, [("Control", [_parameter("Probability", f'FloatingParameter value="{number(share)}"')])]
            )


def _events(out: Outgoing) -> Iterator[str]:
    for id_, said in out.scenario.events.items():
        node = out.model.flow_nodes.get(id_)
        if getattr(node, "kind", None) is EventKind.START:
            continue
        control = []
        if not isinstance(said.probability, float):
            out.unclear("a probability that depends on the case", out.at("events", id_, "probability"))
        elif said.probability != 1.0:
            control.append(_parameter("Probability", f'FloatingParameter value="{number(said.probability)}"'))
        if isinstance(said.after, Duration):
            control.append(_parameter("InterTriggerTimer", f'DurationParameter value="{_iso(said.after)}"'))
        elif said.after is not None:
            drawn = _value(out, said.after, _SECONDS, "events", id_, "after")
            control.append(_parameter("InterTriggerTimer", drawn))
        if control:
            yield _element(id_, [("Control", control)])


# -- people and calendars


def _id(out: Outgoing, role: str) -> str:
    """The id of the resource of a role: its own, unless an element of the model has it."""
    return role if out.model.get(role) is None or _is_there(out, role) else f"resource_{role}"


def _is_there(out: Outgoing, id_: str) -> bool:
    """Whether the model has this resource already."""
    root = out.model.root_elements.get(id_)
    return root is not None and root.kind == "resource"


def _resources(out: Outgoing, calendars: dict[str, str]) -> Iterator[tuple[str, str, list[Group]]]:
    """(id, name, parameters) of each role that a task needs."""
    for role in dict.fromkeys(role for task in out.tasks() for role in out.seats(task)):
        staff = staff_of(out, role)
        if not staff:
            out.unclear("nobody holds this role", out.at("roles", role))
        one = staff[0] if staff else None
        alike = len({(each.calendar, each.cost_per_hour, each.speed) for each in staff}) <= 1
        if not alike or any(each.speed != 1.0 or each.durations for each in staff):
            out.unclear("people of one role are alike there: as the first of them", out.at("roles", role, "people"))
        if role in {also for held in out.scenario.roles.values() for person in held.people for also in person.also}:
            out.unclear("whoever holds several roles is there once in each", out.at("roles", role))
        held: list[str] = []
        if one is not None and one.calendar is not None:
            valid = f' validFor="{_calendar_id(calendars, one.calendar)}"'
            held.append(_parameter("Availability", 'BooleanParameter value="true"', valid))
        held.append(_parameter("Quantity", f'NumericParameter value="{sum(each.amount for each in staff)}"'))
        groups: list[Group] = [("Resource", held)]
        if one is not None and one.cost_per_hour:
            value = f'FloatingParameter value="{number(one.cost_per_hour)}" timeUnit="hour"'
            groups.append(("Cost", [_parameter("UnitCost", value)]))
        yield _id(out, role), role, groups


def _calendar_id(calendars: dict[str, str], name: str) -> str:
    return calendars.setdefault(name, f"calendar_{len(calendars) + 1}")


def _calendar(out: Outgoing, id_: str, name: str) -> str:
    """Weekly events; days with the same period share one."""
    by_period: dict[tuple[int, int], list[str]] = {}
    for day, periods in enumerate(week_of(out, name).joined()):
        for period in periods:
            by_period.setdefault(period, []).append(DAY_CODES[day])
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bpmn-tool//EN"]
    for n, ((begin, end), days) in enumerate(by_period.items()):
        first = 5 + DAY_CODES.index(days[0])  # 5 January 2026 is a Monday
        closing = f"202601{first + end // 1440:02d}T{end % 1440 // 60:02d}{end % 60:02d}00"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{id_}-{n}",
            f"DTSTART:202601{first:02d}T{begin // 60:02d}{begin % 60:02d}00",
            f"DTEND:{closing}",
            f"RRULE:FREQ=WEEKLY;BYDAY={','.join(days)}",
            "END:VEVENT",
        ]
    text = "\n".join([*lines, "END:VCALENDAR"])
    return f'<bpsim:Calendar id="{id_}" name={quoteattr(name)}>{escape(text)}</bpsim:Calendar>'


# -- values


def _parameter(kind: str, value: str, valid: str = "", name: str = "") -> str:
    named = f" name={quoteattr(name)}" if name else ""
    tag, _, rest = value.partition(" ")
    head = f"{tag}{valid} {rest}" if not rest.startswith(">") else f"{tag}{valid}{rest}"
    closed = head if head.endswith(">") else f"{head}/>"
    return f"<bpsim:{kind}{named}><bpsim:{closed}</bpsim:{kind}>"


def _value(out: Outgoing, drawn: Distribution, unit: float, *keys: Key) -> str:
    """Name and attributes of a value; of a user distribution, the whole element."""

    def said(*numbers: tuple[str, float]) -> str:
        return " ".join(f'{name}="{number(value / unit)}"' for name, value in numbers)

    if isinstance(drawn, Constant) and not isinstance(drawn.value, bool | str):
        if unit != 1.0:
            return f'DurationParameter value="{format_duration(int(drawn.value))}"'
        whole = float(drawn.value).is_integer()
        return f'{"Numeric" if whole else "Floating"}Parameter value="{number(drawn.value)}"'
    if isinstance(drawn, Normal):
        most = drawn.maximum if drawn.maximum is not None else drawn.mean + 100 * drawn.sd
        limits = (("min", drawn.minimum or 0.0), ("max", most))
        return f"TruncatedNormalDistribution {said(('mean', drawn.mean), ('standardDeviation', drawn.sd), *limits)}"
    if drawn.minimum is not None or drawn.maximum is not None:
        return _points(out, drawn, unit, *keys)
    match drawn:
        case Exponential():
            return f"NegativeExponentialDistribution {said(('mean', drawn.mean))}"
        case Uniform():
            return f"UniformDistribution {said(('min', drawn.low), ('max', drawn.high))}"
        case Triangular():
            return f"TriangularDistribution {said(('mode', drawn.mode), ('min', drawn.low), ('max', drawn.high))}"
        case Lognormal():
            return f"LogNormalDistribution {said(('mean', drawn.mean), ('standardDeviation', drawn.sd))}"
        case Gamma():
            shape = (drawn.mean / drawn.sd) ** 2
            return f'GammaDistribution shape="{number(shape)}" scale="{number(drawn.sd**2 / drawn.mean / unit)}"'
        case Erlang():
            return f'ErlangDistribution {said(("mean", drawn.mean))} k="{drawn.k}"'
        case Weibull():
            scale = drawn.mean / math.gamma(1 + 1 / drawn.shape)
            return f'WeibullDistribution shape="{number(drawn.shape)}" {said(("scale", scale))}'
        case Empirical():
            weights = drawn.weights or (1.0,) * len(drawn.values)
            total = math.fsum(weights)
            pairs = [(value / unit, weight / total) for value, weight in zip(drawn.values, weights, strict=True)]
            return _user(pairs, discrete=True)
        case Histogram():
            total = math.fsum(drawn.weights)
            shares_ = [0.0, *(weight / total for weight in drawn.weights)]
            return _user(
                [(edge / unit, share) for edge, share in zip(drawn.edges, shares_, strict=True)], discrete=False
            )
        case _:
            return _points(out, drawn, unit, *keys)


def _points(out: Outgoing, drawn: Distribution, unit: float, *keys: Key) -> str:
    """As a hundred stretches that are alike likely."""
    try:
        ends = quantiles(drawn, _BINS)
    except (TypeError, LookupError, ValueError):
        out.unclear(f"{drawn.kind} depends on the case: no time at all there", out.at(*keys))
        return 'NumericParameter value="0"'
    out.mended(f"{drawn.kind} is written as {_BINS} stretches that are alike likely", out.at(*keys))
    return _user([(end / unit, 1 / _BINS if n else 0.0) for n, end in enumerate(ends)], discrete=False)


def _user(points: list[tuple[float, float]], *, discrete: bool) -> str:
    inside = "".join(
        f'<bpsim:UserDistributionDataPoint probability="{share!r}"><bpsim:FloatingParameter value="{value!r}"/>'
        "</bpsim:UserDistributionDataPoint>"
        for value, share in points
    )
    return f'UserDistribution discrete="{str(discrete).lower()}">{inside}</bpsim:UserDistribution>'


# -- into the file


def _spliced(data: bytes, path: str, block: str, resources: list[tuple[str, str]]) -> bytes:
    """The file with the block before its end, and the resources before its first process."""
    tags, encoding = scan(data, path)
    root = tags[0]
    prefix, colon, _ = root.name.rpartition(":")
    p = prefix + colon
    inner = "\n".join(f"      {line}" for line in block.splitlines())
    whole = (
        f'  <{p}relationship type="BPSimData">\n    <{p}extensionElements>\n{inner}\n    </{p}extensionElements>\n'
        f"    <{p}source>model</{p}source>\n    <{p}target>model</{p}target>\n  </{p}relationship>\n"
    )
    before = "".join(f"<{p}resource id={quoteattr(id_)} name={quoteattr(called)}/>\n  " for id_, called in resources)
    at = next(
        (tag.start for tag in tags if tag.depth == 1 and _local(tag) in ("process", "collaboration")), root.end_tag
    )
    end = root.end_tag
    return (
        data[:at]
        + before.encode(encoding, "xmlcharrefreplace")
        + data[at:end]
        + whole.encode(encoding, "xmlcharrefreplace")
        + data[end:]
    )


def _local(tag: Tag) -> str:
    return tag.name.rpartition(":")[2]
