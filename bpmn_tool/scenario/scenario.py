"""A scenario, resolved: what is simulated. One class a table of the file, fields named as its keys (``from`` is
``from_``, ``register`` is ``register_``).

Numbers are floats (expressions over parameters are worked out), durations inside distributions are ticks, durations
on the calendar stay
:class:`~bpmn_tool.instants.iso8601.Duration`, and what depends on a case is a
:class:`~bpmn_tool.scenario.case_expression.CaseExpression`.
A value that is still an open question has its default (None, mostly) and stands in `Scenario.questions`: nothing runs
while there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from bpmn_tool.instants.hours import DAYS, parse_hours, parse_range
from bpmn_tool.instants.public_holidays import public_holidays
from bpmn_tool.instants.zones import load_zone
from bpmn_tool.scenario.places import Collector
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.values import (
    After,
    CaseExpression,
    CaseNumber,
    CaseShare,
    Condition,
    Count,
    Distribution,
    DurationDistribution,
    HowMany,
    Lasting,
    Measure,
    NotNegative,
    PlainDistribution,
    RatePerTime,
    Real,
    SeatCount,
    Share,
    WarmUp,
)

Text = Annotated[str, StringConstraints(min_length=1)]
Day = date | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A number as written, with its range and where it comes from. `status`: measured, sourced, assumed, set (on the
    command line) or unstated.
    """

    value: Any
    low: Any = None
    high: Any = None
    status: str = "unstated"
    source: str = ""
    n: int | None = None
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Question:
    """An open question: the key path at which "?" stands, and what is known about who might answer (`source` beside
    the "?").
    """

    path: str
    source: str = ""


class Precision(Table):
    """Replications go on until the half-width of `kpi` is at most `relative` of its mean, in every scenario of a
    study.
    """

    kpi: Text
    relative: Real
    max: Count = 500

    def check(self, problems: Collector) -> None:
        if self.relative <= 0:
            problems.add("above zero: 0.05 is a half-width of five per cent of the mean", "relative")
        if self.max < 2:
            problems.add("at least 2: one replication has no width", "max")


class Limits(Table):
    open_cases: Count = 100_000
    events: Count = 1_000_000_000


class Surge(Table):
    REQUIRED = ("from", "to", "factor")
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    factor: NotNegative = 1.0

    def check(self, problems: Collector) -> None:
        if self.from_ is not None and self.to is not None and midnight(self.to) <= midnight(self.from_):
            problems.add("'to' is not after 'from'")


def midnight(day: Day) -> datetime:
    """A date as the moment at which it begins; a local date-time as it is."""
    return day if isinstance(day, datetime) else datetime.combine(day, time())


class Demand(Table):
    """The world, the same in every variant. `months`: factors on the rate, by the number of the month."""

    REQUIRED = ("rate",)
    rate: RatePerTime | None = None
    months: Mapping[str, NotNegative] = {}
    surges: tuple[Surge, ...] = ()
    attributes: Mapping[str, PlainDistribution] = {}

    def check(self, problems: Collector) -> None:
        _check_months(self.months, problems)


def _check_months(months: Mapping[str, float], problems: Collector) -> None:
    for key in months:
        if key not in {str(n) for n in range(1, 13)}:
            problems.add(f"'{key}' is not the number of a month (1 to 12)", "months", key)


class Arrivals(Table):
    """A start event as a door: cases from a demand (`of`, `when`, `probability`, `delay`), or a stream of its own
    (`rate`, `every`, `interval`, `file`).
    """

    EXCLUSIVE = (("of", "rate", "every", "interval", "file"),)
    ONE_OF = (("of", "rate", "every", "interval", "file", "at_start"),)
    DEPENDENT: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "of": ("when", "probability", "delay"),
        "rate": ("months", "surges"),
    }
    NOT_KEYS = ("recorded",)
    of: Text | None = None
    when: Condition | None = None
    probability: CaseShare = 1.0
    delay: DurationDistribution | None = None
    rate: RatePerTime | None = None
    months: Mapping[str, NotNegative] = {}
    surges: tuple[Surge, ...] = ()
    every: Lasting | None = None
    interval: DurationDistribution | None = None
    file: Path | None = None
    hours: Text | None = None
    size: HowMany | None = None
    at_start: Count = 0
    attributes: Mapping[str, PlainDistribution] = {}
    #: the rows of `file`, in order of time: local (naive) or aware moment, attributes
    recorded: tuple[tuple[datetime, Mapping[str, float | str | bool]], ...] = ()

    def check(self, problems: Collector) -> None:
        _check_months(self.months, problems)
        for key in ("when", "probability", "delay"):
            if self.has(key) and not self.has("of"):
                problems.add("only a door with 'of' takes this: it chooses among the demand", key)
        for key in ("months", "surges"):
            if self.has(key) and not self.has("rate"):
                problems.add("only a door with a 'rate' takes this", key)


class Period(Table):
    """Local days, [from, to): `to` is the first day back."""

    from_: date = Field(alias="from")
    to: date

    def check(self, problems: Collector) -> None:
        if self.to <= self.from_:
            problems.add("'to' is not after 'from'")


class Holidays(Table):
    country: Text
    region: Text | None = None


class Calendar(Table):
    """`hours`: "always", or hours by weekday or range of weekdays; see :mod:`bpmn_tool.instants.working_time`.
    Absences are [from, to).
    """

    REQUIRED = ("hours",)
    hours: str | Mapping[str, str] | None = None
    holidays: Holidays | None = None
    absences: tuple[Period, ...] = ()

    def check(self, problems: Collector) -> None:
        if self.hours is not None:
            with problems.at("hours"):
                parse_hours(self.hours)
        if self.holidays is not None:
            with problems.at("holidays"):
                public_holidays(self.holidays.country, self.holidays.region)


class Person(Table):
    """One resource with its own calendar; what is None is the role's."""

    name: Text | None = None
    calendar: Text | None = None
    also: tuple[Text, ...] = ()
    speed: Real = 1.0
    durations: Mapping[str, DurationDistribution] = {}
    cost_per_hour: NotNegative | None = None
    share: Share | None = None

    def check(self, problems: Collector) -> None:
        if self.speed <= 0:
            problems.add("a speed is above zero", "speed")


class Role(Table):
    """A role's resources: `count` alike ("unlimited" too), or `people`. Without `calendar` they are always there."""

    EXCLUSIVE = (("count", "people"),)
    ONE_OF = (("count", "people"),)
    count: SeatCount | None = None
    people: tuple[Person, ...] = ()
    share: Share = 1.0
    calendar: Text | None = None
    cost_per_hour: NotNegative = 0.0
    off_duty: Literal["pause", "finish"] = "pause"
    strict_order: bool = False


class Batch(Table):
    REQUIRED = ("min",)
    min: Count = 1
    max: Count | None = None
    wait: Lasting | None = None
    mode: Literal["together", "each"] = "together"

    def check(self, problems: Collector) -> None:
        if self.min < 1:
            problems.add("at least 1", "min")
        if self.max is not None and self.max < self.min:
            problems.add("max is below min", "max")


class Task(Table):
    """An activity. `role` "none" needs nobody; without `role` and `roles` it is the role of its lane."""

    EXCLUSIVE = (("role", "roles"), ("same_person_as", "not_same_person_as"))
    role: Text | None = None
    roles: Mapping[str, Count] = {}
    duration: DurationDistribution | None = None
    lag: DurationDistribution | None = None
    priority: CaseNumber = 0.0
    gate: Text | None = None
    same_person_as: Text | None = None
    not_same_person_as: Text | None = None
    batch: Batch | None = None
    instances: HowMany | None = None
    repeat: HowMany | None = None
    cost: NotNegative = 0.0

    @property
    def seats(self) -> tuple[str, ...]:
        """The role of each seat that the scenario states, in the order written; empty: the role of the lane."""
        if self.role is not None and self.role != "none":
            return (self.role,)
        return tuple(role for role, seats in self.roles.items() for _ in range(seats))


class Gate(Table):
    """Occasions at which the tasks that name it may start."""

    REQUIRED = ("every",)
    every: Lasting | None = None
    on: Text | None = None
    at: Text | None = None
    from_: date | None = Field(default=None, alias="from")
    calendar: Text | None = None
    capacity: Count | None = None
    reserve: bool = True
    no_show: Mapping[str, Share] = {}
    quorum: Count | None = None
    on_holiday: Literal["drop", "next"] = "drop"

    def check(self, problems: Collector) -> None:
        if self.on is not None and self.on not in DAYS:
            problems.add(f"'{self.on}' is not a day of the week; they are {', '.join(DAYS)}", "on")
        if self.at is not None:
            with problems.at("at"):
                parse_range(self.at)
        if self.every is not None and not (self.every.is_calendar or self.every.ticks):
            problems.add("a gate has to open again after some time", "every")


class Background(Table):
    REQUIRED = ("role", "hours_per_week")
    role: Text | None = None
    hours_per_week: NotNegative = 0.0
    per: Literal["open_case", "role"] = "role"


class Handoff(Table):
    delay: DurationDistribution | None = None
    lost: CaseShare = 0.0
    declined: CaseShare = 0.0
    declines_to: Text | None = None
    accepted_by: Text | None = None
    accept_within: Lasting | None = None

    def check(self, problems: Collector) -> None:
        if self.declined != 0.0 and not self.has("declines_to"):
            problems.add("'declines_to' is missing: where what is declined goes on", "declined")


class Event(Table):
    """Overrides what the BPMN says of an event: `after` a calendar duration or a distribution; `probability` that it
    happens at all.
    """

    after: After | None = None
    probability: CaseShare = 1.0


class BlackBox(Table):
    """A participant without a process: how long it takes to answer, whether it does, and with what. `replies`:
    received flow -> reply flow -> weight.
    """

    response: DurationDistribution | None = None
    answers: CaseShare = 1.0
    replies: Mapping[str, Mapping[str, NotNegative]] = {}


class Costs(Table):
    currency: Text = "EUR"
    overtime_factor: NotNegative = 1.0
    once: Mapping[str, NotNegative] = {}


class UndefinedRoles(Table):
    """What becomes of work at a role that nobody holds; `borrow` counts only under "borrowed"."""

    policy: Literal["absent", "unlimited", "borrowed"] = "absent"
    borrow: Mapping[str, Text] = {}


class Observed(Table):
    """What really happened: durations stay as written, in ISO 8601."""

    mean: Measure | None = None
    median: Measure | None = None
    p90: Measure | None = None
    share: Share | None = None
    n: Count | None = None
    period: Text | None = None
    source: str = ""


class Scenario(Table):
    """A whole scenario. `model`, `register` and `file` are paths as they were found, links resolved."""

    EXCLUSIVE = (("replications", "precision"),)
    ONE_OF = (("horizon", "cases"),)

    format: Literal[1] = 1
    name: Text
    model: tuple[Path, ...]
    register_: Path | None = Field(default=None, alias="register")
    start: datetime
    time_zone: Text = "UTC"
    horizon: Lasting | None = None
    cases: Count | None = None
    follow_up: Lasting | None = None
    warm_up: WarmUp | None = None
    replications: Count = 20
    precision: Precision | None = None
    seed: Count = 1
    limits: Limits = Limits()
    parameters: Mapping[str, Real] = {}
    demand: Mapping[str, Demand] = {}
    arrivals: Mapping[str, Arrivals] = {}
    attributes: Mapping[str, PlainDistribution] = {}
    calendars: Mapping[str, Calendar] = {}
    roles: Mapping[str, Role] = {}
    tasks: Mapping[str, Task] = {}
    gates: Mapping[str, Gate] = {}
    background: Mapping[str, Background] = {}
    flows: Mapping[str, CaseShare] = {}
    handoffs: Mapping[str, Handoff] = {}
    events: Mapping[str, Event] = {}
    black_boxes: Mapping[str, BlackBox] = {}
    costs: Costs = Costs()
    undefined_roles: UndefinedRoles = UndefinedRoles()
    observed: Mapping[str, Observed] = {}

    def check(self, problems: Collector) -> None:
        if self.start.tzinfo is not None:
            problems.add("a local time is wanted here, without an offset: its zone is 'time_zone'", "start")
        with problems.at("time_zone"):
            load_zone(self.time_zone)
        if self.replications < 1:
            problems.add("at least 1", "replications")
        if self.seed >= 2**32:
            problems.add("a seed is below 2^32", "seed")
        if not self.model and not self.has("model"):
            problems.add("one file at least", "model")

    # what the files do not say, but the reader does
    path: str = ""
    provenance: Mapping[str, Provenance] = {}
    questions: tuple[Question, ...] = ()
    #: (section, id) written in this file itself (or set on the command line), not inherited
    written: frozenset[tuple[str, str]] = frozenset()
    NOT_KEYS = ("path", "provenance", "questions", "written")


__all__ = [
    "After", "Arrivals", "Background", "Batch", "BlackBox", "Calendar", "CaseExpression", "Costs", "Demand",
    "Distribution", "Event", "Gate",
    "Handoff", "Holidays", "Limits", "Observed", "Period", "Person", "Precision", "Provenance", "Question", "Role",
    "Scenario", "Surge", "Task",
    "UndefinedRoles", "midnight",
]  # fmt: skip
