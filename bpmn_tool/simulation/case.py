"""A case under way, its tokens' histories and its work items: the state that belongs to one case."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bpmn_tool.model.tokens import EMPTY, Marking, Path, Scope, path_of
from bpmn_tool.results.trace import Cause
from bpmn_tool.simulation.agenda import Happening
from bpmn_tool.simulation.plan import Limits, WorkPlan

#: (tick at the door, rank of the start event, stream, number, entry): the order of cases in one tick
CaseKey = tuple[int, int, str, int, int]


class History(NamedTuple):
    """What a token carries: the items it came from (last to arrive last) and the handoffs that have not reached work
    yet.
    """

    predecessors: tuple[str, ...] = ()
    handoffs: tuple[str, ...] = ()


class Mail(NamedTuple):
    """A message that reaches a wait: its flow, what it carries, and the box it was kept in, if it was."""

    flow: str
    history: History
    kept: str = ""


def merged(histories: list[History]) -> History:
    """Of several tokens, in order of arrival: each item and handoff once, at its last arrival."""
    if len(histories) == 1:
        return histories[0]
    items: dict[str, None] = {}
    handoffs: dict[str, None] = {}
    for history in histories:
        for item in history.predecessors:
            items.pop(item, None)
            items[item] = None
        for handoff in history.handoffs:
            handoffs[handoff] = None
    return History(tuple(items), tuple(handoffs))


def path_text(path: Path) -> str:
    """A path as it stands in traces and names of work: ``id[instance]@visit`` joined by ``/``."""
    if not path:
        return ""
    return "/".join(f"{node}[{instance}]@{visit}" for node, visit, instance in path)


@dataclass(slots=True)
class Item:
    """A work item; or several of a batch done together (`members`), in the name of the oldest."""

    work: WorkPlan
    case: "Case | None"
    name: str
    scope: Scope
    visit: int
    order: tuple[Any, ...]
    history: History
    enabled: int
    path: str = ""
    ready: int = -1
    start: int = -1
    priority: float = 0.0
    passed_over: int = -1  # tick from which `priority` is the cause
    resources: list[int] = field(default_factory=list)
    done: bool = False  # completed, interrupted or withdrawn
    waits: dict[Cause, int] = field(default_factory=dict)
    remaining: int = 0  # ticks of work left at `since`
    since: int = 0  # when the work was begun or last taken up again
    paused: bool = False
    away: int = 0  # of its resources, how many are at a gate
    released: int = -1  # of a batch: when it was made up
    together: "Item | None" = None  # of a member: the batch that it is done with
    members: list["Item"] = field(default_factory=list)
    limits: list[tuple[int, Limits]] = field(default_factory=list)  # who may take its seats, from which tick on


class Done(NamedTuple):
    """Work that has begun in a case: where, when and by whom."""

    path: Path
    tick: int
    order: tuple[Any, ...]
    resources: tuple[int, ...]


@dataclass(slots=True)
class Case:
    """One entry of a person.

    `instances` counts its open process instances, `on_way` what is on its way to a catch or start event.
    """

    key: CaseKey
    id: str
    stream: str
    number: int
    entry: int
    start_event: str
    demand: int
    arrival: int
    attributes: dict[str, Any]
    in_cohort: bool
    marking: Marking = EMPTY
    instances: int = 0
    on_way: int = 0
    ended: bool = False
    failed: bool = False
    queue: deque[tuple[Any, ...]] = field(default_factory=deque)  # what moves in this tick
    tokens: dict[tuple[Scope, str], deque[tuple[int, History]]] = field(default_factory=dict)
    waiting: dict[tuple[Scope, str, int], History] = field(default_factory=dict)  # nodes that wait
    since: dict[str, list[tuple[Scope, int]]] = field(default_factory=dict)  # node -> waits for messages, longest first
    #: what ended inside a sub-process or instance
    gathered: dict[tuple[Scope, str, int, bool], list[History]] = field(default_factory=dict)
    items: dict[tuple[Scope, str, int], Item] = field(default_factory=dict)
    joins: set[tuple[Scope, str]] = field(default_factory=set)  # inclusive joins that hold a token
    mail: dict[str, deque[tuple[int, History]]] = field(
        default_factory=dict
    )  # message flow -> kept messages, by number
    timers: dict[tuple[Scope, str, int], list[Happening]] = field(default_factory=dict)  # what is due for a wait
    watches: dict[tuple[Scope, str, int], bool] = field(default_factory=dict)  # conditional events: true when last seen
    repeated: dict[tuple[Scope, str, tuple[str, int]], int] = field(default_factory=dict)  # how often a timer recurred
    resets: set[tuple[Scope, str]] = field(default_factory=set)  # complex gateways that have fired
    to_perform: dict[tuple[Scope, str, int], list[str]] = field(default_factory=dict)  # of ad-hoc sub-processes
    counters: dict[tuple[str, Path], int] = field(default_factory=dict)  # tokens and messages by flow and path
    done_by: dict[str, list[Done]] = field(default_factory=dict)  # of work that other work names
    fired_at: int = -1
    fired: int = 0
    recent: list[str] = field(default_factory=list)  # what fired last in this tick, when it looks like a loop

    def count(self, flow: str, scope: Scope) -> int:
        """The number of this token or message among those of its flow under its path, from 0."""
        key = (flow, path_of(scope))
        number = self.counters.get(key, 0)
        self.counters[key] = number + 1
        return number
