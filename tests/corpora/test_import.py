"""Other people's simulation parameters: imported, and simulated to the end."""

import os
import shutil
from pathlib import Path
from statistics import fmean, stdev

import pytest

from bpmn_tool.instants.units import MINUTE
from bpmn_tool.interchange.foreign import Draft, import_files
from bpmn_tool.interchange.foreign.saving import save
from bpmn_tool.results.identities import violations
from bpmn_tool.results.trace import Replication, RowKind
from bpmn_tool.simulation.engine_simpy import run
from bpmn_tool.study import prepare

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")

pytestmark = pytest.mark.skipif(
    not (CORPORA / "bpsim").is_dir(), reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)"
)
FILES = {
    "loan": ("bpsim", "bpsim/loan.bpmn"),
    "padua": ("prosimos", "prosimos/padua.bpmn", "prosimos/padua.json"),
    "timer": ("prosimos", "prosimos/timer_with_task.bpmn", "prosimos/timer_with_task.json"),
    "batch": ("prosimos", "prosimos/batch-example-end-task.bpmn", "prosimos/batch-example-with-batch.json"),
    "purchasing": ("qbp", "bimp/purchasing.bpmn"),
    "normal": ("scylla", "scylla/p2_normal.bpmn", "scylla/p0_globalconf.xml", "scylla/p2_normal_sim.xml"),
    "subproc": ("scylla", "scylla/p3_subproc.bpmn", "scylla/p0_globalconf.xml", "scylla/p3_subproc_sim.xml"),
}


def imported(name: str, folder: Path) -> tuple[Draft, Path]:
    kind, *files = FILES[name]
    copies = [Path(shutil.copyfile(CORPORA / each, folder / Path(each).name)) for each in files]
    draft = import_files(kind, copies)
    save(draft, folder / "imported.toml", origin=copies)
    return draft, folder / "imported.toml"


def simulated(scenario: Path, **overrides: str) -> Replication:
    prepared = prepare(scenario, overrides=[f"{key}={value}" for key, value in overrides.items()])
    plan = prepared.simulation.plan
    replication = run(plan, seed=1, replication=0)
    assert list(violations(replication, plan.facts)) == []
    return replication


@pytest.mark.parametrize("name", FILES)
def test_a_scenario_runs_to_the_end(name: str, tmp_path: Path) -> None:
    _, scenario = imported(name, tmp_path)
    few = {} if name in ("loan", "normal", "subproc") else {"cases": "60"}
    replication = simulated(scenario, **few)
    kinds = [row.kind for row in replication.rows]
    assert RowKind.FAILED not in kinds
    assert not replication.stuck
    first = {row.case for row in replication.rows if row.kind is RowKind.ENDED}
    assert len(first) >= 30


def test_the_figures_of_the_loan_example(tmp_path: Path) -> None:
    """Recomputed from its parameters by hand: refused in 136.0 minutes, approved in 190.4, on average 150.7; 27 % are
    approved, and 15.9 % of these take the default terms.
    """
    _, scenario = imported("loan", tmp_path)
    replication = simulated(scenario, horizon='"P60D"')
    came: dict[str, int] = {}
    took: dict[str, int] = {}
    touched: dict[str, set[str]] = {}
    for row in replication.rows:
        if row.kind is RowKind.ARRIVED:
            came[row.case] = row.tick
        elif row.kind is RowKind.ENDED:
            took[row.case] = row.tick - came[row.case]
        touched.setdefault(row.case, set()).add(row.element)
    approved = [case for case in took if "_57EE71B2-5287-46A2-9B24-83A68131714C" in touched[case]]
    refused = [case for case in took if case not in approved]
    default = [1.0 if "_3330ACC4-BCD9-422A-ADCD-7DDF06A2042D" in touched[case] else 0.0 for case in approved]
    for values, expected in (
        ([took[case] / MINUTE for case in refused], 136.0),
        ([took[case] / MINUTE for case in approved], 190.4),
        ([took[case] / MINUTE for case in took], 150.7),
        (default, 0.159),
    ):
        assert abs(fmean(values) - expected) < 3 * stdev(values) / len(values) ** 0.5


def test_what_the_car_repair_example_cannot_mean_is_found(tmp_path: Path) -> None:
    copy = Path(shutil.copyfile(CORPORA / "bpsim" / "car_repair.bpmn", tmp_path / "car.bpmn"))
    draft = import_files("bpsim", [copy])
    said = [note.message for note in draft.notes]
    assert any("add up to 0.99: they are divided by it" in note for note in said)
    assert any("a loop that waits for it never ends" in note for note in said)
    assert "?" in draft.tables["flows"].values()  # nothing runs on it
