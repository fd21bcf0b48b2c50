"""Resources of BPSim: how many there are, when, at what cost, and which a task selects."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bpmn_tool.interchange.foreign.amounts import number
from bpmn_tool.interchange.foreign.bpsim_scenarios import Meant, Parameters
from bpmn_tool.interchange.foreign.bpsim_values import Units, constant, value_of, values_of
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.weekly import Week
from bpmn_tool.model.elements import Task
from bpmn_tool.register.partners import identifier

_CALL: Final = re.compile(
    r"(?:bpsim:)?(getResource|getResourceByRoles)\s*\(\s*(['\"])([^'\"]*)\2\s*(?:,\s*(\d+)\s*)?\)"
)


class Resources:
    """Gathers what tasks select, then writes the roles."""

    def __init__(self, draft: Draft, found: Meant, weeks: Mapping[str, tuple[str | None, Week]], units: Units) -> None:
        self.draft, self.found, self.weeks, self.units = draft, found, weeks, units
        #: resource of the model -> role here
        self.roles: dict[str, str] = {}
        for id_, root in draft.model.root_elements.items():
            if root.kind == "resource":
                self.roles[id_] = identifier(root.name or id_) or id_
        self._names = {
            root.name: id_ for id_, root in draft.model.root_elements.items() if id_ in self.roles and root.name
        }

    def is_resource(self, id_: str) -> bool:
        return id_ in self.roles

    def task(self, node: Task, parameters: Parameters) -> None:
        """The seats of a task, as its selection says."""
        selection = value_of(parameters.get("Selection"), self.draft)
        quantity = constant(value_of(parameters.get("Quantity"), self.draft), self.draft)
        if selection is None:
            return
        text = selection.needed("value") if selection.get("value") is not None else ""
        if selection.name == "StringParameter":
            wanted = {text: int(quantity or 1)}
            rest = ""
        else:
            calls = list(_CALL.finditer(text))
            wanted = {match[3]: int(match[4] or 1) for match in calls}
            rest = _CALL.sub("", text).strip()
            if re.sub(r"\band\b|[()\s]", "", rest):
                self.draft.unclear(
                    f"of the selection {text!r} all that is named is needed at once here", selection.location
                )
        seats: dict[str, int] = {}
        for name, count in wanted.items():
            id_ = name if name in self.roles else self._names.get(name) or self._by_role(name)
            if id_ is None:
                self.draft.unclear(f"there is no resource '{name}'", selection.location)
            else:
                seats[self.roles[id_]] = seats.get(self.roles[id_], 0) + count
        if len(seats) == 1 and next(iter(seats.values())) == 1:
            self.draft.put("tasks", node.id, "role", value=next(iter(seats)))
        elif seats:
            self.draft.put("tasks", node.id, "roles", value=seats)

    def _by_role(self, name: str) -> str | None:
        """The resource that has a role of this name."""
        for id_ in self.roles:
            parameters = self.found.elements.get(id_)
            role = parameters.get("Role") if parameters is not None else None
            if role is not None and any(value.get("value") == name for value in values_of(role)):
                return id_
        return None

    def put(self) -> None:
        """The roles that are used."""
        used = {role for task in self.draft.tables.get("tasks", {}).values() for role in _seats(task)}
        for id_, role in self.roles.items():
            if role in used:
                self.draft.put("roles", role, value=self._role(id_))

    def _role(self, id_: str) -> dict[str, Any]:
        parameters = self.found.elements.get(id_)
        if parameters is None:
            self.draft.mended(f"how many there are of '{id_}' is not said: one", self.found.chain[0].location)
            return {"count": 1}
        quantity = constant(value_of(parameters.get("Quantity"), self.draft), self.draft)
        role: dict[str, Any] = {"count": max(int(quantity if quantity is not None else 1), 0)}
        available = parameters.get("Availability")
        if available is not None:
            self._calendar(available, role)
        cost = value_of(parameters.get("UnitCost"), self.draft)
        if cost is not None and (amount := constant(cost, self.draft)) is not None:
            role["cost_per_hour"] = number(round(amount * 3600 / self.units.of(cost, self.draft), 9))
        fixed = parameters.get("FixedCost")
        if fixed is not None and next(values_of(fixed), None) is not None:
            self.draft.dropped("a cost for each use of a resource: a task can have one", fixed.location)
        return role

    def _calendar(self, available: Any, role: dict[str, Any]) -> None:
        """The calendar for which it is said to be there."""
        named = [
            calendar
            for value in values_of(available)
            if (calendar := value.get("validFor")) and value.get("value") in ("true", "1", None)
        ]
        if not named:
            return
        if len(named) > 1:
            self.draft.unclear("it is there by several calendars: the first counts", available.location)
        if named[0] not in self.weeks:
            self.draft.unclear(f"there is no calendar '{named[0]}': always there", available.location)
        elif (name := self.weeks[named[0]][0]) is not None:
            role["calendar"] = name


def _seats(task: Mapping[str, Any]) -> list[str]:
    return [*([task["role"]] if "role" in task else []), *task.get("roles", {})]
