"""The oracle passes the traces of the shipped scenarios, and finds each fault that is put into a trace by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.agreement.oracle import faults
from tests.simulation.drawn import HEAD, run_file, write

SHORT = ("horizon=P40W", "follow_up=P20W", "warm_up=P4W")


@pytest.mark.parametrize("scenario", ["as_is", "integrated_hub"])
def test_a_run_of_the_study_that_ships_is_as_the_semantics_say(root: Path, scenario: str):
    ran = run_file(root / "simulations" / "mechelen" / f"{scenario}.toml", overrides=SHORT)
    assert len(ran.rows) > 4_000


MODEL = """
lane Clerk
start s
user read
user decide
xor g
and fork
user one
user two
and join
end e
end gone
s > read > g
g > decide as yes
g > gone as no
decide > fork
fork > one > join
fork > two > join
join > e
"""
TOML = """
[arrivals.s]
interval = { exponential = "PT3H" }
[calendars.office]
hours = { mon-fri = "09:00-17:00" }
[roles.clerk]
count = 2
calendar = "office"
[roles.head]
count = 1
calendar = "office"
[tasks.read]
duration = { triangular = ["PT10M", "PT30M", "PT2H"] }
[tasks.decide]
roles = { clerk = 1, head = 1 }
gate = "board"
duration = { exponential = "PT20M" }
[tasks.one]
duration = { constant = "PT30M" }
lag = { uniform = ["PT0S", "P1D"] }
[tasks.two]
duration = { constant = "PT45M" }
[gates.board]
every = "P1W"
on = "wed"
at = "10:00-16:00"
capacity = 4
[flows]
yes = 0.6
"""
Rows = list[dict[str, Any]]


def _first(rows: Rows, kind: str, element: str = "", n: int = 0, **more: Any) -> int:
    found = [
        i for i, row in enumerate(rows)
        if row["kind"] == kind and (not element or row.get("element") == element) and all(row.get(k) for k in more)
    ]  # fmt: skip
    return found[n]


def _starts_off_duty(rows: Rows) -> None:
    i = _first(rows, "started", "read", 8)
    item = rows[i]["item"]
    for row in rows:
        if row.get("item") == item and row["kind"] in ("enabled", "ready", "started"):
            row["tick"] = 3_600_000_000
            row.pop("waits", None)
    rows.sort(key=lambda row: row["tick"])


def _two_at_once(rows: Rows) -> None:
    held: dict[str, str] = {}  # item -> clerk
    for row in rows:
        label = next((each for each in row.get("resources", ()) if each.startswith("clerk")), "")
        if row["kind"] == "completed":
            held.pop(row.get("item", ""), None)
        elif row["kind"] == "started" and label:
            if held and row["element"] == "two":
                break
            held[row["item"]] = label
    for other in rows:
        if other.get("item") == row["item"] and "resources" in other:
            other["resources"] = [next(iter(held.values()))]


def _wrong_seat(rows: Rows) -> None:
    item = rows[_first(rows, "started", "decide")]["item"]
    for row in rows:
        if row.get("item") == item and "resources" in row:
            row["resources"] = list(reversed(row["resources"]))


def _wrong_cause(rows: Rows) -> None:
    row = next(r for r in rows if r["kind"] == "started" and r.get("waits", {}).get("batching"))
    row["waits"]["contention"] = row["waits"].get("contention", 0) + row["waits"].pop("batching")


def _waits_do_not_sum(rows: Rows) -> None:
    row = next(r for r in rows if r["kind"] == "started" and r.get("waits"))
    cause = next(iter(row["waits"]))
    row["waits"][cause] += 1


def _takes_too_long(rows: Rows) -> None:
    rows[_first(rows, "completed", "one", 5)]["tick"] += 7
    rows.sort(key=lambda row: row["tick"])


def _token_from_nowhere(rows: Rows) -> None:
    rows[_first(rows, "fired", "fork")]["flows"] = ["fork_one"]


def _wrong_branch(rows: Rows) -> None:
    row = rows[_first(rows, "fired", "g")]
    row["flows"] = ["no"] if row["flows"] == ["yes"] else ["yes"]


def _ended_twice(rows: Rows) -> None:
    i = _first(rows, "ended")
    rows.insert(i, dict(rows[i]))


def _joined_early(rows: Rows) -> None:
    i = _first(rows, "completed", "two")
    rows.insert(i, rows.pop(_first(rows, "fired", "join")))


def _meeting_on_another_day(rows: Rows) -> None:
    item = rows[_first(rows, "started", "decide")]["item"]
    for row in rows:
        if row.get("item") == item and row["kind"] in ("started", "completed"):
            row["tick"] += 24 * 3_600_000_000
    rows.sort(key=lambda row: row["tick"])


def _never_came(rows: Rows) -> None:
    rows.pop(_first(rows, "arrived", n=2))


def _withheld_pause(rows: Rows) -> None:
    i = _first(rows, "paused")
    item = rows[i]["item"]
    rows[:] = [row for row in rows if not (row.get("item") == item and row["kind"] in ("paused", "resumed"))]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    path = write(tmp_path_factory.mktemp("oracle"), MODEL, TOML)
    return path, run_file(path).text.splitlines()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_starts_off_duty, "off duty"),
        (_two_at_once, "but holds"),
        (_wrong_seat, "seats"),
        (_wrong_cause, "batching is"),
        (_waits_do_not_sum, "have a cause"),
        (_takes_too_long, "drawn is"),
        (_token_from_nowhere, "a token that is not there"),
        (_wrong_branch, "leads to"),
        (_ended_twice, "ends twice"),
        (_joined_early, "joins without"),
        (_meeting_on_another_day, "when it is shut"),
        (_never_came, "has not arrived"),
        (_withheld_pause, "on duty in"),
    ],
)
def test_the_oracle_finds(traced: tuple[Path, list[str]], fault: Callable[[Rows], None], said: str):
    path, lines = traced
    head, *rows = (json.loads(line) for line in lines)
    fault(rows)
    found = faults(path, [json.dumps(row) for row in (head, *rows)])
    assert any(said in sentence for sentence in found), found[:5]


def test_the_oracle_finds_a_message_that_nobody_sent(tmp_path: Path):
    model = """
    pool One
    start s
    throw t
    end e
    pool Two
    start s2
    end e2
    s > t > e
    s2 > e2
    m: t ~ s2
    """
    path = write(tmp_path, model, '[arrivals.s]\nevery = "P1D"\n', head=HEAD)
    lines = run_file(path).text.splitlines()
    i = next(i for i, line in enumerate(lines) if '"kind":"received"' in line)
    assert any("received, but not sent" in each for each in faults(path, [*lines[: i + 1], *lines[i:]]))
