"""The rules about gaps: who may do what, on which ground, and what is open. For public authorities; each works by the
register and the extension alone.
"""

from typing import Final

from bpmn_tool.checks.rule import Rule
from bpmn_tool.checks.rules import (
    consultation_without_ground,
    identification,
    monitoring_of_persons,
    no_age_gateway,
    no_audit,
    no_authenticity_test,
    no_case_lead,
    no_controller,
    no_criteria,
    no_evaluation,
    no_evidence,
    no_feedback,
    no_human_oversight,
    no_legal_ground,
    no_locality,
    no_retention,
    no_way_to_decline,
    no_worker_support,
    one_sided_meeting,
    person_not_informed,
    purpose_mismatch,
    removal_order,
    report_against_secrecy,
    role_without_mandate,
    urgent_out_of_hours,
)

GAPS: Final[tuple[Rule, ...]] = (
    role_without_mandate.RULE,
    no_legal_ground.RULE,
    monitoring_of_persons.RULE,
    identification.RULE,
    consultation_without_ground.RULE,
    purpose_mismatch.RULE,
    no_way_to_decline.RULE,
    one_sided_meeting.RULE,
    no_controller.RULE,
    no_retention.RULE,
    person_not_informed.RULE,
    no_age_gateway.RULE,
    no_feedback.RULE,
    no_criteria.RULE,
    no_case_lead.RULE,
    urgent_out_of_hours.RULE,
    report_against_secrecy.RULE,
    no_human_oversight.RULE,
    no_audit.RULE,
    no_authenticity_test.RULE,
    no_locality.RULE,
    removal_order.RULE,
    no_worker_support.RULE,
    no_evaluation.RULE,
    no_evidence.RULE,
)
