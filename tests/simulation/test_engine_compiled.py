"""The compiled engine gives the same replication as the readable one, to the bit, of every plan that it takes."""

import random
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("numba", reason="the extra `compiled` is not installed")

from bpmn_tool.simulation import engine_compiled, engine_simpy
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.study import on_engine, prepare
from tests.simulation.drawn import write

HEAD = """
format = 1
name = "plain"
model = "model.bpmn"
start = 2026-01-05T09:00:00
time_zone = "Europe/Brussels"
"""
DURATIONS = (
    '"PT10M"', '{ exponential = "PT12M" }', '{ uniform = ["PT2M", "PT9M"] }',
    '{ triangular = ["PT1M", "PT5M", "PT20M"] }', '"PT0S"', '"PT5M"',
)  # fmt: skip


class _Drawn:
    """A random plain process with its scenario, ties and loops included."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.lines: list[str] = ["start s"]
        self.flows: list[str] = []
        self.chances: list[str] = []
        self.tasks = self.gateways = 0
        first, last = self.block(3)
        self.lines.append("end e")
        self.flows += [f"s > {first}", f"{last} > e"]
        self.model = "\n".join([*self.lines, *self.flows])
        self.toml = self.scenario()

    def node(self, kind: str) -> str:
        self.gateways += 1
        name = f"{kind}{self.gateways}"
        self.lines.append(f"{kind} {name}")
        return name

    def block(self, depth: int) -> tuple[str, str]:
        what = self.dice.choice(["task", "row", "xor", "and", "again"]) if depth else "task"
        if what == "task":
            self.tasks += 1
            self.lines.append(f"user t{self.tasks}")
            return f"t{self.tasks}", f"t{self.tasks}"
        if what == "row":
            (a, b), (c, d) = self.block(depth - 1), self.block(depth - 1)
            self.flows.append(f"{b} > {c}")
            return a, d
        if what == "again":
            join, split = self.node("xor"), self.node("xor")
            a, b = self.block(depth - 1)
            self.flows += [f"{join} > {a}", f"{b} > {split}", f"{split} > {join}"]
            self.chances.append(f"{split}_{join} = 0.3")
            return join, split
        split, join = self.node(what), self.node(self.dice.choice([what, what, what, "xor", "and"]))
        ways = self.dice.randint(2, 3)
        for way in range(ways):
            a, b = self.block(depth - 1)
            self.flows += [f"{split} > {a}", f"{b} > {join}"]
            if what == "xor" and way < ways - 1:
                self.chances.append(f"{split}_{a} = {self.dice.choice(['0.2', '0.35', '0.5'])}")
        return split, join

    def scenario(self) -> str:
        dice = self.dice
        bound = dice.choice(['horizon = "P1D"\n', "cases = 30\n", 'horizon = "P1D"\nwarm_up = "PT6H"\n'])
        toml = bound + 'follow_up = "P1D"\n'
        toml += f'[arrivals.s]\nrate = "{dice.choice([1, 3, 6])} per hour"\n'
        if self.chances:
            toml += "[flows]\n" + "\n".join(self.chances) + "\n"
        toml += f"[roles.a]\ncount = {dice.randint(1, 3)}\n"
        toml += '[roles.b]\npeople = [{ name = "B1", also = ["a"] }, { name = "B2", speed = 0.8 }]\n'
        for number in range(1, self.tasks + 1):
            role = dice.choice(["a", "b", "none"])
            toml += f'[tasks.t{number}]\nrole = "{role}"\nduration = {dice.choice(DURATIONS)}\n'
        return toml


def plan(seed: int, folder: Path) -> Plan:
    drawn = _Drawn(seed)
    return prepare(write(folder, drawn.model, drawn.toml, head=HEAD)).simulation.plan


def held_against_the_other(of: Plan, replication: int) -> int:
    """The number of rows, of which all are the same."""
    assert engine_compiled.unsupported(of) == []
    slow = engine_simpy.run(of, seed=7, replication=replication)
    fast = engine_compiled.run(of, seed=7, replication=replication)
    assert fast is not None
    for number, (expected, found) in enumerate(zip(slow.rows, fast.rows, strict=False)):
        assert found == expected, f"row {number}"
    assert fast == slow
    return len(slow.rows)


@pytest.mark.parametrize("seed", range(25))
def test_random_plain_models_give_the_same_bits(tmp_path: Path, seed: int):
    assert held_against_the_other(plan(seed, tmp_path), seed) > 10


@pytest.mark.slow
def test_many_random_plain_models_give_the_same_bits():
    for seed in range(1000, 1500):
        with tempfile.TemporaryDirectory() as folder:
            held_against_the_other(plan(seed, Path(folder)), seed)


def test_arrays_grow_where_more_comes_than_is_done(tmp_path: Path):
    toml = """
horizon = "P1D"
follow_up = "P1D"
[arrivals.s]
rate = "100 per hour"
[roles.a]
count = 1
[tasks.t]
role = "a"
duration = { exponential = "PT30M" }
"""
    of = prepare(write(tmp_path, "start s\nuser t\nend e\ns > t > e", toml, head=HEAD)).simulation.plan
    assert held_against_the_other(of, 0) > 5000


def test_a_limit_is_the_other_engines_to_explain(tmp_path: Path):
    toml = """
horizon = "P1D"
[limits]
open_cases = 5
[arrivals.s]
rate = "100 per hour"
[roles.a]
count = 1
[tasks.t]
role = "a"
duration = "PT2H"
"""
    of = prepare(write(tmp_path, "start s\nuser t\nend e\ns > t > e", toml, head=HEAD)).simulation.plan
    assert engine_compiled.run(of, seed=1, replication=0) is None


def test_results_are_the_same_by_either_engine(tmp_path: Path):
    drawn = _Drawn(3)
    prepared = prepare(write(tmp_path, drawn.model, drawn.toml, head=HEAD))
    fast = on_engine(prepared, engine_compiled.NAME)
    assert fast.simulation.replicate(1, 0) == prepared.simulation.replicate(1, 0)


def test_it_refuses_what_it_does_not_know(root: Path):
    shipped = prepare(root / "simulations" / "mechelen" / "as_is.toml").simulation.plan
    reasons = engine_compiled.unsupported(shipped)
    assert any(reason.startswith("duty that ends") for reason in reasons)
