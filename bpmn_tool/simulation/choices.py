"""Where chance or a condition decides: flows, instances, runs of a loop; and numbers worked out for a case."""

from collections.abc import Mapping
from typing import Any

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.model.elements import MultiInstance, StandardLoop
from bpmn_tool.model.net import Node
from bpmn_tool.model.tokens import Path, Scope, path_of
from bpmn_tool.simulation.case import Case
from bpmn_tool.simulation.dice import Dice, chance
from bpmn_tool.simulation.draws import Purpose
from bpmn_tool.simulation.plan import LoopPlan, Plan, Sampler


class Choices:
    """Decides by the plan and by addressed draws; an expression that fails names its place (RunError)."""

    def __init__(self, plan: Plan, dice: Dice) -> None:
        self.plan, self.dice = plan, dice

    def flows(self, case: Case, node: Node, scope: Scope, visit: int) -> tuple[str, ...] | None:
        """The outgoing flows taken; None where a decision has no way out."""
        decision = self.plan.decisions.get(node.id)
        if decision is None:
            return node.outgoing
        path = path_of(scope)
        if decision.inclusive:
            chosen = self._some(case, decision.probabilities, visit, path) or [
                flow for flow, condition in decision.conditions if condition and self.truth(case, condition, node.id)
            ]
        elif decision.probabilities:
            chosen = [self._one(case, node, decision.probabilities, visit, path)]
        else:
            chosen = []
            for flow, condition in decision.conditions:
                if condition is None or self.truth(case, condition, node.id):
                    chosen = [flow]
                    break
        if not chosen and decision.default is not None:
            chosen = [decision.default]
        taken = [*decision.sure, *chosen]
        if not taken:
            return None
        return tuple(flow for flow in node.outgoing if flow in taken)

    def _one(self, case: Case, node: Node, table: tuple[tuple[str, Any], ...], visit: int, path: Path) -> str:
        """One u; flows laid on (0, 1) in the order of their ids; the one without a number has the rest."""
        u = self.dice.of(case, Purpose.BRANCH, node.id, visit, path)
        sizes = {flow: self.chance(case, value, flow) for flow, value in table if value is not None}
        rest = 1.0 - sum(sizes.values())
        if rest < -1e-9 or (len(sizes) == len(table) and rest > 1e-9):
            raise RunError(f"the probabilities of '{node.id}' sum to {1.0 - rest:g}, not 1, for case {case.id}")
        upto = 0.0
        for flow, _ in table:
            upto += sizes.get(flow, max(rest, 0.0))
            if u < upto:
                return flow
        return max((flow for flow, _ in table if sizes.get(flow, rest) > 0), default=table[-1][0])

    def _some(self, case: Case, table: tuple[tuple[str, Any], ...], visit: int, path: Path) -> list[str]:
        return [
            flow
            for flow, value in table
            if self.dice.of(case, Purpose.BRANCH, flow, visit, path) < self.chance(case, value, flow)
        ]

    def instances(self, case: Case, node: Node, scope: Scope, visit: int) -> int:
        loop = self.plan.loops[node.id]
        if isinstance(node.loop, MultiInstance):
            assert loop.instances is not None
            u = self.dice.of(case, Purpose.INSTANCES, node.id, visit, path_of(scope))
            return max(0, int(loop.instances(u, case.attributes)))
        if loop.test_before and loop.again is not None and not self.truth(case, loop.again, node.id):
            return 0
        if loop.test_before and loop.repeat is not None:
            u = self.dice.of(case, Purpose.REPEAT, node.id, visit, path_of(scope))
            return min(1, max(0, int(loop.repeat(u, case.attributes))))
        return 1

    def loop_goes_on(self, case: Case, node: Node, scope: Scope) -> tuple[bool, bool]:
        loop = self.plan.loops[node.id]
        outer = case.marking[("o", scope[:-1], node.id, scope[-1][1])]
        if isinstance(node.loop, StandardLoop):
            return self._again(case, node, loop, outer.done + 1, scope), False
        done = loop.completion is not None and self.truth(case, loop.completion, node.id)
        return False, done

    def _again(self, case: Case, node: Node, loop: LoopPlan, runs: int, scope: Scope) -> bool:
        if loop.maximum is not None and runs >= loop.maximum:
            return False
        if loop.repeat is not None:
            u = self.dice.of(case, Purpose.REPEAT, node.id, scope[-1][1], path_of(scope))
            return runs < int(loop.repeat(u, case.attributes))
        return loop.again is not None and self.truth(case, loop.again, node.id)

    def reset_flows(self, case: Case, node: Node, scope: Scope, visit: int) -> tuple[str, ...]:
        """What a complex gateway sends on when it resets: flows that are chosen, else the default, else nothing."""
        decision = self.plan.decisions.get(node.id)
        chosen = self.flows(case, node, scope, visit) if decision is not None else None
        taken = [flow for flow in chosen or () if decision is not None and flow not in decision.sure]
        return tuple(taken)

    def chance(self, case: Case, value: Any, where: str) -> float:
        try:
            return chance(value, case.attributes)
        except (ExpressionError, ValueError) as error:
            raise RunError(f"flows.{where}: {error} (case {case.id})") from None

    def truth(self, case: Case, condition: Any, where: str, more: Mapping[str, Any] | None = None) -> bool:
        """Whether a condition holds for a case; `more` are names that it has here beside the case's attributes."""
        try:
            value = condition.evaluate({**case.attributes, **more} if more else case.attributes)
        except ExpressionError as error:
            raise RunError(f"condition {condition.text!r} at '{where}': {error} (case {case.id})") from None
        if not isinstance(value, bool):
            raise RunError(
                f"condition {condition.text!r} at '{where}' is {value!r}, not true or false (case {case.id})"
            )
        return value

    def number(self, case: Case, value: Any, where: str) -> float:
        if isinstance(value, float) or not hasattr(value, "evaluate"):
            return float(value)
        try:
            return float(value.evaluate(case.attributes))
        except (ExpressionError, ValueError, TypeError) as error:
            raise RunError(f"tasks.{where}.priority: {error} (case {case.id})") from None

    @staticmethod
    def ticks(case: Case, sampler: Sampler, u: float, where: str) -> int:
        """A drawn duration; a value that is none names its place."""
        try:
            return int(sampler(u, case.attributes))
        except (ExpressionError, ValueError) as error:
            raise RunError(f"{where}: {error} (case {case.id})") from None
