from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.register_toml import read_register

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
        (CITY + "[roles.clerk]\n", "partners.toml: roles.clerk.partner: is missing"),
    ],
)  # fmt: skip
def test_wrong(tmp_path: Path, text: str, message: str) -> None:
    assert failing(tmp_path, text).startswith(message)
