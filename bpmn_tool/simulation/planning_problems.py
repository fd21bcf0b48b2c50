"""What stops a scenario from being planned, gathered from all parts of the planning."""

from bpmn_tool.errors import Location, Problem
from bpmn_tool.model.elements import Model
from bpmn_tool.scenario.scenario import Scenario


class Problems:
    """Gathers what is wrong, by key path of the scenario or by place in the model."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.found: list[Problem] = []

    def key(self, path: str, message: str) -> None:
        self.found.append(Problem(message=message, location=Location(path=self.scenario.path, key=path)))

    def element(self, model: Model, element: str, message: str) -> None:
        known = model.get(element)
        self.found.append(Problem(message=message, location=known.location if known else Location(path=model.path)))
