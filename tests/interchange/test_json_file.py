"""JSON from others is read within limits; what is wrong has the file, and the line where there is one."""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.json_file import MAX_DIGITS, read_json


def test_a_mark_at_the_begin_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": [1, 2.5, "x"]}')
    assert read_json(tmp_path / "a.json") == {"a": [1, 2.5, "x"]}


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b'{"a": 1,\n "b": }', r"shown\.json:2: is not JSON: "),
        (b"[NaN]", r"shown\.json: is not JSON: NaN is no number"),
        (b"1" * (MAX_DIGITS + 1), r"shown\.json: is not JSON: a number of too many digits"),
        (b"[" * 100_000, r"shown\.json: is no JSON that can be read: nested too deeply"),
        (b'"\xff"', r"shown\.json: is not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, data: bytes, complaint: str) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(InputError, match=complaint):
        read_json(tmp_path / "a.json", shown="shown.json")
