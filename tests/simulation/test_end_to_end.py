"""From files to verdicts: a variant that loses its slow cases never looks better, and the same person is paired with
itself across models.
"""

from pathlib import Path

import pytest

from bpmn_tool.comparison.variants import compare
from bpmn_tool.results.summary import KpiComparison, ScenarioResult, Verdict
from bpmn_tool.results.trace import RowKind
from bpmn_tool.simulation.replications import pool
from bpmn_tool.study import prepare, simulate
from tests.simulation.drawn import bpmn, run_file, write

BASE = """
lane Agent
start s
xor g
user quick
user slow
end e
s > g
g > quick if not hard
g > slow if hard
quick > e
slow > e
"""
#: the hard half now goes to somebody whom nobody has appointed
LOSING = BASE.replace("user slow\n", "lane Nobody\nuser slow\nlane Agent\n")
TOML = """
replications = 8
follow_up = "P28D"
[demand.person]
rate = "12 per day"
[demand.person.attributes]
hard = { probability = 0.5 }
[arrivals.s]
of = "person"
[roles.agent]
count = 3
cost_per_hour = 40
[tasks.quick]
duration = { exponential = "PT1H" }
[tasks.slow]
duration = { exponential = "PT9H" }
"""
STUDY = """
format = 1
name = "which"
question = "which?"
baseline = "base.toml"
variants = ["variant.toml"]
kpis = { file = "kpis.toml", verdict = ["helped", "reached"] }
"""
KPIS = """
format = 1
[kpis.helped]
time = { from = "demand", to = ["e"] }
better = "lower"
[kpis.reached]
share = { of = "demand", without = "e" }
better = "lower"
"""


def _results(folder: Path, base: str, variant: str, toml: str = TOML, variant_toml: str = TOML) -> list[ScenarioResult]:
    found = []
    (folder / "bpmn-tool.toml").write_text("")
    (folder / "study.toml").write_text(STUDY)
    (folder / "kpis.toml").write_text(KPIS)
    for name, model, text in (("base", base, toml), ("variant", variant, variant_toml)):
        path = write(folder, model, text, name=f"{name}.toml")
        (folder / f"{name}.bpmn").write_text(bpmn(model))
        path.write_text(
            path.read_text().replace('"model.bpmn"', f'"{name}.bpmn"').replace('"worked example"', f'"{name}"')
        )
    for name in ("base", "variant"):
        with pool(1) as workers:
            found.append(simulate(prepare(folder / f"{name}.toml", study=folder / "study.toml"), workers))
    return found


@pytest.fixture(scope="module")
def losing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KpiComparison]:
    results = _results(tmp_path_factory.mktemp("losing"), BASE, LOSING)
    assert results[1].undefined
    (found,) = compare(results, ["helped", "reached"])
    return dict(found.kpis)


def test_a_variant_that_loses_its_slowest_half_is_better_in_nothing(losing: dict[str, KpiComparison]):
    assert [name for name, each in losing.items() if each.verdict is Verdict.BETTER] == []


def test_it_is_worse_in_what_it_is_for(losing: dict[str, KpiComparison]):
    assert losing["helped"].verdict is losing["reached"].verdict is Verdict.WORSE


def test_one_that_does_the_slow_half_sooner_is_better(tmp_path: Path):
    (found,) = compare(_results(tmp_path, BASE, BASE, TOML, TOML.replace("PT9H", "PT3H")), ["helped", "reached"])
    assert found.kpis["helped"].verdict is Verdict.BETTER


def test_the_same_demand_pairs_one_to_one_across_models_with_other_doors(tmp_path: Path):
    """Persons have the same number, moment and attributes, whatever doors a model has; whom a door takes does not
    change with the others.
    """
    one = "lane Agent\nstart s\nuser quick\nend e\ns > quick > e\n"
    two = "lane Agent\nstart letter\nstart call\nuser quick\nuser other\nend e\nletter > other > e\ncall > quick > e\n"
    demand = TOML.replace('[tasks.slow]\nduration = { exponential = "PT9H" }\n', "").replace(
        '[arrivals.s]\nof = "person"\n', "{doors}"
    )
    first = run_file(
        write(tmp_path / "one", one, demand.replace("{doors}", '[arrivals.s]\nof = "person"\nprobability = 0.5\n'))
    )
    doors = """
    [arrivals.letter]
    of = "person"
    when = "hard"
    [arrivals.call]
    of = "person"
    probability = 0.4
    [tasks.other]
    duration = { constant = "PT1H" }
    """
    second = run_file(write(tmp_path / "two", two, demand.replace("{doors}", doors)))
    found = []
    for ran in (first, second):
        persons: dict[str, tuple[int | None, bool]] = {}
        for row in ran.rows:
            if row.kind in (RowKind.ARRIVED, RowKind.MISSED) and (row.demand or 0) < ran.replication.close:
                stream, number, _ = row.case.split("/")
                assert row.data is not None
                this = (row.demand, row.data["hard"])
                assert persons.setdefault(f"{stream}/{number}", this) == this
        found.append(persons)
    assert found[0] == found[1]
    assert list(found[0]) == [f"person/{n}" for n in range(len(found[0]))]
    same = {i.id: i for i in first.of("quick")}
    shared = [(same[i.id], i) for i in second.of("quick") if i.id in same]
    assert shared
    assert all(a.processing == b.processing for a, b in shared)
