"""The rules of the standard as a group that other checks ask."""

from dataclasses import replace
from pathlib import Path

import pytest

from bpmn_tool.checks import RULES, check
from bpmn_tool.checks.standard import STANDARD, breaks, token_breaks
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Event, Model
from bpmn_tool.results.finding import Severity

FIXTURES = Path(__file__).parent / "rules"


def model(name: str) -> Model:
    return read_model(FIXTURES / f"{name}.bpmn")


def test_all_are_rules():
    assert set(STANDARD) <= set(RULES)


def test_what_the_standard_forbids_is_a_break():
    (finding,) = breaks(model("lane-members/invalid_two_lanes"))
    assert (finding.rule, finding.element) == ("lane-members", "work")


def test_a_step_in_two_lanes_does_not_change_what_tokens_do():
    assert token_breaks(model("lane-members/invalid_two_lanes")) == ()


def test_a_flow_out_of_an_end_event_does():
    (finding,) = token_breaks(model("end-event-outgoing/invalid_goes_on"))
    assert (finding.rule, finding.element) == ("end-event-outgoing", "done_to_work")


def test_a_warning_breaks_nothing():
    assert breaks(model("complex-gateway/invalid_join_without_condition")) == ()


def test_a_model_that_keeps_to_it_breaks_nothing():
    assert breaks(model("cancel-event/valid_transaction")) == ()


def test_the_other_rules_still_run_on_a_model_that_breaks_it():
    rules = {finding.rule for finding in check(model("end-event-outgoing/invalid_goes_on"))}
    assert {"end-event-outgoing", "undefined-role"} <= rules


@pytest.mark.parametrize("rule", STANDARD, ids=lambda rule: rule.name)
def test_each_rule_says_whence(rule):
    assert "BPMN 2.0.2" in rule.whence


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.bpmn")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_token_breaks_are_breaks(path):
    read = read_model(path)
    found = breaks(read)
    assert all(finding in found for finding in token_breaks(read) if finding.severity is Severity.ERROR)
    assert all(finding.severity is Severity.ERROR for finding in found)


def test_an_event_on_the_border_breaks_nothing_and_leaves_tokens_open():
    read = model("sequence-flow-border/invalid_events_on_the_border")
    assert breaks(read) == ()
    assert {finding.element for finding in token_breaks(read)} == {"write_to_part_begins", "part_done_to_send"}


def test_a_boundary_event_made_without_a_file_may_have_no_host():
    read = model("boundary-event/valid_timer")
    event = read.flow_nodes["late"]
    assert isinstance(event, Event)
    made = replace(read, flow_nodes={**read.flow_nodes, "late": replace(event, attached_to_ref=None)})
    assert [finding.element for finding in token_breaks(made)] == ["late"]
