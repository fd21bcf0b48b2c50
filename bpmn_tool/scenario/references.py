"""Names that a scenario gives and uses itself: calendars, gates, demands, parts of `precision`. Ids of models and
registers: see `ids`.
"""

from collections.abc import Iterator

from bpmn_tool.scenario.places import Key, key_path
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.scenario.values import nearest


def check_references(scenario: Scenario) -> list[tuple[str, str]]:
    """(key path, message) of every name that the scenario uses and does not give."""
    problems = []
    given = {
        "calendar": (frozenset(scenario.calendars) | {"always"}, "calendars"),
        "gate": (frozenset(scenario.gates), "gates"),
        "demand": (frozenset(scenario.demand), "demand"),
    }
    for kind, name, keys in _uses(scenario):
        names, section = given[kind]
        if name not in names:
            problems.append((key_path(keys), f"no {kind} '{name}' in [{section}]{nearest(name, names)}"))
    return problems


def _uses(scenario: Scenario) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
    for id_, door in scenario.arrivals.items():
        if door.of is not None:
            yield "demand", door.of, ("arrivals", id_, "of")
        if door.hours is not None:
            yield "calendar", door.hours, ("arrivals", id_, "hours")
    for id_, role in scenario.roles.items():
        if role.calendar is not None:
            yield "calendar", role.calendar, ("roles", id_, "calendar")
        for n, person in enumerate(role.people):
            if person.calendar is not None:
                yield "calendar", person.calendar, ("roles", id_, "people", n, "calendar")
    for id_, task in scenario.tasks.items():
        if task.gate is not None:
            yield "gate", task.gate, ("tasks", id_, "gate")
    for id_, gate in scenario.gates.items():
        if gate.calendar is not None:
            yield "calendar", gate.calendar, ("gates", id_, "calendar")
