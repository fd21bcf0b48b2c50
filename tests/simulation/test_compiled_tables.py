"""What the compiled engine leaves to the other one, by name and element; docs/performance.md has each."""

import re
from pathlib import Path

import pytest

from bpmn_tool.simulation.compiled_tables import unsupported
from bpmn_tool.study import prepare
from tests.simulation.drawn import write

PLAIN = '[arrivals.s]\nrate = "3 per hour"\n[roles.a]\ncount = 1\n[tasks.t]\nrole = "a"\nduration = "PT5M"\n'
MODEL = "start s\nuser t\nend e\ns > t > e"


def reasons(folder: Path, toml: str, model: str = MODEL) -> list[str]:
    return unsupported(prepare(write(folder, model, toml)).simulation.plan)


def test_a_plain_model_is_taken(tmp_path: Path):
    assert reasons(tmp_path, PLAIN) == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('lag = "PT5M"\n', "a lag: t"),
        ("[attributes]\nage = { uniform = [1, 9] }\n", "an attribute of the case: age"),
        ('[background.talk]\nrole = "a"\nhours_per_week = 1\n', "background work: talk"),
    ],
)
def test_what_is_more_falls_back_by_name(tmp_path: Path, more: str, reason: str):
    assert reason in reasons(tmp_path, PLAIN + more)


def test_another_form_of_duration_falls_back(tmp_path: Path):
    toml = PLAIN.replace('"PT5M"', '{ lognormal = { mean = "PT5M", sd = "PT2M" } }')
    assert reasons(tmp_path, toml) == ["a duration of another form: t"]


def test_a_terminating_end_falls_back(tmp_path: Path):
    assert reasons(tmp_path, PLAIN, MODEL.replace("end e", "terminate e")) == ["terminate: e"]


def test_every_reason_stands_in_the_docs(root: Path):
    source = (root / "bpmn_tool" / "simulation" / "compiled_tables.py").read_text(encoding="utf-8")
    said = re.findall(r'yield f?"([^":{]+)', source) + re.findall(r'f"(duty[^:]*|a duration of a person[^:]*):', source)
    docs = (root / "docs" / "performance.md").read_text(encoding="utf-8")
    assert len(said) > 20
    assert [reason for reason in said if f"`{reason.strip()}`" not in docs] == []
