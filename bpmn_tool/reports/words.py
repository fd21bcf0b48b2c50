"""Numbers of a study in words: durations, shares, intervals, verdicts, and the answer to the study's question.

Shared by the report and the terminal; nothing here imports a plotting library.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Final, NamedTuple

from bpmn_tool.messages import N_, _, format_number, format_percent, named, ngettext
from bpmn_tool.results.summary import (
    Estimate,
    KpiComparison,
    KpiResult,
    ScenarioResult,
    StudyResult,
    Unit,
    VariantComparison,
    Verdict,
)
from bpmn_tool.results.trace import Cause

#: what stands where a number does not exist
NOTHING: Final = "–"

_VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.BETTER: N_("better"),
    Verdict.WORSE: N_("worse"),
    Verdict.NO_DIFFERENCE: N_("no difference shown"),
    Verdict.NOT_COMPARABLE: N_("not comparable"),
}
_CAUSES: Final[Mapping[Cause, str]] = {
    Cause.UNDEFINED: N_("nobody is named"),
    Cause.BATCHING: N_("waiting for a meeting or a full batch"),
    Cause.UNAVAILABILITY: N_("the people are off duty"),
    Cause.PRIORITY: N_("more urgent work goes first"),
    Cause.CONTENTION: N_("the people are busy"),
}
_STATUSES: Final[Mapping[str, str]] = {
    "measured": N_("measured"),
    "sourced": N_("sourced"),
    "assumed": N_("assumed"),
    "unstated": N_("unstated"),
}


class TimeUnit(NamedTuple):
    """A unit in which people say durations."""

    seconds: float
    singular: str
    plural: str
    plain: str

    @property
    def label(self) -> str:
        """As it stands on an axis."""
        return _(self.plain)


TIME_UNITS: Final = (
    TimeUnit(1.0, N_("%(number)s second"), N_("%(number)s seconds"), N_("seconds")),
    TimeUnit(60.0, N_("%(number)s minute"), N_("%(number)s minutes"), N_("minutes")),
    TimeUnit(3600.0, N_("%(number)s hour"), N_("%(number)s hours"), N_("hours")),
    TimeUnit(86400.0, N_("%(number)s day"), N_("%(number)s days"), N_("days")),
    TimeUnit(365 * 86400.0, N_("%(number)s year"), N_("%(number)s years"), N_("years")),
)
DAY: Final = 86400.0
_NEARLY_ALL: Final = 0.99


def time_unit(seconds: float) -> TimeUnit:
    """The unit in which such a duration reads best: minutes below two hours, days from two days to three years."""
    size = abs(seconds)
    limits = (120.0, 7200.0, 2 * DAY, 3 * 365 * DAY)
    return next((unit for unit, limit in zip(TIME_UNITS, limits, strict=False) if size < limit), TIME_UNITS[-1])


def number(value: float, spread: float | None = None) -> str:
    """A number as precise as it deserves: to two digits of its half-width `spread`, or to about three digits of its
    own.
    """
    return format_number(_zero(value, digits := _digits(value, spread)), digits)


def _digits(value: float, spread: float | None) -> int:
    size = abs(spread) if spread else abs(value)
    if size == 0 or not math.isfinite(size):
        return 0
    wanted = 1 if spread else 2
    digits = max(0, min(3, wanted - math.floor(math.log10(size))))
    if not spread and (float(value).is_integer() or size >= 100):
        return 0
    return min(digits, 1) if not spread and size >= 1 else digits


def _zero(value: float, digits: int) -> float:
    """No minus before a nought."""
    return 0.0 if round(value, digits) == 0 else value


def duration(seconds: float | None, unit: TimeUnit | None = None) -> str:
    """A duration as people say it.

    >>> duration(34.23 * 86400), duration(3600), duration(90)
    ('34.2 days', '60 minutes', '90 seconds')
    """
    if seconds is None:
        return NOTHING
    chosen = unit or time_unit(seconds)
    return _with_unit(number(seconds / chosen.seconds), chosen)


def _with_unit(shown: str, unit: TimeUnit) -> str:
    sentence = unit.singular if shown.lstrip("-−") == "1" else unit.plural
    return _(sentence) % {"number": shown}


class Scale(NamedTuple):
    """How values of one KPI are shown: divided by `factor`, with `suffix`; one scale for a whole row, so that its
    numbers compare.
    """

    factor: float
    label: str
    unit: Unit
    time: TimeUnit | None = None


def scale(unit: Unit, largest: float, currency: str = "EUR") -> Scale:
    """The scale on which values up to `largest` (in the KPI's unit) read best."""
    match unit:
        case Unit.SECONDS:
            chosen = time_unit(largest)
            return Scale(chosen.seconds, chosen.label, unit, chosen)
        case Unit.SHARE:
            return Scale(0.01, "%", unit)
        case Unit.HOURS_PER_WEEK:
            return Scale(1.0, _("hours a week"), unit)
        case Unit.MONEY:
            return Scale(1.0, currency, unit)
        case Unit.PARTNERS:
            return Scale(1.0, _("partners"), unit)
        case Unit.PER_WEEK:
            return Scale(1.0, _("a week"), unit)
        case Unit.COUNT:
            return Scale(1.0, _("number"), unit)
        case Unit.RATIO:
            return Scale(1.0, _("ratio"), unit)


def largest_of(kpis: Iterable[KpiResult | None]) -> float:
    """The largest mean with its half-width, for :func:`scale`."""
    found = [k.estimate for k in kpis if k is not None and k.estimate.mean is not None]
    return max((abs(e.mean or 0.0) for e in found), default=0.0)


def quantity(value: float | None, on: Scale, spread: float | None = None, *, sign: bool = False) -> str:
    """A value with its unit, on a scale."""
    if value is None:
        return NOTHING
    shown = number(value / on.factor, None if spread is None else spread / on.factor)
    if sign and value > 0 and shown.strip("0.,"):
        shown = "+" + shown
    return _labelled(shown.replace("-", "−"), on)


def _labelled(shown: str, on: Scale) -> str:
    if on.time is not None:
        return _with_unit(shown, on.time)
    match on.unit:
        case Unit.SHARE:
            return f"{shown}%"
        case Unit.COUNT | Unit.RATIO:
            return shown
        case _:
            return f"{shown} {on.label}"


def estimate(value: Estimate | None, on: Scale, *, sign: bool = False) -> str:
    """Mean, plus or minus half-width, with the unit once: ``34.2 ± 1.3 days``."""
    if value is None or value.mean is None:
        return NOTHING
    if value.half_width is None:
        return quantity(value.mean, on, sign=sign)
    mean = number(value.mean / on.factor, value.half_width / on.factor)
    if sign and value.mean > 0 and mean.strip("0.,"):
        mean = "+" + mean
    half = number(value.half_width / on.factor, value.half_width / on.factor)
    return _labelled(f"{mean.replace('-', '−')} ± {half}", on)


def share(value: float | None) -> str:
    """A share as a percentage, with a decimal where it is small."""
    if value is None:
        return NOTHING
    return format_percent(value, 0 if value == 0 or value >= 0.1 else 1)


def count(value: float) -> str:
    """A count that is a mean over replications."""
    return number(value)


def verdict(value: Verdict) -> str:
    """The verdict in a word or two."""
    return _(_VERDICTS[value])


def cause(value: Cause) -> str:
    """Why work waits, in words that need no glossary."""
    return _(_CAUSES[value])


def status(value: str) -> str:
    """The status of a number; anything unknown is shown as unstated."""
    return _(_STATUSES.get(value, _STATUSES["unstated"]))


def kpi_name(kpi: KpiResult) -> str:
    """Its name in the language in use, else English, else any, else its id."""
    name = named(kpi.name, kpi.id)
    split = {"true": _("yes"), "false": _("no")}.get(kpi.split.lower(), kpi.split)
    return f"{name} ({split})" if split else name


def role_name(scenario: ScenarioResult, role: str) -> str:
    """Its name where the scenario knows it, else its id as words; several, joined by commas, each so."""
    known = scenario.roles
    found = [known[one].name if one in known and known[one].name else one.replace("_", " ") for one in role.split(", ")]
    return ", ".join(found)


def place(path: str) -> str:
    """A path as a reader elsewhere can use it: of an absolute one the last three parts, without the machine it was on.

    >>> place("/study/processes/as_is/x.bpmn")
    '…/processes/as_is/x.bpmn'
    """
    parts = PurePath(path).parts
    return "/".join(("…", *parts[-3:])) if PurePath(path).is_absolute() and len(parts) > 4 else path


def listed(items: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}


def name_of_kpi(study: StudyResult, kpi_id: str) -> str:
    """The name of a KPI, from the first scenario that has it."""
    found = next((s.kpis[kpi_id] for s in study.scenarios if kpi_id in s.kpis), None)
    return kpi_name(found) if found is not None else kpi_id


def scenario_of(study: StudyResult, name: str) -> ScenarioResult | None:
    """The scenario of that name."""
    return next((s for s in study.scenarios if s.name == name), None)


def answer(study: StudyResult) -> tuple[str, ...]:
    """The answer to the study's question, in sentences computed from the verdicts alone: on the first KPI, then on the
    rest.
    """
    if not study.scenarios:
        return (_("Nothing was simulated, so there is no answer."),)
    if not study.comparisons or not study.verdict_kpis:
        return _answer_without_comparison(study)
    first = study.verdict_kpis[0]
    lead = _best_on(study, first)
    if lead is not None:
        said = [_lead(study, lead, first), _rest(lead, study, skip=first)]
    else:
        alone = first if len(study.comparisons) == 1 else None
        said = [_nobody_better(study, first), *(_rest(v, study, skip=alone) for v in study.comparisons[:3])]
    return tuple(filter(None, said))


def _answer_without_comparison(study: StudyResult) -> tuple[str, ...]:
    base = study.scenarios[0]
    found = [base.kpis[k] for k in study.verdict_kpis or tuple(base.kpis) if k in base.kpis][:2]
    if not found:
        return (_("Only %(name)s was simulated; there is nothing to compare it with.") % {"name": base.name},)
    parts = [f"{kpi_name(k)}: {estimate(k.estimate, scale(k.unit, largest_of([k]), study.currency))}" for k in found]
    sentence = _("Only %(name)s was simulated; there is nothing to compare it with. %(values)s.")
    return (sentence % {"name": base.name, "values": "; ".join(parts)},)


def _best_on(study: StudyResult, kpi: str) -> VariantComparison | None:
    better = [v for v in study.comparisons if kpi in v.kpis and v.kpis[kpi].verdict is Verdict.BETTER]
    return max(better, key=lambda v: abs(v.kpis[kpi].difference.mean or 0.0), default=None)


def _lead(study: StudyResult, variant: VariantComparison, kpi: str) -> str:
    row = variant.kpis[kpi]
    on = comparison_scale(study, kpi)
    sentence = _("With %(variant)s, “%(kpi)s” goes from %(before)s to %(after)s on average.")
    if len(study.comparisons) > 1:
        sentence = _(
            "Of the alternatives, %(variant)s does best: “%(kpi)s” goes from %(before)s to %(after)s on average."
        )
    said = sentence % {
        "variant": variant.name,
        "kpi": name_of_kpi(study, kpi),
        "before": quantity(row.baseline.mean, on, row.difference.half_width),
        "after": quantity(row.variant.mean, on, row.difference.half_width),
    }
    return " ".join(part for part in (said, _counted_at_limit(study, kpi)) if part)


def _counted_at_limit(study: StudyResult, kpi: str) -> str:
    """What an average of times rests on, where not everybody gets there."""
    found = [s.kpis[kpi] for s in study.scenarios if kpi in s.kpis]
    reached = [k.reached.mean for k in found if k.reached is not None and k.reached.mean is not None]
    limit = next((k.limit_s for k in found if k.limit_s), None)
    if limit is None or not reached or min(reached) >= _NEARLY_ALL:
        return ""
    return _("Whoever never gets there counts as %(limit)s.") % {"limit": duration(limit)}


def grounds(study: StudyResult) -> str:
    """How much of what went in somebody has measured or published: to be read with the answer."""
    every = [p for found in study.parameters.values() for p in found]
    if not every:
        return ""
    known = sum(p.status in {"measured", "sourced"} for p in every)
    sentence = ngettext(
        "Of the %(total)s number that went in, %(known)s is measured or taken from a source; the rest is assumed or "
        "unstated. Read the answer as what would follow if the assumptions were right.",
        "Of the %(total)s numbers that went in, %(known)s are measured or taken from a source; the rest is assumed or "
        "unstated. Read the answer as what would follow if the assumptions were right.",
        len(every),
    )
    return sentence % {"total": format_number(len(every)), "known": format_number(known)}


def comparison_scale(study: StudyResult, kpi: str) -> Scale:
    """The scale for one KPI over all scenarios of the study."""
    found = [s.kpis.get(kpi) for s in study.scenarios]
    unit = next((k.unit for k in found if k is not None), Unit.COUNT)
    return scale(unit, largest_of(found), study.currency)


def _nobody_better(study: StudyResult, kpi: str) -> str:
    name = _lower_first(name_of_kpi(study, kpi))
    if len(study.comparisons) > 1:
        sentence = _("None of the alternatives is shown to be better than %(baseline)s in this: %(kpi)s.")
        return sentence % {"baseline": study.scenarios[0].name, "kpi": name}
    row = study.comparisons[0].kpis.get(kpi)
    found = row.verdict if row is not None else Verdict.NOT_COMPARABLE
    sentence = {
        Verdict.WORSE: _("%(variant)s does worse than %(baseline)s in this: %(kpi)s."),
        Verdict.NO_DIFFERENCE: _("No difference is shown between %(variant)s and %(baseline)s in this: %(kpi)s."),
    }.get(found, _("%(variant)s and %(baseline)s cannot be compared in this: %(kpi)s."))
    return sentence % {"variant": study.comparisons[0].name, "baseline": study.scenarios[0].name, "kpi": name}


def _rest(variant: VariantComparison, study: StudyResult, skip: str | None) -> str:
    """What holds of a variant, one clause a verdict; `skip`: the KPI of which it has been said."""
    clauses = []
    rows = {k: variant.kpis[k] for k in study.verdict_kpis if k in variant.kpis and k != skip}
    for kind, sentence in (
        (Verdict.BETTER, N_("better on %(kpis)s")),
        (Verdict.WORSE, N_("worse on %(kpis)s")),
        (Verdict.NO_DIFFERENCE, N_("no difference shown on %(kpis)s")),
        (Verdict.NOT_COMPARABLE, N_("not comparable on %(kpis)s")),
    ):
        names = [_("“%(name)s”") % {"name": name_of_kpi(study, k)} for k, row in rows.items() if row.verdict is kind]
        if names:
            clauses.append(_(sentence) % {"kpis": listed(names)})
    if not clauses:
        return ""
    if skip is None:
        return _("%(variant)s – %(clauses)s.") % {"variant": variant.name, "clauses": "; ".join(clauses)}
    return _("For the rest: %(clauses)s.") % {"clauses": "; ".join(clauses)}


def _lower_first(name: str) -> str:
    """For the middle of a sentence; acronyms stay as they are."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def difference(row: KpiComparison, on: Scale) -> str:
    """Variant minus baseline with its half-width and sign."""
    return estimate(row.difference, on, sign=True)
