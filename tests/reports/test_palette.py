import pytest

from bpmn_tool.reports.palette import contrast, heat, text_on

STEPS = [i / 50 for i in range(51)]


@pytest.mark.parametrize("share", STEPS)
def test_text_on_heat_can_be_read(share: float) -> None:
    assert contrast(text_on(heat(share)), heat(share)) >= 4.5


def test_more_heat_is_always_darker() -> None:
    against_white = [contrast("#ffffff", heat(share)) for share in STEPS]
    assert against_white == sorted(against_white)


def test_black_on_white_is_the_highest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
