import struct
from pathlib import Path

from bpmn_tool.reports.slides import write_slides
from tests.reports.made_up import study


def test_each_figure_is_a_slide_of_16_to_9(tmp_path: Path) -> None:
    written = write_slides(study(), tmp_path / "slides")
    assert len(written) > 5
    assert len(set(written)) == len(written)
    for path in written:
        assert struct.unpack(">II", path.read_bytes()[16:24]) == (1920, 1080), path.name


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_slides(study(), tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
