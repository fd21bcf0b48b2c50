"""The one safe language of conditions, numbers and scripts, for execution and simulation alike.

Text from a file becomes a typed tree of a fixed set of nodes; evaluating it can look up names, compute and compare, and
nothing else: no attributes, no methods, no imports, no loops but `some` and `every` over a list, never one in another,
so that its steps are bounded by its length. Text, depth and the size of every value are bounded too.

>>> parse("severity > 7 and is_minor").evaluate({"severity": 8, "is_minor": True})
True
>>> parse_script("score = 2 * hits; urgent = score >= 10").execute({"hits": 6})
{'score': 12, 'urgent': True}
"""

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.expression import Assignment, Expression, Script, parse, parse_script
from bpmn_tool.expressions.functions import FUNCTIONS
from bpmn_tool.expressions.nodes import Node, Value
from bpmn_tool.expressions.operations import as_value, truth
from bpmn_tool.expressions.printer import to_text
from bpmn_tool.expressions.remarks import Remark, RemarkKind

__all__ = [
    "FUNCTIONS",
    "Assignment",
    "Expression",
    "ExpressionError",
    "Node",
    "Remark",
    "RemarkKind",
    "Script",
    "Value",
    "as_value",
    "parse",
    "parse_script",
    "to_text",
    "truth",
]
