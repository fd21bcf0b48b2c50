"""A file is whole at every moment."""

from pathlib import Path

import pytest

from bpmn_tool.interchange.replace_file import replace_file


def test_new_and_old_files(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    replace_file(file, b"one")
    replace_file(file, b"two")
    assert file.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bpmn"]


def test_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_bytes(b"one")
    file.chmod(0o640)
    replace_file(file, b"two")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "a.bpmn", tmp_path / "b.bpmn"
    file.write_bytes(b"one")
    link.symlink_to(file)
    replace_file(link, b"two")
    assert link.is_symlink()
    assert file.read_bytes() == b"two"


def test_what_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "a.bpmn"
    (folder / "inner").mkdir(parents=True)
    with pytest.raises(OSError, match=r"a\.bpmn"):
        replace_file(folder, b"two")
    assert [each.name for each in tmp_path.iterdir()] == ["a.bpmn"]
