"""The oracle finds each fault about gates, batches and persons that is put into a trace by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.agreement.oracle import faults
from tests.simulation.drawn import HEAD, run_file, write

MODEL = """
lane Clerk
start s
user read
user reread
user decide
user file
end e
s > read > reread > decide > file > e
"""
TOML = """
[arrivals.s]
interval = { exponential = "PT3H" }
[calendars.office]
hours = { mon-fri = "09:00-17:00" }
[roles.clerk]
count = 4
calendar = "office"
[roles.head]
count = 1
calendar = "office"
[tasks.read]
duration = { triangular = ["PT10M", "PT4H", "PT9H"] }
roles = { clerk = 1 }
[tasks.reread]
duration = { exponential = "PT1H" }
not_same_person_as = "read"
[tasks.decide]
roles = { clerk = 2, head = 1 }
gate = "board"
duration = { exponential = "PT20M" }
[tasks.file]
duration = { constant = "PT1H" }
batch = { min = 3, wait = "P3D" }
[gates.board]
every = "P1D"
at = "10:00-16:00"
no_show = { clerk = 0.3 }
quorum = 2
"""
Rows = list[dict[str, Any]]


def _started(rows: Rows, said: str = "", element: str = "") -> dict[str, Any]:
    return next(
        row for row in rows
        if row["kind"] == "started" and said in row.get("data", {"": 0}) and row["element"].startswith(element)
    )  # fmt: skip


def _by(rows: Rows, item: str, label: str) -> None:
    for row in rows:
        if row.get("item") == item and "resources" in row:
            row["resources"] = [label]


def _called_from_nothing(rows: Rows) -> None:
    del _started(rows, "called_from")["data"]["called_from"]


def _called_to_no_gate(rows: Rows) -> None:
    row, other = _started(rows, "called_from"), _started(rows, element="read")
    other["data"] = {"called_from": row["data"]["called_from"]}


def _nobody_paused(rows: Rows) -> None:
    left = set(_started(rows, "called_from")["data"]["called_from"].values())
    rows[:] = [r for r in rows if not (r["kind"] in ("paused", "resumed") and r.get("item") in left)]


def _a_seat_taken_all_the_same(rows: Rows) -> None:
    del _started(rows, "no_show")["data"]["no_show"]


def _somebody_else_stays_away(rows: Rows) -> None:
    row = next(row for row in rows if row["kind"] == "no_show")
    row["data"]["role"] = "head"


def _the_same_person(rows: Rows) -> None:
    case = _started(rows, element="reread")["case"]
    read = next(r for r in rows if r["kind"] == "started" and r["element"] == "read" and r["case"] == case)
    _by(rows, _started(rows, element="reread")["item"], read["resources"][0])


def _alone(rows: Rows) -> None:
    whole = _started(rows, "batch")["data"]["batch"]
    row = next(r for r in rows if r.get("data", {}).get("batch") == whole and r.get("item") != whole)
    del row["data"]["batch"]


def _too_early(rows: Rows) -> None:
    row = next(r for r in rows if r["kind"] == "started" and r["element"] == "file" and r["waits"].get("batching"))
    row["waits"]["contention"] = row["waits"].pop("batching")


def _by_another(rows: Rows) -> None:
    whole = _started(rows, "batch")["data"]["batch"]
    row = next(r for r in rows if r.get("data", {}).get("batch") == whole and r.get("item") != whole)
    _by(rows, row["item"], "clerk#4" if row["resources"] != ["clerk#4"] else "clerk#3")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    head = HEAD.replace("P28D", "P12D") + 'follow_up = "P20D"\n'
    path = write(tmp_path_factory.mktemp("people"), MODEL, TOML, head=head)
    return path, run_file(path).text.splitlines()


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (_called_from_nothing, "is taken, but holds"),
        (_called_to_no_gate, "is not there"),
        (_nobody_paused, "worked in"),
        (_a_seat_taken_all_the_same, "nobody comes to its seats"),
        (_somebody_else_stays_away, "comes to board"),
        (_the_same_person, "did the other work"),
        (_alone, "its batch is"),
        (_too_early, "batching is"),
        (_by_another, "not by the same"),
    ],
)
def test_the_oracle_finds(scenario: tuple[Path, list[str]], put: Callable[[Rows], None], said: str):
    path, text = scenario
    head, *lines = text
    rows: Rows = [json.loads(line) for line in lines]
    put(rows)
    found = faults(path, [head, *(json.dumps(row) for row in rows)])
    assert any(said in sentence for sentence in found), found[:3]
