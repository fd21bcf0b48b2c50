"""What simulating a scenario, and comparing scenarios, comes to: numbers only, words come later.

Counts and times are means over the replications; times are in seconds. A mean travels with its half-width, level and n.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bpmn_tool.results.execution import Coverage, StoryResult
from bpmn_tool.results.finding import Finding
from bpmn_tool.results.trace import Cause


class Unit(Enum):
    SECONDS = "s"
    SHARE = "share"  # 0 to 1
    COUNT = "count"
    HOURS_PER_WEEK = "h/week"
    MONEY = "money"  # in the scenario's currency
    PARTNERS = "partners"
    RATIO = "ratio"
    PER_WEEK = "per week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over n replications with the half-width of its Student t interval (None for n < 2).

    Never nan: without an observation n is 0 and the mean None.
    """

    mean: float | None
    half_width: float | None
    level: float = 0.95
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """Kaplan-Meier over the pooled cohort of a time KPI: a step function, the first step at 0 seconds."""

    seconds: tuple[float, ...]
    waiting: tuple[float, ...]  # estimate of P(T > t), from 1 downwards
    p50: float | None  # None: not reached
    p90: float | None
    n: int  # cases that reached the first moment, over all replications
    reached: int
    never: int  # ended or stuck without it
    censored: int  # still open at the end of follow-up
    p50_half_width: float | None = None  # of their intervals, jackknifed over groups of replications
    p90_half_width: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiResult:
    """One KPI of one scenario. The verdict rests on `estimate`: of a time KPI the restricted mean up to `limit_s`.

    `values` are its replications, None where a replication had no observation.
    """

    id: str
    name: Mapping[str, str]  # language -> name
    unit: Unit
    better: str | None  # "lower" | "higher" | None
    estimate: Estimate
    values: tuple[float | None, ...] = ()
    limit_s: float | None = None
    within_s: float | None = None
    within: Estimate | None = None  # share within the target
    reached: Estimate | None = None  # share that gets there at all
    finished_mean: Estimate | None = (
        None  # mean of those that got there: no verdict rests on it where more than 1 % did not
    )
    survival: Survival | None = None
    split: str = ""  # the value of `by` that this row is for
    note: str = ""
    #: numerator and denominator of each replication, of a share or a mean a case: what a jackknife needs
    parts: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityResult:
    """One piece of work: means over replications of counts and times (s) of items of the measured window."""

    id: str
    name: str
    role: str
    count: float
    waiting_total_s: float
    waiting_mean_s: float
    processing_total_s: float
    processing_mean_s: float
    causes_s: Mapping[Cause, float] = field(default_factory=dict)
    cost: float = 0.0  # of all of them, in the scenario's currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How a run fills, where the warm-up was looked for: the first `warm_up` days are not counted, `own` would do for
    this scenario alone. `open_cases`: the mean of each day from the start on.
    """

    warm_up: int
    own: int
    open_cases: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHours:
    """Hours a week of the measured window. `worked` (on duty), `overtime` and `blocked` (on duty while the work pauses)
    are of work in this role; `lost` of these was for work that was interrupted. `idle` are those of its people who held
    nothing, whatever other roles they have.
    """

    worked: float = 0.0
    overtime: float = 0.0
    blocked: float = 0.0
    lost: float = 0.0
    idle: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CostResult:
    """What a scenario costs in the measured window, means a replication: paid hours of work and of idleness, uses of
    tasks, and what is paid once.
    """

    currency: str = "EUR"
    work: float = 0.0
    idle: float = 0.0
    uses: float = 0.0
    once: float = 0.0

    @property
    def total(self) -> float:
        return self.work + self.idle + self.uses + self.once


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleResult:
    """`utilisation` = worked on duty / on duty; `queue` the time-average number of ready items that wait for it; `cost`
    is of the hours of work in this role within the measured window.
    """

    id: str
    name: str
    count: int
    utilisation: Estimate
    queue: Estimate
    waiting_total_s: float = 0.0
    hours_per_week: float = 0.0
    causes_s: Mapping[Cause, float] = field(default_factory=dict)
    hours: RoleHours = RoleHours()
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffResult:
    """One flow between roles: means a replication; sent = accepted + declined + lost + withdrawn + open."""

    id: str
    name: str
    source: str  # role
    target: str
    sent: float
    accepted: float
    declined: float
    lost: float
    late: float
    withdrawn: float
    open: float
    bounces: float
    waiting_mean_s: float
    waiting_total_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UndefinedResult:
    """A place where nobody is named: `reached` cases got there, `stuck` rest there at the end (means a replication)."""

    element: str
    name: str
    role: str
    stuck: float
    reached: float = 0.0
    in_vain: float = 0.0  # cases whose work waited there until something took it away, a deadline mostly


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesResult:
    """A quantity at each of `days` from the start: the median and an 80 % band over the replications.

    `id` is ``open_cases`` or ``queue:<role>``.
    """

    id: str
    days: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A statistic of what really happened, of `n` cases, beside the simulation: `low` to `high` holds it with 95 % if
    the simulation is like the world. Times in seconds; `reason` says why nothing can be said (`reproduced` None).
    """

    kpi: str
    statistic: str  # mean, median, p90, share
    unit: Unit
    observed: float
    n: int
    simulated: float | None
    low: float | None
    high: float | None  # inf: not so many ever get there
    reproduced: bool | None
    reason: str = ""
    period: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cases of the cohort, means a replication."""

    demand: float
    missed: float
    arrived: float
    duplicates: float
    completed: float
    open: float
    stuck: float
    failed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """All that simulating one scenario gave."""

    name: str
    path: str
    engine: str
    seed: int
    replications: int
    counts: Counts
    kpis: Mapping[str, KpiResult]
    activities: Mapping[str, ActivityResult]
    roles: Mapping[str, RoleResult]
    handoffs: Mapping[str, HandoffResult]
    undefined: tuple[UndefinedResult, ...]
    flows: Mapping[str, float]
    ends: Mapping[str, float]
    series: Mapping[str, SeriesResult]
    #: KPI -> policy ("absent", "unlimited") -> estimate, where work reached somebody undefined
    bounds: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    expected_arrivals: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    #: what held the tokens of cohort cases that can never go on: flow node or flow -> cases (mean a replication)
    stuck_at: Mapping[str, float] = field(default_factory=dict)
    #: of each replication the persons of the cohort: stream -> (number, tick of the demand); what pairing is tested on
    persons: tuple[Mapping[str, tuple[tuple[int, int], ...]], ...] = field(default=(), repr=False)
    demand_streams: tuple[str, ...] = ()  # those of `persons` that are the world, and no door's own
    provenance: Mapping[str, Any] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()  # what really happened, held against this
    costs: CostResult = CostResult()
    filling: Filling | None = None
    cycle_times_s: tuple[float, ...] = ()  # of finished cohort cases, pooled and thinned to at most 2,000 for drawing
    interrupted: bool = False


class Verdict(Enum):
    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no difference shown"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiComparison:
    """Variant minus baseline, replication by replication."""

    kpi: str
    baseline: Estimate
    variant: Estimate
    difference: Estimate
    p_value: float | None
    verdict: Verdict
    reason: str = ""  # why it is not comparable
    variance_ratio: float | None = None  # variance of independent runs / variance of the paired difference


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantComparison:
    """How many `steps` the baseline has, and how many of them the variant; of its `cases` those that are in both."""

    name: str
    kpis: Mapping[str, KpiComparison]
    steps: int
    paired: int
    cases: int = 0
    cases_paired: int = 0

    @property
    def few_paired(self) -> bool:
        """Under half of the steps have the same id: then the same step meets other luck, and intervals are wide."""
        return 2 * self.paired < self.steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number that somebody wrote: key path, value as written, range, status and source."""

    path: str
    value: str
    status: str
    low: str = ""
    high: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """The whole study, as the report and the terminal show it. The first scenario is the baseline."""

    name: str
    question: str
    scenarios: tuple[ScenarioResult, ...]
    comparisons: tuple[VariantComparison, ...]
    verdict_kpis: tuple[str, ...]
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)  # scenario -> findings of its model
    stories: tuple[StoryResult, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    parameters: Mapping[str, tuple[Parameter, ...]] = field(default_factory=dict)  # scenario -> numbers
    time_zone: str = ""
    currency: str = "EUR"
    provenance: Mapping[str, Any] = field(default_factory=dict)
