"""The plan: model, register and scenario joined once, with nothing left to look up or to parse while it runs.

:func:`bpmn_tool.simulation.planning.make_plan` makes it; engines read it. All times are ticks (microseconds from the
scenario's start).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.model.net import Net
from bpmn_tool.results.facts import Facts
from bpmn_tool.scenario.case_expression import CaseExpression

if TYPE_CHECKING:
    from bpmn_tool.simulation.service import Service

#: (u, attributes of the case) -> value: ticks (int) for durations, else as the distribution is
Sampler = Callable[[float, Mapping[str, Any]], Any]
Chance = float | CaseExpression
#: what the condition of a complex gateway may ask: how many of its incoming flows hold a token
ACTIVATION_COUNT = "activationCount"


class Lasting(Protocol):
    """How many ticks something takes: drawn, divided by `speed`, and made whole once."""

    def __call__(self, u: float, attributes: Mapping[str, Any], speed: float = 1.0, /) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributePlan:
    """An attribute drawn when a person or case comes into being; `address_name`: the element of its random numbers."""

    name: str
    sampler: Sampler
    address_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlan:
    """Where moments come from.

    Exactly one of `rate` (inverse of the cumulative rate: units -> tick, None past its end), `every` or `interval`.
    """

    id: str
    is_demand: bool
    inverse: Callable[[float], int | None] | None = None
    every: Duration | None = None
    interval: Sampler | None = None
    moments: tuple[tuple[int, Mapping[str, Any]], ...] | None = None  # recorded: tick, attributes
    at_start: int = 0  # this many cases at tick 0, and no more
    size: Sampler | None = None
    attributes: tuple[AttributePlan, ...] = ()
    doors: tuple["DoorPlan", ...] = ()  # by rank of the start event


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPlan:
    """A start event that takes from a stream."""

    start_event: str
    rank: int
    when: CaseExpression | None = None
    probability: Chance = 1.0
    delay: Sampler | None = None
    hours: Calendar | None = None
    attributes: tuple[AttributePlan, ...] = ()  # of this door alone


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePlan:
    """One person, team or machine. `roles` in the order held; `finish`: it works on past the end of its duty."""

    index: int
    label: str
    roles: tuple[str, ...]
    calendar: Calendar
    finish: bool = False
    speed: float = 1.0
    durations: Mapping[str, Lasting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePlan:
    """Occasions at which work may start: `occasion(n)` is the n-th [open, close) in ticks, n from 0, rising; None past
    the last.
    """

    id: str
    occasion: Callable[[int], tuple[int, int] | None]
    capacity: int | None = None
    reserve: bool = True  # its people come even from work of no gate
    no_show: Mapping[str, float] = field(default_factory=dict)  # role -> how likely each of its seats stays empty
    quorum: int | None = None  # None: every seat
    places: Mapping[str, int] = field(default_factory=dict)  # role -> its seats, over all tasks of the gate


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """Released at `least` ready items, or `wait` after the oldest got ready; the oldest `most` first. `together`: as
    one work item.
    """

    least: int
    most: int | None = None
    wait: Duration | None = None
    together: bool = True


class Limits(NamedTuple):
    """Who may not take a seat of an item, and who has to (-1: nobody); indices of resources."""

    barred: tuple[int, ...] = ()
    wanted: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlan:
    """A piece of work: an activity that is not a sub-process, or a background item.

    `seats`: the role of each; none for a machine.
    """

    element: str
    rank: int
    seats: tuple[str, ...] = ()
    duration: Lasting | None = None  # None: no time
    lag: Sampler | None = None
    priority: Chance = 0.0
    gate: GatePlan | None = None
    #: at a gate: every seat, and whether somebody of [roles] takes it
    invited: tuple[tuple[str, bool], ...] = ()
    batch: BatchPlan | None = None
    same_as: str | None = None  # work that whoever did last in the case has to do this too
    not_same_as: str | None = None
    absent: bool = False  # nobody holds one of its roles, and the policy is to wait


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlan:
    """How many instances or runs an activity has: drawn (`instances`), or as an expression."""

    instances: Sampler | None = None
    completion: CaseExpression | None = None
    again: CaseExpression | None = None  # of a standard loop
    repeat: Sampler | None = None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPlan:
    """How the outgoing flows of a gateway or activity are chosen: by probabilities (in order of flow ids) or by
    conditions (in the order of the file).
    """

    probabilities: tuple[tuple[str, Chance], ...] = ()
    conditions: tuple[tuple[str, CaseExpression | None], ...] = ()
    default: str | None = None
    inclusive: bool = False
    sure: tuple[str, ...] = ()  # flows of an activity that are always taken


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerPlan:
    """When an event occurs: a calendar duration after it is enabled, a drawn time, or a date; with both, first at the
    date and then each duration later.

    `repeats`: how often it occurs while one activity or scope lives. `probability` that it happens at all. `trigger`
    is which of several it is, of an event that waits for all of them.
    """

    after: Duration | Sampler | None = None
    date: int | None = None
    repeats: int = 1  # of a cycle; -1: without end
    probability: Chance = 1.0
    trigger: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPlan:
    """What may go wrong on a flow."""

    delay: Sampler | None = None
    lost: Chance = 0.0
    declined: Chance = 0.0
    declines_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackBoxPlan:
    """A participant without a process.

    `replies`: received flow -> (reply flow, weight) in order of ids; empty: it answers nothing.
    """

    participant: str
    response: Sampler | None = None
    answers: Chance = 1.0
    replies: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundPlan:
    id: str
    role: str
    ticks: int  # work in a week
    per_case: bool
    work: WorkPlan


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that an engine reads.

    `hash` is of what the plan was made from, after calendars, zones and expressions were compiled in.
    """

    name: str
    hash: str
    net: Net
    time_line: TimeLine
    rank: Mapping[str, int]
    warm_up: int
    close: int | None  # None: closes with the N-th of the cohort
    cohort_cases: int | None
    follow_up: int
    limits_open: int
    limits_events: int
    streams: tuple[StreamPlan, ...]
    attributes: tuple[AttributePlan, ...]
    resources: tuple[ResourcePlan, ...]
    by_role: Mapping[str, tuple[int, ...]]  # role -> resources
    strict_roles: frozenset[str]
    works: Mapping[str, WorkPlan]
    loops: Mapping[str, LoopPlan]
    decisions: Mapping[str, DecisionPlan]
    timers: Mapping[str, TimerPlan]
    handoffs: Mapping[str, HandoffPlan]
    black_boxes: Mapping[str, BlackBoxPlan]
    #: node that waits for messages -> message flows and declined handoffs that reach it
    mail_into: Mapping[str, tuple[str, ...]]
    scripts: Mapping[str, Any]
    #: conditional event -> what has to become true
    conditions: Mapping[str, CaseExpression]
    #: complex gateway -> when it fires; ad-hoc sub-process -> when it is done
    activations: Mapping[str, CaseExpression]
    background: tuple[BackgroundPlan, ...]
    facts: Facts
    warnings: tuple[str, ...] = ()
    expected_arrivals: Mapping[str, float] = field(default_factory=dict)
    #: kept between replications, since they follow from the rest: joint calendars, and when seats could be filled
    joint_calendars: dict[tuple[int, ...], Calendar] = field(default_factory=dict, compare=False, repr=False)
    services: dict[tuple[tuple[str, ...], Limits], "Service"] = field(default_factory=dict, compare=False, repr=False)
