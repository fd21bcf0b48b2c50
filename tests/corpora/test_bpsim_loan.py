"""The loan example of the BPSim implementer's guide: its figures, worked out by hand, stand in our intervals.

There is no reader of BPSim, so the parameters of the file stand here once more. Nobody is waited for: an approved loan
takes 20 + (60 + 20) + 30 + 1 minutes, then what is left of N(50, 10) within the hour, one minute more where it takes
longer, and 10; a refused one 20 + (60 + 20) + 30 + 1 + 5. The normal distributions are truncated at zero, which is
five of their standard deviations away or more.
"""

import math
import os
from pathlib import Path
from statistics import NormalDist, fmean

import pytest

from bpmn_tool.results.estimates import estimate
from bpmn_tool.results.trace import RowKind
from bpmn_tool.simulation.engine_simpy import run
from bpmn_tool.study import prepare

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
LOAN = CORPORA / "bpsim" / "loan.bpmn"
pytestmark = pytest.mark.skipif(not LOAN.exists(), reason=f"no {LOAN}")

START = "_4E504F9B-2618-424F-ABAA-C4D4CC2D75E0"
APPROVED, REFUSED = "_6E1A332C-9187-4C4A-BD0F-27167F940786", "_A2A06973-DC30-4BCF-BF0F-1FD60D68E1EB"
UNDERWRITE, DEFAULT_TERMS = "_57EE71B2-5287-46A2-9B24-83A68131714C", "_3330ACC4-BCD9-422A-ADCD-7DDF06A2042D"
#: mean and standard deviation of a task in minutes
NORMAL = {
    "_2017EC19-4BD5-40D7-9014-E7D337A68E01": (20, 1),
    "_0CA1F609-5DFA-43E2-96DE-6CBD97BFAC5A": (30, 4),
    "_4A0E10F8-6AC7-4AF0-AFD3-5E0CB00BD316": (60, 2),
    "_ACDC390F-49FD-43A3-ACD6-1EBB8074801D": (20, 2),
    "_C94EFA57-E605-4564-BFC4-22A84C660A6A": (30, 4),
    "_65F6E8B9-FDD3-4770-B12B-87862F37BDF6": (5, 0.25),
    "_F366069F-C180-4D69-B2BF-4124649EC36F": (10, 0.25),
    UNDERWRITE: (50, 10),
}
ONE_MINUTE = ("_D6383F72-7F7A-48F8-A742-A26F36A8DC10", "_DA142784-0125-46E0-A3CA-004302BD5E21", DEFAULT_TERMS)
HEAD = f"""
format = 1
name = "Loan"
model = "{LOAN.name}"
start = 2026-01-05T09:00:00
cases = 300
follow_up = "P7D"
[arrivals.{START}]
interval = {{ triangular = ["PT10M", "PT16M", "PT30M"] }}
[flows]
_3D6F2455-BFFB-44BB-A052-892FB15FEEB4 = 0.27
_93351D59-990B-46B0-80AB-FEEF088E9D7B = 0.73
[events._BAE2D4BB-902F-4C3C-AF76-A0CABBA9A7AE]
after = {{ triangular = ["PT4M", "PT5M", "PT6M"] }}
[events._542AE8E6-9CEA-43E3-8177-C685A9F430FE]
after = "PT60M"
"""
_OVER = NormalDist().pdf(1.0) - NormalDist().cdf(-1.0)  # E(Z - 1)+
BY_HAND = {
    "refused": 136.0,
    "approved": 141.0 + 50.0 - 10.0 * _OVER + NormalDist().cdf(-1.0),
    "default terms": NormalDist().cdf(-1.0),
}
BY_HAND["all"] = 0.27 * BY_HAND["approved"] + 0.73 * BY_HAND["refused"]
#: as they stand beside the example, to the last digit given
GIVEN = {"refused": (136.0, 0.05), "approved": (190.4, 0.1), "all": (150.7, 0.05), "default terms": (0.159, 0.0005)}


def _observed(folder: Path) -> dict[str, list[float]]:
    (folder / LOAN.name).write_bytes(LOAN.read_bytes())
    toml = HEAD
    for task, (mean, sd) in NORMAL.items():
        law = f'{{ normal = {{ mean = "PT{mean}M", sd = "PT{60 * sd:g}S" }} }}'
        toml += f'[tasks.{task}]\nrole = "none"\nduration = {law}\n'
    toml += "".join(f'[tasks.{task}]\nrole = "none"\nduration = "PT1M"\n' for task in ONE_MINUTE)
    (folder / "scenario.toml").write_text(toml)
    plan = prepare(folder / "scenario.toml").simulation.plan
    found: dict[str, list[float]] = {name: [] for name in BY_HAND}
    for replication in range(10):
        rows = [row for row in run(plan, seed=1, replication=replication).rows if row.case]
        came = {row.case: row.tick for row in rows if row.kind is RowKind.ARRIVED}
        ends = {row.case: row for row in rows if row.kind is RowKind.FIRED and row.element in (APPROVED, REFUSED)}
        late = {row.case for row in rows if row.kind is RowKind.COMPLETED and row.element == DEFAULT_TERMS}
        minutes = {case: (row.tick - came[case]) / 60e6 for case, row in ends.items()}
        approved = [case for case, row in ends.items() if row.element == APPROVED]
        found["approved"].append(fmean(minutes[case] for case in approved))
        found["refused"].append(fmean(m for case, m in minutes.items() if ends[case].element == REFUSED))
        found["all"].append(fmean(minutes.values()))
        found["default terms"].append(len(late) / len(approved))
    return found


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    return _observed(tmp_path_factory.mktemp("loan"))


@pytest.mark.parametrize("what", BY_HAND)
def test_a_figure_stands_in_its_interval(observed: dict[str, list[float]], what: str):
    found = estimate(observed[what])
    assert found.mean is not None
    assert found.half_width is not None
    assert math.isclose(found.mean, BY_HAND[what], abs_tol=found.half_width)
    given, digit = GIVEN[what]
    assert abs(found.mean - given) <= found.half_width + digit
    assert found.half_width <= (0.03 if what == "default terms" else 0.01 * given)
