"""Whether the ids that a scenario names exist in its model and register. Both come as plain sets of ids, since data
do not know each other.

What is inherited for an id that this model lacks is dropped and listed; what the file itself says about an unknown id
is an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.distributions import By, Mixture, Probability
from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.scenario.values import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The ids of a model and a register. `roles`: of the register (None: there is none, and any role will do);
    `events`: receive tasks too.

    `attributes` are the names that the model itself assigns or that stories set; None: they are not tested.
    """

    activities: frozenset[str] = frozenset()
    start_events: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    sequence_flows: frozenset[str] = frozenset()
    message_flows: frozenset[str] = frozenset()
    black_boxes: frozenset[str] = frozenset()
    roles: frozenset[str] | None = None
    attributes: frozenset[str] | None = None

    @property
    def nodes_and_flows(self) -> frozenset[str]:
        return self.activities | self.events | self.sequence_flows | self.message_flows


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The scenario without what is inherited for ids that its model lacks, and the key paths of that."""

    scenario: Scenario
    dropped: tuple[str, ...]


def check_ids(scenario: Scenario, ids: Ids) -> Checked:
    """The scenario held against the ids of its model. Raises InputError with every unknown id, its place and the
    nearest that exists.
    """
    problems: list[tuple[str, str]] = []
    dropped: list[str] = []
    changes: dict[str, Any] = {}
    for section, (kind, known) in _sections(scenario, ids).items():
        if known is None:
            continue
        table: Mapping[str, Any] = getattr(scenario, section)
        for id_ in [id_ for id_ in table if id_ not in known]:
            path = key_path((section, id_))
            if (section, id_) in scenario.written:
                problems.append((path, f"no {kind} has this id{nearest(id_, known)}"))
            else:
                dropped.append(path)
        changes[section] = {id_: value for id_, value in table.items() if id_ in known}
    gone = tuple(dropped)
    kept = scenario.model_copy(
        update={
            **changes,
            "provenance": {path: found for path, found in scenario.provenance.items() if not _below(path, gone)},
            "questions": tuple(question for question in scenario.questions if not _below(question.path, gone)),
        }
    )
    problems += _references(kept, ids)
    if problems:
        raise InputError(
            Problem(message=message, location=Location(path=scenario.path, key=key)) for key, message in problems
        )
    return Checked(scenario=kept, dropped=gone)


def _below(path: str, tops: Iterable[str]) -> bool:
    return any(path == top or path.startswith((f"{top}.", f"{top}[")) for top in tops)


def _sections(scenario: Scenario, ids: Ids) -> dict[str, tuple[str, frozenset[str] | None]]:
    """The sections whose keys are ids: what they are called, and which there are.

    Resources may also be given for a role that is in no register, where the scenario itself gives work to it.
    """
    named = frozenset(name for name, keys in _roles_named(scenario) if keys[0] in ("tasks", "background"))
    return {
        "arrivals": ("start event of the model", ids.start_events),
        "tasks": ("activity of the model", ids.activities),
        "flows": ("sequence flow of the model", ids.sequence_flows),
        "handoffs": ("flow of the model", ids.sequence_flows | ids.message_flows),
        "events": ("event of the model", ids.events),
        "black_boxes": ("participant without a process of the model", ids.black_boxes),
        "roles": ("role of the register or task", None if ids.roles is None else ids.roles | named),
    }


def _references(scenario: Scenario, ids: Ids) -> Iterator[tuple[str, str]]:
    roles = None if ids.roles is None else ids.roles | frozenset(scenario.roles)
    for name, keys in _roles_named(scenario):
        if roles is not None and name not in roles:
            yield key_path(keys), f"no role is called '{name}'{nearest(name, roles)}"
    for kind, name, keys in _elements_named(scenario):
        known = {"activity": ids.activities, "flow": ids.sequence_flows | ids.message_flows}.get(
            kind, ids.nodes_and_flows
        )
        if name not in known:
            yield key_path(keys), f"no {kind} of the model has the id '{name}'{nearest(name, known)}"
    if ids.attributes is not None:
        yield from _attributes(scenario, ids.attributes)


def _roles_named(scenario: Scenario) -> Iterator[tuple[str, tuple[Key, ...]]]:
    for id_, task in scenario.tasks.items():
        if task.role is not None and task.role != "none":
            yield task.role, ("tasks", id_, "role")
        for name in task.roles:
            yield name, ("tasks", id_, "roles", name)
    for id_, role in scenario.roles.items():
        for n, person in enumerate(role.people):
            for m, name in enumerate(person.also):
                yield name, ("roles", id_, "people", n, "also", m)
    for id_, gate in scenario.gates.items():
        for name in gate.no_show:
            yield name, ("gates", id_, "no_show", name)
    for id_, background in scenario.background.items():
        if background.role is not None:
            yield background.role, ("background", id_, "role")
    for name, lender in scenario.undefined_roles.borrow.items():
        yield name, ("undefined_roles", "borrow", name)
        yield lender, ("undefined_roles", "borrow", name)


def _elements_named(scenario: Scenario) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
    for id_, task in scenario.tasks.items():
        for key in ("same_person_as", "not_same_person_as"):
            if (other := getattr(task, key)) is not None:
                yield "activity", other, ("tasks", id_, key)
    for id_, role in scenario.roles.items():
        for n, person in enumerate(role.people):
            for name in person.durations:
                yield "activity", name, ("roles", id_, "people", n, "durations", name)
    for id_, handoff in scenario.handoffs.items():
        if handoff.declines_to is not None:
            yield "event or flow", handoff.declines_to, ("handoffs", id_, "declines_to")
        if handoff.accepted_by is not None:
            yield "flow", handoff.accepted_by, ("handoffs", id_, "accepted_by")
    for id_, box in scenario.black_boxes.items():
        for received, replies in box.replies.items():
            yield "flow", received, ("black_boxes", id_, "replies", received)
            for reply in replies:
                yield "flow", reply, ("black_boxes", id_, "replies", received, reply)


def attribute_names(scenario: Scenario) -> frozenset[str]:
    """The attributes that the scenario gives to cases."""
    tables = [scenario.attributes]
    tables += [demand.attributes for demand in scenario.demand.values()]
    tables += [door.attributes for door in scenario.arrivals.values()]
    recorded = {name for door in scenario.arrivals.values() for _, row in door.recorded for name in row}
    return frozenset(name for table in tables for name in table) | recorded


def _attributes(scenario: Scenario, assigned: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Expressions that need a name which nothing gives: neither a parameter nor an attribute."""
    known = attribute_names(scenario) | assigned
    for keys, found in expressions_of(scenario):
        for name in sorted(found.names - known):
            hint = nearest(name, known | frozenset(scenario.parameters))
            yield key_path(keys), f"'{found.text}': no parameter or attribute is called '{name}'{hint}"


def expressions_of(scenario: Scenario) -> Iterator[tuple[tuple[Key, ...], CaseExpression]]:
    """Every expression over attributes, with its keys."""
    for section in ("arrivals", "attributes", "demand", "roles", "tasks", "flows", "handoffs", "events", "black_boxes"):
        yield from _expressions(getattr(scenario, section), (section,))


def _expressions(value: Any, keys: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], CaseExpression]]:
    match value:
        case CaseExpression():
            yield keys, value
        case Probability():
            yield from _expressions(value.probability, (*keys, "probability"))
        case By():
            yield (*keys, "by"), value.condition
            yield from _expressions(value.yes, (*keys, "yes"))
            yield from _expressions(value.no, (*keys, "no"))
        case Mixture():
            for n, (_, part) in enumerate(value.parts):
                yield from _expressions(part, (*keys, "mixture", n, 1))
        case Mapping():
            for key, item in value.items():
                yield from _expressions(item, (*keys, key))
        case _ if hasattr(value, "model_fields_set"):
            for name in sorted(value.model_fields_set):
                yield from _expressions(getattr(value, name), (*keys, name))
        case tuple():
            for n, item in enumerate(value):
                yield from _expressions(item, (*keys, n))
        case _:
            return
