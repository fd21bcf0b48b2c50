import json
import shutil

import pytest

from bpmn_tool.comparison.asked import asked_of
from bpmn_tool.comparison.meaning import meaning_of, paper_code
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register


@pytest.fixture
def desk(root, tmp_path, monkeypatch):
    """The folder of a project with a town and a help centre."""
    shutil.copytree(root / "tests" / "readme" / "partners", tmp_path / "partners")
    (tmp_path / "bpmn-tool.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def code(partner: str, step: str) -> str:
    from pathlib import Path

    model, register = read_model(Path("partners/referral.bpmn")), read_register("partners/partners.toml")
    (asked,) = (each for each in asked_of(model, register, partner) if each.id == step)
    return paper_code(partner, meaning_of(model, register, asked))


def lines(desk, partner="help"):
    path = desk / "partners" / "sign_offs" / f"{partner}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_an_answer_by_hand_is_a_line(cli, desk):
    ended = cli("partner", "sign", "Hulpcentrum", "partners", "--accept", "first_talk", "--name", "A. N.")
    assert ended.code == 0
    (line,) = lines(desk)
    assert [(s["step"], s["model"], s["verdict"]) for s in line["steps"]] == [
        ("first_talk", "partners/referral.bpmn", "accept")
    ]
    assert (line["how"], line["partner"]) == ("hand", "help")
    assert "A. N." not in json.dumps(line)
    assert f"[{line['id']}]" in (desk / "partners" / "sign_offs" / "people.toml").read_text(encoding="utf-8")
    assert "Head, for the minutes: " in ended.out


def test_an_answer_on_paper_is_typed_in_by_its_codes(cli, desk):
    typed = f"{code('town', 'refer').lower()}=contest: not without asking"
    ended = cli("partner", "sign", "town", "partners", "--paper", typed, "--paper", f"{code('town', 'listen')}=accept")
    assert ended.code == 0, ended.err
    (line,) = lines(desk, "town")
    assert line["how"] == "paper"
    assert [(s["step"], s["verdict"], s["reason"]) for s in line["steps"]] == [
        ("refer", "contest", "not without asking"),
        ("listen", "accept", ""),
    ]


def test_a_code_of_a_step_that_changed_is_refused(cli, desk):
    old = code("help", "first_talk")
    path = desk / "partners" / "referral.bpmn"
    path.write_text(path.read_text(encoding="utf-8").replace("P3W", "P5W"), encoding="utf-8")
    ended = cli("partner", "sign", "help", "partners", "--paper", f"{old}=accept")
    assert ended.code == 2
    assert "is the code of no step" in ended.err
    assert lines(desk) == []


WRONG = [
    (["--accept", "listen"], "'listen' is no step of 'help'; its steps: first_talk"),
    (["--contest", "first_talk"], "is contested: say why"),
    (["--contest", f"first_talk: {'x' * 2001}"], "at most 2000 characters"),
    (["--accept", "first_talk", "--not-mine", "first_talk"], "'first_talk' is answered twice"),
    (["--paper", "AAAAAA=yes"], "say accept, contest or not-mine"),
    ([], "Nothing is said"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_is_wrong_is_said_and_nothing_written(cli, desk, words, said):
    ended = cli("partner", "sign", "help", "partners", *words)
    assert ended.code == 2
    assert said in ended.err
    assert not (desk / "partners" / "sign_offs").exists()


def test_a_partner_that_there_is_not(cli, desk):
    ended = cli("partner", "sign", "nobody", "partners", "--accept", "x")
    assert ended.code == 2
    assert "has no partner 'nobody'; there is town, help" in ended.err
