"""Event logs in every form say the same, and are whole however writing ends."""

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.logs import LOGS, log_kind
from bpmn_tool.results.projections import Projection, project
from tests.simulation.drawn import Ran, run

XES = "{http://www.xes-standard.org/}"
ABOUT = {"scenario": "tests", "plan": "0"}
MODEL = """
lane Clerk
start s
user a
boundary b on=a timer=PT90M
lane Officer
user c
end e
end gone
s > a > c > e
b > gone
"""
SCENARIO = """
[arrivals.s]
every = "PT30M"
[calendars.office]
hours = { mon-fri = "09:00-12:00 13:00-17:00" }
[roles.clerk]
count = 1
calendar = "office"
cost_per_hour = 60
[roles.officer]
count = 1
cost_per_hour = 30
[tasks.a]
duration = { uniform = ["PT20M", "PT60M"] }
[tasks.c]
duration = "PT10M"
[attributes]
"client type" = { choice = { new = 0.5, known = 0.5 } }
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("logs"), MODEL, SCENARIO)


@pytest.fixture(scope="module")
def seen(ran: Ran) -> Projection:
    return project(ran.replication, ran.plan.facts)


def written(ran: Ran, seen: Projection, path: Path) -> Path:
    with log_kind(path)(path, ABOUT, ran.plan.time_line) as log:
        log.write(seen)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def events(trace: Any) -> list[dict[str, str]]:
    return [{each.get("key"): each.get("value") for each in event} for event in trace.iter(f"{XES}event")]


def test_xes_has_the_life_of_each_item_with_the_times_of_the_csv(ran: Ran, seen: Projection, tmp_path: Path) -> None:
    items = {row["item"]: row for row in rows(written(ran, seen, tmp_path / "l.csv"))}
    document = etree.parse(written(ran, seen, tmp_path / "l.xes"))
    lives: dict[str, dict[str, str]] = {}
    for trace in document.iter(f"{XES}trace"):
        moments = [datetime.fromisoformat(event["time:timestamp"]) for event in events(trace)]
        assert moments == sorted(moments)
        for event in events(trace):
            lives.setdefault(event["concept:instance"], {})[event["lifecycle:transition"]] = event["time:timestamp"]
    assert lives.keys() == items.keys()
    ends = {"completed": "complete", "interrupted": "ate_abort", "withdrawn": "withdraw"}
    seen_ends = set()
    for name, row in items.items():
        life = lives[name]
        assert life["schedule"] == row["enable_time"]
        assert life.get("start", "") == row["start_time"]
        if row["outcome"] != "open":
            assert life[ends[row["outcome"]]] == row["end_time"]
            seen_ends.add(row["outcome"])
    assert seen_ends >= {"completed", "interrupted", "withdrawn"}
    assert any("suspend" in life for life in lives.values())


def test_the_cost_of_a_trace_is_that_of_its_items(ran: Ran, seen: Projection, tmp_path: Path) -> None:
    document = etree.parse(written(ran, seen, tmp_path / "l.xes"))
    whole = 0.0
    for trace in document.iter(f"{XES}trace"):
        said = {str(each.get("key")): str(each.get("value")) for each in trace if each.tag != f"{XES}event"}
        parts = [float(event["cost:total"]) for event in events(trace) if "cost:total" in event]
        open_ = [event for event in events(trace) if event["lifecycle:transition"] == "start"]
        if len(parts) == len(open_):  # nothing is left open
            assert float(said["cost:total"]) == pytest.approx(sum(parts))
            whole += sum(parts)
    assert whole > 0


def test_keys_are_names_of_xml(ran: Ran, seen: Projection, tmp_path: Path) -> None:
    document = etree.parse(written(ran, seen, tmp_path / "l.xes"))
    keys = {str(each.get("key")) for each in document.iter() if each.get("key")}
    assert "case:client_type" in keys
    assert all(etree.QName(key.replace(":", "_")).localname for key in keys)


def test_a_compressed_log_has_the_same_bytes_each_time(ran: Ran, seen: Projection, tmp_path: Path) -> None:
    plain = written(ran, seen, tmp_path / "l.xes").read_bytes()
    packed = written(ran, seen, tmp_path / "l.xes.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    assert written(ran, seen, tmp_path / "again.xes.gz").read_bytes() == packed


def test_ocel_events_belong_to_objects_that_are_there(ran: Ran, seen: Projection, tmp_path: Path) -> None:
    document = json.loads(written(ran, seen, tmp_path / "l.jsonocel").read_text())
    kinds = {each["name"] for each in document["objectTypes"]}
    objects = {each["id"]: each["type"] for each in document["objects"]}
    assert len(objects) == len(document["objects"])
    assert set(objects.values()) <= kinds
    declared = {each["name"]: {a["name"] for a in each["attributes"]} for each in document["eventTypes"]}
    for event in document["events"]:
        assert {each["objectId"] for each in event["relationships"]} <= objects.keys()
        assert {each["name"] for each in event["attributes"]} <= declared[event["type"]]
    times = [event["time"] for event in document["events"]]
    assert times == sorted(times)
    work = [event for event in document["events"] if event["type"] in ("a", "c")]
    completed = [row for row in rows(written(ran, seen, tmp_path / "l.csv")) if row["outcome"] == "completed"]
    assert len(work) == len(completed)


def test_parquet_says_what_the_csv_says(ran: Ran, seen: Projection, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(written(ran, seen, tmp_path / "l.parquet"))
    assert json.loads(table.schema.metadata[b"bpmn-tool"])["schema"] == "bpmn-tool/log/1"
    for row, said in zip(table.to_pylist(), rows(written(ran, seen, tmp_path / "l.csv")), strict=True):
        for name, value in row.items():
            if value is None:
                assert said[name] == ""
            elif isinstance(value, datetime):
                assert value == datetime.fromisoformat(said[name])
            elif isinstance(value, float):
                assert value == pytest.approx(float(said[name]), abs=1e-6)
            else:
                assert str(value) == said[name]


@pytest.mark.parametrize("ending", [".xes", ".xes.gz", ".jsonocel"])
def test_a_log_is_whole_where_writing_stops(ran: Ran, seen: Projection, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"l{ending}"
    with pytest.raises(KeyboardInterrupt):
        _stopped(path, ran, seen)
    data = gzip.decompress(path.read_bytes()) if ending.endswith("gz") else path.read_bytes()
    assert json.loads(data) if ending == ".jsonocel" else etree.fromstring(data) is not None


def _stopped(path: Path, ran: Ran, seen: Projection) -> None:
    with log_kind(path)(path, ABOUT, ran.plan.time_line) as log:
        log.write(seen)
        raise KeyboardInterrupt


def test_another_ending_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=", ".join(LOGS).replace(".", r"\.")):
        log_kind(Path("log.txt"))
