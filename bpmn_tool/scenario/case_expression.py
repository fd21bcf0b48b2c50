"""An expression over the attributes of a case, with the parameters of the scenario already known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpmn_tool.expressions import Expression


@dataclass(frozen=True, slots=True)
class CaseExpression:
    """`names` are the attributes that it needs; `evaluate` takes a case's attributes alone. `text` is as written."""

    text: str
    expression: Expression
    names: frozenset[str]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def evaluate(self, attributes: Mapping[str, Any]) -> Any:
        """The value for a case. Raises ExpressionError: an attribute is missing, or of the wrong type."""
        return self.expression.evaluate({**attributes, **self.parameters})

    def __str__(self) -> str:
        return self.text
