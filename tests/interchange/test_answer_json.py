import json

import pytest

from bpmn_tool.comparison.meaning import Meaning
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.answer_json import MAX_BYTES, read_answer
from bpmn_tool.register.sign_offs import Verdict

MEANING = Meaning(step="talk", facts={"name": "Talk"})
STEP = {
    "step": "talk",
    "model": "a.bpmn",
    "hash": MEANING.hash,
    "verdict": "accept",
    "reason": "",
    "facts": dict(MEANING.facts),
}
ANSWER = {
    "schema": "bpmn-tool/partner-answer/1",
    "id": "0" * 32,
    "partner": "help",
    "name": " A.\n N. ",
    "date": "2026-03-02T10:00:00.000Z",
    "steps": [STEP],
}


def written(tmp_path, value):
    path = tmp_path / "answer.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_an_answer_is_read(tmp_path):
    found = read_answer(written(tmp_path, ANSWER))
    assert (found.partner, found.name, found.steps[0].verdict) == ("help", "A. N.", Verdict.ACCEPT)
    assert found.steps[0].facts == MEANING.facts


def test_facts_that_are_not_those_of_the_hash_are_not_believed(tmp_path):
    (step,) = read_answer(written(tmp_path, {**ANSWER, "steps": [{**STEP, "facts": {"name": "Other"}}]})).steps
    assert step.facts is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "is no answer of a sheet"),
        ({**ANSWER, "schema": "other/1"}, "answer.json: schema: is no answer of a sheet"),
        ({**ANSWER, "id": "../../x"}, "id: is no answer"),
        ({**ANSWER, "more": 1}, "more: is no answer"),
        ({**ANSWER, "steps": []}, "steps: is no answer"),
        ({**ANSWER, "steps": [{**STEP, "verdict": "perhaps"}]}, "steps.0.verdict: is no answer"),
        ({**ANSWER, "steps": [{**STEP, "hash": "x"}]}, "steps.0.hash: is no answer"),
        ({**ANSWER, "steps": [{**STEP, "reason": "x" * 2001}]}, "steps.0.reason: is no answer"),
        ({**ANSWER, "steps": [STEP, STEP]}, "'talk' is answered twice"),
        ({**ANSWER, "steps": [{**STEP, "verdict": "contest", "reason": " "}]}, "'talk' is contested without a reason"),
        ("[" * 100_000, "is no JSON that can be read"),
        (" " * (MAX_BYTES + 1), "is larger than 5 MB"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, value, said):
    with pytest.raises(InputError) as caught:
        read_answer(written(tmp_path, value))
    assert said in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_answer(tmp_path / "none.json")
