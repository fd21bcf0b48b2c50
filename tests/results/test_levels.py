from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.results.levels import average, course, integral, steps


@st.composite
def span(draw: st.DrawFn) -> tuple[int, int | None]:
    begin = draw(st.integers(0, 100))
    return begin, draw(st.none() | st.integers(begin, 120))


spans = st.lists(span(), max_size=12)


@given(spans=spans)
def test_the_integral_is_the_sum_of_the_course(spans: list[tuple[int, int | None]]) -> None:
    assert integral(spans, 0, 130) == sum(course(spans, range(130)))


@given(spans=spans)
def test_steps_and_course_agree(spans: list[tuple[int, int | None]]) -> None:
    ticks = [tick for tick, _ in steps(spans)]
    assert tuple(level for _, level in steps(spans)) == course(spans, ticks)


def test_an_empty_window_has_no_average() -> None:
    assert average([(0, 5)], 7, 7) is None
