"""The identities, to the tick, on a run of both processes of the study that ships."""

from pathlib import Path

import pytest

from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.results.identities import violations
from bpmn_tool.results.projections import project
from bpmn_tool.results.trace import RowKind
from bpmn_tool.simulation.engine_simpy import run
from bpmn_tool.simulation.planning import make_plan


@pytest.mark.parametrize("name", ["as_is", "integrated_hub"])
def test_every_sum_holds_to_the_tick(root: Path, name: str) -> None:
    scenario = read_scenario(root / "simulations" / "mechelen" / f"{name}.toml")
    register = read_register(scenario.register_) if scenario.register_ is not None else None
    plan = make_plan(read_model(*scenario.model), register, scenario)
    replication = run(plan, seed=1, replication=0)
    assert len(project(replication, plan.facts).handoffs) > 100
    assert any(row.kind is RowKind.FIRED and row.predecessors for row in replication.rows)  # chains from ends too
    assert violations(replication, plan.facts) == ()
