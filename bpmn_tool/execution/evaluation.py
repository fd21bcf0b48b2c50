"""The texts of a model evaluated on the data of a case, in the one safe language; what cannot be stops the case."""

from collections.abc import Mapping
from typing import Any, Final

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.execution.build import Executable
from bpmn_tool.execution.engine import Token
from bpmn_tool.execution.gateways import Decision
from bpmn_tool.execution.nodes import COUNT, DONE, FLOW
from bpmn_tool.model.elements import FlowNode

#: what the data of a case name the number of runs of an activity whose model does not say it
RUNS: Final = "{activity}_instances"

MOST_RUNS: Final = 10_000
"""Runs of one multi-instance: a file must not fill the memory."""

_MEANT: Final = {
    "flow": "condition of the flow",
    "completion": "completion condition of",
    "loop": "loop condition of",
    "activation": "activation condition of",
    "done": "completion condition of",
}


class Evaluation:
    """Conditions, counts and scripts of one case; `data` is its one dictionary."""

    def __init__(self, executable: Executable, data: dict[str, Any]) -> None:
        self.executable = executable
        self.data = data

    def value(self, token: Token, expression: str, names: Mapping[str, Any]) -> Any:
        """What a spec asks by the name of an expression: a truth, or how many runs there are."""
        if expression.startswith(COUNT):
            return self._count(token.task_spec.element)
        if expression.startswith(DONE):
            return self.is_true(token, expression)
        try:
            return self.executable.expressions[expression].evaluate({**self.data, **names})
        except ExpressionError as error:
            kind, _, element = expression.partition(":")
            raise RunError(f"the {_MEANT[kind]} {element} at '{token.task_spec.element.label}': {error}") from error

    def is_true(self, token: Token, expression: str) -> bool:
        """Whether a condition that is waited for holds; one whose data nobody has set yet does not."""
        made = self.executable.expressions[expression]
        if made.names - self.data.keys():
            return False
        try:
            return bool(made.evaluate(self.data))
        except ExpressionError as error:
            element = token.task_spec.element
            raise RunError(f"the condition of '{element.label}' ({element.id}): {error}") from error

    def run_script(self, element: FlowNode) -> None:
        """Let a script task assign."""
        if (script := self.executable.scripts.get(element.id)) is not None:
            try:
                self.data.update(script.execute(self.data))
            except ExpressionError as error:
                raise RunError(f"the script of '{element.label}' ({element.id}): {error}") from error

    def lacks_data(self, spec: Decision) -> bool:
        """Whether a condition at a gateway needs a name that nobody set."""
        needed = (self.executable.expressions[FLOW + flow].names for flow in spec.conditional)
        return len(spec.flows) > 1 and any(names - self.data.keys() for names in needed)

    def _count(self, element: FlowNode) -> int:
        expression = self.executable.expressions.get(COUNT + element.id)
        key = RUNS.format(activity=element.id)
        what = f"'{element.label}' ({element.id})"
        try:
            value = self.data.get(key) if expression is None else expression.evaluate(self.data)
        except ExpressionError as error:
            raise RunError(f"the number of instances of {what}: {error}") from error
        if value is None:
            raise RunError(f"how many times {what} is done stands nowhere: give it in the data as {key}")
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RunError(f"{what} is done {value!r} times, which is no whole number from 0 on")
        if value > MOST_RUNS:
            raise RunError(f"{what} is done {value} times; at most {MOST_RUNS} are executed")
        return value
