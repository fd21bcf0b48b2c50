from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.register import Breach, Effect, Power, Sector

FIXTURE = Path(__file__).parent / "fixtures" / "partners.toml"
CITY = '[partners.city]\nname = "City"\n'
CLERK = CITY + '[roles.clerk]\npartner = "city"\nname = "Clerk"\n'


def failing(folder: Path, text: str) -> str:
    path = folder / "partners.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_register(path)
    return str(caught.value).replace(f"{folder}/", "")


def test_what_is_not_stated_differs_from_none() -> None:
    roles = read_register(FIXTURE).roles
    assert (roles["youth_officer"].mandate, roles["youth_officer"].deputy) == ("none", "none")
    assert (roles["online_analyst"].mandate, roles["online_analyst"].undefined) == (None, True)


def test_names_aliases_and_codes() -> None:
    register = read_register(FIXTURE)
    for name in ("Prevention officer", "fonctionnaire de prevention", "PREVENTIEDIENST"):
        found = register.role_of(name)
        assert found is not None
        assert found.id == "prevention_officer"
    assert register.codes == {"L1": "law_2018_07_30", "A0": "receive_signal", "R3": "prevention_officer"}
    assert register.roles["prevention_officer"].legal_bases == ("law_2018_07_30",)
    assert str(register.roles["prevention_officer"].location).endswith("partners.toml: roles.prevention_officer")


def test_an_open_question_is_not_stated(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text(CLERK + 'mandate = "?"\n')
    assert read_register(path).roles["clerk"].mandate is None


def test_names_in_another_script(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text(CLERK.replace("Clerk", "Δήμαρχος"), encoding="utf-8")
    found = read_register(path).role_of("ΔΉΜΑΡΧΟΣ")
    assert found is not None
    assert found.id == "clerk"


def test_what_is_required_and_what_is_to_be_reached(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text(
        CLERK
        + """
[codes]
A6 = "put_on_list"
R9 = "clerk"
[[required_before]]
before = ["A6", "open_file"]
before_work_of = ["R9"]
before_messages_to = ["city"]
needs = ["gate_passed"]
why = "?"
severity = "warning"
[[required_before]]
before_reading = ["file"]
needs = ["gate_passed"]
[[goals]]
name = { en = "Talk", nl = "Gesprek" }
to = ["A6"]
"""
    )
    register = read_register(path)
    first, second = register.required_before
    assert (first.before, first.before_work_of, first.why) == (("put_on_list", "open_file"), ("clerk",), "")
    assert (first.severity, second.severity) == (Breach.WARNING, Breach.ERROR)
    assert str(second.location).endswith("partners.toml: required_before[1]")
    (goal,) = register.goals
    assert (goal.name["nl"], goal.start, goal.to) == ("Gesprek", (), ("put_on_list",))


def test_all_that_is_wrong_with_requirements_comes_at_once(tmp_path: Path) -> None:
    text = """
[[required_before]]
needs = []
[[required_before]]
before_messages_to = ["citty"]
before_work_of = ["clerk", "clerc"]
needs = ["gate"]
[[goals]]
name = "Talk"
to = []
"""
    assert failing(tmp_path, CLERK + text).splitlines() == [
        "partners.toml: required_before[0].needs: at least one id is wanted here",
        (
            "partners.toml: required_before[0]: nothing says before what: one of before, before_messages_to, "
            "before_work_of, before_reading, before_writing is missing"
        ),
        (
            "partners.toml: required_before[1].before_messages_to[0]: no partner 'citty' in [partners]; "
            "did you mean 'city'?"
        ),
        "partners.toml: required_before[1].before_work_of[1]: no role 'clerc' in [roles]; did you mean 'clerk'?",
        "partners.toml: goals[0].to: at least one id is wanted here",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CLERK.replace('"city"', '"cty"'), "partners.toml: roles.clerk.partner: no partner 'cty' in [partners]; did you mean 'city'?"),  # noqa: E501
        (CLERK + 'legal_bases = ["L"]\n', "partners.toml: roles.clerk.legal_bases[0]: no legal basis 'L' in [legal_bases]"),  # noqa: E501
        (CLERK + 'deputy = "clerc"\n', "partners.toml: roles.clerk.deputy: no role 'clerc' in [roles]; did you mean 'clerk'?"),  # noqa: E501
        (CLERK + '[roles.b]\npartner = "city"\nname = "CLERK"\n', "partners.toml: roles.b: is called 'CLERK', as 'clerk' is: a name has to mean one"),  # noqa: E501
        (CLERK + 'codes = ["R1"]\n[codes]\nR1 = "x"\n', "partners.toml: roles.clerk.codes: the code 'R1' means 'x' already"),  # noqa: E501
        (CLERK + 'mandat = "x"\n', "partners.toml: roles.clerk.mandat: unknown key; did you mean 'mandate'?"),
        (CLERK + "mandate = true\n", "partners.toml: roles.clerk.mandate: "),
        (CITY + "[[required_before]]\nbefore = [\"a\"]\n", "partners.toml: required_before[0]: 'needs' is missing"),
        (CITY + "[[required_before]]\nbefor = [\"a\"]\n", "partners.toml: required_before[0].befor: unknown key; did you mean 'before'?"),  # noqa: E501
        (CITY + "[[goals]]\nname = \"x\"\n", "partners.toml: goals[0].to: is missing"),
        (CITY + "[roles.clerk]\n", "partners.toml: roles.clerk.partner: is missing"),
    ],
)  # fmt: skip
def test_wrong(tmp_path: Path, text: str, message: str) -> None:
    assert failing(tmp_path, text).startswith(message)


def test_what_rules_ask_of_partners_roles_and_laws(tmp_path):
    path = tmp_path / "partners.toml"
    path.write_text(
        """
[partners.police]
name = "Police"
sector = "police"
[roles.officer]
partner = "police"
name = "Officer"
hours = { mon-fri = "09:00-17:00" }
may = ["identify"]
duty_to_report = true
online = false
capacity = 2
[roles.volunteer]
partner = "police"
name = "Volunteer"
hours = false
may = false
[legal_bases.act]
title = { en = "The act", nl = "De wet" }
effects = ["secrecy"]
purposes = ["any"]
[legal_bases.decree]
title = "The decree"
effects = false
purposes = ["help"]
[purposes.help]
name = { en = "Help", nl = "Hulp" }
[codes]
L1 = "act"
""",
        encoding="utf-8",
    )
    register = read_register(path)
    officer, volunteer = register.roles["officer"], register.roles["volunteer"]
    assert register.partners["police"].sector is Sector.POLICE
    assert officer.hours is not None
    assert not officer.hours.is_always
    assert (officer.may, officer.duty_to_report, officer.online, officer.capacity) == (
        (Power.IDENTIFY,),
        True,
        False,
        2,
    )
    assert volunteer.hours is not None
    assert not any(volunteer.hours.days)
    assert volunteer.may == ()
    assert (volunteer.duty_to_report, volunteer.online, volunteer.capacity) == (None, None, None)
    act = register.legal_basis("L1")
    assert act is not None
    assert (act.title, act.name["nl"], act.effects, act.purposes) == ("The act", "De wet", (Effect.SECRECY,), ("any",))
    assert register.legal_bases["decree"].effects == ()
    assert register.purposes["help"].name["nl"] == "Hulp"


def test_purposes_and_hours_that_there_are_not_are_named_with_their_key(tmp_path):
    path = tmp_path / "partners.toml"
    path.write_text(
        """
[partners.police]
name = "Police"
[roles.officer]
partner = "police"
name = "Officer"
hours = "sometimes"
[legal_bases.act]
title = "The act"
purposes = ["helpp"]
[purposes.help]
name = "Help"
""",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_register(path)
    found = {problem.location.key: problem.message for problem in caught.value.problems}
    assert found["legal_bases.act.purposes[0]"].startswith("no purpose 'helpp' in [purposes]; did you mean 'help'?")
    assert 'hours are "always"' in found["roles.officer.hours"]
