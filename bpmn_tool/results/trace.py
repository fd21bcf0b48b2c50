"""The trace: a row an event, the primary output of a simulation (docs/semantics.md, 8); all else is a projection of it.

JSON lines are its canonical bytes: a header line, then a line a row, keys sorted, empty fields left out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

#: Version of the simulation semantics (docs/semantics.md); goes up whenever a golden trace changes.
SEMANTICS = 1
#: Version of the layout of a trace.
TRACE_FORMAT = 1


class RowKind(Enum):
    """What happened. `element` of a row is the flow node unless said otherwise."""

    MISSED = "missed"  # demand that no start event took; `demand` is its moment, `data` its attributes
    ARRIVED = "arrived"  # a case at its start event; `demand` the moment of its demand, `data` its attributes
    LOST = "lost"  # `element` is the flow, `handoffs` the handoff
    DECLINED = "declined"  # likewise
    NO_SHOW = "no_show"  # `element` is the gate; `data` says role, seat (from 0 of that role) and occasion
    FIRED = "fired"  # a gateway, event or start event fired; `flows` are those taken
    ENABLED = (
        "enabled"  # an activity, catching event or event gateway waits; work carries `item`, `predecessors`, `handoffs`
    )
    READY = "ready"  # the lag is over
    #: `resources` hold the item; `waits` books ready to start; `data` says `no_show` (seats, from 0, to which nobody
    #: came), `called_from` (by resource, the item that was left for a gate), `batch` (done together with that item)
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"  # `flows` are those taken
    INTERRUPTED = "interrupted"  # started, then taken away
    WITHDRAWN = "withdrawn"  # never started; `waits` books ready to here
    SENT = "sent"  # `flows` holds the message flow
    RECEIVED = "received"  # `flows` holds the message flow, `element` the catch, start event or participant
    ASSIGNED = "assigned"  # `data` was set
    ENDED = "ended"  # the case ended; `element` is empty
    FAILED = "failed"  # a decision had no way out: the case stopped at `element`


class Cause(Enum):
    """Why work waited between ready and start; each tick is booked to one, tested in this order."""

    UNDEFINED = "undefined"
    BATCHING = "batching"
    UNAVAILABILITY = "unavailability"
    PRIORITY = "priority"
    CONTENTION = "contention"

    __hash__ = object.__hash__  # members are singletons; that of Enum hashes their names each time


class Row(NamedTuple):
    """One event. A case is ``stream/number/entry``, item ``case/element/path/visit``, a handoff ``case/flow/path/n``.

    `path` is the enclosing multi-instances as ``id[instance]@visit`` joined by ``/``; n counts from 0 the tokens or
    messages of that flow under that path.
    """

    tick: int
    kind: RowKind
    case: str = ""
    path: str = ""
    visit: int = 0
    element: str = ""
    flows: tuple[str, ...] = ()
    item: str = ""
    resources: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = None
    demand: int | None = None
    #: items whose tokens reached this one, or this end (FIRED); the last to arrive stands last
    predecessors: tuple[str, ...] = ()
    #: handoffs that reach this item; on LOST and DECLINED the one meant; on FIRED and RECEIVED those that end without
    #: work, on WITHDRAWN those of a token that was taken away
    handoffs: tuple[str, ...] = ()
    waits: Mapping[Cause, int] | None = None  # ticks by cause; they sum to ready -> start

    def as_json(self) -> dict[str, Any]:
        """A JSON object without empty fields; `tick`, `kind` and `visit` always stand."""
        out: dict[str, Any] = {"tick": self.tick, "kind": self.kind.value, "visit": self.visit}
        for key in ("case", "path", "element", "item"):
            if value := getattr(self, key):
                out[key] = value
        for key in ("flows", "resources", "predecessors", "handoffs"):
            if value := getattr(self, key):
                out[key] = list(value)
        if self.data:
            out["data"] = dict(self.data)
        if self.demand is not None:
            out["demand"] = self.demand
        if self.waits:
            out["waits"] = {cause.value: ticks for cause, ticks in self.waits.items() if ticks}
        return out

    def line(self) -> str:
        """`as_json` as its line: the same text as of any row by the encoder, put together in a third of the time."""
        (
            tick, kind, case, path, visit, element, flows, item, resources, data, demand, predecessors, handoffs, waits,
        ) = self  # fmt: skip
        parts = []
        if case:
            parts.append(f'"case":{_text(case)}')
        if data:
            parts.append(f'"data":{_encode(dict(data))}')
        if demand is not None:
            parts.append(f'"demand":{demand}')
        if element:
            parts.append(f'"element":{_text(element)}')
        if flows:
            parts.append(f'"flows":{_texts(flows)}')
        if handoffs:
            parts.append(f'"handoffs":{_texts(handoffs)}')
        if item:
            parts.append(f'"item":{_text(item)}')
        parts.append(f'"kind":"{kind._value_}"')
        if path:
            parts.append(f'"path":{_text(path)}')
        if predecessors:
            parts.append(f'"predecessors":{_texts(predecessors)}')
        if resources:
            parts.append(f'"resources":{_texts(resources)}')
        parts.append(f'"tick":{tick},"visit":{visit}')
        if waits:
            parts.append(f'"waits":{_encode({cause._value_: ticks for cause, ticks in waits.items() if ticks})}')
        return "{" + ",".join(parts) + "}\n"


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
_text = json.encoder.encode_basestring


def _texts(texts: tuple[str, ...]) -> str:
    return "[" + ",".join(map(_text, texts)) + "]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """One run: rows in order, and where it stopped. Ticks are microseconds from the scenario's start.

    The cohort is what has its demand (own stream: arrival) in [warm_up, close).
    """

    number: int
    seed: int
    rows: Sequence[Row]
    end: int  # tick of the last event looked at: each case of the cohort has ended, or the follow-up was over
    warm_up: int
    close: int
    follow_up: int  # ticks after `close` at most
    #: cases that can never go on, with the elements that hold their tokens
    stuck: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: message flows whose message nobody took by the end of its case, with how many
    unreceived: Mapping[str, int] = field(default_factory=dict)


def header(*, seed: int, replication: int, plan: str, about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The first line of a trace; `plan` is the hash of the compiled plan. `about`: what a replay needs to know of the
    scenario: `start` (local) and `time_zone` of tick 0, `timed` (events of which it says when), `handed` (flows of
    its handoffs).
    """
    return {
        **(about or {}),
        "trace": TRACE_FORMAT,
        "semantics": SEMANTICS,
        "seed": seed,
        "replication": replication,
        "plan": plan,
        "tick": "microsecond",
    }


def lines(rows: Iterable[Row], head: Mapping[str, Any]) -> Iterator[str]:
    """The canonical lines of a trace, each ended by a newline."""
    yield _encode(head) + "\n"
    for row in rows:
        yield row.line()
