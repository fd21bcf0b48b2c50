"""Traces written by hand: a few lines a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.facts import Facts, Staff
from bpmn_tool.results.trace import Cause, Replication, Row, RowKind

#: two roles and a black box: s (start) -> a -f1-> b -> e (end); m is a message to the box, back its answer
FACTS = Facts(
    names={"a": "Take it in", "b": "Look at it"},
    kinds={"s": "startEvent", "a": "userTask", "b": "userTask", "e": "endEvent", "x": "exclusiveGateway"},
    owner={"s": "desk", "a": "desk", "b": "board", "e": "board", "x": "desk", "box": "box"},
    role_names={"desk": "Desk", "board": "Board"},
    seats={"a": ("desk",), "b": ("board",)},
    flow_ends={
        "f0": ("s", "a"),
        "f1": ("a", "b"),
        "f2": ("b", "e"),
        "r": ("b", "a"),
        "m": ("a", "box"),
        "back": ("box", "x"),
    },
    handoffs=("f1", "m", "r"),
    staff={
        "D1": Staff(label="D1", roles=("desk",), cost_per_hour=60.0),
        "B1": Staff(label="B1", roles=("board",), cost_per_hour=120.0),
    },
    role_size={"desk": 1, "board": 1},
    streams={"people": True, "door": False},
)

LINE = TimeLine(datetime(2026, 1, 5), "Europe/Brussels")  # noqa: DTZ001  local time, the zone beside it


def near(number: float) -> Any:
    """A float that equals what is near it, inside tuples too."""
    return pytest.approx(number)


def item_of(case: str, element: str, visit: int = 0) -> str:
    return f"{case}/{element}//{visit}"


class Trace:
    """Rows in the order in which they are said."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def row(self, tick: int, kind: RowKind, case: str = "", **more: Any) -> "Trace":
        self.rows.append(Row(tick, kind, case, **more))
        return self

    def arrive(self, tick: int, case: str, *, demand: int | None = None, **data: Any) -> "Trace":
        return self.row(tick, RowKind.ARRIVED, case, element="s", demand=demand, data=data)

    def miss(self, tick: int, case: str, **data: Any) -> "Trace":
        return self.row(tick, RowKind.MISSED, case, demand=tick, data=data)

    def enable(self, tick: int, case: str, element: str, visit: int = 0, **more: Any) -> "Trace":
        item = item_of(case, element, visit)
        return self.row(tick, RowKind.ENABLED, case, element=element, visit=visit, item=item, **more)

    def ready(self, tick: int, case: str, element: str, visit: int = 0) -> "Trace":
        return self.row(tick, RowKind.READY, case, element=element, visit=visit, item=item_of(case, element, visit))

    def start(self, tick: int, case: str, element: str, visit: int = 0, who: str = "D1", **waits: int) -> "Trace":
        booked = {Cause(name): ticks for name, ticks in waits.items()}
        item = item_of(case, element, visit)
        return self.row(
            tick, RowKind.STARTED, case, element=element, visit=visit, item=item, resources=(who,), waits=booked
        )

    def pause(self, tick: int, case: str, element: str) -> "Trace":
        return self.row(tick, RowKind.PAUSED, case, element=element, item=item_of(case, element))

    def resume(self, tick: int, case: str, element: str) -> "Trace":
        return self.row(tick, RowKind.RESUMED, case, element=element, item=item_of(case, element))

    def complete(self, tick: int, case: str, element: str, *flows: str, visit: int = 0) -> "Trace":
        item = item_of(case, element, visit)
        return self.row(tick, RowKind.COMPLETED, case, element=element, visit=visit, item=item, flows=flows)

    def withdraw(self, tick: int, case: str, element: str, **waits: int) -> "Trace":
        booked = {Cause(name): ticks for name, ticks in waits.items()}
        item = item_of(case, element)
        return self.row(tick, RowKind.WITHDRAWN, case, element=element, item=item, waits=booked)

    def fire(self, tick: int, case: str, element: str, *flows: str, **more: Any) -> "Trace":
        return self.row(tick, RowKind.FIRED, case, element=element, flows=flows, **more)

    def end(self, tick: int, case: str) -> "Trace":
        return self.row(tick, RowKind.ENDED, case)

    def work(self, case: str, element: str, ready: int, start: int, end: int, *flows: str, **more: Any) -> "Trace":
        """Enabled and ready at once, done without a pause; waiting is contention."""
        who = more.pop("who", "D1" if element == "a" else "B1")
        self.enable(ready, case, element, **more).ready(ready, case, element)
        waits = {"contention": start - ready} if start > ready else {}
        return self.start(start, case, element, who=who, **waits).complete(end, case, element, *flows)

    def sorted(self) -> "Trace":
        """By tick, rows of one tick as they were said."""
        self.rows.sort(key=lambda row: row.tick)
        return self

    def replication(
        self,
        *,
        close: int = 1000,
        end: int | None = None,
        stuck: Mapping[str, Sequence[str]] | None = None,
        number: int = 0,
        follow_up: int = 1000,
        warm_up: int = 0,
        seed: int = 1,
    ) -> Replication:
        last = max((row.tick for row in self.rows), default=0)
        return Replication(
            number=number,
            seed=seed,
            rows=self.rows,
            end=last if end is None else end,
            warm_up=warm_up,
            close=close,
            follow_up=follow_up,
            stuck={case: tuple(held) for case, held in (stuck or {}).items()},
        )


def whole_case(case: str = "people/0/0", at: int = 0, *, wait: int = 5) -> Trace:
    """a takes 10 after waiting 5, hands over to b, which waits `wait` and takes 20."""
    trace = Trace().arrive(at, case, demand=at).fire(at, case, "s", "f0")
    trace.work(case, "a", at, at + 5, at + 15, "f1")
    b = at + 15
    trace.work(
        case, "b", b, b + wait, b + wait + 20, "f2", predecessors=(item_of(case, "a"),), handoffs=(f"{case}/f1//0",)
    )
    done = b + wait + 20
    return trace.fire(done, case, "e", predecessors=(item_of(case, "b"),)).end(done, case)


def two_people() -> Trace:
    """One in need gets through at 40, another, not in need, waits for b; a third is missed."""
    trace = Trace()
    trace.rows += whole_case("people/0/0", 0).rows
    trace.rows[0] = trace.rows[0]._replace(data={"in_need": True})
    trace.arrive(100, "people/1/0", demand=60, in_need=False).work("people/1/0", "a", 100, 100, 130, "f1")
    trace.enable(130, "people/1/0", "b", handoffs=("people/1/0/f1//0",)).ready(130, "people/1/0", "b")
    trace.miss(200, "people/2", in_need=True)
    return trace.sorted()


def stuck() -> Replication:
    """The second of the two waits for ever."""
    return two_people().replication(stuck={"people/1/0": ["b"]}, end=2000)
