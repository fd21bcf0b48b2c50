"""Faults put into the engine one at a time: ``python -m tests.agreement.engine_faults`` says what the independent
checker of traces tells of each.

The golden models and some random ones run in a copy that has the fault; their traces are held against
:mod:`tests.agreement.oracle` alone, which knows nothing of the engine.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults import Fault, report, run_with

_SAID = 3  # how the process ends in which the checker said something


def _fault(what: str, module: str, text: str, instead: str) -> Fault:
    return Fault(what, "simulation", module, text, instead)


FAULTS = (
    _fault(
        "whoever is free longest is not the first",
        "staff",
        "return (len(resource.plan.roles), resource.free_since, index)",
        "return (len(resource.plan.roles), -resource.free_since, index)",
    ),
    _fault("the lowest priority comes first", "staff", "entry = (-item.priority,", "entry = (item.priority,"),
    _fault(
        "work goes on after hours",
        "staff",
        "end = tick + item.remaining if calendar is None else calendar.end_of_work(tick, item.remaining)",
        "end = tick + item.remaining",
    ),
    _fault(
        "a timer is a second late",
        "effects",
        "            due = self.plan.time_line.add(tick, timer.after)\n",
        "            due = self.plan.time_line.add(tick, timer.after) + 1_000_000\n",
    ),
    _fault(
        "nobody is said to have been passed over",
        "waiting",
        "                    other.passed_over = tick\n",
        "                    pass\n",
    ),
    _fault(
        "off duty counts as contention",
        "waiting",
        "                servable += self._servable(item, seats, from_, to)\n",
        "                servable += to - from_\n",
    ),
    _fault(
        "the capacity of a gate is not spent",
        "staff",
        "            gate.take(tick)\n            if vacant",
        "            if vacant",
    ),
    _fault(
        "no-shows of an occasion are those of the next",
        "gates",
        "self.dice.seat(self.plan.id, role, place, occasion) < likely",
        "self.dice.seat(self.plan.id, role, place, occasion + 1) < likely",
    ),
    _fault(
        "of a batch the newest go first",
        "batches",
        "key=lambda i: (i.ready, i.order))",
        "key=lambda i: (i.ready, i.order), reverse=True)",
    ),
    _fault(
        "a visit has the luck of the first",
        "dice",
        "return uniform(self.seed, self.replication, case.number, purpose, visit, where)",
        "return uniform(self.seed, self.replication, case.number, purpose, 0, where)",
    ),
    _fault(
        "instances have the luck of one another",
        "dice",
        "            where = mix(where, node, instance, visit)\n",
        "            where = mix(where, node, 0, visit)\n",
    ),
    _fault(
        "flows are laid on the unit interval from above",
        "choices",
        "            if u < upto:\n",
        "            if 1.0 - u < upto:\n",
    ),
    _fault(
        "what is declined is tested before what is lost",
        "post",
        "            (RowKind.LOST, Purpose.LOST, plan.lost),\n"
        "            (RowKind.DECLINED, Purpose.DECLINED, plan.declined),\n",
        "            (RowKind.DECLINED, Purpose.DECLINED, plan.declined),\n"
        "            (RowKind.LOST, Purpose.LOST, plan.lost),\n",
    ),
    _fault(
        "a lag is no time",
        "effects",
        "        if not lag:\n            self._ready(item, tick)\n",
        "        if True:\n            self._ready(item, tick)\n",
    ),
    _fault(
        "what follows work does not say so",
        "movement",
        "            return History((item.name,), ())\n        own",
        "            return History()\n        own",
    ),
)


def told(fault: Fault) -> str:
    """What the checker says first, or nothing."""
    command = ["-m", "tests.agreement.engine_faults", "--runs"]
    done = run_with(fault, ("tests/agreement", "tests/simulation"), command)
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


if __name__ == "__main__":
    if "--runs" in sys.argv[1:]:
        said = first_fault()
        sys.stdout.write(said)
        sys.exit(_SAID if said else 0)
    sys.exit(report(FAULTS, told))
