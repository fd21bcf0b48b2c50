"""The rules, one a file; what a rule is stands in :mod:`bpmn_tool.checks.rule`."""

from typing import Final

from bpmn_tool.checks.gaps import GAPS
from bpmn_tool.checks.rule import Rule
from bpmn_tool.checks.rules import (
    cannot_complete,
    conditional_event,
    conditional_flows,
    dead_activity,
    end_event_required,
    foreign_expression,
    handoff_without_acceptance,
    missing_id,
    no_disconnected,
    no_duplicate_sequence_flows,
    no_implicit_end,
    no_implicit_start,
    not_safe,
    required_before,
    silent_partner,
    single_blank_start_event,
    single_partner,
    soundness_not_decided,
    start_event_required,
    superfluous_gateway,
    undefined_role,
    unknown_code,
    unknown_id,
    unused_role,
)
from bpmn_tool.checks.standard import STANDARD
from bpmn_tool.checks.style import STYLE

__all__ = ["GAPS", "RULES", "STYLE"]

RULES: Final[tuple[Rule, ...]] = (
    undefined_role.RULE,
    unknown_code.RULE,
    required_before.RULE,
    handoff_without_acceptance.RULE,
    silent_partner.RULE,
    *STANDARD,
    start_event_required.RULE,
    end_event_required.RULE,
    no_disconnected.RULE,
    no_implicit_start.RULE,
    no_duplicate_sequence_flows.RULE,
    conditional_flows.RULE,
    conditional_event.RULE,
    not_safe.RULE,
    cannot_complete.RULE,
    dead_activity.RULE,
    foreign_expression.RULE,
    single_blank_start_event.RULE,
    no_implicit_end.RULE,
    superfluous_gateway.RULE,
    unknown_id.RULE,
    single_partner.RULE,
    soundness_not_decided.RULE,
    unused_role.RULE,
    missing_id.RULE,
    *GAPS,
    *STYLE,
)
"""All rules; of two findings that weigh the same, people are shown that of the earlier rule first."""
