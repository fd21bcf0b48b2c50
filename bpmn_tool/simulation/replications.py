"""Many replications, on several processes: each is reduced where it ran, so that only summaries travel."""

import gc
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Protocol

from bpmn_tool.errors import InterruptedRun
from bpmn_tool.results.trace import Replication
from bpmn_tool.simulation import engine_compiled, engine_simpy
from bpmn_tool.simulation.kpis import KpiPlan
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.simulation.summarise import ReplicationSummary, reduce


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A plan with what is to be measured on it; `identity` is the same where the same is measured. `engine`: the one
    that runs it, by name; that the results are the same is tested, so they are kept under one identity.
    """

    plan: Plan
    kpis: tuple[KpiPlan, ...]
    identity: str = ""
    engine: str = engine_simpy.NAME

    def replicate(self, seed: int, number: int, observe: "Observe | None" = None) -> ReplicationSummary:
        """One replication, reduced; `observe` sees its rows before they go."""
        with _rarely_collected():
            replication = self._run(seed, number)
            if observe is not None:
                observe(replication)
            return reduce(replication, self.plan.facts, self.kpis, self.plan.time_line)

    def _run(self, seed: int, number: int) -> Replication:
        if self.engine == engine_compiled.NAME:
            found = engine_compiled.run(self.plan, seed=seed, replication=number)
            if found is not None:
                return found
        return engine_simpy.run(self.plan, seed=seed, replication=number)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Rows are many and hold no circles: looking for garbage among them as often as usual takes a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(300_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


#: seconds of work below which starting processes costs more than they save
WORTH_A_PROCESS = 6.0

#: makes a Simulation from something that can be sent to another process; its result is kept there
Recipe = Callable[[], Simulation]
Observe = Callable[[Replication], None]
Advance = Callable[[], object]
Finished = Callable[[ReplicationSummary], None]


class Store(Protocol):
    """Keeps the replications of one simulation with one seed."""

    def find(self, number: int) -> ReplicationSummary | None: ...

    def keep(self, summary: ReplicationSummary) -> None: ...


#: where the replications of a simulation with a seed are kept, None: nowhere
Stores = Callable[[Simulation, int], Store | None]


def nowhere(simulation: Simulation, seed: int) -> None:
    """Nothing is kept."""


class Pool:
    """Worker processes that keep the simulations they have made. With one job everything runs in this process."""

    def __init__(self, jobs: int, stores: Stores = nowhere) -> None:
        self.jobs = jobs
        self.stores = stores
        self._executor: ProcessPoolExecutor | None = None

    def run(
        self,
        simulation: Simulation,
        recipe: Recipe,
        numbers: Sequence[int],
        *,
        seed: int,
        advance: Advance = lambda: None,
        observe: Observe | None = None,
    ) -> list[ReplicationSummary]:
        """The replications of these numbers, in any order; those that were run before are not run again, unless rows
        are to be observed. Raises InterruptedRun with the finished ones on Ctrl-C.
        """
        store = self.stores(simulation, seed) if observe is None else None
        found: list[ReplicationSummary] = []
        if store is not None:
            for known in filter(None, map(store.find, numbers)):
                found.append(known)
                advance()
        there = {summary.number for summary in found}

        def finished(summary: ReplicationSummary) -> None:
            if store is not None:
                store.keep(summary)
            found.append(summary)
            advance()

        try:
            self._run(simulation, recipe, [n for n in numbers if n not in there], seed, finished, observe)
        except KeyboardInterrupt:
            raise InterruptedRun(found) from None
        return found

    def _run(
        self,
        simulation: Simulation,
        recipe: Recipe,
        numbers: Sequence[int],
        seed: int,
        finished: Finished,
        observe: Observe | None,
    ) -> None:
        begun, here = time.monotonic(), len(numbers) if self.jobs == 1 or observe is not None else 1
        for number in numbers[:here]:
            finished(simulation.replicate(seed, number, observe))
        rest = numbers[here:]
        if self._executor is None and (time.monotonic() - begun) * len(rest) < WORTH_A_PROCESS:
            for number in rest:
                finished(simulation.replicate(seed, number))
        else:
            self._there(recipe, rest, seed, finished)

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    def _abandon(self) -> None:
        """Ends the processes in the middle of what they do. Python joins them at exit, and one that has a long
        replication left, or that waits for a result to be fetched, would hold the command up for as long as that takes.
        """
        for process in active_children():
            process.terminate()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _there(self, recipe: Recipe, numbers: Sequence[int], seed: int, finished: Finished) -> None:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                max_workers=self.jobs, mp_context=get_context("spawn"), initializer=_serve
            )
        pending: set[Future[ReplicationSummary]] = set()
        try:
            with _deaf_to_interrupts():  # the processes begin here, and inherit it
                pending = {self._executor.submit(_work, recipe, seed, number) for number in numbers}
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    finished(future.result())
        except KeyboardInterrupt:
            self._abandon()
            raise
        except BaseException:
            for future in pending:
                future.cancel()
            raise


@contextmanager
def pool(jobs: int, stores: Stores = nowhere) -> Iterator[Pool]:
    """A pool that is closed at the end, whatever happens."""
    opened = Pool(jobs, stores)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C is the main process's to handle: a process that begins in here never hears it, not even while it imports.
    Only the main thread may set signals; elsewhere :func:`_ignore_interrupts` has to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve() -> None:
    """Ctrl-C is the main process's to handle; a worker whose main process is gone goes too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main = parent_process()
    if main is not None:
        threading.Thread(target=_go_with, args=(main,), daemon=True).start()


def _go_with(main: BaseProcess) -> None:
    main.join()
    signal.raise_signal(signal.SIGTERM)


_MADE: dict[Recipe, Simulation] = {}


def _work(recipe: Recipe, seed: int, number: int) -> ReplicationSummary:
    if recipe not in _MADE:
        _MADE[recipe] = recipe()
    return _MADE[recipe].replicate(seed, number)
