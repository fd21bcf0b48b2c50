"""The rules of the standard as a group, and what of a model makes its tokens meaningless.

These rules say what the schema and the text of BPMN 2.0.2 forbid. A check that plays tokens asks :func:`token_breaks`
first: where it returns anything, no verdict of that check would mean much.
"""

from typing import Final

from bpmn_tool.checks.asking import found
from bpmn_tool.checks.rule import Checked, Rule
from bpmn_tool.checks.rules import (
    ad_hoc_sub_process,
    boundary_event,
    call_activity,
    cancel_event,
    choreography_in_process,
    compensation_handler,
    complex_gateway,
    default_flow,
    end_event_outgoing,
    event_based_gateway,
    event_sub_process,
    event_sub_process_typed_start_event,
    event_trigger,
    gateway_direction,
    instantiating_receive_task,
    lane_members,
    link_event,
    loose_reference,
    message_flow_end,
    message_flow_within_pool,
    multi_instance,
    quantity,
    schema_content,
    sequence_flow_border,
    sequence_flow_condition,
    start_event_incoming,
    sub_process_blank_start_event,
)
from bpmn_tool.model.elements import Model
from bpmn_tool.results.finding import Finding, Severity

_TOKENS: Final[tuple[Rule, ...]] = (
    sequence_flow_border.RULE,
    start_event_incoming.RULE,
    end_event_outgoing.RULE,
    boundary_event.RULE,
    event_trigger.RULE,
    sub_process_blank_start_event.RULE,
    event_sub_process.RULE,
    event_sub_process_typed_start_event.RULE,
    event_based_gateway.RULE,
    instantiating_receive_task.RULE,
    link_event.RULE,
    cancel_event.RULE,
    compensation_handler.RULE,
    ad_hoc_sub_process.RULE,
    sequence_flow_condition.RULE,
    default_flow.RULE,
    quantity.RULE,
    message_flow_end.RULE,
    choreography_in_process.RULE,
)

STANDARD: Final[tuple[Rule, ...]] = (
    *_TOKENS,
    schema_content.RULE,
    message_flow_within_pool.RULE,
    call_activity.RULE,
    lane_members.RULE,
    gateway_direction.RULE,
    complex_gateway.RULE,
    multi_instance.RULE,
    loose_reference.RULE,
)
"""All of them, the ones without which tokens mean nothing first."""


def breaks(model: Model) -> tuple[Finding, ...]:
    """Every error against the standard, rule by rule; warnings are left out."""
    return _of(STANDARD, model)


def token_breaks(model: Model) -> tuple[Finding, ...]:
    """What leaves open what tokens do: errors against the standard, and flows to and from events on the border of a
    sub-process. Those the standard allows; our token rules do not know them.
    """
    return _of(_TOKENS, model, also=sequence_flow_border.RULE.name)


def _of(rules: tuple[Rule, ...], model: Model, *, also: str = "") -> tuple[Finding, ...]:
    """The errors that these rules find, and of the rule `also` its warnings too."""
    findings = found(rules, Checked(models=(model,)))
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR or finding.rule == also)
