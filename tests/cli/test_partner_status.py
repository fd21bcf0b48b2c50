import json

from tests.cli.test_partner_sign import desk  # noqa: F401  a fixture


def status(cli, *words):
    ended = cli("partner", "status", "partners", *words, "--json")
    return ended.code, json.loads(ended.out)


def states(document):
    return {(p["partner"], s["step"]): s["state"] for p in document["partners"] for s in p["steps"]}


def edit(desk, old, new, file="referral.bpmn"):  # noqa: F811
    path = desk / "partners" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def sign_all(cli):
    assert cli("partner", "sign", "town", "partners", "--accept", "listen,refer").code == 0
    assert cli("partner", "sign", "help", "partners", "--accept", "first_talk", "--name", "B.").code == 0


def test_all_accepted_is_fine(cli, desk):  # noqa: F811
    assert status(cli)[0] == 1
    sign_all(cli)
    code, document = status(cli)
    assert code == 0
    assert set(states(document).values()) == {"accepted"}


def test_what_changed_makes_stale_what_is_concerned_and_is_told(cli, desk):  # noqa: F811
    sign_all(cli)
    edit(desk, "P3W", "P5W")
    code, document = status(cli)
    assert code == 1
    assert states(document) == {
        ("town", "listen"): "accepted",
        ("town", "refer"): "accepted",
        ("help", "first_talk"): "stale",
    }
    (step,) = document["partners"][1]["steps"]
    assert step["changes"] == {"event.too_late.timerEventDefinition.timeDuration": ["P3W", "P5W"]}
    assert step["by"] == "B."
    shown = cli("partner", "status", "partners").out
    assert "First talk changed since:" in shown
    assert "P3W → P5W" in shown


def test_another_mandate_makes_stale_and_another_way_back_does_not(cli, desk):  # noqa: F811
    sign_all(cli)
    edit(desk, "listens and refers", "listens", "partners.toml")
    assert states(status(cli)[1])["town", "listen"] == "stale"
    edit(desk, '"listens"', '"listens and refers"', "partners.toml")
    assert status(cli)[0] == 0


def test_the_newest_answer_counts(cli, desk):  # noqa: F811
    sign_all(cli)
    cli("partner", "sign", "help", "partners", "--contest", "first_talk: three weeks is too short")
    assert states(status(cli)[1])["help", "first_talk"] == "contested"


def test_a_step_that_is_gone_is_told(cli, desk):  # noqa: F811
    sign_all(cli)
    edit(desk, 'id="listen"', 'id="hear"')
    edit(desk, ">listen<", ">hear<")
    edit(desk, '"listen"', '"hear"')
    town = status(cli)[1]["partners"][0]
    assert [each["step"] for each in town["gone"]] == ["listen"]


def test_a_file_of_another_name_keeps_what_was_signed(cli, desk):  # noqa: F811
    sign_all(cli)
    (desk / "partners" / "referral.bpmn").rename(desk / "partners" / "renamed.bpmn")
    assert status(cli)[0] == 0
    edit(desk, "P3W", "P5W", "renamed.bpmn")
    assert states(status(cli)[1])["help", "first_talk"] == "stale"


def test_a_head_that_was_noted(cli, desk):  # noqa: F811
    sign_all(cli)
    head = status(cli, "--partner", "help")[1]["partners"][0]["head"]
    cli("partner", "sign", "help", "partners", "--accept", "first_talk")
    code, document = status(cli, "--partner", "help", "--head", head)
    assert (code, document["noted_head"]) == (0, {"head": head, "lines_since": 1})
    path = desk / "partners" / "sign_offs" / "help.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0].replace(b"accept", b"contest"))
    ended = cli("partner", "status", "partners", "--partner", "help", "--head", head)
    assert ended.code == 1
    assert "No line has the head" in ended.out


def test_a_name_without_an_answer_is_told(cli, desk):  # noqa: F811
    sign_all(cli)
    assert "no answer refers to" not in cli("partner", "status", "partners").out
    people = desk / "partners" / "sign_offs" / "people.toml"
    people.write_text(people.read_text(encoding="utf-8") + f'\n[{"e" * 32}]\nname = "C."\n', encoding="utf-8")
    assert f"no answer refers to: {'e' * 32}" in cli("partner", "status", "partners").out


def test_a_broken_chain_is_told_with_its_line(cli, desk):  # noqa: F811
    for _time in range(3):
        sign_all(cli)
    path = desk / "partners" / "sign_offs" / "help.jsonl"
    path.write_bytes(path.read_bytes().replace(b"accept", b"contest", 1))
    ended = cli("partner", "status", "partners")
    assert ended.code == 2
    assert "help.jsonl:2: error: follows a line that is not there" in ended.err


def test_a_name_in_the_register_steers_no_terminal(cli, desk):  # noqa: F811
    edit(desk, 'name="First talk"', 'name="First [/red]talk&#x202e;"')
    assert "[/red]" in cli("partner", "status", "partners").out
    assert "\u202e" not in cli("partner", "status", "partners").out
