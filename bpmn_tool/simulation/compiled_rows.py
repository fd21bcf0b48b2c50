"""Rows of the trace, made of the lines that the compiled kernel logs. The histories that tokens carry are followed
here, since only rows need them.
"""

from collections import deque
from typing import Any

from bpmn_tool.results.trace import Cause, Row, RowKind
from bpmn_tool.simulation.case import History, merged
from bpmn_tool.simulation.compiled_tables import Tables
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.simulation.waiting import NO_WAITS

_NOTHING = History()
_BEGIN, _JOIN = -1, -2  # where a node's tokens came from, but for a flow
_ALL = -1  # all flows out of a node are taken
_ARRIVED, _FIRED, _ENABLED, _STARTED, _COMPLETED, _ENDED = range(6)


class _Tokens:
    """The histories on the flows of one case."""

    __slots__ = ("counted", "on", "serial")

    def __init__(self) -> None:
        self.on: dict[int, deque[tuple[int, History]]] = {}
        self.serial = 0
        self.counted: dict[int, int] = {}  # handoffs by flow


class Rows:
    """Gathers the rows of one replication."""

    def __init__(self, plan: Plan, tables: Tables) -> None:
        self.rows: list[Row] = []
        self._stream = plan.streams[0].id
        self._labels = [(resource.label,) for resource in plan.resources]
        self._ids = [node.id for node in tables.nodes]
        self._flows = tables.flows
        number = {flow: index for index, flow in enumerate(tables.flows)}
        self._into = [tuple(number[flow] for flow in node.incoming) for node in tables.nodes]
        self._out = [tuple(number[flow] for flow in node.outgoing) for node in tables.nodes]
        self._out_ids = [node.outgoing for node in tables.nodes]
        self._handoffs = frozenset(number[flow] for flow in plan.facts.handoffs if flow in number)
        self._tokens: dict[int, _Tokens] = {}

    def add(self, log: Any) -> None:
        """Lines of the log, as the kernel's columns have them."""
        say = self.rows.append
        for tick, kind, number, node, visit, where, who, wait in log.tolist():
            case = f"{self._stream}/{number}/0"
            if kind == _ARRIVED:
                self._tokens[number] = _Tokens()
                say(Row(tick, RowKind.ARRIVED, case, element=self._ids[node], data={}, demand=tick))
                continue
            if kind == _ENDED:
                del self._tokens[number]
                say(Row(tick, RowKind.ENDED, case))
                continue
            name = self._ids[node]
            if kind == _FIRED:
                self._fired(tick, number, node, visit, where, who)
                continue
            item = f"{case}/{name}//{visit}"
            labels = self._labels[who] if who >= 0 else ()
            if kind == _ENABLED:
                came = self._taken(self._tokens[number], node, where)
                say(
                    Row(
                        tick, RowKind.ENABLED, case, "", visit, name,
                        item=item, predecessors=came.predecessors, handoffs=came.handoffs,
                    )
                )  # fmt: skip
                say(Row(tick, RowKind.READY, case, "", visit, name, item=item))
            elif kind == _STARTED:
                waits = NO_WAITS.copy()
                waits[Cause.CONTENTION] = wait
                say(Row(tick, RowKind.STARTED, case, "", visit, name, item=item, resources=labels, waits=waits))
            else:
                flows = self._out_ids[node]
                say(Row(tick, RowKind.COMPLETED, case, "", visit, name, flows=flows, item=item, resources=labels))
                self._put(number, case, self._out[node], History((item,), ()))

    def _fired(self, tick: int, number: int, node: int, visit: int, where: int, chosen: int) -> None:
        case = f"{self._stream}/{number}/0"
        history = self._taken(self._tokens[number], node, where)
        out = self._out[node] if chosen == _ALL else (chosen,)
        flows = tuple(self._flows[flow] for flow in out)
        came = _NOTHING if flows else history
        self.rows.append(
            Row(
                tick, RowKind.FIRED, case, "", visit, self._ids[node],
                flows=flows, predecessors=came.predecessors, handoffs=came.handoffs,
            )
        )  # fmt: skip
        self._put(number, case, out, history)

    def _taken(self, tokens: _Tokens, node: int, where: int) -> History:
        if where == _BEGIN:
            return _NOTHING
        if where != _JOIN:
            return tokens.on[where].popleft()[1]
        arrived = [tokens.on[flow].popleft() for flow in self._into[node]]
        return merged([history for _, history in sorted(arrived, key=lambda pair: pair[0])])

    def _put(self, number: int, case: str, flows: tuple[int, ...], history: History) -> None:
        tokens = self._tokens[number]
        for flow in flows:
            carried = history
            if flow in self._handoffs:
                count = tokens.counted.get(flow, 0)
                tokens.counted[flow] = count + 1
                name = f"{case}/{self._flows[flow]}//{count}"
                carried = History(history.predecessors, (*history.handoffs, name))
            tokens.serial += 1
            tokens.on.setdefault(flow, deque()).append((tokens.serial, carried))
