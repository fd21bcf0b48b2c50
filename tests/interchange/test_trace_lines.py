"""Traces read back."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.event_log import JsonLinesTrace
from bpmn_tool.interchange.trace_lines import read_trace
from bpmn_tool.results.trace import Replication, Row, RowKind

HEAD = '{"trace":1,"semantics":1,"seed":1,"replication":0}\n'
ABOUT = {"start": "2026-01-05T00:00:00", "time_zone": "Europe/Brussels", "timed": ["t"], "handed": []}


def replication(*rows: Row, number: int = 0) -> Replication:
    return Replication(number=number, seed=7, rows=rows, end=10, warm_up=0, close=10, follow_up=0)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    rows = (
        Row(1, RowKind.ARRIVED, "s/0/0", element="s", data={"urgent": True, "near": (1, 2)}),
        Row(2, RowKind.FIRED, "s/0/0", "m[0]@1", 3, "g", flows=("f",)),
        Row(3, RowKind.ENABLED, element="standing"),
    )
    with JsonLinesTrace(file, "plan", ABOUT) as trace:
        trace.write(replication(*rows))
        trace.write(replication(number=1))
    first, second = read_trace(file)
    assert (first.number, first.seed, second.number) == (0, 7, 1)
    assert first.cases == {"s/0/0": list(rows[:2])}
    assert second.cases == {}
    assert (first.timed, first.handed) == (frozenset({"t"}), frozenset())
    assert first.line is not None
    assert first.line.iso(0) == "2026-01-05T00:00:00+01:00"


def test_an_older_header_says_less(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(HEAD)
    (only,) = read_trace(file)
    assert (only.line, only.timed, only.handed) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"kind":"fired","tick":1}\n', 1),
        ('{"trace":2,"semantics":1}\n', 1),
        ('{"trace":1,"semantics":99}\n', 1),
        (HEAD + "[]\n", 2),
        (HEAD + "nonsense\n", 2),
        (HEAD + "[" * 100_000 + "\n", 2),
        (HEAD + '{"kind":"nothing","tick":1}\n', 2),
        (HEAD + '{"kind":["fired"],"tick":1}\n', 2),
        (HEAD + '{"kind":"fired","tick":1.5}\n', 2),
        (HEAD + '{"kind":"fired","tick":true}\n', 2),
        (HEAD + '{"kind":"fired","tick":-1}\n', 2),
        (HEAD + '{"kind":"fired","tick":9223372036854775807}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"flows":"f"}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"flows":[1]}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"case":1}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"data":[]}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"data":{"x":{}}}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"data":{"x":1e999}}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"path":"x"}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"path":"x[a]@0"}\n', 2),
        (HEAD + '{"kind":"fired","tick":1,"path":"x[0]@0/"}\n', 2),
        (HEAD + '{"kind":"sent","tick":1}\n', 2),
        (HEAD + "x" * 1_000_001 + "\n", 2),
        ('{"trace":1,"semantics":1,"start":"x","time_zone":"UTC"}\n', 1),
        ('{"trace":1,"semantics":1,"start":"2026-01-05","time_zone":"../../etc/passwd"}\n', 1),
        ('{"trace":1,"semantics":1,"start":1,"time_zone":"UTC"}\n', 1),
        ('{"trace":1,"semantics":1,"timed":"x"}\n', 1),
        ('{"trace":1,"semantics":1,"seed":"x"}\n', 1),
    ],
)
def test_what_is_no_trace_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        list(read_trace(file))
    assert error.value.problems[0].location.line == line


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\n"])
def test_a_file_without_a_trace_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "t.jsonl"
    file.write_bytes(content)
    with pytest.raises(InputError):
        list(read_trace(file))
