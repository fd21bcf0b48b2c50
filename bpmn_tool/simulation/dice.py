"""The draws of one replication: which address a purpose has for a case (docs/semantics.md, 5)."""

from collections.abc import Mapping
from typing import Any

from bpmn_tool.model.tokens import Path
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.simulation.case import Case
from bpmn_tool.simulation.draws import Purpose, address, mix, no_show, uniform
from bpmn_tool.simulation.plan import Chance


class Dice:
    """Numbers in (0, 1) by address: never streamed, so the same step meets the same luck in every variant."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._mixed: dict[tuple[str, str, str, int, Path], int] = {}

    def plain(self, stream: str, number: int, purpose: Purpose, element: str) -> float:
        """For purposes that know no entry and no path: intervals, group sizes, doors, attributes of a demand."""
        return uniform(self.seed, self.replication, number, purpose, 0, address(stream, element))

    def of(self, case: Case, purpose: Purpose, element: str, visit: int, path: Path = ()) -> float:
        """For a case, at the visit of an element under a path."""
        if not path and case.entry == 0:
            where = address(case.stream, element)
        else:
            key = (case.stream, element, case.start_event if case.entry else "", case.entry, path)
            found = self._mixed.get(key)
            where = self._mixed[key] = self._mix(case, element, path) if found is None else found
        return uniform(self.seed, self.replication, case.number, purpose, visit, where)

    def seat(self, gate: str, role: str, place: int, occasion: int) -> float:
        """Of a gate's seat of a role, counted from 0, at an occasion: whether nobody comes."""
        return uniform(self.seed, self.replication, occasion, no_show(place), 0, address(gate, role))

    def _mix(self, case: Case, element: str, path: Path) -> int:
        where = address(case.stream, element)
        if case.entry > 0:
            where = mix(where, case.start_event, case.entry, 0)
        for node, visit, instance in path:
            where = mix(where, node, instance, visit)
        return where


def chance(value: Chance, attributes: Mapping[str, Any]) -> float:
    """A probability, or what its expression gives for this case. Raises ExpressionError, ValueError out of [0, 1]."""
    if not isinstance(value, CaseExpression):
        return value
    result = float(value.evaluate(attributes))
    if not 0.0 <= result <= 1.0:
        raise ValueError(f"{value.text!r} gives {result:g}, which is not a probability")
    return result
