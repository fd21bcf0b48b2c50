import json

import pytest

from tests.cli.test_partner_sign import desk  # noqa: F401  a fixture


def tasks(cli, partner, *words):
    ended = cli("partner", "tasks", partner, "partners", *words, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_what_a_partner_is_assigned(cli, desk):  # noqa: F811
    (step,) = tasks(cli, "help")["steps"]
    assert (step["step"], step["part"], step["roles"]) == ("first_talk", "does", ["Help worker"])
    assert step["comes_from"] == [
        {"what": "Referral comes in", "who": "Help worker", "when": ""},
        {"what": "Refer", "who": "Desk", "when": "message: referral"},
    ]
    assert [(end["what"], end["who"], end["when"]) for end in step["goes_to"]] == [
        ("Helped", "Help worker", ""),
        ("Answer", "Desk", "message: answer"),
        ("Not reached", "Help worker", "Three weeks"),
        ("Answer", "Desk", "Three weeks, message: not reached"),
    ]
    assert step["deadlines"] == ["Three weeks (3 weeks)"]
    assert step["grounds"] == ["Decree on welfare work, art. 3"]
    assert (step["purposes"], step["deputies"]) == (["Giving help"], ["Team leader"])


def test_what_nobody_stated_is_said_so(cli, desk):  # noqa: F811
    (listen, _refer) = tasks(cli, "town")["steps"]
    assert (listen["writes"], listen["grounds"], listen["deputies"]) == (["Note of the talk"], None, None)
    assert "Ground: not stated" in cli("partner", "tasks", "town", "partners").out


def test_what_to_expect_is_what_the_simulation_of_the_scenario_says(cli, desk):  # noqa: F811
    load = tasks(cli, "help", "--scenario", "partners/town.toml")["expected"]
    ended = cli("simulate", "partners/town.toml", "--json")
    role = json.loads(ended.out)["roles"]["help_worker"]
    assert (load["replications"], load["weeks"]) == (4, 25)
    assert load["signals_per_week"] == load["items_per_week"]  # each person is referred once
    assert load["signals_per_week"] == pytest.approx(7, abs=1)  # one a day
    assert 0.5 * role["utilisation"] * 40 < load["hours_per_week"]["p50"] < 1.5 * role["utilisation"] * 40
    assert load["hours_per_week"]["p50"] <= load["hours_per_week"]["p90"]
    assert load["busiest_month"]["month"].startswith("2026-0")
    shown = cli("partner", "tasks", "help", "partners", "--scenario", "partners/town.toml").out
    assert "To expect (simulated, 4 repetitions of 25 weeks)" in shown
    assert "Busiest month: 2026-" in shown


def test_a_partner_of_whom_nothing_is_asked(cli, desk):  # noqa: F811
    path = desk / "partners" / "partners.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[partners.idle]\nname = "Idle"\n', encoding="utf-8")
    assert tasks(cli, "idle")["steps"] == []
