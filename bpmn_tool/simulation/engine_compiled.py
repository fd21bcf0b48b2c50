"""The fast engine: the same replication as :mod:`bpmn_tool.simulation.engine_simpy`, to the bit, of the plans that it
takes (docs/performance.md says which).
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from bpmn_tool.results.trace import Replication
from bpmn_tool.simulation.compiled_rows import Rows
from bpmn_tool.simulation.compiled_tables import Tables, rate, tables, unsupported
from bpmn_tool.simulation.plan import Plan

if TYPE_CHECKING:
    from bpmn_tool.simulation.compiled_kernel import Limits, World

NAME = "compiled"
_LOG_LINES = 200_000
_NOT_YET = -1

__all__ = ["NAME", "Loop", "is_there", "run", "unsupported"]


def is_there() -> bool:
    """Whether numba is installed: it comes with the extra `compiled`."""
    return find_spec("numba") is not None


def run(plan: Plan, *, seed: int, replication: int) -> Replication | None:
    """One replication of a plan that `unsupported` has nothing against. None where something is wrong on the way, a
    limit or a loop in zero time: the readable engine says then what.
    """
    loop = Loop(plan, seed=seed, replication=replication)
    rows = Rows(plan, loop.tables)
    if not loop.run(rows.add):
        return None
    close = loop.close
    return Replication(
        number=replication,
        seed=seed,
        rows=rows.rows,
        end=loop.end,
        warm_up=plan.warm_up,
        close=min(close, loop.end) if close is not None else loop.end,
        follow_up=plan.follow_up,
        stuck=loop.stuck(),
    )


class Loop:
    """One replication of the kernel, with what has to be done between its returns."""

    def __init__(self, plan: Plan, *, seed: int, replication: int) -> None:
        from bpmn_tool.simulation import compiled_kernel

        self.kernel = compiled_kernel
        self.plan = plan
        self.tables: Tables = tables(plan)
        found = rate(plan.streams[0])
        assert found is not None
        self._rate = found
        self._limits: Limits = compiled_kernel.Limits(
            seed=seed,
            replication=replication,
            warm_up=plan.warm_up,
            cohort=_NOT_YET if plan.cohort_cases is None else plan.cohort_cases,
            follow_up=plan.follow_up,
            open_cases=plan.limits_open,
            rows=plan.limits_events,
            until=found.until,
        )
        self.world: World = self._world()

    @property
    def end(self) -> int:
        return max(0, int(self.world.state[self.kernel.NOW]))

    @property
    def close(self) -> int | None:
        close = int(self.world.state[self.kernel.CLOSE])
        return None if close == _NOT_YET else close

    def run(self, add: Callable[[Any], None]) -> bool:
        """To the end; `add` sees the lines of the log, some at a time. False where the other engine has to say what is
        wrong.
        """
        kernel = self.kernel
        while True:
            known = kernel.Rate(*self._rate.known())
            status = kernel.advance(self.tables.flow, self.tables.work, self._limits, known, self.world)
            if status == kernel.ODD:
                return False
            if status == kernel.RATE_SHORT:
                self._rate.grow()
            elif status == kernel.HEAP_FULL:
                self._grow(heap=0)
            elif status == kernel.CASES_FULL:
                self._grow_cases()
            elif status == kernel.QUEUE_FULL:
                self._grow_queues()
            else:
                lines = int(self.world.state[kernel.LINES])
                add(self.world.log[:lines])
                self.world.state[kernel.LINES] = 0
                if status == kernel.DONE:
                    return True

    def stuck(self) -> dict[str, tuple[str, ...]]:
        """Cases of which no work is open, with the flows that hold their tokens."""
        world = self.world
        slots = [slot for slot, number in enumerate(world.number) if number >= 0 and not world.about[slot, 4]]
        stream = self.plan.streams[0].id
        return {
            f"{stream}/{world.number[slot]}/0": tuple(
                flow for flow, there in zip(self.tables.flows, world.tokens[slot], strict=True) if there
            )
            for slot in sorted(slots, key=lambda slot: int(world.number[slot]))
        }

    # -- arrays that grow

    def _world(self) -> "World":
        kernel, plan = self.kernel, self.plan
        nodes, flows, people = len(self.tables.nodes), len(self.tables.flows), len(plan.resources)
        state = _zeros(kernel.STATES)
        state[kernel.NOW] = state[kernel.NEXT_ARRIVAL] = _NOT_YET
        state[kernel.PHASE] = kernel.TURN
        state[kernel.CLOSE] = _NOT_YET if plan.close is None else plan.close
        state[kernel.WAKE_1] = state[kernel.CLOSE]
        state[kernel.WAKE_2] = _NOT_YET if plan.close is None else plan.close + plan.follow_up
        world: World = kernel.World(
            state=state,
            total=np.zeros(1),
            heap=_zeros(64, 6),
            number=np.full(64, -1, dtype=np.int64),
            free=np.arange(64),
            place=np.arange(64),
            about=_zeros(64, 5),
            tokens=_zeros(64, flows),
            visits=_zeros(64, nodes),
            queue=_zeros(nodes, 256, 4),
            ends=_zeros(nodes, 2),
            busy=_zeros(people),
            free_since=_zeros(people),
            moving=_zeros(65_536 + flows),
            log=_zeros(_LOG_LINES, kernel.COLUMNS),
        )
        return world

    def _grow(self, **which: int) -> None:
        """Twice as long, with what to fill the new half with."""
        longer = {}
        for name, value in which.items():
            old = getattr(self.world, name)
            longer[name] = np.concatenate([old, np.full_like(old, value)])
        self.world = self.world._replace(**longer)

    def _grow_cases(self) -> None:
        before = len(self.world.free)
        self._grow(number=-1, free=0, place=0, about=0, tokens=0, visits=0)
        self.world.free[before:] = self.world.place[before:] = np.arange(before, 2 * before)

    def _grow_queues(self) -> None:
        queue, ends = self.world.queue, self.world.ends
        nodes, size, width = queue.shape
        longer = _zeros(nodes, 2 * size, width)
        for node in range(nodes):
            longer[node, :size] = np.roll(queue[node], -int(ends[node, 0]), axis=0)
        ends[:, 0] = 0
        self.world.state[self.kernel.CROWDED] = 0
        self.world = self.world._replace(queue=longer)


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, dtype=np.int64)
