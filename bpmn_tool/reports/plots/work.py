"""How busy people are, and how much lies open over time."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from bpmn_tool.messages import _, format_number, format_percent
from bpmn_tool.reports import text, words
from bpmn_tool.reports.palette import BLUE
from bpmn_tool.reports.plots.bars import Bars, Block, Row, draw
from bpmn_tool.reports.plots.plot import Plot, colours, number_axis
from bpmn_tool.reports.sheet import SIZE, SMALL, Sheet, Table, bare, legend_height
from bpmn_tool.results.summary import RoleResult, ScenarioResult, SeriesResult, StudyResult

_PANEL = 130.0
_MOST_QUEUES = 4


def utilisation(study: StudyResult) -> Plot | None:
    """The share of their time on duty that roles work, with a line at 100%."""
    shown = []
    for scenario in study.scenarios:
        roles = [r for r in scenario.roles.values() if r.utilisation.mean is not None and r.count > 0]
        if roles:
            shown.append((scenario, sorted(roles, key=lambda r: (-(r.utilisation.mean or 0.0), r.id))))
    if not shown:
        return None
    blocks = [Block(s.name, tuple(_row(r) for r in roles[:10])) for s, roles in shown]
    most = max(row.parts[0] for block in blocks for row in block.rows)
    bars = Bars(
        blocks=blocks,
        kinds=[(BLUE, "")],
        axis=_("share of the time on duty that goes into work on cases"),
        suffix="%",
        reference=(100.0, _("all of their time")),
        top=max(105.0, most * 1.02),
    )
    scenario, roles = shown[0]
    busiest = roles[0]
    return Plot(
        id="utilisation",
        title=_("In %(scenario)s the busiest is %(role)s, at work on cases for %(share)s of the time on duty")
        % {
            "scenario": scenario.name,
            "role": busiest.name or busiest.id,
            "share": words.share(busiest.utilisation.mean),
        },
        description=_(
            "Bars of the share of their time on duty that people of each role work on cases, for each scenario."
        ),
        note=_(
            "Only the hours that the scenario gives to this work count as time on duty. Above some 80% waiting grows "
            "quickly, because "
            "work does not arrive evenly."
        ),
        table=_table(study),
        draw=lambda width: draw(bars, width),
    )


def _row(role: RoleResult) -> Row:
    value = (role.utilisation.mean or 0.0) * 100
    return Row(role.name or role.id, (value,), words.share(role.utilisation.mean))


def _table(study: StudyResult) -> Table:
    rows = []
    for scenario in study.scenarios:
        for role in scenario.roles.values():
            half = role.utilisation.half_width
            spread = "" if half is None else f" ± {format_percent(half, 1)}"
            rows.append(
                (
                    scenario.name,
                    role.name or role.id,
                    format_number(role.count),
                    words.NOTHING if role.utilisation.mean is None else words.share(role.utilisation.mean) + spread,
                    words.number(role.hours_per_week),
                    words.NOTHING if role.queue.mean is None else words.number(role.queue.mean, role.queue.half_width),
                )
            )
    headers = (_("Scenario"), _("Role"), _("People"), _("Busy"), _("Hours a week"), _("Waiting on average"))
    return Table(headers=headers, rows=tuple(rows), numeric=frozenset({2, 3, 4, 5}), caption=_("How busy each role is"))


def over_time(study: StudyResult) -> tuple[Plot, ...]:
    """Open cases of all scenarios, and the longest queues: the median and the band that holds 80% of the
    repetitions.
    """
    found = []
    if any(_open(s) for s in study.scenarios):
        found.append(_open_cases(study))
    queues = _longest_queues(study)
    if queues:
        found.append(_queues(study, queues))
    return tuple(found)


def _open(scenario: ScenarioResult) -> SeriesResult | None:
    series = scenario.series.get("open_cases")
    return series if series is not None and series.days else None


def _open_cases(study: StudyResult) -> Plot:
    shown = [(s, series) for s in study.scenarios if (series := _open(s)) is not None]
    parts = [
        _("%(number)s in %(scenario)s") % {"number": words.count(round(series.median[-1])), "scenario": s.name}
        for s, series in shown[:4]
    ]
    panels = [("", [(s.name, series) for s, series in shown])]
    return Plot(
        id="open-cases",
        title=_("Open cases at the end of the period: %(numbers)s") % {"numbers": words.listed(parts)},
        description=_("Lines of the number of open cases over time with a band around each, one for each scenario."),
        note=_BAND(),
        table=_series_table(shown, _("Open cases over time")),
        draw=lambda width: _draw(study, panels, width, _("open cases")),
    )


def _BAND() -> str:  # noqa: N802  a sentence that is looked up when it is needed
    return _("The line is the middle one of the repetitions; eight in ten of them stay within the band.")


def _longest_queues(study: StudyResult) -> list[str]:
    """Ids of the queues whose median is highest anywhere; at most a few, none that stays empty."""
    highest: dict[str, float] = {}
    for scenario in study.scenarios:
        for key, series in scenario.series.items():
            if key.startswith("queue:") and series.days:
                highest[key] = max(highest.get(key, 0.0), *series.high)
    ranked = sorted((key for key, value in highest.items() if value > 0), key=lambda key: (-highest[key], key))
    return ranked[:_MOST_QUEUES]


def _role_name(study: StudyResult, key: str) -> str:
    role = key.removeprefix("queue:")
    found = next((s.roles[role] for s in study.scenarios if role in s.roles), None)
    return (found.name or role) if found is not None else role


def _queues(study: StudyResult, keys: Sequence[str]) -> Plot:
    panels = [
        (
            _role_name(study, key),
            [(s.name, s.series[key]) for s in study.scenarios if key in s.series and s.series[key].days],
        )
        for key in keys
    ]
    longest = [(s, s.series[keys[0]]) for s in study.scenarios if keys[0] in s.series and s.series[keys[0]].days]
    rows = [
        (s, s.series[key], _role_name(study, key))
        for key in keys
        for s in study.scenarios
        if key in s.series and s.series[key].days
    ]
    table = Table(
        headers=(_("Role"), _("Scenario"), _("In the middle of the period"), _("At the end"), _("Highest")),
        rows=tuple(
            (
                name,
                s.name,
                words.count(q.median[len(q.median) // 2]),
                words.count(q.median[-1]),
                words.count(max(q.median)),
            )
            for s, q, name in rows
        ),
        numeric=frozenset({2, 3, 4}),
        caption=_("Pieces of work that wait, by role (middle one of the repetitions)"),
    )
    return Plot(
        id="queues",
        title=_("The longest queue is at %(role)s: up to %(number)s pieces of work wait there at once")
        % {"role": _role_name(study, keys[0]), "number": words.count(max(max(q.median) for _s, q in longest))},
        description=_(
            "Lines of the number of pieces of work that wait for a role over time, a panel for each of the longest "
            "queues."
        ),
        note=_BAND(),
        table=table,
        draw=lambda width: _draw(study, panels, width, _("pieces of work that wait")),
    )


def _series_table(rows: Sequence[tuple[ScenarioResult, SeriesResult]], caption: str) -> Table:
    """At twelve moments, the same for all."""
    lines = []
    for scenario, series in rows:
        step = max(1, (len(series.days) - 1) // 11)
        lines += [
            (
                scenario.name,
                words.count(round(series.days[i])),
                words.count(series.median[i]),
                words.count(series.low[i]),
                words.count(series.high[i]),
            )
            for i in range(0, len(series.days), step)
        ]
    headers = (_("Scenario"), _("Day"), _("Middle"), _("One in ten is below"), _("One in ten is above"))
    return Table(headers=headers, rows=tuple(lines), numeric=frozenset({1, 2, 3, 4}), caption=caption)


def _draw(
    study: StudyResult, panels: Sequence[tuple[str, Sequence[tuple[str, SeriesResult]]]], width: float, said: str
) -> Figure:
    paint = colours(study.scenarios)
    names = dict.fromkeys(name for _head, rows in panels for name, _series in rows)
    entries = [(paint[name], text.plain(name)) for name in names]
    heads = [text.wrap(text.plain(head), width, SIZE, bold=True) if head else [] for head, _rows in panels]
    line = SIZE * text.LINE_HEIGHT
    panel = _PANEL if len(panels) > 1 else 220.0
    sheet = Sheet(width, legend_height(entries, width) + 24 + sum(len(h) * line + panel + 34 for h in heads) + 18)
    sheet.y = sheet.legend(entries)
    sheet.write(0, sheet.y + 8, said, size=SMALL)
    sheet.y += 24
    left = 44.0
    months = max(series.days[-1] for _head, rows in panels for _name, series in rows) > 120
    per = 365 / 12 if months else 1.0
    for (_words, rows), head in zip(panels, heads, strict=True):
        sheet.y += sheet.paragraph(0, sheet.y, head, bold=True) + 6
        axes = sheet.axes(left, sheet.y, width - left - 14, panel)
        for name, series in rows:
            days = [day / per for day in series.days]
            axes.fill_between(days, series.low, series.high, color=paint[name], alpha=0.18, linewidth=0)
            axes.plot(days, series.median, color=paint[name], linewidth=2)
        axes.set_xlim(0, max(series.days[-1] for _name, series in rows) / per)
        axes.set_ylim(0, max(1.0, *(max(series.high) * 1.08 for _name, series in rows)))
        number_axis(axes, width)
        number_axis(axes, width if len(panels) == 1 else 0, which="y")
        bare(axes, grid="y")
        sheet.y += panel + 28
    sheet.write(
        left, sheet.height - 10, _("months since the start") if months else _("days since the start"), size=SMALL
    )
    return sheet.figure
