"""The rules about how a model is drawn and named. What they name is no mistake by the standard; all are bpmnlint's."""

from typing import Final

from bpmn_tool.checks.rule import Rule
from bpmn_tool.checks.rules import (
    fake_join,
    global_,
    label_required,
    no_bpmndi,
    no_complex_gateway,
    no_gateway_join_fork,
    no_implicit_split,
    no_inclusive_gateway,
    no_overlapping_elements,
    single_event_definition,
    standard_size,
    superfluous_label,
    superfluous_termination,
)

STYLE: Final[tuple[Rule, ...]] = (
    no_implicit_split.RULE,
    fake_join.RULE,
    no_gateway_join_fork.RULE,
    no_complex_gateway.RULE,
    no_inclusive_gateway.RULE,
    single_event_definition.RULE,
    superfluous_termination.RULE,
    label_required.RULE,
    superfluous_label.RULE,
    global_.RULE,
    no_bpmndi.RULE,
    no_overlapping_elements.RULE,
    standard_size.RULE,
)
