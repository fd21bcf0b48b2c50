"""Faults put into the engine one at a time: ``python -m tests.agreement.engine_faults`` says what the independent
checker of traces tells of each.

The golden models and some random ones run in a copy that has the fault; their traces are held against
:mod:`tests.agreement.oracle` alone, which knows nothing of the engine.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SAID = 3  # how the process ends in which the checker said something


@dataclass(frozen=True, slots=True)
class Fault:
    what: str
    module: str  # of bpmn_tool.simulation
    text: str
    instead: str

    @property
    def path(self) -> str:
        return f"bpmn_tool/simulation/{self.module}.py"


FAULTS = (
    Fault(
        "whoever is free longest is not the first",
        "staff",
        "return (len(resource.plan.roles), resource.free_since, index)",
        "return (len(resource.plan.roles), -resource.free_since, index)",
    ),
    Fault("the lowest priority comes first", "staff", "entry = (-item.priority,", "entry = (item.priority,"),
    Fault(
        "work goes on after hours",
        "staff",
        "end = tick + item.remaining if calendar is None else calendar.end_of_work(tick, item.remaining)",
        "end = tick + item.remaining",
    ),
    Fault(
        "a timer is a second late",
        "effects",
        "            due = self.plan.time_line.add(tick, timer.after)\n",
        "            due = self.plan.time_line.add(tick, timer.after) + 1_000_000\n",
    ),
    Fault(
        "nobody is said to have been passed over",
        "waiting",
        "                    other.passed_over = tick\n",
        "                    pass\n",
    ),
    Fault(
        "off duty counts as contention",
        "waiting",
        "                servable += self._servable(item, seats, from_, to)\n",
        "                servable += to - from_\n",
    ),
    Fault(
        "the capacity of a gate is not spent",
        "staff",
        "            gate.take(tick)\n            if vacant",
        "            if vacant",
    ),
    Fault(
        "no-shows of an occasion are those of the next",
        "gates",
        "self.dice.seat(self.plan.id, role, place, occasion) < likely",
        "self.dice.seat(self.plan.id, role, place, occasion + 1) < likely",
    ),
    Fault(
        "of a batch the newest go first",
        "batches",
        "key=lambda i: (i.ready, i.order))",
        "key=lambda i: (i.ready, i.order), reverse=True)",
    ),
    Fault(
        "a visit has the luck of the first",
        "dice",
        "return uniform(self.seed, self.replication, case.number, purpose, visit, where)",
        "return uniform(self.seed, self.replication, case.number, purpose, 0, where)",
    ),
    Fault(
        "instances have the luck of one another",
        "dice",
        "            where = mix(where, node, instance, visit)\n",
        "            where = mix(where, node, 0, visit)\n",
    ),
    Fault(
        "flows are laid on the unit interval from above",
        "choices",
        "            if u < upto:\n",
        "            if 1.0 - u < upto:\n",
    ),
    Fault(
        "what is declined is tested before what is lost",
        "post",
        "            (RowKind.LOST, Purpose.LOST, plan.lost),\n"
        "            (RowKind.DECLINED, Purpose.DECLINED, plan.declined),\n",
        "            (RowKind.DECLINED, Purpose.DECLINED, plan.declined),\n"
        "            (RowKind.LOST, Purpose.LOST, plan.lost),\n",
    ),
    Fault(
        "a lag is no time",
        "effects",
        "        if not lag:\n            self._ready(item, tick)\n",
        "        if True:\n            self._ready(item, tick)\n",
    ),
    Fault(
        "what follows work does not say so",
        "movement",
        "            return History((item.name,), ())\n        own",
        "            return History()\n        own",
    ),
)


def put(fault: Fault, where: Path) -> None:
    """Raises ValueError where the text is not there just once."""
    path = where / fault.path
    source = path.read_text(encoding="utf-8")
    if source.count(fault.text) != 1:
        raise ValueError(f"{fault.path}: {fault.what}: its text is there {source.count(fault.text)} times")
    path.write_text(source.replace(fault.text, fault.instead), encoding="utf-8")


def told(fault: Fault) -> str:
    """What the checker says first, or nothing."""
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        for folder in ("bpmn_tool", "tests/agreement", "tests/simulation"):
            shutil.copytree(ROOT / folder, where / folder, ignore=shutil.ignore_patterns("__pycache__"))
        put(fault, where)
        done = subprocess.run(
            [sys.executable, "-m", "tests.agreement.engine_faults", "--runs"],
            cwd=where, env={**os.environ, "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    if done.returncode not in (0, _SAID):
        return f"? {done.stderr[-300:]}"
    return done.stdout.strip()


def first_fault() -> str:
    """What the checker says first of the golden models and some random ones."""
    from tests.agreement.oracle import faults
    from tests.simulation.drawn import HEAD, Ran, run
    from tests.simulation.golden import NAMES, golden
    from tests.simulation.test_laws_of_people import HEAD_6, MODEL, _fits, people
    from tests.simulation.worlds import world

    def runs(folder: Path) -> Iterator[tuple[str, Ran]]:
        for name in NAMES:
            yield name, golden(name, folder / name, check=False)
        for number in range(12):
            head = HEAD.replace("P28D", "P6D") + 'follow_up = "P10D"\n'
            yield f"world {number}", run(folder / f"w{number}", *world(number), head=head, check=False)
        for number in filter(lambda each: _fits(people(each)), range(20)):
            yield f"people {number}", run(folder / f"p{number}", MODEL, people(number), head=HEAD_6, check=False)

    with tempfile.TemporaryDirectory() as name:
        for what, ran in runs(Path(name)):
            folder = Path(name) / (what.replace("world ", "w").replace("people ", "p"))
            for sentence in faults(folder / "scenario.toml", ran.text.splitlines()):
                return f"{what}: {sentence}"
    return ""


def main() -> int:
    missed = 0
    for fault in FAULTS:
        found = told(fault)
        missed += not found or found.startswith("?")
        sys.stdout.write(f"{fault.what:<50} {found or 'NOT FOUND'}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(FAULTS)} faults, {missed} not found\n")
    return min(missed, 1)


if __name__ == "__main__":
    if "--runs" in sys.argv[1:]:
        said = first_fault()
        sys.stdout.write(said)
        sys.exit(_SAID if said else 0)
    sys.exit(main())
