"""KPIs as people define them: one form each, conditions parsed. What is always there stands in `STANDARD`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field, PlainValidator

from bpmn_tool.scenario.places import Collector, one_problem
from bpmn_tool.scenario.scenario import Text
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.values import Condition, Lasting, described

Better = Literal["lower", "higher"]

#: KPIs that every study has, and what is better
STANDARD: Final[Mapping[str, Better]] = {
    "cycle_time": "lower",
    "waiting_time": "lower",
    "processing_time": "lower",
    "cost": "lower",
    "throughput": "higher",
    "open_cases": "lower",
    "exposure": "lower",
}

FORMS: Final = (
    "time", "share", "count", "load", "cost", "exposure", "handoffs", "utilisation", "queue", "overflow", "coverage",
    "ratio",
)  # fmt: skip
PHASES: Final = ("enabled", "ready", "start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment in the life of a person or case: `element` is "demand", "arrival" or the id of an element, then with a
    phase (its first one).
    """

    element: str
    phase: str = "end"

    def __str__(self) -> str:
        return self.element if self.phase == "end" else f"{self.element}.{self.phase}"


def moment(text: Any) -> Moment:
    """``demand``, ``arrival``, ``ID`` (its end), ``ID.ready``, ``ID.start``. Raises ValueProblems."""
    if isinstance(text, Moment):
        return text
    if not isinstance(text, str) or not text:
        raise one_problem(f"'demand', 'arrival' or the id of an element is wanted here, not {described(text)}")
    element, dot, phase = text.rpartition(".")
    return Moment(element=element, phase=phase) if dot and phase in PHASES else Moment(element=text)


def _moments(raw: Any) -> tuple[Moment, ...]:
    if not isinstance(raw, list | tuple):
        return (moment(raw),)
    problems, found = Collector(), []
    for n, item in enumerate(raw):
        with problems.at(n):
            found.append(moment(item))
    problems.done()
    if not found:
        raise one_problem("a list with one element at least is wanted here")
    return tuple(found)


OneMoment = Annotated[Moment, PlainValidator(moment)]
Moments = Annotated[tuple[Moment, ...], PlainValidator(_moments)]


class TimeForm(Table):
    """From a moment to the earliest of several, first reached from there on."""

    from_: OneMoment = Field(alias="from")
    to: Moments


class ShareForm(Table):
    """Of those that reach `of` (any of them), the share with `where`, or the share that never reaches any of
    `without`.
    """

    EXCLUSIVE = (("where", "without"),)
    ONE_OF = (("where", "without"),)
    of: Moments
    where: Condition | None = None
    without: Moments | None = None


class CountForm(Table):
    """How many reach `of`, a year."""

    of: Moments
    where: Condition | None = None


class LoadForm(Table):
    """Hours a week that the roles work on cases with `where`."""

    roles: tuple[Text, ...]
    where: Condition | None = None


class CaseForm(Table):
    """Cost or exposure of a case with `where`."""

    where: Condition | None = None


class HandoffsForm(Table):
    """The share of handoffs (of `flows`, else of all) with one of these outcomes."""

    outcome: tuple[Literal["accepted", "declined", "lost", "late", "withdrawn", "open", "bounced"], ...]
    flows: tuple[Text, ...] = ()


class CoverageForm(Table):
    """The share of the model's steps whose role states all of these."""

    with_: tuple[Literal["role", "mandate", "legal_bases", "secrecy", "deputy", "contact", "seat"], ...] = Field(
        alias="with"
    )


class Kpi(Table):
    """One KPI. `name` is a text or texts by language; `over` says which cases count; `by` splits by the values of an
    expression.
    """

    EXCLUSIVE = (FORMS,)
    ONE_OF = (FORMS,)
    name: str | Mapping[str, str] = ""
    time: TimeForm | None = None
    share: ShareForm | None = None
    count: CountForm | None = None
    load: LoadForm | None = None
    cost: CaseForm | None = None
    exposure: CaseForm | None = None
    handoffs: HandoffsForm | None = None
    utilisation: Text | None = None
    queue: Text | None = None
    overflow: Text | None = None
    coverage: CoverageForm | None = None
    ratio: tuple[Text, Text] | None = None
    over: Condition | None = None
    within: Lasting | None = None
    limit: Lasting | None = None
    better: Better | None = None
    by: Condition | None = None

    def check(self, problems: Collector) -> None:
        for key in ("within", "limit"):
            if self.has(key) and self.time is None:
                problems.add("only a 'time' takes this", key)

    @property
    def form(self) -> str:
        """The name of its one form."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    def called(self, language: str, id_: str) -> str:
        """Its name in a language, else in English, else any, else its id."""
        if isinstance(self.name, str):
            return self.name or id_
        return self.name.get(language) or self.name.get("en") or next(iter(self.name.values()), id_)


class KpiFile(Table):
    format: Literal[1] = 1
    kpis: Mapping[str, Kpi] = {}


def better_of(name: str, kpis: Mapping[str, Kpi]) -> Better | None:
    """What is better for a KPI, own or standard; None where it does not say."""
    return kpis[name].better if name in kpis else STANDARD.get(name)
