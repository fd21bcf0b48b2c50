import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.cli.simulating import parse_variant
from bpmn_tool.errors import InputError
from bpmn_tool.results.log import COLUMNS
from tests.cli.small_study import write

Cli = Callable[..., Any]


@pytest.fixture
def today(tmp_path: Path) -> Path:
    return write(tmp_path)


def simulated(cli: Cli, path: Path, *words: object) -> dict[str, Any]:
    ended = cli("simulate", path, "--jobs", 1, "--replications", 2, "--json", *words)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_the_json_has_what_is_promised(cli: Cli, today: Path) -> None:
    found = simulated(cli, today)
    assert found["schema"] == "bpmn-tool/simulate/1"
    promised = {
        "engine", "semantics", "replications", "seed", "cases", "kpis", "activities", "roles", "flows", "ends",
        "handoffs", "undefined", "series", "provenance",
    }  # fmt: skip
    assert promised <= found.keys()
    assert {"mean", "half_width", "level", "n", "unit", "p50", "p90", "reached", "censored"} <= found["kpis"][
        "cycle_time"
    ].keys()


def test_what_became_of_the_cases_adds_up(cli: Cli, today: Path) -> None:
    cases = simulated(cli, today)["cases"]
    assert cases["demand"] == cases["arrived"] > 40
    assert cases["arrived"] == cases["completed"] + cases["open"] + cases["stuck"] + cases["failed"]


def test_the_same_seed_gives_the_same(cli: Cli, today: Path) -> None:
    assert simulated(cli, today) == simulated(cli, today)


def test_set_wins_over_the_file(cli: Cli, today: Path) -> None:
    slower = simulated(cli, today, "--set", 'tasks.quick.duration.exponential="PT4H"')
    assert (
        slower["activities"]["quick"]["processing"]["mean_s"]
        > 1.5 * simulated(cli, today)["activities"]["quick"]["processing"]["mean_s"]
    )


def test_people_read_a_table(cli: Cli, today: Path) -> None:
    ended = cli("simulate", today, "--jobs", 1, "--replications", 2)
    assert ended.code == 0
    assert "Cycle time" in ended.out
    assert "2 repetitions" in ended.out
    assert "hours" in ended.out


def test_how_many_to_expect_is_said_before_the_run(cli: Cli, today: Path) -> None:
    ended = cli("simulate", today, "--jobs", 1, "--replications", 1)
    assert ended.out.startswith("Expected in a run: 180 of person.")


def test_ctrl_c_keeps_what_was_finished_and_says_so(cli: Cli, today: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bpmn_tool.simulation import replications

    once = replications.Simulation.replicate

    def stop_after_two(self: Any, seed: int, number: int, observe: Any = None) -> Any:
        if number == 2:
            raise KeyboardInterrupt
        return once(self, seed, number, observe)

    monkeypatch.setattr(replications.Simulation, "replicate", stop_after_two)
    ended = cli("simulate", today, "--jobs", 1, "--json")
    assert ended.code == 130
    found = json.loads(ended.out)
    assert (found["replications"], found["interrupted"]) == (2, True)
    assert "2 finished repetitions of 6" in ended.err


def test_an_undefined_role_is_named_with_who_is_stuck_there(cli: Cli, today: Path) -> None:
    (place,) = simulated(cli, today.parent / "losing.toml")["undefined"]
    assert (place["element"], place["role"]) == ("slow", "specialist")
    assert place["stuck"] == place["reached"] > 10


def logged(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_log_has_a_row_a_work_item(cli: Cli, today: Path, tmp_path: Path) -> None:
    found = simulated(cli, today, "--log", tmp_path / "log.csv")
    rows = logged(tmp_path / "log.csv")
    assert list(rows[0]) == list(COLUMNS)
    assert Counter(row["replication"] for row in rows).keys() == {"0", "1"}
    cohort = sum(found["activities"][task]["count"] for task in ("quick", "slow")) * 2
    assert len(rows) >= cohort


def test_waiting_by_cause_sums_to_ready_to_start(cli: Cli, today: Path, tmp_path: Path) -> None:
    from datetime import datetime

    simulated(cli, today, "--log", tmp_path / "log.csv")
    for row in logged(tmp_path / "log.csv"):
        if row["outcome"] == "completed":
            begun = datetime.fromisoformat(row["start_time"]) - datetime.fromisoformat(row["enable_time"])
            waited = sum(float(row[c]) for c in ("undefined", "batching", "unavailability", "priority", "contention"))
            assert waited + float(row["lag_s"]) == pytest.approx(begun.total_seconds(), abs=2e-6)


def test_no_name_in_the_log_is_a_formula(cli: Cli, today: Path, tmp_path: Path) -> None:
    simulated(cli, today, "--log", tmp_path / "log.csv")
    assert {row["activity"] for row in logged(tmp_path / "log.csv")} == {"Do it", "'=Do it well"}


def test_the_schema_stands_beside_the_log(cli: Cli, today: Path, tmp_path: Path) -> None:
    simulated(cli, today, "--log", tmp_path / "log.csv")
    schema = json.loads((tmp_path / "log.csv.schema.json").read_text(encoding="utf-8"))
    assert [column["name"] for column in schema["columns"]] == list(COLUMNS)


def test_the_trace_is_a_header_and_a_line_a_row(cli: Cli, today: Path, tmp_path: Path) -> None:
    simulated(cli, today, "--trace", tmp_path / "t.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["replication"] for line in lines if "trace" in line] == [0, 1]
    assert {"arrived", "enabled", "started", "completed", "ended"} <= {line.get("kind") for line in lines}


def test_out_keeps_the_same_as_json(cli: Cli, today: Path, tmp_path: Path) -> None:
    found = simulated(cli, today, "--out", tmp_path / "results")
    assert json.loads((tmp_path / "results" / "simulate.json").read_text(encoding="ascii")) == found


def test_a_log_of_another_kind_is_refused(cli: Cli, today: Path, tmp_path: Path) -> None:
    ended = cli("simulate", today, "--log", tmp_path / "log.xlsx")
    assert ended.code == 2
    assert ".csv" in ended.err


def test_a_number_that_is_not_there_is_refused_with_its_path(cli: Cli, today: Path) -> None:
    ended = cli("simulate", today, "--set", "tasks.quik.cost=3")
    assert ended.code == 2
    assert "quik" in ended.err


def test_commas_inside_a_value_do_not_part_it() -> None:
    name, overrides = parse_variant("x: a.b={ low = 1, high = 2 }, c='d, e'")
    assert (name, overrides) == ("x", ("a.b={ low = 1, high = 2 }", "c='d, e'"))


@pytest.mark.parametrize("text", ["no colon", ": a=1", "name:", "name: a", "name: a=1, b"])
def test_a_variant_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="NAME: path=value"):
        parse_variant(text)


def test_a_role_that_cannot_do_what_comes_in_is_warned_of(cli: Cli, today: Path) -> None:
    ended = cli("simulate", today, "--replications", 1, "--set", "demand.person.rate=100 per day")
    assert "of the hours on duty" in ended.err
