from typing import Any

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.scenario.kpis import STANDARD, Kpi, KpiFile, Moment, better_of
from bpmn_tool.scenario.validate import read_table


def kpi(**keys: Any) -> Kpi:
    return read_table(KpiFile, {"kpis": {"k": keys}}, path="kpis.toml").kpis["k"]


def test_moments_of_a_time() -> None:
    form = kpi(time={"from": "demand", "to": ["talk", "open.start", "read.ready"]}).time
    assert form is not None
    assert form.from_ == Moment(element="demand")
    assert form.to == (
        Moment(element="talk"),
        Moment(element="open", phase="start"),
        Moment(element="read", phase="ready"),
    )


def test_an_id_with_a_dot_is_no_phase() -> None:
    form = kpi(time={"from": "a.b", "to": "a.b.start"}).time
    assert form is not None
    assert (form.from_, form.to) == (Moment(element="a.b"), (Moment(element="a.b", phase="start"),))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"better": "lower"}, "kpis.toml: kpis.k: one of time, share, "),
        ({"queue": "t", "utilisation": "r"}, "kpis.toml: kpis.k: utilisation and queue exclude each other"),
        (
            {"share": {"of": "a", "where": "b", "without": "c"}},
            "kpis.toml: kpis.k.share: where and without exclude each other",
        ),
        ({"share": {"of": "a"}}, "kpis.toml: kpis.k.share: one of where, without is missing"),
        ({"queue": "t", "within": "P1D"}, "kpis.toml: kpis.k.within: only a 'time' takes this"),
        ({"queue": "t", "better": "less"}, "kpis.toml: kpis.k.better: 'less' is not one of lower, higher"),
        ({"time": {"from": "a"}}, "kpis.toml: kpis.k.time.to: is missing"),
        (
            {"time": {"from": "a", "to": []}},
            "kpis.toml: kpis.k.time.to: a list with one element at least is wanted here",
        ),
        ({"queue": "?"}, "kpis.toml: kpis.k.queue: an open question cannot stand here"),
        ({"handoffs": {"outcome": ["lot"]}}, "kpis.toml: kpis.k.handoffs.outcome[0]: 'lot' is not one of"),
    ],
)
def test_wrong(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        kpi(**keys)
    assert any(str(problem).startswith(message) for problem in caught.value.problems), caught.value


def test_form_and_name() -> None:
    found = kpi(queue="t", name={"nl": "Rij"})
    assert (found.form, found.called("nl", "k"), found.called("en", "k")) == ("queue", "Rij", "Rij")


def test_standard_ones_know_what_is_better() -> None:
    assert {name for name, better in STANDARD.items() if better == "higher"} == {"throughput"}
    assert better_of("cost", {}) == "lower"
    assert better_of("k", {"k": kpi(queue="t")}) is None
