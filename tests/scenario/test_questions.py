import pytest

from bpmn_tool.scenario.questions import sentence


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tasks.t.duration", "How long does one work at 'Talk'?"),
        ("tasks.t.duration.triangular.mode", "How long does one work at 'Talk'?"),
        ("flows.x", "In which share of cases does it go by 'x'?"),
        ("black_boxes.t.replies.in.out", "Which share of its answers does 'Talk' give by 'out'?"),
        ("costs.once.dpia", "What is costs.once.dpia?"),
    ],
)
def test_sentence(path: str, expected: str) -> None:
    assert sentence(path, lambda id_: {"t": "Talk"}.get(id_, "")) == expected
