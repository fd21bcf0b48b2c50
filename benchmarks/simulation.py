"""Work items a second of the engine, with its trace, beside the same model written by hand in SimPy, in one run.

python -m benchmarks.simulation [--cases 20000] [--rounds 3]

The model: five tasks, a choice (0.6 / 0.4), a parallel block and four roles of two people, exponential times; about
3.8 work items a case. `always`: everybody always on duty. `office`: Monday to Friday from nine to five, at the same
load.
"""

import argparse
import gc
import platform
import random
import tempfile
import time
from collections.abc import Callable, Generator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import simpy

from bpmn_tool.results.trace import Replication, RowKind, header, lines
from bpmn_tool.simulation.engine_simpy import run
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.study import prepare

#: task -> role, mean seconds
TASKS: Final = {"T1": ("A", 100), "T2": ("B", 110), "T3": ("B", 90), "T4": ("C", 80), "T5": ("D", 100)}
BETWEEN: Final = {"always": 75.0, "office": 75.0 * 168 / 40}
PATHS: Final = (
    ("S", "T1", "X", "A1", "T2", "T3", "A2", "X2", "T5", "E"),
    ("X", "X2"),
    ("A1", "T4", "A2"),
)


def bpmn() -> str:
    nodes = '<startEvent id="S"/><endEvent id="E"/>'
    nodes += "".join(f'<userTask id="{task}"/>' for task in TASKS)
    nodes += '<exclusiveGateway id="X"/><exclusiveGateway id="X2"/>'
    nodes += '<parallelGateway id="A1"/><parallelGateway id="A2"/>'
    flows = "".join(
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for path in PATHS for a, b in pairwise(path)
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">'
        f'<process id="P" isExecutable="true">{nodes}{flows}</process></definitions>'
    )


def scenario(duty: str, cases: int) -> str:
    calendar = 'calendar = "office"\n' if duty == "office" else ""
    hours = 'hours = "office"\n' if duty == "office" else ""
    toml = f'format = 1\nname = "benchmark"\nmodel = "model.bpmn"\nstart = 2026-01-05T09:00:00\ncases = {cases}\n'
    toml += 'follow_up = "P10Y"\n[calendars.office]\nhours = { mon-fri = "09:00-17:00" }\n'
    toml += f'[arrivals.S]\nrate = "{3600 / BETWEEN[duty]} per hour"\n{hours}[flows]\nX_A1 = 0.6\n'
    for role in "ABCD":
        toml += f"[roles.{role}]\ncount = 2\n{calendar}".lower()
    for task, (role, mean) in TASKS.items():
        toml += f'[tasks.{task}]\nrole = "{role.lower()}"\nduration = {{ exponential = "PT{mean}S" }}\n'
    return toml


def plan(duty: str, cases: int, folder: Path) -> Plan:
    folder.mkdir()
    (folder / "model.bpmn").write_text(bpmn(), encoding="utf-8")
    (folder / "scenario.toml").write_text(scenario(duty, cases), encoding="utf-8")
    return prepare(folder / "scenario.toml").simulation.plan


def by_hand(cases: int) -> int:
    """What somebody would write without this package: work items done, all of them in a log."""
    dice, world = random.Random(1), simpy.Environment()  # noqa: S311
    staff = {role: simpy.Resource(world, 2) for role in "ABCD"}
    log: list[tuple[int, str, str, float, float, float]] = []

    def work(case: int, task: str) -> Generator[Any, Any, None]:
        role, mean = TASKS[task]
        enabled = world.now
        with staff[role].request() as mine:
            yield mine
            start = world.now
            yield world.timeout(dice.expovariate(1 / mean))
        log.append((case, task, role, enabled, start, world.now))

    def one_after_another(case: int) -> Generator[Any, Any, None]:
        yield from work(case, "T2")
        yield from work(case, "T3")

    def life(case: int) -> Generator[Any, Any, None]:
        yield from work(case, "T1")
        if dice.random() < 0.6:
            yield world.process(one_after_another(case)) & world.process(work(case, "T4"))
        yield from work(case, "T5")

    def source() -> Generator[Any, Any, None]:
        for case in range(cases):
            yield world.timeout(dice.expovariate(1 / BETWEEN["always"]))
            world.process(life(case))

    world.process(source())
    world.run()
    return len(log)


def engine(of: Plan) -> int:
    return done(run(of, seed=1, replication=0))


def with_lines(of: Plan, path: Path) -> int:
    """With the trace written as JSON lines."""
    ran = run(of, seed=1, replication=0)
    with path.open("w", encoding="utf-8") as out:
        out.writelines(lines(ran.rows, header(seed=1, replication=0, plan=of.hash)))
    return done(ran)


def done(ran: Replication) -> int:
    return sum(row.kind is RowKind.COMPLETED for row in ran.rows)


def measured(work: Callable[[], int], rounds: int) -> float:
    """Work items a second of one processor, of the fastest round."""
    found = []
    for _ in range(rounds):
        gc.collect()
        begun = time.process_time()
        items = work()
        found.append(items / (time.process_time() - begun))
    return max(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    said = parser.parse_args()
    gc.set_threshold(300_000, 20, 20)  # as replications are run
    print(f"Python {platform.python_version()}, {platform.machine()}; {said.cases} cases, best of {said.rounds}")
    hand = measured(lambda: by_hand(said.cases), said.rounds)
    print(f"{'SimPy by hand, log in memory':<45} {hand:>9,.0f} items/s")
    with tempfile.TemporaryDirectory() as name:
        for duty in BETWEEN:
            of = plan(duty, said.cases, Path(name) / duty)
            for what, work in (
                ("trace in memory", lambda of=of: engine(of)),
                ("trace as JSON lines", lambda of=of: with_lines(of, Path(name) / "trace.jsonl")),
            ):
                rate = measured(work, said.rounds)
                print(f"{f'engine, {duty}, {what}':<45} {rate:>9,.0f} items/s, {rate / hand:.3f} of it by hand")


if __name__ == "__main__":
    main()
