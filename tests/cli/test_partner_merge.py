import json
import shutil

from tests.cli.test_partner_sign import desk, lines  # noqa: F401  desk is a fixture


def branch(cli, desk):  # noqa: F811
    """The file of the partner with one answer more than the copy, and the copy with another one more."""
    cli("partner", "sign", "help", "partners", "--accept", "first_talk")
    ours = desk / "partners" / "sign_offs" / "help.jsonl"
    common = ours.read_bytes()
    cli("partner", "sign", "help", "partners", "--contest", "first_talk: no")
    theirs = desk / "theirs.jsonl"
    shutil.copy(ours, theirs)
    ours.write_bytes(common)
    cli("partner", "sign", "help", "partners", "--not-mine", "first_talk")
    return ours, theirs, common


def test_two_branches_are_joined_with_every_line(cli, desk, monkeypatch):  # noqa: F811
    _ours, theirs, _common = branch(cli, desk)
    monkeypatch.chdir(desk / "partners")
    ended = cli("partner", "merge", "help", theirs, "--json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["joined"], found["lines"]) == (True, 4)
    assert {line["steps"][0]["verdict"] for line in lines(desk) if "steps" in line} == {
        "accept",
        "contest",
        "not-my-task",
    }
    assert "nothing to join" in cli("partner", "merge", "help").out


def test_what_git_left_is_joined(cli, desk):  # noqa: F811
    ours, theirs, common = branch(cli, desk)
    mine, other = ours.read_bytes().removeprefix(common), theirs.read_bytes().removeprefix(common)
    ours.write_bytes(common + b"<<<<<<< HEAD\n" + mine + b"=======\n" + other + b">>>>>>> theirs\n")
    ended = cli("partner", "status", "partners")
    assert ended.code == 2
    assert "partner merge" in ended.err
    ended = cli("partner", "merge", "Help centre", "--register", "partners/partners.toml")
    assert ended.code == 0, ended.err
    assert len(lines(desk)) == 4
    assert cli("partner", "status", "partners").code == 1


def test_a_partner_without_a_file(cli, desk):  # noqa: F811
    ended = cli("partner", "merge", "help", "--register", "partners/partners.toml")
    assert ended.code == 2
    assert "has signed nothing yet" in ended.err
