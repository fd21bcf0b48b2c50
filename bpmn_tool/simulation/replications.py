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

from bpmn_tool.errors import InterruptedRun
from bpmn_tool.results.trace import Replication
from bpmn_tool.simulation.engine_simpy import run as run_simpy
from bpmn_tool.simulation.kpis import KpiPlan
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.simulation.summarise import ReplicationSummary, reduce


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A plan with what is to be measured on it."""

    plan: Plan
    kpis: tuple[KpiPlan, ...]

    def replicate(self, seed: int, number: int, observe: "Observe | None" = None) -> ReplicationSummary:
        """One replication, reduced; `observe` sees its rows before they go."""
        with _rarely_collected():
            replication = run_simpy(self.plan, seed=seed, replication=number)
            if observe is not None:
                observe(replication)
            return reduce(replication, self.plan.facts, self.kpis, self.plan.time_line)


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


class Pool:
    """Worker processes that keep the simulations they have made. With one job everything runs in this process."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
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
        """The replications of these numbers, in any order. Raises InterruptedRun with the finished ones on Ctrl-C."""
        if self.jobs == 1 or observe is not None:
            return self._here(simulation, numbers, seed, advance, observe)
        begun = time.monotonic()
        first = self._here(simulation, numbers[:1], seed, advance, None)
        rest = numbers[1:]
        small = self._executor is None and (time.monotonic() - begun) * len(rest) < WORTH_A_PROCESS
        try:
            if small:
                return first + self._here(simulation, rest, seed, advance, None)
            return first + self._there(recipe, rest, seed, advance)
        except InterruptedRun as stopped:
            raise InterruptedRun(first + list(stopped.finished)) from None

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

    def _here(
        self, simulation: Simulation, numbers: Sequence[int], seed: int, advance: Advance, observe: Observe | None
    ) -> list[ReplicationSummary]:
        finished: list[ReplicationSummary] = []
        try:
            for number in numbers:
                finished.append(simulation.replicate(seed, number, observe))
                advance()
        except KeyboardInterrupt:
            raise InterruptedRun(finished) from None
        return finished

    def _there(self, recipe: Recipe, numbers: Sequence[int], seed: int, advance: Advance) -> list[ReplicationSummary]:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                max_workers=self.jobs, mp_context=get_context("spawn"), initializer=_serve
            )
        finished: list[ReplicationSummary] = []
        pending: set[Future[ReplicationSummary]] = set()
        try:
            with _deaf_to_interrupts():  # the processes begin here, and inherit it
                pending = {self._executor.submit(_work, recipe, seed, number) for number in numbers}
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    finished.append(future.result())
                    advance()
        except KeyboardInterrupt:
            self._abandon()
            raise InterruptedRun(finished) from None
        except BaseException:
            for future in pending:
                future.cancel()
            raise
        return finished


@contextmanager
def pool(jobs: int) -> Iterator[Pool]:
    """A pool that is closed at the end, whatever happens."""
    opened = Pool(jobs)
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
