"""The texts of a model evaluated on the data of a case, in the one safe language; what cannot be stops the case."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.execution.build import Executable
from bpmn_tool.execution.engine import Token
from bpmn_tool.execution.gateways import Decision
from bpmn_tool.execution.nodes import COUNT, DONE, FLOW
from bpmn_tool.model.elements import Activity, FlowNode, MultiInstance

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
        self._items = {
            node.id: node.loop.input_data_item
            for node in executable.model.flow_nodes.values()
            if isinstance(node, Activity) and isinstance(node.loop, MultiInstance) and node.loop.input_data_item
        }

    def value(self, token: Token, expression: str, names: Mapping[str, Any]) -> Any:
        """What a spec asks by the name of an expression: a truth, or how many runs there are."""
        if expression.startswith(COUNT):
            return self._count(token.task_spec.element)
        if expression.startswith(DONE):
            return self.is_true(token, expression)
        try:
            return self.executable.expressions[expression].evaluate({**self.data, **self.items(token), **names})
        except ExpressionError as error:
            kind, _, element = expression.partition(":")
            raise RunError(f"the {_MEANT[kind]} {element} at '{token.task_spec.element.label}': {error}") from error

    def is_true(self, token: Token, expression: str) -> bool:
        """Whether a condition that is waited for holds; one whose data nobody has set yet does not."""
        made = self.executable.expressions[expression]
        known = {**self.data, **self.items(token)}
        if made.names - known.keys():
            return False
        try:
            return bool(made.evaluate(known))
        except ExpressionError as error:
            element = token.task_spec.element
            raise RunError(f"the condition of '{element.label}' ({element.id}): {error}") from error

    def run_script(self, token: Token) -> None:
        """Let a script task assign."""
        element = token.task_spec.element
        if (script := self.executable.scripts.get(element.id)) is not None:
            try:
                self.data.update(script.execute({**self.data, **self.items(token)}))
            except ExpressionError as error:
                raise RunError(f"the script of '{element.label}' ({element.id}): {error}") from error

    def lacks_data(self, spec: Decision) -> bool:
        """Whether a condition at a gateway needs a name that nobody set."""
        needed = (self.executable.expressions[FLOW + flow].names for flow in spec.conditional)
        known = {*self.data, *self._items.values()}
        return len(spec.flows) > 1 and any(names - known for names in needed)

    # collections: an instance for each item (10.3.8)

    def items(self, token: Token) -> dict[str, Any]:
        """In the runs of multi-instances around a token, the items that they are for."""
        found: dict[str, Any] = {}
        at: Token | None = token if self._items else None
        while at is not None:
            if at.instance is not None and (item := self._items.get(at.task_spec.element.id)) is not None:
                collection = self._collection(at.task_spec.element)
                if collection is not None and at.instance < len(collection):
                    found.setdefault(item, collection[at.instance])
            at = at.workflow.host if at.instance is None else at.parent
        return found

    def gather(self, token: Token, outcome: Mapping[int, Any]) -> None:
        """What the runs of a multi-instance gave, in order, once all are done."""
        loop = token.task_spec.element.loop
        if outcome and loop.data_output_ref is not None:
            self.data[self._names(loop.data_output_ref)[0]] = tuple(value for _, value in sorted(outcome.items()))

    def _given(self, element: FlowNode, key: str) -> Any:
        collection = self._collection(element)
        return self.data.get(key) if key in self.data or collection is None else len(collection)

    def _collection(self, element: FlowNode) -> Sequence[Any] | None:
        loop = getattr(element, "loop", None)
        if not isinstance(loop, MultiInstance) or loop.data_input_ref is None:
            return None
        values = (self.data.get(name) for name in self._names(loop.data_input_ref))
        return next((value for value in values if isinstance(value, list | tuple)), None)

    def _names(self, ref: str) -> list[str]:
        """What the data of a case call a data object: by its name, else by its id, or that of what it refers to."""
        data, found = self.executable.model.data, list[str]()
        while ref in data and ref not in found:
            found += [name for name in (data[ref].name, ref) if name]
            ref = data[ref].ref or ""
        return found or [ref]

    def _count(self, element: FlowNode) -> int:
        expression = self.executable.expressions.get(COUNT + element.id)
        key = RUNS.format(activity=element.id)
        what = f"'{element.label}' ({element.id})"
        try:
            value = self._given(element, key) if expression is None else expression.evaluate(self.data)
        except ExpressionError as error:
            raise RunError(f"the number of instances of {what}: {error}") from error
        if value is None:
            raise RunError(f"how many times {what} is done stands nowhere: give it in the data as {key}")
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RunError(f"{what} is done {value!r} times, which is no whole number from 0 on")
        if value > MOST_RUNS:
            raise RunError(f"{what} is done {value} times; at most {MOST_RUNS} are executed")
        return value
