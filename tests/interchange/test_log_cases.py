"""Event logs as others write them."""

import gzip
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange import log_cases
from bpmn_tool.interchange.log_cases import read_log

TRACE = """<log><trace><string key="concept:name" value="7"/>
<event><string key="concept:name" value="Second"/><date key="time:timestamp" value="2026-01-02T00:00:00Z"/></event>
<event><string key="concept:name" value="First"/><string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="2026-01-01T00:00:00Z"/></event>
<event><string key="concept:name" value="Begun"/><string key="lifecycle:transition" value="start"/>
<date key="time:timestamp" value="2026-01-01T00:00:00Z"/></event></trace></log>"""


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_columns_of_other_tools_are_known(tmp_path: Path) -> None:
    text = "case:concept:name;concept:name;time:timestamp\n1;B;2026-01-02\n1;A;2026-01-01\n2;A;2026-01-03\n"
    cases = read_log(file(tmp_path, "l.csv", text))
    assert [(case.name, [done.activity for done in case.done], case.open) for case in cases] == [
        ("1", ["A", "B"], False),
        ("2", ["A"], False),
    ]
    assert [done.line for done in cases[0].done] == [3, 2]


def test_columns_that_lack_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_log(file(tmp_path, "l.csv", "who,what\n1,A\n"))
    assert [problem.message.partition(":")[0] for problem in caught.value.problems] == [
        "no column for the case",
        "no column for the activity",
        "no column for the time",
    ]


def test_xes_of_other_tools_counts_what_is_complete(tmp_path: Path) -> None:
    (case,) = read_log(file(tmp_path, "l.xes", TRACE))
    assert (case.name, [done.name for done in case.done]) == ("7", ["First", "Second"])


def test_a_compressed_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_cases, "MAX_UNPACKED", 1000)
    path = tmp_path / "l.xes.gz"
    path.write_bytes(gzip.compress(b"<log>" + b" " * 2000 + b"</log>"))
    with pytest.raises(InputError, match="is larger than"):
        read_log(path)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE log [<!ENTITY e "x">]><log><trace><string key="concept:name" value="&e;"/></trace></log>',
        '<!DOCTYPE log SYSTEM "file:///etc/passwd"><log><trace/></log>',
    ],
)
def test_a_doctype_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="DOCTYPE"):
        read_log(file(tmp_path, "l.xes", text))


@pytest.mark.parametrize(
    ("name", "data"), [("l.xes", b"<log><trace>"), ("l.xes.gz", b"no gzip"), ("l.csv", b"\xff\xfe")]
)
def test_what_is_no_log_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_log(path)
