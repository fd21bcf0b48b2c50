"""Whether the simulation is like the world, in words: said before anything is concluded from it."""

import math

from bpmn_tool.messages import _, format_number, format_percent, ngettext
from bpmn_tool.reports import words
from bpmn_tool.reports.blocks import Badge, Block, Cell, Grid, Paragraph
from bpmn_tool.results.summary import Observation, ScenarioResult, StudyResult, Unit


def summary(result: ScenarioResult) -> str:
    """One sentence; empty where nothing was observed."""
    judged = [each for each in result.observations if each.reproduced is not None]
    if not result.observations:
        return ""
    if not judged:
        return _("%(name)s could not be held against what really happened.") % {"name": result.name}
    missed = [_name(result, each) for each in judged if not each.reproduced]
    if not missed:
        sentence = ngettext(
            "%(name)s reproduces what really happened (one number).",
            "%(name)s reproduces what really happened (%(count)s numbers).",
            len(judged),
        )
        return sentence % {"name": result.name, "count": format_number(len(judged))}
    sentence = _(
        "%(name)s does not reproduce what really happened: %(missed)s. Mend the numbers that went in before you "
        "conclude anything from it."
    )
    return sentence % {"name": result.name, "missed": words.listed(missed)}


def sentences(result: ScenarioResult, currency: str) -> tuple[str, ...]:
    """One for each number that was observed."""
    return tuple(_sentence(result, each, currency) for each in result.observations)


def _sentence(result: ScenarioResult, each: Observation, currency: str) -> str:
    said = {
        "name": _name(result, each),
        "observed": _value(each, each.observed, currency),
        "simulated": _value(each, each.simulated, currency),
        "low": _value(each, each.low, currency),
        "high": _value(each, each.high, currency),
        "n": format_number(each.n),
        "period": f", {each.period}" if each.period else "",
        "reason": _reason(each),
    }
    if each.reproduced is None:
        return _("%(name)s: %(observed)s observed, %(simulated)s simulated; nothing can be said: %(reason)s.") % said
    sentence = _(
        "%(name)s: %(observed)s observed (%(n)s cases%(period)s), %(simulated)s simulated. Of so many cases one would "
        "see %(low)s to %(high)s: it is reproduced."
    )
    if not each.reproduced:
        sentence = _(
            "%(name)s: %(observed)s observed (%(n)s cases%(period)s), %(simulated)s simulated. Of so many cases one "
            "would see %(low)s to %(high)s: it is NOT reproduced."
        )
    return sentence % said


def blocks(study: StudyResult) -> tuple[Block, ...]:
    """For the page: the sentence, and the numbers behind it; of the baseline and of whichever else was observed."""
    found: list[Block] = []
    for result in study.scenarios:
        if not result.observations:
            continue
        wrong = any(each.reproduced is False for each in result.observations)
        found.append(Paragraph(text=summary(result), tone="warn" if wrong else "lead"))
        found.append(_grid(result, study.currency))
    if found:
        text = _(
            "So many cases, drawn from the simulated ones, would show a value between the two limits %(level)s of the "
            "time if the simulation is like the world."
        )
        found.append(Paragraph(text=text % {"level": format_percent(0.95)}, tone="note"))
    return tuple(found)


def _grid(result: ScenarioResult, currency: str) -> Grid:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _name(result, each),
            _value(each, each.observed, currency),
            format_number(each.n) if each.n else words.NOTHING,
            _value(each, each.simulated, currency),
            words.NOTHING
            if each.low is None
            else f"{_value(each, each.low, currency)} – {_value(each, each.high, currency)}",
            _badge(each),
            ", ".join(filter(None, (each.period, each.source))) or words.NOTHING,
        )
        for each in result.observations
    )
    headers = (
        _("Measure"), _("Observed"), _("Cases"), _("Simulated"), _("Would be seen"), _("Reproduced?"), _("From"),
    )  # fmt: skip
    caption = _("%(name)s beside what really happened") % {"name": result.name}
    return Grid(headers=headers, rows=rows, caption=caption, numeric=frozenset({1, 2, 3, 4}))


def _badge(each: Observation) -> Badge:
    match each.reproduced:
        case True:
            return Badge(words=_("reproduced"), tone="good")
        case False:
            return Badge(words=_("not reproduced"), tone="bad")
        case None:
            return Badge(words=_("cannot be said"), tone="open", note=_reason(each))


def _reason(each: Observation) -> str:
    return {
        "not measured": _("it is not measured; --study names the KPIs of a study"),
        "n is not given": _("[observed] does not say of how many cases (n)"),
        "too little was simulated": _("too little was simulated"),
    }.get(each.reason, each.reason)


def _name(result: ScenarioResult, each: Observation) -> str:
    kpi = result.kpis.get(each.kpi)
    name = words.kpi_name(kpi) if kpi is not None else each.kpi
    statistic = {
        "median": _("median"), "p90": _("90% within"), "mean": _("mean"), "share": _("share"),
    }[each.statistic]  # fmt: skip
    return f"{name} ({statistic})"


def _value(each: Observation, value: float | None, currency: str) -> str:
    if value is None:
        return words.NOTHING
    if math.isinf(value):
        return _("never")
    match each.unit:
        case Unit.SECONDS:
            return words.duration(value)
        case Unit.SHARE:
            return words.share(value)
        case _:
            return words.quantity(value, words.scale(each.unit, abs(value), currency))
