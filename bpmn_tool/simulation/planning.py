"""Model x Register x Scenario -> Plan: the one place where they are joined.

Everything that stops a run is found here, all at once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bpmn_tool.errors import InputError, NotSimulated
from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.model.elements import Model
from bpmn_tool.model.net import Net
from bpmn_tool.register import Register
from bpmn_tool.results.trace import SEMANTICS
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.simulation.not_simulated import simulated_net
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.simulation.planning_facts import make_facts
from bpmn_tool.simulation.planning_flow import Flow
from bpmn_tool.simulation.planning_problems import Problems
from bpmn_tool.simulation.planning_roles import Roles
from bpmn_tool.simulation.planning_staff import StaffPlanner
from bpmn_tool.simulation.planning_streams import Streams


def make_plan(model: Model, register: Register | None, scenario: Scenario) -> Plan:
    """The plan of a scenario.

    Raises InputError (NotSimulated where the model holds what is not simulated) with all that is wrong.
    """
    problems = Problems(scenario)
    for question in scenario.questions:
        problems.key(question.path, 'an open question ("?"): nothing runs on it; give a number, or ask for one')
    try:
        net = simulated_net(model)
    except NotSimulated as refused:
        raise NotSimulated((*refused.problems, *problems.found)) from None
    rank = _ranks(model, scenario)
    line = TimeLine(scenario.start, scenario.time_zone)
    warm_up, close, follow_up = _window(scenario, line, problems)
    roles = Roles(model, register, scenario, net)
    staff = StaffPlanner(model, scenario, roles, net, line, rank, problems)
    flow = Flow(model, scenario, roles, net, line, problems)
    streams = Streams(
        scenario, net, line, rank, staff.calendars, problems, until=None if close is None else close + follow_up
    )
    if problems.found:
        raise InputError(problems.found)
    facts = make_facts(model, register, scenario, roles, net, staff, flow)
    return Plan(
        name=scenario.name,
        hash=_hash(net, scenario, roles),
        net=net,
        time_line=line,
        rank=rank,
        warm_up=warm_up,
        close=close,
        cohort_cases=scenario.cases,
        follow_up=follow_up,
        limits_open=scenario.limits.open_cases,
        limits_events=scenario.limits.events,
        streams=streams.streams,
        attributes=streams.attributes,
        resources=staff.resources,
        by_role=staff.by_role,
        strict_roles=staff.strict,
        works=staff.works,
        loops=flow.loops,
        decisions=flow.decisions,
        timers=flow.timers,
        handoffs=flow.handoffs,
        black_boxes=flow.black_boxes,
        mail_into=flow.mail_into,
        scripts=flow.scripts,
        conditions=flow.conditions,
        activations=flow.activations,
        background=staff.background,
        facts=facts,
        warnings=(*staff.warnings, *flow.warnings),
        expected_arrivals=streams.expected(close),
    )


def _ranks(model: Model, scenario: Scenario) -> Mapping[str, int]:
    """Each id's rank among all ids, as UTF-8 bytes: never its position in a file."""
    ids = {element.id for element in model.elements()} | set(scenario.background)
    return {each: rank for rank, each in enumerate(sorted(ids, key=str.encode))}


def _window(scenario: Scenario, line: TimeLine, problems: Problems) -> tuple[int, int | None, int]:
    """Warm-up, close (None: with the N-th case) and follow-up in ticks."""
    warm_up = 0
    if scenario.warm_up is not None and not isinstance(scenario.warm_up, str):  # "auto" is found by running
        warm_up = _later(line, 0, scenario.warm_up, "warm_up", problems)
    close = _later(line, 0, scenario.horizon, "horizon", problems) if scenario.horizon is not None else None
    if close is not None and warm_up >= close:
        problems.key("warm_up", "the warm-up is as long as the horizon, so nothing would be counted")
    if scenario.follow_up is not None:
        follow_up = _later(line, close or 0, scenario.follow_up, "follow_up", problems) - (close or 0)
    elif close is not None:
        follow_up = close
    else:
        follow_up = 0
        problems.key("follow_up", "with `cases` and no horizon, say how long the cases are followed at most")
    return warm_up, close, follow_up


def _later(line: TimeLine, tick: int, duration: Duration, key: str, problems: Problems) -> int:
    """`duration` after `tick`; beyond the calendar it is a problem, and the next tick stands in for it."""
    try:
        return line.add(tick, duration)
    except ValueError as error:
        problems.key(key, str(error))
        return tick + 1


def _hash(net: Net, scenario: Scenario, roles: Roles) -> str:
    """Of what the plan was made from: the same for the same process, whatever the order of its file."""
    nodes = [
        (
            n.id,
            n.behaviour.value,
            n.container,
            sorted(n.incoming),
            list(n.outgoing),
            n.default,
            list(n.boundary),
            n.host,
            n.interrupting,
            [n.needs, n.gives, n.inner, n.handler, n.activation, [[t.kind.value, *t[1:]] for t in n.triggers]],
        )
        for n in sorted(net.nodes.values(), key=lambda each: each.id)
    ]
    left_out = {
        "path",
        "provenance",
        "model",
        "register_",
        "name",
        "questions",
        "written",
        "observed",
        "replications",
        "seed",
    }
    said = {
        name: _canonical(_in_order(name, getattr(scenario, name)))
        for name in sorted(type(scenario).model_fields)
        if name not in left_out
    }
    whole = [
        SEMANTICS,
        nodes,
        sorted(net.flows.items()),
        sorted(net.messages.items()),
        sorted(roles.by_node.items()),
        said,
    ]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _in_order(name: str, value: Any) -> Any:
    """A table of the scenario by id, but for people and attributes: their order in the file counts."""
    if isinstance(value, Mapping) and name not in ("roles", "attributes"):
        return dict(sorted(value.items()))
    return value


def _canonical(value: Any) -> Any:
    """A value of a scenario as JSON, in the order that counts."""
    match value:
        case CaseExpression():
            return {"=": value.text, "parameters": _canonical(value.parameters)}
        case Enum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case Path():
            return value.name
        case BaseModel():
            return {name: _canonical(getattr(value, name)) for name in sorted(type(value).model_fields)}
        case Mapping():
            return [[key, _canonical(item)] for key, item in value.items()]
        case frozenset() | set():
            return sorted(map(str, value))
        case str() | int() | float() | bool() | None:
            return value
        case Iterable():
            return [_canonical(item) for item in value]
        case _ if is_dataclass(value):
            return [type(value).__name__, {f.name: _canonical(getattr(value, f.name)) for f in fields(value)}]
        case _:
            return str(value)
