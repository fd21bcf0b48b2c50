"""A study as sections of a page, in the order in which people ask: what came out, where it waits, who is missing, on
what it rests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bpmn_tool.messages import _, format_number, format_percent, ngettext
from bpmn_tool.model.elements import Model
from bpmn_tool.reports import plots, validation, words
from bpmn_tool.reports.blocks import Badge, Block, Cell, Chart, Grid, Items, Paragraph, Section
from bpmn_tool.reports.costs import hours_and_costs
from bpmn_tool.reports.drawings import drawings
from bpmn_tool.reports.gain import gain
from bpmn_tool.reports.picture import settings, svg
from bpmn_tool.reports.plots import Plot
from bpmn_tool.results.finding import Finding, Severity
from bpmn_tool.results.summary import (
    KpiComparison,
    Parameter,
    ScenarioResult,
    StudyResult,
    UndefinedResult,
    VariantComparison,
    Verdict,
)

WIDE = 840.0
NARROW = 330.0


def sections(study: StudyResult, models: Mapping[str, Model]) -> tuple[Section, ...]:
    """All sections that have something to show."""
    found = (
        Section(id="validation", title=_("Is today's simulation like today?"), blocks=validation.blocks(study)),
        Section(id="comparison", title=_("What differs"), blocks=_comparison(study)),
        Section(id="times", title=_("How long it takes"), blocks=tuple(_charts(plots.time_curves(study)[:4]))),
        Section(
            id="waiting",
            title=_("Where work waits"),
            blocks=tuple(
                _charts((plots.waiting_by_role(study), plots.waiting_by_handoff(study), plots.handoff_outcomes(study)))
            ),
        ),
        Section(
            id="load",
            title=_("How busy people are, and how much lies open"),
            blocks=(
                *_charts((plots.utilisation(study), *plots.over_time(study), plots.warm_up(study))),
                *hours_and_costs(study),
            ),
        ),
        Section(id="diagrams", title=_("The processes, coloured by waiting"), blocks=drawings(study, models)),
        Section(id="undefined", title=_("Where nobody is named"), blocks=_undefined(study)),
        Section(id="cases", title=_("What became of the cases"), blocks=_cases(study)),
        Section(id="stories", title=_("The processes were tried out on stories"), blocks=_stories(study)),
        Section(id="findings", title=_("What the check of the drawings found"), blocks=_findings(study)),
        Section(
            id="parameters",
            title=_("The numbers that went in, and where they come from"),
            blocks=_parameters(study, models),
        ),
    )
    return tuple(section for section in found if section.blocks)


def _charts(found: Sequence[Plot | None]) -> list[Chart]:
    return [_chart(plot) for plot in found if plot is not None]


def _chart(plot: Plot) -> Chart:
    drawn = {}
    for size, width in (("wide", WIDE), ("narrow", NARROW)):
        with settings():
            figure = plot.draw(width)
        drawn[size] = svg(
            figure, title=plot.title, description=plot.description, prefix=f"{plot.id}-{size}-", standalone=False
        )
    return Chart(
        id=plot.id,
        title=plot.title,
        description=plot.description,
        note=plot.note,
        wide=drawn["wide"],
        narrow=drawn["narrow"],
        table=plot.table,
    )


_TONES = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.NO_DIFFERENCE: "none", Verdict.NOT_COMPARABLE: "open"}


def _badge(row: KpiComparison | None) -> Cell:
    if row is None:
        return words.NOTHING
    return Badge(words=words.verdict(row.verdict), tone=_TONES[row.verdict], note=row.reason and _(row.reason))


def _comparison(study: StudyResult) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if len(study.comparisons) > 1:
        blocks.append(_overview(study))
    blocks += [_against_baseline(study, variant) for variant in study.comparisons]
    if study.comparisons:
        blocks.append(Paragraph(text=_pairing(study), tone="note"))
        blocks += [Paragraph(text=text, tone="note") for text in gain(study)]
    blocks += [Paragraph(text=text, tone="note") for text in _limits(study)]
    blocks += _charts((plots.verdicts(study),))
    return tuple(blocks)


def _overview(study: StudyResult) -> Grid:
    rows = tuple(
        (words.name_of_kpi(study, kpi), *(_badge(v.kpis.get(kpi)) for v in study.comparisons))
        for kpi in study.verdict_kpis
    )
    return Grid(
        headers=(_("Measure"), *(v.name for v in study.comparisons)),
        rows=rows,
        caption=_("At a glance: each alternative compared with %(baseline)s") % {"baseline": study.scenarios[0].name},
    )


def _against_baseline(study: StudyResult, variant: VariantComparison) -> Grid:
    baseline = study.scenarios[0].name
    rows = []
    for kpi in study.verdict_kpis:
        row = variant.kpis.get(kpi)
        if row is None:
            continue
        on = words.comparison_scale(study, kpi)
        rows.append(
            (
                words.name_of_kpi(study, kpi),
                words.estimate(row.baseline, on),
                words.estimate(row.variant, on),
                words.difference(row, on),
                _badge(row),
            )
        )
    return Grid(
        headers=(_("Measure"), baseline, variant.name, _("Difference"), _("Verdict")),
        rows=tuple(rows),
        caption=_("%(variant)s compared with %(baseline)s") % {"variant": variant.name, "baseline": baseline},
        numeric=frozenset({1, 2, 3}),
    )


def _pairing(study: StudyResult) -> str:
    first = study.comparisons[0]
    level = next((row.difference.level for v in study.comparisons for row in v.kpis.values()), 0.95)
    sentence = _(
        "Each scenario was simulated %(n)s times with the same demand, the same luck and the same calendar, "
        "so that only the way of "
        "working differs. “±” is the half of the %(level)s interval of what was simulated; it says nothing about how "
        "right the numbers are "
        "that went in. “No difference shown” does not mean that there is none. %(paired)s of %(steps)s steps of the "
        "first scenario "
        "occur in the other under the same id."
    )
    text = sentence % {
        "n": format_number(study.scenarios[0].replications),
        "level": format_percent(level),
        "paired": format_number(first.paired),
        "steps": format_number(first.steps),
    }
    few = [variant.name for variant in study.comparisons if variant.few_paired]
    if not few:
        return text
    advice = _(
        "Under half of the steps have the same id in %(names)s, so that the same step meets other luck there; "
        "“bpmn-tool ids NEW --like OLD” gives the same step the same id."
    )
    return f"{text} {advice % {'names': words.listed(few)}}"


def _limits(study: StudyResult) -> tuple[str, ...]:
    """What an average of times does with those who never get there."""
    limits: dict[float, list[str]] = {}
    for kpi in study.verdict_kpis:
        found = next((s.kpis[kpi] for s in study.scenarios if kpi in s.kpis), None)
        if found is not None and found.limit_s:
            limits.setdefault(found.limit_s, []).append(words.kpi_name(found))
    sentence = _(
        "%(names)s: the average counts everybody. Whoever has not got there after %(limit)s, or never will, counts "
        "as %(limit)s, "
        "so that losing the slow cases never looks like an improvement."
    )
    return tuple(
        sentence % {"names": words.listed(names), "limit": words.duration(limit)} for limit, names in limits.items()
    )


def _undefined(study: StudyResult) -> tuple[Block, ...]:
    chart = _charts((plots.undefined_roles(study),))
    if not chart:
        return (Paragraph(text=_("In each scenario somebody is named for every step that a case reached.")),)
    blocks: list[Block] = [*chart]
    sentences = tuple(
        sentence for s in study.scenarios for place in s.undefined if (sentence := _stuck_sentence(s, place))
    )
    blocks.append(Items(items=sentences[:12]))
    if bounds := _bounds(study):
        blocks += bounds
        blocks.append(
            Paragraph(
                text=_(
                    "The two columns are the limits of what naming somebody can change: at worst nobody ever takes "
                    "the step, at best "
                    "somebody always takes it at once. The truth with a real person lies between them."
                ),
                tone="note",
            )
        )
    return tuple(blocks)


def _stuck_sentence(scenario: ScenarioResult, place: UndefinedResult) -> str:
    if not place.stuck and not place.reached:
        return ""
    values = {
        "scenario": scenario.name,
        "step": place.name or place.element,
        "role": words.role_name(scenario, place.role) or _("no role"),
        "stuck": words.count(place.stuck),
        "reached": words.count(max(place.reached, place.stuck)),
    }
    if not place.stuck:
        sentence = _(
            "%(scenario)s: %(reached)s cases get to “%(step)s” (%(role)s); nobody takes it, and all leave again."
        )
    elif place.stuck >= place.reached:
        sentence = _("%(scenario)s: %(stuck)s cases get to “%(step)s” (%(role)s), and all stay there for good.")
    else:
        sentence = _(
            "%(scenario)s: of %(reached)s cases that get to “%(step)s” (%(role)s), %(stuck)s stay there for good."
        )
    return sentence % values


def _bounds(study: StudyResult) -> list[Grid]:
    """The KPIs of the verdict openly, the others folded away."""
    headers = (
        _("Scenario"),
        _("Measure"),
        _("If nobody ever takes the step"),
        _("If somebody always takes it at once"),
    )
    open_rows: list[tuple[str, ...]] = []
    folded: list[tuple[str, ...]] = []
    for scenario in study.scenarios:
        for kpi, by_policy in scenario.bounds.items():
            on = words.comparison_scale(study, kpi)
            name = words.name_of_kpi(study, kpi)
            both = (words.estimate(by_policy.get("absent"), on), words.estimate(by_policy.get("unlimited"), on))
            if both != (words.NOTHING, words.NOTHING):
                (open_rows if kpi in study.verdict_kpis else folded).append((scenario.name, name, *both))
    caption = _("What naming somebody can change at most")
    found = []
    if open_rows:
        found.append(Grid(headers=headers, rows=tuple(open_rows), caption=caption, numeric=frozenset({2, 3})))
    if folded:
        summary = _("The same for the other measures")
        found.append(
            Grid(headers=headers, rows=tuple(folded), caption=caption, numeric=frozenset({2, 3}), summary=summary)
        )
    return found


def _cases(study: StudyResult) -> tuple[Block, ...]:
    meanings = (
        ("demand", _("Those who should become a case"), _("noticed or not")),
        ("missed", _("Never noticed"), _("no door of the process took them in")),
        ("arrived", _("Cases that came in"), ""),
        ("duplicates", _("Second entries of the same person"), _("counted among the cases")),
        ("completed", _("Came to an end"), ""),
        ("open", _("Still open"), _("when the time looked at was over")),
        ("stuck", _("Stuck"), _("nothing will ever move them on")),
        ("failed", _("Stopped by an error in the drawing"), _("no way out of a decision")),
    )
    rows = tuple(
        (f"{label} ({note})" if note else label, *(words.count(getattr(s.counts, key)) for s in study.scenarios))
        for key, label, note in meanings
    )
    grid = Grid(
        headers=(_("In one repetition"), *(s.name for s in study.scenarios)),
        rows=rows,
        caption=_("Cases by what became of them (averages)"),
        numeric=frozenset(range(1, 1 + len(study.scenarios))),
    )
    warnings = tuple(f"{s.name}: {text}" for s in study.scenarios for text in s.warnings)
    blocks: list[Block] = [grid]
    if any(s.interrupted for s in study.scenarios):
        blocks.insert(
            0,
            Paragraph(
                text=_("The simulation was stopped before it was done; the numbers rest on what was finished."),
                tone="warn",
            ),
        )
    if warnings:
        blocks += [Paragraph(text=_("What the simulation warns of:")), Items(items=warnings)]
    return tuple(blocks)


def _stories(study: StudyResult) -> tuple[Block, ...]:
    if not study.stories:
        return ()
    passed = sum(story.passed for story in study.stories)
    total = len(study.stories)
    sentence = ngettext(
        "%(passed)s of %(total)s story went as it should. A story is a made-up case that is played through the "
        "process step by step.",
        "%(passed)s of %(total)s stories went as they should. A story is a made-up case that is played through the "
        "process step by step.",
        total,
    )
    blocks: list[Block] = [Paragraph(text=sentence % {"passed": format_number(passed), "total": format_number(total)})]
    rows = tuple(
        (
            story.name,
            Badge(words=_("as it should"), tone="good")
            if story.passed
            else Badge(words=_("not as it should"), tone="bad"),
            story.message or words.NOTHING,
            words.place(story.path),
        )
        for story in study.stories
    )
    blocks.append(
        Grid(
            headers=(_("Story"), _("Went"), _("First difference"), _("File")),
            rows=rows,
            caption=_("Stories"),
            summary=_("All stories"),
        )
    )
    if study.coverage:
        covered = tuple(
            (
                words.place(c.path),
                _("%(part)s of %(whole)s") % {"part": c.nodes_covered, "whole": c.nodes},
                _("%(part)s of %(whole)s") % {"part": c.flows_covered, "whole": c.flows},
            )
            for c in study.coverage
        )
        blocks.append(
            Grid(
                headers=(_("Process"), _("Steps that a story went through"), _("Arrows that a story went along")),
                rows=covered,
                caption=_("What the stories touched"),
                numeric=frozenset({1, 2}),
            )
        )
    return tuple(blocks)


_SEVERITIES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "none"}


def _findings(study: StudyResult) -> tuple[Block, ...]:
    if not study.findings:
        return ()
    said = {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.INFO: _("remark")}
    total = sum(map(len, study.findings.values()))
    if not total:
        return (Paragraph(text=_("The check found nothing to remark on.")),)
    rows = tuple(
        (
            name,
            Badge(words=said[f.severity], tone=_SEVERITIES[f.severity]),
            f.message,
            f.rule,
            _where(f) or words.NOTHING,
        )
        for name, found in study.findings.items()
        for f in found
    )
    counts = tuple(f"{name}: {_how_many(found)}" for name, found in study.findings.items())
    headers = (_("Scenario"), _("Weight"), _("What"), _("Rule"), _("Where"))
    return (
        Items(items=counts),
        Grid(headers=headers, rows=rows, caption=_("Findings"), summary=_("All findings")),
    )


def _where(finding: Finding) -> str:
    return str(replace(finding.location, path=words.place(finding.location.path)))


def _how_many(found: Sequence[Finding]) -> str:
    errors = sum(f.severity is Severity.ERROR for f in found)
    warnings = sum(f.severity is Severity.WARNING for f in found)
    return words.listed(
        [
            ngettext("%(count)s error", "%(count)s errors", errors) % {"count": format_number(errors)},
            ngettext("%(count)s warning", "%(count)s warnings", warnings) % {"count": format_number(warnings)},
        ]
    )


_STATUS_TONES = {"measured": "good", "sourced": "none", "assumed": "warn"}


def _parameters(study: StudyResult, models: Mapping[str, Model]) -> tuple[Block, ...]:
    every = [p for found in study.parameters.values() for p in found]
    if not every:
        return ()
    parts = [
        _("%(number)s %(status)s")
        % {"number": format_number(sum(_status(p) == kind for p in every)), "status": words.status(kind)}
        for kind in ("measured", "sourced", "assumed", "unstated")
    ]
    blocks: list[Block] = [
        Paragraph(
            text=_("Of %(total)s numbers, %(parts)s.")
            % {"total": format_number(len(every)), "parts": words.listed(parts)}
        ),
        Paragraph(
            text=_(
                "Measured: counted from real records. Sourced: taken from a publication. Assumed: somebody's "
                "reasoned guess, to be replaced. "
                "Unstated: nobody wrote down where it comes from. What comes out is no better than what went in."
            ),
            tone="note",
        ),
    ]
    for name, found in study.parameters.items():
        model = models.get(name)
        rows = tuple(
            (
                _about(p, model),
                p.value,
                _range(p),
                Badge(words=words.status(p.status), tone=_STATUS_TONES.get(p.status, "open")),
                p.source or words.NOTHING,
            )
            for p in found
        )
        if rows:
            headers = (_("Number"), _("Value"), _("From – to"), _("Status"), _("Source"))
            blocks.append(
                Grid(
                    headers=headers,
                    rows=rows,
                    caption=_("Numbers of %(name)s") % {"name": name},
                    summary=_("Numbers of %(name)s") % {"name": name},
                )
            )
    return tuple(blocks)


def _status(parameter: Parameter) -> str:
    return parameter.status if parameter.status in _STATUS_TONES else "unstated"


def _range(parameter: Parameter) -> str:
    if not parameter.low and not parameter.high:
        return words.NOTHING
    return f"{parameter.low or '…'} – {parameter.high or '…'}"


def _about(parameter: Parameter, model: Model | None) -> str:
    """The key path, after the name of the element that it is about, where the model has one."""
    if model is not None:
        for part in parameter.path.split("."):
            element = model.get(part)
            if element is not None and element.name:
                return f"{element.label} ({parameter.path})"
    return parameter.path
