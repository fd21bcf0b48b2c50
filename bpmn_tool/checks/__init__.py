"""Rules over models: what is wrong with a drawing, and where nobody is responsible.

:func:`check` asks all rules about one model, :func:`check_all` about several that belong together. What is wrong with
a model is returned, never raised; a rule that fails is a finding as well, and the others still run.
"""

from bpmn_tool.checks.asking import RULE_CRASHED
from bpmn_tool.checks.check import check, check_all, check_model, check_together, in_order
from bpmn_tool.checks.choice import BASIC, PROFILES, Choice, choose
from bpmn_tool.checks.ignored import IGNORES_NOTHING
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.rules import RULES

__all__ = [
    "BASIC",
    "IGNORES_NOTHING",
    "PROFILES",
    "RULES",
    "RULE_CRASHED",
    "Checked",
    "Choice",
    "Rule",
    "Violation",
    "check",
    "check_all",
    "check_model",
    "check_together",
    "choose",
    "in_order",
]
