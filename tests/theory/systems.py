"""Queueing systems whose answer is known, as scenarios, with what a replication says of them.

Two of the means take care. Of *open* queues each wait is held against a control: what the customer would wait had the
system been empty `memory` customers before. It is worked out here from the numbers that the addresses give (never from
the trace, where a fault would be in both) by the recursion of Kiefer and Wolfowitz (1955), and its mean is known
exactly: by the chain of the number that is found, for several servers; by Spitzer's identity (1956) for one. wait -
weight (control - its mean) has the mean of the wait whatever the weight, and a small part of the variance (Law,
Simulation Modeling and Analysis, 11.4). They start empty, and the first `SKIPPED` customers do not count; what bias is
left stands in the table. *Networks* start in their stationary state, drawn for each replication, so their time
averages have no bias at all.
"""

import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from scipy.special import betainc

from bpmn_tool.instants.units import MINUTE
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.draws import address
from bpmn_tool.simulation.engine_simpy import run as run_engine
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.study import prepare
from tests.simulation.drawn import HEAD, ONE_TASK, write
from tests.simulation.many_draws import Floats, uniforms

SKIPPED = 100


class System(Protocol):
    """One system; times in minutes."""

    @property
    def name(self) -> str: ...

    @property
    def theory(self) -> Mapping[str, float]:
        """What is known, by name."""

    @property
    def bias(self) -> float:
        """Of the first, relative to it, by how it starts; 0 where it starts in its stationary state."""

    def observed(self, folder: Path, seed: int, replication: int, service: float) -> dict[str, float]:
        """What a replication says, with service times so many times as long as stated."""


def seconds(minutes: float) -> str:
    return f'"PT{60 * minutes:.6f}S"'


# -- open queues


def positive_part(shape: float, scale: float, arrivals: int, between: float) -> float:
    """E[(X - Y)+] for gamma X and Erlang Y."""
    p = scale / (scale + between)
    over = shape * scale * betainc(arrivals, shape + 1, p)
    return float(over - arrivals * between * betainc(arrivals + 1, shape, p))


@dataclass(frozen=True)
class Open:
    """Poisson arrivals, a service of one minute in the mean, first come first served within a class.

    `shape`: of the gamma distribution of service, 1 for exponential; `urgent`: the share of those who are served
    before the others; `weights`: of the control, by what is observed (from seeds apart).
    """

    name: str
    load: float
    servers: int = 1
    shape: float = 1.0
    urgent: float = 0.0
    memory: int = 4
    customers: int = 800
    weights: Mapping[str, float] = field(default_factory=lambda: {"wait": 1.0})

    @property
    def between(self) -> float:
        return 1.0 / (self.servers * self.load)

    @property
    def theory(self) -> Mapping[str, float]:
        """Erlang (C), Pollaczek-Khinchine, Cobham (1954)."""
        if self.urgent:
            residual = self.load
            first = residual / (1.0 - self.load * self.urgent)
            return {"wait, urgent": first, "wait, others": first / (1.0 - self.load)}
        if self.servers == 1:
            return {"wait": self.load * (1.0 + 1.0 / self.shape) / 2.0 / (1.0 - self.load)}
        offered = self.servers * self.load
        below = math.fsum(offered**n / math.factorial(n) for n in range(self.servers))
        full = offered**self.servers / math.factorial(self.servers) / (1.0 - self.load)
        return {"wait": full / (below + full) / (self.servers * (1.0 - self.load))}

    @property
    def bias(self) -> float:
        """Of the first customer that counts, who waits least, where all are of one class."""
        whole = Open("", self.load, self.servers, self.shape).theory["wait"]
        return self.mean_after(SKIPPED) / whole - 1.0

    def mean_after(self, customers: int) -> float:
        """The mean wait of one who comes so many customers after an empty system."""
        if self.servers == 1:
            scale = 1.0 / self.shape
            parts = (positive_part(j * self.shape, scale, j, self.between) / j for j in range(1, customers + 1))
            return math.fsum(parts)
        return self._found(customers)

    def _found(self, k: int) -> float:
        """Exponential service: the chain of what customers find, from an empty system on."""
        c, rate = self.servers, 1.0 / self.between
        leaves = [0.0, *(min(i, c) / (rate + min(i, c)) for i in range(1, k + 2))]  # before the next comes
        found = np.zeros(k + 2)
        found[0] = 1.0
        for _ in range(k):
            after = np.zeros_like(found)
            carried = 0.0
            for state in range(k + 1, -1, -1):  # from what is there after an arrival, down
                carried += found[state - 1] if state else 0.0
                after[state] = carried * (1.0 - leaves[state])
                carried *= leaves[state]
            found = after
        return float(sum(p * max(0, n - c + 1) / c for n, p in enumerate(found)))

    def control(self, arrivals: Floats, services: Floats) -> Floats:
        """What each customer waits, had the system been empty `memory` customers before it."""
        work = np.zeros((len(services), self.servers))
        for _ in range(self.memory):
            after = work[:-1].copy()
            after[:, 0] += services[:-1]
            work = np.zeros_like(work)
            work[1:] = np.sort(np.maximum(0.0, after - arrivals[1:, None]), axis=1)
        return work[:, 0]

    def inputs(self, seed: int, replication: int) -> tuple[Floats, Floats]:
        """Intervals and services of the addresses, as the scenario states them."""
        from scipy.stats import gamma

        along = np.arange(self.customers + SKIPPED)
        arrivals = uniforms(seed, replication, along, 5, 0, address("s", "s"))
        services = uniforms(seed, replication, along, 0, 0, address("s", "work"))
        served = -np.log1p(-services) if self.shape == 1.0 else gamma.ppf(services, self.shape) / self.shape
        return -self.between * np.log1p(-arrivals), served

    def scenario(self, service: float) -> str:
        law = f"{{ exponential = {seconds(service)} }}"
        if self.shape != 1.0:
            law = f"{{ gamma = {{ mean = {seconds(service)}, sd = {seconds(service / math.sqrt(self.shape))} }} }}"
        classes = f"[attributes]\nurgent = {{ probability = {self.urgent} }}\n" if self.urgent else ""
        return (
            f"[arrivals.s]\ninterval = {{ exponential = {seconds(self.between)} }}\n{classes}"
            f"[roles.agent]\ncount = {self.servers}\n[tasks.work]\nduration = {law}\n"
            + ('priority = "1 if urgent else 0"\n' if self.urgent else "")
        )

    def observed(self, folder: Path, seed: int, replication: int, service: float) -> dict[str, float]:
        n = self.customers + SKIPPED
        head = HEAD.replace('horizon = "P28D"', f'cases = {n}\nfollow_up = "P28D"')
        rows = run_engine(planned(folder, ONE_TASK, head + self.scenario(service)), seed=seed, replication=replication)
        waits, urgent = np.zeros(n), np.zeros(n, dtype=bool)
        for row in rows.rows:
            if (number := int(row.case.split("/")[1])) >= n:
                continue
            if row.kind is RowKind.STARTED:
                waits[number] = sum((row.waits or {}).values()) / MINUTE
            elif row.kind is RowKind.ARRIVED and row.data:
                urgent[number] = row.data["urgent"]
        known = self.mean_after(self.memory)
        control = self.control(*self.inputs(seed, replication)) - known
        waits, urgent, control = waits[SKIPPED:], urgent[SKIPPED:], control[SKIPPED:]
        if not self.urgent:
            return {"wait": float((waits - self.weights["wait"] * control).mean())}
        found = {}
        for what, mine, share in (("wait, urgent", urgent, self.urgent), ("wait, others", ~urgent, 1.0 - self.urgent)):
            each = mine * (waits - self.weights[what] * control) - self.theory[what] * (mine - share)
            found[what] = float(each.mean()) / share
        return found


# -- networks that start in their stationary state


def overlap(spans: Iterable[tuple[int, int]], until: int) -> float:
    """The time average of how many are there in [0, until)."""
    return sum(min(end, until) - min(begin, until) for begin, end in spans) / until


def chosen(weights: Mapping[int, float], dice: random.Random) -> int:
    return dice.choices(list(weights), list(weights.values()))[0]


def birth_and_death(up: Callable[[int], float], down: Callable[[int], float], most: int) -> dict[int, float]:
    """The stationary distribution of a number that goes up and down by one."""
    found = [1.0]
    for n in range(most):
        found.append(found[-1] * up(n) / down(n + 1))
    total = math.fsum(found)
    return {n: p / total for n, p in enumerate(found)}


def mean(distribution: Mapping[int, float]) -> float:
    return math.fsum(n * p for n, p in distribution.items())


def spans_of(rows: Iterable[Row], begin: RowKind, end: RowKind, element: str = "") -> list[tuple[int, int]]:
    """From each `begin` of a case or piece of work to its `end`; to the end of time where there is none."""
    open_, found = {}, []
    for row in rows:
        name = row.item or row.case
        if row.kind is begin and (not element or row.element == element):
            open_[name] = row.tick
        elif row.kind is end and name in open_ and (not element or row.element == element):
            found.append((open_.pop(name), row.tick))
    return found + [(tick, 2**62) for tick in open_.values()]


@dataclass(frozen=True)
class Repair:
    """Machines that run for `up` minutes in the mean, and mechanics who take a minute for each (M/M/c//N)."""

    name: str
    machines: int
    mechanics: int
    up: float
    minutes: int = 500
    bias: float = 0.0

    @property
    def stationary(self) -> dict[int, float]:
        return birth_and_death(lambda n: (self.machines - n) / self.up, lambda n: min(n, self.mechanics), self.machines)

    @property
    def theory(self) -> Mapping[str, float]:
        return {"machines down": mean(self.stationary)}

    def observed(self, folder: Path, seed: int, replication: int, service: float) -> dict[str, float]:
        down = chosen(self.stationary, random.Random(f"{seed}/{replication}"))  # noqa: S311
        model = "lane Mechanic\nstart up\nstart down\nservice run\nuser repair\n"
        model += "up > run > repair > run\ndown > repair\n"
        toml = "".join(
            f"[arrivals.{start}]\nat_start = {count}\n"
            for start, count in (("up", self.machines - down), ("down", down))
            if count
        )
        toml += f"[roles.mechanic]\ncount = {self.mechanics}\n"
        toml += f"[tasks.run]\nduration = {{ exponential = {seconds(self.up)} }}\n"
        toml += f"[tasks.repair]\nduration = {{ exponential = {seconds(service)} }}\n"
        ran = run_engine(planned(folder, model, until(self.minutes) + toml), seed=seed, replication=replication)
        spans = spans_of(ran.rows, RowKind.ENABLED, RowKind.COMPLETED, "repair")
        return {"machines down": overlap(spans, self.minutes * MINUTE)}


@dataclass(frozen=True)
class Jackson:
    """A desk of one, behind which half go out and half to two specialists, who send all back to the desk."""

    name: str
    rate: float  # a minute, from outside
    specialist: float  # minutes a visit
    minutes: int = 3000
    bias: float = 0.0

    @property
    def stationary(self) -> tuple[dict[int, float], dict[int, float]]:
        """By Jackson (1957) those at the desk and those at the specialists are independent."""
        desk = birth_and_death(lambda _: 2 * self.rate, lambda _: 1.0, 200)
        return desk, birth_and_death(lambda _: self.rate, lambda n: min(n, 2) / self.specialist, 200)

    @property
    def theory(self) -> Mapping[str, float]:
        desk, specialists = self.stationary
        return {"cases open": mean(desk) + mean(specialists)}

    def observed(self, folder: Path, seed: int, replication: int, service: float) -> dict[str, float]:
        dice = random.Random(f"{seed}/{replication}")  # noqa: S311
        there = [chosen(each, dice) for each in self.stationary]
        model = "lane Clerk\nstart s\nstart one\nstart two\nuser desk\nxor g\nend e\nlane Specialist\nuser look\n"
        model += "s > desk > g > e\none > desk\ntwo > look > desk\ng > look\n"
        toml = f"[arrivals.s]\ninterval = {{ exponential = {seconds(1 / self.rate)} }}\n"
        for start, count in zip(("one", "two"), there, strict=True):
            toml += f"[arrivals.{start}]\nat_start = {count}\n" if count else ""
        toml += "[roles.clerk]\ncount = 1\n[roles.specialist]\ncount = 2\n[flows]\ng_e = 0.5\n"
        toml += f"[tasks.desk]\nduration = {{ exponential = {seconds(service)} }}\n"
        toml += f"[tasks.look]\nduration = {{ exponential = {seconds(self.specialist * service)} }}\n"
        ran = run_engine(planned(folder, model, until(self.minutes) + toml), seed=seed, replication=replication)
        return {"cases open": overlap(spans_of(ran.rows, RowKind.ARRIVED, RowKind.ENDED), self.minutes * MINUTE)}


def until(minutes: int) -> str:
    return HEAD.replace('"P28D"', f'"PT{minutes}M"') + 'follow_up = "PT1S"\n'


@cache
def planned(folder: Path, model: str, text: str) -> Plan:
    path = write(folder / str(abs(hash((model, text)))), model, text, head="")
    return prepare(path).simulation.plan


SYSTEMS: tuple[System, ...] = (
    Open("M/M/1, load 0.5", load=0.5, memory=4, customers=800, weights={"wait": 2.1}),
    Open("M/M/2, load 0.5", load=0.5, servers=2, memory=8, customers=1200, weights={"wait": 1.6}),
    Open("M/G/1, gamma of shape 2, load 0.5", load=0.5, shape=2.0, memory=4, customers=700, weights={"wait": 1.9}),
    Open(
        "M/M/1 with priority, load 0.4", load=0.4, urgent=0.4, memory=4, customers=800,
        weights={"wait, urgent": 0.9, "wait, others": 1.8},
    ),
    Repair("Five machines, one mechanic", machines=5, mechanics=1, up=5.0),
    Jackson("Jackson network with feedback", rate=0.15, specialist=4.0),
)  # fmt: skip
