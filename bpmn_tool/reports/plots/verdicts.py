"""The comparison: each KPI that a verdict rests on, a dot and an interval a scenario."""

from matplotlib.figure import Figure

from bpmn_tool.messages import _, format_number, format_percent, ngettext
from bpmn_tool.reports import text, words
from bpmn_tool.reports.palette import BLACK, GREY
from bpmn_tool.reports.plots.plot import Plot, colours, number_axis, padded
from bpmn_tool.reports.sheet import SIZE, SMALL, Sheet, Table, bare, gutter
from bpmn_tool.results.summary import KpiResult, StudyResult, Verdict

_BAR = 20.0
_AXIS = 24.0
_GAP = 22.0


def verdicts(study: StudyResult) -> Plot | None:
    """A panel for each KPI of the verdict; None where there is nothing to draw."""
    kpis = [k for k in study.verdict_kpis if any(_drawn(s.kpis.get(k)) for s in study.scenarios)]
    if not kpis:
        return None
    return Plot(
        id="comparison",
        title=_title(study),
        description=_("For each measure, a dot for the average of each scenario and a line for its interval: %(kpis)s.")
        % {"kpis": words.listed([words.name_of_kpi(study, k) for k in kpis])},
        note=_(
            "The dot is the average over %(n)s simulated repetitions; the line shows how far that average may be off "
            "(%(level)s interval). What is compared is each repetition with its own twin, so two lines may overlap "
            "and the "
            "difference still be clear."
        )
        % {
            "n": format_number(study.scenarios[0].replications),
            "level": format_percent(
                next((s.kpis[k].estimate.level for s in study.scenarios for k in kpis if k in s.kpis), 0.95)
            ),
        },
        table=_table(study, kpis),
        draw=lambda width: _draw(study, kpis, width),
    )


def _drawn(kpi: KpiResult | None) -> bool:
    return kpi is not None and kpi.estimate.mean is not None


def _title(study: StudyResult) -> str:
    total = len(study.verdict_kpis)
    if len(study.comparisons) == 1:
        variant = study.comparisons[0]
        better = sum(row.verdict is Verdict.BETTER for k, row in variant.kpis.items() if k in study.verdict_kpis)
        sentence = ngettext(
            "%(variant)s is better than %(baseline)s on %(better)s of %(total)s measure",
            "%(variant)s is better than %(baseline)s on %(better)s of %(total)s measures",
            total,
        )
        return sentence % {
            "variant": variant.name,
            "baseline": study.scenarios[0].name,
            "better": format_number(better),
            "total": format_number(total),
        }
    if not study.comparisons:
        return _("What %(name)s comes to") % {"name": study.scenarios[0].name}
    improving = [
        v.name
        for v in study.comparisons
        if any(v.kpis[k].verdict is Verdict.BETTER for k in study.verdict_kpis if k in v.kpis)
    ]
    if not improving:
        return _("No alternative is shown to be better than %(baseline)s on any measure") % {
            "baseline": study.scenarios[0].name
        }
    return _("Better than %(baseline)s on at least one measure: %(names)s") % {
        "baseline": study.scenarios[0].name,
        "names": words.listed(improving),
    }


def _table(study: StudyResult, kpis: list[str]) -> Table:
    rows = []
    for kpi in kpis:
        on = words.comparison_scale(study, kpi)
        for scenario in study.scenarios:
            found = scenario.kpis.get(kpi)
            if found is not None:
                value = found.estimate
                level = format_percent(value.level)
                rows.append(
                    (
                        words.name_of_kpi(study, kpi),
                        scenario.name,
                        words.estimate(value, on),
                        level if value.half_width is not None else words.NOTHING,
                        format_number(value.n),
                    )
                )
    headers = (_("Measure"), _("Scenario"), _("Average"), _("Interval"), _("Repetitions"))
    return Table(
        headers=headers,
        rows=tuple(rows),
        numeric=frozenset({2, 3, 4}),
        caption=_("Average of each measure by scenario"),
    )


def _draw(study: StudyResult, kpis: list[str], width: float) -> Figure:
    shown = [[s for s in study.scenarios if _drawn(s.kpis.get(k))] for k in kpis]
    side = gutter([s.name for s in study.scenarios], width)
    order = {s.name: index for index, s in enumerate(study.scenarios)}
    heads = [text.wrap(_head(study, k), width, SIZE, bold=True) for k in kpis]
    heights = [
        len(head) * SIZE * text.LINE_HEIGHT + 4 + sum(side.row_height(order[s.name], _BAR) for s in rows) + _AXIS + _GAP
        for head, rows in zip(heads, shown, strict=True)
    ]
    sheet = Sheet(width, sum(heights))
    values = (
        0.0
        if side.above
        else 8
        + max(
            text.width(words.estimate(s.kpis[k].estimate, words.comparison_scale(study, k)), SIZE)
            for k, rows in zip(kpis, shown, strict=True)
            for s in rows
        )
    )
    paint = colours(study.scenarios)
    for kpi, head, rows in zip(kpis, heads, shown, strict=True):
        on = words.comparison_scale(study, kpi)
        sheet.y += sheet.paragraph(0, sheet.y, head, bold=True) + 4
        tall = [side.row_height(order[s.name], _BAR) for s in rows]
        left = side.width if not side.above else 8.0
        axes = sheet.axes(left, sheet.y, width - left - values - 8, sum(tall))
        ends = []
        middle = 0.0
        for scenario, height in zip(rows, tall, strict=True):
            value = scenario.kpis[kpi].estimate
            mean, half = (value.mean or 0.0) / on.factor, (value.half_width or 0.0) / on.factor
            ends += [mean - half, mean + half]
            at = middle + (height - _BAR / 2 - 2 if side.above else height / 2)
            colour = paint[scenario.name]
            axes.plot(
                [mean - half, mean + half], [at, at], color=colour, linewidth=3, solid_capstyle="butt", alpha=0.55
            )
            axes.plot([mean], [at], marker="o", markersize=8, color=colour, linestyle="none", clip_on=False)
            label = words.estimate(value, on)
            lines = side.lines[order[scenario.name]]
            if side.above:
                sheet.paragraph(0, sheet.y + middle, lines)
                row_of_value = sheet.y + middle + SIZE * text.LINE_HEIGHT / 2
                if text.width(lines[0], SIZE) + text.width(label, SMALL) + 12 > width:
                    row_of_value = sheet.y + at
                sheet.write(width, row_of_value, label, size=SMALL, align="right", colour=BLACK)
            else:
                sheet.paragraph(0, sheet.y + middle + (height - len(lines) * SIZE * text.LINE_HEIGHT) / 2, lines)
                sheet.write(width, sheet.y + middle + height / 2, label, align="right")
            middle += height
        axes.set_ylim(sum(tall), 0)
        low, high = min(ends), max(ends)
        if all((s.kpis[kpi].estimate.mean or 0.0) >= 0 for s in rows):
            low = max(low, 0.0)  # an interval that reaches below nothing is cut off there
        axes.set_xlim(*padded(low, high))
        axes.set_yticks([])
        number_axis(axes, width, suffix="%" if on.label == "%" else "")
        bare(axes)
        sheet.y += sum(tall) + _AXIS + _GAP
    sheet.rule(0, sheet.height - 1, 0.01, sheet.height - 1, colour=GREY, thickness=0)
    return sheet.figure


def _head(study: StudyResult, kpi: str) -> str:
    """Name, unit and which way is good."""
    found = next(s.kpis[kpi] for s in study.scenarios if kpi in s.kpis)
    on = words.comparison_scale(study, kpi)
    good = {"lower": _("lower is better"), "higher": _("higher is better")}.get(found.better or "", "")
    unit = _("share of cases") if on.label == "%" else on.label
    return f"{text.plain(words.kpi_name(found))} · {unit}" + (f" · {good}" if good else "")
