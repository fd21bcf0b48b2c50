import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.small_study import write

Cli = Callable[..., Any]


@pytest.fixture
def today(tmp_path: Path) -> Path:
    return write(tmp_path)


def compared(cli: Cli, *words: object) -> dict[str, Any]:
    ended = cli("compare", *words, "--jobs", 1, "--json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_a_variant_that_loses_its_slowest_half_is_never_better(cli: Cli, today: Path) -> None:
    (variant,) = compared(cli, today, today.parent / "losing.toml")["variants"]
    verdicts = {name: row["verdict"] for name, row in variant["kpis"].items()}
    assert "better" not in verdicts.values()
    assert verdicts["cycle_time"] == "worse"


def test_the_same_demand_pairs_person_by_person_though_the_doors_differ(cli: Cli, today: Path) -> None:
    (variant,) = compared(cli, today, today.parent / "other.toml")["variants"]
    assert variant["pairing"]["cases"] == variant["pairing"]["cases_paired"] > 200
    assert variant["pairing"]["paired"] == variant["pairing"]["steps"] - 1


def test_only_the_door_differs_so_no_difference_is_shown(cli: Cli, today: Path) -> None:
    (variant,) = compared(cli, today, today.parent / "other.toml")["variants"]
    assert variant["kpis"]["cycle_time"]["difference"]["mean"] == 0.0
    assert variant["kpis"]["cycle_time"]["verdict"] == "no difference shown"


def test_a_variant_made_on_the_spot(cli: Cli, today: Path) -> None:
    found = compared(cli, today, "--variant", "two: roles.specialist.count=2, roles.desk.count=2")
    (variant,) = found["variants"]
    assert (found["baseline"], variant["name"]) == ("Today", "two")
    assert variant["kpis"]["cycle_time"]["verdict"] == "better"


def test_the_json_has_what_is_promised(cli: Cli, today: Path) -> None:
    found = compared(cli, today, today.parent / "other.toml", "--replications", 2)
    assert found["schema"] == "bpmn-tool/compare/1"
    assert {"baseline", "pairing", "variants"} <= found.keys()
    row = found["variants"][0]["kpis"]["cycle_time"]
    assert {"baseline", "variant", "difference", "p_value", "verdict"} <= row.keys()


def test_people_read_verdicts_in_words(cli: Cli, today: Path) -> None:
    ended = cli("compare", today, today.parent / "other.toml", "--jobs", 1, "--replications", 2)
    assert ended.code == 0
    assert "no difference shown" in ended.out
    assert "persons are in both" in ended.out


def test_two_scenarios_of_one_name_are_told_apart(cli: Cli, today: Path) -> None:
    found = compared(cli, today, today, "--replications", 2)
    assert (found["baseline"], found["variants"][0]["name"]) == ("Today (1)", "Today (2)")


def test_one_scenario_is_nothing_to_compare(cli: Cli, today: Path) -> None:
    ended = cli("compare", today)
    assert ended.code == 2
    assert "--variant" in ended.err


@pytest.fixture
def redrawn(today: Path) -> Path:
    """The other door in a drawing in which two of five steps have the same id."""
    path = today.parent / "other.bpmn"
    path.write_text(path.read_text("utf-8").replace("which", "hard").replace("done", "over"), "utf-8")
    return today.parent / "other.toml"


def test_few_steps_of_the_same_id_are_warned_of(cli: Cli, today: Path, redrawn: Path) -> None:
    ended = cli("compare", today, redrawn, "--jobs", 1, "--replications", 2)
    assert ended.code == 0, ended.err
    assert "2 of 5 steps have the same id" in ended.out
    advice = f"bpmn-tool ids {redrawn.parent / 'other.bpmn'} --like {today.parent / 'today.bpmn'}"
    assert advice in ended.out


def test_most_steps_of_the_same_id_are_not(cli: Cli, today: Path) -> None:
    ended = cli("compare", today, today.parent / "other.toml", "--jobs", 1, "--replications", 2)
    assert "4 of 5 steps have the same id" in ended.out
    assert "bpmn-tool ids" not in ended.out


def test_the_pairing_as_json(cli: Cli, today: Path, redrawn: Path) -> None:
    assert compared(cli, today, redrawn, "--replications", 2)["pairing"] == {"steps": 5, "paired": 2}
