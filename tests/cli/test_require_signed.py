import json

from tests.cli.test_partner_sign import desk, lines  # noqa: F401  desk is a fixture
from tests.cli.test_partner_status import edit, sign_all


def found(cli, *words):
    ended = cli("check", "partners", "--require-signed", "--json", *words)
    rows = json.loads(ended.out)["findings"]
    signed = {"not-signed", "signed-before-it-changed", "contested"}
    return ended.code, {(row["rule"], row["element"]): row for row in rows if row["rule"] in signed}


def test_what_is_not_signed_is_an_error_with_its_line(cli, desk):  # noqa: F811
    code, rows = found(cli)
    assert code == 1
    assert set(rows) == {("not-signed", step) for step in ("listen", "refer", "first_talk")}
    row = rows["not-signed", "first_talk"]
    text = (desk / "partners" / "referral.bpmn").read_text(encoding="utf-8").splitlines()
    assert 'id="first_talk"' in text[row["line"] - 1]
    assert row["message"] == "'First talk' is not signed by 'help': ask with `partner sheet`"


def test_signed_is_fine_and_not_asked_without_the_option(cli, desk):  # noqa: F811
    assert cli("check", "partners").code == 0
    sign_all(cli)
    assert found(cli) == (0, {})


def test_what_changed_since_is_an_error_that_says_what(cli, desk):  # noqa: F811
    sign_all(cli)
    edit(desk, "P3W", "P5W")
    code, rows = found(cli)
    assert code == 1
    assert list(rows) == [("signed-before-it-changed", "first_talk")]
    assert "timeDuration" in rows["signed-before-it-changed", "first_talk"]["message"]


def test_what_is_contested_is_an_error_with_the_reason(cli, desk):  # noqa: F811
    sign_all(cli)
    cli("partner", "sign", "help", "partners", "--contest", "first_talk: too short")
    cli("partner", "sign", "town", "partners", "--not-mine", "listen")
    rows = found(cli)[1]
    assert rows["contested", "first_talk"]["message"] == "'First talk' is contested by 'help': too short"
    assert "is not its task" in rows["contested", "listen"]["message"]


def test_the_gate_writes_sarif_too(cli, desk):  # noqa: F811
    assert cli("check", "partners", "--require-signed", "--sarif", "out.sarif").code == 1
    results = json.loads((desk / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert {each["ruleId"] for each in results} >= {"not-signed"}


def test_without_a_register_nothing_can_be_signed(cli, desk):  # noqa: F811
    (desk / "partners" / "partners.toml").unlink()
    ended = cli("check", "partners", "--require-signed")
    assert ended.code == 2
    assert "needs a register" in ended.err


def test_a_chain_that_is_broken_is_told(cli, desk):  # noqa: F811
    sign_all(cli)
    sign_all(cli)
    path = desk / "partners" / "sign_offs" / "help.jsonl"
    path.write_bytes(path.read_bytes().replace(b"accept", b"contest", 1))
    ended = cli("check", "partners", "--require-signed")
    assert ended.code == 2
    assert "follows a line that is not there" in ended.err
    assert lines(desk)
