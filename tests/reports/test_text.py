import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.reports.text import ELLIPSIS, fit, plain, width, wrap

WORDS = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=30), max_size=8
).map(" ".join)


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\u202e", "\u2066", "\ud800", "\ufeff"])
def test_what_steers_a_reader_is_replaced(character: str) -> None:
    assert plain(f"a{character}b") == "a\ufffdb"


def test_a_line_end_becomes_a_space() -> None:
    assert plain("a\nb\u2028c") == "a b c"


@given(WORDS, st.floats(20, 200))
def test_no_line_is_wider_than_its_limit(words: str, limit: float) -> None:
    assert all(width(line, 10) <= limit or len(line) == 1 for line in wrap(words, limit, 10))


@given(WORDS, st.floats(20, 200))
def test_wrapping_loses_no_character(words: str, limit: float) -> None:
    assert "".join("".join(wrap(words, limit, 10)).split()) == "".join(words.split())


@given(WORDS, st.floats(30, 200), st.floats(20, 100))
def test_what_is_fitted_stays_in_its_box(words: str, wide: float, high: float) -> None:
    fitted = fit(words, wide, high, size=12)
    assert fitted.height <= high + 1e-9
    assert all(width(line, fitted.size) <= wide or len(line.removesuffix(ELLIPSIS)) <= 1 for line in fitted.lines)


def test_a_long_word_gets_a_smaller_font_before_it_is_broken() -> None:
    assert fit("Jeugdhulpcoördinator", 115, 40, size=12).lines == ["Jeugdhulpcoördinator"]


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    fitted = fit("word " * 200, 60, 30, size=12)
    assert fitted.cut
    assert fitted.lines[-1].endswith(ELLIPSIS)


def test_bold_is_wider() -> None:
    assert width("Comparison", 12, bold=True) > width("Comparison", 12)
