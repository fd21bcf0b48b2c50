"""Hours a week against what they must be: work of one length that begins every week at the same hour."""

from pathlib import Path

import pytest

from bpmn_tool.simulation.load import Load, expected, load_of
from bpmn_tool.study import prepare
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "readme" / "partners"


def loads(tmp_path: Path, arrivals: str, **numbers: str) -> list[Load]:
    text = (FOLDER / "town.toml").read_text(encoding="utf-8").replace('rate = "1 per day"', arrivals)
    for old, new in numbers.items():
        text = text.replace(old, new)
    for name in ("referral.bpmn", "partners.toml"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    (tmp_path / "town.toml").write_text(text, encoding="utf-8")
    simulation = prepare(tmp_path / "town.toml").simulation
    found: list[Load] = []

    def observe(replication):
        plan = simulation.plan
        found.append(load_of(replication, plan.facts, {"first_talk"}, {"help_worker", "help_deputy"}, plan.time_line))

    for number in range(2):
        simulation.replicate(1, number, observe)
    return found


def test_one_referral_a_week_of_two_hours_is_two_hours_a_week(tmp_path):
    found = loads(tmp_path, 'every = "P7D"')
    for load in found:
        assert load.signals == load.items == (0, *[1] * 24)  # the first comes after a week
        assert load.hours == pytest.approx([0.0, *[2.0] * 24])
    said = expected(found)
    assert (said.hours_median, said.hours_p90) == (2.0, 2.0)
    assert (said.signals_per_week, said.items_per_week) == (24 / 25, 24 / 25)
    mondays = {"2026-02": 4, "2026-03": 5, "2026-04": 4, "2026-05": 4, "2026-06": 5}
    assert dict(found[0].months) == pytest.approx({month: 2.0 * count for month, count in mondays.items()})
    assert (said.busiest_month, said.busiest_month_hours) == ("2026-03", 10.0)


def test_work_over_a_weekend_counts_where_it_is_done(tmp_path):
    found = loads(tmp_path, 'every = "P14D"', PT2H="PT44H")  # five days of eight hours and half a day more
    weeks = found[0].hours
    assert weeks[2:6] == pytest.approx([39.5, 4.5, 39.5, 4.5])  # it begins after half an hour of listening
    assert found[0].signals[:6] == (0, 0, 1, 0, 1, 0)


def test_without_a_whole_week_nothing_is_said():
    said = expected([Load(signals=(), items=(), hours=(), months=())])
    assert (said.hours_median, said.hours_p90, said.signals_per_week, said.busiest_month) == (None, None, None, None)
