import pytest

from bpmn_tool.reports.colours import Colours, of, read

BIOC = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"
COLOR = "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}"


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#FFE0B2", "#ffe0b2"), ("#fa0", "#ffaa00"), ("rgb(255, 224, 178)", "#ffe0b2"), ("red", "#ff0000"),
        ("rgb(256, 0, 0)", None), ("#12345", None), ("C0", None), ("0.5", None), ("url(#x)", None), ("", None),
        ('#fff"/><script>', None), ("tab:blue", None),
    ],
)  # fmt: skip
def test_a_colour_is_read_or_none(text: str, colour: str | None) -> None:
    assert read(text) == colour


def test_the_standard_goes_before_the_older_names() -> None:
    given = {f"{BIOC}fill": "#111111", f"{COLOR}background-color": "#222222", f"{BIOC}stroke": "#333333"}
    assert of(given) == Colours("#222222", "#333333")
    assert of({f"{COLOR}background-color": "nonsense", f"{BIOC}fill": "#111111"}) == Colours("#111111", None)
    assert of({}) == Colours()
