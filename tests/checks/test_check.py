"""How rules are asked, and what becomes of what they say."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from bpmn_tool.checks import PROFILES, RULE_CRASHED, RULES, Rule, Violation, check, check_all, choose
from bpmn_tool.errors import InputError, Location
from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Breach
from bpmn_tool.results.finding import Severity

FIXTURES = Path(__file__).parent / "rules"
LOOSE = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="p">
    <task id="t"
          name="Assess
                signal" />
  </process>
</definitions>"""


@pytest.fixture
def loose() -> Model:
    """A process with one task that nothing leads to."""
    return read_bytes(LOOSE, "loose.bpmn")


def rule(find, **other) -> Rule:
    return Rule(name="probe", severity=Severity.WARNING, why="", whence="", find=find, **other)


def failing(_checked):
    yield Violation("t", "said before")
    raise ZeroDivisionError("by [/a] zero")


@pytest.fixture
def with_rules(monkeypatch):
    """Let these be all the rules."""
    module = import_module("bpmn_tool.checks.choice")

    def use(*rules: Rule) -> None:
        monkeypatch.setattr(module, "RULES", rules)
        monkeypatch.setattr(module, "PROFILES", {"basic": rules})

    return use


def test_a_finding_has_the_place_of_its_element(loose):
    finding = next(f for f in check(loose) if f.rule == "no-disconnected")
    assert (finding.location, finding.element) == (Location(path="loose.bpmn", line=3), "t")


def test_a_finding_reads_as_a_line(loose):
    finding = next(f for f in check(loose) if f.rule == "no-disconnected")
    assert str(finding).startswith("loose.bpmn:3: error[no-disconnected] 'Assess signal' is not connected")


def test_findings_stand_in_order_of_place_and_then_of_rule(loose):
    names = [finding.rule for finding in check(loose)]
    assert names == ["undefined-role", "start-event-required", "end-event-required", "no-disconnected"]


def test_the_same_model_gives_the_same_findings(loose):
    assert check(loose) == check(read_bytes(LOOSE, "loose.bpmn"))


def test_select(loose):
    assert [finding.rule for finding in check(loose, select=["no-disconnected"])] == ["no-disconnected"]


def test_ignore(loose):
    assert "no-disconnected" not in {finding.rule for finding in check(loose, ignore=["no-disconnected"])}


def test_ignore_goes_before_select(loose):
    assert check(loose, select=["no-disconnected"], ignore=["no-disconnected"]) == ()


def test_all_that_there_is_not_is_refused_at_once(loose):
    with pytest.raises(InputError) as caught:
        check(loose, select=["no-disconected"], ignore=["xyz"], profile="public")
    assert [problem.message.partition(";")[0] for problem in caught.value.problems] == [
        "there is no rule 'no-disconected'",
        "there is no rule 'xyz'",
        "there is no profile 'public'",
    ]
    assert "did you mean 'no-disconnected'?" in caught.value.problems[0].message


def test_names_of_rules_are_unique():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_has_only_rules_that_there_are(profile):
    assert set(choose(profile=profile).rules) <= set(RULES)


def test_a_rule_that_fails_is_a_finding_with_its_name(loose, with_rules):
    with_rules(rule(failing))
    crash = next(finding for finding in check(loose) if finding.rule == RULE_CRASHED)
    assert (crash.severity, crash.location.path) == (Severity.ERROR, "loose.bpmn")
    assert "'probe' failed (ZeroDivisionError: by [/a] zero)" in crash.message


def test_the_other_rules_still_run(loose, with_rules):
    with_rules(rule(failing), *RULES)
    names = {finding.rule for finding in check(loose)}
    assert names >= {RULE_CRASHED, "probe", "no-disconnected", "start-event-required"}


def test_a_rule_that_fails_while_it_is_called_is_a_finding_too(loose, with_rules):
    with_rules(rule(lambda checked: checked.nothing_of_the_kind))
    assert [finding.rule for finding in check(loose)] == [RULE_CRASHED]


def test_a_rule_may_yield_plain_pairs(loose, with_rules):
    with_rules(rule(lambda _checked: [("t", "say so")]))
    (finding,) = check(loose)
    assert (finding.element, finding.message, finding.severity) == ("t", "say so", Severity.WARNING)


def test_a_rule_about_the_set_is_asked_once(loose, with_rules):
    with_rules(rule(lambda checked: [("t", f"{len(checked.models)} models")], once=True))
    assert [finding.message for finding in check_all([loose, replace(loose)])] == ["2 models"]


def test_a_rule_about_the_set_is_not_asked_about_one_model(loose, with_rules):
    with_rules(rule(failing, once=True))
    assert check(loose) == ()


def test_nothing_is_found_in_no_models():
    assert check_all([], read_register(FIXTURES / "unused-role" / "partners.toml")) == ()


def test_a_role_that_one_of_two_models_uses_is_used():
    register = read_register(FIXTURES / "unused-role" / "partners.toml")
    officer, inspector = (
        read_model(FIXTURES / "undefined-role" / name) for name in ("valid_lane.bpmn", "valid_pool_without_lanes.bpmn")
    )
    found = check_all([officer, inspector], register, select=["unused-role"])
    assert [finding.element for finding in found] == ["outreach_worker"]


def test_an_unused_role_is_placed_in_the_register():
    register = read_register(FIXTURES / "unused-role" / "partners.toml")
    model = read_model(FIXTURES / "undefined-role" / "valid_lane.bpmn")
    finding = check_all([model], register, select=["unused-role"])[0]
    assert finding.location == Location(path=register.path, key="roles.outreach_worker")


@pytest.mark.parametrize(
    ("fixture", "rule_name", "witness"),
    [
        ("undefined-role/invalid_lane", "undefined-role", ("lane",)),
        ("undefined-role/invalid_nothing_stated", "undefined-role", ("assess", "visit")),
        (
            "handoff-without-acceptance/invalid_nothing_comes_back",
            "handoff-without-acceptance",
            ("tell", "referred"),
        ),
        ("silent-partner/invalid_receives_only", "silent-partner", ("report",)),
        ("no-duplicate-sequence-flows/invalid_twice", "no-duplicate-sequence-flows", ("begin_to_work",)),
        (
            "required-before/invalid_way_around",
            "required-before",
            ("begin", "begin_to_which", "which", "which_to_share", "share"),
        ),
        (
            "required-before/invalid_out_of_the_sub_process",
            "required-before",
            ("begin", "begin_to_gate", "gate", "refused", "refused_to_share", "share"),
        ),
        (
            "single-partner/invalid_one_alone",
            "single-partner",
            ("begin", "refer", "referred", "talk"),
        ),
        ("conditional-flows/invalid_exclusive_without_any", "conditional-flows", ("yes", "no")),
        ("single-blank-start-event/invalid_two", "single-blank-start-event", ("begin", "or_here")),
    ],
)
def test_witnesses_show_what_is_meant(fixture, rule_name, witness):
    path = FIXTURES / f"{fixture}.bpmn"
    register = path.parent / "partners.toml"
    (finding,) = check(read_model(path), read_register(register) if register.is_file() else None, select=[rule_name])
    assert finding.witness == witness


def test_without_a_register_a_lane_is_a_role():
    model = read_model(FIXTURES / "undefined-role" / "invalid_lane.bpmn")
    assert check(model, None, select=["undefined-role"]) == ()


def test_a_name_that_is_nearly_a_role_is_proposed():
    register = read_register(FIXTURES / "undefined-role" / "partners.toml")
    (finding,) = check(read_model(FIXTURES / "undefined-role" / "invalid_lane.bpmn"), register)
    assert finding.message.endswith("(did you mean 'Prevention officer'?)")


def test_an_unknown_id_is_placed_in_the_register_with_the_nearest():
    register = read_register(FIXTURES / "unknown-id" / "partners.toml")
    model = read_model(FIXTURES / "unknown-id" / "invalid_misspelt.bpmn")
    (finding,) = check_all([model], register, select=["unknown-id"])
    assert finding.location == Location(path=register.path, key="required_before[0].needs[0]")
    assert finding.message.endswith("is called 'gate' (did you mean 'gat'?)")


def test_an_id_that_one_of_two_models_has_is_known():
    register = read_register(FIXTURES / "unknown-id" / "partners.toml")
    models = [
        read_model(FIXTURES / "unknown-id" / name)
        for name in ("valid_all_are_drawn.bpmn", "invalid_other_process.bpmn")
    ]
    assert check_all(models, register, select=["unknown-id"]) == ()


def test_the_register_says_how_much_a_path_around_weighs():
    register = read_register(FIXTURES / "required-before" / "partners.toml")
    (requirement,) = register.required_before
    milder = replace(register, required_before=(replace(requirement, severity=Breach.WARNING),))
    model = read_model(FIXTURES / "required-before" / "invalid_way_around.bpmn")
    (finding,) = check(model, milder, select=["required-before"])
    assert finding.severity is Severity.WARNING


def test_requirements_are_asked_of_some_processes_only():
    register = read_register(FIXTURES / "required-before" / "partners.toml")
    (requirement,) = register.required_before
    elsewhere = replace(register, required_before=(replace(requirement, within=("town",)),))
    model = read_model(FIXTURES / "required-before" / "invalid_way_around.bpmn")
    assert check(model, elsewhere, select=["required-before"]) == ()


def test_the_hub_lets_nothing_around_its_gates():
    """But for what is closed without a day of erasure, which is known."""
    processes = Path(__file__).parents[2] / "processes"
    register = read_register(processes / "partners.toml")
    found = check(read_model(processes / "to_be" / "integrated_hub.bpmn"), register, select=["required-before"])
    assert {(finding.element, finding.severity) for finding in found} == {("closed_no_action", Severity.WARNING)}


def test_a_flow_around_the_gate_of_the_hub_is_found():
    processes = Path(__file__).parents[2] / "processes"
    text = (processes / "to_be" / "integrated_hub.bpmn").read_text(encoding="utf-8")
    broken = text.replace(
        'id="danger_no" name="no" sourceRef="imminent_danger" targetRef="juridical_gate"',
        'id="danger_no" name="no" sourceRef="imminent_danger" targetRef="read_signal"',
    )
    assert broken != text
    found = check(read_bytes(broken.encode(), "broken.bpmn"), read_register(processes / "partners.toml"))
    assert ("required-before", "read_signal", Severity.ERROR) in {(f.rule, f.element, f.severity) for f in found}
