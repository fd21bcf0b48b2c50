"""Which scenario of a BPSim block is meant, with all that it inherits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpmn_tool.errors import InputError, Problem
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.interchange.foreign.xml_reader import Xml

NAMESPACES: Final = ("http://www.bpsim.org/schemas/1.0", "http://www.bpsim.org/schemas/2.0")
#: groups of parameters of an element
_GROUPS: Final = (
    "TimeParameters", "ControlParameters", "ResourceParameters", "PriorityParameters", "CostParameters",
    "PropertyParameters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameters:
    """Of one element: what stands under each name, the nearest scenario's first. Properties are called
    `Property:<name>`.
    """

    element: str
    place: Xml
    by_name: Mapping[str, Xml]

    def get(self, name: str) -> Xml | None:
        return self.by_name.get(name)


@dataclass(frozen=True, slots=True)
class Meant:
    """A scenario and what it inherits, flattened."""

    chain: tuple[Xml, ...]  # the scenario, then what it inherits from
    elements: Mapping[str, Parameters]
    calendars: Mapping[str, Xml]

    def attribute(self, name: str) -> str | None:
        """Of the scenario's own parameters."""
        for scenario in self.chain:
            for own in scenario.all("ScenarioParameters"):
                if own.get(name) is not None:
                    return own.get(name)
        return None

    def own(self, name: str) -> Xml | None:
        """A child of the scenario's own parameters."""
        found = (each.one(name) for scenario in self.chain for each in scenario.all("ScenarioParameters"))
        return next((each for each in found if each is not None), None)


def meant(roots: Sequence[Xml], wanted: str | None, draft: Draft) -> Meant:
    """The scenario that is wanted, by id or name; else the first. Raises InputError: there is none."""
    listed = [scenario for root in roots for scenario in root.within("Scenario", NAMESPACES)]
    with_parameters = [
        each for each in listed if next(each.all("ElementParameters", "ScenarioParameters"), None) is not None
    ]
    if not listed:
        raise InputError("there is no BPSim scenario in the model")
    names = ", ".join(str(each.get("id")) for each in listed)
    if wanted is not None:
        chosen = next((each for each in listed if wanted in (each.get("id"), each.get("name"))), None)
        if chosen is None:
            raise InputError(f"there is no BPSim scenario '{wanted}'; there are: {names}")
    else:
        chosen = (with_parameters or listed)[0]
        if len(listed) > 1:
            draft.dropped(
                f"{len(listed)} scenarios ({names}): this is {chosen.get('id')}; --scenario takes another",
                chosen.location,
            )
    chain = _chain(chosen, {str(each.get("id")): each for each in listed}, draft)
    calendars = {str(c.get("id")): c for scenario in reversed(chain) for c in scenario.all("Calendar")}
    return Meant(tuple(chain), _flattened(chain, draft), calendars)


def _chain(scenario: Xml, listed: Mapping[str, Xml], draft: Draft) -> list[Xml]:
    chain = [scenario]
    while (parent := chain[-1].get("inherits")) is not None:
        if parent not in listed:
            draft.unclear(f"it inherits from '{parent}', and there is no such scenario", chain[-1].location)
            break
        if any(each.element is listed[parent].element for each in chain):
            raise InputError(
                Problem(message="scenarios inherit from each other in a circle", location=scenario.location)
            )
        chain.append(listed[parent])
    return chain


def _flattened(chain: Sequence[Xml], draft: Draft) -> dict[str, Parameters]:
    found: dict[str, dict[str, Xml]] = {}
    places: dict[str, Xml] = {}
    for scenario in reversed(chain):
        for parameters in scenario.all("ElementParameters"):
            element = (parameters.get("elementRef") or "").rpartition(":")[2]
            if not element:
                draft.dropped("parameters of no element", parameters.location)
                continue
            places[element] = parameters
            own = found.setdefault(element, {})
            for group in parameters.all():
                if group.name not in _GROUPS:
                    draft.dropped(
                        f"{group.name}: a vendor's own" if group.name == "VendorExtension" else group.name,
                        group.location,
                    )
                    continue
                for each in group.all():
                    name = f"Property:{each.get('name')}" if each.name == "Property" else each.name
                    own[name] = each
    return {element: Parameters(element, places[element], own) for element, own in found.items()}
