import pytest

from tests.cli.partner_answers import answer_from, save
from tests.cli.test_partner_sign import desk, lines  # noqa: F401  desk is a fixture
from tests.cli.test_partner_status import edit, states, status


@pytest.fixture
def page(cli, desk):  # noqa: F811
    path = desk / "help.html"
    assert cli("partner", "sheet", "help", "partners", "-o", path).code == 0
    return path


def test_an_answer_is_recorded(cli, desk, page):  # noqa: F811
    answer = save(desk / "a.json", answer_from(page, {"first_talk": "contest: too short"}, name="A. N."))
    ended = cli("partner", "collect", answer)
    assert ended.code == 0, ended.err
    (line,) = lines(desk)
    assert (line["how"], line["steps"][0]["verdict"], line["steps"][0]["reason"]) == ("sheet", "contest", "too short")
    assert states(status(cli)[1])["help", "first_talk"] == "contested"


def test_a_stale_answer_is_refused_with_what_changed(cli, desk, page):  # noqa: F811
    answer = save(desk / "a.json", answer_from(page, {"first_talk": "accept"}))
    edit(desk, "P3W", "P5W")
    ended = cli("partner", "collect", answer)
    assert ended.code == 2
    assert "'first_talk' changed since the sheet was made" in ended.err
    assert "timeDuration: P3W → P5W" in ended.err
    assert lines(desk) == []


def test_a_stale_answer_that_lies_about_what_it_was_is_refused_too(cli, desk, page):  # noqa: F811
    answer = answer_from(page, {"first_talk": "accept"})
    answer["steps"][0]["facts"]["name"] = "Something harmless"
    edit(desk, "P3W", "P5W")
    ended = cli("partner", "collect", save(desk / "a.json", answer))
    assert ended.code == 2
    assert "the sheet does not tell what it was" in ended.err
    assert "harmless" not in ended.err


def test_an_answer_with_facts_of_its_own_records_those_of_the_model(cli, desk, page):  # noqa: F811
    answer = answer_from(page, {"first_talk": "accept"})
    answer["steps"][0]["facts"] = {"name": "Something else"}
    assert cli("partner", "collect", save(desk / "a.json", answer)).code == 0
    (meaning,) = (desk / "partners" / "sign_offs" / "meanings").iterdir()
    assert "Something else" not in meaning.read_text(encoding="utf-8")


def test_one_that_is_wrong_keeps_all_from_being_recorded(cli, desk, page):  # noqa: F811
    good = save(desk / "a.json", answer_from(page, {"first_talk": "accept"}))
    bad = save(desk / "b.json", {**answer_from(page, {"first_talk": "accept"}), "partner": "nobody"})
    ended = cli("partner", "collect", good, bad)
    assert ended.code == 2
    assert "the register has no partner 'nobody'" in ended.err
    assert lines(desk) == []


def test_the_same_answer_is_recorded_once(cli, desk, page):  # noqa: F811
    answer = save(desk / "a.json", answer_from(page, {"first_talk": "accept"}))
    assert "recorded already" in cli("partner", "collect", answer, answer).err
    assert cli("partner", "collect", answer).code == 0
    assert "recorded already" in cli("partner", "collect", answer).err
    assert len(lines(desk)) == 1


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("../outside.bpmn", "leaves the project's folder"),
        ("/etc/passwd", "leaves"),
        ("gone.bpmn", "is not in this project"),
    ],
)
def test_a_model_that_an_answer_names_stays_in_the_project(cli, desk, page, model, said):  # noqa: F811
    answer = answer_from(page, {"first_talk": "accept"})
    answer["steps"][0]["model"] = model
    ended = cli("partner", "collect", save(desk / "a.json", answer))
    assert ended.code == 2
    assert said in ended.err


def test_a_file_that_was_renamed_is_named(cli, desk, page):  # noqa: F811
    answer = save(desk / "a.json", answer_from(page, {"first_talk": "accept"}))
    (desk / "partners" / "referral.bpmn").rename(desk / "partners" / "new.bpmn")
    assert cli("partner", "collect", answer).code == 2
    assert cli("partner", "collect", answer, "--models", "partners").code == 0


def test_another_partner_cannot_answer_for_a_step(cli, desk, page):  # noqa: F811
    answer = {**answer_from(page, {"first_talk": "accept"}), "partner": "town"}
    ended = cli("partner", "collect", save(desk / "a.json", answer))
    assert ended.code == 2
    assert "'first_talk' is no step of 'town'" in ended.err
